"""A look into a workbook's container before anything opens it, and at the markup that its reader does not report.

Refused are bombs, macros, entities and foreign formats. Of the sheet to be read it tells which cells show an error, hold a
formula without result or a number whose format pads it with zeros; only files that have such cells are searched for them.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

from customers.imports.files.basics import Flaw, Unreadable

UNPACKED_MOST = 1 << 30
_BOMB_FROM, _BOMB_RATIO = 30 << 20, 150
_CELLS_MOST = 20_000_000
_CHUNK = 1 << 20
_PROLOG = 4096
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_CELL = re.compile(rb"<c ([^>]*?)(?:/>|>(.*?)</c>)", re.DOTALL)
_FILLED = re.compile(rb'<c r="([A-Z]{1,3})(\d{1,7})"[^>]*[^/]>')
_PLACE = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_STYLE = re.compile(rb'\bs="(\d+)"')
_FORMULA = re.compile(rb"<f[ />]")
_ZEROS = re.compile("0{2,}")


@dataclass
class Markup:
    """What stands in a sheet beside its values. Places are (row, column), both from 1."""

    flaws: dict[tuple[int, int], Flaw] = field(default_factory=dict)
    padded: dict[tuple[int, int], int] = field(default_factory=dict)
    has_formulas: bool = False
    has_booleans: bool = False
    last_row: int = 0
    last_column: int = 0

    @property
    def is_empty(self) -> bool:
        return self.last_row == 0


@dataclass(frozen=True)
class Container:
    """An .xlsx that is safe to open."""

    path: Path
    sheet_parts: dict[str, str]
    is_1904: bool
    padding_styles: dict[int, int]

    def markup(self, sheet: str) -> Markup:
        """Search the named sheet. Raises Unreadable when it is too large to be laid out as a table."""
        found = Markup()
        with zipfile.ZipFile(self.path) as archive:
            for chunk in _whole_cells(archive, self.sheet_parts[sheet]):
                _measure(chunk, found)
                found.has_booleans |= b't="b"' in chunk
                if self.padding_styles or b't="e"' in chunk or b"<f" in chunk:
                    self._search(chunk, found)
        return found

    def _search(self, chunk: bytes, found: Markup) -> None:
        for attributes, inside in _CELL.findall(chunk):
            is_formula = bool(_FORMULA.search(inside))
            found.has_formulas |= is_formula
            place = _PLACE.search(attributes)
            if place is None:
                continue
            at = int(place[2]), _column_number(place[1])
            if b't="e"' in attributes:
                found.flaws[at] = Flaw.ERROR_VALUE
            elif is_formula and b"<v>" not in inside:
                found.flaws[at] = Flaw.FORMULA_WITHOUT_VALUE
            elif (style := _STYLE.search(attributes)) and int(style[1]) in self.padding_styles:
                found.padded[at] = self.padding_styles[int(style[1])]


def look(path: Path) -> Container:
    """Raises Unreadable for what must not, or cannot, be opened."""
    try:
        with zipfile.ZipFile(path) as archive:
            _check_parts(archive)
            return _container(path, archive)
    except (zipfile.BadZipFile, zlib.error, ElementTree.ParseError, KeyError, EOFError, OSError, ValueError, NotImplementedError):
        raise Unreadable("damaged") from None


def _check_parts(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    names = {part.filename for part in parts}
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise Unreadable("macros")
    if "xl/workbook.xml" not in names:
        raise Unreadable("other_spreadsheet" if names & {"xl/workbook.bin", "content.xml"} else "not_a_list")
    if sum(part.file_size for part in parts) > UNPACKED_MOST or any(_is_bomb(part) for part in parts):
        raise Unreadable("too_large_unpacked")
    for part in parts:
        if part.filename.endswith((".xml", ".rels")):
            with archive.open(part) as file:
                _refuse_entities(file.read(_PROLOG))


def _is_bomb(part: zipfile.ZipInfo) -> bool:
    return part.file_size > _BOMB_FROM and part.file_size > _BOMB_RATIO * max(part.compress_size, 1)


def _refuse_entities(prolog: bytes) -> None:
    if b"<!DOCTYPE" in prolog or b"<!ENTITY" in prolog or prolog.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Unreadable("unsafe_xml")


def _container(path: Path, archive: zipfile.ZipFile) -> Container:
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314 - without DTD, as just checked
    relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
    parts = {sheet.get("name", ""): _part(targets[sheet.get(_RELATION)]) for sheet in book.iterfind("{*}sheets/{*}sheet")}
    properties = book.find("{*}workbookPr")
    is_1904 = properties is not None and properties.get("date1904") in {"1", "true"}
    return Container(path, parts, is_1904, _padding_styles(archive))


def _part(target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _padding_styles(archive: zipfile.ZipFile) -> dict[int, int]:
    """Cell styles whose number format is a row of zeros, like 00000, with its length."""
    if "xl/styles.xml" not in archive.namelist():
        return {}
    styles = ElementTree.fromstring(archive.read("xl/styles.xml"))  # noqa: S314
    codes = {one.get("numFmtId"): one.get("formatCode", "") for one in styles.iterfind("{*}numFmts/{*}numFmt")}
    lengths = {key: len(code) for key, code in codes.items() if _ZEROS.fullmatch(code)}
    formats = enumerate(one.get("numFmtId") for one in styles.iterfind("{*}cellXfs/{*}xf"))
    return {index: lengths[key] for index, key in formats if key in lengths}


def _whole_cells(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """The part in pieces that end before a cell begins."""
    rest = b""
    with archive.open(part) as file:
        while chunk := file.read(_CHUNK):
            rest += chunk
            end = rest.rfind(b"<c ")
            if end > 0:
                yield rest[:end]
                rest = rest[end:]
    yield rest


def _measure(chunk: bytes, found: Markup) -> None:
    """A reader lays out the whole rectangle: one value in XFD1048576 would fill the memory."""
    cells = _FILLED.findall(chunk)
    if cells:
        found.last_row = max(found.last_row, *(int(row) for _column, row in cells))
        found.last_column = max(found.last_column, *(_column_number(column) for column in {column for column, _row in cells}))
    if found.last_row * found.last_column > _CELLS_MOST:
        raise Unreadable("too_large_unpacked")


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
