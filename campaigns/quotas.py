"""How the places of a day's list are shared out, so that it does not only name what would be bought anyway.

Plain rules. Each row is led by the kind that brings most of its value. Reorders may lead a part of the list at most, a part is
kept for cross-selling; places that nobody of a kind needs go to the best of the others.
"""

from collections.abc import Sequence
from typing import NamedTuple, TypeVar

REORDER, CROSS_SELL = "reorder", "cross_sell"


class Shares(NamedTuple):
    """Parts of the list, 0 to 1: what reorders may lead at most, and what is kept for cross-selling."""

    reorder_most: float
    cross_sell_least: float


Row = TypeVar("Row")


def choose(rows: Sequence[tuple[str, Row]], places: int, length: int, shares: Shares) -> list[Row]:
    """The rows for the free `places` of a list of `length`, out of rows (lead, row) that come best first, in the same order."""
    reorder_most = min(round(length * shares.reorder_most), places)
    kept = min(round(length * shares.cross_sell_least), places)
    cross_sells = [place for place, (lead, _row) in enumerate(rows) if lead == CROSS_SELL][:kept]
    taken, reorders_count = set(cross_sells), 0
    for place, (lead, _row) in enumerate(rows):
        if len(taken) >= places:
            break
        if place in taken or (lead == REORDER and reorders_count >= reorder_most):
            continue
        reorders_count += lead == REORDER
        taken.add(place)
    left = (place for place in range(len(rows)) if place not in taken)
    while len(taken) < places and (place := next(left, None)) is not None:
        taken.add(place)
    return [row for place, (_lead, row) in enumerate(rows) if place in taken]
