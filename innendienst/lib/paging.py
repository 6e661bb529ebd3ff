"""One page of a long list: never counts further than it must, and the first page skips nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from innendienst.lib import display

COUNTED_MOST = 10_000
_NUMBER_MOST = 100_000


@dataclass(frozen=True)
class BoundedPage:
    """What partials/pager.html shows, in the words of Django's Page. `count` is a text: "10.000+" where nobody counted on."""

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


def read_page(rows: QuerySet, number: str | None, per_page: int, *, counted: QuerySet | None = None) -> BoundedPage:
    """The page called `number` (anything else is the first) by two queries: its rows and one more, and a count with an end.

    `counted` may be the same rows without what only the display needs.
    """
    page = int(number) if number and number.isdecimal() and 0 < int(number) <= _NUMBER_MOST else 1
    start = (page - 1) * per_page
    read = list(rows[start : start + per_page + 1])
    has_next = len(read) > per_page
    if page == 1 and not has_next:
        return BoundedPage(read, page, per_page, len(read), has_next)
    found = rows if counted is None else counted
    return BoundedPage(read[:per_page], page, per_page, found.order_by()[: COUNTED_MOST + 1].count(), has_next)
