"""Set-wise statements over the kept tables. The same text runs on both databases unless a helper says otherwise."""

import datetime as dt

from django.db import connection

_TOUCH_ALL = """
    INSERT INTO customers_touched (customer_id, stage, touched_at)
    SELECT id, 1, %s FROM customers_customer WHERE true ORDER BY id
    ON CONFLICT (customer_id) DO UPDATE SET stage = excluded.stage, touched_at = excluded.touched_at
"""


def touch_all(now: dt.datetime) -> int:
    """Mark all customers for the first stage; how many."""
    with connection.cursor() as cursor:
        cursor.execute(_TOUCH_ALL, [now])
        return cursor.rowcount
