"""The order lines that fit opportunities, and the matches whose order is no longer what it was; set-wise for many customers."""

import datetime as dt
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from django.db import connection

from campaigns.models import Kind, Opportunity, OrderMatch
from innendienst.lib.kept import among, ids_param

_State = Opportunity.State
_WAITING = tuple(state for state in _State if state not in Opportunity.CLOSED)
_WANTED = (_State.INTERESTED, _State.OFFERED, _State.WON)
_UNSETTLED = (OrderMatch.State.ASKED, OrderMatch.State.REFUSED)
_CLOSING = (OrderMatch.State.TAKEN, OrderMatch.State.BOUGHT)


def _listed(values: Sequence[str]) -> str:
    return ", ".join(f"'{value.value}'" for value in values)


# Nobody who has ordered nothing since an opportunity began is looked at any further: that spares nearly all of a full run.
_MATTERS = f"""
    WITH matter AS (
        SELECT opportunity.id, opportunity.customer_id, opportunity.kind, opportunity.state, opportunity.subject_key,
            COALESCE(opportunity.talked_on, opportunity.opened_on, opportunity.suggested_on) AS since
        FROM campaigns_opportunity opportunity
        JOIN customers_customerfacts facts ON facts.customer_id = opportunity.customer_id
            AND facts.last_order_on >= COALESCE(opportunity.talked_on, opportunity.opened_on, opportunity.suggested_on)
        WHERE {{concerned}} AND opportunity.kind <> '{Kind.SATISFACTION.value}' AND (
            opportunity.state IN ({_listed(_WAITING)})
            OR (opportunity.state = '{_State.WON.value}' AND opportunity.order_number = '')
        )
    )
"""  # noqa: S608 - our own names
# SQLite keeps to the order of a CROSS JOIN; left alone it begins with every order line there is.
_SOLD = """
    SELECT matter.id, orders.number_key, orders.number, MIN(line.ordered_on), line.product_id, {is_own},
        SUM(line.quantity), ROUND(SUM(line.revenue_net), 2)
    FROM matter CROSS JOIN customers_orderline line
    {goods}
    JOIN customers_order orders ON orders.id = line.order_id
    WHERE line.customer_id = matter.customer_id AND line.ordered_on >= matter.since AND line.ordered_on < %s
        AND line.status IN ('open', 'delivered')
    GROUP BY matter.id, orders.number_key, orders.number, line.product_id
    HAVING SUM(line.quantity) > 0
"""
_OWN = _SOLD.format(
    is_own="1",
    goods=f"JOIN campaigns_opportunityitem item ON matter.kind <> '{Kind.WIN_BACK.value}' "
    "AND item.opportunity_id = matter.id AND item.product_id = line.product_id",
)
_ANY = _SOLD.format(  # whoever was to be won back came back with whatever he ordered
    is_own="1",
    goods=f"JOIN customers_product product ON matter.kind = '{Kind.WIN_BACK.value}' AND product.id = line.product_id "
    "AND NOT product.not_offered",
)
_OF_GROUP = _SOLD.format(
    is_own="0",
    goods=f"JOIN customers_product product ON matter.state IN ({_listed(_WANTED)}) AND matter.kind <> '{Kind.WIN_BACK.value}' "  # noqa: S608 - our own names
    "AND product.id = line.product_id AND matter.subject_key = 'group:' || product.group_id "
    "AND NOT EXISTS (SELECT 1 FROM campaigns_opportunityitem item "
    "WHERE item.opportunity_id = matter.id AND item.product_id = line.product_id)",
)
_UNSETTLED_MATCHES = f"""
    SELECT match.id FROM campaigns_ordermatch match
    JOIN campaigns_opportunity opportunity ON opportunity.id = match.opportunity_id
    WHERE {{concerned}} AND (
        match.state IN ({_listed(_UNSETTLED)})
        OR (match.state IN ({_listed(_CLOSING)}) AND match.ordered_on >= %s AND match.amount {{differs_from}} (
            SELECT ROUND(SUM(line.revenue_net), 2)
            FROM customers_order orders JOIN customers_orderline line ON line.order_id = orders.id
            WHERE orders.number_key = match.order_key AND line.customer_id = opportunity.customer_id
                AND line.status IN ('open', 'delivered') AND {{is_named}}
        ))
    )
"""  # noqa: S608 - our own names
_IS_NAMED_POSTGRESQL = "match.product_ids @> to_jsonb(line.product_id)"
_IS_NAMED_SQLITE = "line.product_id IN (SELECT value FROM json_each(match.product_ids))"


class Sold(NamedTuple):
    """What an order brought of one product that fits an opportunity."""

    opportunity_id: int
    order_key: str
    order_number: str
    ordered_on: dt.date
    product_id: int
    is_own: bool
    quantity: Decimal
    revenue: Decimal


def read_sold(customer_ids: Sequence[int], before: dt.date) -> Iterator[Sold]:
    """What these customers ordered before a day of what was suggested or talked about, from the day on which that began."""
    statement = _MATTERS.format(concerned=among("opportunity.customer_id")) + " UNION ALL ".join((_OWN, _ANY, _OF_GROUP))
    with connection.cursor() as cursor:
        cursor.execute(statement, [ids_param(customer_ids), before, before, before])
        yield from (_typed(row) for row in cursor.fetchall())


def read_unsettled(customer_ids: Sequence[int], since: dt.date) -> list[int]:
    """Matches that are asked about or refused, and those whose order, dated since a day, brings something else than it did."""
    is_postgresql = connection.vendor == "postgresql"
    statement = _UNSETTLED_MATCHES.format(
        concerned=among("opportunity.customer_id"),
        differs_from="IS DISTINCT FROM" if is_postgresql else "IS NOT",
        is_named=_IS_NAMED_POSTGRESQL if is_postgresql else _IS_NAMED_SQLITE,
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [ids_param(customer_ids), since])
        return [pk for (pk,) in cursor.fetchall()]


def _typed(row: Sequence) -> Sold:
    """SQLite knows neither dates nor decimals nor truth."""
    opportunity_id, key, number, day, product_id, is_own, quantity, revenue = row
    day = dt.date.fromisoformat(str(day))
    return Sold(opportunity_id, key, number, day, product_id, bool(is_own), Decimal(str(quantity)), Decimal(str(revenue)))
