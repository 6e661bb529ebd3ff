"""A planning document as a workbook: one sheet per section, and the changes that a filled one brings back.

The two columns behind the last one are hidden: the row's id, and the versions of its free cells when the file was made. By
them a changed cell finds its place, and a cell that somebody changed in the page meanwhile is not overwritten. Empty lines have
keys in place of ids, so that a line filled in is known again when the same workbook comes back once more.
"""

import datetime as dt
import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from xlsxwriter.worksheet import Worksheet

from innendienst.lib import excel
from innendienst.lib.planning.columns import NUMBERS, CellRefused, Column, Kind, Reader, Section, Template

ROW_ID, VERSIONS, KEY = "#", "##", "+"
_KEY_LENGTH_MOST = 32
_CHOICES_LENGTH_MOST = 255  # what a validation of Excel takes
_NUMBER_FORMATS = {Kind.MONEY: "#,##0.00 €", Kind.COUNT: "#,##0", Kind.HOURS: "#,##0.##", Kind.DATE: "dd.mm.yyyy"}
_MARGINS_CM = 0.4

Reading = Callable[[str], bool]
"""Whether a reader is allowed what a column needs."""


class HeadingsMissing(ValueError):
    """A sheet without the headings it was made with: nothing in it could find its place. `column`: the one that is missing, "" for all."""

    def __init__(self, sheet: str, column: str = "") -> None:
        super().__init__(sheet, column)
        self.sheet, self.column = sheet, column


@dataclass(frozen=True)
class CellChange:
    """What a file says of a free cell: its row (None: a new one, by its number in the file), and the version it was made from.

    `key` is that of a new row, "" where somebody wrote below the lines that the file came with.
    """

    section: Section
    column: Column
    row_id: int | None
    line: int
    value: str
    seen: int
    key: str = ""


@dataclass(frozen=True)
class CellComplaint:
    """A cell of the file that cannot be read, of a row that is known or of a new one."""

    section: Section
    column: Column
    row_id: int | None
    line: int
    text: str


def columns_for(section: Section, may: Reading) -> list[Column]:
    """The columns that this reader may see."""
    return [column for column in section.columns if not column.needs or may(column.needs)]


def write_book(target: Path, template: Template, head: Sequence[tuple[str, str]], rows: Sequence[Any], reader: Reader, may: Reading) -> int:
    """Write all sections; `head` are lines above each table. Without rows it is the blank one. How many rows went out."""
    written = 0
    with excel.open_book(target) as book:
        sheets = _Sheets(book, reader)
        for section in template.sections:
            of_section = [row for row in rows if row.section == section.key]
            sheets.write(section, columns_for(section, may), head, of_section)
            written += len(of_section)
    return written


class _Sheets:
    def __init__(self, book: Any, reader: Reader) -> None:
        self._book, self._reader = book, reader
        self._stamp = secrets.token_hex(8)
        self._bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        frame = {"text_wrap": True, "valign": "top", "border": 1, "border_color": "#C8CDD3"}
        self._styles = {
            (kind, is_free): book.add_format(
                {**frame, "num_format": _NUMBER_FORMATS.get(kind, "@"), **({} if is_free else {"bg_color": "#EEF0F2"})}
            )
            for kind in Kind
            for is_free in (True, False)
        }

    def write(self, section: Section, columns: list[Column], head: Sequence[tuple[str, str]], rows: Sequence[Any]) -> None:
        sheet = self._book.add_worksheet(section.key)
        self._lay_out(sheet, section, columns)
        for line, (label, value) in enumerate([("", f"{section.key} {section.title}"), *head]):
            sheet.write_string(line, 0, f"{label}: {value}" if label else value)
        top = len(head) + 2
        for index, heading in enumerate([*(str(column.title) for column in columns), ROW_ID, VERSIONS]):
            sheet.write_string(top, index, heading, self._bold)
        sheet.repeat_rows(top)
        sheet.freeze_panes(top + 1, 1)
        for line, row in enumerate(rows, start=top + 1):
            self._row(sheet, line, columns, row)
        for line in range(top + 1 + len(rows), top + 1 + len(rows) + (0 if section.is_closed and rows else section.blank_rows)):
            for index, column in enumerate(columns):
                sheet.write_blank(line, index, None, self._styles[column.kind, column.is_free])
            sheet.write_string(line, len(columns), f"{KEY}{self._stamp}.{line}")
        self._offer_choices(sheet, columns, top + 1, top + 1 + len(rows) + section.blank_rows)

    def _lay_out(self, sheet: Worksheet, section: Section, columns: list[Column]) -> None:
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(_MARGINS_CM, _MARGINS_CM, _MARGINS_CM, _MARGINS_CM + 0.2)
        sheet.set_footer("&L&F&R&P / &N")
        for index, column in enumerate(columns):
            sheet.set_column(index, index, column.width)
        sheet.set_column(len(columns), len(columns) + 1, None, None, {"hidden": True})

    def _row(self, sheet: Worksheet, line: int, columns: list[Column], row: Any) -> None:
        cells = {cell.column: cell for cell in row.cells.all()}
        for index, column in enumerate(columns):
            style = self._styles[column.kind, column.is_free]
            value = cells[column.key].value if column.key in cells else ""
            if not value:
                sheet.write_blank(line, index, None, style)
            elif column.kind == Kind.DATE:
                sheet.write_datetime(line, index, dt.datetime.fromisoformat(value), style)
            elif column.kind in NUMBERS:
                sheet.write_number(line, index, Decimal(value), style)
            else:
                sheet.write_string(line, index, self._reader.shown(column, value), style)
        free = [column for column in columns if column.is_free]
        sheet.write_number(line, len(columns), row.pk)
        sheet.write_string(line, len(columns) + 1, " ".join(f"{column.key}:{_version(cells, column)}" for column in free))

    def _offer_choices(self, sheet: Worksheet, columns: list[Column], first: int, last: int) -> None:
        for index, column in enumerate(columns):
            labels = list(self._reader.options(column).values()) if column.kind == Kind.CHOICE and column.is_free else []
            if labels and len(",".join(labels)) <= _CHOICES_LENGTH_MOST:
                sheet.data_validation(first, index, max(last - 1, first), index, {"validate": "list", "source": labels})


def _version(cells: dict[str, Any], column: Column) -> int:
    return cells[column.key].version if column.key in cells else 0


def read_section(
    section: Section, lines: Iterator[tuple[int, Sequence[object]]], reader: Reader, complaints: list[CellComplaint]
) -> Iterator[CellChange]:
    """Every free cell of a sheet's rows. What cannot be read is put into `complaints`. Raises HeadingsMissing."""
    places: dict[str, int] = {}
    by_title = {str(column.title).casefold(): column for column in section.columns}
    for line, cells in lines:
        if not places:
            found = {str(cell).strip().casefold(): index for index, cell in enumerate(cells) if cell not in (None, "")}
            if ROW_ID in found and len(by_title.keys() & found.keys()) > 1:
                _demand_free_columns(section, found)
                places = found
            continue
        yield from _read_row(section, by_title, places, line, cells, reader, complaints)
    if not places:
        raise HeadingsMissing(section.key)


def _demand_free_columns(section: Section, found: dict[str, int]) -> None:
    """Those that not everybody sees may be missing: the file may be somebody else's."""
    for column in section.columns:
        if column.is_free and not column.needs and str(column.title).casefold() not in found:
            raise HeadingsMissing(section.key, str(column.title))


def _read_row(section, by_title, places, line, cells, reader, complaints) -> Iterator[CellChange]:
    def at(name: str) -> object:
        index = places.get(name)
        return cells[index] if index is not None and index < len(cells) else None

    row_id, key = _identity(at(ROW_ID))
    present = [column for title, column in by_title.items() if column.is_free and title in places]
    versions = dict(one.partition(":")[::2] for one in str(at(VERSIONS) or "").split())
    for column in present:
        text = _text(column, at(str(column.title).casefold()), reader)
        if row_id is None and not text:
            continue
        seen = versions.get(column.key, "")
        try:
            yield CellChange(section, column, row_id, line, reader.stored(column, text), int(seen) if seen.isdecimal() else 0, key)
        except CellRefused:
            complaints.append(CellComplaint(section, column, row_id, line, text))


def _identity(raw: object) -> tuple[int | None, str]:
    """The row's id, or None and the key of a new one, "" where nothing stands; what is neither is the id of no row."""
    text = "" if raw is None else str(raw).strip()
    if not text or text.startswith(KEY):
        return None, text[:_KEY_LENGTH_MOST]
    return int(raw) if isinstance(raw, int | float) and not isinstance(raw, bool) and raw == int(raw) else 0, ""


def _text(column: Column, raw: object, reader: Reader) -> str:
    """A raw cell as somebody would have typed it."""
    if raw is None:
        return ""
    if isinstance(raw, dt.datetime | dt.date):
        return f"{raw:%Y-%m-%d}"
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        number = Decimal(str(raw))
        if column.kind in NUMBERS:
            return reader.typed(column, format(number.normalize(), "f") if column.kind != Kind.MONEY else f"{number:.2f}")
        return str(int(number)) if number == number.to_integral_value() else str(number)
    return str(raw)
