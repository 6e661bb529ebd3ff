"""The one writer of everything that leaves as an Excel file: text stays text, whatever it begins with.

A cell like "=HYPERLINK(…)" would become a formula in the hands of whoever opens the file; here no string ever does.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path

import xlsxwriter

ROWS_MOST = 1_048_575  # below the header
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
    "default_date_format": "dd.mm.yyyy",
}
_WIDTH_LEAST, _WIDTH_MOST = 10, 60

Value = str | int | float | Decimal | dt.date | None


def open_book(target: Path) -> xlsxwriter.Workbook:
    """A workbook with flat memory, whose texts stay texts: a sheet is written from its first row to its last."""
    return xlsxwriter.Workbook(str(target), _OPTIONS)


def write_table(target: Path, title: str, head: Sequence[str], rows: Iterable[Sequence[Value]]) -> int:
    """One sheet with a header that stays in sight, and how many rows it holds; those beyond what a sheet can hold are left out."""
    written = 0
    with open_book(target) as book:
        sheet = book.add_worksheet(title)
        bold = book.add_format({"bold": True})
        for index, heading in enumerate(head):
            sheet.set_column(index, index, min(max(len(heading) + 4, _WIDTH_LEAST), _WIDTH_MOST))
            sheet.write_string(0, index, heading, bold)
        sheet.freeze_panes(1, 0)
        for written, row in enumerate(rows, start=1):
            if written > ROWS_MOST:
                return ROWS_MOST
            _write_row(sheet, written, row)
    return written


def _write_row(sheet: xlsxwriter.worksheet.Worksheet, number: int, row: Sequence[Value]) -> None:
    for index, value in enumerate(row):
        if isinstance(value, str):
            sheet.write_string(number, index, value)
        elif value is not None:
            sheet.write(number, index, value)
