"""The stories of a rep's day in a real browser, with every click and every key counted: what a deputy, a mouse, a keyboard, Excel and a phone need."""

import datetime as dt
from pathlib import Path

import openpyxl
import pytest
import time_machine
from playwright.sync_api import Locator, Page, expect

from accounts.models import Role, User
from customers.gate import Purpose, may_contact
from customers.letters import record_letter
from customers.models import Activity, ContactBlock, Customer, DataState, FollowUp, Handover
from customers.models.permissions import Channel
from tests.browser import assert_accessible, assert_no_sideways_scroll
from tests.factories import make_absence, make_listed, make_user
from tests.hands import Hands, choice
from tests.workplace.scenes import make_callable, make_follow_up, reason_of

MONDAY = dt.datetime(2026, 11, 23, 8, 30, tzinfo=dt.UTC)
NORTH, SOUTH, WEST = "Bäckerei Nord GmbH & Co. KG", "Autohaus Süd", "Spedition West"

PATIENT = 20_000
"""The first save of a process puts its templates and queries together; a busy machine takes its time for it."""

SCREEN, PHONE = 1440, 390

pytestmark = pytest.mark.one_database
on_screen_and_phone = pytest.mark.parametrize("width", [SCREEN, PHONE])


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(MONDAY) as traveller:
        yield traveller


@pytest.fixture
def three(transactional_db, anna: User) -> list[Customer]:
    DataState.objects.create(last_order_on=dt.date(2026, 11, 20), loaded_at=MONDAY)
    return [make_callable(anna, name, rank=rank) for name, rank in ((NORTH, 90), (SOUTH, 50), (WEST, 10))]


def calls() -> list[tuple[str, str, str, str]]:
    made = Activity.objects.for_system("test").standing().order_by("pk")
    return [(call.customer.name, call.direction, call.outcome, call.note) for call in made]


def card(page: Page) -> Locator:
    return page.locator("#card h2")


def start_with_the_first(hands: Hands, width: int) -> int:
    """Open Mein Tag with the best customer's card before oneself, which on a phone is a page behind his row; the clicks it took."""
    hands.page.goto("/")
    assert_no_sideways_scroll(hands.page)
    if width == PHONE:
        hands.click(hands.page.get_by_role("link", name=NORTH))
    expect(card(hands.page)).to_have_text(NORTH)
    return hands.used[0]


@on_screen_and_phone
def test_the_morning_of_a_deputy_is_one_page_times_first_then_worth_one_click_to_each_customer(live_page, anna, three, team_north, width):
    bernd = make_user("vertreter", team=team_north, first_name="Bernd", last_name="Vogel")
    make_absence(anna, bernd, MONDAY.date(), MONDAY.date())
    make_follow_up(three[2], anna, dt.date(2026, 11, 20), note="Muster nachfassen")
    make_follow_up(three[1], anna, MONDAY.date(), kind=FollowUp.Kind.CALLBACK, due_time=dt.time(14))
    blocked = make_callable(anna, "Gesperrt AG", rank=99)
    blocked.call_list_row.delete()
    ContactBlock.objects.create(customer=blocked, set_on=MONDAY.date())
    page = live_page(bernd, width=width)
    hands = Hands(page)
    page.goto("/")
    assert_no_sideways_scroll(page)
    assert page.locator(".call-row-name").all_inner_texts() == [SOUTH, WEST, NORTH]
    expect(page.locator(".call-row", has_text=SOUTH)).to_contain_text("in Vertretung für Anna Lang")
    hands.click(page.get_by_role("link", name=NORTH).first)
    expect(card(page)).to_have_text(NORTH)
    expect(page.locator("#card")).to_contain_text("in Vertretung für Anna Lang")
    assert hands.used == (1, 0)


@on_screen_and_phone
def test_a_call_with_outcome_note_and_follow_up_takes_three_clicks_or_no_mouse_at_all(live_page, anna, three, width):
    page = live_page(anna, width=width)
    hands = Hands(page)
    assert start_with_the_first(hands, width) == (1 if width == PHONE else 0)
    hands.click(choice(page, "Interesse"))
    hands.type("Will ein Muster sehen")  # what is typed after an outcome goes into the note
    hands.click(choice(page, "+1 Monat"))
    hands.click(page.get_by_role("button", name="Speichern und weiter"))
    expect(card(page)).to_have_text(SOUTH, timeout=PATIENT)
    assert hands.used == (3, 0)

    hands.press("1", "Control+Enter")
    expect(card(page)).to_have_text(WEST)
    assert hands.used == (0, 2)

    hands.press("3")
    hands.type("Umbau bis Jahresende")
    hands.press("Control+Enter")
    expect(page.locator("#list")).to_contain_text("Ihre Liste für heute ist erledigt.")
    assert hands.used == (0, 2)
    assert calls() == [
        (NORTH, "outgoing", "interested", "Will ein Muster sehen"),
        (SOUTH, "outgoing", "not_reached", ""),
        (WEST, "outgoing", "reached", "Umbau bis Jahresende"),
    ]
    due = FollowUp.objects.for_system("test").order_by("due_on").values_list("customer__name", "due_on")
    assert list(due) == [(SOUTH, dt.date(2026, 11, 24)), (NORTH, dt.date(2026, 12, 23))]


@on_screen_and_phone
def test_a_customer_who_rings_up_is_found_and_his_form_open_by_two_keys(live_page, anna, transactional_db, width):
    make_listed("Müller Logistik", owner=anna)
    page = live_page(anna, width=width)
    hands = Hands(page)
    page.goto("/customers/")
    hands.press("/")
    hands.type("mueller logi")
    expect(page.locator("a.search-hit")).to_contain_text("Müller Logistik")
    hands.press("Control+Enter")
    expect(page.get_by_role("radio", name="Anruf vom Kunden")).to_be_checked()
    expect(page.locator("[data-call-form][data-is-ready]")).to_be_visible()
    assert_no_sideways_scroll(page)
    assert hands.used == (0, 2)
    hands.press("Escape", "3", "Control+Enter")
    expect(page.locator("#messages")).to_contain_text("Gespräch mit Müller Logistik gespeichert")
    assert calls() == [("Müller Logistik", "incoming", "reached", "")]


@on_screen_and_phone
def test_a_reorder_is_won_with_its_amount_and_one_that_does_not_fit_rests_for_ninety_days(live_page, anna, three, width):
    page = live_page(anna, width=width)
    hands = Hands(page)
    start_with_the_first(hands, width)
    expect(page.locator("#card .why").first).to_contain_text(
        "Kauft Reiniger R10 etwa alle 30 Tage, zuletzt vor 40 Tagen, meist 12 Kanister."
    )
    hands.press("5")
    expect(page.get_by_label("Betrag netto in Euro")).to_have_value("240,00")
    hands.press("Control+Enter")
    expect(card(page)).to_have_text(SOUTH)
    assert hands.used == (0, 2)
    assert NORTH not in page.locator(".call-row-name").all_inner_texts()
    hands.click(page.locator("#card .menu--inline summary").first)
    hands.click(page.locator("#card").get_by_role("button", name="Bestellt selbst").first)
    expect(card(page)).to_have_text(WEST)
    assert hands.used == (2, 0)
    won, dismissed = reason_of(three[0]), reason_of(three[1])
    assert (won.state, won.won_amount, dismissed.state) == ("won", 240, "dismissed")
    assert dismissed.rests_until == MONDAY.date() + dt.timedelta(days=90)


@on_screen_and_phone
def test_field_sales_is_asked_in_the_call_takes_over_and_gives_back_and_the_page_says_who_has_the_ball(live_page, anna, three, width):
    field_rep = make_user("feld", Role.FIELD_SALES, first_name="Fritz", last_name="Feld")
    page = live_page(anna, width=width)
    hands = Hands(page)
    start_with_the_first(hands, width)
    hands.click(choice(page, "Interesse"))
    hands.click(page.get_by_role("link", name="Außendienst einschalten"))
    hands.click(page.get_by_role("checkbox", name="Kunde erwartet einen Besuch"))
    hands.click(page.get_by_role("button", name="Speichern und weiter"))
    expect(page.locator("#messages")).to_contain_text("Fritz Feld", timeout=PATIENT)
    assert hands.used == (4, 0)
    page.goto(three[0].get_absolute_url())
    expect(page.locator("#card")).to_contain_text("Fritz Feld")
    handover = Handover.objects.for_system("test").get()
    assert (handover.state, handover.to, reason_of(three[0]).state) == ("requested", field_rep, "handover_requested")
    away = live_page(field_rep, width=width)
    away.goto("/")
    assert_no_sideways_scroll(away)
    expect(away.locator("main")).to_contain_text(NORTH)
    away.goto(f"/handovers/{handover.pk}/")
    away.get_by_role("button", name="Übernehmen").first.click()
    page.reload()
    expect(page.locator("#card")).to_contain_text("Fritz Feld")
    assert (Handover.objects.for_system("test").get().state, reason_of(three[0]).state) == ("accepted", "with_field_sales")
    away.get_by_label("Besuch am").fill("2026-11-26")
    away.get_by_role("button", name="Besuch eintragen").click()
    away.get_by_label("Ergebnis").fill("Will drei Öfen sehen")
    away.get_by_label("Nächster Schritt").fill("Angebot nachfassen")
    away.get_by_role("button", name="Zurückgeben").click()
    page.reload()
    expect(page.locator("main")).to_contain_text("Angebot nachfassen")
    back = Handover.objects.for_system("test").get()
    assert (back.state, back.visit_on, back.result) == ("returned", dt.date(2026, 11, 26), "Will drei Öfen sehen")
    assert FollowUp.objects.for_system("test").open().get().assignee == anna


@on_screen_and_phone
def test_who_loves_excel_takes_the_day_along_and_gives_it_back_by_two_clicks_each(live_page, anna, three, tmp_path: Path, width):
    page = live_page(anna, width=width)
    hands = Hands(page)
    page.goto("/")
    with page.expect_download() as download:
        hands.click(page.get_by_role("link", name="Als Excel mitnehmen"))
    file = tmp_path / "tag.xlsx"
    download.value.save_as(file)
    assert hands.used == (1, 0)
    book = openpyxl.load_workbook(file)
    sheet = book.worksheets[0]
    at = {cell.value: cell.column for cell in sheet[4]}
    for line, outcome, note in ((5, "Erreicht", "Umbau bis Jahresende"), (6, 1, None), (7, "Vielleicht", None)):
        sheet.cell(line, at["Ergebnis"]).value = outcome
        sheet.cell(line, at["Notiz"]).value = note
    sheet.cell(5, at["Wiedervorlage"]).value = dt.date(2026, 12, 1)
    book.save(file)
    hands.click(page.get_by_role("link", name="Excel zurückgeben"))
    page.locator("[name=file]").set_input_files(file)
    hands.click(page.get_by_role("button", name="Excel zurückgeben"))
    expect(page.locator(".notice--good")).to_contain_text("2 Gespräche gespeichert.")
    expect(page.locator("[role=alert] .given-rows")).to_contain_text(
        f"Zeile 7, {WEST}: Gesprächsergebnis: „Vielleicht“ steht nicht in der Liste."
    )
    assert hands.used == (2, 0)
    assert_accessible(page)
    assert [(name, outcome) for name, _direction, outcome, _note in calls()] == [(NORTH, "reached"), (SOUTH, "not_reached")]
    planned = FollowUp.objects.for_system("test").open().get(customer=three[0])
    assert (planned.due_on, planned.assignee) == (dt.date(2026, 12, 1), anna)


@pytest.mark.parametrize(("width", "is_dark"), [(1440, False), (390, True)])
def test_the_pages_around_a_customer_are_accessible_on_screen_and_phone(live_page, anna, three, width, is_dark):
    customer = three[0]
    gate = may_contact(customer, Channel.LETTER, Purpose.SERVICE, MONDAY.date())
    letter = record_letter(actor=anna, customer=customer, subject="Ihre Anfrage", text="Guten Tag", gate_answer=gate)
    page = live_page(anna, width=width, is_dark=is_dark)
    own = f"/customers/{customer.pk}/"
    for address in ("/customers/?columns=owner&columns=phone", own, f"{own}needs/", f"{own}edit/", f"{own}contacts/add/", f"{own}letter/",
                    f"/letters/{letter.pk}/", "/day/excel/back/"):  # fmt: skip
        page.goto(address)
        assert_accessible(page)
        assert_no_sideways_scroll(page)
    page.goto(own)
    page.get_by_role("link", name="Bedarf eintragen").first.click()
    expect(page.locator(".need-lines")).to_be_visible()
    assert_accessible(page)
