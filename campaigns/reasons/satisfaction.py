"""Satisfaction: something large was delivered or something was won, and nobody has spoken with the customer since.

Source: domain guide 2.1: ten Arbeitstage afterwards. A device is what the ERP calls one, a project what was won in a talk.
"""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

from campaigns.reasons.basis import DEVICE, CustomerPurchases
from campaigns.reasons.deliveries import delivered
from campaigns.reasons.suggestions import Item, Suggestion

KIND = "satisfaction"
DAYS_MOST = 60
"""Later than that nobody needs to be asked how it arrived."""


def suggest(purchases: CustomerPurchases) -> list[Suggestion]:
    """One suggestion with everything that may be asked about, the youngest delivery of each article."""
    items = {item.product_id: item for item in (*_won(purchases), *_delivered(purchases))}
    return [Suggestion(KIND, list(items.values()))] if items else []


def _delivered(purchases: CustomerPurchases) -> Iterator[Item]:
    for product_id, days in purchases.days.items():
        article = purchases.catalogue.articles[product_id]
        if article.kind != DEVICE or not article.is_offered:
            continue
        due = [day.on for day in delivered(days) if _is_to_ask(day.on, purchases)]
        if due:
            yield _item(product_id, {"delivered_on": due[-1].isoformat()}, purchases)


def _won(purchases: CustomerPurchases) -> Iterator[Item]:
    for won in purchases.won:
        if _is_to_ask(won.won_on, purchases):
            yield _item(won.product_id, {"won_on": won.won_on.isoformat()}, purchases)


def _is_to_ask(day: dt.date, purchases: CustomerPurchases) -> bool:
    """Long enough ago, not too long, and no talk since: whoever spoke with him on a later day could have asked."""
    moment, spoken_on = purchases.moment, purchases.figures.last_contact_on
    is_time = day <= moment.asked_until and (moment.today - day).days <= DAYS_MOST
    return is_time and (spoken_on is None or spoken_on <= day)


def _item(product_id: int, facts: dict[str, object], purchases: CustomerPurchases) -> Item:
    """Worth what an order day of this customer usually brings: who is content goes on ordering."""
    figures = purchases.figures
    return Item(product_id, facts, figures.usual_revenue or Decimal(0), figures.usual_margin if figures.usual_revenue else None)
