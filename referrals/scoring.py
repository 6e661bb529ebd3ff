"""Keeping the points by which references are sorted: when somebody rates, and every night for all of them."""

import datetime as dt
from collections.abc import Iterator, Sequence

from referrals.models import ReferenceCustomer
from referrals.standing import load_standings
from referrals.suitability import recommendation, suitability

_BATCH = 500
_WHY = "a kept column"


def refresh_points(today: dt.date) -> int:
    """Bring the points of all references up to date: orders and answers change them, too; how many changed.

    A fixed number of queries per 500, a second run writes none.
    """
    return sum(keep_points(batch, today) for batch in _batches())


def keep_points(references: Sequence[ReferenceCustomer], today: dt.date) -> int:
    """Write the points of these references, which come with their customers; how many changed. Who is not to be asked has none."""
    standings = load_standings([reference.customer for reference in references], today)
    changed = []
    for reference in references:
        standing = standings[reference.customer_id]
        points = (None, None) if standing.gates else (suitability(standing.traits).value, recommendation(standing.traits).value)
        if (reference.suitability, reference.referral_potential) != points:
            reference.suitability, reference.referral_potential = points
            changed.append(reference)
    ReferenceCustomer.objects.for_system(_WHY).bulk_update(changed, ["suitability", "referral_potential"])
    return len(changed)


def _batches() -> Iterator[list[ReferenceCustomer]]:
    """All of them by their ids: a long run keeps no cursor open over its own writes."""
    last = 0
    while batch := list(ReferenceCustomer.objects.for_system(_WHY).filter(pk__gt=last).select_related("customer").order_by("pk")[:_BATCH]):
        yield batch
        last = batch[-1].pk
