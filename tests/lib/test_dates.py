"""Working days, months, and the hours that the clock skips or repeats."""

import datetime as dt

import pytest

from innendienst.lib import dates

pytestmark = pytest.mark.rules

FRIDAY = dt.date(2027, 3, 5)


@pytest.mark.parametrize(
    ("day", "state", "is_working"),
    [
        (dt.date(2027, 3, 5), "", True),
        (dt.date(2027, 3, 6), "", False),  # Saturday is a Werktag, but no Arbeitstag
        (dt.date(2027, 3, 7), "", False),
        (dt.date(2027, 3, 26), "", False),  # Good Friday
        (dt.date(2027, 11, 17), "SN", False),  # Buß- und Bettag, in Saxony only
        (dt.date(2027, 11, 17), "BY", True),
        (dt.date(2027, 1, 6), "BY", False),
        (dt.date(2027, 1, 6), "", True),
    ],
)
def test_working_days_know_weekends_and_the_states_holidays(day, state, is_working):
    assert dates.is_working_day(day, state) is is_working


def test_the_next_working_day_is_the_day_itself_when_it_is_one():
    assert dates.next_working_day(FRIDAY) == FRIDAY
    assert dates.next_working_day(dt.date(2027, 3, 6)) == dt.date(2027, 3, 8)


def test_the_day_after_christmas_eve_is_found_beyond_the_holidays():
    assert dates.next_working_day(dt.date(2027, 12, 25)) == dt.date(2027, 12, 27)


@pytest.mark.parametrize(
    ("count", "day"),
    [(0, FRIDAY), (1, dt.date(2027, 3, 8)), (5, dt.date(2027, 3, 12)), (-1, dt.date(2027, 3, 4)), (-5, dt.date(2027, 2, 26))],
)
def test_working_days_are_added_and_taken_away(count, day):
    assert dates.add_working_days(FRIDAY, count) == day


def test_counting_working_days_undoes_adding_them():
    assert [dates.working_days_between(FRIDAY, dates.add_working_days(FRIDAY, n)) for n in range(12)] == list(range(12))


@pytest.mark.parametrize("state", ["", "SN", "BY"])
def test_years_of_working_days_are_as_many_as_counted_one_by_one(state):
    start, counted = dt.date(2023, 12, 29), 0
    for number in range(1, 1100):
        day = start + dt.timedelta(days=number)
        counted += dates.is_working_day(day, state)
        assert dates.working_days_between(start, day, state) == counted


def test_no_working_day_lies_between_a_day_and_an_earlier_one():
    assert dates.working_days_between(FRIDAY, FRIDAY - dt.timedelta(days=3)) == 0


@pytest.mark.parametrize(
    ("day", "count", "result"),
    [
        (dt.date(2027, 1, 31), 1, dt.date(2027, 2, 28)),
        (dt.date(2028, 1, 31), 1, dt.date(2028, 2, 29)),
        (dt.date(2027, 11, 30), 3, dt.date(2028, 2, 29)),
        (dt.date(2027, 3, 15), -3, dt.date(2026, 12, 15)),
        (dt.date(2027, 3, 31), -1, dt.date(2027, 2, 28)),
        (dt.date(2027, 12, 5), 0, dt.date(2027, 12, 5)),
    ],
)
def test_a_month_later_is_the_same_day_or_the_last_of_the_month(day, count, result):
    assert dates.add_months(day, count) == result


@pytest.mark.parametrize(
    ("day", "time", "instant"),
    [
        (dt.date(2027, 1, 15), dt.time(7, 30), dt.datetime(2027, 1, 15, 6, 30, tzinfo=dt.UTC)),
        (dt.date(2027, 7, 15), dt.time(7, 30), dt.datetime(2027, 7, 15, 5, 30, tzinfo=dt.UTC)),
        (dt.date(2027, 3, 28), dt.time(3, 0), dt.datetime(2027, 3, 28, 1, 0, tzinfo=dt.UTC)),
        (dt.date(2027, 10, 31), dt.time(2, 30), dt.datetime(2027, 10, 31, 0, 30, tzinfo=dt.UTC)),  # the earlier of the two
    ],
)
def test_wall_clock_times_become_instants(day, time, instant):
    assert dates.instant(day, time) == instant


def test_a_time_that_the_spring_change_skips_is_refused():
    with pytest.raises(dates.NonexistentTimeError):
        dates.instant(dt.date(2027, 3, 28), dt.time(2, 30))
