"""Reorder: what the customer buys regularly is due by his own rhythm, or he takes less of it (domain guide 2.1 and 6.4).

A rhythm is that of an article; where none of a group's articles has one, that of the group, whose articles he changes.
"""

import datetime as dt
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal

from campaigns.reasons.basis import Bought, CustomerPurchases, GroupRhythm
from campaigns.reasons.suggestions import FALLING, Item, Suggestion
from customers.bands import REORDER, Band, band

KIND = "reorder"
FALLING_BELOW = Decimal("0.7")
FALLING_ORDER_DAYS_LEAST = 4
"""With fewer order days the usual quantity is no habit yet, and one small order says nothing."""
COMES_BY_ITSELF = Decimal("0.5")
"""What has just become due is often ordered without a call."""

_YEAR = dt.timedelta(days=365)
_CENT = Decimal("0.01")


def suggest(purchases: CustomerPurchases) -> list[Suggestion]:
    """One suggestion with every article that is due or falling; none while the data are so old that the sentence could be false."""
    if purchases.moment.is_data_old:
        return []
    items = [*_articles(purchases), *_groups(purchases)]
    return [Suggestion(KIND, items)] if items else []


def is_due(bought: Bought, data_on: dt.date) -> bool:
    """Whether the time since the last order has reached the usual gap, but not so far that he is gone."""
    return band(bought.last_on, bought.median_gap_days, data_on) in REORDER


def is_falling(last_quantity: Decimal, usual_quantity: Decimal) -> bool:
    """Whether the last order was more than 30 % below the usual one."""
    return last_quantity < usual_quantity * FALLING_BELOW


def same_time_last_year(bought: Bought, data_on: dt.date) -> tuple[dt.date, dt.date] | None:
    """From half a usual gap before the same day last year to one after; None where his purchases do not reach back so far.

    Who bought nothing in that time pauses every year: the article is out of season, not due.
    """
    gap, last_year = int(bought.median_gap_days or 0), data_on - _YEAR
    since = last_year - dt.timedelta(days=gap // 2)
    return (since, last_year + dt.timedelta(days=gap)) if bought.first_on < since else None


def plain(amount: Decimal) -> str:
    """The figure without trailing zeros: the same text whatever the database makes of it."""
    text = f"{amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _articles(purchases: CustomerPurchases) -> Iterator[Item]:
    moment = purchases.moment
    for bought in purchases.bought.values():
        found = band(bought.last_on, bought.median_gap_days, moment.data_on)
        if found is None or not purchases.catalogue.articles[bought.product_id].is_sold_on(moment.today):
            continue
        if found in REORDER and not _is_out_of_season(bought, purchases):
            yield _due(bought, found)
        elif found == Band.IN_RHYTHM and bought.order_days >= FALLING_ORDER_DAYS_LEAST and _is_falling(bought):
            yield _falling(bought)


def _is_falling(bought: Bought) -> bool:
    return is_falling(bought.last_quantity, bought.usual_quantity)


def _is_out_of_season(bought: Bought, purchases: CustomerPurchases) -> bool:
    window, days = same_time_last_year(bought, purchases.moment.data_on), purchases.days.get(bought.product_id)
    return window is not None and days is not None and not any(window[0] <= day.on <= window[1] and day.quantity > 0 for day in days)


def _due(bought: Bought, found: Band) -> Item:
    facts = _facts(bought)
    if _is_falling(bought):
        facts["last_quantity"] = plain(bought.last_quantity)
    matters = COMES_BY_ITSELF if found == Band.DUE else Decimal(1)
    return Item(bought.product_id, facts, bought.usual_revenue, bought.usual_margin, matters=matters)


def _falling(bought: Bought) -> Item:
    """Worth what is missing from the usual order."""
    missing = 1 - bought.last_quantity / bought.usual_quantity
    facts = {**_facts(bought), "last_quantity": plain(bought.last_quantity), FALLING: True}
    margin = None if bought.usual_margin is None else _share(bought.usual_margin, missing)
    return Item(bought.product_id, facts, _share(bought.usual_revenue, missing), margin)


def _facts(bought: Bought) -> dict[str, object]:
    return {
        "last_on": bought.last_on.isoformat(),
        "gap_days": plain(bought.median_gap_days or Decimal(0)),
        "quantity": plain(bought.usual_quantity),
    }


def _groups(purchases: CustomerPurchases) -> Iterator[Item]:
    """The article bought last stands for its group."""
    moment = purchases.moment
    for group in purchases.groups:
        found = band(group.last_on, group.median_gap_days, moment.data_on)
        if found in REORDER and purchases.catalogue.articles[group.product_id].is_sold_on(moment.today):
            yield _of_group(group, found)


def _of_group(group: GroupRhythm, found: Band) -> Item:
    facts: dict[str, object] = {
        "group": group.group_id,
        "last_on": group.last_on.isoformat(),
        "gap_days": plain(group.median_gap_days),
        "quantity": plain(group.quantity),
    }
    matters = COMES_BY_ITSELF if found == Band.DUE else Decimal(1)
    return Item(group.product_id, facts, group.revenue, group.margin, matters=matters)


def _share(amount: Decimal, share: Decimal) -> Decimal:
    return (amount * share).quantize(_CENT, rounding=ROUND_HALF_UP)
