"""From the kept tables to what rules see: a fixed number of queries, however many customers."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q

from campaigns.models import Opportunity, OpportunityItem, WinRate
from campaigns.preferences import CampaignsPreferences
from campaigns.reasons.basis import Article, Bought, Catalogue, Demand, Moment, Relation
from campaigns.reasons.suggestions import Taken, chance_to_win
from customers.facts import data_as_of
from customers.models import Complaint, ContactBlock, Customer, Product, ProductRelation, PurchaseRhythm
from customers.models.companies import AbcClass
from customers.models.permissions import Channel
from customers.preferences import CustomersPreferences
from innendienst.base import preferences
from innendienst.base.preferences import CompanyPreferences
from innendienst.lib.dates import add_months, working_days_between

_WHY = "reasons are found for every customer"
_RELATIONS = (ProductRelation.Kind.ACCESSORY, ProductRelation.Kind.SERVICE)


@dataclass(frozen=True)
class Buyer:
    """A customer who may be sold to."""

    id: int
    owner_id: int | None
    abc_class: str


class Chances:
    """The chance to win by kind of reason and ABC class of the customer."""

    def __init__(self) -> None:
        self._counts = {(rate.kind, rate.abc_class): (rate.wins_count, rate.closed_count) for rate in WinRate.objects.all()}

    def of(self, kind: str, abc_class: str) -> Decimal:
        return chance_to_win(*self._counts.get((kind, abc_class), (0, 0)))


def load_moment(today: dt.date, before: dt.date) -> Moment | None:
    """The day of the judgement; None without any order to judge by."""
    data_on = data_as_of(before)
    if data_on is None:
        return None
    old_after = preferences.get(CustomersPreferences).rest_after_days
    state = preferences.get(CompanyPreferences).state
    return Moment(
        today=today,
        data_on=data_on,
        is_data_old=working_days_between(data_on, today, state) > old_after,
        has_since=add_months(today, -preferences.get(CampaignsPreferences).cross_sell_months),
    )


def load_buyers(customer_ids: Sequence[int]) -> Iterator[Buyer]:
    """Those of the customers with whom selling does not rest: no block, no open complaint, no stop by the ERP."""
    of_him = Q(customer=OuterRef("pk"))
    blocks = ContactBlock.objects.for_system(_WHY).filter(of_him, contact=None, lifted_at=None, channel__in=["", Channel.PHONE])
    complaints = Complaint.objects.for_system(_WHY).unresolved().filter(of_him)
    buyers = (
        Customer.objects.for_system(_WHY)
        .filter(pk__in=customer_ids, is_inactive=False, delivery_block=False, is_collective=False, merged_into=None)
        .filter(dunning_level__lt=preferences.get(CampaignsPreferences).dunning_level_stops)
        .exclude(Exists(blocks))
        .exclude(Exists(complaints))
        .order_by("pk")
    )
    for customer_id, owner_id, abc_class in buyers.values_list("pk", "owner", "facts__abc_class"):
        yield Buyer(customer_id, owner_id, abc_class or AbcClass.C)


def load_relations() -> list[Relation]:
    rows = ProductRelation.objects.filter(kind__in=_RELATIONS).order_by("pk").values_list("pk", "from_product", "to_product")
    return [Relation._make(row) for row in rows]


def load_purchases(customer_ids: Iterable[int], relations: Iterable[Relation]) -> dict[int, dict[int, Bought]]:
    """Customer id → product id → how he buys it: what has a rhythm, and what a relation speaks of. No rule asks for more."""
    spoken_of = {product_id for relation in relations for product_id in (relation.from_id, relation.to_id)}
    rhythms = PurchaseRhythm.objects.for_system(_WHY).filter(customer__in=customer_ids)
    telling = rhythms.filter(Q(median_gap_days__isnull=False) | Q(product__in=spoken_of))
    found: dict[int, dict[int, Bought]] = defaultdict(dict)
    for customer_id, *columns in telling.values_list("customer_id", *Bought._fields):
        bought = Bought._make(columns)
        found[customer_id][bought.product_id] = bought
    return found


def load_catalogue(product_ids: set[int], relations: Iterable[Relation]) -> Catalogue:
    """These products, and those that the relations lead to from them."""
    fitting: dict[int, list[Relation]] = defaultdict(list)
    for relation in relations:
        if relation.from_id in product_ids:
            fitting[relation.from_id].append(relation)
    matches = {relation.to_id for several in fitting.values() for relation in several}
    products = Product.objects.filter(pk__in=product_ids | matches).select_related("group", "demand")
    return Catalogue({product.pk: _article(product) for product in products}, fitting)


def load_taken(customer_ids: Sequence[int], today: dt.date) -> dict[tuple[int, str], Taken]:
    """(customer id, kind) → the articles that an open or resting opportunity of that kind holds back."""
    items = OpportunityItem.objects.filter(opportunity__customer__in=customer_ids).exclude(opportunity__state=Opportunity.State.SUGGESTED)
    is_open = ~Q(opportunity__state__in=Opportunity.CLOSED)
    held = items.filter(is_open | Q(opportunity__rests_until__gt=today))
    columns = ("opportunity__customer", "opportunity__kind", "opportunity__state", "product", "product__group")
    taken: dict[tuple[int, str], Taken] = defaultdict(Taken)
    for customer_id, kind, state, product_id, group_id in held.values_list(*columns):
        taken[customer_id, kind].product_ids.add(product_id)
        if state not in Opportunity.CLOSED and group_id is not None:
            taken[customer_id, kind].group_ids.add(group_id)
    return taken


def _article(product: Product) -> Article:
    group, demand = product.group, getattr(product, "demand", None)
    ends = [day for day in (product.discontinued_on, product.last_order_on) if day is not None]
    return Article(
        id=product.pk,
        group_id=product.group_id,
        is_offered=not product.not_offered,
        last_day=min(ends, default=None),
        price=product.price,
        cost=product.cost,
        assumed_cm_ratio=group.assumed_cm_ratio if group else Decimal(str(preferences.get(CustomersPreferences).assumed_cm_ratio)),
        demand=demand and Demand(demand.usual_revenue, demand.usual_margin),
    )
