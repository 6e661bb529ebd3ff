"""Numbers as people and programs write them. How a column writes them is found from the column, never from one cell.

"1.234" is 1234 in a German column and 1.234 in an English one. A column's style is that of its first number which can be read
in one way only; a column without any such number is read as German.
"""

import re
from collections.abc import Callable, Iterable
from decimal import Decimal, InvalidOperation
from enum import Enum

from customers.imports.cells import CellError, shown, words

_DECORATION = re.compile(r"€|\bEUR(?:O)?\b|\s", re.IGNORECASE)
_GERMAN = re.compile(r"(?:[1-9]\d{0,2}(?:\.\d{3})+|\d+)(?:,\d+)?")
_ENGLISH = re.compile(r"(?:[1-9]\d{0,2}(?:[,'’]\d{3})+|\d+)(?:\.\d+)?")
_PLAIN = re.compile(r"\d+")


class Style(Enum):
    GERMAN = "1.234,56"
    ENGLISH = "1,234.56"


class NumberColumn:
    """Reads the numbers of one column. `values` gives all its raw cells; it is asked for at most once, and only in doubt."""

    def __init__(self, places: int, digits: int, values: Callable[[], Iterable[object]]) -> None:
        self._unit = Decimal(1).scaleb(-places)
        self._limit = Decimal(10) ** digits
        self._values = values
        self._style: Style | None = None

    @property
    def styles(self) -> list[str]:
        """How the column writes its numbers, once a number has shown it."""
        return [self._style.value] if self._style else []

    def __call__(self, raw: object) -> str | None:
        """The number with its places as plain text ("1234.50"), None for a blank cell."""
        number = self._number(raw)
        if number is None:
            return None
        try:
            rounded = number.quantize(self._unit, rounding="ROUND_HALF_UP")
        except InvalidOperation:
            raise CellError("number_too_large", value=shown(raw)) from None
        if abs(rounded) >= self._limit:
            raise CellError("number_too_large", value=shown(raw))
        return str(rounded)

    def _number(self, raw: object) -> Decimal | None:
        if isinstance(raw, float):
            return Decimal(repr(raw))
        typed = words(raw)
        if not typed:
            return None
        sign, digits = split_sign(typed)
        styles = styles_of(digits)
        if not styles:
            raise CellError("not_a_number", value=shown(typed))
        if _PLAIN.fullmatch(digits):
            return Decimal(sign + digits)
        if self._style is None:
            self._style = column_style(self._values()) if len(styles) > 1 else styles[0]
        if self._style not in styles:
            raise CellError("number_style", value=shown(typed), example=self._style.value)
        return Decimal(sign + _plain(digits, self._style))


def whole(raw: object, least: int, most: int) -> int | None:
    """A whole number within bounds, None for a blank cell. "0010" and 10.0 are 10."""
    typed = words(raw)
    if not typed:
        return None
    sign, digits = split_sign(typed)
    if not _PLAIN.fullmatch(digits) or len(digits) > 18 or not least <= int(sign + digits) <= most:
        raise CellError("not_whole", value=shown(typed), least=least, most=most)
    return int(sign + digits)


def column_style(values: Iterable[object]) -> Style:
    """The style of the first number that can be read in one way only; German without one."""
    for raw in values:
        if isinstance(raw, str) and raw:
            styles = styles_of(split_sign(raw)[1])
            if len(styles) == 1:
                return styles[0]
    return Style.GERMAN


def styles_of(digits: str) -> tuple[Style, ...]:
    """In which styles these digits are a number: none, one, or both ("1.234", and every number without a separator)."""
    readings = ((Style.GERMAN, _GERMAN), (Style.ENGLISH, _ENGLISH))
    return tuple(style for style, pattern in readings if pattern.fullmatch(digits))


def split_sign(typed: str) -> tuple[str, str]:
    """The sign ("-" or "") and the rest without currency and blanks. SAP writes the minus behind, Excel a longer one."""
    bare = _DECORATION.sub("", typed).replace("\N{MINUS SIGN}", "-")
    if bare.startswith("-"):
        return "-", bare[1:]
    if bare.endswith("-"):
        return "-", bare[:-1]
    return "", bare.removeprefix("+")


def _plain(digits: str, style: Style) -> str:
    if style is Style.GERMAN:
        return digits.replace(".", "").replace(",", ".")
    return re.sub("[,'’]", "", digits)
