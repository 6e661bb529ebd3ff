"""Two who write at the same moment, on PostgreSQL: SQLite lets one writer in at a time."""

import time

from django.db import connection

_WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted"


def wait_for_a_lock() -> None:
    """Return when another connection waits for what this one holds."""
    deadline = time.monotonic() + 20
    while True:
        with connection.cursor() as cursor:
            cursor.execute(_WAITING)
            if cursor.fetchone()[0]:
                return
        assert time.monotonic() < deadline
        time.sleep(0.02)
