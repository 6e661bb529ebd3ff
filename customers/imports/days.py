"""Dates as lists write them: 31.12.2026, 31.12.26, 2026-12-31, 20261231, or the day's number in Excel. Never a guess."""

import datetime as dt
import re

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


def day(raw: object, *, latest: dt.date | None = None, is_1904: bool = False) -> str | None:
    """The day as ISO text, None for a blank cell. It must not lie after `latest`. Times of day are dropped."""
    found = _read(raw, is_1904=is_1904)
    if found is None:
        return None
    if found < EARLIEST:
        raise CellError("date_too_early", value=shown(raw))
    if latest is not None and found > latest:
        raise CellError("date_in_future", value=f"{found:%d.%m.%Y}")
    return found.isoformat()


def _read(raw: object, *, is_1904: bool) -> dt.date | None:
    if isinstance(raw, dt.datetime):
        return raw.date()
    if isinstance(raw, dt.date):
        return raw
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


def _as_serial(typed: str, *, is_1904: bool) -> dt.date | None:
    whole = typed.split(".")[0]
    if len(whole) != 5 or not typed.replace(".", "", 1).isdecimal() or int(whole) not in _SERIALS:
        return None
    return (_EPOCH_1904 if is_1904 else _EPOCH) + dt.timedelta(days=int(whole))


def _as_text(typed: str) -> dt.date | None:
    if match := _GERMAN.fullmatch(typed):
        day_of_month, month, year = (int(part) for part in match.groups())
        return dt.date(year if year > 99 else _full_year(year), month, day_of_month)
    if match := _ISO.fullmatch(typed) or _COMPACT.fullmatch(typed):
        return dt.date(*(int(part) for part in match.groups()))
    return None


def _full_year(year: int) -> int:
    return year + (1900 if year >= _CENTURY_BEFORE_FROM else 2000)
