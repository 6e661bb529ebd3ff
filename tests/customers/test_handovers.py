"""Hand-overs: asked by checklist, answered in two working days, handed back with a result – and off the phone lists meanwhile."""

import datetime as dt

import pytest
import time_machine
from django.core.exceptions import PermissionDenied

from accounts.models import Role
from campaigns import acts, call_list
from campaigns.handovers import hand_over, take_back
from campaigns.models import CallListRow, Opportunity
from customers import handovers
from customers.calls import record_call
from customers.handovers import HandoverRefused, waiting_for
from customers.models import Customer, FollowUp, Handover
from customers.timeline import latest_contacts, load_timeline
from customers.undo import UndoRefused
from innendienst.lib.transitions import TransitionRefused
from tests.factories import make_absence, make_user
from tests.workplace.scenes import make_callable, reason_of

pytestmark = pytest.mark.django_db

TUESDAY = dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC)
TODAY = dt.date(2026, 11, 24)


@pytest.fixture(autouse=True)
def _tuesday():
    with time_machine.travel(TUESDAY, tick=False):
        yield


@pytest.fixture
def dirk(team_north):
    return make_user("dirk", Role.FIELD_SALES, first_name="Dirk", last_name="Lehmann", team=team_north)


@pytest.fixture
def customer(anna):
    return make_callable(anna, "Bäckerei Nord")


@pytest.fixture
def handover(anna, dirk, customer):
    """Asked for on Tuesday with the customer's reorder."""
    asked = handovers.request_handover(actor=anna, customer=customer, to=dirk, criteria=["complex"], note="Will die Maschine sehen")
    hand_over(actor=anna, opportunities=[reason_of(customer)], handover=asked)
    return asked


def open_follow_ups(customer):
    found = FollowUp.objects.for_system("test").open().filter(customer=customer).order_by("pk")
    return [(each.assignee.username, each.kind, each.due_on) for each in found]


def is_on_phone_list(customer, today=TODAY):
    call_list.refresh([customer.pk], today)
    return CallListRow.objects.for_system("test").filter(customer=customer, callable_from__lte=today).exists()


def test_field_sales_gets_a_task_and_two_working_days(dirk, customer, handover):
    assert handover.answer_by == dt.date(2026, 11, 26)
    assert open_follow_ups(customer) == [("dirk", "handover", TODAY)]
    assert reason_of(customer).state == "handover_requested"


@pytest.mark.parametrize(
    ("given", "code"),
    [({"criteria": []}, "criteria"), ({"criteria": ["nonsense"]}, "criteria"), ({"to": "anna"}, "to"), ({"to": "gone"}, "to")],
)
def test_without_a_tick_or_somebody_of_field_sales_nothing_is_asked(anna, dirk, customer, given, code):
    gone = make_user("gone", Role.FIELD_SALES, is_active=False)
    people = {"anna": anna, "gone": gone}
    with pytest.raises(HandoverRefused, match=code):
        handovers.request_handover(
            actor=anna, customer=customer, to=people.get(given.get("to"), dirk), criteria=given.get("criteria", ["complex"])
        )
    assert not Handover.objects.for_system("test").exists()


def test_one_hand_over_of_a_customer_is_under_way_at_most(anna, dirk, customer, handover):
    with pytest.raises(HandoverRefused, match="open"):
        handovers.request_handover(actor=anna, customer=customer, to=dirk, criteria=["on_site"])


def test_who_accepts_is_asked_for_the_result_after_the_visit(dirk, customer, handover):
    handovers.accept(actor=dirk, handover=handover, visit_on=dt.date(2026, 11, 27))
    assert open_follow_ups(customer) == [("dirk", "handover", dt.date(2026, 11, 30))]
    assert reason_of(customer).state == "with_field_sales"
    handovers.set_visit(actor=dirk, handover=handover, visit_on=dt.date(2026, 12, 1))
    assert open_follow_ups(customer) == [("dirk", "handover", dt.date(2026, 12, 2))]


def test_without_a_day_of_the_visit_it_is_asked_for_after_five_working_days(dirk, customer, handover):
    handovers.accept(actor=dirk, handover=handover)
    assert open_follow_ups(customer) == [("dirk", "handover", dt.date(2026, 12, 1))]


def test_handed_back_it_falls_due_next_morning_for_whoever_asked(dirk, customer, handover):
    handovers.accept(actor=dirk, handover=handover)
    handovers.hand_back(actor=dirk, handover=handover, result="Will ein Angebot", next_step="Angebot schreiben")
    assert open_follow_ups(customer) == [("anna", "hand_back", dt.date(2026, 11, 25))]
    assert reason_of(customer).state == "returned"
    assert [step.to_state for step in handover.transitions.order_by("pk")] == ["requested", "accepted", "returned"]


def test_declined_the_reasons_are_what_they_were_and_the_rep_goes_on_today(dirk, customer, handover):
    handovers.decline(actor=dirk, handover=handover, reason="Zu weit weg")
    assert open_follow_ups(customer) == [("anna", "hand_back", TODAY)]
    assert (reason_of(customer).state, handover.result) == ("planned", "Zu weit weg")


def test_not_answered_in_two_working_days_it_is_back_with_the_rep_once(customer, handover):
    assert handovers.lapse(dt.date(2026, 11, 26)) == 0
    with time_machine.travel(TUESDAY + dt.timedelta(days=3), tick=False):
        assert [handovers.lapse(dt.date(2026, 11, 27)) for _run in range(2)] == [1, 0]
    handover.refresh_from_db()
    assert handover.state == "lapsed"
    assert open_follow_ups(customer) == [("anna", "hand_back", dt.date(2026, 11, 27))]
    assert reason_of(customer).state == "planned"


def test_what_is_answered_while_the_others_lapse_stays_answered(anna, dirk, customer, handover, monkeypatch):
    other = make_callable(anna, "Metallbau Süd")
    handovers.request_handover(actor=anna, customer=other, to=dirk, criteria=["complex"])
    hold_all = handovers.hold_all

    def wait_for_lock(customer_ids):
        held = set(customer_ids)
        handovers.accept(actor=dirk, handover=handover)
        hold_all(held)

    monkeypatch.setattr(handovers, "hold_all", wait_for_lock)
    assert handovers.lapse(dt.date(2026, 11, 27)) == 1
    states = Handover.objects.for_system("test").values_list("customer__name", "state")
    assert dict(states) == {"Bäckerei Nord": "accepted", "Metallbau Süd": "lapsed"}


def test_a_call_by_field_sales_is_no_answer(dirk, customer, handover):
    record_call(actor=dirk, customer=customer, outcome="reached", gate_answer=None, direction="incoming")
    assert open_follow_ups(customer) == [("dirk", "handover", TODAY)]


def test_a_deputy_and_the_management_answer_too_and_nobody_else(anna, bernd, carla, dirk, handover):
    make_absence(dirk, bernd, TODAY, TODAY)
    assert [handovers.may_answer(person, handover) for person in (dirk, bernd, carla, anna)] == [True, True, True, False]
    with pytest.raises(PermissionDenied):
        handovers.accept(actor=anna, handover=handover)
    handovers.accept(actor=bernd, handover=handover)
    with pytest.raises(TransitionRefused):
        handovers.decline(actor=dirk, handover=handover, reason="zu spät")


def test_taken_back_everything_is_exactly_what_it_was(anna, dirk, customer, handover):
    handovers.withdraw(actor=anna, handover=handover)
    take_back(actor=anna, handover=handover)
    reason = reason_of(customer)
    assert (reason.state, reason.owner, reason.handover) == ("suggested", None, None)
    assert open_follow_ups(customer) == []
    with pytest.raises(UndoRefused):
        handovers.withdraw(actor=anna, handover=handover)


def test_a_customer_with_field_sales_stands_on_no_phone_list(anna, dirk, customer, handover):
    take_back(actor=anna, handover=handover)  # there is a reason to call, and yet
    assert not is_on_phone_list(customer)
    handovers.withdraw(actor=anna, handover=handover)
    assert is_on_phone_list(customer)


def test_who_wants_a_visit_stands_on_no_phone_list_until_the_wish_is_fulfilled(anna, dirk, customer):
    asked = handovers.request_handover(actor=anna, customer=customer, to=dirk, criteria=["expects_visit"])
    handovers.accept(actor=dirk, handover=asked)
    assert (customer.wants_visit, is_on_phone_list(customer)) == (True, False)
    handovers.finish(actor=dirk, handover=asked, result="War da, alles gut")
    stored = Customer.objects.for_system("test").get()
    assert (stored.wants_visit, is_on_phone_list(stored)) == (False, True)


def test_a_wish_that_stood_before_outlives_the_hand_over(anna, dirk, customer):
    handovers.wish_visit(actor=anna, customer=customer, wants_visit=True)
    asked = handovers.request_handover(actor=anna, customer=customer, to=dirk, criteria=["expects_visit"])
    handovers.withdraw(actor=anna, handover=asked)
    assert Customer.objects.for_system("test").get().wants_visit


def test_until_the_day_field_sales_names_nobody_calls(dirk, customer):
    handovers.say_word(actor=dirk, customer=customer, word="wait", wait_until=dt.date(2026, 12, 1))
    assert [is_on_phone_list(customer, day) for day in (dt.date(2026, 11, 30), dt.date(2026, 12, 1))] == [False, True]
    handovers.say_word(actor=dirk, customer=customer, word="may_call")
    assert is_on_phone_list(customer)


def test_who_waits_is_found_by_one_query_however_many_there_are(anna, dirk, django_assert_num_queries):
    customers = [make_callable(anna) for _index in range(3)]
    handovers.request_handover(actor=anna, customer=customers[0], to=dirk, criteria=["complex"])
    ids = [customer.pk for customer in customers]
    for some in (ids[:1], ids):
        with django_assert_num_queries(1):
            assert waiting_for(some) == {ids[0]: None}


def test_won_by_field_sales_stays_won(dirk, customer, handover):
    handovers.accept(actor=dirk, handover=handover)
    acts.win(actor=dirk, opportunity=reason_of(customer), amount=500)
    handovers.hand_back(actor=dirk, handover=handover, result="Bestellt", next_step="")
    assert Opportunity.objects.for_system("test").get(customer=customer, kind="reorder", handover=handover).state == "won"


def test_the_customers_history_tells_each_step_of_a_hand_over(anna, dirk, customer, handover):
    handovers.accept(actor=dirk, handover=handover)
    handovers.hand_back(actor=dirk, handover=handover, result="Vorgeführt", next_step="Angebot schicken")
    told = load_timeline(anna, customer, latest_contacts(customer), ()).entries
    assert [(entry.title, entry.text, entry.by) for entry in told] == [
        ("Übergabe an Dirk Lehmann: Zurückgegeben", "Vorgeführt", "Dirk Lehmann"),
        ("Übergabe an Dirk Lehmann: Übernommen", "", "Dirk Lehmann"),
        ("Übergabe an Dirk Lehmann: Angefragt", "Will die Maschine sehen", "Anna Lang"),
    ]
