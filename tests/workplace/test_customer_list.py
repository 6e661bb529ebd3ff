"""The customer list as somebody likes it: columns, saved and shared views, follow-ups for many, and the workbook of what is shown."""

import datetime as dt
import io

import openpyxl
import pytest
import time_machine
from django.urls import reverse
from playwright.sync_api import expect

from accounts.models import Role
from campaigns.models import DayListRow
from customers.models import FollowUp
from innendienst.base.models import AuditEvent, SavedView
from innendienst.workplace.customers import follow_up_many, views
from tests.factories import make_listed, make_user

pytestmark = pytest.mark.django_db

LIST = "/customers/"


@pytest.fixture(autouse=True)
def _monday():
    with time_machine.travel(dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC), tick=False):
        yield


def book(client, query: str = "") -> list[tuple]:
    content = client.get(f"{reverse('customers:export')}?{query}").content
    return list(openpyxl.load_workbook(io.BytesIO(content)).worksheets[0].iter_rows(values_only=True))


def test_only_the_chosen_columns_are_shown_and_the_filter_keeps_them(annas):
    make_listed("Nord", facts={"abc_class": "A"})
    shown = annas.get(f"{LIST}?columns=abc&columns=phone&abc=A").text
    assert 'data-label="ABC-Klasse"' in shown
    assert 'data-label="Umsatz 12 Monate"' not in shown
    assert '<input type="hidden" name="columns" value="abc" form="filters">' in shown
    assert 'data-label="Umsatz 12 Monate"' in annas.get(f"{LIST}?columns=unknown").text


def test_the_workbook_holds_the_rows_of_the_filter_in_its_order_with_the_columns_shown(annas):
    make_listed("=1+1 GmbH", number="1", postcode="01067", town="Dresden", facts={"abc_class": "A", "revenue_12m": 100})
    make_listed("Süd", number="2", facts={"abc_class": "A", "revenue_12m": 300, "last_order_on": dt.date(2026, 11, 1)})
    make_listed("West", number="3", facts={"abc_class": "B"})
    head, *rows = book(annas, "abc=A&sort=-revenue&columns=revenue&columns=last_order")
    assert head == ("Kundennummer", "Firma", "PLZ", "Ort", "Kennzeichen", "Umsatz 12 Monate", "Letzte Bestellung")
    assert [(row[0], row[1], row[3] or "", row[5]) for row in rows] == [("2", "Süd", "", 300), ("1", "=1+1 GmbH", "Dresden", 100)]
    assert rows[0][6] == dt.datetime(2026, 11, 1)  # noqa: DTZ001 - a day in a workbook
    assert AuditEvent.objects.get(act="customer.export").facts == {"rows": 2, "filters": ["abc"]}


def test_amounts_of_the_workbook_have_thousands_and_cents(annas):
    make_listed("Nord", facts={"revenue_12m": 104970})
    content = annas.get(f"{reverse('customers:export')}?columns=abc&columns=revenue&columns=last_order").content
    [head, row] = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0].iter_rows()
    assert {cell.value: below.number_format for cell, below in zip(head, row, strict=True)}["Umsatz 12 Monate"] == "#,##0.00"


def test_margins_leave_only_with_those_who_may_see_them(client, annas):
    make_listed("Nord", facts={"margin_12m": 40})
    assert book(annas)[0][8] == "Deckungsbeitrag 12 Monate"
    client.force_login(make_user("marketing", Role.MARKETING))
    assert book(client, "columns=margin&columns=phone")[0][5:] == ("Telefon",)


def test_a_view_is_kept_for_oneself_or_for_everybody(annas, anna, bernd):
    make_listed("Nord")
    save = reverse("customers:view_save")
    assert annas.post(save, {"name": "Meine  A", "query": "abc=A&page=3"}).headers["Location"] == "/customers/?abc=A"
    annas.post(save, {"name": "Alle B", "query": "abc=B", "shared": "1"})
    assert "Meine A" in annas.get(LIST).text
    gathered = annas.get(reverse("segments:list")).text
    assert '<a class="chip" href="/customers/?abc=A">Meine A</a>' in gathered
    assert "Alle B · geteilt" in gathered
    view = SavedView.objects.get(name="Meine A")
    annas.force_login(bernd)
    seen = annas.get(f"{LIST}?abc=B").text
    assert "Alle B · geteilt" in seen
    assert "Meine A" not in seen + annas.get(reverse("segments:list")).text
    assert "Ansicht löschen" not in seen
    assert annas.post(reverse("customers:view_delete", args=[view.pk])).status_code == 404
    annas.force_login(anna)
    annas.post(reverse("customers:view_delete", args=[view.pk]))
    assert list(SavedView.objects.values_list("name", flat=True)) == ["Alle B"]


def test_a_shared_view_that_was_deleted_is_brought_back_in_one_click(annas, anna):
    view = SavedView.objects.create(user=anna, page="customers", name="Süd & Nord", query="abc=A&sort=-revenue", is_shared=True)
    [message] = annas.post(reverse("customers:view_delete", args=[view.pk]), follow=True).context["messages"]
    assert not SavedView.objects.exists()
    annas.post(message.extra_tags.removeprefix("undo:"))
    assert list(SavedView.objects.values_list("user", "name", "query", "is_shared")) == [(anna.pk, view.name, view.query, True)]


@pytest.mark.parametrize("name", ["", " ", "x" * 61])
def test_a_view_without_a_name_is_none(annas, name):
    assert "Ansicht: Geben Sie ihr einen Namen" in annas.post(reverse("customers:view_save"), {"name": name, "query": ""}, follow=True).text
    assert not SavedView.objects.exists()


def test_many_customers_come_back_on_a_day_and_one_click_takes_it_back(annas, anna):
    chosen = [make_listed(name).pk for name in ("Nord", "Süd")]
    make_listed("West")
    said = {"chosen": chosen, "due_on": "2026-11-28", "note": "Preisrunde", "query": "abc=A"}
    answer = annas.post(reverse("customers:follow_up_many"), said, follow=True)
    assert "Wiedervorlage Mo\xa030.11.2026 für 2 Kunden angelegt." in answer.text
    planned = FollowUp.objects.for_system("test")
    assert list(planned.values_list("customer", "due_on", "note", "assignee")) == [
        (pk, dt.date(2026, 11, 30), "Preisrunde", anna.pk) for pk in chosen
    ]
    act = planned.first().origin.split(":")[1]
    planned.filter(customer=chosen[0]).update(done_at=dt.datetime(2026, 11, 23, tzinfo=dt.UTC))
    assert "1 Wiedervorlage zurückgenommen." in annas.post(f"{reverse('customers:follow_up_many_undo')}?act={act}", follow=True).text
    assert list(planned.all().values_list("customer", flat=True)) == chosen[:1]
    assert "Nicht zurückgenommen" in annas.post(reverse("customers:follow_up_many_undo"), follow=True).text
    assert planned.count() == 1


@pytest.mark.parametrize("act", ["customers:follow_up_many", "customers:pick"])
def test_all_of_a_filter_that_are_too_many_at_once_are_refused_instead_of_the_ticked_ones_alone(annas, monkeypatch, act):
    monkeypatch.setattr(follow_up_many, "CUSTOMERS_MOST", 1)
    monkeypatch.setattr(views, "PER_PAGE", 1)
    ticked = make_listed("Nord").pk
    make_listed("Süd")
    said = {"chosen": [ticked], "all": "1", "due_on": "+7", "query": ""}
    assert "Nichts getan: Das geht für höchstens 1 Kunden auf einmal, gewählt sind 2." in annas.post(reverse(act), said, follow=True).text
    assert not FollowUp.objects.for_system("test").exists()
    assert not DayListRow.objects.for_system("test").exists()


@pytest.mark.parametrize(("said", "why"), [({"due_on": ""}, "Wählen Sie einen Tag"), ({"due_on": "+7"}, "Kein Kunde ist ausgewählt")])
def test_without_a_day_or_a_customer_nothing_comes_back(annas, said, why):
    assert why in annas.post(reverse("customers:follow_up_many"), said, follow=True).text
    assert not FollowUp.objects.for_system("test").exists()


def test_an_act_that_is_refused_leaves_what_was_ticked_and_typed(live_page, anna):
    make_listed("Nord")
    make_listed("Süd")
    page = live_page(anna)
    page.goto(LIST)
    page.get_by_label("Auswählen: Süd").check()
    page.get_by_label("Notiz der Wiedervorlage").fill("Preisrunde")
    page.get_by_role("button", name="Wiedervorlage anlegen").click()
    expect(page.locator("#messages")).to_contain_text("Wählen Sie einen Tag")
    expect(page.get_by_label("Notiz der Wiedervorlage")).to_have_value("Preisrunde")
    assert [page.get_by_label(f"Auswählen: {name}").is_checked() for name in ("Nord", "Süd")] == [False, True]
