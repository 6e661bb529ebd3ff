"""Saving a call through the browser: the journey, the stranger, the bad form."""

import datetime as dt
from decimal import Decimal

import pytest
import time_machine
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Role
from campaigns import day_list
from campaigns.answers import answer_opportunity
from campaigns.models import DayListRow, Opportunity, OpportunityItem
from customers.complaints import move_complaint, raise_complaint
from customers.models import Activity, Complaint, FollowUp, Product
from customers.preferences import CustomersPreferences, Visibility
from innendienst.base import preferences
from innendienst.base.models import FormKey
from tests.factories import make_customer, make_group, make_product, make_user
from tests.workplace.scenes import call_data, make_callable, make_follow_up, reason_of

pytestmark = pytest.mark.django_db

MONDAY = dt.date(2026, 11, 23)
NOW = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)
SAVE = "/calls/"
STATEMENTS_MOST = 40


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def north(anna):
    return make_callable(anna, "Bäckerei Nord", rank=90)


@pytest.fixture
def south(anna):
    return make_callable(anna, "Autohaus Süd", rank=10)


def calls() -> list[Activity]:
    return list(Activity.objects.for_system("test").order_by("pk"))


def said(response) -> list[str]:
    return [str(message) for message in response.context["messages"]]


# --- the journey ---


def test_a_save_goes_on_to_the_next_customer_and_says_what_was_done(annas, north, south):
    annas.get("/")
    page = annas.post(SAVE, call_data(north, outcome="interested", note="Will ein Angebot"), follow=True)
    assert page.redirect_chain == [(f"/?customer={south.pk}", 302)]
    assert said(page) == ["Gespräch mit Bäckerei Nord gespeichert, Wiedervorlage Mo\u00a030.11.2026."]
    assert [row.name for row in page.context["rows"]] == ["Autohaus Süd"]
    assert [(call.outcome, call.note) for call in calls()] == [("interested", "Will ein Angebot")]


def test_an_order_is_said_and_kept_with_its_amount(annas, north):
    said_so = call_data(north, outcome="order", back="customer", **{f"reason-{reason_of(north).pk}-amount": "142"})
    page = annas.post(SAVE, said_so, follow=True)
    link = f'<a href="/opportunities/{reason_of(north).pk}/#order-head">Auftragstext kopieren</a>'
    assert said(page) == [f"Gespräch mit Bäckerei Nord gespeichert, Auftrag über 142,00\u00a0€. {link}"]
    assert page.context["timeline"].entries[0].title == "Auftrag über 142,00\u00a0€"


def test_a_quote_is_made_in_the_same_save_and_goes_with_its_undo(annas, north):
    reason = f"reason-{reason_of(north).pk}"
    offered = {f"{reason}-answer": "offered", f"{reason}-amount": "480,50", f"{reason}-valid_until": "2026-12-18"}
    page = annas.post(SAVE, call_data(north, back="customer", **offered), follow=True)
    assert said(page) == ["Gespräch mit Bäckerei Nord gespeichert, Angebot über 480,50\u00a0€, Wiedervorlage Mo\u00a030.11.2026."]
    [call] = calls()
    assert (call.outcome, reason_of(north).state) == ("interested", "offered")
    quote = reason_of(north).quotes.get()
    assert (quote.net_amount, quote.sent_on, quote.valid_until, quote.version) == (Decimal("480.50"), MONDAY, dt.date(2026, 12, 18), 1)
    annas.post(reverse("call_undo", args=[call.pk]))
    assert (reason_of(north).state, reason_of(north).quotes.count()) == ("suggested", 0)


@pytest.mark.parametrize(
    ("field", "text", "complaint"),
    [
        ("amount", "", "Nachkauf: Ein Angebot braucht einen Nettobetrag."),
        ("valid_until", "2026-11-01", "Gültig bis: Der 01.11.2026 liegt in der Vergangenheit."),
    ],
)
def test_a_quote_that_lacks_something_comes_back_with_every_word(annas, north, field, text, complaint):
    reason = f"reason-{reason_of(north).pk}"
    typed = {f"{reason}-answer": "offered", f"{reason}-amount": "480", f"{reason}-valid_until": "2026-12-18", f"{reason}-{field}": text}
    page = annas.post(SAVE, call_data(north, note="Bitte bald", **typed))
    assert page.status_code == 422
    content = page.content.decode()
    assert complaint in content
    assert "Bitte bald" in content
    assert f'name="{reason}-{field}" value="{text}"' in content
    assert calls() == []


def test_a_complaint_is_said_and_leaves_what_was_due_for_tomorrow(annas, anna, north):
    make_follow_up(north, anna, MONDAY, note="Angebot nachfassen")
    page = annas.post(SAVE, call_data(north, outcome="complaint", note="Palette beschädigt"), follow=True)
    assert said(page) == ["Gespräch mit Bäckerei Nord gespeichert, Beschwerde gemeldet."]
    assert page.context["rows"] == []
    again = FollowUp.objects.for_system("test").open().get()
    assert (again.due_on, again.note) == (MONDAY + dt.timedelta(days=1), "Angebot nachfassen")


def test_nobody_reached_the_next_try_knows_what_was_agreed(annas, anna, north):
    make_follow_up(north, anna, MONDAY, note="Staffelpreis nennen", contact=north.contacts.get())
    annas.post(SAVE, call_data(north, outcome="not_reached", note="Besprechung bis 15 Uhr"))
    again = FollowUp.objects.for_system("test").open().get()
    assert (again.kind, again.contact, again.note) == ("retry", north.contacts.get(), "Staffelpreis nennen\nBesprechung bis 15 Uhr")


def test_a_date_that_had_to_move_is_said(annas, north):
    page = annas.post(SAVE, call_data(north, outcome="reached", next="date", next_on="2026-12-25"), follow=True)
    assert said(page) == [
        "Gespräch mit Bäckerei Nord gespeichert, Wiedervorlage Mo\u00a028.12.2026 (Fr\u00a025.12.2026 ist kein Arbeitstag)."
    ]


def test_the_filter_stays_after_a_save(annas, anna, north):
    cross, other = (make_callable(anna, name, kinds=("cross_sell",), rank=5) for name in ("Quer 1", "Quer 2"))
    annas.get("/")
    page = annas.post(SAVE, call_data(cross, outcome="reached", kind="cross_sell"))
    assert page.headers["Location"] == f"/?customer={other.pk}&kind=cross_sell"


def test_with_scripts_the_answer_is_the_next_card_and_its_address(annas, north, south):
    annas.get("/")
    part = annas.post(SAVE, call_data(north, outcome="reached"), headers={"HX-Request": "true", "HX-Target": "day"})
    assert part.headers["HX-Push-Url"] == f"/?customer={south.pk}"
    assert part.context["card"].customer == south
    assert "<html" not in part.text
    assert 'id="messages"' in part.text
    assert "Gespräch mit Bäckerei Nord gespeichert." in part.text


def test_after_the_last_one_the_page_says_that_all_is_done(annas, north):
    annas.get("/")
    page = annas.post(SAVE, call_data(north, outcome="reached"), follow=True)
    assert page.redirect_chain == [("/", 302)]
    assert "Ihre Liste für heute ist erledigt." in page.text


def test_from_the_customers_page_a_save_leads_back_there(annas, north):
    assert annas.post(SAVE, call_data(north, outcome="reached", back="customer")).headers["Location"] == north.get_absolute_url()


def test_field_sales_logs_calls_from_the_customers_page(client, north, team_north):
    client.force_login(make_user("dirk", Role.FIELD_SALES, team=team_north))
    assert client.post(SAVE, call_data(north, outcome="reached", back="customer")).headers["Location"] == north.get_absolute_url()
    assert len(calls()) == 1


def test_the_form_of_the_page_can_be_sent_as_it_stands(annas, north):
    """What a browser without scripts would send: every field of the form as rendered, and the outcome."""
    form = annas.get("/").context["form"]
    page = annas.get("/")
    assert f'name="customer" value="{north.pk}"' in page.text
    data = {"key": form.key, "customer": north.pk, "back": "day", "top": form.top, "outcome": "order", "note": "", "next_on": ""}
    reason = reason_of(north)
    data |= {
        "reason": reason.pk,
        f"reason-{reason.pk}-version": 1,
        f"reason-{reason.pk}-answer": "",
        f"reason-{reason.pk}-amount": "240,00",
    }
    annas.post(SAVE, data)
    assert (reason_of(north).state, str(reason_of(north).won_amount)) == ("won", "240.00")


# --- twice, late, from elsewhere ---


def test_sent_twice_is_one_call_and_the_same_page(annas, north):
    annas.get("/")
    data = call_data(north, outcome="reached", note="Einmal")
    first, second = annas.post(SAVE, data, follow=True), annas.post(SAVE, data, follow=True)
    assert len(calls()) == 1
    assert said(first) == said(second)
    assert first.redirect_chain == second.redirect_chain


def test_the_same_form_with_another_text_is_shown_again_with_that_text(annas, north):
    data = call_data(north, outcome="reached", note="Einmal")
    annas.post(SAVE, data)
    page = annas.post(SAVE, {**data, "note": "Einmal, und noch etwas"})
    assert page.status_code == 409
    assert len(calls()) == 1
    assert "Einmal, und noch etwas" in page.text
    assert page.context["form_key"] != data["key"]


def test_whoever_comes_back_from_the_sign_in_lands_on_his_day(annas):
    assert annas.get(SAVE).headers["Location"] == "/"


def test_without_a_session_the_text_comes_back_and_nothing_is_written(client, north):
    page = client.post(SAVE, call_data(north, outcome="reached", note="Mühsam getippt"))
    assert page.status_code == 401
    assert "Mühsam getippt" in page.text
    assert calls() == []


def test_without_the_csrf_token_the_text_comes_back_in_german(anna, north):
    client = Client(enforce_csrf_checks=True)
    client.force_login(anna)
    page = client.post(SAVE, call_data(north, outcome="reached", note="Mühsam getippt"))
    assert page.status_code == 403
    assert "Mühsam getippt" in page.text
    assert calls() == []


def test_a_customer_outside_my_area_does_not_exist(client, anna, bernd, north):
    preferences.put(CustomersPreferences, by=None, visibility=Visibility.OWN)
    client.force_login(bernd)
    assert client.post(SAVE, call_data(north, outcome="reached")).status_code == 404
    assert calls() == []


@pytest.mark.parametrize("customer", ["", "x", "0", "999999", "-3", "9" * 40])
def test_a_customer_that_is_none_does_not_exist(annas, north, customer):
    assert annas.post(SAVE, call_data(north, outcome="reached") | {"customer": customer}).status_code == 404
    assert calls() == []


def test_a_foreign_reason_or_person_is_404_and_writes_nothing(annas, north):
    foreign = make_callable(None, "Fremd AG")
    persons = [foreign.contacts.get().pk, "9" * 40, "-" + "9" * 40]
    for said_more in ({"reason": [reason_of(foreign).pk]}, *({"contact": pk} for pk in persons)):
        assert annas.post(SAVE, call_data(north, outcome="reached", **said_more)).status_code == 404
    assert calls() == []
    assert not FormKey.objects.exists()


def test_marketing_may_not_log_calls(client, north):
    client.force_login(make_user("nora", Role.MARKETING))
    assert client.post(SAVE, call_data(north, outcome="reached")).status_code == 403
    assert calls() == []


def test_a_save_takes_as_many_statements_after_a_hundred_calls_as_after_none(annas, anna, north, south):
    annas.post(SAVE, call_data(make_callable(anna, "Als Erster"), outcome="interested"))  # what is asked for once per process
    call = {"direction": "outgoing", "outcome": "reached", "at": NOW - dt.timedelta(days=90), "by": anna}
    Activity.objects.bulk_create(Activity(customer=south, **call) for _index in range(100))
    counts = []
    for customer in (north, south):
        data = call_data(customer, outcome="interested", note="Will ein Angebot.")
        with CaptureQueriesContext(connection) as statements:
            assert annas.post(SAVE, data).status_code == 302
        counts.append(len(statements))
    assert counts[0] == counts[1] <= STATEMENTS_MOST


# --- bad forms keep what was typed ---


def test_a_refused_form_keeps_every_word_and_names_the_field(annas, north):
    typed = {"outcome": "order", "note": "<script>alert(1)</script> {{ 7 }} „Zitat“", "next": "date", "next_on": "31.02.2027"}
    page = annas.post(SAVE, call_data(north, **typed, **{f"reason-{reason_of(north).pk}-amount": "12,34,5"}))
    assert page.status_code == 422
    assert page.context["form"].messages == [
        "Datum: „31.02.2027“ gibt es nicht.",
        "Betrag: „12,34,5“ ist kein Betrag (erwartet: 1.234,56).",
    ]
    assert "&lt;script&gt;alert(1)&lt;/script&gt; {{ 7 }} „Zitat“" in page.text
    assert 'value="12,34,5"' in page.text
    assert 'value="31.02.2027"' in page.text
    assert 'name="outcome" value="order" data-key="5" data-step="none" data-answer="won" checked' in page.text
    assert [row.name for row in page.context["rows"]] == ["Bäckerei Nord"]
    assert calls() == []


def test_with_scripts_a_refused_form_is_the_card_alone(annas, north):
    part = annas.post(SAVE, call_data(north), headers={"HX-Request": "true", "HX-Target": "day"})
    assert (part.status_code, part.headers["HX-Retarget"]) == (422, "#card")
    assert "Gesprächsergebnis: Wählen Sie, wie das Gespräch ausging." in part.text
    assert "<html" not in part.text


def test_a_refused_form_of_the_customers_page_is_a_page_of_its_own(annas, north):
    page = annas.post(SAVE, call_data(north, back="customer"))
    assert (page.status_code, page.context["card"].customer) == (422, north)
    assert "rows" not in page.context


def test_two_people_one_reason_shows_both_versions_and_keeps_the_text(annas, bernd, north):
    data = call_data(north, outcome="order", note="Nimmt zwölf", **{f"reason-{reason_of(north).pk}-amount": "142"})
    answer_opportunity(actor=bernd, opportunity=reason_of(north), answer="lost", reason="price")
    page = annas.post(SAVE, data)
    assert page.status_code == 409
    [moved] = page.context["moved"]
    assert (moved.label, moved.theirs, moved.mine, moved.by) == ("Nachkauf", "Verloren", "Gewonnen", "Bernd Vogel")
    assert "Bernd Vogel hat diesen Kunden um 10:00 Uhr geändert" in page.text
    assert "Nimmt zwölf" in page.text
    assert calls() == []


def test_the_readers_own_second_window_is_not_told_as_somebody_else(annas, north):
    data = call_data(north, outcome="interested"), call_data(north, outcome="no_need", note="Doch nicht")
    annas.post(SAVE, data[0])
    page = annas.post(SAVE, data[1])
    assert page.status_code == 409
    assert "Sie haben diesen Kunden um 10:00 Uhr selbst geändert, in einem anderen Fenster." in page.text
    assert "Anna Lang hat diesen Kunden" not in page.text
    assert "Doch nicht" in page.text


def test_reasons_of_one_kind_are_told_apart_by_their_article(annas, north):
    _add_article(reason_of(north), "Glasreiniger R40")
    data = call_data(north, outcome="interested"), call_data(north, outcome="no_need")
    annas.post(SAVE, data[0])
    page = annas.post(SAVE, data[1])
    assert page.status_code == 409
    assert [moved.label for moved in page.context["moved"]] == ["Nachkauf: Reiniger R10"]
    assert ">Nachkauf: Reiniger R10</label>" in page.text
    assert ">Nachkauf: Glasreiniger R40</label>" in page.text


def _add_article(opportunity: Opportunity, name: str) -> None:
    """An article of another product group, which stays a suggestion when the one on top is answered."""
    top = opportunity.items.get()
    Product.objects.filter(pk=top.product_id).update(group=make_group())
    article = make_product(name, group=make_group())
    OpportunityItem.objects.create(opportunity=opportunity, product=article, position=2, facts=top.facts, expected_revenue=100)


def test_managers_are_told_that_the_reason_moved_and_not_by_whom_and_when(client, bernd, carla, north):
    client.force_login(carla)
    data = call_data(north, outcome="interested")
    answer_opportunity(actor=bernd, opportunity=reason_of(north), answer="lost", reason="price")
    page = client.post(SAVE, data)
    [moved] = page.context["moved"]
    assert (page.status_code, moved.theirs, moved.by, moved.at) == (409, "Verloren", "", None)
    assert "Bernd Vogel" not in page.text


def test_an_answer_that_leaves_the_state_is_seen_by_the_next_one(client, bernd, anna, north, clock):
    answer_opportunity(actor=anna, opportunity=reason_of(north), answer="interested")
    seen_by_both = call_data(north, outcome="interested"), call_data(north, outcome="interested")
    clock.shift(60)
    client.force_login(bernd)
    client.post(SAVE, seen_by_both[0])
    client.force_login(anna)
    page = client.post(SAVE, seen_by_both[1])
    [moved] = page.context["moved"]
    assert (page.status_code, moved.theirs, moved.by) == (409, "Interesse", "Bernd Vogel")
    assert len(calls()) == 1


def test_after_a_conflict_the_outcome_does_not_slip_to_another_reason(annas, anna, bernd):
    north = make_callable(anna, "Bäckerei Nord", kinds=("reorder", "cross_sell"))
    data = call_data(north, outcome="interested")
    answer_opportunity(actor=bernd, opportunity=reason_of(north), answer="won", amount=1)
    page = annas.post(SAVE, data)
    again = call_data(north, outcome="interested", top=page.context["form"].top)
    annas.post(SAVE, again)
    assert len(calls()) == 1
    assert reason_of(north, "cross_sell").state == "suggested"


def test_a_reason_that_is_gone_is_not_answered_silently(annas, north):
    data = call_data(north, outcome="order", **{f"reason-{reason_of(north).pk}-amount": "142"})
    reason_of(north).delete()
    page = annas.post(SAVE, data)
    assert page.status_code == 409
    assert "Die Anlässe haben sich geändert" in page.text
    assert calls() == []


def test_when_the_database_does_not_answer_the_text_waits_on_a_page_that_sends_it_again(annas, north, monkeypatch):
    data = call_data(north, outcome="reached", note="Mühsam getippt")
    with monkeypatch.context() as broken:
        broken.setattr("innendienst.workplace.call.views.save_call", _database_is_gone)
        page = annas.post(SAVE, data)
    assert page.status_code == 503
    assert "Mühsam getippt</textarea>" in page.text
    assert f'name="key" value="{data["key"]}"' in page.text
    assert calls() == []
    annas.post(SAVE, dict(page.context["kept"]) | {"note": page.context["note"]})
    assert [call.note for call in calls()] == ["Mühsam getippt"]


def _database_is_gone(*_args):
    raise OperationalError("server closed the connection unexpectedly")


# --- undo ---


def test_undo_takes_the_call_back_and_gives_the_text_back(annas, anna, north):
    annas.get("/")
    annas.post(SAVE, call_data(north, outcome="interested", note="Will ein Angebot"))
    [call] = calls()
    page = annas.post(reverse("call_undo", args=[call.pk]) + "?back=day", follow=True)
    assert said(page)[-1] == "Gespräch mit Bäckerei Nord zurückgenommen."
    assert page.context["card"].customer == north
    assert "Will ein Angebot</textarea>" in page.text
    assert DayListRow.objects.for_system("test").get(user=anna).state == "open"
    assert not FollowUp.objects.for_system("test").exists()


def test_undo_is_refused_after_two_minutes(annas, north, clock):
    annas.post(SAVE, call_data(north, outcome="reached"))
    clock.shift(121)
    page = annas.post(reverse("call_undo", args=[calls()[0].pk]) + "?back=day", follow=True)
    assert "Nicht zurückgenommen" in said(page)[-1]
    assert calls()[0].voided_at is None


def test_undo_is_refused_once_somebody_works_on_the_complaint(annas, dieter, north):
    annas.post(SAVE, call_data(north, outcome="complaint", note="Palette beschädigt"))
    move_complaint(actor=dieter, complaint=Complaint.objects.for_system("test").get(), to_state="in_progress")
    page = annas.post(reverse("call_undo", args=[calls()[0].pk]), follow=True)
    assert "Nicht zurückgenommen" in said(page)[-1]
    assert calls()[0].voided_at is None


def test_a_colleagues_call_cannot_be_undone_and_looks_as_if_it_did_not_exist(client, annas, bernd, north):
    annas.post(SAVE, call_data(north, outcome="reached"))
    client.force_login(bernd)
    assert client.post(reverse("call_undo", args=[calls()[0].pk])).status_code == 404
    assert calls()[0].voided_at is None


# --- what a save settles ---


def test_a_follow_up_is_settled_by_the_call_and_returns_with_its_undo(annas, anna):
    customer = make_customer("Wiedervorlage GmbH", owner=anna)
    due = make_follow_up(customer, anna, MONDAY)
    annas.get("/")
    annas.post(SAVE, call_data(customer, outcome="reached", direction="incoming"))
    due.refresh_from_db()
    assert due.done_by == calls()[0]
    annas.post(reverse("call_undo", args=[calls()[0].pk]))
    due.refresh_from_db()
    assert due.done_at is None


def test_a_call_back_later_today_puts_the_row_back_on_the_list(annas, anna, north):
    day_list.draw(anna, MONDAY)
    page = annas.post(SAVE, call_data(north, outcome="callback", next="date", next_on="heute", next_time="15:30"), follow=True)
    assert said(page) == ["Gespräch mit Bäckerei Nord gespeichert, Wiedervorlage Mo\u00a023.11.2026 15:30 Uhr."]
    [row] = annas.get("/").context["rows"]
    assert (row.pk, row.value) == (north.pk, "15:30 Uhr")


# --- whether the customer is content ---


def test_who_is_not_content_complains_and_the_first_line_says_about_what(annas, anna):
    customer = make_callable(anna)
    annas.post(reverse("call_save"), call_data(customer, outcome="reached", satisfied="no", note="Lieferung kam zu spät\nzweimal"))
    complaint = Complaint.objects.for_system("test").get(customer=customer)
    assert (complaint.title, complaint.state) == ("Lieferung kam zu spät", "raised")
    assert Activity.objects.for_system("test").get().satisfied == "no"


def test_not_content_without_a_word_comes_back(annas, anna):
    answer = annas.post(reverse("call_save"), call_data(make_callable(anna), outcome="reached", satisfied="no"))
    assert answer.status_code == 422
    assert "worum es geht" in answer.content.decode()


def test_not_content_with_what_was_settled_opens_that_again_and_no_second_one(annas, anna):
    customer = make_callable(anna)
    complaint = raise_complaint(actor=anna, customer=customer, title="Pumpe undicht")
    move_complaint(actor=anna, complaint=complaint, to_state="resolved", reason="Ersatz")
    annas.post(reverse("call_save"), call_data(customer, outcome="reached", satisfied="no", note="Tropft wieder"))
    assert [(found.title, found.state) for found in Complaint.objects.for_system("test")] == [("Pumpe undicht", "reopened")]
