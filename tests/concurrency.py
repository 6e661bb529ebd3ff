"""Two who write at the same moment, on PostgreSQL: SQLite lets one writer in at a time."""

import threading
import time
from collections.abc import Callable

from django.db import connection, transaction

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


def both(first: Callable, second: Callable) -> tuple:
    """What `first` answers, and `second`, which begins while the first has not ended."""
    answers = []

    def run() -> None:
        try:
            answers.append(second())
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    with transaction.atomic():
        answer = first()
        thread.start()
        wait_for_a_lock()
    thread.join(20)
    return answer, *answers
