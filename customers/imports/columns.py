"""How a list is declared: its columns with their headings and the cleaners of their cells, and what follows from them."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

from django.utils.translation import get_language

from customers.imports import amounts, cells, days
from customers.imports.cells import CellError, Words

SMALLINT_MOST, INT_MOST = 32_767, 2_147_483_647

Parse = Callable[[object], object]


@dataclass(frozen=True)
class Look:
    """What a cleaner may ask: the day, how the file counts days, and the raw cells of its whole column."""

    today: dt.date
    is_1904: bool
    values: Callable[[], Iterable[object]]


Maker = Callable[[Look], Parse]
Watch = Callable[[Iterable[object]], None]


@dataclass(frozen=True)
class Column:
    """A column that a list may have. The first heading is the German one, by which messages call it, the second the English one.

    `vague` headings could mean something else too: they count where no other heading of the file means this field. Required
    columns must be there, and each of their cells must hold something unless `may_be_blank`. `watch` is shown all raw cells, batch by
    batch, where the maker's reader sees equal ones only once.
    """

    field: str
    maker: Maker
    headings: tuple[str, ...]
    vague: tuple[str, ...] = ()
    is_required: bool = False
    may_be_blank: bool = False
    watch: Watch | None = None

    @property
    def name(self) -> str:
        """What the reader calls it."""
        return self.headings[0 if (get_language() or "de").startswith("de") else 1]

    @property
    def needs_value(self) -> bool:
        return self.is_required and not self.may_be_blank


@dataclass(frozen=True)
class Derived:
    """A value that follows from others of its row; `find` gets them in the order of `sources`, None for those not in the file.

    It exists when the first source is in the file, whose column its errors and notes name. It may replace a source.
    """

    field: str
    sources: tuple[str, ...]
    find: Callable[..., object]


@dataclass(frozen=True)
class LeftOut:
    """Rows whose `field` has this value are no rows of the list: left out and counted, whatever else is wrong with them."""

    field: str
    value: object
    code: str


@dataclass(frozen=True)
class ListColumns:
    """A list as a file may hold it. `unused` are headings that are known but not taken over, `passing` fields needed only to find others.

    Rows with the same `whole_by` belong together: the parser tells which of these could not be read completely.
    """

    columns: tuple[Column, ...]
    derived: tuple[Derived, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    unused: tuple[str, ...] = ()
    passing: tuple[str, ...] = ()
    whole_by: str = ""


def column(
    field: str,
    maker: Maker,
    headings: str,
    *,
    vague: str = "",
    required: bool = False,
    may_be_blank: bool = False,
    watch: Watch | None = None,
) -> Column:
    """A declaration; the headings stand in one text, separated by bars."""
    return Column(field, maker, _split(headings), _split(vague), required, may_be_blank, watch)


def text(longest: int) -> Maker:
    return _always(partial(cells.text, longest=longest))


def number_text(longest: int) -> Maker:
    return _always(partial(cells.number_text, longest=longest))


def phone() -> Maker:
    return _always(cells.phone)


def email() -> Maker:
    return _always(cells.email)


def flag() -> Maker:
    return _always(cells.flag)


def one_of(known: Words, blank: object) -> Maker:
    return _always(partial(cells.one_of, known=known, blank=blank))


def whole(least: int = 0, most: int = SMALLINT_MOST, blank: int | None = None) -> Maker:
    return _always(lambda raw: blank if (number := amounts.whole(raw, least, most)) is None else number)


def filled(maker: Maker) -> Maker:
    """For a column that need not be there: where it is, no cell may be blank."""

    def make(look: Look) -> Parse:
        parse = maker(look)

        def demand(raw: object) -> object:
            value = parse(raw)
            if value is None or value == "":
                raise CellError("missing")
            return value

        return demand

    return make


def number(places: int, digits: int) -> Maker:
    """`digits` before the decimal point."""
    return lambda look: amounts.NumberColumn(places, digits, look.values)


def money() -> Maker:
    return number(places=2, digits=12)


def quantity() -> Maker:
    return number(places=3, digits=9)


def day() -> Maker:
    return lambda look: days.DayColumn(is_1904=look.is_1904, values=look.values)


def past_day() -> Maker:
    return lambda look: days.DayColumn(is_1904=look.is_1904, latest=look.today, values=look.values)


def _split(headings: str) -> tuple[str, ...]:
    return tuple(heading.strip() for heading in headings.split("|") if heading.strip())


def _always(parse: Parse) -> Maker:
    return lambda look: parse
