"""Small lists for tests, written as programs write them."""

import csv
import datetime as dt
from collections.abc import Iterable, Sequence
from io import BytesIO, StringIO
from pathlib import Path

import xlsxwriter

from customers.imports.run import ImportResult, run_import


def write_csv(path: Path, *rows: Sequence[object], encoding: str = "utf-8", delimiter: str = ";") -> Path:
    text = StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def write_xlsx(path: Path, *rows: Sequence[object], sheet: str = "Liste", before: Iterable[Sequence[object]] = ()) -> Path:
    """Dates as Excel dates, numbers as numbers."""
    with xlsxwriter.Workbook(str(path), {"default_date_format": "dd.mm.yyyy"}) as book:
        page = book.add_worksheet(sheet)
        for number, row in enumerate([*before, *rows]):
            page.write_row(number, 0, row)
    return path


def workbook(sheets: dict[str, list], *, hidden: str = "") -> bytes:
    """Sheets by their names; equal rows are equal bytes."""
    file = BytesIO()
    with xlsxwriter.Workbook(file) as book:
        book.set_properties({"created": dt.datetime(2026, 3, 9)})  # noqa: DTZ001 - as Excel has it
        for name, rows in sheets.items():
            page = book.add_worksheet(name)
            for number, row in enumerate(rows):
                page.write_row(number, 0, row)
            if name == hidden:
                page.hide()
    return file.getvalue()


def texts(result: ImportResult, level: str = "error") -> list[str]:
    return [message.text for message in result.messages if message.level == level]


def counts(result: ImportResult) -> tuple[int, int, int, int]:
    """Created, updated, unchanged, rejected."""
    return result.created, result.updated, result.unchanged, result.rejected


class Importer:
    """Imports rows as a CSV file of one kind: `importer(heading_row, row, …)`."""

    def __init__(self, folder: Path, kind: str) -> None:
        self.path, self.kind = folder / f"{kind}.csv", kind

    def __call__(self, *rows: Sequence[object], **options) -> ImportResult:
        return run_import(self.kind, write_csv(self.path, *rows), **options)

    def from_text(self, text: str, **options) -> ImportResult:
        """A list typed in the test: lines of cells separated by bars."""
        rows = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]
        return self(*rows, **options)
