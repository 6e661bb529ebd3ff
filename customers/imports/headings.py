"""Which column of a file is which: by its heading, in German or English, however it is spelled."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from customers.imports.cells import folded, shown
from customers.imports.columns import Column, ListColumns
from customers.imports.messages import Message, Refused, note, warning
from customers.imports.reading import Sheet
from customers.imports.workbook import column_letters

SEARCHED_ROWS = 30
COLUMNS_MOST = 500
_NAMED_MOST = 12
_OUR_OWN = {folded("Grund der Ablehnung"), folded("Reason for rejection")}  # of an error file that comes back corrected
_IN_BRACKETS = re.compile(r"[(\[].*?[)\]]")


@dataclass(frozen=True)
class Header:
    """Where the headings stand, and which index each field has; `texts` are the headings as the file writes them."""

    row: int
    texts: tuple[str, ...]
    places: dict[str, int]
    notes: tuple[Message, ...]

    def heading(self, field: str) -> str:
        return self.texts[self.places[field]]


def choose(sheets: Sequence[Sheet], known: ListColumns) -> tuple[Sheet, Header]:
    """The first sheet with all required columns, and its header. Raises Refused with what the likeliest one lacks."""
    refusals = []
    for sheet in sheets:
        try:
            return sheet, find_header(sheet, known)
        except Refused as refusal:
            refusals.append(refusal)
    raise min(refusals, key=lambda refusal: refusal.message.code == "no_header")


def find_header(sheet: Sheet, known: ListColumns) -> Header:
    """The row among the first ones that holds most of the known headings. Raises Refused."""
    spellings = {folded(heading) for one in known.columns for heading in (*one.headings, *one.vague)}
    top = [(number, row) for number, row in islice(sheet.rows(), SEARCHED_ROWS) if any(row)]
    if not top:
        raise Refused("empty")
    number, row = max(top, key=lambda numbered: _known_count(numbered[1], spellings))
    if _known_count(row, spellings) == 0:
        raise Refused("no_header", expected=[one.headings[0] for one in known.columns[:3]])
    return _read(number, _texts(row), known)


def _read(number: int, texts: tuple[str, ...], known: ListColumns) -> Header:
    if len(texts) > COLUMNS_MOST:
        raise Refused("too_many_columns", count=len(texts), most=COLUMNS_MOST)
    places = {one.field: place for one in known.columns if (place := _place(texts, one)) is not None}
    missing = [one.headings[0] for one in known.columns if one.is_required and one.field not in places]
    if missing:
        code = "missing_column" if len(missing) == 1 else "missing_columns"
        raise Refused(code, missing=missing, found=_named(filter(None, texts)))
    return Header(number, texts, places, tuple(_notes(number, texts, known, set(places.values()))))


def _place(texts: Sequence[str], one: Column) -> int | None:
    """Where the field stands. Raises Refused when two columns claim to be it."""
    for headings in (one.headings, one.vague):
        spellings = {folded(heading) for heading in headings}
        places = [index for index, heading in enumerate(texts) if not _folds(heading).isdisjoint(spellings)]
        if len(places) > 1:
            _refuse_double([(texts[index], index) for index in places], one)
        if places:
            return places[0]
    return None


def _folds(heading: str) -> set[str]:
    """A unit in brackets says nothing about the meaning: "Umsatz (EUR)" is "Umsatz"."""
    return {folded(heading), folded(_IN_BRACKETS.sub("", heading))} - {""}


def _refuse_double(found: Sequence[tuple[str, int]], one: Column) -> None:
    if len({folded(heading) for heading, _index in found}) == 1:
        raise Refused("double_heading", heading=found[0][0], places=[column_letters(index + 1) for _heading, index in found])
    raise Refused("two_headings", headings=[heading for heading, _index in found], meaning=one.headings[0])


def _known_count(row: Sequence[object], spellings: Collection[str]) -> int:
    return sum(isinstance(cell, str) and not _folds(cell).isdisjoint(spellings) for cell in row)


def _texts(row: Sequence[object]) -> tuple[str, ...]:
    texts = [shown(cell) for cell in row]
    while texts and not texts[-1]:
        texts.pop()
    return tuple(texts)


def _notes(number: int, texts: Sequence[str], known: ListColumns, used: Collection[int]) -> Iterator[Message]:
    if number > 1:
        yield note("header_row", header=number)
    strange = [heading for index, heading in enumerate(texts) if heading and index not in used and folded(heading) not in _OUR_OWN]
    unused = {folded(heading) for heading in known.unused}
    if later := [heading for heading in strange if folded(heading) in unused]:
        yield warning("unused_columns", columns=_named(later))
    if unknown := [heading for heading in strange if folded(heading) not in unused]:
        yield warning("unknown_columns", columns=_named(unknown))


def _named(headings: Iterable[str]) -> list[str]:
    """The headings, many of them cut short."""
    names = list(headings)
    return names if len(names) <= _NAMED_MOST else [*names[:_NAMED_MOST], f"… (+{len(names) - _NAMED_MOST})"]
