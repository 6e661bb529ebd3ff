"""Orders keep the rhythm they were meant to have, and nothing lies in the future."""

import datetime as dt
from collections import defaultdict
from itertools import pairwise
from statistics import median

import pytest

from innendienst.demo.customers import Course
from innendienst.demo.goods import BY_SKU
from innendienst.demo.needs import needs_of
from innendienst.demo.purchases import CREDIT, DELIVERED, OPEN
from innendienst.demo.timeline import Timeline
from innendienst.lib.dates import is_working_day
from tests.demo.conftest import TIMELINE, TODAY

pytestmark = pytest.mark.rules


@pytest.fixture(scope="module")
def some(histories):
    return histories[:300]


@pytest.fixture(scope="module")
def lines(some):
    return [(history, order, line) for history in some for order in history.orders for line in order.lines]


def order_days(history):
    """Article → days on which it was ordered and not cancelled."""
    days = defaultdict(set)
    for order in history.orders:
        for line in order.lines:
            if line.status in {OPEN, DELIVERED}:
                days[line.article].add(order.day)
    return {article: sorted(ordered) for article, ordered in days.items()}


def test_the_median_gap_is_the_one_that_was_meant(some):
    deviations = []
    for history in some:
        if history.company.course is not Course.STEADY:
            continue
        days = order_days(history)
        for habit in needs_of(history.company, 20, TIMELINE).habits:
            ordered = days.get(habit.article, [])
            if len(ordered) > 8 and len(set(habit.curve)) == 1:
                deviations.append(median([later - earlier for earlier, later in pairwise(ordered)]) / habit.gap_days)
    deviations.sort()
    assert len(deviations) > 300
    assert 0.95 < median(deviations) < 1.1
    assert deviations[len(deviations) // 50] > 0.8
    assert deviations[-len(deviations) // 50] < 1.25


def test_winter_goods_are_bought_in_winter(lines):
    months = [TIMELINE.dates[order.day].month for _, order, line in lines if line.article is BY_SKU["3180"] and line.quantity > 0]
    assert len(months) > 20
    assert sum(month in {10, 11, 12, 1, 2, 3} for month in months) / len(months) > 0.8


def test_all_orders_lie_on_working_days_up_to_the_last_one_before_today(some):
    assert TIMELINE.last_on == dt.date(2026, 11, 20)
    days = {TIMELINE.dates[order.day] for history in some for order in history.orders}
    assert max(days) == TIMELINE.last_on
    assert min(days) >= dt.date(2023, 11, 20)
    assert [day for day in days if not is_working_day(day, "SN")] == []


def test_on_a_monday_after_holidays_the_timeline_ends_with_the_last_working_day():
    assert Timeline(dt.date(2027, 3, 30), "SN").last_on == dt.date(2027, 3, 25)


def test_no_customer_orders_twice_under_one_number(some):
    numbers = [order.number for history in some for order in history.orders]
    assert len(numbers) == len(set(numbers))


def test_nobody_orders_after_he_left_or_what_is_discontinued(lines):
    for history, order, line in lines:
        if line.status != CREDIT:
            assert order.day <= TIMELINE.working_day(history.company.last_day)
        if line.article.last_order_in is not None:
            assert TIMELINE.dates[order.day] <= TODAY + dt.timedelta(days=line.article.last_order_in + 3)


def test_credits_take_back_what_was_ordered_and_margins_are_unknown_where_costs_are(lines):
    returned = [line for _, _, line in lines if line.status == CREDIT]
    assert len(returned) > 20
    assert all(line.quantity < 0 and line.revenue < 0 for line in returned)
    assert {line.margin is None for _, _, line in lines if line.article.cost is None} == {True}
    assert {line.margin is None for _, _, line in lines if line.article.cost is not None} == {False}


def test_orders_hold_several_lines_and_few_are_still_open(some, lines):
    lines_count = [len(order.lines) for history in some for order in history.orders]
    assert 2 < sum(lines_count) / len(lines_count) < 5
    opened = [TIMELINE.dates[order.day] for _, order, line in lines if line.status == OPEN]
    assert 0 < len(opened) < len(lines) / 40
    assert min(opened) > TODAY - dt.timedelta(days=30)


def test_few_customers_have_more_than_three_articles_due(some):
    due_counts = []
    for history in some:
        due = 0
        for ordered in order_days(history).values():
            recent = [day for day in ordered if day > TIMELINE.end - 730][-9:]
            if len(recent) >= 3:
                gap = median([later - earlier for earlier, later in pairwise(recent)])
                due += 1 <= (TIMELINE.end - ordered[-1]) / gap <= 2.5
        due_counts.append(due)
    assert 0.1 < sum(due > 0 for due in due_counts) / len(due_counts) < 0.35
    assert sum(due > 3 for due in due_counts) / len(due_counts) < 0.04
