"""What a template looks like: sections and their columns, and how a cell's text is read and shown.

A cell is stored as text in one spelling, whatever the language: "2026-12-31", "1234.50", "12", the code of a choice. "" is empty.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from functools import cached_property, lru_cache

from django.utils.formats import get_format
from django.utils.functional import Promise
from django.utils.translation import get_language

from innendienst.lib import display
from innendienst.lib.typed import NotTyped, parse_amount, parse_date

TEXT_LENGTH_MOST = 2_000

Label = str | Promise
Choices = Iterable[tuple[str, Label]]


class Kind(StrEnum):
    TEXT = "text"
    CHOICE = "choice"
    DATE = "date"
    MONEY = "money"
    COUNT = "count"
    HOURS = "hours"


NUMBERS = frozenset({Kind.MONEY, Kind.COUNT, Kind.HOURS})


class CellRefused(ValueError):
    """The text is none of what the column takes; `kind` says what it takes."""

    def __init__(self, column: "Column", text: str) -> None:
        super().__init__(text)
        self.column, self.text = column, text


@dataclass(frozen=True, eq=False)
class Column:
    """One column. `is_bound`: filled from data, never by hand. `is_fixed`: set when the row is made. `width` in characters.

    `choices` may be a function, asked once per page; of a text they are the words a new document begins with, which stay in the
    reader's language by their code until somebody writes others. `needs` names what a reader must be allowed to see; for others the
    column does not exist. `leads` are the few shown where there is no room for all. `copies_as` is what a copy for the next period
    begins with.
    """

    key: str
    title: Label
    kind: Kind = Kind.TEXT
    choices: Choices | Callable[[], Choices] = ()
    width: int = 12
    is_bound: bool = False
    is_fixed: bool = False
    needs: str = ""
    leads: bool = False
    copies_as: str = ""

    @property
    def is_free(self) -> bool:
        return not (self.is_bound or self.is_fixed)

    @property
    def is_number(self) -> bool:
        return self.kind in NUMBERS

    def options(self) -> dict[str, str]:
        """Code → label, in the reader's language."""
        chosen = self.choices() if callable(self.choices) else self.choices
        return {code: str(label) for code, label in chosen}


@dataclass(frozen=True)
class Section:
    """A table of the template. `starts_with` are the first cells of rows a new document begins with; `is_closed` takes no more.

    `takes_ideas`: whoever sells may add rows and write his own. `is_log`: its rows come from data, and stay with their period.
    """

    key: str
    title: Label
    hint: Label
    columns: tuple[Column, ...]
    starts_with: tuple[Mapping[str, Label], ...] = ()
    is_closed: bool = False
    takes_ideas: bool = False
    is_log: bool = False
    add_label: Label = ""
    empty: Label = ""
    blank_rows: int = 8

    def column(self, key: str) -> Column | None:
        return next((column for column in self.columns if column.key == key), None)


@dataclass(frozen=True)
class Template:
    """A planning template: its code in addresses, its name, its sections in order, and what a first document would be good for."""

    code: str
    title: Label
    sections: tuple[Section, ...]
    empty: Label = ""

    def section(self, key: str) -> Section | None:
        return next((section for section in self.sections if section.key == key), None)


@dataclass
class Reader:
    """Reads and shows cells for one page, in its language: choices are asked for once."""

    today: dt.date
    _options: dict[Column, dict[str, str]] = field(default_factory=dict)

    def options(self, column: Column) -> dict[str, str]:
        if column not in self._options:
            self._options[column] = column.options()
        return self._options[column]

    @cached_property
    def _language(self) -> str | None:
        return get_language()

    @cached_property
    def _decimal_mark(self) -> str:
        return get_format("DECIMAL_SEPARATOR")

    def stored(self, column: Column, typed: str) -> str:
        """The one spelling of what somebody typed, "" for nothing. Raises CellRefused."""
        text = typed.replace("\r\n", "\n").strip()
        if not text:
            return ""
        try:
            return self._spelt(column, text)
        except (NotTyped, InvalidOperation) as error:
            raise CellRefused(column, text) from error

    def _spelt(self, column: Column, text: str) -> str:
        match column.kind:
            case Kind.CHOICE:
                return self._code(column, text)
            case Kind.DATE:
                return parse_date(text, self.today).isoformat()
            case Kind.MONEY:
                sign, bare = ("-", text[1:]) if text[0] in f"-{display.MINUS}" else ("", text)
                return f"{sign}{parse_amount(bare, self._decimal_mark):.2f}"
            case Kind.HOURS:
                return format(parse_amount(text, self._decimal_mark).normalize(), "f")
            case Kind.COUNT:
                bare = text.translate({ord(mark): None for mark in ".,\u00a0\u202f "})
                if not (bare.isascii() and bare.isdecimal()) or len(bare) > 9:
                    raise NotTyped(text)
                return str(int(bare))
        if len(text) > TEXT_LENGTH_MOST or "\0" in text or any("\ud800" <= char <= "\udfff" for char in text):
            raise NotTyped(text)
        return self._code_of(column, text) or text

    def _code(self, column: Column, text: str) -> str:
        found = text if text in self.options(column) else self._code_of(column, text)
        if found is None:
            raise NotTyped(text)
        return found

    def _code_of(self, column: Column, label: str) -> str | None:
        wanted = label.casefold()
        return next((code for code, one in self.options(column).items() if one.casefold() == wanted), None) if column.choices else None

    def shown(self, column: Column, value: str) -> str:
        """The cell as a reader sees it."""
        if not value or column.kind in {Kind.TEXT, Kind.CHOICE}:
            return self.options(column).get(value, value) if column.choices else value
        return _written(column.kind, value, self._language, is_rounded=column.is_bound)

    def typed(self, column: Column, value: str) -> str:
        """The cell as it is put into a field to be changed; a choice is its code."""
        if column.kind == Kind.TEXT:
            return self.shown(column, value)
        if not value or column.kind == Kind.CHOICE:
            return value
        return _typed(column.kind, value, self._language)


@lru_cache(maxsize=5_000)
def _written(kind: Kind, value: str, _language: str | None, *, is_rounded: bool) -> str:
    """A day or a number; the same few stand in a plan for a day, whoever opens it."""
    if kind == Kind.DATE:
        return display.date(dt.date.fromisoformat(value))
    if kind == Kind.MONEY:
        amount = Decimal(value)
        return display.euros(amount, decimals=0 if is_rounded or amount == amount.to_integral_value() else 2)
    return display.number(Decimal(value)) if kind == Kind.COUNT else display.quantity(value)


@lru_cache(maxsize=5_000)
def _typed(kind: Kind, value: str, language: str | None) -> str:
    if kind == Kind.DATE:
        return f"{dt.date.fromisoformat(value):%d.%m.%Y}"
    return display.number(Decimal(value), decimals=2) if kind == Kind.MONEY else _written(kind, value, language, is_rounded=False)
