"""What some customers bought before a day: by pair of customer and product, and by order day."""

from functools import cached_property

import numpy as np

from campaigns.learned.groups import Indices, Numbers, medians, starts
from campaigns.learned.purchases import Purchases

GAPS_MOST = 8
_DAYS_MOST = 1_000_000


class History:
    """The purchases of the customers `first` to `end` (not included) before `day`. Arrays go by pair unless they say otherwise."""

    def __init__(self, before: Purchases, day: int, first: int, end: int) -> None:
        self.purchases, self.day, self.first, self.end = before.of_customers(first, end), day, first, end
        self.pairs = starts(self.purchases.customer, self.purchases.product) if len(self.purchases) else np.zeros(0, int)

    @property
    def count(self) -> int:
        """How many customers."""
        return self.end - self.first

    @cached_property
    def customer(self) -> Indices:
        """The customer of each pair, counted from 0 within the block."""
        return self.purchases.customer[self.pairs] - self.first

    @cached_property
    def product(self) -> Indices:
        return self.purchases.product[self.pairs]

    @cached_property
    def order_days(self) -> Indices:
        """On how many days the customer bought the product."""
        return np.diff(np.append(self.pairs, len(self.purchases)))

    @cached_property
    def first_on(self) -> Indices:
        return self.purchases.day[self.pairs]

    @cached_property
    def last_on(self) -> Indices:
        return self.purchases.day[self.pairs + self.order_days - 1]

    @cached_property
    def median_gap(self) -> Numbers:
        """Days between order days of the product, from the last eight gaps (domain guide 6.4); NaN where there is none."""
        pair = np.repeat(np.arange(len(self.pairs)), self.order_days)
        left = np.repeat(self.pairs + self.order_days, self.order_days) - np.arange(len(pair))
        counts = (pair[1:] == pair[:-1]) & (left[1:] <= GAPS_MOST)
        return medians(pair[1:][counts], np.diff(self.purchases.day)[counts], len(self.pairs))

    def bought_between(self, most: int, least: int) -> Indices:
        """Whether the pair has an order day that lies so many days back: 1 or 0."""
        ago = self.day - self.purchases.day
        return np.maximum.reduceat(((ago <= most) & (ago > least)).astype(int), self.pairs) if len(self.pairs) else self.pairs

    def decayed_days(self, half_life: int) -> Numbers:
        """Order days of the pair, each worth half after so many days."""
        return np.add.reduceat(np.exp2((self.purchases.day - self.day) / half_life), self.pairs) if len(self.pairs) else np.zeros(0)

    @cached_property
    def revenue(self) -> Numbers:
        return np.add.reduceat(self.purchases.revenue, self.pairs) if len(self.pairs) else np.zeros(0)

    @cached_property
    def days(self) -> tuple[Indices, Indices, Numbers, Indices]:
        """One row per customer and order day: customer, day, revenue, number of products."""
        bought = self.purchases
        order = np.lexsort((bought.day, bought.customer))
        customer, day = bought.customer[order] - self.first, bought.day[order]
        begins = starts(customer, day) if len(day) else np.zeros(0, int)
        revenue = np.add.reduceat(bought.revenue[order], begins) if len(day) else np.zeros(0)
        return customer[begins], day[begins], revenue, np.diff(np.append(begins, len(day)))

    def days_since(self, since: Indices, *, after: bool) -> Indices:
        """How many order days the pair's customer had from a day on, or only after it."""
        customer, day, _revenue, _size = self.days
        key = customer.astype("i8") * _DAYS_MOST + day
        own = self.customer.astype("i8") * _DAYS_MOST
        return np.searchsorted(key, own + _DAYS_MOST) - np.searchsorted(key, own + since, side="right" if after else "left")
