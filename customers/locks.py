"""Who writes about a customer holds him first.

Lock order, everywhere: customer → opportunity → everything else. A recompute holds customer and mark and then writes kept rows;
whoever wrote a kept row first and marked the customer afterwards would wait for the recompute while it waits for him.
"""

from collections.abc import Iterable

from customers import sql


def hold(customer_id: int) -> None:
    """Lock the customer's row until the end of the transaction. Holding him again costs next to nothing."""
    sql.lock_customer(customer_id)


def hold_all(customer_ids: Iterable[int]) -> None:
    """Lock the rows of many customers, in the order of their ids, as everybody does who takes more than one."""
    ids = set(customer_ids)
    if ids:
        sql.lock_customers(list(ids))
