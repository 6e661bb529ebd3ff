"""Plain SQL of the demo: ids handed out before the rows are written."""

from collections.abc import Sequence

from django.db import connection


def reserve_ids(table: str, count: int) -> Sequence[int]:
    """`count` ids of `table` that nobody else will get. The table's name is one of our own.

    PostgreSQL's sequence gives them away for good. SQLite has no sequence to ask, but the caller's transaction holds the write
    lock, and what is inserted moves its counter along.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count])
            return [row[0] for row in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        row = cursor.fetchone()
        first = (row[0] if row else 0) + 1
        return range(first, first + count)
