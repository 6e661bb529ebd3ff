"""What a rule gets to see: one customer's purchases, the articles they are about, and the day it is judged on."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple


@dataclass(frozen=True)
class Moment:
    """The day of the judgement.

    Rhythms are judged as of the Datenstand `data_on`, not of today: what was ordered since is not known. Where the data are
    old, reasons that would be false rest. What was bought since `has_since` a customer has.
    """

    today: dt.date
    data_on: dt.date
    is_data_old: bool
    has_since: dt.date


@dataclass(frozen=True)
class Demand:
    """What a product usually brings on one order day of a buyer."""

    revenue: Decimal
    margin: Decimal | None


@dataclass(frozen=True)
class Article:
    """A product as rules see it. `last_day` is the last one on which it may be ordered, None while nothing ends."""

    id: int
    group_id: int | None
    is_offered: bool
    last_day: dt.date | None
    price: Decimal | None
    cost: Decimal | None
    assumed_cm_ratio: Decimal
    demand: Demand | None = None

    def is_sold_on(self, day: dt.date) -> bool:
        return self.is_offered and (self.last_day is None or day <= self.last_day)


class Relation(NamedTuple):
    """Whoever has `from_id` could use `to_id`."""

    id: int
    from_id: int
    to_id: int


@dataclass(frozen=True)
class Catalogue:
    """The articles by id, and the relations by the article one has to have."""

    articles: Mapping[int, Article]
    relations: Mapping[int, Sequence[Relation]] = field(default_factory=dict)


class Bought(NamedTuple):
    """How the customer buys one product (customers/rhythm.py)."""

    product_id: int
    last_on: dt.date
    median_gap_days: Decimal | None
    usual_quantity: Decimal
    last_quantity: Decimal
    usual_revenue: Decimal
    usual_margin: Decimal | None


@dataclass(frozen=True)
class CustomerPurchases:
    """What one customer bought, by product, as far as rules ask for it (loading.py)."""

    bought: Mapping[int, Bought]
    catalogue: Catalogue
    moment: Moment

    def has(self, product_id: int) -> bool:
        """Whether it was bought recently enough to count as being there."""
        bought = self.bought.get(product_id)
        return bought is not None and bought.last_on >= self.moment.has_since
