"""Mein Tag taken along as Excel, filled in, given back: each row is one call, and what cannot be logged says why."""

import datetime as dt
import io
from decimal import Decimal
from zipfile import ZipFile

import openpyxl
import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaigns.models import DayListRow, Opportunity
from customers.gate import basis_label
from customers.models import Activity, Complaint, Contact, Customer, FollowUp
from innendienst.base.models import AuditEvent
from innendienst.workplace.call.saving import save_call, undo_call
from innendienst.workplace.day_sheet.giving_back import Fate, give_back
from innendienst.workplace.day_sheet.reading import FilledRow
from innendienst.workplace.day_sheet.row_key import RowKey
from tests.factories import make_customer
from tests.workplace.scenes import make_callable, make_follow_up, reason_of

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

MONDAY = dt.date(2026, 11, 23)
NOON = dt.datetime(2026, 11, 23, 11, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def take_along(client: Client):
    """The downloaded workbook, its bytes and its first sheet."""
    content = client.get(reverse("day_take_along")).content
    book = openpyxl.load_workbook(io.BytesIO(content))
    return content, book, book.worksheets[0]


def columns(sheet) -> dict[str, int]:
    return {cell.value: cell.column for cell in sheet[4]}


def fill(sheet, company: str, **cells) -> None:
    """Fill in the row of a company: ergebnis, notiz, wiedervorlage, auftrag, rechtsgrundlage."""
    headings = {"ergebnis": "Ergebnis", "notiz": "Notiz", "wiedervorlage": "Wiedervorlage", "auftrag": "Auftrag, netto €"}
    at = columns(sheet)
    [line] = [cells[0].row for cells in sheet.iter_rows(min_row=5) if cells[at["Firma"] - 1].value == company]
    for name, value in cells.items():
        sheet.cell(line, at[headings.get(name, "Rechtsgrundlage")]).value = value


def hand_in(client: Client, book):
    target = io.BytesIO()
    book.save(target)
    return client.post(reverse("day_give_back"), {"file": SimpleUploadedFile("tag.xlsx", target.getvalue())})


def calls() -> list[tuple[str, str, str]]:
    return [(one.customer.name, one.outcome, one.note) for one in Activity.objects.for_system("test").standing().order_by("pk")]


def fates(answer) -> dict[str, int]:
    return {fate.value: len(answer.context[fate.value]) for fate in Fate}


def test_the_sheet_holds_the_open_rows_as_text_and_columns_to_fill(annas, anna):
    nord = make_callable(anna, "=HYPERLINK(1)", rank=90, phone="030 23125-100")
    make_follow_up(nord, anna, MONDAY, note="Angebot nachfassen")
    make_callable(anna, "Süd", rank=10)
    content, _book, sheet = take_along(annas)
    assert b"<f>" not in ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml")
    at = columns(sheet)
    first = {name: sheet.cell(5, column).value for name, column in at.items()}
    assert [first[name] for name in ("Firma", "Ansprechpartner", "Telefon")] == ["=HYPERLINK(1)", "Herr Müller", "030 23125-100"]
    assert "Angebot nachfassen" in first["Warum jetzt"]
    assert "Kauft Reiniger R10" in first["Warum jetzt"]
    assert first["Darf angerufen werden"].startswith("Erlaubt: Bestandskunde")
    assert [first[name] for name in ("Ergebnis", "Notiz", "Wiedervorlage")] == [None, None, None]
    assert sheet.max_row == 6
    assert AuditEvent.objects.get(act="day.export").facts == {"rows": 2}


def test_each_filled_row_is_one_call_however_often_it_comes_back(annas, anna):
    for name, rank in (("Nord", 90), ("Süd", 50), ("West", 10)):
        make_callable(anna, name, rank=rank)
    _content, book, sheet = take_along(annas)
    fill(sheet, "Nord", ergebnis="Interesse", notiz="Will Muster", wiedervorlage=dt.date(2026, 12, 1))
    fill(sheet, "Süd", ergebnis=1)
    assert fates(hand_in(annas, book)) == {"logged": 2, "known": 0, "left": 0}
    again = hand_in(annas, book)
    assert fates(again) == {"logged": 0, "known": 2, "left": 0}
    assert calls() == [("Nord", "interested", "Will Muster"), ("Süd", "not_reached", "")]
    due = FollowUp.objects.for_system("test").open().order_by("due_on").values_list("customer__name", "due_on", "kind")
    assert list(due) == [("Süd", dt.date(2026, 11, 24), "retry"), ("Nord", dt.date(2026, 12, 1), "own")]
    assert reason_of(Customer.objects.for_system("test").get(name="Nord")).state == "interested"
    states = DayListRow.objects.for_system("test").filter(user=anna).values_list("customer__name", "state")
    assert dict(states) == {"Nord": "done", "Süd": "done", "West": "open"}
    fill(sheet, "Nord", notiz="Doch nicht")
    assert fates(hand_in(annas, book)) == {"logged": 0, "known": 1, "left": 1}
    assert len(calls()) == 2


def test_an_undone_row_may_be_given_back_again(annas, anna):
    make_callable(anna, "Nord")
    _content, book, sheet = take_along(annas)
    fill(sheet, "Nord", ergebnis="Erreicht")
    hand_in(annas, book)
    undo_call(actor=anna, activity=Activity.objects.for_system("test").get())
    assert fates(hand_in(annas, book)) == {"logged": 1, "known": 0, "left": 0}
    assert len(calls()) == 1


def test_a_sheet_of_yesterday_logs_the_call_on_its_day(annas, anna, clock):
    make_callable(anna, "Nord")
    _content, book, sheet = take_along(annas)
    fill(sheet, "Nord", ergebnis="Interesse", wiedervorlage=7)
    clock.move_to(NOON + dt.timedelta(days=1))
    annas.force_login(anna)
    answer = hand_in(annas, book)
    assert ([one.text for one in answer.context["left"]], fates(answer)["logged"]) == ([], 1)
    call = Activity.objects.for_system("test").get()
    assert call.at == dt.datetime(2026, 11, 23, 11, tzinfo=dt.UTC)
    assert FollowUp.objects.for_system("test").get().due_on == dt.date(2026, 11, 30)


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ({"ergebnis": "Vielleicht"}, "Gesprächsergebnis: „Vielleicht“ steht nicht in der Liste."),
        ({"notiz": "Nur ein Satz"}, "Gesprächsergebnis: Wählen Sie, wie das Gespräch ausging."),
        ({"ergebnis": "Rückruf"}, "Rückruf: Es fehlt das Datum."),
        ({"ergebnis": "Auftrag"}, "Nachkauf: Zum Auftrag fehlt der Betrag (netto)."),
        ({"ergebnis": "Erreicht", "wiedervorlage": "31.02.2027"}, "Datum: „31.02.2027“ gibt es nicht."),
    ],
)
def test_a_row_that_cannot_be_logged_says_why_and_the_others_are(annas, anna, cells, why):
    make_callable(anna, "Nord", rank=90)
    make_callable(anna, "Süd", rank=10)
    _content, book, sheet = take_along(annas)
    fill(sheet, "Nord", **cells)
    fill(sheet, "Süd", ergebnis="Auftrag", auftrag=142.5)
    answer = hand_in(annas, book)
    assert [one.text for one in answer.context["left"]] == [why]
    assert calls() == [("Süd", "order", "")]
    assert Activity.objects.for_system("test").get().amount == Decimal("142.50")


def three_reached(client, user):
    """A sheet taken along with three customers, all of them reached."""
    for name, rank in (("Nord", 90), ("Süd", 50), ("West", 10)):
        make_callable(user, name, rank=rank)
    _content, book, sheet = take_along(client)
    for name in ("Nord", "Süd", "West"):
        fill(sheet, name, ergebnis="Erreicht")
    return book


@pytest.mark.parametrize("is_merged", [True, False])
def test_a_row_whose_contact_is_gone_says_so_and_the_others_are_logged(annas, anna, is_merged):
    book = three_reached(annas, anna)
    gone = Contact.objects.for_system("test").filter(customer__name="Süd")
    if is_merged:
        gone.update(customer=make_customer("Süd Handel"))
    else:
        gone.delete()
    answer = hand_in(annas, book)
    assert [(one.row.company, one.text) for one in answer.context["left"]] == [
        ("Süd", "Der Ansprechpartner gehört nicht mehr zu diesem Kunden: gelöscht, zusammengeführt oder verschoben. Tragen Sie dieses Gespräch im Programm ein.")
    ]  # fmt: skip
    assert [name for name, _outcome, _note in calls()] == ["Nord", "West"]


def test_a_row_whose_reason_is_another_customers_now_says_so(annas, anna):
    nord = make_callable(anna, "Nord")
    _content, book, sheet = take_along(annas)
    fill(sheet, "Nord", ergebnis="Erreicht")
    Opportunity.objects.for_system("test").filter(customer=nord).update(customer=make_customer("Süd"))
    [left] = hand_in(annas, book).context["left"]
    assert left.text.startswith("Der Anlass gehört seit dem Mitnehmen zu einem anderen Kunden.")
    assert calls() == []


def test_when_the_database_gives_up_halfway_the_rows_before_are_told_and_the_rest_comes_with_the_next_try(annas, anna, monkeypatch):
    book = three_reached(annas, anna)

    def save_until_south(user, customer, *said):
        if customer.name == "Süd":
            raise OperationalError("database is locked")
        return save_call(user, customer, *said)

    with monkeypatch.context() as broken:
        broken.setattr("innendienst.workplace.day_sheet.giving_back.save_call", save_until_south)
        answer = hand_in(annas, book)
    assert fates(answer) == {"logged": 1, "known": 0, "left": 2}
    assert {one.text for one in answer.context["left"]} == {
        "Die Datenbank hat nicht geantwortet, die Zeile wurde nicht übernommen. Geben Sie die Datei noch einmal zurück; jede Zeile wird einmal erfasst."
    }  # fmt: skip
    assert fates(hand_in(annas, book)) == {"logged": 2, "known": 1, "left": 0}
    assert [name for name, _outcome, _note in calls()] == ["Nord", "Süd", "West"]


def test_a_call_logged_in_the_program_is_not_logged_again(annas, anna):
    nord = make_callable(anna, "Nord")
    _content, book, sheet = take_along(annas)
    fill(sheet, "Nord", ergebnis="Erreicht")
    DayListRow.objects.for_system("test").filter(customer=nord).update(state="done")
    assert fates(hand_in(annas, book)) == {"logged": 0, "known": 0, "left": 1}
    assert calls() == []


def test_an_unclear_basis_is_stated_in_the_sheet(annas, anna):
    make_callable(anna, "Nord", kinds=("cross_sell",))
    Customer.objects.for_system("test").update(stated_last_order_on=None)
    facts = Customer.objects.for_system("test").get().facts
    facts.last_order_on = None
    facts.save()
    _content, book, sheet = take_along(annas)
    fill(sheet, "Nord", ergebnis="Erreicht", notiz="Fragte nach Muster")
    assert "Rechtsgrundlage" in hand_in(annas, book).context["left"][0].text
    fill(sheet, "Nord", rechtsgrundlage=basis_label("inquiry"))
    assert fates(hand_in(annas, book)) == {"logged": 1, "known": 0, "left": 0}
    assert Activity.objects.for_system("test").get().gate_answer["basis"] == "inquiry"


def test_a_row_of_somebody_else_and_one_with_a_changed_key_stay_out(anna, bernd):
    nord = make_customer("Nord")
    foreign = RowKey(bernd.pk, MONDAY.isoformat(), nord.pk, None, "", []).signed()
    rows = [FilledRow(5, "Nord", key, "3", "", "", "", "", "") for key in (foreign, foreign + "x", "")]
    assert [one.fate for one in give_back(anna, rows)] == [Fate.LEFT] * 3
    assert calls() == []


def test_a_list_of_something_else_is_refused_by_name(annas):
    answer = annas.post(reverse("day_give_back"), {"file": SimpleUploadedFile("k.csv", b"Kundennummer;Firma\n1;Nord\n")})
    assert answer.status_code == 422
    assert "kein Blatt von „Mein Tag“" in answer.text


def test_taking_the_list_along_asks_the_same_number_of_queries_for_one_row_as_for_three(annas, anna):
    make_callable(anna, "Nord")
    annas.get("/")
    with CaptureQueriesContext(connection) as one:
        take_along(annas)
    for name in ("Süd", "West"):
        other = make_callable(anna, name)
        DayListRow.objects.create(user=anna, day=MONDAY, customer=other, position=9, source="own")
    Complaint.objects.create(customer=other, title="Palette", raised_on=MONDAY, raised_by=anna)
    with CaptureQueriesContext(connection) as three:
        take_along(annas)
    assert len(three) == len(one)
