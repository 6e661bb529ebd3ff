"""Excel files we write: text stays text."""

import datetime as dt
import re
import zipfile
from decimal import Decimal

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
]


def test_no_text_becomes_a_formula_a_link_or_a_number(tmp_path):
    excel.write_table(tmp_path / "a.xlsx", "Liste", ["Text"], ([text] for text in PAYLOADS))
    with zipfile.ZipFile(tmp_path / "a.xlsx") as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert not re.search("<f[ >]|hyperlink", sheet)
    read = calamine.load_workbook(tmp_path / "a.xlsx").get_sheet_by_index(0).to_python()
    assert [type(row[0]) for row in read[1:]] == [str] * len(PAYLOADS)
    assert [row[0] for row in read[1:4]] == PAYLOADS[:3]


def test_numbers_and_days_stay_what_they_are(tmp_path):
    rows = [[1, Decimal("2.50"), dt.date(2026, 12, 31), None, "x"]]
    assert excel.write_table(tmp_path / "a.xlsx", "Liste", list("abcde"), rows) == 1
    read = calamine.load_workbook(tmp_path / "a.xlsx").get_sheet_by_index(0).to_python()
    assert read[1] == [1.0, 2.5, dt.date(2026, 12, 31), "", "x"]


@pytest.mark.parametrize(("most", "written"), [(2, 2), (5, 3)])
def test_what_a_sheet_cannot_hold_is_left_out(tmp_path, monkeypatch, most, written):
    monkeypatch.setattr(excel, "ROWS_MOST", most)
    assert excel.write_table(tmp_path / "a.xlsx", "Liste", ["a"], ([index] for index in range(3))) == written
