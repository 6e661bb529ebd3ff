"""Which column of a file is which: by its heading, in German or English, however it is spelled."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from customers.imports.cells import folded, shown
from customers.imports.columns import Column, ListColumns
from customers.imports.files.basics import column_letters
from customers.imports.messages import Message, Refused, note, warning
from customers.imports.reading import Sheet

SEARCHED_ROWS = 30
LOOKED_AT_ROWS = 1_000
COLUMNS_MOST = 500
ABOUT_COLUMNS = {"no_header", "missing_column", "missing_columns", "double_heading", "two_headings"}
"""What is refused so can be mended by saying which column is what."""
_NAMED_MOST = 12
_OUR_OWN = {folded("Grund der Ablehnung"), folded("Reason for rejection")}  # of an error file that comes back corrected
_IN_BRACKETS = re.compile(r"[(\[].*?[)\]]")


Chosen = Mapping[str, str]
"""Heading key → field, "" for a column to be left out; as a person assigned them."""
Remembered = Callable[[Sequence[str]], Chosen | None]


def _nothing(_texts: Sequence[str]) -> None:
    return None


@dataclass(frozen=True)
class Header:
    """Where the headings stand, and which index each field has; `texts` are the headings as the file writes them."""

    row: int
    texts: tuple[str, ...]
    places: dict[str, int]
    notes: tuple[Message, ...] = ()

    def heading(self, field: str) -> str:
        return self.texts[self.places[field]]


class HeaderRefused(Refused):
    """The columns do not suffice; `sheet` and `header` are what was found, so that a person can assign them."""

    def __init__(self, refusal: Refused, sheet: Sheet, header: Header) -> None:
        super().__init__(refusal.message.code, **refusal.message.params)
        self.sheet, self.header = sheet, header


def keys_of(texts: Sequence[str]) -> list[str]:
    """How the headings are remembered: folded, one that stands again with its count ("plz", "plz#2")."""
    seen: Counter[str] = Counter()
    keys = []
    for text in texts:
        seen[key := folded(text)] += 1
        keys.append(key if seen[key] == 1 else f"{key}#{seen[key]}")
    return keys


def choose(sheets: Sequence[Sheet], known: ListColumns, remembered: Remembered = _nothing) -> tuple[Sheet, Header]:
    """The first sheet with all required columns, and its header. Raises Refused with what the likeliest one lacks.

    `remembered` answers what a person once assigned for such a set of headings.
    """
    refusals = []
    for sheet in sheets:
        try:
            return sheet, find_header(sheet, known, remembered)
        except Refused as refusal:
            refusals.append(refusal)
    raise min(refusals, key=lambda refusal: refusal.message.code == "no_header")


def find_header(sheet: Sheet, known: ListColumns, remembered: Remembered = _nothing) -> Header:
    """The row among the first ones that somebody assigned before, or that holds most of the known headings. Raises Refused.

    What was assigned below a row that names all that is needed is data: of a list that had no header when it was assigned.
    """
    spellings = _spellings(known)
    top = [(number, row) for number, row in islice(sheet.rows(), SEARCHED_ROWS) if any(row)]
    if not top:
        raise Refused("empty")
    for number, row in top:
        if chosen := remembered(_texts(row)):
            return _read(sheet, number, _texts(row), known, chosen)
        if _suffices(row, known):
            break
    number, row = max(top, key=lambda numbered: _known_count(numbered[1], spellings))
    if _known_count(row, spellings) == 0:
        number, row = next((one for one in top if sum(map(bool, one[1])) > 1), top[0])
        refusal = Refused("no_header", expected=[one.headings[0] for one in known.columns[:3]])
        raise HeaderRefused(refusal, sheet, Header(number, _texts(row)[:COLUMNS_MOST], {}))
    return _read(sheet, number, _texts(row), known, {})


def _read(sheet: Sheet, number: int, texts: tuple[str, ...], known: ListColumns, chosen: Chosen) -> Header:
    if len(texts) > COLUMNS_MOST:
        raise Refused("too_many_columns", count=len(texts), most=COLUMNS_MOST)
    places: dict[str, int] = {}
    try:
        _find_places(texts, known, chosen, _filled(sheet, number), places)
    except Refused as refusal:
        raise HeaderRefused(refusal, sheet, Header(number, texts, places)) from None
    return Header(number, texts, places, tuple(_notes(number, texts, known, {*places.values()}, chosen)))


def _find_places(texts: Sequence[str], known: ListColumns, chosen: Chosen, filled: Collection[int], places: dict[str, int]) -> None:
    """Enter the place of each field: where a person put it, else where its headings stand. Raises Refused."""
    keys = keys_of(texts)
    places.update({chosen[key]: index for index, key in enumerate(keys) if chosen.get(key)})
    free = ["" if key in chosen else text for key, text in zip(keys, texts, strict=True)]
    for one in (one for one in known.columns if one.field not in places):
        if (place := _place(free, one, filled)) is not None:
            places[one.field] = place
    missing = [one.headings[0] for one in known.columns if one.is_required and one.field not in places]
    if missing:
        code = "missing_column" if len(missing) == 1 else "missing_columns"
        raise Refused(code, missing=missing, found=_named(filter(None, texts)))


def _filled(sheet: Sheet, header_row: int) -> set[int]:
    """The columns that hold anything in the first rows below the header."""
    below = islice(sheet.rows(), header_row, header_row + LOOKED_AT_ROWS)
    return {index for _number, row in below for index, cell in enumerate(row) if cell not in ("", None)}


def _place(texts: Sequence[str], one: Column, filled: Collection[int]) -> int | None:
    """Where the field stands: the more exact the heading the better, and a column without any value only where there is no other.

    Raises Refused when two columns claim to be it.
    """
    empty = None
    for places in _candidates(texts, one):
        claiming = [index for index in places if index in filled]
        if len(claiming) > 1 or (len(places) > 1 and not filled):
            _refuse_double([(texts[index], index) for index in claiming or places], one)
        if claiming:
            return claiming[0]
        empty = places[0] if empty is None and places else empty
    return empty


def _candidates(texts: Sequence[str], one: Column) -> Iterator[list[int]]:
    """A unit in brackets says nothing about the meaning: "Umsatz (EUR)" is "Umsatz", where there is no column just called so.

    Vague headings count one after the other: a column Name is rather the company than a column Customer is.
    """
    for headings in (one.headings, *((heading,) for heading in one.vague)):
        spellings = {folded(heading) for heading in headings}
        for fold in (folded, _without_brackets):
            yield [index for index, heading in enumerate(texts) if heading and fold(heading) in spellings]


def _without_brackets(heading: str) -> str:
    return folded(_IN_BRACKETS.sub("", heading))


def _refuse_double(found: Sequence[tuple[str, int]], one: Column) -> None:
    if len({folded(heading) for heading, _index in found}) == 1:
        raise Refused("double_heading", heading=found[0][0], places=[column_letters(index + 1) for _heading, index in found])
    raise Refused("two_headings", headings=[heading for heading, _index in found], meaning=one.headings[0])


def _spellings(known: ListColumns) -> set[str]:
    return {folded(heading) for one in known.columns for heading in (*one.headings, *one.vague)}


def _suffices(row: Sequence[object], known: ListColumns) -> bool:
    """Whether the row names every column that is needed."""
    said = {folded(cell) for cell in row if isinstance(cell, str)}
    return all(said & {folded(heading) for heading in (*one.headings, *one.vague)} for one in known.columns if one.is_required)


def _known_count(row: Sequence[object], spellings: Collection[str]) -> int:
    return sum(isinstance(cell, str) and not spellings.isdisjoint({folded(cell), _without_brackets(cell)}) for cell in row if cell)


def _texts(row: Sequence[object]) -> tuple[str, ...]:
    texts = [shown(cell) for cell in row]
    while texts and not texts[-1]:
        texts.pop()
    return tuple(texts)


def _notes(number: int, texts: Sequence[str], known: ListColumns, used: Collection[int], chosen: Chosen) -> Iterator[Message]:
    """What there is to say about the header; a column that a person left out is not mentioned."""
    if number > 1:
        yield note("header_row", header=number)
    if chosen and _known_count(texts, _spellings(known)) == 0:  # it may as well be the first row of a list without a header
        yield warning("assigned_header", header=number, cells=_named(filter(None, texts)))
    keys = keys_of(texts)
    unnamed = (heading for index, heading in enumerate(texts) if heading and index not in used and keys[index] not in chosen)
    strange = [heading for heading in unnamed if folded(heading) not in _OUR_OWN]
    unused = {folded(heading) for heading in known.unused}
    if later := [heading for heading in strange if folded(heading) in unused]:
        yield warning("unused_columns", columns=_named(later))
    if unknown := [heading for heading in strange if folded(heading) not in unused]:
        yield warning("unknown_columns", columns=_named(unknown))


def _named(headings: Iterable[str]) -> list[str]:
    """The headings, many of them cut short."""
    names = list(headings)
    return names if len(names) <= _NAMED_MOST else [*names[:_NAMED_MOST], f"… (+{len(names) - _NAMED_MOST})"]
