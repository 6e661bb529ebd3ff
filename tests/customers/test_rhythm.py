"""Rhythms of purchases, case by case."""

import datetime as dt
from decimal import Decimal

import pytest

from customers.rhythm import DayPurchase, rhythm

pytestmark = pytest.mark.rules

LAST = dt.date(2026, 11, 20)
SINCE = dt.date(2024, 11, 21)


def bought(gaps: list[int], *, quantities: list[str] | None = None, last: dt.date = LAST) -> list[DayPurchase]:
    """Order days whose gaps are `gaps`, 10 euros each with 4 euros margin."""
    days = [last]
    for gap in reversed(gaps):
        days.insert(0, days[0] - dt.timedelta(days=gap))
    quantities = quantities or ["12"] * len(days)
    return [DayPurchase(day, Decimal(quantity), Decimal(10), Decimal(4)) for day, quantity in zip(days, quantities, strict=True)]


@pytest.mark.parametrize(
    ("gaps", "median_gap"),
    [
        ([28, 31, 30, 35, 29], 30),  # the domain guide's example
        ([30, 30], 30),
        ([30, 31], Decimal("30.5")),
        ([1, 1, 1, 1, 1, 90, 90, 90, 90, 90, 90, 90, 90], 90),  # the last eight gaps alone count
        ([7, 7, 180, 7, 7], 7),  # one holiday does not make a slow buyer
        ([90, 92, 91, 90], Decimal("90.5")),
        ([30], None),  # two days are no rhythm
        ([], None),
    ],
)
def test_the_gap_is_the_median_of_the_last_eight(gaps, median_gap):
    assert rhythm(bought(gaps), SINCE).median_gap_days == median_gap


def test_days_are_counted_and_the_youngest_nine_kept():
    days = bought([10] * 11)
    found = rhythm(days, SINCE)
    assert (found.first_on, found.last_on, found.order_days) == (days[0].on, LAST, 12)
    assert found.recent_on == tuple(day.on for day in days[-9:])


def test_days_before_the_window_tell_since_when_but_nothing_about_the_rhythm():
    old = bought([5, 5, 5, 5], last=dt.date(2023, 5, 1), quantities=["99"] * 5)
    found = rhythm([*old, *bought([30, 30])], SINCE)
    assert (found.first_on, found.order_days, found.median_gap_days, found.usual_quantity) == (old[0].on, 3, 30, 12)


def test_who_bought_long_ago_only_has_usual_amounts_but_no_rhythm():
    found = rhythm(bought([30, 30, 30], last=dt.date(2023, 5, 1)), SINCE)
    assert (found.order_days, found.median_gap_days, found.usual_quantity) == (0, None, 12)


@pytest.mark.parametrize(
    ("quantities", "usual", "last"),
    [
        (["12", "12", "10", "12"], "12", "12"),
        (["10", "12"], "10", "12"),  # a quantity that was really ordered, not 11
        (["2.5", "2.5", "7"], "2.5", "7"),
    ],
)
def test_the_usual_quantity_is_one_that_was_ordered(quantities, usual, last):
    found = rhythm(bought([30] * (len(quantities) - 1), quantities=quantities), SINCE)
    assert (found.usual_quantity, found.last_quantity) == (Decimal(usual), Decimal(last))


def test_a_day_on_which_more_came_back_than_went_out_is_no_order_day():
    days = bought([10, 10, 10, 10], quantities=["5", "-5", "5", "0", "5"])
    found = rhythm(days, SINCE)
    assert (found.order_days, found.median_gap_days) == (3, 20)


def test_nothing_is_left_of_returns_alone():
    assert rhythm(bought([10, 10], quantities=["-1", "0", "-3"]), SINCE) is None
    assert rhythm([], SINCE) is None


def test_the_usual_margin_is_unknown_where_one_is_unknown():
    days = bought([30, 30, 30])
    assert rhythm(days, SINCE).usual_margin == 4
    assert rhythm([*days[:3], days[3]._replace(margin=None)], SINCE).usual_margin is None


def test_money_between_two_amounts_is_rounded_to_cents_away_from_zero():
    days = [day._replace(revenue=revenue) for day, revenue in zip(bought([30]), [Decimal("10.00"), Decimal("10.01")], strict=True)]
    assert rhythm(days, SINCE).usual_revenue == Decimal("10.01")


@pytest.mark.parametrize(("on", "order_days"), [(SINCE, 1), (SINCE - dt.timedelta(1), 0)])
def test_a_single_order_day_is_told_as_it_was(on, order_days):
    day = DayPurchase(on, Decimal(3), Decimal("10.01"), None)
    returned = DayPurchase(on - dt.timedelta(9), Decimal(-1), Decimal(-4), None)
    assert rhythm([returned, day], SINCE) == (on, on, order_days, None, 3, 3, Decimal("10.01"), None, (on,))
