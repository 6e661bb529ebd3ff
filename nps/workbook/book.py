"""The workbook that every sheet is written into: formats, names of cells, and the ways to write a cell.

Formulas are live and carry the value they had when the file was made, so that a viewer that does not calculate shows it too.
What people wrote goes in as text, whatever it begins with.
"""

import datetime as dt
from decimal import Decimal
from functools import cached_property
from pathlib import Path

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from innendienst.lib import excel

Value = str | int | float | Decimal | dt.date | None

SIGNED = "+0;\N{MINUS SIGN}0;0"
SIGNED_TENTH = "+0.0;\N{MINUS SIGN}0.0;0.0"


class Book:
    def __init__(self, target: Path) -> None:
        self.file = excel.open_book(target)

    @cached_property
    def bold(self) -> Format:
        return self.file.add_format({"bold": True})

    @cached_property
    def title(self) -> Format:
        return self.file.add_format({"bold": True, "font_size": 14})

    @cached_property
    def wrapped(self) -> Format:
        return self.file.add_format({"text_wrap": True, "valign": "top"})

    @cached_property
    def entry(self) -> Format:
        """Cells that are meant to be filled in."""
        return self.file.add_format({"bg_color": "#FFF8E1", "border": 1, "border_color": "#D9D9D9", "align": "right"})

    @cached_property
    def text(self) -> Format:
        """Numbers of customers keep their zeros in what is typed below too."""
        return self.file.add_format({"num_format": "@"})

    @cached_property
    def date(self) -> Format:
        return self.file.add_format({"num_format": "dd.mm.yyyy"})

    @cached_property
    def money(self) -> Format:
        return self.file.add_format({"num_format": "#,##0.00"})

    @cached_property
    def percent(self) -> Format:
        return self.file.add_format({"num_format": "0.0%"})

    @cached_property
    def signed(self) -> Format:
        return self.file.add_format({"num_format": SIGNED})

    @cached_property
    def signed_bold(self) -> Format:
        return self.file.add_format({"num_format": SIGNED, "bold": True})

    @cached_property
    def signed_tenth(self) -> Format:
        return self.file.add_format({"num_format": SIGNED_TENTH})

    @cached_property
    def hundredth(self) -> Format:
        return self.file.add_format({"num_format": "0.00"})

    def sheet(self, name: str, *widths: int) -> Worksheet:
        added = self.file.add_worksheet(name)
        for index, width in enumerate(widths):
            added.set_column(index, index, width)
        return added

    def name(self, name: str, sheet: str, cells: str) -> None:
        """Call cells by a name: `thr_p` reads better than $B$9."""
        self.file.define_name(name, f"='{sheet}'!{cells}")


def write(sheet: Worksheet, row: int, column: int, value: Value, style: Format | None = None) -> None:
    """Text as text, never as a formula; nothing for None."""
    if isinstance(value, str):
        sheet.write_string(row, column, value, style)
    elif value is not None:
        sheet.write(row, column, value, style)


def head(sheet: Worksheet, row: int, headings: tuple[str, ...], style: Format) -> None:
    for column, heading in enumerate(headings):
        sheet.write_string(row, column, heading, style)
