"""Many rows into a table in one go: COPY on PostgreSQL, executemany on SQLite, behind one call."""

from collections.abc import Iterable, Sequence

from django.db import connection

_BATCH = 5_000


def copy_rows(table: str, columns: Sequence[str], rows: Iterable[Sequence]) -> int:
    """Append `rows` to `table` and return how many there were. Values are Python values in the order of `columns`.

    Table and column names come from our own code, never from input. Runs inside the caller's transaction.
    """
    names = ", ".join(f'"{column}"' for column in columns)
    written = 0
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with connection.wrap_database_errors, cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
                for written, row in enumerate(rows, start=1):  # noqa: B007 - the count is the result
                    copy.write_row(row)
            return written
        statement = f'INSERT INTO "{table}" ({names}) VALUES ({", ".join(["%s"] * len(columns))})'  # noqa: S608 - names of our own
        batch: list[Sequence] = []
        for row in rows:
            batch.append(row)
            if len(batch) == _BATCH:
                cursor.executemany(statement, batch)
                written += len(batch)
                batch.clear()
        if batch:
            cursor.executemany(statement, batch)
            written += len(batch)
    return written
