"""What a rule gets to see: one customer's purchases, the articles they are about, and the day it is judged on."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType
from typing import NamedTuple

ACCESSORY, SERVICE, SUCCESSOR = "accessory", "service", "successor"
DEVICE = "device"


@dataclass(frozen=True)
class Limits:
    """What a house may set otherwise (campaigns/preferences.py says what each means)."""

    up_sell_months: int = 24
    device_months_most: int = 120
    ends_within_days: int = 60
    delivered_days: tuple[int, int] = (14, 60)
    lift_least: Decimal = Decimal(2)
    together_least: int = 20
    share_least: Decimal = Decimal("0.3")
    need_least: Decimal = Decimal("1.5")
    win_back_days_least: int = 90
    second_order_days: tuple[int, int] = (30, 120)
    falling_below: Decimal = Decimal("0.6")
    falling_revenue_least: Decimal = Decimal(500)


@dataclass(frozen=True)
class Moment:
    """The day of the judgement.

    Rhythms are judged as of the Datenstand `data_on`, not of today: what was ordered since is not known. Where the data are
    old, reasons that would be false rest. What was bought since `has_since` a customer has. Who got something until
    `asked_until`, ten Arbeitstage ago, may be asked whether all is well.
    """

    today: dt.date
    data_on: dt.date
    is_data_old: bool
    has_since: dt.date
    asked_until: dt.date = dt.date.min
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True)
class Demand:
    """What a product usually brings on one order day of a buyer."""

    revenue: Decimal
    margin: Decimal | None


class Step(NamedTuple):
    """From so many units on each costs `price`."""

    from_quantity: Decimal
    price: Decimal


class Article(NamedTuple):
    """A product as rules see it. `last_day` is the last one on which it may be ordered, None while nothing ends.

    `stock` is None where it is not known. `steps` come with the smallest quantity first.
    """

    id: int
    group_id: int | None
    is_offered: bool
    last_day: dt.date | None
    price: Decimal | None
    cost: Decimal | None
    assumed_cm_ratio: Decimal
    demand: Demand | None = None
    kind: str = ""
    stock: Decimal | None = None
    warranty_months: int | None = None
    term_months: int | None = None
    steps: tuple[Step, ...] = ()

    def is_sold_on(self, day: dt.date) -> bool:
        return self.is_offered and (self.last_day is None or day <= self.last_day)

    def is_recommended_on(self, day: dt.date) -> bool:
        """Whether somebody who does not know it yet should be told of it: nothing that is about to end."""
        return self.last_day is None and self.is_sold_on(day)

    @property
    def expected(self) -> tuple[Decimal, Decimal | None]:
        """Revenue and margin of a first order: what others usually order of it; while nobody did, one unit at its price."""
        if self.demand is not None:
            return self.demand.revenue, self.demand.margin
        price = self.price or Decimal(0)
        return price, None if self.cost is None or self.price is None else price - self.cost


class Relation(NamedTuple):
    """Whoever has `from_id` could use `to_id`."""

    id: int
    from_id: int
    to_id: int
    kind: str = ACCESSORY


@dataclass(frozen=True)
class Catalogue:
    """The articles by id, and the relations by the article one has to have."""

    articles: Mapping[int, Article]
    relations: Mapping[int, Sequence[Relation]] = field(default_factory=dict)

    def led_to(self, product_id: int, kind: str) -> list[Relation]:
        """The relations of one kind that lead on from an article, in the order in which they were made."""
        return [relation for relation in self.relations.get(product_id, ()) if relation.kind == kind]


class Bought(NamedTuple):
    """How the customer buys one product (customers/rhythm.py)."""

    product_id: int
    last_on: dt.date
    median_gap_days: Decimal | None
    usual_quantity: Decimal
    last_quantity: Decimal
    usual_revenue: Decimal
    usual_margin: Decimal | None
    first_on: dt.date = dt.date.max
    order_days: int = 0


class Day(NamedTuple):
    """What went out of one product on one day, that day's returns deducted (below 0 where more came back), and how much
    of it has been delivered."""

    on: dt.date
    quantity: Decimal
    delivered: Decimal


class Learned(NamedTuple):
    """A product the customer never bought: of `owners` buyers of `because`, which he has, `together` have it too.

    `lift` is how much more often than among all customers, `need` how much more than usual he is expected to need it. He
    bought `because` on `because_on`, the product itself, since it was learnt, on `bought_on` (None: never).
    """

    product_id: int
    because: int
    together: int
    owners: int
    lift: Decimal
    need: Decimal
    because_on: dt.date | None
    bought_on: dt.date | None


class GroupRhythm(NamedTuple):
    """A group of goods that he buys regularly, though none of its articles: `product_id` is the article bought last."""

    group_id: int
    last_on: dt.date
    median_gap_days: Decimal
    product_id: int
    quantity: Decimal
    revenue: Decimal
    margin: Decimal | None


class Figures(NamedTuple):
    """The customer as a whole, from his kept facts. `usual_*` is what one of his order days brings."""

    revenue_12m: Decimal = Decimal(0)
    revenue_before: Decimal = Decimal(0)
    first_order_on: dt.date | None = None
    last_order_on: dt.date | None = None
    median_gap_days: Decimal | None = None
    usual_revenue: Decimal | None = None
    usual_margin: Decimal | None = None
    last_contact_on: dt.date | None = None
    customer_since: dt.date | None = None
    is_stated: bool = False


class Won(NamedTuple):
    """What was won in a talk: the article on top, and the day."""

    product_id: int
    won_on: dt.date


class Contract(NamedTuple):
    """He buys a product group from somebody else until `ends_on`; `product_id` is the article of the group that most customers buy.

    `yearly_need` is what he needs of it in a year, in net euros, None where nobody said.
    """

    group_id: int
    product_id: int
    supplier: str
    ends_on: dt.date
    yearly_need: Decimal | None


class CustomerPurchases(NamedTuple):
    """What one customer bought, by product, as far as rules ask for it (loading.py, histories.py).

    `days` are the single days of those products whose rule asks for them, oldest first.
    """

    bought: Mapping[int, Bought]
    catalogue: Catalogue
    moment: Moment
    days: Mapping[int, Sequence[Day]] = MappingProxyType({})
    learned: Sequence[Learned] = ()
    groups: Sequence[GroupRhythm] = ()
    figures: Figures = Figures()
    won: Sequence[Won] = ()
    contracts: Sequence[Contract] = ()

    def has(self, product_id: int) -> bool:
        """Whether it was bought recently enough to count as being there."""
        bought = self.bought.get(product_id)
        return bought is not None and bought.last_on >= self.moment.has_since
