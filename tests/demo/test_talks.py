"""Calls lie behind us, follow-ups before us, and each chain of calls holds together."""

import datetime as dt

import pytest

from customers.models import Complaint, FollowUp
from customers.models.activities import Outcome
from innendienst.demo.customers import Course
from innendienst.demo.history import history_of
from innendienst.demo.staff import TEAMS
from innendienst.demo.timeline import Timeline
from innendienst.lib.dates import is_working_day
from tests.demo.conftest import TIMELINE, TODAY

pytestmark = pytest.mark.rules


@pytest.fixture(scope="module")
def reminders(histories):
    return [(history, reminder) for history in histories for reminder in history.talks.reminders]


def test_every_call_lies_before_today_and_within_nine_months_unless_it_ended_in_a_refusal(histories):
    for history in histories:
        assert [call for call in history.talks.calls if call.on >= TODAY] == []
        if not history.talks.refusals:
            assert [call for call in history.talks.calls if call.on < TODAY - dt.timedelta(days=280)] == []


def test_open_follow_ups_fall_due_on_working_days_around_today(reminders):
    opened = [(history, reminder) for history, reminder in reminders if reminder.done_by is None]
    days = [(reminder.due_on - TODAY).days for _, reminder in opened]
    assert min(days) >= -10
    assert max(days) <= 30
    assert min(days) < 0 < max(days)
    assert 0 in days
    assert all(is_working_day(reminder.due_on, TEAMS[history.company.team]) for history, reminder in opened)


def test_a_follow_up_is_closed_by_a_later_call_on_its_day(reminders):
    closed = [(history.talks.calls, reminder) for history, reminder in reminders if reminder.done_by is not None]
    assert len(closed) > 50
    for calls, reminder in closed:
        assert calls[reminder.made_by].on < calls[reminder.done_by].on == reminder.due_on


def test_anna_has_two_call_backs_with_a_clock_time_today(reminders):
    timed = [
        reminder.due_time
        for history, reminder in reminders
        if reminder.assignee == "anna.lang" and reminder.due_on == TODAY and reminder.kind == FollowUp.Kind.CALLBACK and reminder.due_time
    ]
    assert {dt.time(14), dt.time(10, 30)} <= set(timed)


def test_at_the_weekend_what_would_be_due_waits_for_monday():
    saturday = Timeline(dt.date(2026, 11, 28), "SN")
    (reminder,) = history_of(20, 5, saturday).talks.reminders
    assert reminder.due_on == dt.date(2026, 11, 30)


def test_some_complaints_are_open_and_more_are_settled(histories):
    states = [trouble.steps[-1][0] for history in histories for trouble in history.talks.troubles]
    settled = [state for state in states if state in Complaint.SETTLED]
    assert 0 < len(states) - len(settled) < len(settled)
    assert all(step[1] < TODAY for history in histories for trouble in history.talks.troubles for step in trouble.steps)


def test_whoever_refused_is_not_called_afterwards(histories):
    refusing = [history for history in histories if history.talks.refusals]
    assert 2 < len(refusing) < 25
    for history in refusing:
        assert [call.outcome for call in history.talks.calls] == [Outcome.NO_NEED]
        assert history.talks.calls[0].on == history.talks.refusals[0].on


def test_an_order_taken_on_the_phone_is_among_the_orders_of_that_day(histories):
    for history in histories:
        ordered = {TIMELINE.dates[order.day] for order in history.orders}
        assert [call for call in history.talks.calls if call.outcome == Outcome.ORDER and call.on not in ordered] == []


def test_notes_have_no_placeholder_left(histories):
    notes = [call.note for history in histories for call in history.talks.calls]
    assert [note for note in notes if "{" in note or "  " in note] == []


def test_prospects_asked_us_and_never_bought(histories):
    prospects = [history for history in histories if history.company.course is Course.PROSPECT]
    assert prospects
    assert {(len(history.orders), history.talks.calls[0].is_incoming) for history in prospects} == {(0, True)}


def test_some_told_what_they_buy_elsewhere_and_some_of_them_until_when_they_are_bound(histories):
    told = [(history.talks.calls, need) for history in histories for need in history.talks.needs]
    assert 10 < len(told) < 90
    assert any(need.contract_until is None for _calls, need in told)
    assert any(need.contract_until and (need.contract_until - TODAY).days <= 60 for _calls, need in told)
    assert all(calls[need.call].outcome != Outcome.NOT_REACHED for calls, need in told)
