"""Mein Tag as a page: what is on it, for whom, and at what price."""

import datetime as dt
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Absence, Role
from campaigns import day_list
from campaigns.models import DayListRow, Opportunity
from customers import follow_ups
from customers.follow_ups import finish
from customers.models import Activity, Complaint, DataState
from customers.preferences import CustomersPreferences, Visibility
from innendienst.base import preferences
from innendienst.base.preferences import CompanyPreferences
from innendienst.workplace.day.empty import what_else
from innendienst.workplace.day.load import load_my_day, next_after, next_customer_id
from innendienst.workplace.day.rows import row_views
from tests.factories import make_contact, make_customer, make_user
from tests.workplace.scenes import make_callable, make_follow_up, make_reason

pytestmark = pytest.mark.django_db

MONDAY = dt.date(2026, 11, 23)
QUERIES = 15


@pytest.fixture(autouse=True)
def _monday():
    with time_machine.travel(dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def has_orders(db):
    DataState.objects.create(last_order_on=MONDAY, loaded_at=dt.datetime(2026, 11, 23, 5, tzinfo=dt.UTC))


# --- the rows ---


def test_each_customer_is_one_row_with_all_that_speaks_for_calling_him(anna):
    nord = make_callable(anna, "Bäckerei Nord", kinds=("reorder", "cross_sell"), phone="030 23125-100")
    make_follow_up(nord, anna, MONDAY, kind="callback", due_time=dt.time(14), contact=nord.contacts.get())
    Complaint.objects.create(customer=nord, title="Palette", raised_on=MONDAY, raised_by=anna)
    nord.facts.open_complaints_count = 1
    nord.facts.save()
    [row] = load_my_day(anna, MONDAY).rows
    assert (row.customer, row.value, row.who, row.last_text) == (nord, "14:00 Uhr", "Herr Müller · 030 23125-100", "zuletzt vor 38 Tagen")
    assert [(chip.label, chip.tone) for chip in row.chips] == [
        ("Rückruf vereinbart", "due"),
        ("Nachkauf", "due"),
        ("Cross-Selling", "sell"),
        ("Offene Beschwerde", "bad"),
    ]


def test_a_customer_of_whom_nothing_is_left_to_say_is_on_no_list_until_there_is_again(anna):
    settled, answered, last = make_callable(anna, "Nord", kinds=()), make_callable(anna, "Süd", kinds=()), make_callable(anna, "West")
    follow_up = make_follow_up(settled, anna, MONDAY)
    reason = make_reason(answered)
    added = make_customer("Ost")
    day_list.add(anna, MONDAY, added)
    assert {row.customer for row in load_my_day(anna, MONDAY).rows} == {settled, answered, added, last}
    finish(actor=anna, follow_up=follow_up)
    Opportunity.objects.for_system("test").filter(pk=reason.pk).update(state="expired")
    day = load_my_day(anna, MONDAY)
    assert ({row.customer for row in day.rows}, day.total_count) == ({added, last}, 2)
    assert {next_customer_id(anna, MONDAY, after_id, "") for after_id in day.order} == {added.pk, last.pk}
    follow_ups.reopen(actor=anna, follow_up=follow_up)
    assert {row.customer for row in load_my_day(anna, MONDAY).rows} == {settled, added, last}


def test_list_and_next_customer_are_those_whom_the_person_may_still_see(anna, bernd, dieter):
    foreign, own = make_callable(bernd), make_callable(anna)
    day_list.add(anna, MONDAY, foreign)
    assert {row.customer for row in load_my_day(anna, MONDAY).rows} == {foreign, own}
    preferences.put(CustomersPreferences, by=dieter, visibility=Visibility.OWN)
    day = load_my_day(anna, MONDAY)
    assert ([row.customer for row in day.rows], day.order, day.total_count) == ([own], [own.pk], 1)
    assert next_customer_id(anna, MONDAY, foreign.pk, "") == next_customer_id(anna, MONDAY, own.pk, "") == own.pk


def test_a_row_shows_the_sum_of_its_expected_margins(anna):
    make_callable(anna, kinds=("reorder", "cross_sell"))
    [row] = load_my_day(anna, MONDAY).rows
    assert row.value == "≈ 67\u00a0€ DB"  # twice 96 € × 35 %


def test_what_can_wait_is_worth_less_on_the_row(anna):
    customer = make_callable(anna, kinds=())
    make_reason(customer, urgency=Decimal("0.5"))
    [row] = load_my_day(anna, MONDAY).rows
    assert row.value == "≈ 17\u00a0€ DB"  # half of 96 € × 35 %


def test_an_unknown_margin_is_said_and_never_nought(anna):
    customer = make_callable(anna, kinds=())
    make_reason(customer, margin=None)
    [row] = load_my_day(anna, MONDAY).rows
    assert (row.value, row.last_text) == ("≈ 84\u00a0€ Umsatz", "DB unbekannt")


def test_what_a_known_margin_leaves_out_stands_beside_it(anna):
    """The row is ranked by all its reasons: a figure for one of them alone would seem out of order."""
    customer = make_callable(anna)
    make_reason(customer, kind="cross_sell", margin=None)
    [row] = load_my_day(anna, MONDAY).rows
    assert (row.value, row.last_text) == ("≈ 34\u00a0€ DB", "und ≈ 84\u00a0€ Umsatz")


def test_a_follow_up_that_falls_due_later_comes_on_top_as_new(anna):
    known = make_callable(anna, "Bekannt")
    load_my_day(anna, MONDAY)
    late = make_customer("Später")
    make_follow_up(late, anna, MONDAY)
    rows = load_my_day(anna, MONDAY).rows
    assert [(row.customer, row.is_new) for row in rows] == [(late, True), (known, False)]


def test_agreed_times_come_first_and_what_was_missed_says_so(anna):
    friday = dt.date(2026, 11, 20)
    for name, day, time in [
        ("Ohne Uhrzeit", friday, None),
        ("Heute spät", MONDAY, dt.time(14)),
        ("Heute früh", MONDAY, dt.time(8, 30)),
        ("Gestern", dt.date(2026, 11, 22), dt.time(10)),
        ("Heute", MONDAY, None),
        ("Freitag", friday, dt.time(16)),
    ]:
        make_follow_up(make_customer(name), anna, day, kind="callback" if time else "own", due_time=time)
    rows = load_my_day(anna, MONDAY).rows
    assert [(row.customer.name, row.value, [chip.label for chip in row.chips]) for row in rows] == [
        ("Freitag", "20.11.2026 16:00 Uhr", ["Rückruf vereinbart · überfällig"]),
        ("Gestern", "gestern 10:00 Uhr", ["Rückruf vereinbart · überfällig"]),
        ("Heute früh", "08:30 Uhr", ["Rückruf vereinbart · überfällig"]),
        ("Heute spät", "14:00 Uhr", ["Rückruf vereinbart"]),
        ("Ohne Uhrzeit", "", ["Wiedervorlage · überfällig"]),
        ("Heute", "", ["Wiedervorlage"]),
    ]
    assert [row.looks for row in row_views(rows, 0, "")][2:4] == [" is-late without-reason", " is-timed without-reason"]


def test_a_further_try_is_a_follow_up_like_any_other(anna):
    make_follow_up(make_customer(), anna, MONDAY, kind="retry")
    [row] = load_my_day(anna, MONDAY).rows
    assert [chip.label for chip in row.chips] == ["Wiedervorlage"]


def test_what_a_colleague_who_left_had_planned_comes_to_the_team_with_his_name(annas, anna, team_north):
    gone = make_user("gone", first_name="Gerd", last_name="Gehrke", team=team_north, is_active=False)
    customer = make_customer("Übrig", owner=gone)
    make_follow_up(customer, gone, MONDAY)
    assert [(row.customer.name, row.absent) for row in load_my_day(anna, MONDAY).rows] == [("Übrig", "Gerd Gehrke")]
    assert [due.is_mine for due in annas.get("/").context["card"].due] == [True]


def test_row_and_card_say_for_whom_a_deputy_calls_until_that_one_is_back(annas, anna, team_north, django_assert_num_queries):
    torsten, uwe = (make_user(name, first_name=name.title(), last_name="Krüger", team=team_north) for name in ("torsten", "uwe"))
    Absence.objects.create(user=torsten, deputy=anna, from_on=MONDAY, until_on=MONDAY)
    make_callable(torsten, "Vertreten", rank=90)
    make_callable(anna, "Eigener", rank=80)
    promised = make_customer("Zugesagt", owner=uwe)
    make_follow_up(promised, torsten, MONDAY)
    rows = load_my_day(anna, MONDAY).rows
    assert [(row.customer.name, row.absent) for row in rows] == [
        ("Zugesagt", "Torsten Krüger"),
        ("Vertreten", "Torsten Krüger"),
        ("Eigener", ""),
    ]
    assert [chip.label for chip in rows[1].chips] == ["Nachkauf", "in Vertretung für Torsten Krüger"]
    cards = [annas.get("/", {"customer": row.customer.pk}).context["card"] for row in rows]
    assert [card.headline.split(" · ")[-2:] for card in cards] == [
        ["Betreuung: Uwe Krüger", "in Vertretung für Torsten Krüger"],
        ["A-Kunde", "in Vertretung für Torsten Krüger"],
        ["A-Kunde", "Betreuung: Anna Lang"],
    ]
    assert cards[0].due[0].is_mine
    assert next_customer_id(anna, MONDAY, promised.pk, "") == rows[1].customer.pk
    Absence.objects.all().delete()
    assert [row.customer.name for row in load_my_day(anna, MONDAY).rows] == ["Eigener"]
    assert next_customer_id(anna, MONDAY, promised.pk, "") == rows[2].customer.pk


def test_in_english_times_and_dates_read_as_english_people_write_them(annas, anna):
    anna.language = "en"
    anna.save()
    weiss = make_contact(make_customer("North"), "Weiß", salutation="mrs", title="Dr.")
    make_follow_up(weiss.customer, anna, MONDAY, kind="callback", due_time=dt.time(14), contact=weiss)
    page = annas.get("/")
    [row] = page.context["rows"]
    assert (row.value, row.who.split(" · ")[0]) == ("14:00", "Dr. Weiß")
    assert page.context["card"].due[0].sentence == "Call-back agreed: today 14:00, Dr. Weiß"
    assert "Tue 24\xa0Nov" in page.text


def test_a_follow_up_is_back_on_its_day_and_not_before(anna):
    customer = make_customer("Wieder da")
    make_follow_up(customer, anna, dt.date(2026, 11, 30), note="Nach dem Umbau fragen")
    assert load_my_day(anna, MONDAY).rows == []
    with time_machine.travel(dt.datetime(2026, 11, 30, 7, tzinfo=dt.UTC), tick=False):
        assert [row.customer for row in load_my_day(anna, dt.date(2026, 11, 30)).rows] == [customer]


@pytest.mark.parametrize(
    ("after", "opened", "following"),
    [(2, [1, 3, 4], 3), (4, [1, 3], 1), (9, [3, 4], 3), (1, [], None)],
)
def test_after_a_save_comes_the_next_open_row_below_and_then_the_first(after, opened, following):
    assert next_after(after, [1, 2, 3, 4], opened) == following


# --- the page ---


def test_the_page_shows_the_list_and_the_card_of_the_first_row(annas, anna):
    make_callable(anna, "Bäckerei Nord", rank=90)
    make_callable(anna, "Autohaus Süd", rank=10)
    page = annas.get("/")
    assert [row.name for row in page.context["rows"]] == ["Bäckerei Nord", "Autohaus Süd"]
    assert page.context["card"].customer.name == "Bäckerei Nord"
    assert "0 von 2 erledigt" in page.text
    assert 'data-show="list"' in page.text


def test_a_chosen_row_shows_its_card_and_back_leads_to_the_list(annas, anna):
    make_callable(anna, "Bäckerei Nord", rank=90)
    south = make_callable(anna, "Autohaus Süd", rank=10)
    page = annas.get("/", {"customer": south.pk})
    assert page.context["card"].customer == south
    assert 'data-show="card"' in page.text


def test_a_filter_shows_the_rows_of_one_kind_alone(annas, anna):
    make_callable(anna, "Nachkäufer")
    cross = make_callable(anna, "Querkäufer", kinds=("cross_sell",))
    page = annas.get("/", {"kind": "cross_sell"})
    assert [row.pk for row in page.context["rows"]] == [cross.pk]
    assert [(each.label, each.count) for each in page.context["day"].filters] == [("Nachkauf", 1), ("Cross-Selling", 1)]
    assert len(annas.get("/", {"kind": "nonsense"}).context["rows"]) == 2


def test_the_card_alone_answers_a_click_on_a_row(annas, anna):
    nord = make_callable(anna, "Bäckerei Nord")
    part = annas.get("/", {"customer": nord.pk}, headers={"HX-Request": "true", "HX-Target": "card", "HX-Boosted": "true"})
    assert f'<h2><a href="{nord.get_absolute_url()}">Bäckerei Nord</a></h2>' in part.text
    assert "<html" not in part.text


def test_the_card_says_why_with_its_value_and_what_to_say(annas, anna):
    nord = make_callable(anna, "Bäckerei Nord")
    card = annas.get("/").context["card"]
    [reason] = card.reasons
    assert reason.sentence == "Kauft <strong>Reiniger R10</strong> etwa alle 30 Tage, zuletzt vor 40 Tagen, meist 12 Kanister."
    assert reason.value == "≈ 34\u00a0€ DB"
    assert card.opening.startswith("Guten Tag Herr Müller, ")
    assert [(figure.value, figure.note) for figure in card.figures] == [
        ("18.420\u00a0€", "+6,1\u00a0% zum Vorjahr"),
        ("5.110\u00a0€", "27,7\u00a0% vom Umsatz"),
        ("24.10.2026", "vor 30 Tagen"),
        ("12", "etwa alle 30 Tage"),
    ]
    assert card.headline.startswith(f"{nord.number} · ")


def test_field_sales_sees_no_margins_and_a_manager_no_authors(client, anna, carla, team_north):
    nord = make_callable(anna, "Bäckerei Nord")
    nord.activities.create(outcome="reached", at=dt.datetime(2026, 11, 20, 9, tzinfo=dt.UTC), by=anna, note="Umbau")
    client.force_login(make_user("dirk", Role.FIELD_SALES, team=team_north))
    card = client.get(nord.get_absolute_url()).context["card"]
    assert [reason.value for reason in card.reasons] == ["≈ 84\u00a0€ Umsatz"]
    assert "Deckungsbeitrag" not in [figure.label for figure in card.figures]
    for reader, author in ((anna, " (Anna Lang)"), (carla, "")):
        client.force_login(reader)
        card = client.get("/", {"customer": nord.pk}).context["card"]
        assert (card.latest_lines[0].author, card.reasons[0].value) == (author, "≈ 34\u00a0€ DB")


def test_marketing_reads_the_card_without_the_form(client, anna):
    nord = make_callable(anna, "Bäckerei Nord")
    client.force_login(make_user("nora", Role.MARKETING))
    page = client.get(nord.get_absolute_url())
    assert page.context["card"].customer == nord
    assert "data-call-form" not in page.text


def test_text_that_people_typed_stays_text(annas, anna):
    nasty = make_callable(anna, "<script>alert(1)</script> {{ 7|add:7 }}")
    make_follow_up(nasty, anna, MONDAY, note="<img src=x onerror=alert(1)>")
    page = annas.get("/").text
    assert "<script>alert(1)" not in page
    assert "<img src=x" not in page
    assert "{{ 7|add:7 }}" in page


def test_a_note_in_another_script_runs_its_own_way(annas, anna):
    nord = make_callable(anna)
    Activity.objects.create(customer=nord, by=anna, at=timezone.now(), outcome="reached", note="שלום")
    assert "</span>: <bdi>שלום</bdi></span>" in annas.get("/").text


def test_a_colleague_sees_no_card_outside_his_area_but_404(client, anna, bernd):
    preferences.put(CustomersPreferences, by=None, visibility=Visibility.OWN)
    customer = make_callable(anna)
    client.force_login(bernd)
    assert client.get("/", {"customer": customer.pk}).status_code == 404
    client.force_login(anna)
    assert client.get("/", {"customer": customer.pk}).context["card"].customer == customer


@pytest.mark.parametrize("customer", ["x", "-1", "1e9", "９", "9" * 30])
def test_an_id_that_is_none_is_a_page_that_does_not_exist(annas, customer):
    assert annas.get("/", {"customer": customer}).status_code == 404


def test_who_does_not_call_starts_with_the_customers(client, db):
    client.force_login(make_user("nora", Role.MARKETING))
    assert client.get("/").headers["Location"] == reverse("customers:list")


def test_an_admin_of_a_new_installation_starts_with_the_first_hour(client, dieter):
    client.force_login(dieter)
    assert client.get("/").headers["Location"] == reverse("first_hour_company")
    preferences.put(CompanyPreferences, by=dieter, is_set_up=True)
    page = client.get("/").text
    assert "Noch keine Anlässe." in page
    assert f'<a class="button button--main" href="{reverse("first_hour")}">' in page


# --- the empty day ---


def test_without_orders_the_page_says_where_reasons_come_from(annas):
    page = annas.get("/")
    assert "Noch keine Anlässe." in page.text
    assert reverse("customers:list") in page.text
    assert reverse("first_hour") not in page.text


def test_a_list_worked_off_says_what_else_is_possible(annas, anna, has_orders):
    customer = make_callable(anna)
    day_list.draw(anna, MONDAY)
    call = customer.activities.create(outcome="reached", at=dt.datetime(2026, 11, 23, 8, tzinfo=dt.UTC), by=anna)
    day_list.close(call)
    for index in range(2):
        make_follow_up(make_customer(f"Morgen {index}"), anna, dt.date(2026, 11, 24))
    silent = make_customer("Ohne Nummer", owner=anna, phone="")
    make_contact(silent)
    page = annas.get("/")
    assert "Ihre Liste für heute ist erledigt." in page.text
    assert "2 Wiedervorlagen von morgen vorziehen" in page.text
    assert "Bei 1 Kunden fehlt die Telefonnummer." in page.text
    assert "1 von 1 erledigt" in page.text
    annas.post(reverse("day_pull"))
    assert [row.name for row in annas.get("/").context["rows"]] == ["Morgen 1", "Morgen 0"]


def test_an_empty_day_counts_own_active_customers_whom_nobody_can_ring_up(anna, bernd):
    for fields in ({"owner": anna}, {"owner": bernd}, {"owner": anna, "is_inactive": True}):
        make_customer(phone="", **fields)
    make_contact(make_customer(phone="", owner=anna), phone="0171 3920000")
    merged = make_customer(phone="", owner=anna, merged_into=make_customer(owner=anna))
    assert merged.phone_e164 == ""
    assert what_else(anna, load_my_day(anna, MONDAY)).phoneless_count == 1


def test_a_list_put_aside_is_done_though_there_are_reasons(annas, anna, has_orders):
    customer = make_callable(anna)
    day_list.draw(anna, MONDAY)
    day_list.not_today(anna, MONDAY, customer)
    assert "Ihre Liste für heute ist erledigt." in annas.get("/").text


def test_a_day_without_anything_due_says_so(annas, has_orders):
    assert "Heute steht nichts an." in annas.get("/").text


# --- the price ---


@pytest.mark.parametrize("count", [3, 30])
def test_the_page_costs_the_same_queries_for_three_rows_and_for_thirty(annas, anna, count, has_orders, django_assert_num_queries):
    anna.daily_list_length = count
    anna.save()
    for index in range(count):
        customer = make_callable(anna, f"Kunde {index}", rank=index + 1, kinds=("reorder", "cross_sell"))
        make_follow_up(customer, anna, MONDAY)
    annas.get("/")
    with django_assert_num_queries(QUERIES):
        page = annas.get("/")
    assert len(page.context["rows"]) == count


def test_the_page_reads_no_order_lines(annas, anna, has_orders):
    make_callable(anna)
    with CaptureQueriesContext(connection) as queries:
        annas.get("/")
    assert not [query for query in queries.captured_queries if "orderline" in query["sql"].lower()]


def test_looking_writes_nothing_once_the_list_is_drawn(annas, anna):
    make_callable(anna)
    annas.get("/")
    before = (DayListRow.objects.for_system("test").count(), Opportunity.objects.for_system("test").count())
    annas.get("/")
    assert (DayListRow.objects.for_system("test").count(), Opportunity.objects.for_system("test").count()) == before
