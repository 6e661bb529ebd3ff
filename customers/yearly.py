"""A customer's buying as a whole: sums of twelve months, his rhythm, and what one of his orders brings. Plain rules."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from customers.rhythm import DayPurchase, rhythm
from innendienst.lib.dates import add_months

YEAR = dt.timedelta(days=365)
RHYTHM_MONTHS = 24


class OrderDay(NamedTuple):
    """All lines of a customer on one day, returns deducted; `margin` is None where any is unknown.

    A day without an order (`orders_count` 0) brought returns or credits alone.
    """

    on: dt.date
    revenue: Decimal
    margin: Decimal | None
    orders_count: int


@dataclass(frozen=True)
class Yearly:
    """The columns of CustomerFacts that come from order lines."""

    revenue_12m: Decimal
    margin_12m: Decimal | None
    revenue_before: Decimal
    margin_before: Decimal | None
    orders_12m_count: int
    first_order_on: dt.date | None
    last_order_on: dt.date | None
    median_gap_days: Decimal | None
    usual_revenue: Decimal | None
    usual_margin: Decimal | None
    is_stated: bool = False


def yearly(days: Sequence[OrderDay], before: dt.date) -> Yearly:
    """The figures as of a day, from all days before it in the order of their dates.

    The twelve months are the 365 days before that day. The rhythm is that of the 24 months before his last order, so that it
    is still known of a customer who stays away.
    """
    year, two_years = before - YEAR, before - 2 * YEAR
    recent = [day for day in days if day.on >= year]
    earlier = [day for day in days if two_years <= day.on < year]
    ordered = [day for day in days if day.orders_count]
    last_on = ordered[-1].on if ordered else None
    usual = rhythm([_purchase(day) for day in ordered], add_months(last_on, -RHYTHM_MONTHS)) if last_on else None
    return Yearly(
        revenue_12m=sum((day.revenue for day in recent), Decimal(0)),
        margin_12m=_sum_if_known(day.margin for day in recent),
        revenue_before=sum((day.revenue for day in earlier), Decimal(0)),
        margin_before=_sum_if_known(day.margin for day in earlier),
        orders_12m_count=sum(day.orders_count for day in recent),
        first_order_on=ordered[0].on if ordered else None,
        last_order_on=last_on,
        median_gap_days=usual and usual.median_gap_days,
        usual_revenue=usual and usual.usual_revenue,
        usual_margin=usual and usual.usual_margin,
    )


def _purchase(day: OrderDay) -> DayPurchase:
    return DayPurchase(day.on, Decimal(1), day.revenue, day.margin)


def _sum_if_known(margins: Iterable[Decimal | None]) -> Decimal | None:
    """The sum, or None where one of the days has no value: unknown is not 0. Nothing at all is 0."""
    total = Decimal(0)
    for margin in margins:
        if margin is None:
            return None
        total += margin
    return total
