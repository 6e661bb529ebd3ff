"""customers/imports/reading.py and files: from bytes to rows, in a process with little memory and time."""

import datetime as dt
import io
import os
import pickle
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from customers.imports import reading
from customers.imports.files.basics import Flaw
from customers.imports.messages import Refused
from customers.imports.reading import open_sheets
from tests.customers.imports.lists import write_csv, write_xlsx

pytestmark = pytest.mark.rules


def _rows(path) -> list[tuple[int, list]]:
    with open_sheets(path) as sheets:
        return [(number, list(row)) for number, row in sheets[0].rows()]


def _codes(path) -> list[str]:
    with open_sheets(path) as sheets:
        return [message.code for message in sheets[0].notes(1)]


def _refusal(path) -> str:
    with pytest.raises(Refused) as caught, open_sheets(path) as sheets:
        [list(sheet.rows()) for sheet in sheets]
    return caught.value.message.code


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
@pytest.mark.parametrize(("encoding", "notes"), [("utf-8", []), ("utf-8-sig", []), ("cp1252", ["windows_encoding"]), ("utf-16", ["utf16"])])
def test_every_character_set_and_separator_reads_the_same(tmp_path, encoding, notes, delimiter):
    path = write_csv(tmp_path / "a.csv", ["Nummer", "Firma"], ["1", "Müller, Söhne; & Co"], encoding=encoding, delimiter=delimiter)
    assert _rows(path) == [(1, ["Nummer", "Firma"]), (2, ["1", "Müller, Söhne; & Co"])]
    assert _codes(path) == notes


def test_a_line_break_in_quotation_marks_does_not_count_as_a_row(tmp_path):
    path = write_csv(tmp_path / "a.csv", ["a", "b"], ["eins\nzwei", "x"], [], ["drei", "y"])
    assert _rows(path) == [(1, ["a", "b"]), (2, ["eins\nzwei", "x"]), (3, []), (4, ["drei", "y"])]


def test_commas_in_amounts_do_not_make_a_semicolon_list_a_comma_list(tmp_path):
    (path := tmp_path / "a.csv").write_text("Nr;Umsatz;DB\n1;1,50;0,50\n2;2,50;1,00\n", encoding="utf-8")
    assert _rows(path)[1] == (2, ["1", "1,50", "0,50"])


def test_two_character_sets_in_one_file_are_refused_with_the_row(tmp_path):
    lines = ["Nr;Ort\r\n", "1;Köln\r\n", "2;Münster\r\n"]
    (path := tmp_path / "a.csv").write_bytes(lines[0].encode() + lines[1].encode() + lines[2].encode("cp1252"))
    with pytest.raises(Refused) as caught, open_sheets(path):
        pass
    assert (caught.value.message.code, caught.value.message.params) == ("mixed_encoding", {"first": 3})


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"), (b" \r\n ", "empty"), (b"%PDF-1.7 x", "not_a_list"), (b"<html><table>", "html"), (b"\xef\xbb\xbf<!DOCTYPE html>", "html"),
        (b"<?xml version='1.0'?>", "not_a_list"), (bytes(range(256)) * 4, "not_a_list"), (b"PK\x03\x04 broken", "damaged"),
        (bytes.fromhex("D0CF11E0A1B11AE1") + b"x" * 600, "old_excel"), (b"a;b\n\x81;\x8d\n", "unknown_encoding"),
    ],
)  # fmt: skip
def test_what_is_no_list_says_what_it_is(tmp_path, content, code):
    (path := tmp_path / "liste.csv").write_bytes(content)
    assert _refusal(path) == code


def test_a_quotation_mark_without_end_names_the_row(tmp_path):
    (path := tmp_path / "a.csv").write_text('a;b\n1;"x' + "y" * 2_100_000, encoding="utf-8")
    assert _refusal(path) == "broken_csv"


# --- workbooks -------------------------------------------------------------------------------------------------------


def test_a_workbook_gives_numbers_dates_and_words(tmp_path):
    path = write_xlsx(tmp_path / "a.xlsx", ["Nr", "Am", "Ja"], [4711, dt.date(2026, 12, 31), True], [1, "x", False])
    assert _rows(path) == [(1, ["Nr", "Am", "Ja"]), (2, [4711.0, dt.date(2026, 12, 31), "WAHR"]), (3, [1.0, "x", "FALSCH"])]


def test_rows_and_columns_count_from_the_first_even_if_nothing_stands_there(tmp_path):
    with xlsxwriter.Workbook(str(tmp_path / "a.xlsx")) as book:
        book.add_worksheet().write(2, 1, "Kundennummer")
    assert _rows(tmp_path / "a.xlsx")[2] == (3, ["", "Kundennummer"])


def test_a_number_padded_by_its_format_keeps_the_zeros_that_it_shows(tmp_path):
    with xlsxwriter.Workbook(str(tmp_path / "a.xlsx")) as book:
        page, padded = book.add_worksheet(), book.add_format({"num_format": "000000"})
        page.write(0, 0, "Kundennummer")
        page.write(1, 0, 123, padded)
        page.write(2, 0, 456)
    assert _rows(tmp_path / "a.xlsx") == [(1, ["Kundennummer"]), (2, ["000123"]), (3, [456.0])]


def test_errors_and_formulas_without_result_are_flaws_and_formulas_are_told(tmp_path):
    with xlsxwriter.Workbook(str(tmp_path / "a.xlsx")) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ["a", "b", "c"])
        page.write_formula(1, 0, "=1/0", None, "#DIV/0!")
        page.write_formula(1, 1, "=1+1", None, 2)
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"]
    parts["xl/worksheets/sheet1.xml"] = sheet.replace(b"</c></row></sheetData>", b'</c><c r="C2"><f>A1</f></c></row></sheetData>')
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    assert _rows(path)[1] == (2, [Flaw.ERROR_VALUE, 2.0, Flaw.FORMULA_WITHOUT_VALUE])
    assert _codes(path) == ["formulas"]


def test_other_and_hidden_sheets_are_named_and_empty_ones_are_not(tmp_path):
    with xlsxwriter.Workbook(str(tmp_path / "a.xlsx")) as book:
        for name in ("Nord", "Süd", "Leer", "Alt"):
            page = book.add_worksheet(name)
            if name != "Leer":
                page.write(0, 0, "Kundennummer")
        page.hide()
    with open_sheets(tmp_path / "a.xlsx") as sheets:
        assert [sheet.about() for sheet in sheets] == [{"sheet": "Nord"}, {"sheet": "Süd"}]
        assert [(message.code, message.params) for message in sheets[0].notes(1)] == [
            ("other_sheets", {"sheet": "Nord", "others": ["Süd"]}), ("hidden_sheets", {"sheet": "Nord", "count": 1}),
        ]  # fmt: skip


def test_merged_cells_are_told_unless_they_stand_above_the_header(tmp_path):
    with xlsxwriter.Workbook(str(tmp_path / "a.xlsx")) as book:
        page = book.add_worksheet()
        page.merge_range("A1:C1", "Kundenliste")
        page.write_row(1, 0, ["a", "b", "c"])
        page.merge_range("B3:B5", "Köln")
    with open_sheets(tmp_path / "a.xlsx") as [sheet]:
        assert [message.params["cells"] for message in sheet.notes(2)] == [["B3:B5"]]


def test_a_value_in_the_last_cell_of_a_sheet_does_not_fill_the_memory(tmp_path):
    with xlsxwriter.Workbook(str(tmp_path / "a.xlsx")) as book:
        page = book.add_worksheet()
        page.write(0, 0, "Kundennummer")
        page.write(1_048_575, 16_383, "x")
    assert _refusal(tmp_path / "a.xlsx") == "too_large_unpacked"


@pytest.mark.parametrize(
    ("part", "content", "code"),
    [
        ("xl/vbaProject.bin", b"x", "macros"),
        ("xl/sharedStrings.xml", b'<!DOCTYPE sst [<!ENTITY a "ha">]><sst/>', "unsafe_xml"),
        ("xl/workbook.xml", b"<workbook><sheets>", "damaged"),
        ("xl/worksheets/sheet9.xml", b" " * (40 << 20), "too_large_unpacked"),
    ],
)
def test_dangerous_and_broken_containers_are_refused_unopened(tmp_path, part, content, code):
    path = write_xlsx(tmp_path / "a.xlsx", ["Kundennummer"])
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()} | {part: content}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, written in parts.items():
            archive.writestr(name, written)
    assert _refusal(path) == code


@pytest.mark.parametrize(
    ("part", "code"), [("xl/workbook.bin", "other_spreadsheet"), ("content.xml", "other_spreadsheet"), ("readme.txt", "not_a_list")]
)
def test_other_containers_are_no_lists(tmp_path, part, code):
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr(part, "x")
    assert _refusal(tmp_path / "a.xlsx") == code


# --- a process with little memory and time --------------------------------------------------------------------------------


def _filled(path, rows: int, columns: int):
    """Few cells over a wide area, which a reader lays out as a whole."""
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ["Kundennummer"] * columns)
        page.write(rows, columns - 1, "x")
    return path


@pytest.mark.usefixtures("started_readers")
def test_a_small_file_that_fills_the_memory_is_refused_and_one_of_its_size_is_not(tmp_path):
    assert _refusal(_filled(tmp_path / "a.xlsx", 1_000_000, 19)) == "too_costly"
    assert len(_rows(_filled(tmp_path / "b.xlsx", 100_000, 19))) == 100_001


@pytest.mark.usefixtures("started_readers")
def test_a_file_that_takes_longer_than_it_may_is_refused(tmp_path, monkeypatch):
    program = (
        "import runpy; from customers.imports import limits; limits.seconds_most = lambda size: 1;"
        "from customers.imports.files import opening; opening.open_sheets = lambda path: sum(iter(int, 1))"
    )
    monkeypatch.setattr(reading, "_CHILD", _module(tmp_path, program, monkeypatch))
    assert _refusal(write_csv(tmp_path / "a.csv", ["Kundennummer"])) == "too_costly"


@pytest.mark.usefixtures("started_readers")
def test_a_reader_that_dies_is_a_refusal(tmp_path, monkeypatch):
    path = write_csv(tmp_path / "a.csv", ["Kundennummer"], ["1"])
    with open_sheets(path) as [sheet]:
        sheet.reader._process.kill()
        with pytest.raises(Refused) as caught:
            list(sheet.rows())
    assert caught.value.message.code == "too_costly"  # as the system kills for want of memory
    monkeypatch.setattr(reading, "_CHILD", _module(tmp_path, "import os; os._exit(3)", monkeypatch))
    assert _refusal(path) == "reader_died"


@pytest.mark.usefixtures("started_readers")
def test_the_reader_knows_no_keys_and_ends_with_its_parent(tmp_path, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "geheim")
    path = write_csv(tmp_path / "a.csv", ["Kundennummer"], ["1"])
    with open_sheets(path) as [sheet]:
        process = sheet.reader._process
        assert b"SECRET_KEY" not in Path(f"/proc/{process.pid}/environ").read_bytes()
        assert process.poll() is None
        process.stdin.close()
        assert process.wait(10) == 0
        process.stdin = open(os.devnull, "wb")  # noqa: SIM115 - so that it can be closed once more


def test_only_cells_come_from_the_reader():
    with pytest.raises(KeyError):
        reading._Unpickler(io.BytesIO(pickle.dumps(Path("x")))).load()
    cells = [
        "x",
        1.5,
        dt.date(2026, 1, 2),
        dt.datetime.fromisoformat("2026-01-02T03:00"),
        dt.time(3),
        dt.timedelta(1),
        Flaw.ERROR_VALUE,
        True,
    ]
    assert reading._Unpickler(io.BytesIO(pickle.dumps(cells, protocol=5))).load() == cells


def _module(folder, program: str, monkeypatch) -> str:
    """A child that first does something else."""
    (folder / "other_child.py").write_text(f"{program}\nrunpy.run_module('customers.imports.files.child', run_name='__main__')\n")
    monkeypatch.setenv("PYTHONPATH", str(folder))
    return "other_child"
