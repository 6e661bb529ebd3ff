"""What the members of a campaign bought in its window, summed by the database."""

import datetime as dt

from django.db import connection

# Counted lines alone; the margin of a line whose cost is unknown is what goods of its group usually leave.
_BOUGHT = """
    SELECT line.customer_id, ROUND(SUM(line.revenue_net), 2) AS revenue,
        ROUND(SUM(COALESCE(line.contribution_margin, line.revenue_net * COALESCE(grp.assumed_cm_ratio, {ratio}))), 2) AS margin,
        COUNT(DISTINCT line.order_id) AS orders
    FROM customers_orderline line
    JOIN campaigns_campaignmember member ON member.customer_id = line.customer_id AND member.campaign_id = %s
        AND member.part <> 'excluded'
    JOIN customers_product product ON product.id = line.product_id
    LEFT JOIN customers_productgroup grp ON grp.id = product.group_id
    WHERE line.ordered_on BETWEEN %s AND %s AND line.status <> 'cancelled'
    GROUP BY line.customer_id
"""
_CLEAR = "UPDATE campaigns_campaignmember SET revenue = 0, margin = 0, orders_count = 0 WHERE campaign_id = %s AND orders_count <> 0"
_WRITE = """
    UPDATE campaigns_campaignmember SET revenue = bought.revenue, margin = bought.margin, orders_count = bought.orders
    FROM ({bought}) AS bought
    WHERE campaigns_campaignmember.campaign_id = %s AND campaigns_campaignmember.customer_id = bought.customer_id
"""
# Decimals add up to the same whatever the order of the rows, which updates change; so nothing here is turned into floating point.
_SAMPLES = """
    SELECT part, COUNT(*), SUM(margin), SUM(margin * margin), SUM(revenue),
        SUM(CASE WHEN orders_count > 0 THEN 1 ELSE 0 END)
    FROM campaigns_campaignmember WHERE campaign_id = %s AND part <> 'excluded' GROUP BY part
"""


def write_purchases(campaign_id: int, from_on: dt.date, until_on: dt.date, assumed_ratio: float) -> None:
    """Put what each member bought between two days into his row."""
    bought = _BOUGHT.format(ratio=float(assumed_ratio))
    with connection.cursor() as cursor:
        cursor.execute(_CLEAR, [campaign_id])
        cursor.execute(_WRITE.format(bought=bought), [campaign_id, from_on, until_on, campaign_id])


def read_samples(campaign_id: int) -> dict[str, tuple[int, float, float, float, int]]:
    """Part → members, sum of margins, sum of their squares, revenue, members who ordered."""
    with connection.cursor() as cursor:
        cursor.execute(_SAMPLES, [campaign_id])
        rows = cursor.fetchall()
    return {part: (count, float(total), float(squares), float(revenue), buyers) for part, count, total, squares, revenue, buyers in rows}
