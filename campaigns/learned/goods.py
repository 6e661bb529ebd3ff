"""How each product sells in the whole house as of a day."""

from dataclasses import dataclass

import numpy as np

from campaigns.learned.groups import Numbers, starts
from campaigns.learned.purchases import Purchases

WEEK, MONTH, QUARTER, YEAR = 7, 30, 90, 365


@dataclass(frozen=True)
class Goods:
    """Arrays by product. `buyers_*` count the customers of the last so many days, `newcomers_*` those who bought it for the first time.

    `repeated` is the share of buyers who came back for it, `age` the days since its first sale, `price` the mean per unit,
    `season` the logarithm of what this month was to the one before it a year ago; 0 while the lines do not reach back so far.
    `active_month` is the number of customers who bought anything in the last 30 days.
    """

    buyers: Numbers
    buyers_week: Numbers
    buyers_month: Numbers
    buyers_quarter: Numbers
    newcomers_week: Numbers
    newcomers_month: Numbers
    repeated: Numbers
    age: Numbers
    price: Numbers
    season: Numbers
    active_month: int


def look_at(before: Purchases, day: int, count: int) -> Goods:
    """The goods as of a day, from all purchases before it; `count` is the number of products."""
    begins = starts(before.customer, before.product)
    product, first_on = before.product[begins], before.day[begins]
    times = np.diff(np.append(begins, len(before)))
    ago, age = day - before.day, np.zeros(count)
    np.maximum.at(age, product, day - first_on)
    buyers = _count(product, count)
    return Goods(
        buyers=buyers,
        buyers_week=_buyers(before, ago <= WEEK, count),
        buyers_month=_buyers(before, ago <= MONTH, count),
        buyers_quarter=_buyers(before, ago <= QUARTER, count),
        newcomers_week=_count(product[day - first_on <= WEEK], count),
        newcomers_month=_count(product[day - first_on <= MONTH], count),
        repeated=(_count(product[times > 1], count) + 1) / (buyers + 5),
        age=age,
        price=_sum(before, before.revenue, count) / np.maximum(_sum(before, before.quantity, count), 0.001),
        season=_season(before, ago, count),
        active_month=len(np.unique(before.customer[ago <= MONTH])),
    )


def _count(product: np.ndarray, count: int) -> Numbers:
    return np.bincount(product, minlength=count).astype(float)


def _sum(before: Purchases, values: Numbers, count: int) -> Numbers:
    return np.bincount(before.product, values, count)


def _buyers(before: Purchases, chosen: np.ndarray, count: int) -> Numbers:
    """Customers per product among the chosen rows."""
    customer, product = before.customer[chosen], before.product[chosen]
    return _count(product[starts(customer, product)] if len(product) else product, count)


def _season(before: Purchases, ago: np.ndarray, count: int) -> Numbers:
    """Buyers of the coming 30 days a year ago, against those of the 30 days before them."""
    if not len(ago) or ago.max() < YEAR + MONTH:
        return np.zeros(count)
    coming = _buyers(before, (ago <= YEAR) & (ago > YEAR - MONTH), count)
    earlier = _buyers(before, (ago <= YEAR + MONTH) & (ago > YEAR), count)
    return np.log((coming + 2) / (earlier + 2))
