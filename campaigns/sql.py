"""The kept tables of this app as innendienst/lib/kept.py writes them, and the purchases that suggestions are learnt from."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from json import dumps
from typing import NamedTuple

from django.db import connection

from campaigns.models import Opportunity
from campaigns.reasons.basis import Limits
from innendienst.lib.kept import KeptTable, among, ids_param

SUGGESTIONS = KeptTable(
    "campaigns_opportunity",
    key=["customer_id", "kind", "subject_key"],
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
    values=["owner_id", "rank_value", "lead", "kinds", "callable_from"],
)
WIN_RATES = KeptTable(
    "campaigns_winrate",
    key=["kind", "abc_class"],
    values=["wins_count", "closed_count"],
)
NEEDS = KeptTable(
    "campaigns_learnedneed",
    key=["customer_id", "product_id"],
    values=["need", "because_id", "together_count", "owners_count", "lift"],
)
MEAN_NEEDS = KeptTable("campaigns_meanneed", key=["kind"], values=["mean"])

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

# A pair speaks for an article where `reasons/cross_sell.py` would name it.
_MEANS = """
    WITH means AS (
        SELECT AVG(CASE WHEN because_id IS NULL THEN need END) AS again, AVG(CASE WHEN because_id IS NOT NULL THEN need END) AS fresh
        FROM {needs}
    )
    SELECT 'again', again FROM means
    UNION ALL SELECT 'new', fresh FROM means
    UNION ALL SELECT 'pair', AVG(need) FROM {needs}, means
    WHERE lift >= %s AND together_count >= %s AND together_count >= owners_count * %s AND need >= fresh * %s
"""

# The single days of some products of some customers, each within days of its own.
_DAYS = """
    SELECT wanted.customer_id, wanted.product_id, line.ordered_on,
        SUM(CASE WHEN line.status = 'credit' AND line.quantity > 0 THEN 0 ELSE line.quantity END),
        SUM(CASE WHEN line.status = 'delivered' AND line.quantity > 0 THEN line.quantity ELSE 0 END)
    FROM {wanted} JOIN customers_orderline line
        ON line.customer_id = wanted.customer_id AND line.product_id = wanted.product_id
        AND line.ordered_on >= wanted.since AND line.ordered_on <= wanted.until
    WHERE line.status <> 'cancelled'
    GROUP BY wanted.customer_id, wanted.product_id, line.ordered_on
    ORDER BY wanted.customer_id, wanted.product_id, line.ordered_on
"""
_WANTED_POSTGRESQL = """
    unnest(%s::bigint[], %s::bigint[], %s::date[], %s::date[]) AS wanted (customer_id, product_id, since, until)
"""
_WANTED_SQLITE = """
    (SELECT json_extract(value, '$[0]') AS customer_id, json_extract(value, '$[1]') AS product_id,
        json_extract(value, '$[2]') AS since, json_extract(value, '$[3]') AS until FROM json_each(%s)) AS wanted
"""
# Groups of which a customer buys at least three times, but no article in a rhythm of its own.
_CHANGING_GROUPS = """
    SELECT rhythm.customer_id, product.group_id
    FROM customers_purchaserhythm rhythm JOIN customers_product product ON product.id = rhythm.product_id
    WHERE {concerned} AND product.group_id IS NOT NULL AND NOT product.not_offered
    GROUP BY rhythm.customer_id, product.group_id
    HAVING COUNT(rhythm.median_gap_days) = 0 AND SUM(rhythm.order_days) >= 3
"""


def read_mean_needs(needs: str, limits: Limits) -> list[tuple[str, Decimal]]:
    """Kind and mean of the rows in the table `needs`, kinds without rows left out."""
    params = [limits.lift_least, limits.together_least, limits.share_least, limits.need_least]
    if connection.vendor == "sqlite":
        params = [float(each) for each in params]  # it would compare a text
    with connection.cursor() as cursor:
        cursor.execute(_MEANS.format(needs=needs), params)
        return [(kind, Decimal(mean)) for kind, mean in cursor.fetchall() if mean is not None]


class Wanted(NamedTuple):
    """Days of a product that a rule asks for, both ends included."""

    customer_id: int
    product_id: int
    since: dt.date
    until: dt.date


def suggestions_of(today: dt.date) -> KeptTable:
    """Suggestions, new ones made today."""
    return replace(
        SUGGESTIONS,
        born_with={
            "state": Opportunity.State.SUGGESTED.value,
            "suggested_on": today,
            "tries_count": 0,
            "lost_reason": "",
            "order_number": "",
            "is_bought_unasked": False,
            "version": 1,
        },
    )


def read_days(wanted: Sequence[Wanted]) -> Iterator[tuple[int, int, dt.date, Decimal, Decimal]]:
    """Customer, product, day, quantity with that day's returns deducted, and delivered quantity, in this order."""
    is_postgresql = connection.vendor == "postgresql"
    params = [list(column) for column in zip(*wanted, strict=True)] if is_postgresql else [dumps(wanted, default=str)]
    with connection.cursor() as cursor:
        cursor.execute(_DAYS.format(wanted=_WANTED_POSTGRESQL if is_postgresql else _WANTED_SQLITE), params)
        yield from cursor if is_postgresql else map(_typed, cursor)


def read_changing_groups(customer_ids: Sequence[int]) -> list[tuple[int, int]]:
    """Customer and group of goods that he buys repeatedly, none of its articles in a rhythm."""
    with connection.cursor() as cursor:
        cursor.execute(_CHANGING_GROUPS.format(concerned=among("rhythm.customer_id")), [ids_param(customer_ids)])
        return list(cursor)


def _typed(row: tuple) -> tuple:
    """SQLite knows no decimals, and dates only where it reads them from a table."""
    customer_id, product_id, day, *amounts = row
    return customer_id, product_id, dt.date.fromisoformat(str(day)), *(Decimal(str(amount)) for amount in amounts)


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
