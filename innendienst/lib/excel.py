"""The one writer of everything that leaves as an Excel file: text stays text, whatever it begins with.

A cell like "=HYPERLINK(…)" would become a formula in the hands of whoever opens the file; here no string ever does.
"""

import datetime as dt
import re
from collections.abc import Container, Iterable, Sequence
from decimal import Decimal
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import NamedTuple

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

ROWS_MOST = 1_048_575  # below the header
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
    "default_date_format": "dd.mm.yyyy",
}
_WIDTH_LEAST, _WIDTH_MOST = 10, 60
_TEXT_MOST = 32_767  # in units of UTF-16
_NEEDS_CARE = re.compile(r"[&<>\x00-\x1f\x7f-\x9f\ufffe\uffff]|_x|^\s|\s$")
_EPOCH, _LEAP_DAY_OF_EXCEL = dt.date(1899, 12, 31), 59


class Formula(NamedTuple):
    """A formula without "=", and the value it has when the file is made."""

    text: str
    value: str | float


Value = str | int | float | Decimal | dt.date | None


class _Sheet(Worksheet):
    def _xml_rich_inline_string(self, string: str, attributes: Sequence = ()) -> None:
        """Whoever typed "<r>…</r>" wrote a text too: the library would put it into the file as it is, formulas and all."""
        self._xml_inline_string(string, False, attributes)


class Rows:
    """Whole rows, each from its first column on, put into the file as they stand there: for sheets of hundreds of thousands of rows.

    `styles` are those of the columns; a day without one is written as dd.mm.yyyy. Cell by cell the library takes five times as
    long. Here it is taken at its word, down to what it calls its own: tests compare both ways of writing.
    """

    def __init__(self, sheet: Worksheet, styles: Sequence[Format | None]) -> None:
        self._sheet = sheet
        self._starts = [f'<c r="{xl_col_to_name(index)}' for index in range(len(styles))]
        self._styles = [_style(style) for style in styles]
        self._day_style = _style(sheet.default_date_format)

    def write(self, row: int, cells: Sequence[Value | Formula]) -> None:
        """The row, counted from 0; nothing else is written into it. None and "" leave a cell out. Rows come from top to bottom."""
        sheet, line = self._sheet, row + 1
        if sheet._check_dimensions(row, 0) or sheet._check_dimensions(row, len(self._starts) - 1):
            return
        sheet._write_single_row(row)
        written = [f'<row r="{line}">']
        for start, style, value in zip(self._starts, self._styles, cells, strict=True):
            if value is None or value == "":
                continue
            if isinstance(value, str):
                written.append(f'{start}{line}"{style} t="inlineStr"><is>{_text(value)}</is></c>')
            elif isinstance(value, Formula):
                kind = ' t="str"' if isinstance(value.value, str) and value.value else ""
                result = escape(str(value.value), quote=False)
                written.append(f'{start}{line}"{style}{kind}><f>{escape(value.text, quote=False)}</f><v>{result}</v></c>')
            elif isinstance(value, bool):
                written.append(f'{start}{line}"{style} t="b"><v>{value:d}</v></c>')
            elif isinstance(value, dt.date):
                written.append(f'{start}{line}"{style or self._day_style}><v>{_serial(value)}</v></c>')
            else:
                written.append(f'{start}{line}"{style}><v>{value:.16G}</v></c>')
        written.append("</row>")
        sheet.fh.write("".join(written))


def open_book(target: Path) -> xlsxwriter.Workbook:
    """A workbook with flat memory, whose texts stay texts: a sheet is written from its first row to its last."""
    book = xlsxwriter.Workbook(str(target), _OPTIONS)
    book.worksheet_class = _Sheet
    return book


def write_table(target: Path, title: str, head: Sequence[str], rows: Iterable[Sequence[Value]], money: Container[int] = ()) -> int:
    """One sheet with a header that stays in sight, and how many rows it holds; those beyond what a sheet can hold are left out.

    `money` are the columns of euros, counted from 0.
    """
    written = 0
    with open_book(target) as book:
        sheet = book.add_worksheet(title)
        bold = book.add_format({"bold": True})
        for index, heading in enumerate(head):
            sheet.set_column(index, index, min(max(len(heading) + 4, _WIDTH_LEAST), _WIDTH_MOST))
            sheet.write_string(0, index, heading, bold)
        sheet.freeze_panes(1, 0)
        euros = book.add_format({"num_format": "#,##0.00"})
        body = Rows(sheet, [euros if index in money else None for index in range(len(head))])
        for written, row in enumerate(rows, start=1):
            if written > ROWS_MOST:
                return ROWS_MOST
            body.write(written, row)
    return written


def _style(style: Format | None) -> str:
    return f' s="{style._get_xf_index()}"' if style else ""


def _text(text: str) -> str:
    """The element of a text; most texts need no care, which is found out faster than it is given."""
    if len(text) <= _TEXT_MOST // 2 and not _NEEDS_CARE.search(text):
        return f"<t>{text}</t>"
    cut = text.encode("utf-16-le", "surrogatepass")[: 2 * _TEXT_MOST].decode("utf-16-le", "ignore")
    safe = escape(Worksheet._escape_control_characters(cut), quote=False)
    return f'<t xml:space="preserve">{safe}</t>'


@lru_cache(maxsize=4_000)
def _serial(day: dt.date) -> float:
    """A day, with its time where it has one, as Excel counts it: from 1900 on, whose February it gives a day too many."""
    days = day.toordinal() - _EPOCH.toordinal()
    time = (day - dt.datetime.combine(day, dt.time())) / dt.timedelta(days=1) if isinstance(day, dt.datetime) else 0
    return days + (days > _LEAP_DAY_OF_EXCEL) + time
