"""The kept tables of this app as innendienst/lib/kept.py writes them, and the purchases that suggestions are learnt from."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

from django.db import connection

from campaigns.models import Opportunity
from innendienst.lib.kept import KeptTable

SUGGESTIONS = KeptTable(
    "campaigns_opportunity",
    key=["customer_id", "kind"],
    values=[
        "owner_id", "facts", "rank_value", "expected_revenue", "expected_margin", "p_win", "urgency", "deadline_on",
    ],
    only=f"state = '{Opportunity.State.SUGGESTED.value}'",
)  # fmt: skip
ITEMS = KeptTable(
    "campaigns_opportunityitem",
    key=["opportunity_id", "product_id"],
    values=["position", "facts", "expected_revenue", "expected_margin"],
)
CALL_LIST = KeptTable(
    "campaigns_calllistrow",
    key=["customer_id"],
    values=["owner_id", "rank_value", "kinds", "callable_from"],
)
WIN_RATES = KeptTable(
    "campaigns_winrate",
    key=["kind", "abc_class"],
    values=["wins_count", "closed_count"],
)

_ROWS = 10_000
# Returns count against their own day, cancelled lines never; a credit of money alone buys nothing, nor does a gift.
_PURCHASE_DAYS = """
    SELECT line.customer_id, line.product_id, {day},
        CAST(SUM(CASE WHEN line.status = 'credit' AND line.quantity > 0 THEN 0 ELSE line.quantity END) AS {number}),
        CAST(SUM(line.revenue_net) AS {number})
    FROM customers_orderline line
    JOIN customers_customer customer ON customer.id = line.customer_id
    JOIN customers_product product ON product.id = line.product_id
    WHERE line.ordered_on < %s AND line.status <> 'cancelled'
        AND NOT customer.is_collective AND customer.merged_into_id IS NULL AND NOT product.not_offered
    GROUP BY line.customer_id, line.product_id, line.ordered_on
    HAVING SUM(CASE WHEN line.status = 'credit' AND line.quantity > 0 THEN 0 ELSE line.quantity END) > 0 AND SUM(line.revenue_net) > 0
"""


def suggestions_of(today: dt.date) -> KeptTable:
    """Suggestions, new ones made today."""
    return replace(
        SUGGESTIONS,
        born_with={
            "state": Opportunity.State.SUGGESTED.value,
            "subject_key": "-",
            "suggested_on": today,
            "tries_count": 0,
            "lost_reason": "",
            "order_number": "",
            "version": 1,
        },
    )


def read_purchase_days(before: dt.date) -> Iterator[tuple[int, int, int, float, float]]:
    """Customer, product, day since 1970, quantity and revenue before that day, in no order, a few thousand rows in memory at a time."""
    if connection.vendor == "postgresql":
        day, number = "line.ordered_on - DATE '1970-01-01'", "DOUBLE PRECISION"
    else:
        day, number = "CAST(JULIANDAY(line.ordered_on) - JULIANDAY('1970-01-01') AS INTEGER)", "REAL"
    with connection.chunked_cursor() as cursor:
        cursor.execute(_PURCHASE_DAYS.format(day=day, number=number), [before])
        while rows := cursor.fetchmany(_ROWS):
            yield from rows
