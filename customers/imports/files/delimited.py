"""CSV in the shapes that programs write: UTF-8, Windows-1252 or UTF-16; semicolons, commas, tabs or bars."""

import codecs
import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from customers.imports.files.basics import Remark, Unreadable, note

DELIMITERS = ";,\t|"
_ENCODINGS = {"utf-8-sig": "UTF-8", "utf-16": "UTF-16", "cp1252": "Windows-1252"}
_CHUNK = 1 << 20
_SAMPLE_ROWS = 50
_CELL_LENGTH_MOST = 2_000_000
_CONTROL_SHARE_MOST = 0.01


@dataclass
class DelimitedSheet:
    path: Path
    encoding: str
    delimiter: str
    remarks: list[Remark] = field(default_factory=list)
    is_1904: bool = False

    def notes(self, header_row: int) -> list[Remark]:
        return self.remarks

    def about(self) -> dict[str, str]:
        return {"encoding": _ENCODINGS[self.encoding], "delimiter": self.delimiter}

    def rows(self) -> Iterator[Sequence[object]]:
        """A quoted line break does not end a row: rows are counted as Excel counts them."""
        with self.path.open(encoding=self.encoding, newline="") as file:
            yield from _readable(csv.reader(file, delimiter=self.delimiter))


def open_delimited(path: Path) -> DelimitedSheet:
    encoding, remarks = _encoding(path)
    with path.open(encoding=encoding, newline="") as file:
        delimiter = _delimiter(file.read(_CHUNK))
    return DelimitedSheet(path, encoding, delimiter, remarks)


def _readable(reader: Iterable[list[str]]) -> Iterator[list[str]]:
    count = 0
    csv.field_size_limit(_CELL_LENGTH_MOST)
    try:
        for row in reader:
            count += 1
            yield row
    except (csv.Error, UnicodeError):
        raise Unreadable("broken_csv", first=count + 1) from None


def _encoding(path: Path) -> tuple[str, list[Remark]]:
    with path.open("rb") as file:
        head = file.read(_CHUNK)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _demand(path, "utf-16"), [note("utf16")]
    if sum(byte < 32 and byte not in b"\t\r\n" for byte in head) > len(head) * _CONTROL_SHARE_MOST:
        raise Unreadable("not_a_list")
    if _decodes(path, "utf-8-sig"):
        return "utf-8-sig", []
    _refuse_mixture(path)
    return _demand(path, "cp1252"), [note("windows_encoding")]


def _demand(path: Path, encoding: str) -> str:
    if not _decodes(path, encoding):
        raise Unreadable("unknown_encoding")
    return encoding


def _decodes(path: Path, encoding: str) -> bool:
    try:
        with path.open(encoding=encoding, newline="") as file:
            while file.read(_CHUNK):
                pass
    except UnicodeError:
        return False
    return True


def _refuse_mixture(path: Path) -> None:
    """Lines in UTF-8 between lines in Windows-1252: either reading would turn some umlauts into two wrong letters."""
    has_utf8, strange_row = False, None
    with path.open(encoding="utf-8", errors="surrogateescape", newline="") as file:
        for number, line in enumerate(file, start=1):
            if line.isascii():
                continue
            if any("\udc80" <= char <= "\udcff" for char in line):
                strange_row = strange_row or number
            else:
                has_utf8 = True
            if has_utf8 and strange_row:
                raise Unreadable("mixed_encoding", first=strange_row)


def _delimiter(sample: str) -> str:
    """The sign that cuts most of the first rows into the same number of cells, and into more than one."""
    return max(DELIMITERS, key=lambda sign: _evenness(sample, sign))


def _evenness(sample: str, delimiter: str) -> int:
    lines = sample.splitlines(keepends=True)
    try:
        widths = Counter(len(row) for row in islice(csv.reader(lines, delimiter=delimiter), _SAMPLE_ROWS) if row)
    except csv.Error:
        return 0
    width, count = max(widths.items(), key=lambda item: item[1], default=(1, 0))
    return count * (width - 1)
