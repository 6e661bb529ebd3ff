"""The workbook, recalculated by a formula engine: it equals what the pages say, on both scales."""

import re
import warnings
import zipfile
from importlib.metadata import version
from pathlib import Path

import pytest
import python_calamine as calamine

from nps.figures import figures_of, rounded
from nps.workbook.writing import write_blank, write_wave
from tests.factories import make_contact, make_customer
from tests.nps.scenes import DAY, A, B, add_answers, answer, make_wave

pytestmark = pytest.mark.django_db

FROM_0 = {10: 30, 9: 24, 8: 28, 7: 14, 6: 10, 5: 4, 4: 2, 3: 2, 2: 1, 1: 2, 0: 3}
RESULTS = ("B19", "B20", "B21", "B22", "B24", "B25", "B26", "B27", "B29")


def recalculated(path: Path) -> dict[str, object]:
    """Sheet!cell → value, as the engine of the package `formulas` computes it from the formulas alone."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import formulas

        solution = formulas.ExcelModel().loads(str(path)).finish().calculate()
    values = {}
    for key, found in solution.items():
        if match := re.fullmatch(r"'\[.*\](.+)'!([A-Z]+\d+)", str(key)):
            values[f"{match[1].upper()}!{match[2]}"] = found.value[0, 0]
    return values


def stored(path: Path, sheet: str) -> list[list]:
    """The values as the file holds them, for viewers that calculate nothing."""
    return calamine.load_workbook(path).get_sheet_by_name(sheet).to_python(skip_empty_area=False)


def cell(rows: list[list], name: str) -> object:
    return rows[int(name[1:]) - 1][ord(name[0]) - ord("A")]


@pytest.mark.parametrize(("scale_min", "counts"), [(1, A), (0, FROM_0)])
def test_recalculated_by_a_formula_engine_it_equals_the_pages_to_the_last_digit(tmp_path, scale_min, counts, record_property):
    record_property("recalculated by", f"formulas {version('formulas')}")
    wave = make_wave(counts=counts, scale_min=scale_min)
    path = tmp_path / "befragung.xlsx"
    write_wave(path, wave)
    found, (figures,) = recalculated(path), figures_of([wave])
    tally, span = figures.tally, figures.interval
    expected = [tally.promoters, tally.passives, tally.detractors, tally.n, figures.score, figures.standard_error, span.low, span.high, 0]
    assert [found[f"AUSWERTUNG!{name}"] for name in RESULTS] == pytest.approx([float(one) for one in expected], abs=1e-12)
    assert rounded(float(found["AUSWERTUNG!B24"]), 9) == rounded(figures.score, 9)
    kept = stored(path, "Auswertung")
    assert [cell(kept, name) for name in RESULTS] == pytest.approx([float(one) for one in expected], abs=1e-12)


def test_a_changed_rating_moves_the_recalculated_score(tmp_path):
    """The engine reads formulas, not stored values: else the test above would prove nothing."""
    path, changed = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    write_wave(path, make_wave(counts=A))
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(changed, "w") as target:
        for part in source.namelist():
            text = source.read(part)
            if part == "xl/worksheets/sheet2.xml":
                text, count = re.subn(rb'(<c r="J2"[^>]*><v>)10(</v>)', rb"\g<1>3\2", text)
                assert count == 1
            target.writestr(part, text)
    assert recalculated(changed)["AUSWERTUNG!B24"] == pytest.approx(100 * (53 - 25) / 120)


def test_waves_stand_one_below_the_other_and_say_what_is_proven(tmp_path):
    make_wave("Vorwelle", A, day=DAY.replace(month=3))
    make_wave("Andere Skala", FROM_0, day=DAY.replace(month=6), scale_min=0)
    wave = make_wave("Herbst", B)
    path = tmp_path / "wellen.xlsx"
    write_wave(path, wave)
    rows, found = stored(path, "Wellen"), recalculated(path)
    assert [row[0] for row in rows[1:4]] == ["Vorwelle", "Andere Skala", "Herbst"]
    assert [row[9] for row in rows[2:4]] == ["", ""]  # no difference across a change of scale
    wave_a = make_wave("Wie A", A, day=DAY.replace(month=10))
    write_wave(path, wave_a)
    rows, found = stored(path, "Wellen"), recalculated(path)
    assert rows[4][9:12] == [-15, pytest.approx(-1.596, abs=0.001), "nein"]
    assert [found["WELLEN!J5"], found["WELLEN!K5"], found["WELLEN!L5"]] == [pytest.approx(-15), pytest.approx(rows[4][10]), "nein"]


def test_segments_below_five_answers_show_a_dash(tmp_path):
    wave = make_wave()
    add_answers(wave, {10: 4, 3: 2}, industry="Maschinenbau")
    add_answers(wave, {10: 4}, industry="Gastronomie")
    path = tmp_path / "segmente.xlsx"
    write_wave(path, wave)
    rows, found = stored(path, "Segmente"), recalculated(path)
    assert rows[1][:6] == ["Gastronomie", 4, 4, 0, 0, "–"]
    assert rows[2][:6] == ["Maschinenbau", 6, 4, 0, 2, pytest.approx(100 / 3)]
    assert [found[f"SEGMENTE!{column}3"] for column in "BCDEF"] == pytest.approx(rows[2][1:6])


def test_what_people_wrote_is_text_and_never_a_formula(tmp_path):
    wave = make_wave()
    customer = make_customer('=HYPERLINK("http://x.example")', number="000123")
    answer(wave, customer, 9, reason="=1+1", contact=make_contact(customer, "+Weiß"))
    path = tmp_path / "text.xlsx"
    write_wave(path, wave)
    row = stored(path, "Befragung")[1]
    assert (row[1], row[2], row[3], row[11]) == ("000123", customer.name, "+Weiß", "=1+1")
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


def test_the_blank_workbook_has_room_and_says_nothing(tmp_path):
    path = tmp_path / "leer.xlsx"
    write_blank(path, scale_min=0)
    assert len(stored(path, "Befragung")) == 501
    assert [cell(stored(path, "Auswertung"), name) for name in ("B22", "B24", "B26", "B29")] == [0, "", "", 0]
    found = recalculated(path)
    assert (found["AUSWERTUNG!B22"], found["AUSWERTUNG!B24"]) == (0, "")


def test_marked_invalid_an_answer_is_not_in_it(tmp_path):
    wave = make_wave(counts={10: 5})
    add_answers(wave, {1: 3}, invalid_reason="doppelt")
    path = tmp_path / "a.xlsx"
    write_wave(path, wave)
    assert cell(stored(path, "Auswertung"), "B22") == 5
