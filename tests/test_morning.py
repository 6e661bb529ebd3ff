"""The morning draws lists and sends one mail per caller, once."""

import datetime as dt

import pytest
import time_machine
from django.core import mail

from campaigns import day_list
from campaigns.models import CallListRow, DayListRow
from customers.follow_ups import finish, plan_follow_up
from customers.models import Message
from innendienst.base import jobs
from innendienst.base.models import Job
from tests.factories import make_absence, make_contact, make_customer
from tests.workplace.scenes import make_reason

TUESDAY = dt.date(2026, 11, 24)

pytestmark = pytest.mark.django_db


def at(hour: int, minute: int = 0, day: dt.date = TUESDAY) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour, minute), tzinfo=jobs.BERLIN)


def run_waiting() -> None:
    """Do what the bells would have a worker do, until nothing waits."""
    while job := Job.objects.filter(state=Job.State.QUEUED, not_before=None, queue="default").order_by("pk").first():
        assert jobs.run(job.pk)


def live_through(*moments: dt.datetime) -> None:
    for moment in moments:
        with time_machine.travel(moment, tick=False):
            jobs.tick(moment)
            run_waiting()


def make_listed_for(owner, callable_from: dt.date) -> None:
    customer = make_customer(owner=owner)
    make_contact(customer, "Müller", salutation="mr", phone="030 23125-71")
    make_reason(customer)
    CallListRow.objects.create(customer=customer, owner=owner, rank_value=10, kinds=[["reorder", 1, 10]], callable_from=callable_from)


@pytest.fixture
def due(anna):
    with time_machine.travel(at(12, day=dt.date(2026, 11, 20)), tick=False):
        return plan_follow_up(actor=anna, customer=make_customer("Bäckerei Nord"), due_on=TUESDAY, due_time=dt.time(14))


def test_the_morning_mail_names_what_is_due_and_comes_once(anna, due):
    live_through(at(7, 29))
    assert mail.outbox == []
    live_through(at(7, 30), at(7, 31), at(9), at(17))
    (sent,) = mail.outbox
    assert (sent.to, sent.subject) == ([anna.email], "Ihr Tag: 1 Kunde, 24.11.2026")
    assert "14:00  Bäckerei Nord" in sent.body


def test_the_morning_mail_says_whom_to_ask_for_and_why_as_the_page_does(anna, due):
    make_listed_for(anna, TUESDAY)
    live_through(at(7, 30))
    listed = mail.outbox[0].body.split("Ihre Liste:")[1].split("Mein Tag:")[0]
    lines = [line.strip() for line in listed.split("\n") if line.strip()]
    assert [line.split(" · ", 1)[1] if " · " in line else line for line in lines[1:]] == [
        "Wiedervorlage",
        "Herr Müller · 030 23125-71",
        "Nachkauf",
    ]


def test_the_job_run_twice_sends_once(anna, due):
    live_through(at(7, 30))
    with time_machine.travel(at(7, 45), tick=False):
        jobs.request("morning", "once more")
        run_waiting()
    assert len(mail.outbox) == 1


def test_a_list_that_cannot_be_drawn_keeps_nobody_else_from_his_and_is_tried_again(anna, bernd, due, monkeypatch):
    make_listed_for(bernd, TUESDAY)
    make_listed_for(anna, TUESDAY)
    with monkeypatch.context() as failing:
        failing.setattr(day_list, "draw", lambda user, day, own=day_list.draw: 1 / 0 if user == anna else own(user, day))
        live_through(at(7, 30))
    assert [sent.to for sent in mail.outbox] == [[bernd.email]]
    job = Job.objects.get(kind="morning")
    assert (job.state, job.result["error"].split()[0]) == (Job.State.QUEUED, "ZeroDivisionError")
    with time_machine.travel(at(8), tick=False):
        assert jobs.run(job.pk)
        run_waiting()
    assert sorted(sent.to for sent in mail.outbox) == sorted([[anna.email], [bernd.email]])


def test_the_next_working_day_brings_the_next_mail_and_a_sunday_none(anna, due):
    live_through(at(7, 30), at(7, 30, dt.date(2026, 11, 29)), at(7, 30, dt.date(2026, 11, 30)))
    assert [sent.subject[-10:] for sent in mail.outbox] == ["24.11.2026", "30.11.2026"]


def test_a_public_holiday_of_the_own_bundesland_brings_neither_list_nor_mail(anna, bernd, due):
    repentance_day = dt.date(2027, 11, 17)  # a holiday in Saxony, where Anna's team sits, and in no other state
    for user in (anna, bernd):
        make_listed_for(user, repentance_day)
    live_through(at(7, 30, repentance_day))
    assert [sent.to for sent in mail.outbox] == [[bernd.email]]
    assert not DayListRow.objects.visible_to(anna).of(anna, repentance_day).exists()


def test_a_mail_that_could_not_leave_on_its_day_is_not_sent_on_the_next(anna, due):
    with time_machine.travel(at(7, 30), tick=False):
        jobs.tick(at(7, 30))
        assert jobs.run(Job.objects.get(kind="morning").pk)
    with time_machine.travel(at(6, day=TUESDAY + dt.timedelta(days=1)), tick=False):
        run_waiting()
    assert mail.outbox == []
    assert Message.objects.get().state == "dropped"


def test_whoever_wants_no_mail_gets_a_list_but_no_mail(anna, due):
    anna.wants_digest = False
    anna.save()
    live_through(at(7, 30))
    assert mail.outbox == []
    assert DayListRow.objects.visible_to(anna).of(anna, TUESDAY).count() == 1


def test_an_absent_colleague_gets_neither_list_nor_mail(anna, bernd, due):
    make_absence(anna, bernd, TUESDAY, TUESDAY)
    live_through(at(7, 30))
    assert [sent.to for sent in mail.outbox] == [[bernd.email]]
    assert not DayListRow.objects.visible_to(anna).of(anna, TUESDAY).exists()


def test_an_empty_day_needs_no_mail(anna, carla):
    live_through(at(7, 30))
    assert not Message.objects.exists()


def test_what_was_done_before_the_mail_leaves_is_not_mentioned(anna, due):
    with time_machine.travel(at(7, 30), tick=False):
        jobs.tick(at(7, 30))
        assert jobs.run(Job.objects.get(kind="morning").pk)
        finish(actor=anna, follow_up=due)
        DayListRow.objects.for_system("test").update(state="done")
        run_waiting()
    assert mail.outbox == []
    assert Message.objects.get().state == "dropped"


def test_two_callers_get_lists_of_their_own(anna, bernd):
    for owner in (anna, bernd):
        make_listed_for(owner, TUESDAY)
    live_through(at(7, 30))
    assert sorted(sent.to[0] for sent in mail.outbox) == [anna.email, bernd.email]
