"""Last call: an article ends that the customer buys regularly, and there is still some of it (domain guide 2.1)."""

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal

from campaigns.reasons.basis import Article, Bought, CustomerPurchases
from campaigns.reasons.deliveries import standing
from campaigns.reasons.reorder import plain
from campaigns.reasons.suggestions import Item, Suggestion
from innendienst.lib.dates import add_months

KIND = "last_call"
ORDER_DAYS_LEAST = 2
MONTHS = 12
_CENT = Decimal("0.01")


def suggest(purchases: CustomerPurchases) -> list[Suggestion]:
    """One suggestion with every article that ends; none for an article whose stock is gone or not known."""
    items = [
        item
        for bought in purchases.bought.values()
        if (item := _item(bought, purchases.catalogue.articles[bought.product_id], purchases)) is not None
    ]
    return [Suggestion(KIND, items)] if items else []


def is_ending(article: Article, today: dt.date) -> bool:
    """Whether it may still be ordered, for a last time, and there is something to deliver."""
    return article.last_day is not None and article.is_sold_on(today) and article.stock is not None and article.stock > 0


def counts_since(data_on: dt.date) -> dt.date:
    """The first of the twelve months in which he must have bought it at least twice. They end with the Datenstand."""
    return add_months(data_on, -MONTHS) + dt.timedelta(days=1)


def _item(bought: Bought, article: Article, purchases: CustomerPurchases) -> Item | None:
    if not is_ending(article, purchases.moment.today):
        return None
    since = counts_since(purchases.moment.data_on)
    days = [day for day in standing(purchases.days.get(article.id, ())) if day.on >= since]
    if len(days) < ORDER_DAYS_LEAST or article.stock is None or article.last_day is None:
        return None
    proposed = min(sum((day.quantity for day in days), Decimal(0)), article.stock)
    share = proposed / bought.usual_quantity
    facts = {
        "until": article.last_day.isoformat(),
        "count": len(days),
        "quantity": plain(bought.usual_quantity),
        "stock": plain(article.stock),
        "proposed": plain(proposed),
    }
    margin = None if bought.usual_margin is None else _times(bought.usual_margin, share)
    return Item(article.id, facts, _times(bought.usual_revenue, share), margin, deadline_on=article.last_day)


def _times(amount: Decimal, share: Decimal) -> Decimal:
    return (amount * share).quantize(_CENT, rounding=ROUND_HALF_UP)
