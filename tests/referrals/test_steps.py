"""The state tables of the domain guide 2.3 and 2.4: every pair of states, for every role."""

import copy
import datetime as dt
import itertools
from functools import partial

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from accounts.models import Role, User
from innendienst.lib.transitions import TransitionRefused
from referrals import asking, contacting, erasing, naming, releasing, using
from referrals.asking import AskingRefused
from referrals.models import ReferenceCustomer, ReferralContact
from referrals.releasing import ReleaseRefused
from referrals.steps import Reference, Referral, may_move_reference, may_move_referral
from referrals.using import UseRefused
from tests import factories
from tests.referrals.scenes import make_referral, make_released, proof

TODAY = timezone.localdate

ASKERS = {Role.REP, Role.FIELD_SALES, Role.MANAGER, Role.ADMIN}
RELEASERS = {Role.MANAGER, Role.MARKETING, Role.ADMIN}
EVERYBODY = set(Role)

REFERENCE_CHAIN = {
    "candidate qualified", "qualified asked", "asked thinking", "asked agreed", "asked declined", "thinking agreed", "thinking declined",
    "agreed released", "agreed declined", "released in_use", "released under_review", "in_use under_review", "under_review released",
    "under_review expired", "expired qualified", "declined qualified",
}  # fmt: skip
PAUSABLE = {"candidate", "qualified", "asked", "thinking", "agreed", "released", "in_use", "under_review"}
REFERRAL_CHAIN = {
    "named legal_check", "legal_check cleared", "legal_check letter_only", "letter_only cleared", "cleared first_contact",
    "letter_only first_contact", "first_contact in_talks", "first_contact customer_won", "in_talks customer_won",
    "blocked erased", "not_interested erased",
}  # fmt: skip
OPEN = {"named", "legal_check", "cleared", "letter_only", "first_contact", "in_talks"}


def may_reference(start: str, end: str) -> set[Role]:
    if end == "withdrawn":
        return EVERYBODY if start != "withdrawn" else set()
    is_step = f"{start} {end}" in REFERENCE_CHAIN or (end == "paused" and start in PAUSABLE) or (start == "paused" and end in PAUSABLE)
    if not is_step:
        return set()
    return {"released": RELEASERS, "expired": RELEASERS, "in_use": EVERYBODY}.get(end, ASKERS)


def may_referral(start: str, end: str) -> set[Role]:
    is_step = f"{start} {end}" in REFERRAL_CHAIN or (start in OPEN and end in {"not_interested", "blocked", "erased"})
    if not is_step:
        return set()
    return {"not_interested": EVERYBODY, "blocked": EVERYBODY, "erased": {Role.MANAGER, Role.ADMIN}}.get(end, ASKERS)


@pytest.mark.parametrize(("start", "end"), list(itertools.product(Reference.values, repeat=2)))
def test_reference_steps(start, end):
    assert {role for role in Role if may_move_reference(User(role=role), start, end)} == may_reference(start, end)


@pytest.mark.parametrize(("start", "end"), list(itertools.product(Referral.values, repeat=2)))
def test_referral_steps(start, end):
    assert {role for role in Role if may_move_referral(User(role=role), start, end)} == may_referral(start, end)


# --- and by the acts nothing moves in any other way ---


REFERENCE_ACTS = {
    "qualify": asking.qualify,
    "ask": asking.ask,
    "give_time": partial(asking.give_time, until=dt.date.max),
    "agree": asking.agree,
    "decline": asking.decline,
    "pause": asking.pause,
    "resume": asking.resume,
    "withdraw": asking.withdraw,
    "review": releasing.review,
    "keep": releasing.keep_released,
    "expire": releasing.expire,
    "release": lambda actor, reference: releasing.release(actor=actor, scope=reference.scopes.get(), proof=proof()),
    "use": lambda actor, reference: using.log_use(actor=actor, scope=reference.scopes.get(), place="web", prospect=None, on=TODAY()),
}
REFERRAL_ACTS = {
    "check": partial(naming.check, knows="unclear"),
    "clear": partial(naming.check, knows="asked_for_call"),
    "letter": partial(naming.check, knows="knows_not"),
    "call": partial(contacting.call_first, outcome="reached"),
    "write": contacting.write_first,
    "talk": contacting.talk,
    "win": lambda actor, referral: contacting.win(actor=actor, referral=referral, won_on=TODAY()),
    "refuse": contacting.refuse,
    "object": partial(contacting.refuse, objects=True),
    "erase": erasing.erase,
}
SHORT_CUTS = {("named", "cleared"), ("named", "letter_only"), ("released", "expired"), ("in_use", "expired")}
"""Acts that take two steps of the table at once, and write down both."""


def end_of(act, user: User, **row) -> str:
    """The state in which a person's act leaves the row, and then it is taken back; "" where it is refused. It is he who asks."""
    [(name, found)] = row.items()
    fresh = copy.copy(found)
    if isinstance(fresh, ReferenceCustomer):
        fresh.asked_by = user
    try:
        with transaction.atomic():
            act(actor=user, **{name: fresh})
            end = type(found).objects.for_system("test").values_list("state", flat=True).get(pk=found.pk)
            transaction.set_rollback(True)
            return end
    except (PermissionDenied, TransitionRefused, AskingRefused, ReleaseRefused, UseRefused):
        return ""


def ends_by_role(acts: dict, people: dict[str, User], **row) -> dict[str, set[str]]:
    """Role → the states to which its acts lead. What is refused to the administration, whose rights are all, is tried by nobody else."""
    tried = {name: end_of(act, people[Role.ADMIN], **row) for name, act in acts.items()}
    open_acts = [act for name, act in acts.items() if tried[name]]
    found = {role: {end_of(act, user, **row) for act in open_acts} for role, user in people.items() if role != Role.ADMIN}
    return {role: ends - {""} for role, ends in {**found, Role.ADMIN: set(tried.values())}.items()}


def without_short_cuts(start: str, ends: set[str]) -> set[str]:
    return {end for end in ends if end != start and (start, end) not in SHORT_CUTS}


@pytest.fixture
def people() -> dict[str, User]:
    return {role: factories.make_user(role, role) for role in Role}


@pytest.mark.django_db
@pytest.mark.one_database
def test_by_the_acts_references_move_as_the_table_says(anna, carla, people):
    """For every state and every role; a paused one goes back to where it was."""
    scope = make_released(anna, carla)
    rows = ReferenceCustomer.objects.for_system("test").filter(pk=scope.reference_id)
    for start in Reference.values:
        rows.update(state=start, resumes_as="qualified" if start == "paused" else "", asked_by=anna, thinking_until=TODAY())
        row = rows.select_related("customer", "contact").get()
        for role, ends in ends_by_role(REFERENCE_ACTS, people, reference=row).items():
            expected = {end for end in Reference.values if role in may_reference(start, end)}
            if start == "paused":
                expected &= {"qualified", "withdrawn"}
            assert without_short_cuts(start, ends) == expected, (start, role)
    for resumes_as in PAUSABLE:
        rows.update(state="paused", resumes_as=resumes_as)
        ends = ends_by_role({"resume": asking.resume}, people, reference=rows.get())
        assert ends == {role: {resumes_as} if role in may_reference("paused", resumes_as) else set() for role in Role}


@pytest.mark.django_db
@pytest.mark.one_database
def test_by_the_acts_referral_contacts_move_as_the_table_says(anna, people):
    referral = make_referral(anna)
    rows = ReferralContact.objects.for_system("test").filter(pk=referral.pk)
    loaded = rows.select_related("contact__customer", "customer", "owner", "recommender__contact", "recommender__customer__owner")
    for start in Referral.values:
        rows.update(state=start, knows="asked_for_call" if start in {"cleared", "first_contact", "in_talks"} else "", won_on=TODAY())
        for role, ends in ends_by_role(REFERRAL_ACTS, people, referral=loaded.get()).items():
            expected = {end for end in Referral.values if role in may_referral(start, end)}
            assert without_short_cuts(start, ends) == expected, (start, role)
