"""A promised call-back reminds once, a quarter of an hour before: inside the program and by mail."""

import datetime as dt

import pytest
import time_machine
from django.core import mail

from customers.calls import record_call
from customers.follow_ups import change, plan_follow_up, snooze
from customers.models import FollowUp, Message
from innendienst.base import jobs, notifications
from innendienst.base.models import Notification
from tests.factories import make_absence, make_customer
from tests.test_morning import at, live_through, run_waiting

pytestmark = pytest.mark.django_db

TUESDAY = dt.date(2026, 11, 24)


@pytest.fixture
def callback(anna):
    """Promised on Monday for Tuesday, 14:00."""
    with time_machine.travel(at(12, day=dt.date(2026, 11, 23)), tick=False):
        return plan_follow_up(
            actor=anna, customer=make_customer("Bäckerei Nord"), due_on=TUESDAY, due_time=dt.time(14), kind=FollowUp.Kind.CALLBACK
        )


def reminders_sent() -> list[tuple]:
    """To whom and what about; the morning mails of the day are another matter."""
    return [(sent.to[0], sent.subject) for sent in mail.outbox if sent.subject.startswith("Rückruf")]


def notes_of(user, moment: dt.datetime) -> list[str]:
    with time_machine.travel(moment, tick=False):
        return [note.text for note in notifications.shown(user)]


def test_a_quarter_of_an_hour_before_and_once(anna, callback):
    live_through(at(13, 44))
    assert reminders_sent() == []
    live_through(at(13, 45), at(13, 46), at(13, 59), at(14, 30))
    assert reminders_sent() == [(anna.email, "Rückruf um 14:00 Uhr: Bäckerei Nord")]
    assert notes_of(anna, at(13, 46)) == ["14:00 Uhr: Rückruf Bäckerei Nord"]


def test_two_schedulers_and_a_job_run_again_make_no_second_one(anna, callback):
    with time_machine.travel(at(13, 50), tick=False):
        for _scheduler in range(2):
            jobs.tick(at(13, 50))
        run_waiting()
        FollowUp.objects.for_system("a killed worker came as far as this").update(reminded_at=None)
        jobs.tick(at(13, 50))
        run_waiting()
    messages = Message.objects.filter(kind="callback")
    assert (Notification.objects.count(), messages.count(), len(reminders_sent())) == (1, 1, 1)


def test_put_off_it_reminds_again_and_what_is_done_reminds_nobody(anna, callback):
    live_through(at(13, 50))
    with time_machine.travel(at(13, 55), tick=False):
        snooze(actor=anna, follow_up=FollowUp.objects.for_system("test").get(), due_on=dt.date(2026, 11, 25))
    assert notes_of(anna, at(13, 56)) == []
    live_through(at(13, 50, day=dt.date(2026, 11, 25)))
    assert len(reminders_sent()) == 2
    with time_machine.travel(at(13, 52, day=dt.date(2026, 11, 25)), tick=False):
        record_call(actor=anna, customer=callback.customer, outcome="reached", gate_answer=None, direction="incoming")
    assert notes_of(anna, at(13, 53, day=dt.date(2026, 11, 25))) == []


def test_the_deputy_is_reminded_instead(anna, bernd, callback):
    make_absence(anna, bernd, TUESDAY, TUESDAY)
    live_through(at(13, 50))
    assert [person for person, _subject in reminders_sent()] == [bernd.email]
    assert len(notes_of(bernd, at(13, 51))) == 1


def test_after_hours_without_a_worker_nobody_is_told_late(anna, callback):
    live_through(at(16, 1))
    assert reminders_sent() == []


def test_a_note_is_read_once_by_its_own_person(anna, bernd, annas, callback):
    live_through(at(13, 50))
    note = Notification.objects.get()
    assert not notifications.mark_read(bernd, note.pk)
    with time_machine.travel(at(13, 51), tick=False):
        assert "Bäckerei Nord" in annas.get("/notes/").content.decode()
        page = annas.post(f"/notes/{note.pk}/read/", headers={"HX-Request": "true"}).content.decode()
    assert "Bäckerei Nord" not in page


def test_once_the_session_has_ended_the_bar_sends_nobody_away(client, db):
    answer = client.get("/notes/", headers={"HX-Request": "true"})
    assert answer.status_code == 401
    assert "HX-Redirect" not in answer


def test_another_day_time_and_person(anna, bernd, callback):
    with time_machine.travel(at(9), tick=False):
        day = change(
            actor=anna, follow_up=callback, due_on=dt.date(2026, 11, 28), due_time=dt.time(9, 30), note="Menge klären", assignee=bernd
        )
    stored = FollowUp.objects.for_system("test").get()
    assert (day, stored.due_on, stored.due_time, stored.assignee, stored.note) == (
        dt.date(2026, 11, 30), dt.date(2026, 11, 30), dt.time(9, 30), bernd, "Menge klären",
    )  # fmt: skip
    assert stored.due_at == at(9, 30, day=dt.date(2026, 11, 30))


def test_without_a_person_it_goes_into_the_pool_of_the_team(anna, callback):
    with time_machine.travel(at(9), tick=False):
        change(actor=anna, follow_up=callback, due_on=TUESDAY, due_time=None, note="", assignee=None)
    stored = FollowUp.objects.for_system("test").get()
    assert (stored.assignee, stored.team) == (None, anna.team)
    assert FollowUp.objects.visible_to(anna).for_person(anna, TUESDAY).exists()
