"""Complaints: every step on record, selling rests while one is open."""

import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from customers.complaints import STEPS, move_complaint, raise_complaint, undo_step
from customers.models import Complaint, CustomerFacts
from customers.undo import UndoRefused
from innendienst.lib.transitions import StateConflict, TransitionRefused
from tests.factories import make_customer

pytestmark = pytest.mark.django_db


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
