"""Keeping the points of suitability by which references are sorted: when somebody rates, and every night for all of them."""

import datetime as dt
from collections.abc import Iterator, Sequence

from referrals.models import ReferenceCustomer
from referrals.standing import load_standings
from referrals.suitability import suitability

_BATCH = 500
_WHY = "a kept column"


def refresh_suitability(today: dt.date) -> int:
    """Bring the points of all references up to date: orders and answers change them, too; how many changed.

    A fixed number of queries per 500, a second run writes none.
    """
    return sum(keep_suitability(batch, today) for batch in _batches())


def keep_suitability(references: Sequence[ReferenceCustomer], today: dt.date) -> int:
    """Write the points of these references, which come with their customers; how many changed."""
    standings = load_standings([reference.customer for reference in references], today)
    changed = []
    for reference in references:
        value = suitability(standings[reference.customer_id].traits).value
        if reference.suitability != value:
            reference.suitability = value
            changed.append(reference)
    ReferenceCustomer.objects.for_system(_WHY).bulk_update(changed, ["suitability"])
    return len(changed)


def _batches() -> Iterator[list[ReferenceCustomer]]:
    """All of them by their ids: a long run keeps no cursor open over its own writes."""
    last = 0
    while batch := list(ReferenceCustomer.objects.for_system(_WHY).filter(pk__gt=last).select_related("customer").order_by("pk")[:_BATCH]):
        yield batch
        last = batch[-1].pk
