"""Dates as lists write them: 31.12.2026, 31.12.26, 2026-12-31, 20261231, or the day's number in Excel. Never a guess."""

import datetime as dt
import re
from enum import Enum

from customers.imports.cells import CellError, shown, words

EARLIEST = dt.date(1900, 1, 1)
_EPOCH, _EPOCH_1904 = dt.date(1899, 12, 30), dt.date(1904, 1, 1)
_SERIALS = range(10_000, 80_000)  # 1927 to 2119
_CENTURY_BEFORE_FROM = 70

_TIME = r"(?:[T ]\s*\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\s*(?:Uhr|Z|[+-]\d{2}:?\d{2})?)?"
_GERMAN = re.compile(rf"(\d{{1,2}})\.\s?(\d{{1,2}})\.\s?(\d{{4}}|\d{{2}}){_TIME}")
_ISO = re.compile(rf"(\d{{4}})-(\d{{1,2}})-(\d{{1,2}}){_TIME}")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_NO_YEAR = re.compile(r"\d{1,2}\.\s?(?:\d{1,2}\.|\d{2})")
_SLASHES = re.compile(rf"\d{{1,4}}/\d{{1,2}}/\d{{1,4}}{_TIME}(?:\s*[AP]M)?", re.IGNORECASE)


class Style(Enum):
    """How a list writes days."""

    GERMAN = "DD.MM.YYYY"
    GERMAN_SHORT = "DD.MM.YY"
    ISO = "YYYY-MM-DD"
    COMPACT = "YYYYMMDD"
    EXCEL = "Excel date"


class DayColumn:
    """Reads the days of one column, none of which may lie after `latest`, and knows afterwards how they were written."""

    def __init__(self, *, latest: dt.date | None = None, is_1904: bool = False) -> None:
        self._latest, self._is_1904 = latest, is_1904
        self._styles: dict[Style, None] = {}

    @property
    def styles(self) -> list[str]:
        """In the order in which they were met."""
        return [style.value for style in self._styles]

    def __call__(self, raw: object) -> str | None:
        """The day as ISO text, None for a blank cell. Times of day are dropped."""
        read = _read(raw, is_1904=self._is_1904)
        if read is None:
            return None
        found, style = read
        self._styles[style] = None
        if found < EARLIEST:
            raise CellError("date_too_early", value=shown(raw))
        if self._latest is not None and found > self._latest:
            raise CellError("date_in_future", value=f"{found:%d.%m.%Y}")
        return found.isoformat()


def day(raw: object, *, latest: dt.date | None = None, is_1904: bool = False) -> str | None:
    """The day of a single cell, as ISO text."""
    return DayColumn(latest=latest, is_1904=is_1904)(raw)


def _read(raw: object, *, is_1904: bool) -> tuple[dt.date, Style] | None:
    if isinstance(raw, dt.datetime):
        return raw.date(), Style.EXCEL
    if isinstance(raw, dt.date):
        return raw, Style.EXCEL
    typed = words(raw)
    if not typed:
        return None
    try:
        found = _as_serial(typed, is_1904=is_1904) or _as_text(typed)
    except ValueError:  # 29.02.2027
        raise CellError("no_such_day", value=shown(typed)) from None
    if found is None:
        raise CellError(_what_is_wrong(typed), value=shown(typed))
    return found


def _what_is_wrong(typed: str) -> str:
    if _SLASHES.fullmatch(typed):
        return "date_order"
    return "date_without_year" if _NO_YEAR.fullmatch(typed) else "not_a_date"


def _as_serial(typed: str, *, is_1904: bool) -> tuple[dt.date, Style] | None:
    whole = typed.split(".")[0]
    if len(whole) != 5 or not typed.replace(".", "", 1).isdecimal() or int(whole) not in _SERIALS:
        return None
    return (_EPOCH_1904 if is_1904 else _EPOCH) + dt.timedelta(days=int(whole)), Style.EXCEL


def _as_text(typed: str) -> tuple[dt.date, Style] | None:
    if match := _GERMAN.fullmatch(typed):
        day_of_month, month, year = (int(part) for part in match.groups())
        is_short = len(match[3]) == 2
        return dt.date(_full_year(year) if is_short else year, month, day_of_month), Style.GERMAN_SHORT if is_short else Style.GERMAN
    for pattern, style in ((_ISO, Style.ISO), (_COMPACT, Style.COMPACT)):
        if match := pattern.fullmatch(typed):
            return dt.date(*(int(part) for part in match.groups())), style
    return None


def _full_year(year: int) -> int:
    return year + (1900 if year >= _CENTURY_BEFORE_FROM else 2000)
