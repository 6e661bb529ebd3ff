"""The state tables of the domain guide 2.3 and 2.4: every pair of states, for every role."""

import itertools

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts.models import Role, User
from innendienst.lib.transitions import TransitionRefused
from referrals.models import ReferenceCustomer, ReferralContact
from referrals.moving import move_reference, move_referral
from referrals.steps import Reference, Referral, may_move_reference, may_move_referral
from tests import factories
from tests.referrals.scenes import make_reference, make_referral

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


# --- and nothing moves in any other way ---


def moves(move, user: User, row, end: str, **needed) -> bool:
    row.refresh_from_db()
    try:
        move(user, row, end, **needed)
    except (PermissionDenied, TransitionRefused):
        return False
    return True


@pytest.mark.django_db
@pytest.mark.one_database
def test_references_move_as_the_table_says(anna):
    reference, people = make_reference(anna), (anna, factories.make_user("nora", Role.MARKETING))
    stored = ReferenceCustomer.objects.for_system("test").filter(pk=reference.pk)
    for start, end in itertools.product(Reference.values, repeat=2):
        for user in people:
            stored.update(state=start, resumes_as=end if start == "paused" else "", asked_by=anna, thinking_until=timezone.localdate())
            assert moves(move_reference, user, reference, end) is (user.role in may_reference(start, end)), (start, end, user.role)


@pytest.mark.django_db
@pytest.mark.one_database
def test_referral_contacts_move_as_the_table_says(anna):
    referral, people = make_referral(anna), (anna, factories.make_user("nora", Role.MARKETING))
    stored = ReferralContact.objects.for_system("test").filter(pk=referral.pk)
    for start, end in itertools.product(Referral.values, repeat=2):
        for user in people:
            stored.update(state=start, won_on=timezone.localdate())
            assert moves(move_referral, user, referral, end) is (user.role in may_referral(start, end)), (start, end, user.role)
