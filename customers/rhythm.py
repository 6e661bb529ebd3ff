"""How one customer buys one product: after which gap, how much, since when. Plain rules, no database.

Source: domain guide 6.4. Days before the window tell since when a product is in use; about today's rhythm they tell nothing
while there are younger ones.
"""

import datetime as dt
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from statistics import median, median_low
from typing import NamedTuple

WINDOW_MONTHS = 24
RECENT_DAYS_MOST = 9
ORDER_DAYS_LEAST = 3
"""With fewer order days in the window there are purchases, but no rhythm."""

_CENT = Decimal("0.01")


class DayPurchase(NamedTuple):
    """All a customer bought of a product on one day, that day's returns deducted; `margin` is None where any is unknown."""

    on: dt.date
    quantity: Decimal
    revenue: Decimal
    margin: Decimal | None


class Rhythm(NamedTuple):
    """`recent_on` are the youngest order days, oldest first; `median_gap_days` is None where there is no rhythm.

    `order_days` counts those in the window only. Usual figures are medians over the recent days: what one order day brings.
    """

    first_on: dt.date
    last_on: dt.date
    order_days: int
    median_gap_days: Decimal | None
    usual_quantity: Decimal
    last_quantity: Decimal
    usual_revenue: Decimal
    usual_margin: Decimal | None
    recent_on: tuple[dt.date, ...]


def rhythm(days: Sequence[DayPurchase], since: dt.date) -> Rhythm | None:
    """The rhythm in `days`, which come in the order of their dates; `since` is the first day of the window.

    A day whose returns outweigh its purchases is no order day. None when no order day is left.
    """
    ordered = [day for day in days if day.quantity > 0]
    if not ordered:
        return None
    order_days = len([day for day in ordered if day.on >= since])
    recent = ordered[-min(order_days or RECENT_DAYS_MOST, RECENT_DAYS_MOST) :]
    ons, quantities, revenues, margins = zip(*recent, strict=True)
    return Rhythm(
        first_on=ordered[0].on,
        last_on=ons[-1],
        order_days=order_days,
        median_gap_days=median_gap(ons) if order_days >= ORDER_DAYS_LEAST else None,
        usual_quantity=median_low(quantities),
        last_quantity=quantities[-1],
        usual_revenue=median_money(revenues),
        usual_margin=None if None in margins else median_money(margins),
        recent_on=ons,
    )


def median_money(amounts: Sequence[Decimal]) -> Decimal:
    """The median of amounts in cents, half a cent rounded away from zero."""
    middle = median(amounts)
    return middle if len(amounts) % 2 else middle.quantize(_CENT, rounding=ROUND_HALF_UP)


def median_gap(days: Sequence[dt.date]) -> Decimal:
    """The median of the last eight gaps between days that come in their order; two of them at least."""
    days = days[-RECENT_DAYS_MOST:]
    return Decimal(median([later - earlier for earlier, later in pairwise([day.toordinal() for day in days])]))
