"""One page of a long list. It never counts or skips further than it must, so that the millionth row costs nobody anything."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.db.models.query import FlatValuesListIterable

from innendienst.lib import display

COUNTED_MOST = 1_000
ROWS_REACHED_MOST = 10_000
"""Whoever has not found it by then narrows the list or turns its order round."""


@dataclass(frozen=True)
class BoundedPage:
    """What partials/pager.html shows, in the words of Django's Page. `count` is a text: "1.000+" where nobody counted on."""

    rows: Sequence[Any]
    number: int
    per_page: int
    found_count: int
    has_next: bool

    @property
    def paginator(self) -> "BoundedPage":
        return self

    @property
    def count(self) -> str:
        return f"{display.number(COUNTED_MOST)}+" if self.found_count > COUNTED_MOST else display.number(self.found_count)

    @property
    def has_previous(self) -> bool:
        return self.number > 1

    @property
    def has_other_pages(self) -> bool:
        return self.has_previous or self.has_next

    @property
    def previous_page_number(self) -> int:
        return self.number - 1

    @property
    def next_page_number(self) -> int:
        return self.number + 1

    @property
    def start_index(self) -> int:
        return (self.number - 1) * self.per_page + 1 if self.rows else 0

    @property
    def end_index(self) -> int:
        return (self.number - 1) * self.per_page + len(self.rows)


def read_page(
    found: QuerySet,
    number: str | None,
    per_page: int,
    load: Callable[[Sequence[int]], Sequence[Any]] | None = None,
    *,
    unsorted: QuerySet | None = None,
) -> BoundedPage:
    """The page called `number` (what is none is the first) of rows in their order, and their count with an end.

    `load` turns the ids of the page's rows into what it shows, one for each; without it the rows themselves are shown. One query
    finds the ids and counts, however many rows there are. Where only the order needs other tables, `unsorted` are the same rows
    without them, and a second query counts those.
    """
    last = ROWS_REACHED_MOST // per_page
    page = min(int(number), last) if number and number.isdecimal() and 0 < len(number) < 10 and int(number) else 1
    start = (page - 1) * per_page
    ids = found.values_list("pk", flat=True)
    ids._iterable_class = _AllAtOnce
    if unsorted is None:
        window, found_count = _find_and_count(ids, start, per_page + 1)
    else:
        window, found_count = list(ids[start : start + per_page + 1]), _count(unsorted)
    has_more = len(window) > per_page
    rows = (load or in_order(found))(window[:per_page])
    return BoundedPage(rows, page, per_page, found_count, has_next=has_more and page < last)


class _AllAtOnce(FlatValuesListIterable):
    """Fetches a thousand ids in one go; in hundreds, as Django would, takes longer than finding them."""

    def __init__(self, queryset: QuerySet, **_sizes: object) -> None:
        super().__init__(queryset, chunk_size=ROWS_REACHED_MOST)


def _find_and_count(ids: QuerySet, start: int, most: int) -> tuple[Sequence[int], int]:
    """The ids from `start` on, and how many there are in all; what is read to count them holds those of the first pages."""
    if start < COUNTED_MOST:
        counted = list(ids[: max(COUNTED_MOST + 1, start + most)])
        return counted[start : start + most], len(counted)
    found = list(ids[start : start + most])
    return found, COUNTED_MOST + 1 if found else _count(ids)


def _count(rows: QuerySet) -> int:
    return rows.order_by()[: COUNTED_MOST + 1].count()


def in_order(found: QuerySet) -> Callable[[Sequence[int]], Sequence[Any]]:
    """What loads the rows of a page as `found` does, in the order of their ids."""

    def load(ids: Sequence[int]) -> Sequence[Any]:
        rows = {row.pk: row for row in found.filter(pk__in=ids).order_by()} if ids else {}
        return [rows[pk] for pk in ids if pk in rows]

    return load
