"""Set-wise reading of order lines for right moments: a night's work, never a page's."""

import datetime as dt
from decimal import Decimal

from django.db import connection

# One pass, nothing joined with itself: just after a list came in PostgreSQL takes the tables for empty, and such a join for short.
_LARGE_DELIVERIES = """
    INSERT INTO referrals_referencemoment (customer_id, kind, occasion_on, value, opens_on, valid_until)
    WITH recent AS (
        SELECT DISTINCT customer_id FROM customers_orderline
        WHERE ordered_on BETWEEN %(since)s AND %(until)s AND status = 'delivered'
    ), valued AS (
        SELECT customer_id, order_id, MIN(ordered_on) AS ordered_on, ROUND(SUM(revenue_net), 2) AS value
        FROM customers_orderline
        WHERE status = 'delivered' AND ordered_on BETWEEN %(compared_since)s AND %(until)s
          AND customer_id IN (SELECT customer_id FROM recent)
        GROUP BY customer_id, order_id
    ), placed AS (
        SELECT customer_id, ordered_on, value,
               ROW_NUMBER() OVER (PARTITION BY customer_id ORDER BY value DESC, order_id) AS place,
               COUNT(*) OVER (PARTITION BY customer_id) AS total
        FROM valued
    ), large AS (
        SELECT customer_id, ordered_on, value,
               ROW_NUMBER() OVER (PARTITION BY customer_id ORDER BY value DESC, ordered_on DESC) AS place
        FROM placed
        WHERE ordered_on >= %(since)s AND (value >= %(amount)s OR (total >= 10 AND place * 10 <= total))
    )
    SELECT large.customer_id, 'delivery', large.ordered_on, large.value, %(today)s, %(valid_until)s
    FROM large JOIN customers_customer customer ON customer.id = large.customer_id
    WHERE large.place = 1 AND customer.merged_into_id IS NULL AND NOT customer.is_collective
    ON CONFLICT DO NOTHING
"""


def keep_large_deliveries(
    *, today: dt.date, since: dt.date, until: dt.date, compared_since: dt.date, amount: Decimal, valid_until: dt.date
) -> int:
    """Write a moment for each customer's largest delivery in the window; how many.

    It has to be worth the amount, or to be among the largest tenth of his own deliveries.
    """
    params = {
        "today": today, "since": since, "until": until, "compared_since": compared_since, "amount": amount, "valid_until": valid_until,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_LARGE_DELIVERIES, params)
        return cursor.rowcount
