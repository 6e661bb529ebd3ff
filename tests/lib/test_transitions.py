"""A state changes once, from where it really is, and leaves a record."""

import datetime as dt

import pytest

from customers.models import Complaint, ComplaintTransition
from innendienst.lib.transitions import StateConflict, TransitionRefused, change_state
from tests import factories

pytestmark = pytest.mark.django_db

STEPS = {"raised": frozenset({"in_progress"}), "in_progress": frozenset({"resolved"})}


@pytest.fixture
def complaint(anna) -> Complaint:
    return Complaint.objects.create(
        customer=factories.make_customer(), title="Pumpe undicht", raised_on=dt.date(2027, 3, 1), raised_by=anna
    )


def _move(complaint: Complaint, to_state: str, by, **changes) -> None:
    change_state(complaint, to_state, steps=STEPS, transition=ComplaintTransition(complaint=complaint, by=by), **changes)


def test_a_step_changes_the_row_and_records_who_went_from_where_to_where(complaint, anna):
    _move(complaint, "in_progress", anna, title="Pumpe ersetzt")
    stored = Complaint.objects.for_system("test").get()
    assert (stored.state, stored.version, stored.title) == ("in_progress", 2, "Pumpe ersetzt")
    assert (complaint.state, complaint.version, complaint.title) == ("in_progress", 2, "Pumpe ersetzt")
    step = ComplaintTransition.objects.get()
    assert (step.by, step.from_state, step.to_state) == (anna, "raised", "in_progress")


def test_a_step_that_the_machine_does_not_know_is_refused_and_leaves_nothing(complaint, anna):
    with pytest.raises(TransitionRefused):
        _move(complaint, "resolved", anna)
    assert ComplaintTransition.objects.count() == 0


def test_of_two_who_saw_the_same_state_only_the_first_changes_it(complaint, anna, bernd):
    seen_by_bernd = Complaint.objects.for_system("test").get(pk=complaint.pk)
    _move(complaint, "in_progress", anna)
    with pytest.raises(StateConflict):
        _move(seen_by_bernd, "in_progress", bernd)
    assert ComplaintTransition.objects.get().by == anna
