"""Saving a call and taking it back: what the database holds afterwards."""

import datetime as dt
import uuid
from decimal import Decimal

import pytest
import time_machine
from django.core.exceptions import PermissionDenied

from accounts.models import Role
from campaigns import day_list
from campaigns.answers import answer_opportunity
from campaigns.models import DayListRow, Opportunity, OpportunityAnswer
from customers.calls import CallRefused
from customers.gate import Answer as Gate, GateAnswer
from customers.models import Activity, Complaint, ContactBlock, FollowUp, Touched
from customers.undo import UndoRefused
from innendienst.base.models import FormKey
from innendienst.workplace.call.entry import CallEntry, NextDate, ReasonAnswer
from innendienst.workplace.call.saving import AlreadySaved, ReasonsMoved, save_call, undo_call
from tests.factories import make_user
from tests.workplace.scenes import make_callable, make_follow_up, reason_of

pytestmark = pytest.mark.django_db

MONDAY = dt.date(2026, 11, 23)
ALLOWED = GateAnswer(Gate.ALLOWED, "existing_customer", "existing_customer")


@pytest.fixture(autouse=True)
def _monday():
    with time_machine.travel(dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def customer(anna):
    customer = make_callable(anna, "Bäckerei Nord", kinds=("reorder", "cross_sell"))
    day_list.draw(anna, MONDAY)
    return customer


def entry(**said) -> CallEntry:
    return CallEntry(**{"outcome": "reached", "gate_answer": ALLOWED, **said})


def answer(customer, given, *, kind="reorder", **more) -> ReasonAnswer:
    reason = reason_of(customer, kind)
    return ReasonAnswer(reason.pk, reason.version, given, **more)


def row_state(user) -> str:
    return DayListRow.objects.for_system("test").get(user=user).state


def counts() -> dict:
    return {
        model.__name__: model._base_manager.count() for model in (Activity, FollowUp, OpportunityAnswer, Complaint, ContactBlock, FormKey)
    }


def test_one_save_writes_the_call_its_answers_and_its_follow_up_and_closes_the_row(anna, customer):
    due = make_follow_up(customer, anna, MONDAY, note="Angebot nachfassen")
    contact = customer.contacts.get()
    saved = save_call(
        anna,
        customer,
        uuid.uuid4(),
        entry(
            outcome="order",
            contact=contact,
            note="Nimmt 12 Kanister.\nLieferung Freitag",
            answers=(answer(customer, "won", amount=Decimal("142.00")), answer(customer, "later", kind="cross_sell")),
            next_date=NextDate(dt.date(2026, 11, 30), "own"),
        ),
    )
    call = Activity.objects.for_system("test").get()
    planned = FollowUp.objects.for_system("test").open().get()
    due.refresh_from_db()
    assert (call.pk, call.outcome, call.contact, call.by) == (saved.activity_id, "order", contact, anna)
    assert call.gate_answer["basis"] == "existing_customer"
    assert (planned.due_on, planned.kind, planned.assignee, planned.note) == (saved.due_on, "own", anna, "Nimmt 12 Kanister.")
    assert due.done_by == call
    assert (reason_of(customer).state, reason_of(customer).won_amount) == ("won", Decimal("142.00"))
    assert reason_of(customer, "cross_sell").state == "planned"
    assert row_state(anna) == "done"
    assert Touched.objects.filter(customer=customer).exists()


def test_the_same_key_again_is_the_same_call(anna, customer):
    key, said = uuid.uuid4(), entry(note="Einmal")
    first = save_call(anna, customer, key, said)
    before = counts()
    assert save_call(anna, customer, key, said) == first
    assert counts() == before


def test_the_same_key_with_another_text_is_refused_instead_of_swallowed(anna, customer):
    key = uuid.uuid4()
    save_call(anna, customer, key, entry(note="Einmal"))
    before = counts()
    with pytest.raises(AlreadySaved):
        save_call(anna, customer, key, entry(note="Einmal, und noch etwas"))
    assert counts() == before


def test_a_key_whose_call_was_undone_does_not_pretend_that_it_is_saved(anna, customer):
    key = uuid.uuid4()
    saved = save_call(anna, customer, key, entry())
    undo_call(actor=anna, activity=Activity.objects.visible_to(anna).get(pk=saved.activity_id))
    with pytest.raises(AlreadySaved):
        save_call(anna, customer, key, entry())


def test_a_date_that_is_no_working_day_moves_and_says_so(anna, customer):
    saved = save_call(anna, customer, uuid.uuid4(), entry(next_date=NextDate(dt.date(2026, 12, 25), "own")))
    assert (saved.due_on, saved.moved_from) == (dt.date(2026, 12, 28), dt.date(2026, 12, 25))


def test_a_reason_that_somebody_else_answered_meanwhile_stops_everything(anna, bernd, customer):
    seen = answer(customer, "won", amount=Decimal("142.00"))
    answer_opportunity(actor=bernd, opportunity=reason_of(customer), answer="interested")
    before = counts()
    with pytest.raises(ReasonsMoved) as moved:
        save_call(anna, customer, uuid.uuid4(), entry(outcome="order", answers=(seen,)))
    assert moved.value.opportunity_ids == [reason_of(customer).pk]
    assert counts() == before
    assert row_state(anna) == "open"


def test_a_complaint_is_raised_with_the_call(anna, customer):
    save_call(anna, customer, uuid.uuid4(), entry(outcome="complaint", complaint_title="Palette beschädigt"))
    complaint = Complaint.objects.for_system("test").get()
    assert (complaint.title, complaint.activity.outcome, complaint.state) == ("Palette beschädigt", "complaint", "raised")


def test_a_call_that_the_gate_does_not_allow_is_not_written(anna, customer):
    denied = GateAnswer(Gate.DENIED, "block")
    before = counts()
    with pytest.raises(CallRefused):
        save_call(anna, customer, uuid.uuid4(), entry(gate_answer=denied))
    assert counts() == before


def test_a_call_from_the_customer_needs_no_legal_reason(anna, customer):
    save_call(anna, customer, uuid.uuid4(), entry(direction="incoming", gate_answer=None))
    assert Activity.objects.for_system("test").get().gate_answer == {}


def test_marketing_logs_no_calls(anna, customer):
    nora = make_user("nora", Role.MARKETING)
    with pytest.raises(PermissionDenied):
        save_call(nora, customer, uuid.uuid4(), entry())
    assert counts()["Activity"] == 0


def test_undo_restores_everything_that_the_save_did(anna, customer):
    due = make_follow_up(customer, anna, MONDAY, note="Angebot nachfassen")
    before = {
        opportunity.pk: (opportunity.state, opportunity.won_amount, opportunity.subject_key, opportunity.owner_id)
        for opportunity in _reasons(customer)
    }
    saved = save_call(
        anna,
        customer,
        uuid.uuid4(),
        entry(
            outcome="complaint",
            complaint_title="Palette beschädigt",
            answers=(answer(customer, "won", amount=Decimal("142.00")), answer(customer, "lost", kind="cross_sell", reason="no_contact")),
            next_date=NextDate(dt.date(2026, 11, 30), "own"),
        ),
    )
    undo_call(actor=anna, activity=Activity.objects.visible_to(anna).get(pk=saved.activity_id))
    due.refresh_from_db()
    customer.facts.refresh_from_db()
    after = {
        opportunity.pk: (opportunity.state, opportunity.won_amount, opportunity.subject_key, opportunity.owner_id)
        for opportunity in _reasons(customer)
    }
    assert after == before
    assert list(FollowUp.objects.for_system("test").open()) == [due]
    assert Complaint.objects.for_system("test").unresolved().count() == 0
    assert ContactBlock.objects.for_system("test").filter(lifted_at=None).count() == 0
    assert customer.facts.open_complaints_count == 0
    assert not Activity.objects.for_system("test").standing().exists()
    assert row_state(anna) == "open"


def test_undo_is_for_ones_own_calls_and_for_two_minutes(anna, bernd, customer):
    saved = save_call(anna, customer, uuid.uuid4(), entry())
    call = Activity.objects.visible_to(anna).get(pk=saved.activity_id)
    with pytest.raises(UndoRefused):
        undo_call(actor=bernd, activity=call)
    with time_machine.travel(dt.datetime(2026, 11, 23, 9, 2, 1, tzinfo=dt.UTC), tick=False), pytest.raises(UndoRefused):
        undo_call(actor=anna, activity=call)
    assert Activity.objects.for_system("test").standing().count() == 1


def _reasons(customer):
    return Opportunity.objects.for_system("test").filter(customer=customer)
