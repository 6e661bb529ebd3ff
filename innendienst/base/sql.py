"""Plain SQL of what every request reads: Django's query builder would take three times as long over it (docs/performance.md)."""

import datetime as dt
import json

from django.db import connection

Stored = list[tuple[str, str, object]]
"""(section, key, value) of every preference that deviates from its default."""

_SESSION_AND_PREFERENCES = (
    "SELECT (SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > %s), (SELECT {} FROM base_preference)"
)
_LISTED = {
    "postgresql": "jsonb_agg(jsonb_build_array(section, key, value))",
    "sqlite": "json_group_array(json_array(section, key, json(value)))",
}


def session_and_preferences(session_key: str | None, now: dt.datetime) -> tuple[str | None, Stored]:
    """What a session holds, still signed, None when there is none or it has ended; and the preferences, on the same journey."""
    with connection.cursor() as cursor:
        cursor.execute(
            _SESSION_AND_PREFERENCES.format(_LISTED[connection.vendor]),
            [session_key, connection.ops.adapt_datetimefield_value(now)],
        )
        held, listed = cursor.fetchone()
    return held, [(section, key, value) for section, key, value in json.loads(listed or "[]")]


def stored_preferences() -> Stored:
    with connection.cursor() as cursor:
        cursor.execute("SELECT section, key, value FROM base_preference")
        return [(section, key, json.loads(value)) for section, key, value in cursor.fetchall()]
