"""Working days, wall clock and fiscal years. Dates are local business dates; instants are aware UTC datetimes."""

import datetime as dt
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

BERLIN = ZoneInfo("Europe/Berlin")
DAYS_PER_MONTH = 365.2425 / 12
"""To tell an age in months; days that are months apart are found by add_months."""
STATES = ("BB", "BE", "BW", "BY", "HB", "HE", "HH", "MV", "NI", "NW", "RP", "SH", "SL", "SN", "ST", "TH")


class NonexistentTimeError(ValueError):
    """A wall-clock time that the spring change of clocks skips."""


@lru_cache(maxsize=256)
def _public_holidays(state: str, year: int) -> frozenset[dt.date]:
    return frozenset(holidays.country_holidays("DE", subdiv=state or None, years=year))


@lru_cache(maxsize=256)
def _working_week_holidays(state: str, year: int) -> tuple[dt.date, ...]:
    """Public holidays that no Saturday or Sunday swallows."""
    return tuple(day for day in _public_holidays(state, year) if day.weekday() < 5)


def is_working_day(day: dt.date, state: str = "") -> bool:
    """Whether `day` is an Arbeitstag: Monday to Friday and no public holiday of the state ("" = nationwide ones only)."""
    return day.weekday() < 5 and day not in _public_holidays(state, day.year)


def next_working_day(day: dt.date, state: str = "") -> dt.date:
    """`day` itself when it is an Arbeitstag, else the next one."""
    while not is_working_day(day, state):
        day += dt.timedelta(days=1)
    return day


def add_working_days(day: dt.date, count: int, state: str = "") -> dt.date:
    """The Arbeitstag that lies `count` Arbeitstage after `day` (before it when `count` is negative; 0 = `day` as it is)."""
    step = dt.timedelta(days=1 if count > 0 else -1)
    for _ in range(abs(count)):
        day += step
        while not is_working_day(day, state):
            day += step
    return day


def working_days_between(start: dt.date, end: dt.date, state: str = "") -> int:
    """How many Arbeitstage lie after `start` up to and including `end`; 0 when `end` is not later than `start`."""
    if end <= start:
        return 0
    years = range(start.year, end.year + 1)
    holidays_between = sum(start < day <= end for year in years for day in _working_week_holidays(state, year))
    return _weekdays_until(end) - _weekdays_until(start) - holidays_between


def _weekdays_until(day: dt.date) -> int:
    """Mondays to Fridays from 1 January of the year 1, a Monday, up to and including `day`."""
    weeks, more = divmod(day.toordinal(), 7)
    return weeks * 5 + min(more, 5)


def add_months(day: dt.date, count: int) -> dt.date:
    """The same day `count` months later, the last of the month where there is no such day (31.01. + 1 = 28.02.)."""
    index = day.year * 12 + day.month - 1 + count
    first = dt.date(index // 12, index % 12 + 1, 1)
    following = dt.date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return min(first.replace(day=1) + dt.timedelta(days=day.day - 1), following - dt.timedelta(days=1))


def instant(day: dt.date, time: dt.time) -> dt.datetime:
    """The UTC instant of a Berlin wall-clock time; the earlier one in the hour that autumn repeats.

    Raises NonexistentTimeError for a time that the spring change skips: a form refuses it, a rule moves it to 03:00.
    """
    local = dt.datetime.combine(day, time, tzinfo=BERLIN)
    utc = local.astimezone(dt.UTC)
    if utc.astimezone(BERLIN).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise NonexistentTimeError(f"{day} {time}")
    return utc
