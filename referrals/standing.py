"""What is known of customers who may be asked: their traits and what speaks against asking, for many by a fixed number of queries."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Count, Q

from customers.models import ContactBlock, Customer, CustomerFacts
from innendienst.base import preferences
from innendienst.lib.dates import add_months
from innendienst.lib.prepared import IdsParam, Prepared
from nps.models import Response
from referrals.models import ReferenceCustomer, ReferralContact
from referrals.preferences import ReferralsPreferences
from referrals.suitability import PASSIVE_LEAST, PROMOTER_LEAST, Gate, Traits

_WHY = "who may be asked is decided for everybody alike"
_IDS = IdsParam("ids")
_FACTS = Prepared(lambda: CustomerFacts.objects.for_system(_WHY).filter(pk__in=_IDS))
_REFERENCES = Prepared(lambda: ReferenceCustomer.objects.for_system(_WHY).filter(customer__in=_IDS))
_ANSWERS = Prepared(
    lambda: (
        Response.objects.for_system(_WHY)
        .counted()
        .filter(customer__in=_IDS)
        .order_by("answered_on", "pk")
        .values_list("customer", "rating", "answered_on", "wave__shows_names")
    )
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
    """`gates` say why nobody asks him now, the first one first. `has_named_answer`: he answered a survey that shows names.

    `praise` is his last answer of a promoter in such a survey, with its day.
    """

    traits: Traits = field(default_factory=Traits)
    gates: tuple[Gate, ...] = ()
    reference: ReferenceCustomer | None = None
    has_named_answer: bool = False
    praise: tuple[int, dt.date] | None = None


def _is_regular(customer: Customer, facts: CustomerFacts | None, orders_least: int, earliest: dt.date) -> bool:
    """Whether he buys often, and has done so for years (settings `regular_orders`, `regular_years`)."""
    since = customer.customer_since or (facts and facts.first_order_on)
    return bool(facts and facts.orders_12m_count >= orders_least and since and since <= earliest)


def load_standings(customers: Iterable[Customer], today: dt.date, *, with_facts: bool = False) -> dict[int, Standing]:
    """Customer id → what is known of him on that day. Ratings come from his reference row where he has one.

    Five queries, however many; one less `with_facts`: the customers were read just now with theirs.
    """
    asked = list(customers)
    ids = [customer.pk for customer in asked]
    chosen = preferences.get(ReferralsPreferences)
    since, earliest = add_months(today, -chosen.asked_again_months), add_months(today, -12 * chosen.regular_years)
    facts = {one.pk: one.facts for one in asked if hasattr(one, "facts")} if with_facts else {row.pk: row for row in _FACTS(ids=ids)}
    references = {row.customer_id: row for row in _REFERENCES(ids=ids)}
    answers = _answers(ids, since)
    blocked = set(_BLOCKED(ids=ids))
    records = defaultdict(lambda: (0, 0), {company: (named, won) for company, named, won in _RECORDS(ids=ids)})
    found = {}
    for customer in asked:
        reference = references.get(customer.pk)
        shut = (
            (Gate.COMPLAINT, customer.pk in facts and facts[customer.pk].open_complaints_count > 0),
            (Gate.DETRACTOR, customer.pk in answers.detractors),
            (Gate.BLOCKED, customer.pk in blocked),
            (Gate.DECLINED, _has_declined(reference, since)),
            (Gate.STOPPED, customer.delivery_block or customer.is_inactive),
        )
        is_regular = _is_regular(customer, facts.get(customer.pk), chosen.regular_orders, earliest)
        traits = _traits(reference, is_regular, answers.last_ratings.get(customer.pk), records[customer.pk])
        gates = tuple(gate for gate, is_shut in shut if is_shut)
        found[customer.pk] = Standing(traits, gates, reference, customer.pk in answers.named, answers.praise.get(customer.pk))
    return found


def is_shut_today(reference: ReferenceCustomer, today: dt.date) -> bool:
    """Whether something that shuts at once speaks against asking: a complaint, a "no", no more deliveries.

    Told without a query by a reference that comes with its customer's facts; what answers and blocks say, the night keeps with the points.
    """
    customer, facts = reference.customer, getattr(reference.customer, "facts", None)
    since = add_months(today, -preferences.get(ReferralsPreferences).asked_again_months)
    is_stopped = customer.delivery_block or customer.is_inactive
    return bool(is_stopped or _has_declined(reference, since) or (facts and facts.open_complaints_count))


def load_standing(customer: Customer, today: dt.date) -> Standing:
    return load_standings([customer], today)[customer.pk]


@dataclass(frozen=True)
class _Answers:
    """What customers answered, by their ids. `detractors` gave a bad answer lately; `named` and `praise` know surveys that show names."""

    last_ratings: dict[int, int] = field(default_factory=dict)
    detractors: set[int] = field(default_factory=set)
    named: set[int] = field(default_factory=set)
    praise: dict[int, tuple[int, dt.date]] = field(default_factory=dict)


def _answers(ids: list[int], since: dt.date) -> _Answers:
    found = _Answers()
    for customer_id, rating, answered_on, shows_names in _ANSWERS(ids=ids):
        found.last_ratings[customer_id] = rating
        if shows_names:
            found.named.add(customer_id)
        if shows_names and rating >= PROMOTER_LEAST:
            found.praise[customer_id] = rating, answered_on
        if rating < PASSIVE_LEAST and answered_on > since:
            found.detractors.add(customer_id)
    return found


def _has_declined(reference: ReferenceCustomer | None, since: dt.date) -> bool:
    return reference is not None and reference.declined_on is not None and reference.declined_on > since


def _traits(reference: ReferenceCustomer | None, is_regular: bool, last_rating: int | None, record: tuple[int, int]) -> Traits:
    named_count, won_count = record
    return Traits(
        open_minded=reference and reference.open_minded,
        well_disposed=reference and reference.well_disposed,
        well_connected=reference and reference.well_connected,
        flags_count=reference.flags_count if reference else 0,
        is_regular=is_regular,
        last_rating=last_rating,
        named_count=named_count,
        won_count=won_count,
    )
