"""Set-wise statements over the kept tables. The same text runs on both databases unless a helper says otherwise."""

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal

from django.db import connection
from django.db.models import DateField

from customers.models.companies import AbcClass
from customers.yearly import Yearly
from innendienst.lib.kept import KeptTable, among, given, ids_param

MONTHS = KeptTable(
    "customers_purchasemonth",
    key=["customer_id", "product_id", "month"],
    values=["quantity", "revenue_net", "contribution_margin", "lines_count"],
)
RHYTHMS = KeptTable(
    "customers_purchaserhythm",
    key=["customer_id", "product_id"],
    values=[
        "first_on", "last_on", "order_days", "median_gap_days",
        "usual_quantity", "last_quantity", "usual_revenue", "usual_margin", "recent_on",
    ],
)  # fmt: skip
FACTS = KeptTable(
    "customers_customerfacts",
    key=["customer_id"],
    values=[*Yearly._fields, "last_contact_on", "open_complaints_count"],
    born_with={
        "abc_class": AbcClass.C,
        "recency_grade": 1,
        "frequency_grade": 1,
        "money_grade": 1,
        "value_parts": "{}",
        "churn_band": "",
    },
)
SCALES = KeptTable("customers_scorescale", key=["measure"], values=["points"])
DEMAND = KeptTable(
    "customers_productdemand",
    key=["product_id"],
    values=["buyers_count", "usual_quantity", "usual_revenue", "usual_margin"],
)
INDUSTRIES = KeptTable("customers_industrysum", key=["industry"], values=["customers_count", "revenue_12m"])

_WORDS_KNOWN = 1_000
_SCORE_COLUMNS = (
    "abc_class", "recency_grade", "frequency_grade", "money_grade", "customer_value", "value_parts", "churn_band",
)  # fmt: skip

_LOCK = "SELECT 1 FROM customers_customer WHERE {concerned} ORDER BY id FOR NO KEY UPDATE"
# Returns count against their own day, cancelled lines never. A credit of money alone may carry a positive quantity: nothing
# was bought with it. A margin is known where that of every line is.
_DAYS = """
    CREATE TEMPORARY TABLE staged_days AS
    SELECT customer_id, product_id, ordered_on,
        ROUND(SUM(CASE WHEN status = 'credit' AND quantity > 0 THEN 0 ELSE quantity END), 3) AS quantity,
        ROUND(SUM(revenue_net), 2) AS revenue,
        CASE WHEN COUNT(contribution_margin) = COUNT(*) THEN ROUND(SUM(contribution_margin), 2) END AS margin,
        COUNT(*) AS lines_count,
        COUNT(*) OVER (PARTITION BY customer_id, product_id) AS days_count
    FROM customers_orderline
    WHERE {concerned} AND ordered_on < %s AND status <> 'cancelled'
    GROUP BY customer_id, product_id, ordered_on
"""
_SUM_MONTHS = """
    INSERT INTO {into} ({columns})
    SELECT customer_id, product_id, {month}, ROUND(SUM(quantity), 3), ROUND(SUM(revenue), 2),
        CASE WHEN COUNT(margin) = COUNT(*) THEN ROUND(SUM(margin), 2) END, SUM(lines_count)
    FROM {days}
    GROUP BY customer_id, product_id, {month}
"""
# What the rules of customers/rhythm.py make of a single order day: all usual figures are those of the day.
_RHYTHMS_OF_ONE_DAY = """
    INSERT INTO {into} ({columns})
    SELECT customer_id, product_id, ordered_on, ordered_on, CASE WHEN ordered_on >= %s THEN 1 ELSE 0 END, NULL,
        quantity, quantity, revenue, margin, {array}(ordered_on)
    FROM {days}
    WHERE days_count = 1 AND quantity > 0
"""
_READ_SEVERAL_DAYS = """
    SELECT customer_id, product_id, ordered_on, quantity, revenue, margin FROM {days}
    WHERE days_count > 1
    ORDER BY customer_id, product_id, ordered_on
"""
_ORDER_DAYS = """
    SELECT customer_id, COUNT(DISTINCT order_id) FILTER (WHERE status IN ('open', 'delivered') AND quantity > 0), ordered_on,
        ROUND(SUM(revenue_net), 2), CASE WHEN COUNT(contribution_margin) = COUNT(*) THEN ROUND(SUM(contribution_margin), 2) END
    FROM customers_orderline
    WHERE {concerned} AND ordered_on < %s AND status <> 'cancelled'
    GROUP BY customer_id, ordered_on
    ORDER BY customer_id, ordered_on
"""
# Equal customers share the better class: what counts is the sum of those before them plus one of them. The class that the
# ERP states stands while a customer has no order line.
# One pass without a join of its own result: SQLite would walk through all of it for each customer. Who does not count has no worth.
_CLASSIFY = """
    UPDATE customers_customerfacts SET abc_class = found.abc_class
    FROM (
        WITH figures AS (
            SELECT facts.customer_id, facts.is_stated, customer.stated_abc_class,
                NOT customer.is_collective AND customer.merged_into_id IS NULL AS counts,
                COALESCE(facts.margin_12m, ROUND(facts.revenue_12m * CAST(%s AS numeric), 2)) AS figure
            FROM customers_customerfacts facts JOIN customers_customer customer ON customer.id = facts.customer_id
        ), worths AS MATERIALIZED (
            SELECT customer_id, is_stated, stated_abc_class, CASE WHEN counts AND figure > 0 THEN figure END AS worth FROM figures
        ), ranked AS (
            SELECT customer_id, is_stated, stated_abc_class, worth, SUM(worth) OVER () AS total, COALESCE(SUM(worth) OVER (
                ORDER BY COALESCE(worth, 0) DESC GROUPS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS better
            FROM worths
        )
        SELECT customer_id, CASE
            WHEN is_stated AND stated_abc_class <> '' THEN stated_abc_class
            WHEN worth IS NULL THEN 'C'
            WHEN better = 0 OR better + worth <= total * CAST(%s AS numeric) THEN 'A'
            WHEN better + worth <= total * CAST(%s AS numeric) THEN 'B'
            ELSE 'C' END AS abc_class
        FROM ranked
    ) AS found
    WHERE found.customer_id = customers_customerfacts.customer_id AND found.abc_class <> customers_customerfacts.abc_class
"""

_SUM_INDUSTRIES = """
    INSERT INTO {into} ({columns})
    SELECT industry, COUNT(*), COALESCE(ROUND(SUM(facts.revenue_12m), 2), 0)
    FROM customers_customer customer LEFT JOIN customers_customerfacts facts ON facts.customer_id = customer.id
    WHERE industry <> '' AND merged_into_id IS NULL AND NOT is_inactive AND lifecycle <> 'lead'
    GROUP BY industry
"""
_SET_SCORES = """
    UPDATE customers_customerfacts SET {columns}, scored_on = %s
    FROM {source}
    WHERE {found}.customer_id = customers_customerfacts.customer_id AND ({differs} OR customers_customerfacts.scored_on IS NULL)
"""
# How much of what he buys in a rhythm has reached which band; a product weighs what it brought in the window.
_BANDS = """
    SELECT customer_id, SUM(weight), SUM(CASE WHEN late >= 1.0 THEN weight ELSE 0 END),
        SUM(CASE WHEN late >= 1.5 THEN weight ELSE 0 END), SUM(CASE WHEN late > 2.5 THEN weight ELSE 0 END)
    FROM (
        SELECT customer_id, usual_revenue * order_days AS weight, {days} * 1.0 / median_gap_days AS late
        FROM customers_purchaserhythm
        WHERE {concerned} AND median_gap_days > 0
    ) AS products
    GROUP BY customer_id
"""


def lock_customer(customer_id: int) -> None:
    """Lock the row until the end of the transaction. On SQLite the transaction holds everything already."""
    if connection.features.has_select_for_no_key_update:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM customers_customer WHERE id = %s FOR NO KEY UPDATE", [customer_id])


def lock_customers(customer_ids: Sequence[int]) -> None:
    """Lock these rows until the end of the transaction, in the order of their ids."""
    if connection.features.has_select_for_no_key_update:
        _execute(_LOCK.format(concerned=among("id")), [ids_param(customer_ids)])


@contextmanager
def staged_days(customer_ids: Sequence[int], before: dt.date) -> Iterator[str]:
    """The name of a temporary table with what these customers bought per product and day before that day."""
    _execute(_DAYS.format(concerned=among("customer_id")), [ids_param(customer_ids), before])
    yield "staged_days"
    _execute("DROP TABLE staged_days")


def sum_months(days: str, into: str) -> int:
    """Add up staged days to calendar months; how many rows."""
    return _execute(_SUM_MONTHS.format(days=days, into=into, columns=", ".join(MONTHS.columns), month=_month("ordered_on")))


def rhythms_of_one_day(days: str, since: dt.date, into: str) -> int:
    """The rhythms of what a customer bought on a single day; how many rows. `since` is the first day of the window."""
    array = "JSONB_BUILD_ARRAY" if connection.vendor == "postgresql" else "JSON_ARRAY"
    return _execute(_RHYTHMS_OF_ONE_DAY.format(days=days, into=into, columns=", ".join(RHYTHMS.columns), array=array), [since])


def read_several_days(days: str) -> Iterator[tuple[int, int, dt.date, Decimal, Decimal, Decimal | None]]:
    """The staged days of what a customer bought on more than one, in the order of customer, product and day."""
    with connection.cursor() as cursor:
        cursor.execute(_READ_SEVERAL_DAYS.format(days=days))
        yield from cursor.fetchall() if connection.vendor == "postgresql" else map(_typed, cursor)


def read_order_days(customer_ids: Sequence[int], before: dt.date) -> Iterator[tuple[int, int, dt.date, Decimal, Decimal | None]]:
    """Customer, number of orders, day, revenue and margin with returns deducted, in the order of customer and day."""
    with connection.cursor() as cursor:
        cursor.execute(_ORDER_DAYS.format(concerned=among("customer_id")), [ids_param(customer_ids), before])
        yield from cursor.fetchall() if connection.vendor == "postgresql" else map(_typed, cursor)


def last_order_on() -> dt.date | None:
    """The Datenstand as it was written down, None before the first order list. Every page shows it, so no query builder."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT last_order_on FROM customers_datastate WHERE last_order_on IS NOT NULL")
        row = cursor.fetchone()
    return DateField().to_python(row[0]) if row else None


def know_common_words(**_signal: object) -> None:
    """Let PostgreSQL remember how often the thousand commonest search words occur, not a hundred; changes nothing where it does.

    A surname stands with thousands of customers and is still not among the hundred commonest words: taken for rare, it is looked
    up customer by customer, which takes five times as long. SQLite has nothing to set.
    """
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT attstattarget FROM pg_attribute WHERE attrelid = to_regclass('customers_searchtoken') AND attname = 'token'")
        found = cursor.fetchone()
        if found and found[0] != _WORDS_KNOWN:
            cursor.execute(f"ALTER TABLE customers_searchtoken ALTER token SET STATISTICS {_WORDS_KNOWN}")


def classify(assumed_cm_ratio: float, a_share: float, b_share: float) -> int:
    """Give every customer his ABC class; how many changed."""
    if connection.vendor == "postgresql":  # after a first import the planner takes the table for empty, and ranks all once per customer
        _execute("ANALYZE customers_customerfacts")
    return _execute(_CLASSIFY, [assumed_cm_ratio, a_share, b_share])


def sum_industries(into: str) -> int:
    """Add up all customers to their industries; how many rows."""
    return _execute(_SUM_INDUSTRIES.format(into=into, columns=", ".join(INDUSTRIES.columns)))


def set_scores(rows: Sequence[Sequence], today: dt.date) -> int:
    """Write scores (customer, then `_SCORE_COLUMNS`) where they differ, with the day since which they are so; how many."""
    with given(KeptTable("customers_customerfacts", key=["customer_id"], values=_SCORE_COLUMNS), rows) as source:
        found = source.name
        differs = " OR ".join(f"{found}.{column} IS DISTINCT FROM customers_customerfacts.{column}" for column in _SCORE_COLUMNS)
        columns = ", ".join(f"{column} = {found}.{column}" for column in _SCORE_COLUMNS)
        statement = _SET_SCORES.format(columns=columns, source=source.text, found=found, differs=differs)
        return _execute(statement, [today, *source.params])


def read_bands(customer_ids: Sequence[int], as_of: dt.date) -> Iterator[tuple[int, float, float, float, float]]:
    """Customer, weight of all products with a rhythm, and of those that are due, overdue and lost at least."""
    days = "(CAST(%s AS date) - last_on)" if connection.vendor == "postgresql" else "(JULIANDAY(%s) - JULIANDAY(last_on))"
    with connection.cursor() as cursor:
        cursor.execute(_BANDS.format(days=days, concerned=among("customer_id")), [as_of, ids_param(customer_ids)])
        yield from cursor


def _typed(row: tuple) -> tuple:
    """Two figures, a day and amounts: SQLite knows no decimals, and dates only where it reads them from a table."""
    customer_id, other, day, *amounts = row
    return (customer_id, other, dt.date.fromisoformat(str(day)), *(None if x is None else Decimal(str(x)) for x in amounts))


def _month(column: str) -> str:
    """The first day of the month of a date column."""
    if connection.vendor == "postgresql":
        return f"DATE_TRUNC('month', {column})::date"
    return f"STRFTIME('%Y-%m-01', {column})"


def _execute(statement: str, params: Sequence[object] | None = None) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return cursor.rowcount
