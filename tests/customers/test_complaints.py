"""Complaints: every step on record, selling rests while one is open."""

import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from customers.calls import record_call, void_call
from customers.complaint_reminders import remind
from customers.complaints import STEPS, ClosingRefused, close_complaint, move_complaint, raise_complaint, undo_step
from customers.follow_ups import finish, plan_next_try
from customers.gate_rules import Answer, GateAnswer
from customers.models import Complaint, Customer, CustomerFacts, FollowUp
from customers.signals import complaint_confirmed
from customers.undo import UndoRefused
from innendienst.lib.transitions import StateConflict, TransitionRefused
from tests.factories import make_customer

pytestmark = pytest.mark.django_db

TUESDAY = dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC)


@pytest.fixture
def complaint(anna):
    return raise_complaint(actor=anna, customer=make_customer(), title="Pumpe undicht")


def open_count(complaint):
    return CustomerFacts.objects.for_system("test").get(customer=complaint.customer).open_complaints_count


def test_a_complaint_counts_until_it_is_resolved_and_again_when_reopened(anna, complaint):
    counts = [open_count(complaint)]
    for state in ("in_progress", "resolved", "reopened", "resolved"):
        move_complaint(actor=anna, complaint=complaint, to_state=state)
        counts.append(open_count(complaint))
    assert counts == [1, 1, 0, 1, 0]


@pytest.fixture
def settled(anna, complaint):
    """The step by which Anna settles it, on Tuesday, 24.11.2026."""
    with time_machine.travel(TUESDAY, tick=False):
        yield move_complaint(actor=anna, complaint=complaint, to_state="resolved", reason="Ersatz geliefert")


def questions(complaint) -> list[tuple]:
    """The follow-ups still open that ask the customer whether he is content: whose, when, about what."""
    asked = FollowUp.objects.for_system("test").open().filter(customer=complaint.customer, kind="complaint").order_by("pk")
    return [(follow_up.assignee, follow_up.due_on, follow_up.note) for follow_up in asked]


def test_five_working_days_after_a_complaint_was_settled_somebody_asks_whether_all_is_well(anna, complaint, settled):
    assert questions(complaint) == [(anna, dt.date(2026, 12, 1), "Pumpe undicht")]
    asked = FollowUp.objects.for_system("test").get()
    assert (asked.solution, asked.contact) == (settled, complaint.contact)


def test_the_owner_asks_unless_he_is_gone(anna, bernd, complaint):
    Customer.objects.for_system("test").update(owner=bernd)
    for is_active, person in ((True, bernd), (False, anna)):
        bernd.is_active = is_active
        bernd.save()
        seen = Complaint.objects.visible_to(anna).get(pk=complaint.pk)
        step = move_complaint(actor=anna, complaint=seen, to_state="resolved")
        assert [asks for asks, _on, _note in questions(complaint)] == [person]
        undo_step(actor=anna, step=step)


def test_taking_the_settling_back_takes_the_question_back(anna, complaint, settled):
    undo_step(actor=anna, step=settled)
    assert questions(complaint) == []
    assert not FollowUp.objects.for_system("test").exists()


def test_a_reopened_complaint_is_asked_about_when_it_is_settled_again_on_the_same_day_too(anna, complaint, settled):
    finish(actor=anna, follow_up=FollowUp.objects.for_system("test").get())
    move_complaint(actor=anna, complaint=complaint, to_state="reopened")
    assert questions(complaint) == []
    move_complaint(actor=anna, complaint=complaint, to_state="resolved")
    assert len(questions(complaint)) == 1


@pytest.mark.parametrize(("outcome", "is_open"), [("reached", False), ("not_reached", True)])
def test_a_call_that_reaches_him_answers_the_question_and_one_that_does_not_keeps_it(anna, complaint, settled, outcome, is_open):
    day_of_asking = dt.datetime(2026, 12, 1, 9, tzinfo=dt.UTC)
    with time_machine.travel(day_of_asking, tick=False):
        gate = GateAnswer(Answer.ALLOWED, "service", "service")
        call = record_call(actor=anna, customer=complaint.customer, outcome=outcome, gate_answer=gate)
        if is_open:
            again = plan_next_try(actor=anna, activity=call, due_on=dt.date(2026, 12, 2), note="Niemand am Apparat")
            assert (again.kind, again.solution, again.first_line) == ("complaint", settled, "Pumpe undicht")
    assert bool(questions(complaint)) == is_open


def test_every_step_leaves_a_row(anna, complaint):
    move_complaint(actor=anna, complaint=complaint, to_state="in_progress", reason="Techniker fährt hin")
    steps = complaint.transitions.order_by("pk").values_list("from_state", "to_state", "reason", "by")
    assert list(steps) == [("", "raised", "", anna.pk), ("raised", "in_progress", "Techniker fährt hin", anna.pk)]


@pytest.mark.parametrize("state", Complaint.State)
def test_a_step_that_is_not_in_the_table_is_refused(anna, complaint, state):
    if state in STEPS["raised"]:
        return
    with pytest.raises(TransitionRefused):
        move_complaint(actor=anna, complaint=complaint, to_state=state)


def test_two_people_cannot_take_the_same_step(anna, bernd, complaint):
    same = Complaint.objects.visible_to(bernd).get(pk=complaint.pk)
    move_complaint(actor=anna, complaint=complaint, to_state="in_progress")
    with pytest.raises(StateConflict):
        move_complaint(actor=bernd, complaint=same, to_state="resolved")


def test_a_step_is_taken_back_by_a_further_step(anna, complaint):
    undo_step(actor=anna, step=move_complaint(actor=anna, complaint=complaint, to_state="resolved", reason="Ersatz geliefert"))
    complaint.refresh_from_db()
    assert (complaint.state, open_count(complaint)) == ("raised", 1)
    steps = complaint.transitions.order_by("pk").values_list("to_state", "reason")
    assert list(steps) == [("raised", ""), ("resolved", "Ersatz geliefert"), ("raised", "undone")]


def test_a_step_is_taken_back_by_its_author_while_it_is_fresh_and_nobody_went_on(anna, bernd, complaint):
    first = move_complaint(actor=anna, complaint=complaint, to_state="in_progress")
    with pytest.raises(UndoRefused):
        undo_step(actor=bernd, step=first)
    with time_machine.travel(timezone.now() + dt.timedelta(seconds=121)), pytest.raises(UndoRefused):
        undo_step(actor=anna, step=first)
    move_complaint(actor=bernd, complaint=complaint, to_state="resolved")
    with pytest.raises(UndoRefused):
        undo_step(actor=anna, step=first)


def test_that_a_complaint_was_raised_is_not_taken_back(anna, complaint):
    with pytest.raises(UndoRefused):
        undo_step(actor=anna, step=complaint.transitions.get())


# --- the customer's word ---


def call(anna, complaint, outcome="reached", **said):
    return record_call(actor=anna, customer=complaint.customer, outcome=outcome, gate_answer=GateAnswer(Answer.ALLOWED, "service"), **said)


def stored(complaint):
    return Complaint.objects.for_system("test").get(pk=complaint.pk)


@pytest.mark.parametrize(("word", "state"), [("yes", "confirmed"), ("partly", "confirmed"), ("no", "reopened")])
def test_what_the_customer_says_confirms_it_or_opens_it_again(anna, complaint, settled, word, state):
    told = []
    complaint_confirmed.connect(lambda complaint, **_rest: told.append(complaint.satisfied), weak=False, dispatch_uid="test")
    try:
        call(anna, complaint, satisfied=word, note="Pumpe ist wieder dicht\nGrüße")
    finally:
        complaint_confirmed.disconnect(dispatch_uid="test")
    found = stored(complaint)
    assert (found.state, found.satisfied, found.confirmed_on, told) == (state, word, dt.date(2026, 11, 24), [word])
    assert found.transitions.order_by("-pk").first().reason == "Pumpe ist wieder dicht"
    assert questions(complaint) == []


def test_who_is_not_content_is_the_managements_today(anna, carla, complaint, settled):
    call(anna, complaint, satisfied="no")
    reminder = FollowUp.objects.for_system("test").open().get(kind="complaint_open")
    assert (reminder.assignee, reminder.due_on, reminder.due_time) == (carla, dt.date(2026, 11, 24), dt.time(15))
    assert open_count(complaint) == 1


def test_not_content_on_the_day_of_its_reminder_it_falls_due_for_the_management_once_more(anna, carla):
    with time_machine.travel(TUESDAY, tick=False) as clock:
        complaint = raise_complaint(actor=anna, customer=make_customer(), title="Pumpe undicht")
        clock.shift(dt.timedelta(days=1))
        assert remind(dt.date(2026, 11, 25)) == 1
        move_complaint(actor=anna, complaint=complaint, to_state="resolved")
        call(anna, complaint, satisfied="no")
    assert [each.assignee for each in FollowUp.objects.for_system("test").open().filter(kind="complaint_open")] == [carla]


def test_undoing_the_call_takes_the_word_back_and_the_question_stands_again(anna, complaint, settled):
    with time_machine.travel(TUESDAY + dt.timedelta(days=7), tick=False):
        spoken = call(anna, complaint, satisfied="yes")
        assert questions(complaint) == []
        void_call(actor=anna, activity=spoken)
    assert (stored(complaint).state, stored(complaint).satisfied) == ("resolved", "")
    assert questions(complaint) == [(anna, dt.date(2026, 12, 1), "Pumpe undicht")]


def test_without_the_customers_word_only_the_management_closes(anna, carla, complaint, settled):
    with pytest.raises(ClosingRefused):
        close_complaint(actor=anna, complaint=complaint, reason="erledigt")
    close_complaint(actor=carla, complaint=complaint, reason="nicht zufrieden, Kulanz abgelehnt")
    assert stored(complaint).state == "closed"


def test_a_closing_taken_back_leaves_the_question_on_its_day(anna, carla, complaint, settled):
    asked = questions(complaint)
    with time_machine.travel(TUESDAY + dt.timedelta(days=3), tick=False):
        step = close_complaint(actor=carla, complaint=complaint, reason="Kulanz abgelehnt")
        assert questions(complaint) == []
        undo_step(actor=carla, step=step)
    assert questions(complaint) == asked


def test_an_early_answer_taken_back_leaves_the_question_on_its_day_and_one_ticked_off_done(anna, complaint, settled):
    asked = questions(complaint)
    with time_machine.travel(TUESDAY + dt.timedelta(days=3), tick=False) as clock:
        void_call(actor=anna, activity=call(anna, complaint, satisfied="no"))
        assert questions(complaint) == asked
        finish(actor=anna, follow_up=FollowUp.objects.for_system("test").open().get(kind="complaint"))
        clock.shift(1)
        void_call(actor=anna, activity=call(anna, stored(complaint), satisfied="no"))
    assert questions(complaint) == []


def test_after_two_calls_in_vain_anybody_closes(anna, complaint, settled):
    call(anna, complaint, "not_reached")
    with pytest.raises(ClosingRefused):
        close_complaint(actor=anna, complaint=complaint, reason="nicht erreicht")
    call(anna, complaint, "not_reached")
    close_complaint(actor=anna, complaint=complaint, reason="nicht erreicht")
    assert stored(complaint).state == "closed"


def test_nobody_reacted_by_the_next_working_day_or_went_on_for_five(anna, complaint):
    with time_machine.travel(TUESDAY, tick=False):
        fresh = raise_complaint(actor=anna, customer=make_customer(), title="Falsche Ware")
    days = [dt.date(2026, 11, day) for day in (24, 25, 25, 26)]
    Complaint.objects.for_system("test").filter(pk=complaint.pk).delete()
    assert [remind(day) for day in days] == [0, 1, 0, 0]
    with time_machine.travel(TUESDAY + dt.timedelta(days=2), tick=False):
        move_complaint(actor=anna, complaint=fresh, to_state="in_progress")  # Thursday: what was due is done with it
        assert not FollowUp.objects.for_system("test").open().exists()
    assert [remind(dt.date(2026, 12, day)) for day in (2, 3, 4)] == [0, 1, 0]
