"""What a recompute cannot do without: the group-bys over the order lines, and a bare COPY of the rows that it writes.

Lines are summed per month, per day and per customer. The rows go as ready text into tables with the same columns and indexes but
without foreign keys. All in processor time of this process and of the database server; start-up is not counted.
"""

import datetime as dt

from bench import recompute_floor_sqlite
from bench.cost import Cost, cost_of
from bench.product import Database, progress

_TABLES = (
    "customers_purchasemonth", "customers_purchaserhythm", "customers_customerfacts",
    "campaigns_opportunity", "campaigns_opportunityitem", "campaigns_calllistrow",
)  # fmt: skip
_COPIED_MOST = 1_000_000
"""Of longer tables so many rows are copied and counted as often as it takes."""
_LINES = "FROM customers_orderline WHERE ordered_on < %s AND status <> 'cancelled'"
_SUMS = "SUM(quantity) AS quantity, ROUND(SUM(revenue_net), 2) AS revenue, SUM(contribution_margin) AS margin, COUNT(*) AS lines_count"
_ORDERS = "COUNT(DISTINCT order_id) AS orders_count, MIN(ordered_on) AS first_on, MAX(ordered_on) AS last_on"
_GROUP_BYS = (
    f"SELECT customer_id, product_id, {{month}}, {_SUMS} {_LINES} GROUP BY 1, 2, 3",
    f"SELECT customer_id, product_id, ordered_on, {_SUMS} {_LINES} GROUP BY 1, 2, 3",
    f"SELECT customer_id, {_SUMS}, {_ORDERS} {_LINES} GROUP BY 1",
)
_READ = "SUM(quantity), SUM(revenue), SUM(margin), SUM(lines_count)"
_READ_ORDERS = "SUM(orders_count), MIN(first_on), MAX(last_on)"


def floor(database: Database, before: dt.date) -> Cost:
    """Both together, after a recompute as of that day: its rows are those that are copied."""
    from django.db import connection

    if connection.vendor == "sqlite":
        return _group_bys(database, before, recompute_floor_sqlite.MONTH) + recompute_floor_sqlite.copies(database, _TABLES)
    return _group_bys(database, before, "DATE_TRUNC('month', ordered_on)") + _copies(database)


def _group_bys(database: Database, before: dt.date, month: str) -> Cost:
    from django.db import connection

    def group() -> None:
        with connection.cursor() as cursor:
            for statement in _GROUP_BYS:
                read = f"{_READ}, {_READ_ORDERS}" if _ORDERS in statement else _READ  # nobody computes what nobody reads
                cursor.execute(f"SELECT {read} FROM ({statement.format(month=month)}) AS groups", [before])

    cost = cost_of(group, database)
    progress(f"floor: group-bys {cost.cpu:.2f} s")
    return cost


def _copies(database: Database) -> Cost:
    from django.db import connection

    total = Cost(0, 0)
    with connection.cursor() as cursor:
        for table in _TABLES:
            cursor.execute(f"SELECT COUNT(*) FROM {table}")
            share = max(1, cursor.fetchone()[0] / _COPIED_MOST)
            with cursor.copy(f"COPY (SELECT * FROM {table} LIMIT {_COPIED_MOST}) TO STDOUT") as rows:
                text = b"".join(map(bytes, rows))
            cursor.execute(f"CREATE TABLE floor_rows (LIKE {table} INCLUDING INDEXES)")
            cost = cost_of(lambda text=text: _copy(cursor, text), database) * share
            cursor.execute("DROP TABLE floor_rows")
            progress(f"floor: copy {table} {cost.cpu:.2f} s")
            total += cost
    return total


def _copy(cursor, text: bytes) -> None:
    with cursor.copy("COPY floor_rows FROM STDIN") as copy:
        copy.write(text)
