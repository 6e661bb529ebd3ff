"""What came of it at the invented company: references on every step of the way, uses that owe thanks, contacts that were named."""

import datetime as dt

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.models import User
from customers.models import Contact, Customer
from innendienst.base import files
from innendienst.demo.staff import DEFAULT_SIGN_IN, TEAMS
from innendienst.lib.dates import add_months, is_working_day
from referrals import moments, suggesting
from referrals.models import PublishedText, Recommender, ReferenceCustomer, ReferenceUse, ReferralContact, ReleaseScope, Thanks
from referrals.suitability import Traits, recommendation, suitability

_WHY = "the demo's own customers"
State = ReferenceCustomer.State
_WAY = (State.CANDIDATE, State.QUALIFIED, State.ASKED, State.THINKING, State.AGREED, State.RELEASED, State.IN_USE, State.UNDER_REVIEW)
_ASIDE = {State.PAUSED: State.QUALIFIED, State.DECLINED: State.ASKED, State.WITHDRAWN: State.IN_USE}
"""States beside the way, and where they left it."""
_REFERENCES = (
    # state, ratings, flags, days since asked
    (State.IN_USE, (3, 3, 2), ("is_industry_leader", "is_well_known"), 200),
    (State.RELEASED, (3, 2, 3), ("is_technology_leader",), 90),
    (State.AGREED, (2, 3, 2), ("is_well_known",), 20),
    (State.THINKING, (3, 3, 1), ("is_strong_brand",), 5),
    (State.QUALIFIED, (3, 2, 2), ("is_industry_leader",), None),
    (State.CANDIDATE, (2, 2, 1), (), None),
    (State.UNDER_REVIEW, (2, 3, 2), ("is_well_known",), 380),
    (State.PAUSED, (3, 3, 3), ("is_strong_brand", "is_well_known"), None),
    (State.DECLINED, (1, 2, 1), (), 60),
    (State.WITHDRAWN, (2, 2, 2), ("is_technology_leader",), 300),
)
_SCOPES = (("logo", ["web", "offer"]), ("quote", ["web", "print"]), ("reference_call", ["talk"]))
_QUOTE = "Seit drei Jahren reinigen wir drei Häuser mit diesen Maschinen, ohne einen Tag Ausfall."
Referral = ReferralContact.State
_NAMED = (
    # state, what the contact knows, days since named
    (Referral.NAMED, "", 1),
    (Referral.CLEARED, "asked_for_call", 2),
    (Referral.FIRST_CONTACT, "asked_for_call", 12),
    (Referral.LEGAL_CHECK, "unclear", 3),
    (Referral.LETTER_ONLY, "knows_not", 4),
    (Referral.IN_TALKS, "asked_for_call", 25),
    (Referral.NOT_INTERESTED, "knows", 40),
)
_TALKED = frozenset({Referral.FIRST_CONTACT, Referral.IN_TALKS, Referral.CUSTOMER_WON})
_WON_DAYS_AGO = 20


def write_references(today: dt.date) -> None:
    """References and referral contacts of the person who signs in first; nothing in an installation without his customers."""
    anna = User.objects.filter(username=DEFAULT_SIGN_IN).first()
    marketing = User.objects.filter(role="marketing").first()
    if anna is None or marketing is None:
        return
    long_standing = Customer.objects.for_system(_WHY).filter(
        owner=anna, is_inactive=False, delivery_block=False, customer_since__lte=add_months(today, -36), contacts__isnull=False
    )
    customers = list(long_standing.distinct().order_by("number_key")[: len(_REFERENCES)])
    for customer, facts in zip(customers, _REFERENCES, strict=False):
        _write_reference(customer, *facts, anna=anna, marketing=marketing, today=today)
    if customers:
        _write_referrals(customers[0].contacts.order_by("pk")[0], anna, today)
        _write_won(customers[-1].contacts.order_by("pk")[0], anna, today)


def lay_moments(today: dt.date) -> int:
    """Have right moments on the reps' lists as the night of the last working day left them; how many.

    Whom one may ask is told by the kept tables: they are filled by now.
    """
    worked_on = next(day for day in (today - dt.timedelta(days=back) for back in range(30)) if _is_worked(day))
    moments.find(worked_on)
    return suggesting.suggest(worked_on)


def _is_worked(day: dt.date) -> bool:
    return all(is_working_day(day, state) for state in TEAMS.values())


def _write_reference(customer: Customer, state, ratings, flags, asked_days_ago, *, anna: User, marketing: User, today: dt.date) -> None:
    asked_on = None if asked_days_ago is None else today - dt.timedelta(days=asked_days_ago)
    rated = dict(zip(("open_minded", "well_disposed", "well_connected"), ratings, strict=True))
    traits = Traits(**rated, flags_count=len(flags), is_regular=True)
    left_at = _ASIDE.get(state, state)
    is_released = _WAY.index(left_at) >= _WAY.index(State.RELEASED)
    reference = ReferenceCustomer.objects.create(
        customer=customer, contact=customer.contacts.order_by("pk").first(), state=state, **rated, **dict.fromkeys(flags, True),
        suitability=suitability(traits).value, referral_potential=recommendation(traits).value,
        asked_by=anna if asked_on and state != State.DECLINED else None, asked_on=asked_on,
        declined_on=asked_on + dt.timedelta(days=14) if state == State.DECLINED else None,
        resumes_as=left_at if state == State.PAUSED else "",
        thinking_until=today + dt.timedelta(days=9) if state == State.THINKING else None,
        released_on=asked_on + dt.timedelta(days=15) if is_released else None,
        review_on=add_months(asked_on, 12) if is_released else None,
    )  # fmt: skip
    before = ""
    for step in dict.fromkeys([*_WAY[: _WAY.index(left_at) + 1], state]):
        reference.transitions.create(by=marketing if step == State.RELEASED else anna, from_state=before, to_state=step)
        before = step
    if state == State.AGREED:
        reference.scopes.create(kind="logo", places=["web", "offer"], agreed_on=asked_on + dt.timedelta(days=10))
    if is_released:
        _write_releases(reference, anna, marketing, today)
    if state == State.WITHDRAWN:
        reference.scopes.update(withdrawn_at=timezone.now())


def _write_releases(reference: ReferenceCustomer, anna: User, marketing: User, today: dt.date) -> None:
    for kind, places in _SCOPES:
        proof = files.store(SimpleUploadedFile("freigabe.pdf", b"%PDF-1.4\n%Freigabe"), by=marketing)
        scope = ReleaseScope.objects.create(
            reference=reference, kind=kind, places=places, agreed_on=reference.released_on, released_on=reference.released_on,
            released_by=marketing, proof=proof, valid_until=add_months(today, 10), no_competitors=kind == "reference_call",
        )  # fmt: skip
        if kind == "quote":
            PublishedText.objects.create(scope=scope, version=1, text=_QUOTE, approved_on=reference.released_on, by=marketing)
    if reference.state == State.IN_USE:
        logo, call = reference.scopes.get(kind="logo"), reference.scopes.get(kind="reference_call")
        ReferenceUse.objects.create(customer=reference.customer, scope=logo, place="offer", used_on=today - dt.timedelta(days=7), by=anna)
        _write_thanked_use(call, anna, today - dt.timedelta(days=40))


def _write_thanked_use(scope: ReleaseScope, anna: User, used_on: dt.date) -> None:
    """A call that helped, was reported back and thanked for."""
    at, customer = timezone.now() - dt.timedelta(days=30), scope.reference.customer
    prospects = (
        Customer.objects.for_system(_WHY).filter(lifecycle=Customer.Lifecycle.PROSPECT).exclude(industry__in=["", customer.industry])
    )
    use = ReferenceUse.objects.create(
        customer=customer, scope=scope, prospect=prospects.order_by("number_key").first(), place="talk", used_on=used_on, by=anna,
        outcome="helped", feedback_given_at=at, thanked_at=at,
    )  # fmt: skip
    Thanks.objects.create(
        customer=customer, contact=scope.reference.contact, use=use, how="gift", value=25, given_on=used_on + dt.timedelta(days=10), by=anna
    )


def _write_referrals(contact: Contact, anna: User, today: dt.date) -> None:
    """People at companies that have not bought yet."""
    recommender = Recommender.objects.create(customer=contact.customer, contact=contact, may_name_me=True)
    prospects = Customer.objects.for_system(_WHY).filter(lifecycle=Customer.Lifecycle.PROSPECT, contacts__isnull=False)
    named = prospects.distinct().order_by("number_key")[: len(_NAMED)]
    for company, (state, knows, days_ago) in zip(named, _NAMED, strict=False):
        _write_referral(recommender, company, anna, state=state, knows=knows, named_on=today - dt.timedelta(days=days_ago))


def _write_won(contact: Contact, anna: User, today: dt.date) -> None:
    """A customer who came by referral: his recommender knows of it and waits for thanks."""
    new = Customer.objects.for_system(_WHY).filter(lifecycle=Customer.Lifecycle.NEW, contacts__isnull=False).exclude(pk=contact.customer_id)
    company = new.order_by("number_key").first()
    if company is None:
        return
    recommender = Recommender.objects.create(customer=contact.customer, contact=contact, may_name_me=True)
    won_on = today - dt.timedelta(days=_WON_DAYS_AGO)
    known = {"state": Referral.CUSTOMER_WON, "knows": "asked_for_call", "named_on": won_on - dt.timedelta(days=30)}
    _write_referral(recommender, company, anna, won_on=won_on, **known)


def _write_referral(recommender: Recommender, company: Customer, anna: User, *, state: str, named_on: dt.date, **fields) -> None:
    is_talked = state in _TALKED
    at = timezone.now() if is_talked else None
    referral = ReferralContact.objects.create(
        recommender=recommender, customer=company, contact=company.contacts.order_by("pk")[0], owner=anna, named_on=named_on,
        topic="Reinigungsmaschinen", state=state, first_contact_on=named_on + dt.timedelta(days=2) if is_talked else None,
        art14_informed_at=at, recommender_informed_at=at if state != Referral.FIRST_CONTACT else None, **fields,
    )  # fmt: skip
    referral.transitions.create(by=anna, to_state=state)
