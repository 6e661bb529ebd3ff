"""Set-wise keeping of what surveys know about customers. The same text runs on both databases."""

import datetime as dt
from collections.abc import Sequence

from django.db import connection

from innendienst.lib.kept import among, ids_param

_KEEP_PRAISE = """
    UPDATE customers_customer SET praised_on = ({last})
    WHERE {concerned} AND praised_on IS DISTINCT FROM ({last})
"""
_LAST = """
    SELECT MAX(answer.answered_on)
    FROM nps_response answer JOIN nps_surveywave wave ON wave.id = answer.wave_id
    WHERE answer.customer_id = customers_customer.id AND answer.rating >= %s AND answer.invalid_reason = '' AND wave.shows_names
"""
_ANSWERING = "(praised_on IS NOT NULL OR id IN (SELECT customer_id FROM nps_response WHERE rating >= %s AND customer_id IS NOT NULL))"


def keep_praise(customer_ids: Sequence[int], rating_least: int) -> int:
    """Write the day of the last praise of these customers where it differs; how many."""
    return _execute(_KEEP_PRAISE.format(last=_LAST, concerned=among("id")), [rating_least, ids_param(customer_ids), rating_least])


def write_praise(customer_id: int, day: dt.date) -> int:
    """Write the day of the last praise of a customer for whom it is known."""
    return _execute("UPDATE customers_customer SET praised_on = %s WHERE id = %s", [day, customer_id])


def keep_all_praise(rating_least: int) -> int:
    """The same for everybody who praised us or is said to have done so."""
    return _execute(_KEEP_PRAISE.format(last=_LAST, concerned=_ANSWERING), [rating_least, rating_least, rating_least])


def _execute(statement: str, params: Sequence[object]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return cursor.rowcount
