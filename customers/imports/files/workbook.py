"""Rows of an .xlsx: read by calamine, completed by what the markup says (zip_look)."""

import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import python_calamine as calamine

from customers.imports.files.basics import Remark, Unreadable, column_letters, note, warning
from customers.imports.files.zip_look import Container, Markup, look

_MERGED_NAMED_MOST = 5
_BOOLEANS = {True: "WAHR", False: "FALSCH"}

Range = tuple[tuple[int, int], tuple[int, int]]


@dataclass
class WorkbookSheet:
    """One sheet, laid out in memory when its rows are first asked for."""

    name: str
    book: calamine.CalamineWorkbook
    markup: Markup
    is_1904: bool
    others: list[str]
    hidden_count: int

    @cached_property
    def _table(self) -> calamine.CalamineSheet:
        with _damage_refused():
            return self.book.get_sheet_by_name(self.name)

    def rows(self) -> Iterator[Sequence[object]]:
        """Row 1 first, column A first, whatever is used."""
        start = self._table.start
        left = [""] * start[1] if start else []
        completed = {row for row, _column in [*self.markup.flaws, *self.markup.padded]}
        for number, cells in enumerate(self._table.iter_rows(), start=1):
            row = [*left, *cells] if left else cells
            if self.markup.has_booleans:
                # True equals 1.0, so that one could be taken for the other.
                row = [_BOOLEANS[cell] if isinstance(cell, bool) else cell for cell in row]
            yield self._completed(number, row) if number in completed else row

    def notes(self, header_row: int) -> Iterator[Remark]:
        if self.others:
            yield warning("other_sheets", sheet=self.name, others=self.others)
        if self.hidden_count:
            yield warning("hidden_sheets", sheet=self.name, count=self.hidden_count)
        merged = [one for one in self._table.merged_cell_ranges or [] if one[1][0] >= header_row]
        if merged:
            yield warning("merged_cells", cells=[_range_name(one) for one in merged[:_MERGED_NAMED_MOST]])
        if self.markup.has_formulas:
            yield note("formulas")

    def about(self) -> dict[str, str]:
        return {"sheet": self.name}

    def _completed(self, number: int, row: Sequence[object]) -> list[object]:
        return [self._cell((number, column), raw) for column, raw in enumerate(row, start=1)]

    def _cell(self, place: tuple[int, int], raw: object) -> object:
        width = self.markup.padded.get(place)
        return self.markup.flaws.get(place) or (str(int(raw)).zfill(width) if width and isinstance(raw, float) else raw)


def open_workbook(path: Path) -> list[WorkbookSheet]:
    """The visible sheets that hold anything. Raises Unreadable."""
    container = look(path)
    with _damage_refused():
        book = calamine.load_workbook(path)
    worksheets = [one for one in book.sheets_metadata if one.typ == calamine.SheetTypeEnum.WorkSheet]
    visible = [one.name for one in worksheets if one.visible == calamine.SheetVisibleEnum.Visible]
    filled = {name: markup for name in visible if not (markup := _markup(container, name)).is_empty}
    if not filled:
        raise Unreadable("no_sheet")
    hidden_count = len(worksheets) - len(visible)
    return [
        WorkbookSheet(name, book, markup, container.is_1904, [other for other in filled if other != name], hidden_count)
        for name, markup in filled.items()
    ]


def _markup(container: Container, name: str) -> Markup:
    with _damage_refused():
        return container.markup(name)


def _range_name(found: Range) -> str:
    return ":".join(f"{column_letters(column + 1)}{row + 1}" for row, column in found)


@contextmanager
def _damage_refused() -> Iterator[None]:
    try:
        yield
    except calamine.PasswordError:
        raise Unreadable("encrypted") from None
    except (calamine.CalamineError, zipfile.BadZipFile, zlib.error, KeyError, EOFError, OSError, ValueError, NotImplementedError):
        raise Unreadable("damaged") from None
    except BaseException as error:
        # A panic in the reader's Rust code, which is no Exception.
        if type(error).__name__ == "PanicException":
            raise Unreadable("damaged") from None
        raise
