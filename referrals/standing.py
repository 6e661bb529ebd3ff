"""What is known of customers who may be asked: their traits and what speaks against asking, for many by a fixed number of queries."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Count, Q

from customers.models import Complaint, ContactBlock, Customer, CustomerFacts
from innendienst.base import preferences
from innendienst.lib.dates import add_months
from innendienst.lib.prepared import IdsParam, Prepared
from nps.models import Response
from referrals.models import ReferenceCustomer, ReferralContact
from referrals.preferences import ReferralsPreferences
from referrals.suitability import PASSIVE_LEAST, Gate, Traits

_WHY = "who may be asked is decided for everybody alike"
_IDS = IdsParam("ids")
_FACTS = Prepared(lambda: CustomerFacts.objects.for_system(_WHY).filter(pk__in=_IDS))
_REFERENCES = Prepared(lambda: ReferenceCustomer.objects.for_system(_WHY).filter(customer__in=_IDS))
_ANSWERS = Prepared(
    lambda: (
        Response.objects.for_system(_WHY)
        .filter(customer__in=_IDS)
        .order_by("answered_on", "pk")
        .values_list("customer", "rating", "answered_on")
    )
)
_COMPLAINING = Prepared(
    lambda: Complaint.objects.for_system(_WHY).unresolved().filter(customer__in=_IDS).order_by().values_list("customer", flat=True)
)
_BLOCKED = Prepared(
    lambda: (
        ContactBlock.objects.for_system(_WHY)
        .filter(contact=None, lifted_at=None, customer__in=_IDS)
        .order_by()
        .values_list("customer", flat=True)
    )
)
"""Blocks of whole companies."""
_RECORDS = Prepared(
    lambda: (
        ReferralContact.objects.for_system(_WHY)
        .filter(recommender__customer__in=_IDS)
        .order_by()
        .values_list("recommender__customer")
        .annotate(named=Count("pk"), won=Count("pk", filter=Q(state=ReferralContact.State.CUSTOMER_WON)))
    )
)
"""How many contacts the customer's people named, and how many of them became customers."""


@dataclass(frozen=True)
class Standing:
    """`gates` say why nobody asks him now, the first one first."""

    traits: Traits = field(default_factory=Traits)
    gates: tuple[Gate, ...] = ()
    reference: ReferenceCustomer | None = None


def is_regular(customer: Customer, facts: CustomerFacts | None, today: dt.date) -> bool:
    """Whether he buys often, and has done so for years (settings `regular_orders`, `regular_years`)."""
    chosen = preferences.get(ReferralsPreferences)
    since = customer.customer_since or (facts and facts.first_order_on)
    earliest = add_months(today, -12 * chosen.regular_years)
    return bool(facts and facts.orders_12m_count >= chosen.regular_orders and since and since <= earliest)


def load_standings(customers: Iterable[Customer], today: dt.date) -> dict[int, Standing]:
    """Customer id → what is known of him on that day. Ratings come from his reference row where he has one. Six queries, however many."""
    asked = list(customers)
    ids = [customer.pk for customer in asked]
    since = add_months(today, -preferences.get(ReferralsPreferences).asked_again_months)
    facts = {row.pk: row for row in _FACTS(ids=ids)}
    references = {row.customer_id: row for row in _REFERENCES(ids=ids)}
    last_ratings, detractors = _answers(ids, since)
    complaining, blocked = set(_COMPLAINING(ids=ids)), set(_BLOCKED(ids=ids))
    records = defaultdict(lambda: (0, 0), {company: (named, won) for company, named, won in _RECORDS(ids=ids)})
    found = {}
    for customer in asked:
        reference = references.get(customer.pk)
        shut = (
            (Gate.COMPLAINT, customer.pk in complaining),
            (Gate.DETRACTOR, customer.pk in detractors),
            (Gate.BLOCKED, customer.pk in blocked),
            (Gate.DECLINED, _has_declined(reference, since)),
            (Gate.STOPPED, customer.delivery_block or customer.is_inactive),
        )
        traits = _traits(customer, reference, facts.get(customer.pk), last_ratings, records, today)
        found[customer.pk] = Standing(traits, tuple(gate for gate, is_shut in shut if is_shut), reference)
    return found


def load_standing(customer: Customer, today: dt.date) -> Standing:
    return load_standings([customer], today)[customer.pk]


def _answers(ids: list[int], since: dt.date) -> tuple[dict[int, int], set[int]]:
    """The last rating of each, and whose answers since then include a bad one."""
    last, detractors = {}, set()
    for customer_id, rating, answered_on in _ANSWERS(ids=ids):
        last[customer_id] = rating
        if rating < PASSIVE_LEAST and answered_on > since:
            detractors.add(customer_id)
    return last, detractors


def _has_declined(reference: ReferenceCustomer | None, since: dt.date) -> bool:
    return reference is not None and reference.declined_on is not None and reference.declined_on > since


def _traits(customer, reference, facts, last_ratings, records, today) -> Traits:
    named_count, won_count = records[customer.pk]
    return Traits(
        open_minded=reference and reference.open_minded,
        well_disposed=reference and reference.well_disposed,
        well_connected=reference and reference.well_connected,
        flags_count=reference.flags_count if reference else 0,
        is_regular=is_regular(customer, facts, today),
        last_rating=last_ratings.get(customer.pk),
        named_count=named_count,
        won_count=won_count,
    )
