"""Statements over the marks of customers whose kept rows are out of date."""

import datetime as dt
from collections.abc import Sequence

from django.db import connection

from innendienst.lib.kept import among, ids_param

_TOUCH = """
    INSERT INTO customers_touched (customer_id, stage, touched_at)
    SELECT id, 1, %s FROM ({concerned}) AS concerned WHERE true ORDER BY id
    ON CONFLICT (customer_id) DO UPDATE SET stage = excluded.stage, touched_at = excluded.touched_at
"""
_EVERYBODY = "SELECT id FROM customers_customer"
_WITH_THEIR_NUMBERS = """
    SELECT id FROM customers_customer WHERE {asked}
    UNION SELECT twin.id FROM customers_customer one JOIN customers_customer twin ON twin.phone_e164 = one.phone_e164
    WHERE {one_asked} AND one.phone_e164 <> ''
"""
# Customer and mark are locked in the order in which everybody locks them; what somebody else holds is passed over.
_LOCK_MARKS = """
    SELECT touched.customer_id
    FROM customers_touched touched JOIN customers_customer customer ON customer.id = touched.customer_id
    WHERE touched.stage = %s AND touched.customer_id > %s
    ORDER BY touched.customer_id LIMIT %s {lock}
"""
_MOVE_MARKS = "UPDATE customers_touched SET stage = %s WHERE {concerned}"
_DROP_MARKS = "DELETE FROM customers_touched WHERE {concerned}"


def touch(customer_ids: Sequence[int], now: dt.datetime) -> None:
    """Mark these customers and those who share a switchboard with them for the first stage, in the order of their ids."""
    concerned, ids = _WITH_THEIR_NUMBERS.format(asked=among("id"), one_asked=among("one.id")), ids_param(customer_ids)
    _execute(_TOUCH.format(concerned=concerned), [now, ids, ids])


def touch_all(now: dt.datetime) -> int:
    """Mark all customers for the first stage; how many."""
    return _execute(_TOUCH.format(concerned=_EVERYBODY), [now])


def lock_marks(stage: int, after: int, count_most: int) -> list[int]:
    """Lock the next marked customers of a stage, after this id, until the end of the transaction; their ids."""
    lock = "FOR NO KEY UPDATE OF touched, customer SKIP LOCKED" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK_MARKS.format(lock=lock), [stage, after, count_most])
        return [customer_id for (customer_id,) in cursor.fetchall()]


def move_marks(customer_ids: Sequence[int], stage: int) -> None:
    _execute(_MOVE_MARKS.format(concerned=among("customer_id")), [stage, ids_param(customer_ids)])


def drop_marks(customer_ids: Sequence[int]) -> None:
    _execute(_DROP_MARKS.format(concerned=among("customer_id")), [ids_param(customer_ids)])


def _execute(statement: str, params: Sequence[object]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return cursor.rowcount
