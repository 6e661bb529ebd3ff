"""customers/imports/headings.py: which column is which."""

from collections import Counter

import pytest
import xlsxwriter

from customers.imports.cells import folded
from customers.imports.columns import ListColumns, column, text
from customers.imports.headings import choose, find_header
from customers.imports.lists import LISTS
from customers.imports.messages import Refused
from customers.imports.reading import open_sheets
from tests.customers.imports.lists import write_csv, write_xlsx

pytestmark = pytest.mark.rules

KNOWN = ListColumns(
    columns=(
        column("number", text(9), "Kundennummer | Customer number", vague="Nr", required=True),
        column("name", text(9), "Firma | Company", vague="Name | Kunde", required=True),
        column("since", text(9), "Kunde seit | Customer since"),
    ),
    unused=("Staffelpreis 1",),
)


def _header(tmp_path, *rows):
    with open_sheets(write_csv(tmp_path / "a.csv", *rows)) as [sheet]:
        return find_header(sheet, KNOWN)


def _refusal(tmp_path, *rows) -> tuple[str, dict]:
    with pytest.raises(Refused) as caught:
        _header(tmp_path, *rows)
    return caught.value.message.code, caught.value.message.params


@pytest.mark.parametrize(
    "row",
    [
        ["Kundennummer", "Firma"],
        ["KUNDEN-NUMMER", "firma:"],
        ["Customer Number", "Company"],
        ["Nr.", "Name"],
        ["Kundennummer", "Kunde (lang)"],
    ],
)
def test_headings_are_found_in_two_languages_and_many_spellings(tmp_path, row):
    assert _header(tmp_path, row, ["1", "x"]).places == {"number": 0, "name": 1}


def test_a_vague_heading_counts_only_where_no_clear_one_stands(tmp_path):
    header = _header(tmp_path, ["Name", "Kundennummer", "Firma"])
    assert header.places == {"number": 1, "name": 2}
    assert [(note.code, note.params) for note in header.notes] == [("unknown_columns", {"columns": ["Name"]})]


def test_the_header_may_stand_lower_and_that_is_said(tmp_path):
    header = _header(tmp_path, ["Kundenliste"], [], ["Kundennummer", "Firma"], ["1", "x"])
    assert (header.row, [note.code for note in header.notes]) == (3, ["header_row"])


def test_known_columns_that_are_not_used_are_named_apart(tmp_path):
    header = _header(tmp_path, ["Kundennummer", "Firma", "Staffelpreis 1", "Farbe"])
    assert [(note.code, note.params["columns"]) for note in header.notes] == [
        ("unused_columns", ["Staffelpreis 1"]),
        ("unknown_columns", ["Farbe"]),
    ]


def test_many_unknown_columns_are_not_all_named(tmp_path):
    header = _header(tmp_path, ["Kundennummer", "Firma", *(f"S{index}" for index in range(20))])
    assert header.notes[0].params["columns"][-2:] == ["S11", "… (+8)"]


def test_a_missing_column_is_named_with_those_that_were_found(tmp_path):
    assert _refusal(tmp_path, ["Firma", "Ort"], ["x", "y"]) == ("missing_column", {"missing": ["Kundennummer"], "found": ["Firma", "Ort"]})


def test_all_missing_columns_are_named_at_once(tmp_path):
    code, params = _refusal(tmp_path, ["Kunde seit", "Ort"])
    assert (code, params["missing"]) == ("missing_columns", ["Kundennummer", "Firma"])


def test_a_list_without_header_is_refused_and_its_first_row_not_eaten(tmp_path):
    assert _refusal(tmp_path, ["K-1", "Müller"], ["K-2", "Meier"]) == (
        "no_header",
        {"expected": ["Kundennummer", "Firma", "Kunde seit"]},
    )


def test_the_same_heading_twice_is_refused_with_both_columns(tmp_path):
    assert _refusal(tmp_path, ["Kundennummer", "Firma", "firma"]) == ("double_heading", {"heading": "Firma", "places": ["B", "C"]})


def test_two_headings_of_one_meaning_are_refused_with_both(tmp_path):
    assert _refusal(tmp_path, ["Kundennummer", "Firma", "Company"]) == (
        "two_headings",
        {"headings": ["Firma", "Company"], "meaning": "Firma"},
    )


def test_too_many_columns_are_refused(tmp_path):
    code, params = _refusal(tmp_path, ["Kundennummer", "Firma", *(f"S{index}" for index in range(500))])
    assert (code, params) == ("too_many_columns", {"count": 502, "most": 500})


def test_the_first_sheet_that_has_the_columns_is_taken(tmp_path):
    with xlsxwriter.Workbook(str(tmp_path / "a.xlsx")) as book:
        book.add_worksheet("Info").write(0, 0, "Stand 2026")
        book.add_worksheet("Kunden").write_row(0, 0, ["Kundennummer", "Firma"])
    with open_sheets(tmp_path / "a.xlsx") as sheets:
        sheet, header = choose(sheets, KNOWN)
    assert (sheet.about(), header.row) == ({"sheet": "Kunden"}, 1)


def test_a_workbook_without_the_columns_tells_what_the_likeliest_sheet_lacks(tmp_path):
    path = write_xlsx(tmp_path / "a.xlsx", ["Firma", "Ort"])
    with pytest.raises(Refused) as caught, open_sheets(path) as sheets:
        choose(sheets, KNOWN)
    assert caught.value.message.code == "missing_column"


@pytest.mark.parametrize("kind", LISTS)
def test_no_heading_has_two_meanings_in_one_list(kind):
    spelled = Counter(key for one in LISTS[kind]().columns.columns for key in {folded(heading) for heading in (*one.headings, *one.vague)})
    assert [key for key, count in spelled.items() if count > 1] == []
