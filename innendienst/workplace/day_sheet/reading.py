"""A filled sheet becomes rows of typed text, as if each had been typed into the call form."""

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from django.utils.formats import number_format

from customers.imports.reading import demand_list, open_sheets
from innendienst.lib.typed import NotTyped, parse_date
from innendienst.workplace.day_sheet.columns import TO_FILL, Column, places

ROWS_MOST = 500
_DAYS_ON_MOST = 366
_EPOCH_YEAR_MOST = 1901
_CLOCK = re.compile(r"(?P<day>.+?)[\s,]+(?P<time>\d{1,2}[:.]\d{2})(?:\s*Uhr)?", re.ASCII | re.IGNORECASE)


class NoDaySheet(ValueError):
    """A readable list, but none of Mein Tag: the columns are missing."""


@dataclass(frozen=True)
class FilledRow:
    """One row with something filled in; `line` is its number in Excel, `company` what to call it; `next_on` is a day as typed or in ISO."""

    line: int
    company: str
    key: str
    outcome: str
    note: str
    next_on: str
    next_time: str
    amount: str
    basis: str


def read_sheet(path: Path) -> list[FilledRow]:
    """The filled rows of the file, the first 500. Raises Refused for what is no list, NoDaySheet for a list of something else."""
    demand_list(path)
    with open_sheets(path) as sheets:
        for sheet in sheets:
            rows = _filled_rows(sheet.rows())
            if rows is not None:
                return rows
    raise NoDaySheet(path.name)


def _filled_rows(lines: Iterator[tuple[int, Sequence[object]]]) -> list[FilledRow] | None:
    """None where no row of the sheet is the header."""
    found: dict[Column, int] = {}
    rows: list[FilledRow] = []
    for line, cells in lines:
        if not found:
            found = places(cells)
            continue
        row = _row(found, line, cells)
        if row is not None and len(rows) < ROWS_MOST:
            rows.append(row)
    return rows if found else None


def _row(places_of: dict[Column, int], line: int, cells: Sequence[object]) -> FilledRow | None:
    def at(column: Column) -> object:
        index = places_of.get(column)
        return cells[index] if index is not None and index < len(cells) else None

    if not any(_text(at(column)) for column in TO_FILL):
        return None
    day, clock = _day(at(Column.NEXT))
    return FilledRow(
        line=line,
        company=_text(at(Column.COMPANY)) or _text(at(Column.NUMBER)),
        key=_text(at(Column.ROW)),
        outcome=_text(at(Column.OUTCOME)),
        note=_text(at(Column.NOTE)),
        next_on=day,
        next_time=clock,
        amount=_amount(at(Column.AMOUNT)),
        basis=_text(at(Column.BASIS)),
    )


def _text(raw: object) -> str:
    """What stands in the cell, as somebody would have typed it; whole numbers without a fraction."""
    if raw is None:
        return ""
    if isinstance(raw, float) and raw == int(raw):
        return str(int(raw))
    return str(raw).strip()


def _day(raw: object) -> tuple[str, str]:
    """Day and clock time of a follow-up. Excel makes 7 of a typed "+7", or a day of 1900: a small number is that many days on."""
    if isinstance(raw, dt.date) and raw.year <= _EPOCH_YEAR_MOST:
        first = dt.date(1899, 12, 31) if (raw.year, raw.month) < (1900, 3) else dt.date(1899, 12, 30)
        return f"+{(dt.date(raw.year, raw.month, raw.day) - first).days}", ""
    if isinstance(raw, dt.datetime):
        return raw.date().isoformat(), f"{raw:%H:%M}" if raw.time() > dt.time(0) else ""
    if isinstance(raw, dt.date):
        return raw.isoformat(), ""
    text = _text(raw)
    if text.isdecimal() and 0 < int(text) <= _DAYS_ON_MOST:
        return f"+{text}", ""
    match = _CLOCK.fullmatch(text)
    return (match["day"], match["time"].replace(".", ":")) if match else (text, "")


def _amount(raw: object) -> str:
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        return number_format(Decimal(str(raw)), 2, force_grouping=False)
    return _text(raw)


def day_as_of(text: str, day: dt.date) -> str:
    """A typed day as an ISO date, "morgen" and "+7" counted from the day of the sheet; what cannot be read stays as it is."""
    try:
        return parse_date(text, day).isoformat()
    except NotTyped:
        return text
