"""The floor of bench/recompute_floor.py on SQLite: the same group-bys, and bare inserts instead of COPY."""

import re
from collections.abc import Iterator, Sequence

from bench.cost import Cost, cost_of
from bench.product import progress
from bench.sqlite import Sqlite

MONTH = "SUBSTR(ordered_on, 1, 7)"
_NAMED = re.compile(r'^(CREATE (?:UNIQUE )?INDEX )"')


def copies(database: Sqlite, tables: Sequence[str]) -> Cost:
    """The rows of each table into one of the same columns and indexes, all in one go and without a foreign key being looked at."""
    from django.db import connection

    total = Cost(0, 0)
    with connection.cursor() as cursor, connection.constraint_checks_disabled():
        for table in tables:
            cursor.execute(f'SELECT * FROM "{table}"')
            rows = cursor.fetchall()
            for statement in _like(cursor, table):
                cursor.execute(statement)
            cost = cost_of(lambda rows=rows: _insert(cursor, rows), database)
            cursor.execute("DROP TABLE floor_rows")
            progress(f"floor: copy {table} {cost.cpu:.2f} s")
            total += cost
    return total


def _like(cursor, table: str) -> Iterator[str]:
    """What makes a table called floor_rows like this one, its indexes included."""
    cursor.execute("SELECT sql FROM sqlite_master WHERE tbl_name = %s AND sql IS NOT NULL ORDER BY type DESC", [table])
    for (statement,) in cursor.fetchall():
        yield _NAMED.sub(r'\1"floor_', statement).replace(f'"{table}"', '"floor_rows"')


def _insert(cursor, rows: Sequence[tuple]) -> None:
    from django.db import transaction

    if rows:
        with transaction.atomic():
            cursor.executemany(f"INSERT INTO floor_rows VALUES ({', '.join(['%s'] * len(rows[0]))})", rows)
