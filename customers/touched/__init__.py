"""Which customers' kept rows are out of date.

Whatever changes the basis of a customer's kept rows (orders, calls, complaints, blocks, the owner) marks him in the same
transaction; innendienst/recompute/ serves the marks and deletes them. Marking takes the row's lock also where the mark
stands already: a recompute that is just serving it waits or is waited for, so that no change slips in between.
"""

from collections.abc import Iterable, Sequence

from django.utils import timezone

from customers.models import Touched
from customers.touched import sql
from innendienst.base import jobs


def touch(customer_ids: Iterable[int]) -> None:
    """Mark these customers and ask for a refresh, both in the caller's transaction. Nobody to mark asks for nothing.

    Marked with them is whoever shares their switchboard: what keeps the one from being called keeps the other (domain guide U-7).
    Marks are set in the order of the ids, as the recompute takes them, so that the two cannot block each other.
    """
    ids = set(customer_ids)
    if not ids:
        return
    sql.touch(list(ids), timezone.now())
    jobs.request("refresh")


def touch_all() -> int:
    """Mark every customer; how many there are. Asks for nothing: whoever marks all of them serves the marks himself."""
    return sql.touch_all(timezone.now())


def lock_marked(stage: Touched.Stage, after: int, count_most: int) -> list[int]:
    """The next customers with a mark of this stage, by id, locked until the end of the transaction; who is held is passed over."""
    return sql.lock_marks(stage, after, count_most)


def move_on(customer_ids: Sequence[int]) -> None:
    """Their purchases are served: reasons come next."""
    sql.move_marks(customer_ids, Touched.Stage.REASONS)


def serve(customer_ids: Sequence[int]) -> None:
    """Nothing of theirs is out of date any more."""
    sql.drop_marks(customer_ids)
