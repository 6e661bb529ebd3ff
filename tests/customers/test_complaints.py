"""Complaints: every step on record, selling rests while one is open."""

import pytest

from customers.complaints import STEPS, move_complaint, raise_complaint
from customers.models import Complaint, CustomerFacts
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
