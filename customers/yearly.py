"""A customer's buying as a whole: sums of twelve months, his rhythm, and what one of his orders brings. Plain rules."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from customers.rhythm import ORDER_DAYS_LEAST, RECENT_DAYS_MOST, median_gap, median_money
from innendienst.lib.dates import add_months

YEAR = dt.timedelta(days=365)
RHYTHM_MONTHS = 24
_NOTHING = Decimal(0)


class OrderDay(NamedTuple):
    """All lines of a customer on one day, returns deducted; `margin` is None where any is unknown.

    A day without an order (`orders_count` 0) brought returns or credits alone.
    """

    on: dt.date
    revenue: Decimal
    margin: Decimal | None
    orders_count: int


class Yearly(NamedTuple):
    """The columns of CustomerFacts that come from order lines, or from what the ERP states."""

    revenue_12m: Decimal
    margin_12m: Decimal | None
    revenue_before: Decimal
    margin_before: Decimal | None
    orders_12m_count: int
    first_order_on: dt.date | None = None
    last_order_on: dt.date | None = None
    median_gap_days: Decimal | None = None
    usual_revenue: Decimal | None = None
    usual_margin: Decimal | None = None
    is_stated: bool = False


def yearly(days: Sequence[OrderDay], before: dt.date) -> Yearly:
    """The figures as of a day, from all days before it in the order of their dates.

    The twelve months are the 365 days before that day. The rhythm is that of the 24 months before his last order, so that it
    is still known of a customer who stays away.
    """
    year, two_years = before - YEAR, before - 2 * YEAR
    recent = [day for day in days if day.on >= year]
    earlier = [day for day in days if two_years <= day.on < year]
    sums = Yearly(
        revenue_12m=sum([day.revenue for day in recent], _NOTHING),
        margin_12m=_sum_if_known([day.margin for day in recent]),
        revenue_before=sum([day.revenue for day in earlier], _NOTHING),
        margin_before=_sum_if_known([day.margin for day in earlier]),
        orders_12m_count=sum([day.orders_count for day in recent]),
    )
    ordered = [day for day in days if day.orders_count]
    return _with_rhythm(sums, ordered) if ordered else sums


def _with_rhythm(sums: Yearly, ordered: Sequence[OrderDay]) -> Yearly:
    last_on = ordered[-1].on
    since = add_months(last_on, -RHYTHM_MONTHS)
    in_window = [day for day in ordered if day.on >= since]
    recent = in_window[-RECENT_DAYS_MOST:]
    margins = [day.margin for day in recent]
    return sums._replace(
        first_order_on=ordered[0].on,
        last_order_on=last_on,
        median_gap_days=median_gap([day.on for day in recent]) if len(in_window) >= ORDER_DAYS_LEAST else None,
        usual_revenue=median_money([day.revenue for day in recent]),
        usual_margin=None if None in margins else median_money(margins),
    )


def _sum_if_known(margins: Sequence[Decimal | None]) -> Decimal | None:
    """The sum, or None where one of the days has no value: unknown is not 0. Nothing at all is 0."""
    return None if None in margins else sum(margins, _NOTHING)
