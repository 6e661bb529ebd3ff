"""A rep's day in a real browser: by keyboard, without scripts, on a phone, and with what goes wrong in between."""

import datetime as dt
import re

import pytest
import time_machine
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from accounts.models import User
from customers.models import Activity, ContactBlock, Customer, DataState, FollowUp
from tests.browser import assert_accessible, assert_no_sideways_scroll, sign_in
from tests.factories import make_contact, make_listed
from tests.hands import Hands, choice
from tests.workplace.scenes import make_callable, make_follow_up, make_reason, reason_of

MONDAY = dt.datetime(2026, 11, 23, 8, 30, tzinfo=dt.UTC)
NEXT_MONDAY = dt.datetime(2026, 11, 30, 7, tzinfo=dt.UTC)
NORTH, SOUTH, WEST = "Bäckerei Nord GmbH & Co. KG", "Autohaus Süd", "Spedition West"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(MONDAY) as traveller:
        yield traveller


@pytest.fixture
def three(transactional_db, anna: User) -> list[Customer]:
    """Three customers of Anna's, each with one reason to call, best first."""
    DataState.objects.create(last_order_on=dt.date(2026, 11, 20), loaded_at=MONDAY)
    return [make_callable(anna, name, rank=rank) for name, rank in ((NORTH, 90), (SOUTH, 50), (WEST, 10))]


def calls() -> list[tuple[str, str, str]]:
    made = Activity.objects.for_system("test").standing().order_by("pk")
    return [(call.customer.name, call.outcome, call.note) for call in made]


def card(page: Page):
    return page.locator("#card h2")


def radio(page: Page, name: str, *, exact: bool = True):
    return page.get_by_role("radio", name=name, exact=exact)


def names(page: Page) -> list[str]:
    return page.locator(".call-row-name").all_inner_texts()


def test_anna_works_three_customers_by_keyboard_and_finds_the_follow_up_on_its_day(live_page, complaints, anna, three, clock):
    page = live_page()
    hands = Hands(page)
    sign_in(page, anna)
    expect(card(page)).to_have_text(NORTH)
    assert names(page) == [NORTH, SOUTH, WEST]

    hands.press("3")
    expect(radio(page, "Erreicht")).to_be_checked()
    hands.type("Umbau bis Ende November, danach noch einmal fragen")
    expect(page.locator("#call-note")).to_be_focused()
    hands.press("Escape", "d")
    expect(page.locator("#call-next-on")).to_be_focused()
    hands.press("Shift+Tab", "ArrowLeft", "ArrowLeft")  # how a date is typed depends on the machine's language; the step before it does not
    expect(radio(page, "+1 Woche", exact=False)).to_be_checked()
    hands.press("Control+Enter")

    expect(card(page)).to_have_text(SOUTH)
    expect(page.locator("#messages")).to_contain_text(f"Gespräch mit {NORTH} gespeichert, Wiedervorlage Mo 30.11.2026.")
    expect(page.get_by_role("heading", level=1)).to_have_text("Montag, 23. November")
    assert hands.used == (0, 7)
    hands.press("1")
    expect(radio(page, "Wiedervorlage", exact=False)).to_be_checked()
    hands.press("Control+Enter")

    expect(card(page)).to_have_text(WEST)
    hands.press("5")
    expect(page.get_by_label("Betrag netto in Euro")).to_have_value("240,00")
    hands.press("Control+Enter")

    expect(page.locator("#list")).to_contain_text("Ihre Liste für heute ist erledigt.")
    assert hands.used == (0, 4)
    assert calls() == [
        (NORTH, "reached", "Umbau bis Ende November, danach noch einmal fragen"),
        (SOUTH, "not_reached", ""),
        (WEST, "order", ""),
    ]
    assert reason_of(three[2]).won_amount == 240

    complaints.expect("401")  # the open page may ask for notes once more before it learns that the session has ended
    clock.move_to(NEXT_MONDAY)
    sign_in(page, anna)
    assert names(page)[:2] == [SOUTH, NORTH]  # the try of last Tuesday is overdue, then comes what is due today
    page.keyboard.press("j")
    expect(page.locator(".call-row[aria-current]")).to_contain_text("Wiedervorlage")
    expect(page.locator("#card")).to_contain_text("Wiedervorlage vom 30.11.2026: Umbau bis Ende November, danach noch einmal fragen")


def test_the_same_day_without_scripts(live_page, anna, three, clock):
    page = live_page(has_scripts=False)
    sign_in(page, anna)
    page.get_by_role("link", name=NORTH).first.click()
    radio(page, "Erreicht").check()
    page.get_by_label("Notiz").fill("Umbau bis Ende November")
    radio(page, "Datum").check()
    page.locator("#call-next-on").fill("2026-11-30")
    page.get_by_role("button", name="Speichern und weiter").click()

    expect(card(page)).to_have_text(SOUTH)
    expect(page.locator("#messages")).to_contain_text("Wiedervorlage Mo 30.11.2026.")
    radio(page, "Nicht erreicht").check()
    page.get_by_role("button", name="Speichern und weiter").click()

    expect(card(page)).to_have_text(WEST)
    radio(page, "Auftrag").check()
    page.get_by_label("Betrag netto in Euro").fill("1.234,50")
    page.get_by_role("button", name="Speichern und weiter").click()
    expect(page.locator("#list")).to_contain_text("Ihre Liste für heute ist erledigt.")

    page.get_by_role("button", name="Rückgängig").click()
    expect(card(page)).to_have_text(WEST)
    expect(radio(page, "Auftrag")).to_be_checked()
    assert [call[:2] for call in calls()] == [(NORTH, "reached"), (SOUTH, "not_reached")]

    clock.move_to(NEXT_MONDAY)
    sign_in(page, anna)
    assert names(page)[:2] == [SOUTH, NORTH]
    expect(page.locator(".call-row").nth(1)).to_contain_text("Wiedervorlage")


def test_moving_through_the_list_by_keyboard_shows_each_card(live_page, anna, three):
    page = live_page(anna)
    page.goto("/")
    for key, name in (("j", SOUTH), ("j", WEST), ("j", WEST), ("k", SOUTH)):
        page.keyboard.press(key)
        expect(card(page)).to_have_text(name)
        expect(page.locator(".call-row[aria-current] .call-row-name")).to_have_text(name)
        expect(page.get_by_role("link", name=name).first).to_be_focused()
    page.wait_for_url(re.compile(rf"customer={three[1].pk}$"))
    page.go_back()
    expect(card(page)).to_have_text(WEST)


def test_the_row_whose_card_is_open_is_in_sight(live_page, anna, transactional_db):
    customers = [make_callable(anna, f"Kunde {number:02}", rank=90 - number) for number in range(15)]
    page = live_page(anna)
    page.goto(f"/?customer={customers[13].pk}")
    expect(page.locator(".call-row[aria-current]")).to_have_text(re.compile("Kunde 13"))
    expect(page.locator(".call-row[aria-current]")).to_be_in_viewport(ratio=0.9)
    assert page.evaluate("window.scrollY") == 0
    page.goto("/")
    for number in range(1, 9):
        page.keyboard.press("j")
        expect(card(page)).to_have_text(f"Kunde {number:02}")
    expect(page.locator(".call-row[aria-current]")).to_be_in_viewport(ratio=0.9)


def test_keys_are_letters_while_somebody_types(live_page, anna, three):
    page = live_page(anna)
    page.goto("/")
    page.locator("#call-note").focus()
    page.keyboard.type("jk 1 d n?")
    expect(page.locator("#call-note")).to_have_value("jk 1 d n?")
    expect(card(page)).to_have_text(NORTH)
    expect(page.locator("[name=outcome]:checked")).to_have_count(0)
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.get_by_role("heading", name="Tasten")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", name="Tasten")).to_be_hidden()
    page.keyboard.press("4")
    page.keyboard.type("will es erst im Januar, 12 Kanister")
    expect(page.locator("#call-note")).to_have_value("jk 1 d n?will es erst im Januar, 12 Kanister")
    expect(radio(page, "Interesse")).to_be_checked()


def test_on_a_low_screen_the_reasons_are_in_sight_first_and_the_form_once_it_is_used(live_page, anna, transactional_db):
    make_callable(anna, NORTH, kinds=("reorder", "cross_sell"))
    page = live_page(anna)
    page.set_viewport_size({"width": 1366, "height": 700})
    page.goto("/")
    under = "point => document.elementFromPoint(point.x + point.width / 2, point.y + point.height / 2).closest('.why, .choice')?.innerText"
    for reason in page.locator("#card .why").all():
        assert page.evaluate(under, reason.bounding_box()) == reason.inner_text()
    page.keyboard.press("6")
    chosen = page.locator(".choice", has=radio(page, "Kein Bedarf"))
    assert page.evaluate(under, chosen.bounding_box()) == chosen.inner_text()
    expect(page.locator(".call-form-steps")).to_be_in_viewport(ratio=1)


def test_a_call_taken_by_the_search_does_not_send_the_form_beside_it(live_page, anna, three):
    make_listed("Müller Logistik")
    page = live_page(anna)
    page.goto("/")
    page.keyboard.press("3")
    page.keyboard.press("/")
    page.keyboard.type("müller")
    expect(page.locator("a.search-hit")).to_contain_text("Müller Logistik")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(re.compile("direction=incoming"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Müller Logistik")
    assert calls() == []


def test_an_answer_names_the_outcome_and_the_outcome_the_next_step(live_page, anna, transactional_db):
    make_callable(anna, NORTH, kinds=("reorder", "cross_sell"))
    page = live_page(anna)
    page.goto("/")
    page.get_by_label("Nachkauf", exact=True).select_option("Interesse")
    expect(radio(page, "Interesse")).to_be_checked()
    expect(radio(page, "+1 Woche", exact=False)).to_be_checked()
    page.keyboard.press("Escape")
    page.keyboard.press("6")
    expect(page.get_by_label("Nachkauf", exact=True)).to_have_value("lost")
    expect(page.get_by_label("Nachkauf: Warum nicht")).to_be_visible()
    expect(radio(page, "Keine")).to_be_checked()
    expect(page.get_by_label("Cross-Selling", exact=True)).to_have_value("not_discussed")


def test_the_evidence_opens_its_order_lines_on_click(live_page, anna, three):
    page = live_page(anna)
    page.goto("/")
    page.locator("#card").get_by_role("link", name="Woher?").click()
    expect(page.locator("#card .source")).to_contain_text("Chance 35 % × DB 96 € × Dringlichkeit 1,0 = 34 € erwarteter DB")


def test_undo_is_offered_for_ten_seconds(live_page, anna, three):
    page = live_page(anna)
    page.clock.install()
    page.goto("/")
    page.keyboard.press("3")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("button", name="Rückgängig")).to_be_visible()
    page.clock.fast_forward("00:01")  # what arrives is started by a timer, too
    page.clock.fast_forward("00:11")
    expect(page.get_by_role("button", name="Rückgängig")).to_have_count(0)


# --- nothing typed is lost ---


def test_a_typed_note_survives_a_reload_and_goes_when_it_is_saved(live_page, anna, three):
    page = live_page(anna)
    page.goto("/")
    page.keyboard.press("4")
    page.locator("#call-note").fill("Mühsam getippt")
    page.reload()
    expect(page.locator("#call-note")).to_have_value("Mühsam getippt")
    expect(radio(page, "Interesse")).to_be_checked()
    expect(page.locator("[data-draft-note]")).to_be_visible()
    page.keyboard.press("Control+Enter")
    expect(card(page)).to_have_text(SOUTH)
    page.goto(f"/?customer={three[0].pk}")
    expect(page.locator("#call-note")).to_have_value("")
    assert calls() == [(NORTH, "interested", "Mühsam getippt")]


def test_a_form_sent_empty_does_not_claim_to_have_restored_a_text(live_page, anna, three, complaints):
    complaints.expect("status of 422")
    page = live_page(anna)
    page.goto("/")
    page.get_by_role("button", name="Speichern und weiter").click()
    expect(page.locator("[data-call-form][data-is-ready] #call-complaints")).to_be_visible()
    expect(page.locator("[data-draft-note]")).to_be_hidden()


def test_a_session_that_ends_while_typing_costs_no_text(live_page, anna, three, complaints):
    complaints.expect("401")
    page = live_page()
    sign_in(page, anna)
    page.keyboard.press("3")
    page.locator("#call-note").fill("Mühsam getippt")
    Session.objects.all().delete()
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/accounts/login/**")
    expect(page.get_by_role("status")).to_contain_text("ist in diesem Browser aufgehoben und steht nach der Anmeldung wieder im Formular")
    sign_in_here(page, anna)
    expect(page.locator("#call-note")).to_have_value("Mühsam getippt")
    page.keyboard.press("Control+Enter")
    expect(card(page)).to_have_text(SOUTH)
    assert calls() == [(NORTH, "reached", "Mühsam getippt")]


def test_without_a_connection_the_call_is_sent_when_it_is_back(live_page, anna, three, complaints):
    complaints.expect("ERR_INTERNET_DISCONNECTED")
    complaints.expect("htmx:")  # who talks with the customer is asked meanwhile, too
    page = live_page(anna)
    page.goto("/")
    page.keyboard.press("3")
    page.locator("#call-note").fill("Im Funkloch")
    page.context.set_offline(True)
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-unsaved=offline]")).to_contain_text("Nicht gespeichert: keine Verbindung.")
    expect(page.locator("#call-note")).to_have_value("Im Funkloch")
    assert calls() == []
    page.context.set_offline(False)
    expect(card(page)).to_have_text(SOUTH)
    assert calls() == [(NORTH, "reached", "Im Funkloch")]


def test_a_server_that_does_not_answer_is_asked_again(live_page, anna, three, complaints):
    complaints.expect("ERR_FAILED")
    complaints.expect("htmx:")
    page = live_page(anna)
    page.clock.install()
    page.goto("/")
    page.keyboard.press("3")
    page.route("**/calls/", lambda route: route.abort())
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-unsaved=offline]")).to_be_visible()
    page.unroute("**/calls/")
    page.clock.fast_forward("00:16")
    expect(card(page)).to_have_text(SOUTH)
    assert calls() == [(NORTH, "reached", "")]


def test_a_server_that_fails_keeps_the_text(live_page, anna, three, complaints):
    complaints.expect("status of 500")
    complaints.expect("Response Status Error Code 500")
    page = live_page(anna)
    page.goto("/")
    page.keyboard.press("3")
    page.locator("#call-note").fill("Mühsam getippt")
    page.route("**/calls/", lambda route: route.fulfill(status=500, body="kaputt"))
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-unsaved=server]")).to_contain_text("Nicht gespeichert: Der Server konnte das Gespräch nicht annehmen.")
    expect(page.locator("#call-note")).to_have_value("Mühsam getippt")


def test_a_refused_form_shows_why_and_keeps_the_text(live_page, anna, three, complaints):
    complaints.expect("status of 422")
    page = live_page(anna)
    page.goto("/")
    page.locator("#call-note").fill("Mühsam getippt")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#card [role=alert]:not([hidden])")).to_have_text("Gesprächsergebnis: Wählen Sie, wie das Gespräch ausging.")
    expect(page.locator("#call-note")).to_have_value("Mühsam getippt")
    assert calls() == []


# --- small and large, light and dark ---


def test_a_call_back_without_a_date_puts_the_focus_on_the_date(live_page, anna, three, complaints):
    complaints.expect("status of 422")
    page = live_page(anna)
    page.goto("/")
    page.keyboard.press("2")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("alert")).to_have_text("Rückruf: Es fehlt das Datum.")
    date = page.locator("#call-next-on")
    expect(date).to_be_focused()
    seen = "field => { const box = field.getBoundingClientRect(); return document.elementFromPoint(box.x + 9, box.y + box.height - 4) === field }"
    assert date.evaluate(seen), "the bar with the button lies over the date"


def test_another_person_chosen_shows_the_gates_word_on_him(live_page, anna, three):
    person = make_contact(three[0], "Sperrig", salutation="mrs")
    ContactBlock.objects.create(customer=three[0], contact=person, channel="phone", set_on=MONDAY.date(), set_by=anna)
    page = live_page(anna)
    page.goto("/")
    expect(page.locator("#call-gate")).to_contain_text("Erlaubt: Bestandskunde")
    page.locator("#call-contact").select_option(str(person.pk))
    expect(page.locator("#call-gate")).to_contain_text("Nicht erlaubt: Werbesperre seit 23.11.2026.")
    expect(radio(page, "Anruf vom Kunden")).to_be_checked()
    page.keyboard.press("Escape")
    page.keyboard.press("3")
    page.keyboard.press("Control+Enter")
    expect(card(page)).to_have_text(SOUTH)
    assert calls() == [(NORTH, "reached", "")]


def test_note_next_step_and_save_are_in_sight_without_scrolling(live_page, anna, three):
    make_reason(three[0], "cross_sell")
    page = live_page(anna)
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto("/")
    for seen in (page.locator("#call-note"), radio(page, "+1 Woche", exact=False), page.get_by_role("button", name="Speichern und weiter")):
        expect(seen).to_be_in_viewport(ratio=1)


def test_the_menu_of_the_last_row_opens_where_there_is_room(live_page, anna, transactional_db):
    for index in range(15):
        make_callable(anna, f"Kunde {index}", rank=90 - index)
    page = live_page(anna)
    page.goto("/")
    page.locator(".call-row").last.hover()
    page.locator(".call-row-menu summary").last.click()
    expect(page.get_by_role("button", name="Daten stimmen nicht").last).to_be_in_viewport(ratio=1)


def test_a_long_chip_stays_beside_its_sentence(live_page, anna, three):
    make_follow_up(three[0], anna, MONDAY.date(), kind=FollowUp.Kind.CALLBACK, due_time=dt.time(8))
    page = live_page(anna)
    page.goto("/")
    row = page.locator("#card .why").first
    chip, sentence = row.locator(".chip"), row.locator("> :nth-child(2)")
    expect(chip).to_have_text("Rückruf vereinbart · überfällig")
    assert chip.bounding_box()["x"] + chip.bounding_box()["width"] <= sentence.bounding_box()["x"]


def test_on_a_phone_list_and_card_are_two_pages(live_page, anna, three):
    page = live_page(anna, width=390)
    hands = Hands(page)
    page.goto("/")
    expect(page.locator("#card")).to_be_hidden()
    assert_no_sideways_scroll(page)
    assert_accessible(page)
    page.get_by_role("link", name=SOUTH).click()
    expect(card(page)).to_have_text(SOUTH)
    expect(page.locator("#list")).to_be_hidden()
    assert_no_sideways_scroll(page)
    assert_accessible(page)
    page.get_by_role("link", name="Zur Liste").click()
    expect(page.locator("#card")).to_be_hidden()
    hands.click(page.get_by_role("link", name=SOUTH))
    hands.click(choice(page, "Nicht erreicht"))
    hands.click(page.get_by_role("button", name="Speichern und weiter"))
    expect(card(page)).to_have_text(WEST)
    assert hands.used == (3, 0)
    assert calls() == [(SOUTH, "not_reached", "")]
    page.goto(three[2].get_absolute_url())
    expect(page.locator("#card .card-head a[href^='tel:']")).to_be_in_viewport(ratio=1)
    expect(page.get_by_role("link", name="Brief schreiben")).to_be_hidden()
    page.locator("label[for=acts-more]").click()
    expect(page.get_by_role("link", name="Brief schreiben")).to_be_visible()


def test_the_page_is_accessible_with_everything_on_it(live_page, anna, three):
    make_follow_up(three[0], anna, MONDAY.date(), kind=FollowUp.Kind.CALLBACK, due_time=dt.time(14), note="Angebot nachfassen")
    page = live_page(anna)
    page.goto("/")
    page.keyboard.press("5")
    expect(page.get_by_label("Betrag netto in Euro")).to_be_visible()
    assert_accessible(page, in_dark_too=True)
    assert_no_sideways_scroll(page)


def sign_in_here(page: Page, user: User) -> None:
    """Sign in on the page that asks for it, and come back to where the session ended."""
    page.locator("[name=login]").fill(user.username)
    page.locator("[name=password]").fill("geheim-geheim")
    page.locator("[name=password]").press("Enter")
    page.wait_for_url(lambda url: "/accounts/login" not in url)


def test_a_sheet_is_no_phone(live_page, anna, three):
    page = live_page(anna)
    page.set_viewport_size({"width": 688, "height": 980})  # A4 between its margins
    page.emulate_media(media="print")
    page.goto("/customers/")
    assert page.locator(".customers-table tbody tr").first.evaluate("row => getComputedStyle(row).display") == "table-row"
    page.goto(three[0].get_absolute_url())
    expect(page.locator(".side-nav")).to_be_hidden()
    expect(page.get_by_role("heading", name="Wiedervorlage")).to_be_hidden()
    page.goto("/")
    expect(page.locator("#card")).to_be_hidden()
