"""What is known of each customer as of a day, as columns for the scores."""

from dataclasses import dataclass

import numpy as np

from campaigns.learned.groups import Indices, Numbers, medians, sums
from campaigns.learned.history import History

_OVERDUE_MOST = 6
_LEAST = 1e-9


@dataclass(frozen=True)
class Customers:
    """Arrays by customer of a block. `*_days` count order days, `decayed_*` halve what lies that many days back.

    `overdue` is the time since the last order in usual gaps (1 where no gap is known), `basket` the products on an order day, recent
    days weighing more, `new_per_day` how many products he takes for the first time on an order day after his first.
    """

    recency: Numbers
    tenure: Numbers
    order_days: Numbers
    revenue: Numbers
    month_days: Numbers
    quarter_days: Numbers
    half_year_days: Numbers
    month_revenue: Numbers
    quarter_revenue: Numbers
    decayed_days_15: Numbers
    decayed_days_45: Numbers
    decayed_days_120: Numbers
    decayed_revenue_45: Numbers
    decayed_revenue_120: Numbers
    overdue: Numbers
    overdue_by_mean: Numbers
    products: Numbers
    basket: Numbers
    last_basket: Numbers
    new_per_day: Numbers
    new_products: Numbers


def look_at(history: History) -> Customers:
    """The customers of a block as of the day of the history."""
    customer, day, revenue, size = history.days
    count, ago = history.count, history.day - day
    order_days = np.bincount(customer, minlength=count)
    last, first = np.zeros(count), np.zeros(count)
    last_basket = np.zeros(count)
    last[customer], last_basket[customer], first[customer[::-1]] = day, size, day[::-1]
    recency, tenure = history.day - last, history.day - first
    recent = np.exp2(-ago / 90)

    def days_within(days: int) -> Numbers:
        return np.bincount(customer[ago <= days], minlength=count).astype(float)

    def decayed(values: Numbers | int, half_life: int) -> Numbers:
        return sums(customer, values * np.exp2(-ago / half_life), count)

    new = history.first_on > first[history.customer]
    return Customers(
        recency=recency,
        tenure=tenure,
        order_days=order_days.astype(float),
        revenue=sums(customer, revenue, count),
        month_days=days_within(30),
        quarter_days=days_within(90),
        half_year_days=days_within(180),
        month_revenue=sums(customer, revenue * (ago <= 30), count),
        quarter_revenue=sums(customer, revenue * (ago <= 90), count),
        decayed_days_15=decayed(1, 15),
        decayed_days_45=decayed(1, 45),
        decayed_days_120=decayed(1, 120),
        decayed_revenue_45=decayed(revenue, 45),
        decayed_revenue_120=decayed(revenue, 120),
        overdue=_overdue(recency, median_gaps(customer, day, count)),
        overdue_by_mean=_overdue(recency, np.where(order_days > 1, (tenure - recency) / np.maximum(order_days - 1, 1), np.nan)),
        products=np.bincount(history.customer, minlength=count).astype(float),
        basket=sums(customer, recent * size, count) / np.maximum(sums(customer, recent, count), _LEAST),
        last_basket=last_basket,
        new_per_day=(np.bincount(history.customer[new], minlength=count) + 1) / np.maximum(order_days, 1),
        new_products=np.bincount(history.customer[new & (history.first_on >= history.day - 60)], minlength=count).astype(float),
    )


def chance_columns(customers: Customers) -> Numbers:
    """What tells whether a customer buys anything in the window, a row per customer."""
    them = customers
    counted = (
        them.quarter_days, them.recency, them.order_days, them.tenure, them.revenue, them.month_days, them.half_year_days,
        them.quarter_revenue, them.products, them.basket, them.new_per_day,
    )  # fmt: skip
    plain = them.decayed_days_15, them.decayed_days_45, them.decayed_days_120, them.overdue, them.overdue_by_mean
    return np.column_stack([*map(_log, counted), *plain])


def amount_columns(customers: Customers) -> Numbers:
    """What tells how much he spends in the window if he buys, a row per customer."""
    them = customers
    counted = (
        them.revenue, them.quarter_revenue, them.month_revenue, them.decayed_revenue_45, them.decayed_revenue_120, them.recency,
        them.order_days, them.decayed_days_45, them.tenure,
    )  # fmt: skip
    return np.column_stack([*map(_log, counted), them.overdue_by_mean])


def _log(values: Numbers) -> Numbers:
    return np.log1p(np.maximum(values, 0))


def median_gaps(customer: Indices, day: Indices, count: int) -> Numbers:
    """Days between the order days of each customer, from rows by customer and day; NaN where there is only one."""
    follows = customer[1:] == customer[:-1]
    return medians(customer[1:][follows], np.diff(day)[follows], count)


def _overdue(recency: Numbers, gap: Numbers) -> Numbers:
    return np.nan_to_num(np.minimum(recency / np.maximum(gap, 1), _OVERDUE_MOST), nan=1.0)
