"""Acts without a call: on the row, on a reason, on a follow-up; each says what it did and can be taken back."""

import datetime as dt
import re

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from campaigns import day_list
from campaigns.answers import answer_opportunity
from campaigns.models import DayListRow
from customers.complaints import move_complaint, raise_complaint
from customers.models import Activity, CustomerFacts, FollowUp
from customers.preferences import CustomersPreferences, Visibility
from innendienst.base import preferences
from tests.factories import make_customer, make_order, make_product, make_user
from tests.workplace.scenes import call_data, make_callable, make_follow_up, make_reason, reason_of

pytestmark = pytest.mark.django_db

MONDAY = dt.date(2026, 11, 23)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC), tick=False) as traveller:
        yield traveller


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
    page = annas.get(reverse(act), {"customer": north.pk})
    assert (page.status_code, page["Allow"]) == (405, "POST")
    assert "Zur Startseite" in page.content.decode()
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


def test_what_does_not_fit_after_talks_is_lost_and_can_be_taken_back_too(annas, anna, north):
    answer_opportunity(actor=anna, opportunity=reason_of(north), answer="interested")
    page = annas.post(reverse("reason_dismiss", args=[reason_of(north).pk]), {"reason": "not_suitable"}, follow=True)
    assert reason_of(north).state == "lost"
    annas.post(undo_of(page))
    assert reason_of(north).state == "interested"


def test_the_source_of_a_reason_about_the_customer_says_why(annas, north):
    reason = reason_of(north)
    reason.kind, reason.facts = "win_back", {"why": "no_second", "first_on": "2026-09-01", "articles_count": 1}
    reason.save()
    assert "Erste Bestellung am 01.09.2026, seither keine zweite." in annas.get(reverse("reason_source", args=[reason.pk])).text


def test_the_source_of_a_reason_shows_arithmetic_articles_and_order_lines(annas, north):
    article = reason_of(north).items.get().product
    make_order(north, dt.date(2026, 10, 14), (article, 12, "142.80"))
    make_order(north, dt.date(2026, 9, 14), (make_product("Anderes"), 1, "9.90"))
    page = annas.get(reverse("reason_source", args=[reason_of(north).pk]))
    source = page.context["source"]
    assert source.arithmetic == "Chance 35\u00a0% × DB 96\u00a0€ × Dringlichkeit 1,0 = 34\u00a0€ erwarteter DB"
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


def test_a_follow_up_is_put_off_to_a_working_day_and_comes_back_on_its_exact_day(annas, due):
    page = annas.post(reverse("follow_up_snooze", args=[due.pk]), {"due_on": "28.11.2026", "back": "day"}, follow=True)
    due.refresh_from_db()
    assert due.due_on == dt.date(2026, 11, 30)
    assert (text_of(page), state()) == ("Autohaus Süd: Wiedervorlage auf Mo\u00a030.11.2026 verschoben.", "not_today")
    annas.post(undo_of(page))
    due.refresh_from_db()
    assert (due.due_on, state()) == (dt.date(2026, 11, 20), "open")


def test_a_follow_up_made_by_hand_is_taken_back_without_a_trace_and_one_that_something_made_is_not(annas, anna, north):
    url = reverse("customers:follow_up_add", args=[north.pk])
    page = annas.post(url, {"due_on": "30.11.2026", "due_time": "09:15", "note": "Preis"}, follow=True)
    assert text_of(page) == "Wiedervorlage Mo\u00a030.11.2026 09:15 Uhr angelegt."
    annas.post(undo_of(page))
    assert not FollowUp.objects.for_system("test").exists()
    made = make_follow_up(north, anna, dt.date(2026, 11, 30), origin="opportunity:17")
    assert annas.post(reverse("follow_up_take_back", args=[made.pk])).status_code == 404


def test_a_follow_up_to_come_is_grey_says_its_time_and_whose_it_is_and_goes_a_week_on_in_one_click(annas, anna, bernd, north):
    due = make_follow_up(north, anna, MONDAY, note="Preis")
    make_follow_up(north, bernd, dt.date(2026, 11, 30), due_time=dt.time(9, 15), note="Muster")
    FollowUp.objects.create(customer=north, team=anna.team, due_on=dt.date(2026, 12, 1), note="Katalog")
    page = annas.get(north.get_absolute_url())
    assert [(one.look, one.sentence, one.whose) for one in page.context["card"].due] == [
        (" chip--due", "Wiedervorlage vom 23.11.2026: Preis", ""),
        ("", "Wiedervorlage am 30.11.2026 09:15 Uhr: Muster", "Bernd Vogel"),
        ("", "Wiedervorlage am 01.12.2026: Katalog", "Teamkorb Nord"),
    ]
    make_follow_up(north, anna, dt.date(2026, 12, 2), note="Messe")
    card = annas.get(north.get_absolute_url()).context["card"]
    assert [[one.follow_up.note for one in part] for part in (card.due_first, card.to_come)] == [["Preis", "Muster"], ["Katalog", "Messe"]]
    [_tomorrow, week, _month] = page.context["put_off_days"]
    annas.post(reverse("follow_up_snooze", args=[due.pk]), {"due_on": week.value})
    due.refresh_from_db()
    assert (due.due_on, week.day) == (dt.date(2026, 11, 30), "Mo 30.11.")


def test_a_colleagues_customer_leaves_the_list_with_what_was_due_though_there_are_reasons_to_call_him(annas, anna, bernd):
    theirs, added = make_callable(bernd, "Berndkunde"), make_callable(bernd, "Dazugeholt")
    dues = [make_follow_up(customer, anna, MONDAY) for customer in (theirs, added)]
    day_list.draw(anna, MONDAY)
    DayListRow.objects.for_system("test").filter(customer=added).update(source="added")
    for due in dues:
        annas.post(reverse("follow_up_finish", args=[due.pk]), {"back": "day"})
    rows = DayListRow.objects.for_system("test").order_by("customer").values_list("customer__name", "state")
    assert list(rows) == [("Berndkunde", "not_today"), ("Dazugeholt", "open")]


@pytest.mark.parametrize("day", ["", "bald", "2026-02-31"])
def test_a_follow_up_is_not_put_back_to_a_day_that_is_none(annas, due, day):
    assert annas.post(f"{reverse('follow_up_put_back', args=[due.pk])}?due_on={day}").status_code == 404
    due.refresh_from_db()
    assert due.due_on == dt.date(2026, 11, 20)


def test_a_follow_up_whose_old_day_is_taken_stays_where_it_was_put(annas, anna, due):
    FollowUp.objects.for_system("test").update(origin="opportunity:17")
    undo = undo_of(annas.post(reverse("follow_up_snooze", args=[due.pk]), {"due_on": "30.11.2026"}, follow=True))
    make_follow_up(due.customer, anna, dt.date(2026, 11, 20), origin="opportunity:17")
    page = annas.post(undo, follow=True)
    assert text_of(page).startswith("Autohaus Süd: nicht zurückgeholt")
    due.refresh_from_db()
    assert due.due_on == dt.date(2026, 11, 30)


@pytest.mark.parametrize("day", ["31.02.2027", "20.11.2026", "bald", ""])
def test_a_follow_up_is_not_put_off_to_a_day_that_is_none(annas, due, day):
    page = annas.post(reverse("follow_up_snooze", args=[due.pk]), {"due_on": day, "back": "day"}, follow=True)
    assert text_of(page).startswith("Datum: ")
    due.refresh_from_db()
    assert due.due_on == dt.date(2026, 11, 20)


@pytest.mark.parametrize("act", ["follow_up_finish", "follow_up_snooze", "follow_up_put_back", "follow_up_reopen", "follow_up_take_back"])
def test_a_colleagues_follow_up_is_not_mine_to_touch(client, bernd, due, act):
    client.force_login(bernd)
    assert client.post(f"{reverse(act, args=[due.pk])}?due_on=2026-11-30", {"due_on": "+3"}).status_code == 404
    due.refresh_from_db()
    assert (due.done_at, due.due_on) == (None, dt.date(2026, 11, 20))


# --- a complaint ---


@pytest.fixture
def complaint(anna, north):
    return raise_complaint(actor=anna, customer=north, title="Palette beschädigt")


def act_on(client, complaint, **said):
    return client.post(reverse("complaint_move", args=[complaint.pk]), said, follow=True)


def come_back_on(day, client, user, clock) -> None:
    clock.move_to(dt.datetime.combine(day, dt.time(9), tzinfo=dt.UTC))
    client.force_login(user)


def steps(complaint) -> list:
    return list(complaint.transitions.order_by("pk").values_list("to_state", "reason"))


def test_a_complaint_is_taken_on_and_settled_with_a_sentence_and_the_history_tells_it(annas, complaint):
    act_on(annas, complaint, step="in_progress")
    page = act_on(annas, complaint, step="resolved", sentence="Ersatz kommt Freitag")
    assert text_of(page) == "Bäckerei Nord: Beschwerde „Palette beschädigt“ – Gelöst. Wiedervorlage Mo\u00a030.11.2026."
    assert steps(complaint) == [("raised", ""), ("in_progress", ""), ("resolved", "Ersatz kommt Freitag")]
    assert CustomerFacts.objects.for_system("test").get(customer=complaint.customer).open_complaints_count == 0
    told = {entry.title: (entry.text, entry.by) for entry in page.context["timeline"].entries}
    assert told["Beschwerde: Palette beschädigt – In Bearbeitung"] == ("", "Anna Lang")
    assert told["Beschwerde: Palette beschädigt – Gelöst"] == ("Ersatz kommt Freitag", "Anna Lang")


@pytest.mark.parametrize(
    ("day", "label"), [(dt.date(2026, 11, 24), "Beschwerde"), (dt.date(2026, 11, 30), "Beschwerde"), (dt.date(2026, 12, 1), "Beschwerde · überfällig")]
)  # fmt: skip
def test_the_card_says_that_nobody_has_asked_yet_whether_all_is_well(annas, anna, complaint, clock, day, label):
    act_on(annas, complaint, step="resolved", sentence="Ersatz kommt Freitag")
    come_back_on(day, annas, anna, clock)
    [due] = annas.get(complaint.customer.get_absolute_url()).context["card"].due
    sentence = "Beschwerde „Palette beschädigt“ seit 23.11.2026 gelöst; noch nicht nachgefragt, ob alles in Ordnung ist."
    assert (due.label, due.sentence) == (label, sentence)


def test_the_call_after_a_complaint_begins_with_the_question_and_not_with_an_offer(annas, anna, clock):
    customer = make_callable(anna, "Hotel Süd", kinds=("cross_sell",))
    complaint = raise_complaint(actor=anna, customer=customer, title="Palette beschädigt")

    def opening() -> str:
        return annas.get(customer.get_absolute_url()).context["card"].opening

    assert opening() == ""
    act_on(annas, complaint, step="resolved", sentence="Ersatz kommt Freitag")
    come_back_on(dt.date(2026, 11, 30), annas, anna, clock)
    assert opening() == "Guten Tag Herr Müller, ich rufe wegen Ihrer Beschwerde vom 23.11.2026 an. Ist inzwischen alles in Ordnung?"
    annas.post(reverse("call_save"), call_data(customer, outcome="reached", satisfied="yes", next="none", direction="incoming"))
    assert opening().startswith("Guten Tag Herr Müller, Sie ")


@pytest.mark.parametrize(("day", "answer"), [(dt.date(2026, 11, 27), "unclear"), (dt.date(2026, 11, 30), "allowed")])
def test_asking_after_a_complaint_is_no_pressure_once_it_is_due(annas, anna, clock, day, answer):
    customer = make_callable(anna, "Hotel Süd", kinds=("cross_sell",))
    complaint = raise_complaint(actor=anna, customer=customer, title="Palette beschädigt")
    act_on(annas, complaint, step="resolved", sentence="Ersatz kommt Freitag")
    Activity.objects.create(customer=customer, outcome="interested", at=timezone.now(), by=anna)
    come_back_on(day, annas, anna, clock)
    assert annas.get(customer.get_absolute_url()).context["card"].gate.answer == answer


def test_who_worked_on_a_complaint_is_not_told_to_managers(client, annas, carla, complaint):
    act_on(annas, complaint, step="in_progress")
    client.force_login(carla)
    page = client.get(complaint.customer.get_absolute_url())
    [entry] = [entry for entry in page.context["timeline"].entries if entry.title.endswith("In Bearbeitung")]
    assert (entry.by, entry.time) == ("", None)


def test_a_step_with_a_complaint_is_taken_back_from_its_message(annas, complaint):
    page = act_on(annas, complaint, step="resolved", sentence="Ersatz kommt Freitag", back="day")
    annas.post(undo_of(page))
    complaint.refresh_from_db()
    assert (complaint.state, steps(complaint)[-1]) == ("raised", ("raised", "undone"))


def test_a_step_with_a_complaint_is_not_taken_back_late_or_by_others(client, anna, bernd, complaint, clock):
    client.force_login(anna)
    undo = undo_of(act_on(client, complaint, step="in_progress"))
    for person, seconds in ((bernd, 0), (anna, 121)):
        client.force_login(person)
        clock.shift(seconds)
        assert "innerhalb von zwei Minuten" in text_of(client.post(undo, follow=True))
    complaint.refresh_from_db()
    assert complaint.state == "in_progress"


@pytest.mark.parametrize(
    "said", [{"step": "resolved"}, {"step": "solution_offered", "sentence": " "}, {"step": "confirmed", "sentence": "x"}, {}]
)
def test_a_complaint_is_not_settled_without_a_word_nor_confirmed_for_the_customer(annas, complaint, said):
    page = act_on(annas, complaint, **said)
    assert text_of(page) == "Beschwerde „Palette beschädigt“: Schreiben Sie in einem Satz, was vereinbart oder getan wurde."
    assert steps(complaint) == [("raised", "")]


def test_a_rep_does_not_close_what_the_customer_has_not_answered(annas, complaint):
    assert "Fragen Sie den Kunden zuerst" in text_of(act_on(annas, complaint, step="closed", sentence="x"))
    assert steps(complaint) == [("raised", "")]


def test_two_people_settle_a_complaint_once(annas, bernd, complaint):
    move_complaint(actor=bernd, complaint=complaint, to_state="resolved", reason="Gutschrift")
    page = act_on(annas, complaint, step="in_progress")
    assert text_of(page) == "Beschwerde „Palette beschädigt“: Daran hat inzwischen schon jemand weitergearbeitet."


def test_the_card_offers_the_steps_that_are_left(annas, complaint):
    def offered() -> list[str]:
        return re.findall(r'name="step" value="(\w+)"', annas.get(complaint.customer.get_absolute_url()).text)

    assert offered() == ["resolved", "solution_offered", "in_progress"]
    act_on(annas, complaint, step="in_progress")
    assert offered() == ["resolved", "solution_offered"]
    act_on(annas, complaint, step="solution_offered", sentence="Gutschrift angeboten")
    assert offered() == ["resolved", "in_progress"]


def test_marketing_reads_of_a_complaint_and_does_not_work_on_it(client, complaint):
    client.force_login(make_user("nora", Role.MARKETING))
    assert 'name="step"' not in client.get(complaint.customer.get_absolute_url()).text
    assert client.post(reverse("complaint_move", args=[complaint.pk]), {"step": "in_progress"}).status_code == 403


def test_a_strangers_complaint_does_not_exist(client, bernd, complaint):
    preferences.put(CustomersPreferences, by=None, visibility=Visibility.OWN)
    client.force_login(bernd)
    assert client.post(reverse("complaint_move", args=[complaint.pk]), {"step": "in_progress"}).status_code == 404
    assert client.post(reverse("complaint_undo", args=[complaint.transitions.get().pk])).status_code == 404
    assert steps(complaint) == [("raised", "")]
