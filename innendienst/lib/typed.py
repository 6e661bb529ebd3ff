"""What people type and addresses carry: dates and amounts in the spellings of an office, ids, notes. Plain rules, no Django."""

import datetime as dt
import re
from collections.abc import Iterable
from decimal import Decimal

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_POINTED = re.compile(r"(\d{1,2})\.\s*(\d{1,2})\.\s*(\d{4}|\d{2})?", re.ASCII)
_PACKED = re.compile(r"(\d{2})(\d{2})(\d{4}|\d{2})", re.ASCII)
_DAYS_ON = re.compile(r"\+\s*(\d{1,4})", re.ASCII)
_WORDS = {"heute": 0, "today": 0, "morgen": 1, "tomorrow": 1, "übermorgen": 2}
_ID_LENGTH_MOST = 19  # what has more digits is larger than the database counts
_BLANKS = str.maketrans("", "", " \u00a0\u202f€")


class NotTyped(ValueError):
    """The text cannot be read as what the field asks for."""


class NoSuchDay(NotTyped):
    """It reads like a date, but the calendar has no such day."""


class TooLarge(NotTyped):
    """It reads like an amount, but has more digits before the cents than any of ours."""


def parse_id(text: str) -> int | None:
    """An id as addresses and forms carry it; None for what cannot be one."""
    return int(text) if text.isdecimal() and len(text) < _ID_LENGTH_MOST else None


def parse_ids(texts: Iterable[str]) -> list[int]:
    """The ids among some texts, in their order."""
    return [pk for text in texts if (pk := parse_id(text)) is not None]


def first_line(text: str) -> str:
    """What a note is about, in its own words; "" for an empty one."""
    return text.strip().split("\n", 1)[0]


def parse_date(text: str, today: dt.date) -> dt.date:
    """Read 31.12.2026, 31.12.26, 31.12., 311226, 2026-12-31, "heute", "+7".

    A day without a year is the next such day from `today` on. Raises NoSuchDay for 31.02., NotTyped for anything else.
    """
    text = text.strip().lower()
    if text in _WORDS:
        return today + dt.timedelta(days=_WORDS[text])
    if found := _DAYS_ON.fullmatch(text):
        return today + dt.timedelta(days=int(found[1]))
    if found := _ISO.fullmatch(text):
        return _day(found[1], found[2], found[3])
    if found := _POINTED.fullmatch(text) or _PACKED.fullmatch(text):
        return _day(found[3], found[2], found[1]) if found[3] else _next_such_day(found[2], found[1], today)
    raise NotTyped(text)


def parse_amount(text: str, decimal_mark: str = ",") -> Decimal:
    """Read 1234,56, 1.234,56, 1.234 (a thousand), "142 €" as euros with at most two decimals.

    `decimal_mark` is the language's; the other mark groups thousands and stands where it belongs or the text is refused.
    Two digits after a lone grouping mark can only be cents and are taken as such. Raises TooLarge from a thousand million on,
    NotTyped for anything else.
    """
    bare = text.strip().translate(_BLANKS)
    group = "." if decimal_mark == "," else ","
    mark, thousands = re.escape(decimal_mark), re.escape(group)
    is_grouped = re.fullmatch(rf"\d{{1,3}}({thousands}\d{{3}})+({mark}\d{{1,2}})?", bare, re.ASCII)
    is_plain = re.fullmatch(rf"\d+({mark}\d{{1,2}})?", bare, re.ASCII)
    if is_grouped or is_plain:
        return _amount(bare.replace(group, "").replace(decimal_mark, "."))
    if re.fullmatch(rf"\d+{thousands}\d{{2}}", bare, re.ASCII):
        return _amount(bare.replace(group, "."))
    raise NotTyped(text)


def _amount(digits: str) -> Decimal:
    if len(digits.split(".")[0].lstrip("0")) > 9:
        raise TooLarge(digits)
    return Decimal(digits)


def _day(year: str, month: str, day: str) -> dt.date:
    try:
        return dt.date(int(year) + (2000 if len(year) == 2 else 0), int(month), int(day))
    except ValueError as error:
        raise NoSuchDay(f"{day}.{month}.{year}") from error


def _next_such_day(month: str, day: str, today: dt.date) -> dt.date:
    this_year = _day(str(today.year), month, day)
    return this_year if this_year >= today else _day(str(today.year + 1), month, day)
