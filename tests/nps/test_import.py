"""Lists of answers: real ones, our own workbook, and what is wrong with them."""

import json
import os
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection

from nps.imports.take_over import import_answers
from nps.models import Response, SurveyWave
from nps.workbook.writing import write_wave
from tests.factories import make_customer
from tests.nps.scenes import A, make_wave
from tests.reading import text

pytestmark = pytest.mark.django_db
REAL_LIST = Path(os.environ.get("SHARED_DIR", settings.BASE_DIR.parent / "shared")) / "data" / "nps_telco" / "nps_responses.csv"


@pytest.fixture
def listed(tmp_path):
    def write(*lines: str, name: str = "liste.csv") -> Path:
        path = tmp_path / name
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    return write


def run_json(path: Path, *options: str) -> tuple[dict, int]:
    out, code = StringIO(), 0
    try:
        call_command("import_nps", str(path), "--json", *options, stdout=out)
    except SystemExit as end:
        code = end.code
    return json.loads(out.getvalue()), code


def answers_of(wave: SurveyWave) -> list[Response]:
    return list(Response.objects.for_system("test").filter(wave=wave).order_by("pk"))


def test_a_list_becomes_a_closed_survey_of_its_own_and_each_bad_row_is_named(listed):
    customer = make_customer(number="000123", industry="Gastronomie", postcode="01067")
    path = listed("Kundennummer;Bewertung;Grund;Datum", "000123;9;gut beraten;01.09.2026", "999;3;;", ";;nichts;", ";7,5;;", ";11;;")
    said, code = run_json(path)
    assert (code, said["wave"], said["n"], said["promoters"], said["detractors"], said["nps"], said["rejected"]) == (
        0,
        "liste",
        2,
        1,
        1,
        0.0,
        3,
    )
    assert [(one["row"], one["level"]) for one in said["messages"]] == [(3, "note"), (4, "error"), (5, "error"), (6, "error")]
    first, second = answers_of(SurveyWave.objects.get(name="liste"))
    assert (first.customer, first.industry, first.region, str(first.answered_on)) == (customer, "Gastronomie", "01", "2026-09-01")
    assert second.customer is None


def test_the_same_list_again_writes_nothing_and_says_the_same(listed):
    path = listed("Bewertung", "9", "9", "3", "x")
    first, second = run_json(path)[0], run_json(path)[0]
    assert {key: value for key, value in second.items() if key != "messages"} == {
        key: value for key, value in first.items() if key != "messages"
    }
    assert second["messages"][1:] == first["messages"]
    assert SurveyWave.objects.count() == 1


def test_a_list_whose_name_has_blanks_is_known_again_too(listed):
    path = listed("Bewertung", "9", name="liste .csv")
    assert [run_json(path)[0]["wave"] for _index in range(2)] == ["liste", "liste"]


def test_sent_twice_at_once_a_list_is_taken_once(listed):
    """The second one comes in whole just after the first has looked whether its list is known."""
    path, second = listed("Bewertung", "9", "3"), []

    def come_between(execute, sql, params, many, context):
        found = execute(sql, params, many, context)
        if not second and "nps_responseimport" in sql:
            second.append(None)
            second[0] = import_answers(path, "liste.csv")
        return found

    with connection.execute_wrapper(come_between):
        first = import_answers(path, "liste.csv")
    assert (second[0].taken, first.taken, first.figures.n) == (2, 0, 2)
    assert SurveyWave.objects.count() == 1


def test_zeros_on_a_scale_from_1_are_one_mistake_of_the_whole_list(listed):
    path = listed("Bewertung", "9", "0", "0")
    said, code = run_json(path)
    assert (code, said["n"], SurveyWave.objects.count()) == (1, None, 0)
    assert [one["text"] for one in said["messages"]] == [
        "Die Liste enthält 2-mal die Bewertung 0, die es auf der Skala 1–10 nicht gibt. Wählen Sie für sie die Skala 0–10 "
        "oder berichtigen Sie die Liste. Es wurde nichts übernommen."
    ]
    assert run_json(path, "--scale", "0")[0]["detractors"] == 2


def test_days_with_slashes_are_read_where_the_column_shows_their_order(listed):
    wave = import_answers(listed("Score,Date", "9,25/12/2025", "8,03/04/2026"), "a.csv").figures.wave
    assert [str(one.answered_on) for one in answers_of(wave)] == ["2025-12-25", "2026-04-03"]
    unclear = import_answers(listed("Score,Date", "9,03/04/2026"), "b.csv")
    assert [message.code for message in unclear.messages] == ["day_unreadable"]
    assert unclear.figures.n == 1


def test_a_survey_tool_writes_the_question_above_the_ratings(listed):
    path = listed("Zeit;Wie wahrscheinlich ist es, dass Sie uns weiterempfehlen?", "1;9", "2;9", "3;2")
    assert import_answers(path, "q.csv").figures.counts == {9: 2, 2: 1}


def test_our_workbook_comes_back_unchanged_and_never_edits_an_answer(tmp_path):
    wave = make_wave(counts=A)
    path = tmp_path / "mappe.xlsx"
    write_wave(path, wave)
    into_itself = import_answers(path, path.name, wave=wave)
    assert (into_itself.taken, into_itself.rejected, into_itself.figures.counts) == (0, 0, A)
    elsewhere = import_answers(path, path.name)
    assert (elsewhere.taken, elsewhere.rejected, elsewhere.figures.counts) == (120, 0, A)


def test_the_scale_of_our_workbook_comes_with_it(tmp_path):
    path = tmp_path / "null.xlsx"
    write_wave(path, make_wave(counts={0: 3, 10: 3}, scale_min=0))
    assert import_answers(path, path.name).figures.wave.scale_min == 0


def test_the_scale_of_a_survey_with_answers_is_fixed(listed):
    make_wave("Herbst", {9: 5})
    said, code = run_json(listed("Bewertung", "9"), "--wave", "Herbst", "--scale", "0")
    assert (code, said["n"]) == (1, None)


@pytest.mark.skipif(not REAL_LIST.is_file(), reason=f"{REAL_LIST} is not here")
def test_a_real_list_of_a_telephone_company():
    said, code = run_json(REAL_LIST, "--scale", "0")
    found = [said[name] for name in ("n", "promoters", "passives", "detractors", "nps", "rejected")]
    assert (code, found) == (0, [2353, 690, 392, 1271, -24.7, 32])
    assert len({one["row"] for one in said["messages"] if one["level"] == "error"}) == 32


def test_after_a_list_with_bad_rows_its_figures_and_its_survey_are_one_click_away(carlas):
    file = SimpleUploadedFile("herbst.csv", b"Bewertung\n9\n10\nviel\n")
    page = carlas.post("/nps/import/", {"file": file, "scale": "1"})
    wave = page.context["result"].figures.wave
    assert "2 Antworten in „herbst“ übernommen." in text(page)
    assert f'href="/nps/?wave={wave.pk}">Zu den Zahlen</a>' in page.content.decode()
    assert f'href="{wave.get_absolute_url()}">Zur Befragung „herbst“</a>' in page.content.decode()
