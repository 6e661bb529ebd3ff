"""Customers who are reached at the same place as another one: grouped first, so that nobody is compared with everybody."""

from django.db import connection

from customers.duplicates.rules import REACHED_AT

_SHARING = """
    SELECT one.id, one.name, one.postcode, {reached} AS reached
    FROM customers_customer one
    JOIN (
        SELECT known.postcode, {grouped} AS reached FROM customers_customer known
        WHERE known.merged_into_id IS NULL AND known.{field} <> ''
        GROUP BY known.postcode, {grouped} HAVING COUNT(*) > 1
    ) AS shared ON shared.postcode = one.postcode AND shared.reached = {reached}
    WHERE one.merged_into_id IS NULL AND one.{field} <> ''
    ORDER BY one.id
"""


def sharing(field: str) -> list[tuple[int, str, str, str]]:
    """Id, name, postcode and the shared phone or e-mail of each such customer, in the order of their ids."""
    reached = REACHED_AT[field]
    statement = _SHARING.format(field=field, reached=reached.format(row="one"), grouped=reached.format(row="known"))
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()
