"""A call on record: what it closes, what the gate refuses, and how it is undone."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts.models import Role
from customers.calls import CallRefused, record_call, void_call
from customers.complaints import move_complaint, raise_complaint
from customers.follow_ups import plan_follow_up, plan_next_try
from customers.gate import Answer, GateAnswer
from customers.models import Activity, Complaint, ContactBlock, CustomerFacts, FollowUp, Touched
from customers.undo import UndoRefused
from innendienst.lib.dates import add_working_days
from tests.factories import make_absence, make_contact, make_customer, make_user

pytestmark = pytest.mark.django_db

ALLOWED = GateAnswer(Answer.ALLOWED, "existing_customer", "existing_customer")
DENIED = GateAnswer(Answer.DENIED, "block")


def today():
    return timezone.localdate()


def long_ago():
    """Due on any day of the week: planned days move to working days."""
    return today() - dt.timedelta(days=10)


def follow_ups(customer):
    return FollowUp.objects.for_system("test").filter(customer=customer)


def test_a_call_keeps_the_gates_answer_and_marks_the_customer(anna):
    customer = make_customer()
    activity = record_call(actor=anna, customer=customer, outcome="reached", note="Neue Halle im Mai", gate_answer=ALLOWED)
    assert (activity.by, activity.note, activity.gate_answer["basis"]) == (anna, "Neue Halle im Mai", "existing_customer")
    assert Touched.objects.filter(customer=customer).exists()
    assert CustomerFacts.objects.for_system("test").get(customer=customer).last_contact_on == today()


def test_a_call_that_reached_nobody_is_no_contact(anna):
    customer = make_customer()
    record_call(actor=anna, customer=customer, outcome="not_reached", gate_answer=ALLOWED)
    assert not CustomerFacts.objects.for_system("test").filter(customer=customer, last_contact_on__isnull=False).exists()


def test_the_last_contact_never_moves_back(anna):
    customer = make_customer()
    for days_ago, expected in ((3, 3), (7, 3), (3, 3), (1, 1)):
        record_call(actor=anna, customer=customer, outcome="reached", gate_answer=ALLOWED, at=timezone.now() - dt.timedelta(days=days_ago))
        kept = CustomerFacts.objects.for_system("test").get(customer=customer)
        assert kept.last_contact_on == timezone.localdate() - dt.timedelta(days=expected)


@pytest.mark.parametrize("answer", [None, DENIED, GateAnswer(Answer.UNCLEAR, "no_basis")])
def test_no_call_of_ours_without_the_gates_consent(anna, answer):
    with pytest.raises(CallRefused):
        record_call(actor=anna, customer=make_customer(), outcome="reached", gate_answer=answer)
    assert not Activity.objects.for_system("test").exists()


def test_a_call_from_the_customer_needs_no_consent(anna):
    activity = record_call(actor=anna, customer=make_customer(), outcome="order", direction="incoming", gate_answer=DENIED)
    assert activity.gate_answer == {}


def test_marketing_logs_no_calls():
    with pytest.raises(PermissionDenied):
        record_call(actor=make_user(role=Role.MARKETING), customer=make_customer(), outcome="reached", gate_answer=ALLOWED)


def test_a_call_settles_what_was_due_and_leaves_the_rest(anna, bernd):
    customer = make_customer()
    due = plan_follow_up(actor=anna, customer=customer, due_on=today() - dt.timedelta(days=10))
    later = plan_follow_up(actor=anna, customer=customer, due_on=today() + dt.timedelta(days=20))
    other = plan_follow_up(actor=bernd, customer=customer, due_on=today() - dt.timedelta(days=10))
    activity = record_call(actor=anna, customer=customer, outcome="reached", gate_answer=ALLOWED)
    assert list(follow_ups(customer).filter(done_by=activity)) == [due]
    assert set(follow_ups(customer).open()) == {later, other}


def test_a_deputy_settles_what_is_due_for_the_absent_colleague(anna, bernd):
    make_absence(anna, bernd, today() - dt.timedelta(days=1), today() + dt.timedelta(days=1))
    customer = make_customer()
    plan_follow_up(actor=anna, customer=customer, due_on=today() - dt.timedelta(days=10))
    record_call(actor=bernd, customer=customer, outcome="reached", gate_answer=ALLOWED)
    assert not follow_ups(customer).open().exists()


def test_undoing_a_call_brings_everything_back(anna):
    customer = make_customer()
    before = plan_follow_up(actor=anna, customer=customer, due_on=today() - dt.timedelta(days=10))
    activity = record_call(actor=anna, customer=customer, outcome="complaint", gate_answer=ALLOWED)
    plan_follow_up(actor=anna, customer=customer, due_on=today() + dt.timedelta(days=7), activity=activity)
    raise_complaint(actor=anna, customer=customer, title="Pumpe undicht", activity=activity)
    void_call(actor=anna, activity=activity)
    assert list(follow_ups(customer).open()) == [before]
    assert [complaint.state for complaint in Complaint.objects.for_system("test").all()] == ["closed"]
    facts = CustomerFacts.objects.for_system("test").get(customer=customer)
    assert (facts.last_contact_on, facts.open_complaints_count) == (None, 0)
    assert not Activity.objects.for_system("test").standing().exists()


def test_an_undone_call_lifts_the_block_it_set(anna):
    customer = make_customer()
    activity = record_call(actor=anna, customer=customer, outcome="no_need", gate_answer=ALLOWED)
    ContactBlock.objects.create(customer=customer, set_on=today(), activity=activity)
    void_call(actor=anna, activity=activity)
    assert not ContactBlock.objects.for_system("test").filter(lifted_at=None).exists()


def test_a_call_is_undone_once_by_its_author_while_it_is_fresh(anna, bernd):
    activity = record_call(actor=anna, customer=make_customer(), outcome="reached", gate_answer=ALLOWED)
    with pytest.raises(UndoRefused):
        void_call(actor=bernd, activity=activity)
    void_call(actor=anna, activity=activity)
    with pytest.raises(UndoRefused):
        void_call(actor=anna, activity=activity)
    old = record_call(
        actor=anna, customer=make_customer(), outcome="reached", at=timezone.now() - dt.timedelta(minutes=3), gate_answer=ALLOWED
    )
    with pytest.raises(UndoRefused):
        void_call(actor=anna, activity=old)


def test_a_call_whose_complaint_somebody_works_on_already_cannot_be_undone(anna, dieter):
    customer = make_customer()
    activity = record_call(actor=anna, customer=customer, outcome="complaint", gate_answer=ALLOWED)
    complaint = raise_complaint(actor=anna, customer=customer, title="Pumpe undicht", activity=activity)
    move_complaint(actor=dieter, complaint=complaint, to_state="in_progress")
    with pytest.raises(UndoRefused):
        void_call(actor=anna, activity=activity)
    activity.refresh_from_db()
    assert (activity.voided_at, Complaint.objects.for_system("test").get().state) == (None, "in_progress")


# --- what was agreed is not lost ---


def test_the_next_try_says_what_was_to_be_said_and_to_whom(anna):
    customer = make_customer()
    agreed_with, dialled = make_contact(customer, "Weiß"), make_contact(customer, "Vorzimmer")
    plan_follow_up(actor=anna, customer=customer, due_on=long_ago(), note="Staffelpreis nennen\nab 24 Kanistern", contact=agreed_with)
    for note in ("ab 15 Uhr wieder da", "", "ab 15 Uhr wieder da"):
        activity = record_call(actor=anna, customer=customer, outcome="not_reached", contact=dialled, gate_answer=ALLOWED)
        planned = plan_next_try(actor=anna, activity=activity, due_on=long_ago(), note=note)
    assert (planned.kind, planned.contact) == ("retry", agreed_with)
    assert planned.note == "Staffelpreis nennen\nab 24 Kanistern\nab 15 Uhr wieder da"


def test_a_promised_call_back_that_reached_nobody_is_still_promised(anna):
    customer = make_customer()
    plan_follow_up(actor=anna, customer=customer, due_on=long_ago(), kind="callback")
    activity = record_call(actor=anna, customer=customer, outcome="not_reached", gate_answer=ALLOWED)
    assert plan_next_try(actor=anna, activity=activity, due_on=long_ago()).kind == "callback"


@pytest.mark.parametrize("outcome", ["not_reached", "reached"])
def test_no_call_settles_what_is_done_on_a_page(anna, outcome):
    customer = make_customer()
    thanks = {"kind": "thanks_due", "origin": "referral:7"}
    plan_follow_up(actor=anna, customer=customer, due_on=long_ago(), **thanks)
    record_call(actor=anna, customer=customer, outcome=outcome, gate_answer=ALLOWED)
    again = follow_ups(customer).open().get()
    assert (again.kind, again.origin, again.due_on) == (*thanks.values(), add_working_days(today(), 1, anna.team.state))


@pytest.mark.parametrize("beside", [[], ["own"]])
def test_a_moment_for_a_reference_outlives_a_try_that_reached_nobody(anna, beside):
    """Alone it is the next try; beside something else it comes back with it."""
    customer = make_customer()
    moment = {"kind": "reference_moment", "origin": "moment:7"}
    for kind in beside:
        plan_follow_up(actor=anna, customer=customer, due_on=long_ago(), kind=kind, note="Muster")
    plan_follow_up(actor=anna, customer=customer, due_on=long_ago(), **moment)
    activity = record_call(actor=anna, customer=customer, outcome="not_reached", gate_answer=ALLOWED)
    again = plan_next_try(actor=anna, activity=activity, due_on=today())
    coming = follow_ups(customer).open().order_by("kind").values_list("kind", "origin", "note", "due_on")
    retry = [("retry", "", "Muster", again.due_on)] if beside else []
    assert list(coming) == [(*moment.values(), "", again.due_on), *retry]


def test_what_a_deputy_tried_in_vain_stays_with_the_colleague(anna, bernd):
    make_absence(bernd, anna, today(), today())
    customer = make_customer()
    plan_follow_up(actor=bernd, customer=customer, due_on=long_ago(), note="Angebot nachfassen")
    activity = record_call(actor=anna, customer=customer, outcome="not_reached", gate_answer=ALLOWED)
    assert plan_next_try(actor=anna, activity=activity, due_on=today()).assignee == bernd


def test_what_was_due_when_the_call_turned_into_a_complaint_comes_back_tomorrow(anna, bernd):
    """Colleague's and pool's too: each stays whose it was. Undone, the day is as before."""
    make_absence(bernd, anna, today(), today())
    customer = make_customer()
    own = plan_follow_up(actor=anna, customer=customer, due_on=long_ago(), note="Angebot nachfassen")
    colleagues = plan_follow_up(actor=bernd, customer=customer, due_on=long_ago())
    pool = FollowUp.objects.create(customer=customer, team=anna.team, due_on=long_ago())
    activity = record_call(actor=anna, customer=customer, outcome="complaint", gate_answer=ALLOWED)
    coming = list(follow_ups(customer).open())
    assert {(again.assignee, again.team, again.note) for again in coming} == {
        (anna, None, "Angebot nachfassen"),
        (bernd, None, ""),
        (None, anna.team, ""),
    }
    assert {again.due_on for again in coming} == {add_working_days(today(), 1, anna.team.state)}
    void_call(actor=anna, activity=activity)
    assert set(follow_ups(customer).open()) == {own, colleagues, pool}
    assert follow_ups(customer).count() == 3


def test_the_amount_of_an_order_stays_with_its_call(anna):
    record_call(actor=anna, customer=make_customer(), outcome="order", amount=Decimal("142.00"), gate_answer=ALLOWED)
    assert Activity.objects.for_system("test").get().amount == Decimal("142.00")
