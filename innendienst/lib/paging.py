"""One page of a long list. It never counts or skips further than it must, so that the millionth row costs nobody anything."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import IntegerField, QuerySet, Subquery
from django.db.models.lookups import GreaterThan
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
    counted_most: int

    @property
    def paginator(self) -> "BoundedPage":
        return self

    @property
    def count(self) -> str:
        return f"{display.number(self.counted_most)}+" if self.found_count > self.counted_most else display.number(self.found_count)

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
    found_count: int | None = None,
    counted_most: int | None = None,
    first: Sequence[int] | None = None,
) -> BoundedPage:
    """The page called `number` of rows in their order, and their count with an end.

    What is no number is the first page, one beyond the end the last that is counted.

    `load` turns the ids of the page's rows into what it shows, one for each; without it the rows themselves are shown. One query
    finds the ids and counts, however many rows there are. Where only the order needs other tables, `unsorted` are the same rows
    without them, and those are counted; `found_count` is their count where somebody knows it. `counted_most` is where
    counting ends; further pages are read all the same. `first` are the first ids of `found`, at least as many as are counted and a page
    more, where somebody found them faster.
    """
    last, counted_most = ROWS_REACHED_MOST // per_page, counted_most or COUNTED_MOST
    page = min(int(number), last) if number and number.isdecimal() and 0 < len(number) < 10 and int(number) else 1
    start = (page - 1) * per_page
    if first is not None and start < counted_most:
        window, found_count = first[start : start + per_page + 1], len(first)
    else:
        window, found_count = _find(found, start, per_page + 1, counted_most, unsorted, found_count)
    final = max(1, -(-min(found_count, counted_most) // per_page))
    if not window and page > final:
        return read_page(
            found, str(final), per_page, load, unsorted=unsorted, found_count=found_count, counted_most=counted_most, first=first
        )
    has_more = len(window) > per_page
    rows = (load or in_order(found))(window[:per_page])
    return BoundedPage(rows, page, per_page, found_count, has_next=has_more and page < last, counted_most=counted_most)


class _AllAtOnce(FlatValuesListIterable):
    """Fetches a thousand ids in one go; in hundreds, as Django would, takes longer than finding them."""

    def __init__(self, queryset: QuerySet, **_sizes: object) -> None:
        super().__init__(queryset, chunk_size=ROWS_REACHED_MOST)


def _find(
    found: QuerySet, start: int, most: int, counted_most: int, unsorted: QuerySet | None, found_count: int | None
) -> tuple[Sequence[int], int]:
    """The ids from `start` on, and how many there are in all; what is read to count them holds those of the first pages."""
    ids = found.values_list("pk", flat=True)
    ids._iterable_class = _AllAtOnce
    if found_count is not None:
        return list(ids[start : start + most]), found_count
    if unsorted is not None:
        counted = list(found.values_list("pk", _CountOf(_bounded(unsorted).values("pk")))[start : start + most])
        return [pk for pk, _count in counted], counted[0][1] if counted else count_bounded(unsorted)
    if start < counted_most:
        counted = list(ids[: max(counted_most + 1, start + most)])
        return counted[start : start + most], len(counted)
    rest = list(ids[start : start + most])
    return rest, counted_most + 1 if rest else count_bounded(ids)


def count_bounded(rows: QuerySet) -> int:
    """How many rows, counted to one beyond COUNTED_MOST."""
    return _bounded(rows).count()


def are_more(rows: QuerySet, most: int) -> GreaterThan:
    """Whether there are more than `most`, as a condition in another query; the database asks once, before it looks for rows."""
    return GreaterThan(_CountOf(rows.order_by()[: most + 1].values("pk")), most)


def _bounded(rows: QuerySet) -> QuerySet:
    return rows.order_by()[: COUNTED_MOST + 1]


class _CountOf(Subquery):
    """How many rows a query finds, beside each row of another: the database counts once for all of them."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()


def in_order(found: QuerySet) -> Callable[[Sequence[int]], Sequence[Any]]:
    """What loads the rows of a page as `found` does, in the order of their ids."""

    def load(ids: Sequence[int]) -> Sequence[Any]:
        rows = {row.pk: row for row in found.filter(pk__in=ids).order_by()} if ids else {}
        return [rows[pk] for pk in ids if pk in rows]

    return load
