"""The workbook as it is written from a survey: values, names and texts (what its formulas compute: test_recalculation.py)."""

import re
import zipfile

import openpyxl
import pytest

from nps.figures import figures_of
from nps.imports.take_over import import_answers
from nps.workbook.writing import write_blank, write_wave
from tests.factories import make_customer
from tests.nps.recalculating import engine, has_office, saved_by_office
from tests.nps.scenes import DAY, FROM_0, A, B, add_answers, answer, make_wave
from tests.nps.workbooks import RESULTS, cell, results_of, stored

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("scale_min", "counts"), [(1, A), (0, FROM_0)])
def test_its_values_are_those_of_the_pages_to_the_last_digit(tmp_path, scale_min, counts):
    wave = make_wave(counts=counts, scale_min=scale_min)
    path = tmp_path / "befragung.xlsx"
    write_wave(path, wave)
    rows = stored(path, "Auswertung")
    assert [cell(rows, name) for name in RESULTS] == pytest.approx(results_of(figures_of([wave])[0]), abs=1e-12)


def test_waves_stand_one_below_the_other_and_say_what_is_proven(tmp_path):
    make_wave("Vorwelle", A, day=DAY.replace(month=3))
    make_wave("Andere Skala", FROM_0, day=DAY.replace(month=6), scale_min=0)
    wave = make_wave("Herbst", B)
    path = tmp_path / "wellen.xlsx"
    write_wave(path, wave)
    rows = stored(path, "Wellen")
    assert [row[0] for row in rows[1:4]] == ["Vorwelle", "Andere Skala", "Herbst"]
    assert [row[9] for row in rows[2:4]] == ["", ""]  # no difference across a change of scale
    write_wave(path, make_wave("Wie A", A, day=DAY.replace(month=10)))
    assert stored(path, "Wellen")[4][9:12] == [-15, pytest.approx(-1.596, abs=0.001), "nein"]


def test_segments_below_five_answers_show_a_dash(tmp_path):
    wave = make_wave()
    add_answers(wave, {10: 4, 3: 2}, industry="Maschinenbau")
    add_answers(wave, {10: 4}, industry="Gastronomie")
    path = tmp_path / "segmente.xlsx"
    write_wave(path, wave)
    rows = stored(path, "Segmente")
    assert rows[1][:6] == ["Gastronomie", 4, 4, 0, 0, "–"]
    assert rows[2][:6] == ["Maschinenbau", 6, 4, 0, 2, pytest.approx(100 / 3)]


def test_what_people_wrote_is_text_and_never_a_formula(tmp_path):
    wave = make_wave()
    customer = make_customer('=HYPERLINK("http://x.example")', number="000123")
    answer(wave, customer, 9, reason="=1+1")
    path = tmp_path / "text.xlsx"
    write_wave(path, wave)
    row = stored(path, "Befragung")[1]
    assert (row[1], row[2], row[11]) == ("000123", customer.name, "=1+1")
    with zipfile.ZipFile(path) as file:
        answers = file.read("xl/worksheets/sheet2.xml").decode()
    assert set(re.findall(r'<c r="([A-Z]+)2"[^>]*><f>', answers)) == {"K"}


def test_no_names_where_the_survey_promised_none_or_the_reader_may_not_see_them(tmp_path, dieter, carla):
    customer = make_customer("Bäckerei Nord", number="000123")
    open_wave, closed_wave = make_wave("offen"), make_wave("verdeckt", shows_names=False)
    for wave in (open_wave, closed_wave):
        answer(wave, customer, 3, revenue_12m=100)
    path = tmp_path / "namen.xlsx"

    def named(wave, reader) -> str:
        write_wave(path, wave, reader=reader)
        return stored(path, "Befragung")[1][2]

    assert [named(open_wave, carla), named(open_wave, dieter), named(closed_wave, carla), named(closed_wave, None)] == [
        "Bäckerei Nord",
        "",
        "",
        "",
    ]


def test_without_names_nobody_is_found_by_being_one_of_few(tmp_path):
    path = tmp_path / "verdeckt.xlsx"
    for shows_names, expected in ((True, {"Druck", "Pflege", "Bau"}), (False, {"Bau", ""})):
        wave = make_wave(f"Namen {shows_names}", shows_names=shows_names)
        for industry, count in (("Bau", 9), ("Pflege", 6), ("Druck", 2)):
            add_answers(wave, {10: count}, industry=industry)
        write_wave(path, wave)
        assert {row[4] for row in stored(path, "Befragung")[1:18]} == expected


def test_what_is_typed_into_the_workbook_comes_back_through_an_office_program(tmp_path, record_property):
    wave = make_wave(counts=A)
    path = tmp_path / "befragung.xlsx"
    write_wave(path, wave)
    book = openpyxl.load_workbook(path)
    sheet = book["Befragung"]
    sheet["J122"], sheet["L122"], sheet["J2"] = 9, "Freundlich", 1
    book.save(path)
    if has_office():
        path = saved_by_office(path, tmp_path / "office")
        record_property("workbook saved by", engine())
    result = import_answers(path, path.name, wave=wave)
    assert (result.taken, result.rejected, result.figures.n) == (1, 0, 121)
    assert {message.code for message in result.messages if message.code.startswith("answer")} == {"answer_kept", "answers_known"}


def test_the_blank_workbook_has_room_and_says_nothing(tmp_path):
    path = tmp_path / "leer.xlsx"
    write_blank(path, scale_min=0)
    assert len(stored(path, "Befragung")) == 501
    assert [cell(stored(path, "Auswertung"), name) for name in ("B22", "B24", "B26", "B29")] == [0, "", "", 0]
