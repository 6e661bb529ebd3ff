"""Win back: a customer as a whole buys no more, never came a second time, or buys far less (domain guide 2.1).

It is about the customer, not about an article; the articles inside are those he could begin with again.
"""

import datetime as dt
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

from campaigns.reasons.basis import Bought, CustomerPurchases, Figures, Moment
from campaigns.reasons.reorder import plain
from campaigns.reasons.suggestions import Item, Suggestion
from customers.bands import Band, band

KIND = "win_back"
_MONTHS = 12
_CENT = Decimal("0.01")
_KNOWN_BEFORE = dt.timedelta(days=30)


def suggest(purchases: CustomerPurchases) -> list[Suggestion]:
    """One suggestion with the first ground that holds: silence, no second order, falling revenue."""
    facts = ground(purchases.figures, purchases.moment)
    if facts is None:
        return []
    # Who buys on for less may have left some articles, else nothing can be named.
    rows = purchases.bought.values()
    left = [row for row in rows if band(row.last_on, row.median_gap_days, purchases.moment.data_on) == Band.LOST]
    items = _one_order(left if facts["why"] == "falling" else rows, purchases)
    if items:
        return [Suggestion(KIND, items, facts=facts, is_whole=True)]
    return [Suggestion(KIND, [], facts=facts, is_whole=True, revenue=_expected(purchases.figures))]


def ground(figures: Figures, moment: Moment) -> dict[str, object] | None:
    """What speaks for it, as facts of the suggestion; None where nothing does.

    Silence and a falling revenue are judged by order lines only while these are fresh. What the ERP states stands by itself.
    """
    if not figures.is_stated and moment.is_data_old:
        return None
    return _silent(figures, moment) or _no_second(figures, moment) or _falling(figures, moment)


def _silent(figures: Figures, moment: Moment) -> dict[str, object] | None:
    last_on, gap = figures.last_order_on, figures.median_gap_days
    if last_on is None or gap is None or band(last_on, gap, moment.data_on) != Band.LOST:
        return None
    if (moment.data_on - last_on).days < moment.limits.win_back_days_least:
        return None
    return {"why": "silent", "last_on": last_on.isoformat(), "gap_days": plain(gap)}


def _no_second(figures: Figures, moment: Moment) -> dict[str, object] | None:
    first_on = figures.first_order_on
    if first_on is None or first_on != figures.last_order_on:
        return None
    if figures.customer_since is not None and figures.customer_since < first_on - _KNOWN_BEFORE:
        return None  # an old customer whose earlier orders are not in the lines
    least, most = moment.limits.second_order_days
    return {"why": "no_second", "first_on": first_on.isoformat()} if least <= (moment.data_on - first_on).days <= most else None


def _falling(figures: Figures, moment: Moment) -> dict[str, object] | None:
    now, before = figures.revenue_12m, figures.revenue_before
    if before < moment.limits.falling_revenue_least or now >= before * moment.limits.falling_below:
        return None
    return {"why": "falling", "revenue": plain(now), "before": plain(before)}


def _one_order(rows: Iterable[Bought], purchases: CustomerPurchases) -> list[Item]:
    """His best articles that can still be had, as many as make up one of his usual orders."""
    limit, found, total = purchases.figures.usual_revenue or Decimal(0), [], Decimal(0)
    for row in sorted(rows, key=lambda row: (-row.usual_revenue * max(row.order_days, 1), row.product_id)):
        if not purchases.catalogue.articles[row.product_id].is_sold_on(purchases.moment.today) or row.usual_revenue <= 0:
            continue
        if found and total + row.usual_revenue > limit:
            continue
        found.append(_item(row))
        total += row.usual_revenue
    return found


def _item(row: Bought) -> Item:
    facts: dict[str, object] = {"last_on": row.last_on.isoformat(), "quantity": plain(row.usual_quantity)}
    if row.median_gap_days:
        facts["gap_days"] = plain(row.median_gap_days)
    return Item(row.product_id, facts, row.usual_revenue, row.usual_margin)


def _expected(figures: Figures) -> Decimal:
    """A usual order; where none is known, what is missing in a month."""
    if figures.usual_revenue is not None:
        return figures.usual_revenue
    return (max(figures.revenue_before - figures.revenue_12m, Decimal(0)) / _MONTHS).quantize(_CENT, rounding=ROUND_HALF_UP)
