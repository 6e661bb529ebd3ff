"""What came of it at the invented company: references on every step of the way, uses that owe thanks, contacts that were named."""

import datetime as dt

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import User
from customers.models import Contact, Customer
from innendienst.base import files
from innendienst.demo.staff import DEFAULT_SIGN_IN
from innendienst.lib.dates import add_months
from referrals.models import PublishedText, Recommender, ReferenceCustomer, ReferenceUse, ReferralContact, ReleaseScope
from referrals.suitability import Traits, suitability

_WHY = "the demo's own customers"
State = ReferenceCustomer.State
_WAY = (State.CANDIDATE, State.QUALIFIED, State.ASKED, State.THINKING, State.AGREED, State.RELEASED, State.IN_USE)
_REFERENCES = (
    # state, ratings, flags, days since asked
    (State.IN_USE, (3, 3, 2), ("is_industry_leader", "is_well_known"), 200),
    (State.RELEASED, (3, 2, 3), ("is_technology_leader",), 90),
    (State.AGREED, (2, 3, 2), ("is_well_known",), 20),
    (State.THINKING, (3, 3, 1), ("is_strong_brand",), 5),
    (State.QUALIFIED, (3, 2, 2), ("is_industry_leader",), None),
    (State.CANDIDATE, (2, 2, 1), (), None),
)
_SCOPES = (("logo", ["web", "offer"]), ("quote", ["web", "print"]), ("reference_call", ["talk"]))
_QUOTE = "Seit drei Jahren reinigen wir drei Häuser mit diesen Maschinen, ohne einen Tag Ausfall."
_NAMED = (
    (ReferralContact.State.NAMED, ""),
    (ReferralContact.State.CLEARED, "asked_for_call"),
    (ReferralContact.State.FIRST_CONTACT, "asked_for_call"),
)


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


def _write_reference(customer: Customer, state, ratings, flags, asked_days_ago, *, anna: User, marketing: User, today: dt.date) -> None:
    asked_on = None if asked_days_ago is None else today - dt.timedelta(days=asked_days_ago)
    rated = dict(zip(("open_minded", "well_disposed", "well_connected"), ratings, strict=True))
    is_released = state in ReferenceCustomer.USABLE
    reference = ReferenceCustomer.objects.create(
        customer=customer, contact=customer.contacts.order_by("pk").first(), state=state, **rated, **dict.fromkeys(flags, True),
        suitability=suitability(Traits(**rated, flags_count=len(flags), is_regular=True)).value,
        asked_by=anna if asked_on else None, asked_on=asked_on,
        thinking_until=today + dt.timedelta(days=9) if state == State.THINKING else None,
        released_on=asked_on + dt.timedelta(days=15) if is_released else None,
        review_on=add_months(asked_on, 12) if is_released else None,
    )  # fmt: skip
    before = ""
    for step in _WAY[: _WAY.index(state) + 1]:
        reference.transitions.create(by=marketing if step == State.RELEASED else anna, from_state=before, to_state=step)
        before = step
    if is_released:
        _write_releases(reference, anna, marketing, today)


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
        scope = reference.scopes.get(kind="logo")
        ReferenceUse.objects.create(customer=reference.customer, scope=scope, place="offer", used_on=today - dt.timedelta(days=7), by=anna)


def _write_referrals(contact: Contact, anna: User, today: dt.date) -> None:
    """People at companies that have not bought yet."""
    recommender = Recommender.objects.create(customer=contact.customer, contact=contact, may_name_me=True)
    prospects = Customer.objects.for_system(_WHY).filter(lifecycle=Customer.Lifecycle.PROSPECT, contacts__isnull=False)
    named = prospects.distinct().order_by("number_key")[: len(_NAMED)]
    for number, (company, (state, knows)) in enumerate(zip(named, _NAMED, strict=False)):
        is_contacted = state == ReferralContact.State.FIRST_CONTACT
        referral = ReferralContact.objects.create(
            recommender=recommender, customer=company, contact=company.contacts.order_by("pk")[0], owner=anna,
            named_on=today - dt.timedelta(days=number + 1), topic="Reinigungsmaschinen", state=state, knows=knows,
            first_contact_on=today - dt.timedelta(days=1) if is_contacted else None,
        )  # fmt: skip
        referral.transitions.create(by=anna, to_state=state)
