"""The reference plan as a workbook: there and back without loss, and what a badly edited one is answered."""

import datetime as dt
import io

import openpyxl
import pytest
from django.utils import timezone

from referrals import using
from referrals.models import ReferencePlanCell
from tests.reading import text as text_of
from tests.referrals.scenes import make_recommender, make_reference, make_referral, make_released
from tests.workplace.reference_plan_scenes import address, make_plan, rows

TODAY = timezone.localdate
pytestmark = pytest.mark.django_db


def upload(client, plan, book):
    target = io.BytesIO()
    book.save(target)
    target.seek(0)
    target.name = "plan.xlsx"
    return client.post(address("import", plan), {"file": target})


def columns_of(sheet) -> dict[str, int]:
    head = next(row for row in sheet.iter_rows() if any(one.value == "##" for one in row))
    return {str(one.value): one.column for one in head if one.value}


def find(sheet, text: str) -> tuple[int, dict[str, int]]:
    """The line that holds the text, and the sheet's columns."""
    return next(one.row for row in sheet.iter_rows() for one in row if one.value == text), columns_of(sheet)


def test_a_workbook_comes_back_changed_without_loss(carlas, carla, anna):
    reference = make_reference(anna, "thinking", name="=Hotel & Söhne", open_minded=3, well_disposed=2, well_connected=3)
    using.log_use(actor=anna, scope=make_released(anna, carla, name="Logo AG"), place="web", prospect=None, on=TODAY())
    make_referral(anna, make_recommender(anna))
    plan = make_plan(carla)
    book = openpyxl.load_workbook(io.BytesIO(carlas.get(address("export", plan)).content))
    assert book.sheetnames == ["A", "B", "C", "D", "E", "F"]
    before = dict(ReferencePlanCell.objects.values_list("pk", "version"))
    assert upload(carlas, plan, book).status_code == 302
    assert dict(ReferencePlanCell.objects.values_list("pk", "version")) == before  # the same file changes nothing
    line, columns = find(book["B"], f"=Hotel & Söhne ({reference.customer.number})")
    book["B"].cell(line, columns["Urteil"]).value = "beides"
    book["B"].cell(line, columns["Begründung"]).value = "Kennt viele Häuser"
    book["C"].cell(find(book["C"], "Kunde (Name oder Nummer)")[0] + 1, columns_of(book["C"])["Gültig bis"]).value = dt.date(2027, 12, 31)
    book["D"].cell(find(book["D"], "Kunde (Name oder Nummer)")[0] + 1, columns_of(book["D"])["Wert"]).value = 12.5
    new = find(book["C"], "Kunde (Name oder Nummer)")[0] + 2
    book["C"].cell(new, columns_of(book["C"])["Kunde (Name oder Nummer)"]).value = "Logo AG"
    assert upload(carlas, plan, book).status_code == 302
    changed = next(row for row in rows(plan, "B") if row["customer"].startswith("=Hotel"))
    assert (changed["verdict"], changed["reason"]) == ("both", "Kennt viele Häuser")
    assert (rows(plan, "C")[0]["valid_until"], rows(plan, "D")[0]["value"]) == ("2027-12-31", "12.50")
    assert rows(plan, "C")[-1]["customer"] == "Logo AG"
    assert len(rows(plan, "E")) == 1


def test_a_workbook_edited_badly_is_answered_with_sheet_row_and_column_and_nothing_is_half_written(carlas, carla, anna):
    reference = make_reference(anna, "thinking", name="Hotel Ruhe")
    using.log_use(actor=anna, scope=make_released(anna, carla, name="Logo AG"), place="web", prospect=None, on=TODAY())
    plan = make_plan(carla)

    def exported():
        return openpyxl.load_workbook(io.BytesIO(carlas.get(address("export", plan)).content))

    def answered(book) -> str:
        answer = upload(carlas, plan, book)
        return text_of(answer if answer.status_code == 409 else carlas.get(answer["Location"]))

    count = len(rows(plan, "D"))
    book = exported()
    line, columns = find(book["D"], "Kunde (Name oder Nummer)")
    book["D"].cell(line + 1, columns["Wert"]).value = "viel"
    book["D"].cell(line + 2, columns["Kunde (Name oder Nummer)"]).value = "Logo AG"
    book["D"].cell(line + 2, columns["Wert"]).value = "wenig"
    said = answered(book)
    assert f"Blatt D, Zeile {line + 1}, Spalte „Wert“: Wert: „viel“ ist nicht lesbar (erwartet: " in said
    assert "Die neue Zeile wurde nicht aufgenommen. Berichtigen Sie die Zelle und wählen Sie die Datei noch einmal." in said
    assert len(rows(plan, "D")) == count

    for wrong in (987_654_321, "keine"):
        book = exported()
        line, columns = find(book["B"], f"Hotel Ruhe ({reference.customer.number})")
        book["B"].cell(line, columns["#"]).value = wrong
        book["B"].cell(line, columns["Begründung"]).value = "Kennt viele"
        said = answered(book)
        assert f"Blatt B, Zeile {line}, Spalte „Begründung“: Die Zeile steht nicht mehr im Plan. Soll sie neu" in said

    book = exported()
    line, columns = find(book["B"], f"Hotel Ruhe ({reference.customer.number})")
    book["B"].cell(line, columns["Urteil"]).value = "beides"
    book["D"].delete_cols(columns_of(book["D"])["Wert"])
    assert "Blatt D: Die Spalte „Wert“ fehlt. Setzen Sie sie wieder ein" in answered(book)

    other, book = make_plan(carla), exported()
    line = find(book["D"], "Kunde (Name oder Nummer)")[0]
    book["D"].cell(line + 2, columns_of(book["D"])["Kunde (Name oder Nummer)"]).value = "Logo AG"
    answer = upload(carlas, other, book)
    assert "Das ist keine Arbeitsmappe dieses Plans." in text_of(carlas.get(answer["Location"]))
    assert len(rows(other, "D")) == count
    assert not ReferencePlanCell.objects.filter(value__in=["Kennt viele", "both"]).exists()
