"""Acts without a call: on the row, on a reason, on a follow-up; each says what it did and can be taken back."""

import datetime as dt

import pytest
import time_machine
from django.urls import reverse

from campaigns import day_list
from campaigns.answers import answer_opportunity
from campaigns.models import DayListRow
from customers.preferences import CustomersPreferences, Visibility
from innendienst.base import preferences
from tests.factories import make_customer, make_order, make_product
from tests.workplace.scenes import make_callable, make_follow_up, make_reason, reason_of

pytestmark = pytest.mark.django_db

MONDAY = dt.date(2026, 11, 23)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
def annas(client, anna):
    client.force_login(anna)
    return client


@pytest.fixture
def north(anna):
    customer = make_callable(anna, "Bäckerei Nord")
    day_list.draw(anna, MONDAY)
    return customer


def state() -> str:
    return DayListRow.objects.for_system("test").get().state


def undo_of(response) -> str:
    """The address behind the message's "Undo"."""
    [message] = response.context["messages"]
    return message.extra_tags.removeprefix("undo:")


def text_of(response) -> str:
    [message] = response.context["messages"]
    return str(message)


# --- the row ---


def test_not_today_takes_the_row_away_and_undo_brings_it_back(annas, north):
    page = annas.post(reverse("day_not_today"), {"customer": north.pk}, follow=True)
    assert (state(), text_of(page)) == ("not_today", "Bäckerei Nord: heute nicht.")
    annas.post(undo_of(page))
    assert state() == "open"


def test_any_customer_can_be_put_onto_todays_list(annas, anna, north):
    other = make_customer("Autohaus Süd")
    page = annas.post(reverse("day_add"), {"customer": other.pk}, follow=True)
    assert [row.name for row in page.context["rows"]] == ["Autohaus Süd", "Bäckerei Nord"]
    assert text_of(page) == "Autohaus Süd steht auf Ihrer Liste für heute."


@pytest.mark.parametrize("act", ["day_not_today", "day_add"])
def test_a_stranger_finds_no_customer_to_act_on(client, bernd, north, act):
    preferences.put(CustomersPreferences, by=None, visibility=Visibility.OWN)
    client.force_login(bernd)
    assert client.post(reverse(act), {"customer": north.pk}).status_code == 404
    assert state() == "open"


@pytest.mark.parametrize("act", ["day_not_today", "day_again", "day_add", "day_pull"])
def test_looking_changes_nothing(annas, north, act):
    assert annas.get(reverse(act), {"customer": north.pk}).status_code == 405
    assert state() == "open"


# --- a reason ---


def test_a_reason_that_does_not_fit_rests_and_the_customer_leaves_the_list(annas, anna, north):
    page = annas.post(reverse("reason_dismiss", args=[reason_of(north).pk]), {"reason": "buys_itself", "back": "day"}, follow=True)
    reason = reason_of(north)
    assert (reason.state, reason.lost_reason, reason.rests_until) == ("dismissed", "buys_itself", dt.date(2027, 2, 21))
    assert text_of(page) == "Bäckerei Nord: Nachkauf ruht bis 21.02.2027."
    assert state() == "not_today"
    annas.post(undo_of(page))
    assert (reason_of(north).state, reason_of(north).rests_until, state()) == ("suggested", None, "open")


def test_with_another_reason_the_customer_stays_on_the_list(annas, north):
    make_reason(north, "cross_sell")
    annas.post(reverse("reason_dismiss", args=[reason_of(north).pk]), {"reason": "wrong_data", "back": "day"})
    assert (reason_of(north).state, state()) == ("dismissed", "open")


@pytest.mark.parametrize("reason", ["", "price", "nonsense"])
def test_does_not_fit_needs_one_of_its_reasons(annas, north, reason):
    page = annas.post(reverse("reason_dismiss", args=[reason_of(north).pk]), {"reason": reason, "back": "day"}, follow=True)
    assert text_of(page) == "Nachkauf: Wählen Sie, warum es nicht passt."
    assert reason_of(north).state == "suggested"


def test_a_reason_answered_meanwhile_is_not_dismissed(annas, bernd, north):
    answer_opportunity(actor=bernd, opportunity=reason_of(north), answer="won", amount=10)
    page = annas.post(reverse("reason_dismiss", args=[reason_of(north).pk]), {"reason": "wrong_data", "back": "day"}, follow=True)
    assert text_of(page) == "Nachkauf: Diesen Anlass hat schon jemand beantwortet."
    assert reason_of(north).state == "won"


def test_only_whoever_dismissed_takes_it_back_and_only_while_it_is_fresh(annas, client, bernd, north, clock):
    page = annas.post(reverse("reason_dismiss", args=[reason_of(north).pk]), {"reason": "wrong_data"}, follow=True)
    undo = undo_of(page)
    client.force_login(bernd)
    client.post(undo)
    assert reason_of(north).state == "dismissed"
    clock.shift(121)
    annas.post(undo)
    assert reason_of(north).state == "dismissed"


def test_the_source_of_a_reason_shows_arithmetic_articles_and_order_lines(annas, north):
    article = reason_of(north).items.get().product
    make_order(north, dt.date(2026, 10, 14), (article, 12, "142.80"))
    make_order(north, dt.date(2026, 9, 14), (make_product("Anderes"), 1, "9.90"))
    page = annas.get(reverse("reason_source", args=[reason_of(north).pk]))
    source = page.context["source"]
    assert source.arithmetic == "≈ 34\u00a0€ erwarteter DB: 35\u00a0% × 96\u00a0€ × 1,0"
    assert [article.sentence for article in source.articles] == [
        "Kauft <strong>Reiniger R10</strong> etwa alle 30 Tage, zuletzt vor 40 Tagen, meist 12 Kanister."
    ]
    assert [(line.order_line.product.name, line.quantity) for line in source.lines] == [("Reiniger R10", "12 Kanister")]
    assert "142,80\u00a0€" in page.text
    part = annas.get(reverse("reason_source", args=[reason_of(north).pk]), headers={"HX-Request": "true"})
    assert "<html" not in part.text
    assert "142,80\u00a0€" in part.text


# --- a follow-up ---


@pytest.fixture
def due(anna):
    follow_up = make_follow_up(make_customer("Autohaus Süd"), anna, dt.date(2026, 11, 20), note="Nach dem Umbau fragen")
    day_list.draw(anna, MONDAY)
    return follow_up


def test_a_follow_up_is_ticked_off_and_taken_back(annas, due):
    page = annas.post(reverse("follow_up_finish", args=[due.pk]), {"back": "day"}, follow=True)
    due.refresh_from_db()
    assert due.done_at is not None
    assert (text_of(page), state()) == ("Autohaus Süd: Wiedervorlage erledigt.", "not_today")
    annas.post(undo_of(page))
    due.refresh_from_db()
    assert (due.done_at, state()) == (None, "open")


def test_a_follow_up_is_put_off_to_a_working_day_and_comes_back_today(annas, due):
    page = annas.post(reverse("follow_up_snooze", args=[due.pk]), {"due_on": "28.11.2026", "back": "day"}, follow=True)
    due.refresh_from_db()
    assert due.due_on == dt.date(2026, 11, 30)
    assert (text_of(page), state()) == ("Autohaus Süd: Wiedervorlage auf Mo\u00a030.11.2026 verschoben.", "not_today")
    annas.post(undo_of(page))
    due.refresh_from_db()
    assert (due.due_on, state()) == (MONDAY, "open")


@pytest.mark.parametrize("day", ["31.02.2027", "20.11.2026", "bald", ""])
def test_a_follow_up_is_not_put_off_to_a_day_that_is_none(annas, due, day):
    page = annas.post(reverse("follow_up_snooze", args=[due.pk]), {"due_on": day, "back": "day"}, follow=True)
    assert text_of(page).startswith("Datum: ")
    due.refresh_from_db()
    assert due.due_on == dt.date(2026, 11, 20)


@pytest.mark.parametrize("act", ["follow_up_finish", "follow_up_snooze", "follow_up_reopen"])
def test_a_colleagues_follow_up_is_not_mine_to_touch(client, bernd, due, act):
    client.force_login(bernd)
    assert client.post(reverse(act, args=[due.pk]), {"due_on": "+3"}).status_code == 404
    due.refresh_from_db()
    assert (due.done_at, due.due_on) == (None, dt.date(2026, 11, 20))
