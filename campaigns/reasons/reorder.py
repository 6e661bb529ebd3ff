"""Reorder: what the customer buys regularly is due by his own rhythm (domain guide 2.1 and 6.4)."""

import datetime as dt
from decimal import Decimal

from campaigns.reasons.basis import Bought, CustomerPurchases
from campaigns.reasons.suggestions import Item, Suggestion
from customers.bands import REORDER, band

KIND = "reorder"
FALLING_BELOW = Decimal("0.7")


def suggest(purchases: CustomerPurchases) -> list[Suggestion]:
    """One suggestion with every article that is due; none while the data are so old that the sentence could be false."""
    moment = purchases.moment
    if moment.is_data_old:
        return []
    due = [
        _item(bought)
        for bought in purchases.bought.values()
        if is_due(bought, moment.data_on) and purchases.catalogue.articles[bought.product_id].is_sold_on(moment.today)
    ]
    return [Suggestion(KIND, due)] if due else []


def is_due(bought: Bought, data_on: dt.date) -> bool:
    """Whether the time since the last order has reached the usual gap, but not so far that he is gone."""
    return band(bought.last_on, bought.median_gap_days, data_on) in REORDER


def is_falling(last_quantity: Decimal, usual_quantity: Decimal) -> bool:
    """Whether the last order was more than 30 % below the usual one."""
    return last_quantity < usual_quantity * FALLING_BELOW


def _item(bought: Bought) -> Item:
    facts: dict[str, object] = {
        "last_on": bought.last_on.isoformat(),
        "gap_days": plain(bought.median_gap_days),
        "quantity": plain(bought.usual_quantity),
    }
    if is_falling(bought.last_quantity, bought.usual_quantity):
        facts["last_quantity"] = plain(bought.last_quantity)
    return Item(bought.product_id, facts, bought.usual_revenue, bought.usual_margin)


def plain(amount: Decimal) -> str:
    """The figure without trailing zeros: the same text whatever the database makes of it."""
    text = f"{amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
