"""What single customers bought, as far as rules ask for it: a fixed number of queries, however many customers."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby
from operator import itemgetter

from django.db.models import Case, DateField, OuterRef, Q, Subquery, When

from campaigns import sql
from campaigns.models import LearnedNeed, MeanNeed, Opportunity
from campaigns.reasons import last_call, reorder, win_back
from campaigns.reasons.basis import (
    DEVICE,
    SERVICE,
    Article,
    Bought,
    Catalogue,
    Contract,
    CustomerPurchases,
    Day,
    Figures,
    GroupRhythm,
    Learned,
    Moment,
    Relation,
    Won,
)
from campaigns.reasons.contracts import load_contracts
from campaigns.reasons.loading import load_catalogue, load_special
from campaigns.reasons.satisfaction import DAYS_MOST
from campaigns.reasons.suggestions import Item
from campaigns.sql import Wanted
from customers.models import CustomerFacts, PurchaseRhythm
from customers.rhythm import median_gap, median_money
from innendienst.lib.prepared import IdsParam, Param, Prepared

_WHY = "reasons are found for every customer"
_ALWAYS = dt.date(1900, 1, 1)


@dataclass
class Needs:
    """How much more than usual a customer needs an article: his learned need ÷ the mean of its kind.

    What was left out when they were learnt is needed no more than the least of those kept.
    """

    means: Mapping[str, Decimal]
    again: dict[int, Decimal] = field(default_factory=dict)
    new: dict[int, Decimal] = field(default_factory=dict)

    def factors(self, items: Iterable[Item], bought: Collection[int]) -> dict[int, Decimal]:
        """Factors of these items' products; none for customers nothing was learnt about."""
        kinds = {item.product_id: _kind(item, is_new=item.product_id not in bought) for item in items}
        return {pk: factor for pk, kind in kinds.items() if (factor := self._factor(pk, kind)) is not None}

    def _factor(self, product_id: int, kind: MeanNeed.Kind) -> Decimal | None:
        known, mean = (self.again if kind == MeanNeed.Kind.AGAIN else self.new), self.means.get(kind)
        if not known or not mean:
            return None
        return (known.get(product_id) or min(known.values())) / mean


def _kind(item: Item, *, is_new: bool) -> MeanNeed.Kind:
    """With what its need is compared: pairs name what is needed most, so that the mean of all that is new would flatter them."""
    if not is_new:
        return MeanNeed.Kind.AGAIN
    return MeanNeed.Kind.PAIR if "together" in item.facts else MeanNeed.Kind.NEW


@dataclass(frozen=True)
class Histories:
    """By customer id; a customer without an entry has nothing of the kind."""

    catalogue: Catalogue
    bought: Mapping[int, Mapping[int, Bought]]
    days: Mapping[int, Mapping[int, Sequence[Day]]]
    learned: Mapping[int, Sequence[Learned]]
    groups: Mapping[int, Sequence[GroupRhythm]]
    figures: Mapping[int, Figures]
    won: Mapping[int, Sequence[Won]]
    needs: Mapping[int, Needs]
    contracts: Mapping[int, Sequence[Contract]]

    def of(self, customer_id: int, moment: Moment) -> CustomerPurchases:
        """What the rules get to see of one customer."""
        return CustomerPurchases(
            bought=self.bought.get(customer_id, {}),
            catalogue=self.catalogue,
            moment=moment,
            days=self.days.get(customer_id, {}),
            learned=self.learned.get(customer_id, ()),
            groups=self.groups.get(customer_id, ()),
            figures=self.figures.get(customer_id, Figures()),
            won=self.won.get(customer_id, ()),
            contracts=self.contracts.get(customer_id, ()),
        )


def load_histories(customer_ids: Sequence[int], relations: Sequence[Relation], moment: Moment) -> Histories:
    """Everything the rules see of these customers, and the articles all of it is about."""
    figures = _load_figures(customer_ids)
    special = load_special(moment.today)
    won, (learned, needs) = _load_won(customer_ids, moment.today), _load_needs(customer_ids)
    gone = [customer_id for customer_id, each in figures.items() if win_back.ground(each, moment)]
    bought = _load_bought(customer_ids, {*special, *_spoken_of(relations)}, gone)
    groups, contracts = _load_groups(customer_ids), load_contracts(customer_ids, moment)
    named = {product_id for products in bought.values() for product_id in products}
    named |= {group.product_id for several in groups.values() for group in several}
    named |= {each.product_id for several in (*won.values(), *contracts.values()) for each in several}
    named |= {product_id for several in learned.values() for each in several for product_id in (each.product_id, each.because)}
    catalogue = load_catalogue(named, relations)
    days = _load_days(list(_wanted(bought, catalogue, special, moment)))
    return Histories(catalogue, bought, days, learned, groups, figures, won, needs, contracts)


def _spoken_of(relations: Iterable[Relation]) -> set[int]:
    return {product_id for relation in relations for product_id in (relation.from_id, relation.to_id)}


def _load_bought(customer_ids: Sequence[int], product_ids: Collection[int], gone: Sequence[int]) -> dict[int, dict[int, Bought]]:
    """Customer id → product id → how he buys it: what has a rhythm, what a rule speaks of, and all that lost customers bought."""
    telling = _TELLING(customers=customer_ids, products=product_ids, gone=gone)
    found: dict[int, dict[int, Bought]] = defaultdict(dict)
    for customer_id, *columns in telling:
        bought = Bought._make(columns)
        found[customer_id][bought.product_id] = bought
    return found


def _wanted(
    bought: Mapping[int, Mapping[int, Bought]], catalogue: Catalogue, special: Mapping[int, Article], moment: Moment
) -> Iterator[Wanted]:
    """The days that rules ask for: all of what has a life of its own, twelve months of what ends, last year's of what is due."""
    served = {product_id for product_id, relations in catalogue.relations.items() if any(each.kind == SERVICE for each in relations)}
    living = served | {pk for pk, article in special.items() if article.kind == DEVICE or article.warranty_months or article.term_months}
    ending = {pk for pk, article in special.items() if last_call.is_ending(article, moment.today)}
    counted_from = last_call.counts_since(moment.data_on)
    for customer_id, products in bought.items():
        for product_id, each in products.items():
            if product_id in living or product_id in ending:
                # Returns after the window count against what lies in it, so everything up to today is read.
                yield Wanted(customer_id, product_id, _ALWAYS if product_id in living else counted_from, moment.today)
            elif not moment.is_data_old and reorder.is_due(each, moment.data_on):
                window = reorder.same_time_last_year(each, moment.data_on)
                if window is not None:
                    yield Wanted(customer_id, product_id, *window)


def _load_days(wanted: Sequence[Wanted]) -> dict[int, dict[int, list[Day]]]:
    """A pair without any day in its window has an empty list: it was looked for."""
    found: dict[int, dict[int, list[Day]]] = defaultdict(dict)
    for want in wanted:
        found[want.customer_id][want.product_id] = []
    if wanted:
        for customer_id, product_id, *day in sql.read_days(wanted):
            found[customer_id][product_id].append(Day._make(day))
    return found


def _load_groups(customer_ids: Sequence[int]) -> dict[int, list[GroupRhythm]]:
    """Every day of such a group is known: an article without a rhythm has at most two of them in the window."""
    pairs = set(sql.read_changing_groups(customer_ids))
    if not pairs:
        return {}
    rows = (
        PurchaseRhythm.objects.for_system(_WHY)
        .filter(customer__in={customer_id for customer_id, _group_id in pairs}, product__group__in={group_id for _id, group_id in pairs})
        .filter(order_days__gt=0, product__not_offered=False)
        .order_by("customer_id", "product__group_id", "product_id")
        .values_list("customer_id", "product__group_id", "product_id", "recent_on", "usual_quantity", "usual_revenue", "usual_margin")
    )
    found: dict[int, list[GroupRhythm]] = defaultdict(list)
    for (customer_id, group_id), several in groupby(rows, key=itemgetter(0, 1)):
        if (customer_id, group_id) in pairs and (group := _group_rhythm(group_id, [row[2:] for row in several])) is not None:
            found[customer_id].append(group)
    return found


def _group_rhythm(group_id: int, rows: Sequence[tuple]) -> GroupRhythm | None:
    """None where the articles were bought on fewer than three days. What an order brings is the median over the articles."""
    days = sorted({dt.date.fromisoformat(day) for _product, recent, *_usual in rows for day in recent})
    if len(days) < 3:
        return None
    product_id, _recent, quantity, _revenue, _margin = max(rows, key=lambda row: (max(row[1]), -row[0]))
    margins = [row[4] for row in rows]
    revenue, margin = median_money([row[3] for row in rows]), None if None in margins else median_money(margins)
    return GroupRhythm(group_id, days[-1], median_gap(days), product_id, quantity, revenue, margin)


def _load_figures(customer_ids: Sequence[int]) -> dict[int, Figures]:
    return {customer_id: Figures(*values) for customer_id, *values in _FIGURES(customers=customer_ids)}


def _load_won(customer_ids: Sequence[int], today: dt.date) -> dict[int, list[Won]]:
    """What was won lately, by the article on top. A satisfaction call that was won is nothing to ask about again."""
    found: dict[int, list[Won]] = defaultdict(list)
    for customer_id, *columns in _WON(customers=customer_ids, since=today - dt.timedelta(days=DAYS_MOST + 1)):
        found[customer_id].append(Won._make(columns))
    return found


def _load_needs(customer_ids: Sequence[int]) -> tuple[dict[int, list[Learned]], dict[int, Needs]]:
    """What was learnt at night: pairs for what is new to the customer, and how much each article is needed."""
    means = dict(_MEANS())
    learned: dict[int, list[Learned]] = defaultdict(list)
    needs: dict[int, Needs] = defaultdict(lambda: Needs(means))
    if not means:
        return learned, needs
    for customer_id, product_id, need, because, *pair in _NEEDS(customers=customer_ids):
        if because is None:
            needs[customer_id].again[product_id] = need
        else:
            needs[customer_id].new[product_id] = need
            learned[customer_id].append(Learned(product_id, because, *pair[:3], need / means[MeanNeed.Kind.NEW], *pair[3:]))
    return learned, needs


def _last_on(column: str) -> Case:
    """When the customer last bought it; asked for pairs alone."""
    rhythms = PurchaseRhythm.objects.for_system(_WHY).filter(customer=OuterRef("customer"), product=OuterRef(column))
    return Case(When(because__isnull=False, then=Subquery(rhythms.values("last_on"))))


_CUSTOMERS = IdsParam("customers")
_FIGURES = Prepared(
    lambda: (
        CustomerFacts.objects.for_system(_WHY)
        .filter(customer__in=_CUSTOMERS)
        .values_list(
            "pk", "revenue_12m", "revenue_before", "first_order_on", "last_order_on", "median_gap_days", "usual_revenue",
            "usual_margin", "last_contact_on", "customer__customer_since", "is_stated",
        )
    )
)  # fmt: skip
_WON = Prepared(
    lambda: (
        Opportunity.objects.for_system(_WHY)
        .filter(customer__in=_CUSTOMERS, state=Opportunity.State.WON, items__position=1, won_on__gt=Param("since", DateField()))
        .exclude(kind="satisfaction")
        .order_by("won_on", "pk")
        .values_list("customer", "items__product", "won_on")
    )
)
_MEANS = Prepared(lambda: MeanNeed.objects.values_list("kind", "mean"))
_NEEDS = Prepared(
    lambda: (
        LearnedNeed.objects.for_system(_WHY)
        .filter(customer__in=_CUSTOMERS)
        .annotate(because_on=_last_on("because"), bought_on=_last_on("product"))
        .order_by("customer_id", "product_id")
        .values_list("customer_id", "product_id", "need", "because_id", "together_count", "owners_count", "lift", "because_on", "bought_on")
    )
)
_TELLING = Prepared(
    lambda: (
        PurchaseRhythm.objects.for_system(_WHY)
        .filter(customer__in=_CUSTOMERS)
        .filter(Q(median_gap_days__isnull=False) | Q(product__in=IdsParam("products")) | Q(customer__in=IdsParam("gone")))
        .values_list("customer_id", *Bought._fields)
    )
)
