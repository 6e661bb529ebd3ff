"""The sales plan as a workbook: there and back without loss, each new line once, and what a badly edited one is answered."""

from pathlib import Path
from tempfile import mkdtemp

import openpyxl
import pytest
from django.urls import reverse

from campaigns.plans.models import SalesPlanCell
from tests.nps.recalculating import has_office, saved_by_office
from tests.reading import text
from tests.workplace.plan_scenes import add_row, cell, filled, heads, make_plan, row_of, upload, write

pytestmark = pytest.mark.django_db


PROGRAMS = [
    "openpyxl",
    pytest.param(
        "LibreOffice",
        marks=[
            pytest.mark.skipif(not has_office(), reason="no LibreOffice here: the workbook is changed by openpyxl alone"),
            pytest.mark.one_database,
        ],
    ),
]


def saved_by(program: str, book: openpyxl.Workbook, folder) -> openpyxl.Workbook:
    """The workbook as it is once that program has opened and saved it."""
    if program == "openpyxl":
        return book
    book.save(folder / "plan.xlsx")
    return openpyxl.load_workbook(saved_by_office(folder / "plan.xlsx", folder / "out"))


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_workbook_comes_back_changed_without_loss(program, tmp_path, carlas, carla):
    plan = make_plan(carla)
    idea = add_row(carlas, plan, "B", idea="=Wartung", possibility="after_sales", effort="2,5", decision="do")
    add_row(carlas, plan, "C", measure="Anrufen", starts_on="01.12.2026", ends_on="31.12.2026", budget="1.234,50")
    url = reverse("plans:export", args=["sales", plan.pk])
    book = filled(carlas.get(url).content)
    assert book.sheetnames == ["0", "A", "B", "C", "D"]
    before = dict(SalesPlanCell.objects.values_list("pk", "version"))
    assert upload(carlas, plan, saved_by(program, book, tmp_path)).status_code == 302
    assert dict(SalesPlanCell.objects.values_list("pk", "version")) == before  # the same file changes nothing
    sheet = book["B"]
    top, columns = heads(sheet)
    assert sheet.cell(top + 1, columns["Idee"]).value == "=Wartung"
    assert sheet.cell(top + 1, columns["Idee"]).data_type == "s"
    sheet.cell(top + 1, columns["Aufwand (Std.)"]).value = 4
    sheet.cell(top + 1, columns["Entscheidung"]).value = "zurückstellen"
    sheet.cell(top + 2, columns["Idee"]).value = "Neue Idee"
    assert write(carlas, plan, idea, "decision", "drop", version=1).status_code == 200  # meanwhile, on the page
    answer = upload(carlas, plan, saved_by(program, book, Path(mkdtemp(dir=tmp_path))))
    assert answer.status_code == 409
    assert "seit dem Laden der Datei geändert (Carla Sommer" in answer.content.decode()
    assert [cell(idea, name) for name in ("idea", "effort", "decision")] == ["=Wartung", "4", "drop"]
    assert cell(row_of(plan, "B", 2), "idea") == "Neue Idee"
    assert cell(row_of(plan, "C"), "budget") == "1234.50"


def test_the_same_workbook_sent_again_adds_its_new_lines_once(carlas, carla):
    plan = make_plan(carla)
    book = filled(carlas.get(reverse("plans:export", args=["sales", plan.pk])).content)
    sheet = book["B"]
    top, columns = heads(sheet)
    prepared, below = top + 2, top + 20  # one of the empty lines of the file, and one that somebody wrote under them
    sheet.cell(prepared, columns["Idee"]).value = "Wartung anbieten"
    sheet.cell(below, columns["Idee"]).value = "Messe besuchen"
    again = f"Bereits übernommen: Blatt B, Zeile {prepared}; Blatt B, Zeile {below}."
    assert "2 Zeilen hinzugefügt." in said(upload(carlas, plan, book))
    assert f"In der Datei steht nichts anderes als im Plan. {again}" in said(upload(carlas, plan, book))
    sheet.cell(prepared, columns["Aufwand (Std.)"]).value = 3  # filled in later, in the same file
    assert f"1 Zelle geändert, 0 Zeilen hinzugefügt. {again}" in said(upload(carlas, plan, book))
    first, second = (row_of(plan, "B", number) for number in (1, 2))
    assert [cell(first, "idea"), cell(first, "effort"), cell(second, "idea")] == ["Wartung anbieten", "3", "Messe besuchen"]
    assert write(carlas, plan, first, "idea", "Wartung und Schulung", version=1).status_code == 200  # on the page
    assert upload(carlas, plan, book).status_code == 409
    carlas.post(reverse("plans:row_remove", args=["sales", plan.pk, second.pk]))
    assert upload(carlas, plan, book).status_code == 409
    assert [cell(row, "idea") for row in plan.rows.filter(section="B", removed_at=None)] == ["Wartung und Schulung"]
    fresh = filled(carlas.get(reverse("plans:export", args=["sales", plan.pk])).content)
    fresh["B"].cell(top + 3, columns["Idee"]).value = "Wartung anbieten"  # the same words in another file are another idea
    assert "1 Zeile hinzugefügt." in said(upload(carlas, plan, fresh))


def said(answer) -> str:
    assert answer.status_code == 302, text(answer)
    return text(answer.client.get(answer.url))


def test_what_is_no_workbook_of_the_plan_is_said_and_changes_nothing(carlas, carla):
    plan = make_plan(carla)
    add_row(carlas, plan, "B", idea="Wartung", possibility="after_sales")
    stranger = openpyxl.Workbook()
    stranger.active.append(["Kundennummer", "Firma"])
    upload(carlas, plan, stranger)
    assert "Das ist keine Arbeitsmappe dieses Plans." in carlas.get(reverse("plans:detail", args=["sales", plan.pk])).content.decode()
    headless = filled(carlas.get(reverse("plans:export", args=["sales", plan.pk])).content)
    headless["B"].delete_rows(1, heads(headless["B"])[0])
    upload(carlas, plan, headless)
    assert "Blatt B: Die Überschriften fehlen." in carlas.get(reverse("plans:detail", args=["sales", plan.pk])).content.decode()
    assert set(SalesPlanCell.objects.filter(column="idea").values_list("value", flat=True)) == {"Wartung"}
