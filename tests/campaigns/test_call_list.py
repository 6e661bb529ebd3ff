"""Whom to call, and from which day."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from campaigns import call_list
from campaigns.models import CallListRow, Opportunity
from customers.models import Activity, ContactBlock, Customer, CustomerFacts, FollowUp
from customers.models.activities import Outcome
from innendienst.base import preferences
from innendienst.base.preferences import CompanyPreferences
from innendienst.lib.dates import instant
from tests import factories

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 11, 24)
SUGGESTED_ON = dt.date(2026, 11, 2)


def make_buyer(**facts) -> Customer:
    """A customer whom the gate lets us call: he ordered lately."""
    customer = factories.make_customer()
    CustomerFacts.objects.create(customer=customer, **{"last_order_on": dt.date(2026, 10, 1), **facts})
    return customer


def make_reason(customer: Customer, kind: str = "reorder", rank: str = "84.00", articles: int = 1, **fields) -> Opportunity:
    defaults = {"expected_revenue": 600, "p_win": Decimal("0.2"), "suggested_on": SUGGESTED_ON, "facts": {"articles_count": articles}}
    return Opportunity.objects.create(customer=customer, kind=kind, rank_value=Decimal(rank), **{**defaults, **fields})


def call(customer: Customer, user, day: dt.date, outcome: str = Outcome.REACHED, **fields) -> None:
    Activity.objects.create(customer=customer, by=user, at=instant(day, dt.time(12)), outcome=outcome, **fields)


def rows(*customers: Customer) -> list[CallListRow]:
    call_list.refresh([customer.pk for customer in customers], TODAY)
    return list(CallListRow.objects.for_system("test").order_by("customer"))


def test_all_reasons_of_a_customer_stand_in_one_row_best_first(anna):
    customer = make_buyer()
    Customer.objects.for_system("test").filter(pk=customer.pk).update(owner=anna)
    make_reason(customer, "cross_sell", "42.49")
    make_reason(customer, "reorder", "141.50", articles=3)
    [row] = rows(customer)
    assert row.kinds == [["reorder", 3, 142], ["cross_sell", 1, 42]]
    assert (row.owner, row.rank_value, row.callable_from) == (anna, Decimal("183.99"), SUGGESTED_ON)


def test_three_kinds_are_shown_and_all_count():
    customer = make_buyer()
    for rank, kind in enumerate(["reorder", "cross_sell", "up_sell", "win_back"], start=1):
        make_reason(customer, kind, str(rank))
    [row] = rows(customer)
    assert ([kind for kind, _count, _value in row.kinds], row.rank_value) == (["win_back", "up_sell", "cross_sell"], 10)


@pytest.mark.parametrize("state", ["planned", "won", "dismissed", "expired"])
def test_what_is_no_suggestion_is_not_proposed(state):
    customer = make_buyer()
    won = {"won_amount": 1, "won_on": TODAY} if state == "won" else {}
    make_reason(customer, state=state, **won)
    assert rows(customer) == []


def test_whom_nobody_may_call_has_no_row():
    unknown = make_buyer(last_order_on=None)
    blocked, personally_blocked, complaining = make_buyer(), make_buyer(), make_buyer(open_complaints_count=1)
    ContactBlock.objects.create(customer=blocked, channel="phone", set_on=TODAY)
    ContactBlock.objects.create(customer=personally_blocked, contact=factories.make_contact(personally_blocked), set_on=TODAY)
    everybody = [unknown, blocked, personally_blocked, complaining]
    for customer in everybody:
        make_reason(customer)
    assert [row.customer for row in rows(*everybody)] == [personally_blocked]


def test_a_row_goes_when_the_reasons_are_gone():
    customer = make_buyer()
    reason = make_reason(customer)
    assert len(rows(customer)) == 1
    reason.delete()
    assert rows(customer) == []


@pytest.mark.parametrize(
    ("kind", "calls", "callable_from"),
    [
        # ten working days after our last selling contact; 18.11. is a holiday in Saxony alone
        ("cross_sell", [dt.date(2026, 11, 16)], dt.date(2026, 11, 30)),
        ("cross_sell", [dt.date(2026, 11, 9)], SUGGESTED_ON),
        # the third contact in ninety days closes the customer until the first is out of them
        ("cross_sell", [dt.date(2026, 9, 1), dt.date(2026, 9, 20), dt.date(2026, 10, 20)], dt.date(2026, 11, 30)),
        # due reorders are exempt, but nobody is called twice for the same matter within five working days
        ("reorder", [dt.date(2026, 11, 23)], dt.date(2026, 11, 30)),
        ("reorder", [dt.date(2026, 9, 1), dt.date(2026, 9, 20), dt.date(2026, 10, 20)], SUGGESTED_ON),
    ],
)
def test_after_a_talk_the_customer_has_peace_for_a_while(anna, kind, calls, callable_from):
    customer = make_buyer(last_contact_on=max(calls))
    for day in calls:
        call(customer, anna, day)
    make_reason(customer, kind)
    [row] = rows(customer)
    assert row.callable_from == max(callable_from, SUGGESTED_ON)


def test_holidays_of_the_state_lengthen_the_pause(anna, dieter):
    customer = make_buyer(last_contact_on=dt.date(2026, 11, 16))
    call(customer, anna, dt.date(2026, 11, 16))
    make_reason(customer, "cross_sell")
    preferences.put(CompanyPreferences, by=dieter, state="SN")
    assert [row.callable_from for row in rows(customer)] == [dt.date(2026, 12, 1)]


@pytest.mark.parametrize(
    ("fields", "is_pressed"),
    [
        ({}, True),
        ({"direction": Activity.Direction.INCOMING}, False),
        ({"outcome": Outcome.NOT_REACHED}, False),
        ({"voided_at": timezone.now()}, False),
    ],
)
def test_only_our_own_selling_talks_count(anna, fields, is_pressed):
    customer = make_buyer()
    call(customer, anna, dt.date(2026, 11, 23), **fields)
    make_reason(customer, "cross_sell")
    [row] = rows(customer)
    assert (row.callable_from > TODAY) == is_pressed


@pytest.mark.parametrize(
    ("due_on", "is_done", "callable_from"),
    [
        (dt.date(2026, 12, 10), False, dt.date(2026, 12, 10)),
        (dt.date(2026, 12, 10), True, SUGGESTED_ON),
        (TODAY, False, TODAY),
    ],
)
def test_a_planned_follow_up_is_waited_for(anna, due_on, is_done, callable_from):
    customer = make_buyer()
    FollowUp.objects.create(customer=customer, assignee=anna, due_on=due_on, done_at=timezone.now() if is_done else None)
    make_reason(customer)
    assert [row.callable_from for row in rows(customer)] == [callable_from]


def test_the_second_run_writes_nothing_and_neither_does_the_next_day():
    customer = make_buyer()
    make_reason(customer)
    make_reason(customer, "cross_sell")
    assert call_list.refresh([customer.pk], TODAY) == {"CallListRow": 1}
    assert call_list.refresh([customer.pk], TODAY) == {"CallListRow": 0}
    assert call_list.refresh([customer.pk], TODAY + dt.timedelta(days=1)) == {"CallListRow": 0}


def test_many_customers_take_as_many_queries_as_few():
    def count_queries(customers_count: int) -> int:
        customers = [make_buyer() for _ in range(customers_count)]
        for customer in customers:
            make_reason(customer)
        with CaptureQueriesContext(connection) as queries:
            call_list.refresh([customer.pk for customer in customers], TODAY)
        return len(queries)

    preferences.get(CompanyPreferences)  # read once per job
    few = count_queries(3)
    assert count_queries(300) == few
    assert few <= 14
