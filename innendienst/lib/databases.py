"""Which of the two databases is behind the connection, for statements that each of them says in its own way."""

from django.db import connection


def is_postgresql() -> bool:
    return connection.vendor == "postgresql"


def analyze_outgrown(table: str, written: int, share: float = 1) -> bool:
    """Let PostgreSQL count a table anew when the rows written into it are that share of those it knew of, or more; whether it did.

    PostgreSQL does so by itself, but after the commit and up to a minute later. Until then it takes a table that is being filled for
    empty, and reads all of it where an index leads to a few rows.
    """
    if not is_postgresql():
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE oid = to_regclass(%s)", [table])
        (known,) = cursor.fetchone()
        if written < known * share:
            return False
        cursor.execute(f"ANALYZE {connection.ops.quote_name(table)}")
    return True
