"""The rows of the day in finished texts, as the template tag `rows` wants them."""

from typing import NamedTuple

from django.utils.safestring import SafeString

from innendienst.workplace.addresses import day_url
from innendienst.workplace.chips import chips_markup
from innendienst.workplace.day.load import DayRow

_CURRENT = SafeString(' aria-current="true"')


class RowView(NamedTuple):
    """`reason_id` is the best reason, 0 without one; `looks` are more classes of the row."""

    pk: int
    url: str
    name: str
    current: SafeString
    looks: str
    value: str
    who: str
    last: str
    chips: SafeString
    reason_id: int


def row_views(rows: list[DayRow], chosen_id: int | None, kind: str) -> list[RowView]:
    return [_view(row, chosen_id, kind) for row in rows]


def _view(row: DayRow, chosen_id: int | None, kind: str) -> RowView:
    pk = row.customer.pk
    looks = (" is-late" if row.is_late else " is-timed" if row.promised else "") + ("" if row.opportunities else " without-reason")
    return RowView(
        pk=pk, url=day_url(pk, kind), name=row.customer.name, current=_CURRENT if pk == chosen_id else SafeString(""), looks=looks,
        value=row.value, who=row.who, last=row.last_text, chips=chips_markup(tuple(row.chips)),
        reason_id=row.opportunities[0].pk if row.opportunities else 0,
    )  # fmt: skip
