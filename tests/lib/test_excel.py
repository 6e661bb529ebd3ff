"""Excel files we write: text stays text."""

import datetime as dt
import re
import zipfile
from decimal import Decimal

import openpyxl
import pytest
import python_calamine as calamine

from innendienst.lib import excel

PAYLOADS = [
    "=1+1",
    "+49 351 1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    '=HYPERLINK("http://x")',
    "＝1+1",
    " =1",
    "http://beispiel.example",
    "0123",
    "\x07=1",
    '<r></r></is></c><c r="Z9"><f>1+1</f></c><c r="Z10" t="inlineStr"><is><r></r>',
]


def write_by_rows(target):
    excel.write_table(target, "Liste", ["Text"], ([text] for text in PAYLOADS))


def write_by_cells(target):
    with excel.open_book(target) as book:
        sheet = book.add_worksheet("Liste")
        for row, text in enumerate(["Text", *PAYLOADS]):
            sheet.write_string(row, 0, text)


@pytest.mark.parametrize("write", [write_by_rows, write_by_cells])
def test_no_text_becomes_a_formula_a_link_or_a_number(tmp_path, write):
    write(tmp_path / "a.xlsx")
    with zipfile.ZipFile(tmp_path / "a.xlsx") as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert not re.search("<f[ >]|hyperlink", sheet)
    read = calamine.load_workbook(tmp_path / "a.xlsx").get_sheet_by_index(0).to_python()
    assert [type(row[0]) for row in read[1:]] == [str] * len(PAYLOADS)
    assert [row[0] for row in read[1:4]] == PAYLOADS[:3]
    assert read[-1] == PAYLOADS[-1:]


def test_numbers_and_days_stay_what_they_are(tmp_path):
    rows = [[1, Decimal("2.50"), dt.date(2026, 12, 31), None, "x"]]
    assert excel.write_table(tmp_path / "a.xlsx", "Liste", list("abcde"), rows) == 1
    read = calamine.load_workbook(tmp_path / "a.xlsx").get_sheet_by_index(0).to_python()
    assert read[1] == [1.0, 2.5, dt.date(2026, 12, 31), "", "x"]


def test_whole_rows_say_what_single_cells_say(tmp_path):
    """The same values in the same styles, by both ways: texts that need care, days around Excel's leap day, all kinds of numbers."""
    rows = [
        ["000123", dt.date(2026, 12, 31), 12.5, Decimal("-1234.56"), 'IF(A1<>"&",1,2)'],
        [" Rand ", dt.date(1900, 2, 28), 10**20, 0, "A1"],
        ["<r><t>x</t></r> & _x0041_ \x07 \ufffe", dt.date(1900, 3, 1), 1 / 3, Decimal(0), "A1"],
        ["Zwei\nZeilen", None, None, None, ""],
        ["Mit Uhrzeit", dt.datetime(2026, 3, 1, 14, 30), True, False, "A1"],  # noqa: DTZ001 - Excel knows no zones
        ["😀" * 20_000, None, 1, 2, "A1"],
    ]
    with excel.open_book(tmp_path / "cells.xlsx") as book:
        sheet, styles = book.add_worksheet("Liste"), styles_of(book)
        for line, row in enumerate(rows):
            for column, (value, style) in enumerate(zip(row[:-1], styles, strict=False)):
                if isinstance(value, str):
                    sheet.write_string(line, column, value, style)
                elif value is not None:
                    sheet.write(line, column, value, style)
            if row[-1]:
                sheet.write_formula(line, 4, f"={row[-1]}", styles[4], "x")
    with excel.open_book(tmp_path / "rows.xlsx") as book:
        sheet = book.add_worksheet("Liste")
        body = excel.Rows(sheet, styles_of(book))
        for line, row in enumerate(rows):
            body.write(line, [*row[:-1], excel.Formula(row[-1], "x") if row[-1] else None])
    by_cells, by_rows = (read_with_styles(tmp_path / name) for name in ("cells.xlsx", "rows.xlsx"))
    assert by_rows == by_cells
    assert len(by_rows) == 25


def styles_of(book) -> list:
    return [book.add_format({"num_format": "@"}), None, None, book.add_format({"num_format": "#,##0.00"}), book.add_format({"bold": True})]


def read_with_styles(path) -> dict:
    sheet = openpyxl.load_workbook(path)["Liste"]
    cells = (cell for row in sheet.iter_rows() for cell in row if cell.value is not None)
    return {cell.coordinate: (cell.value, cell.data_type, cell.number_format, cell.font.b) for cell in cells}


@pytest.mark.parametrize(("most", "written"), [(2, 2), (5, 3)])
def test_what_a_sheet_cannot_hold_is_left_out(tmp_path, monkeypatch, most, written):
    monkeypatch.setattr(excel, "ROWS_MOST", most)
    assert excel.write_table(tmp_path / "a.xlsx", "Liste", ["a"], ([index] for index in range(3))) == written
