"""From the tables to what is the same for many customers: the day, the goods, the relations, chances, and what is taken.

What single customers bought comes from histories.py. All of it takes a fixed number of queries, however many customers.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from django.db.models import DateField, Exists, OuterRef, Q

from campaigns.models import Kind, Opportunity, OpportunityItem, WinRate
from campaigns.preferences import CampaignsPreferences
from campaigns.reasons.basis import DEVICE, Article, Catalogue, Demand, Limits, Moment, Relation, Step
from campaigns.reasons.suggestions import Taken, chance_to_win
from customers.facts import data_as_of
from customers.models import Complaint, ContactBlock, Customer, PriceStep, Product, ProductRelation
from customers.models.companies import AbcClass
from customers.models.permissions import Channel
from customers.preferences import CustomersPreferences
from innendienst.base import preferences
from innendienst.base.preferences import CompanyPreferences
from innendienst.lib.dates import add_months, add_working_days, working_days_between
from innendienst.lib.prepared import IdsParam, Param, Prepared

WHOLE = frozenset({Kind.WIN_BACK, Kind.CAMPAIGN})
"""Kinds that are about the customer, not about articles: one open or resting reason holds back all of them."""

_ASKED_AFTER = 10
"""Arbeitstage after a delivery."""

_WHY = "reasons are found for every customer"
_TODAY, _CUSTOMERS = Param("today", DateField()), IdsParam("customers")
_OF_HIM = Q(customer=OuterRef("pk"))
_BUYERS = Prepared(
    lambda: (
        Customer.objects.for_system(_WHY)
        .filter(pk__in=_CUSTOMERS, is_inactive=False, delivery_block=False, is_collective=False, merged_into=None)
        .filter(dunning_level__lt=Param("stops"))
        .exclude(
            Exists(ContactBlock.objects.for_system(_WHY).filter(_OF_HIM, contact=None, lifted_at=None, channel__in=["", Channel.PHONE]))
        )
        .exclude(Exists(Complaint.objects.for_system(_WHY).unresolved().filter(_OF_HIM)))
        .order_by("pk")
        .values_list("pk", "owner", "facts__abc_class")
    )
)
_RELATIONS = Prepared(lambda: ProductRelation.objects.order_by("pk").values_list("pk", "from_product", "to_product", "kind"))
_ARTICLE = (
    "pk", "group_id", "not_offered", "discontinued_on", "last_order_on", "price", "cost", "group__assumed_cm_ratio",
    "demand__usual_revenue", "demand__usual_margin", "kind", "stock", "warranty_months", "term_months",
)  # fmt: skip
_PRODUCTS = IdsParam("products")
_HAS_LIFE = Q(kind=DEVICE) | Q(warranty_months__isnull=False) | Q(term_months__isnull=False)
_ENDS = Q(discontinued_on__gte=_TODAY) | Q(last_order_on__gte=_TODAY)
_SPECIAL_ARTICLES = Prepared(lambda: Product.objects.filter(_HAS_LIFE | _ENDS, not_offered=False).order_by().values_list(*_ARTICLE))
_NAMED_ARTICLES = Prepared(lambda: Product.objects.filter(pk__in=_PRODUCTS).order_by().values_list(*_ARTICLE))
_STEPS = Prepared(
    lambda: PriceStep.objects.filter(product__in=_PRODUCTS).order_by("from_quantity").values_list("product", "from_quantity", "price")
)
_RATES = Prepared(lambda: WinRate.objects.values_list("kind", "abc_class", "wins_count", "closed_count"))
_HELD = Q(rests_until__gt=_TODAY) | ~Q(state__in=Opportunity.CLOSED)
_HELD_ITEMS = Prepared(
    lambda: (
        OpportunityItem.objects.filter(
            opportunity__in=Opportunity.objects.for_system(_WHY)
            .filter(_HELD, customer__in=_CUSTOMERS)
            .exclude(state=Opportunity.State.SUGGESTED)
            .values("pk")
        )
        .order_by()
        .values_list("opportunity__customer", "opportunity__kind", "opportunity__state", "product", "product__group")
    )
)
_HELD_WHOLE = Prepared(
    lambda: (
        Opportunity.objects.for_system(_WHY)
        .filter(_HELD, customer__in=_CUSTOMERS, kind__in=WHOLE)
        .exclude(state=Opportunity.State.SUGGESTED)
        .order_by()
        .values_list("customer", "kind")
    )
)


class Buyer(NamedTuple):
    """A customer who may be sold to."""

    id: int
    owner_id: int | None
    abc_class: str


class Chances:
    """The chance to win by kind of reason and ABC class of the customer."""

    def __init__(self) -> None:
        self._counts = {(kind, abc_class): counts for kind, abc_class, *counts in _RATES()}

    def of(self, kind: str, abc_class: str) -> Decimal:
        return chance_to_win(*self._counts.get((kind, abc_class), (0, 0)))


def load_moment(today: dt.date, before: dt.date) -> Moment:
    """The day of the judgement. Without any order the data are as of today: what the ERP states is judged all the same."""
    data_on = data_as_of(before) or today
    old_after = preferences.get(CustomersPreferences).rest_after_days
    state, chosen = preferences.get(CompanyPreferences).state, preferences.get(CampaignsPreferences)
    return Moment(
        today=today,
        data_on=data_on,
        is_data_old=working_days_between(data_on, today, state) > old_after,
        has_since=add_months(today, -chosen.cross_sell_months),
        asked_until=add_working_days(today, -_ASKED_AFTER, state),
        limits=load_limits(),
    )


def load_limits() -> Limits:
    """What the house has set; the rest as it comes."""
    chosen = preferences.get(CampaignsPreferences)
    return Limits(
        up_sell_months=chosen.up_sell_months,
        ends_within_days=chosen.ends_within_days,
        lift_least=Decimal(str(chosen.lift_least)),
        together_least=chosen.together_least,
    )


def load_buyers(customer_ids: Sequence[int]) -> Iterator[Buyer]:
    """Those of the customers with whom selling does not rest: no block, no open complaint, no stop by the ERP."""
    stops = preferences.get(CampaignsPreferences).dunning_level_stops
    for customer_id, owner_id, abc_class in _BUYERS(customers=customer_ids, stops=stops):
        yield Buyer(customer_id, owner_id, abc_class or AbcClass.C)


def load_relations() -> list[Relation]:
    return [Relation._make(row) for row in _RELATIONS()]


def load_catalogue(product_ids: set[int], relations: Iterable[Relation]) -> Catalogue:
    """These products, and those that the relations lead to from them."""
    fitting: dict[int, list[Relation]] = defaultdict(list)
    for relation in relations:
        if relation.from_id in product_ids:
            fitting[relation.from_id].append(relation)
    matches = {relation.to_id for several in fitting.values() for relation in several}
    return Catalogue(_load_articles(_NAMED_ARTICLES(products=product_ids | matches)), fitting)


def load_special(today: dt.date) -> dict[int, Article]:
    """Articles with a life of their own: devices, what has a warranty or a term, and what ends."""
    return _load_articles(_SPECIAL_ARTICLES(today=today))


def _load_articles(found: Iterable[tuple]) -> dict[int, Article]:
    """The articles by id; read as plain columns, because every range of a recompute asks for thousands."""
    rows = list(found)
    steps: dict[int, list[Step]] = defaultdict(list)
    for product_id, *step in _STEPS(products=[row[0] for row in rows]):
        steps[product_id].append(Step._make(step))
    ratio = Decimal(str(preferences.get(CustomersPreferences).assumed_cm_ratio))
    return {row[0]: _article(row, tuple(steps.get(row[0], ())), ratio) for row in rows}


def load_taken(customer_ids: Sequence[int], today: dt.date) -> dict[tuple[int, str], Taken]:
    """(customer id, kind) → the articles that an open or resting opportunity of that kind holds back."""
    taken: dict[tuple[int, str], Taken] = defaultdict(Taken)
    for customer_id, kind, state, product_id, group_id in _HELD_ITEMS(customers=customer_ids, today=today):
        taken[customer_id, kind].product_ids.add(product_id)
        if state not in Opportunity.CLOSED and group_id is not None:
            taken[customer_id, kind].group_ids.add(group_id)
    for customer_id, kind in _HELD_WHOLE(customers=customer_ids, today=today):
        taken[customer_id, kind] = Taken(is_any=True)
    return taken


def _article(row: tuple, steps: tuple[Step, ...], assumed_cm_ratio: Decimal) -> Article:
    pk, group_id, is_never, discontinued_on, last_order_on, price, cost, ratio, revenue, margin, *more = row
    kind, stock, warranty_months, term_months = more
    ends = [day for day in (discontinued_on, last_order_on) if day is not None]
    return Article(
        id=pk,
        group_id=group_id,
        is_offered=not is_never,
        last_day=min(ends, default=None),
        price=price,
        cost=cost,
        assumed_cm_ratio=assumed_cm_ratio if ratio is None else ratio,
        demand=None if revenue is None else Demand(revenue, margin),
        kind=kind,
        stock=stock,
        warranty_months=warranty_months,
        term_months=term_months,
        steps=steps,
    )
