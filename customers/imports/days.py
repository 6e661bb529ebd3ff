"""Dates as lists write them: 31.12.2026, 31.12.26, 2026-12-31, 20261231, or the day's number in Excel. Never a guess.

12/31/2026 is read where all such dates of the column exist in one order only: with a 31 in the second place somewhere it is the day.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterable
from enum import Enum
from functools import lru_cache

from customers.imports.cells import CellError, shown, words

EARLIEST = dt.date(1900, 1, 1)
_EPOCH, _EPOCH_1904 = dt.date(1899, 12, 30), dt.date(1904, 1, 1)
_SERIALS = range(10_000, 80_000)  # 1927 to 2119
_CENTURY_BEFORE_FROM = 70
_MONTHS = 12

_TIME = r"(?:[T ]\s*\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\s*(?:Uhr|Z|[+-]\d{2}:?\d{2})?)?"
_GERMAN = re.compile(rf"(\d{{1,2}})\.\s?(\d{{1,2}})\.\s?(\d{{4}}|\d{{2}}){_TIME}")
_ISO = re.compile(rf"(\d{{4}})-(\d{{1,2}})-(\d{{1,2}}){_TIME}")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_NO_YEAR = re.compile(r"\d{1,2}\.\s?(?:\d{1,2}\.|\d{2})")
_SLASHED = re.compile(rf"(\d{{1,2}})/(\d{{1,2}})/(\d{{4}}|\d{{2}}){_TIME}(?:\s*[AP]M)?", re.IGNORECASE)
_SLASHES = re.compile(rf"\d{{1,4}}/\d{{1,2}}/\d{{1,4}}{_TIME}(?:\s*[AP]M)?", re.IGNORECASE)


class Style(Enum):
    """How a list writes days."""

    GERMAN = "DD.MM.YYYY"
    GERMAN_SHORT = "DD.MM.YY"
    ISO = "YYYY-MM-DD"
    COMPACT = "YYYYMMDD"
    DAY_FIRST = "DD/MM/YYYY"
    MONTH_FIRST = "MM/DD/YYYY"
    EXCEL = "Excel date"


def _nothing() -> Iterable[object]:
    return ()


class DayColumn:
    """Reads the days of one column, none of which may lie after `latest`, and knows afterwards how they were written.

    `values` gives all its raw cells; it is asked for at most once, and only in doubt.
    """

    def __init__(self, *, latest: dt.date | None = None, is_1904: bool = False, values: Callable[[], Iterable[object]] = _nothing) -> None:
        self._latest, self._is_1904 = latest, is_1904
        self._slashed = lru_cache(maxsize=1)(lambda: slashed_style(values()))
        self._styles: dict[Style, None] = {}

    @property
    def styles(self) -> list[str]:
        """In the order in which they were met."""
        return [style.value for style in self._styles]

    def __call__(self, raw: object) -> str | None:
        """The day as ISO text, None for a blank cell. Times of day are dropped."""
        read = _read(raw, self._slashed, is_1904=self._is_1904)
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


def slashed_style(values: Iterable[object]) -> Style | None:
    """The one order in which all days with slashes exist; None where both are possible, or neither."""
    found = [match for match in map(_slashed, values) if match]
    is_day_first = all(int(match[2]) <= _MONTHS for match in found)
    is_month_first = all(int(match[1]) <= _MONTHS for match in found)
    if is_day_first == is_month_first:
        return None
    return Style.DAY_FIRST if is_day_first else Style.MONTH_FIRST


def _slashed(raw: object) -> re.Match[str] | None:
    return _SLASHED.fullmatch(words(raw)) if isinstance(raw, str) else None


def _read(raw: object, slashed: Callable[[], Style | None], *, is_1904: bool) -> tuple[dt.date, Style] | None:
    if isinstance(raw, dt.datetime):
        return raw.date(), Style.EXCEL
    if isinstance(raw, dt.date):
        return raw, Style.EXCEL
    typed = words(raw)
    if not typed:
        return None
    try:
        found = _as_serial(typed, is_1904=is_1904) or _as_text(typed) or _as_slashed(typed, slashed)
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
        return dt.date(_full_year(year), month, day_of_month), Style.GERMAN_SHORT if len(match[3]) == 2 else Style.GERMAN
    for pattern, style in ((_ISO, Style.ISO), (_COMPACT, Style.COMPACT)):
        if match := pattern.fullmatch(typed):
            return dt.date(*(int(part) for part in match.groups())), style
    return None


def _as_slashed(typed: str, slashed: Callable[[], Style | None]) -> tuple[dt.date, Style] | None:
    match = _SLASHED.fullmatch(typed)
    style = slashed() if match else None
    if match is None or style is None:
        return None
    first, second, year = (int(part) for part in match.groups())
    day_of_month, month = (first, second) if style is Style.DAY_FIRST else (second, first)
    return dt.date(_full_year(year), month, day_of_month), style


def _full_year(year: int) -> int:
    """A year of two figures is the one nearest to a business life."""
    if year > 99:
        return year
    return year + (1900 if year >= _CENTURY_BEFORE_FROM else 2000)
