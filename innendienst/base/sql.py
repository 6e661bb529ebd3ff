"""Plain SQL of what every request reads: Django's query builder would take three times as long over it (docs/performance.md)."""

import datetime as dt
import json

from django.db import connection


def session_data(session_key: str | None, now: dt.datetime) -> str | None:
    """What a session holds, still signed; None when there is none or it has ended."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > %s",
            [session_key, connection.ops.adapt_datetimefield_value(now)],
        )
        row = cursor.fetchone()
    return row[0] if row else None


def stored_preferences() -> list[tuple[str, str, object]]:
    """(section, key, value) of every deviation from the defaults."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT section, key, value FROM base_preference")
        return [(section, key, json.loads(value)) for section, key, value in cursor.fetchall()]
