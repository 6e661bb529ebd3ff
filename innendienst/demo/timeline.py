"""The demo's days: three years up to the last Arbeitstag before today, counted from their first."""

import datetime as dt
import random

from innendienst.lib.dates import add_months, add_working_days, is_working_day

YEARS = 3


class Timeline:
    """`dates[n]` is day n, `end` the last day with orders; what falls on a day without work moves to the next Arbeitstag."""

    def __init__(self, today: dt.date, state: str) -> None:
        self.today = today
        self.state = state
        self.last_on = add_working_days(today, -1, state)
        first_on = add_months(self.last_on, -12 * YEARS)
        self.end = (self.last_on - first_on).days
        self.dates = [first_on + dt.timedelta(days=day) for day in range(self.end + 1)]
        self.texts = [date.isoformat() for date in self.dates]
        self.months = [date.month - 1 for date in self.dates]
        self._working = self._next_working_days()

    def _next_working_days(self) -> list[int]:
        following = self.end
        days = []
        for day in range(self.end, -1, -1):
            if is_working_day(self.dates[day], self.state):
                following = day
            days.append(following)
        return days[::-1]

    def working_day(self, day: float) -> int:
        """The first Arbeitstag not before `day`; beyond `end` for a day that has not come yet."""
        whole = max(0, int(day))
        return self._working[whole] if whole <= self.end else whole

    def day_of(self, date: dt.date) -> int:
        return (date - self.dates[0]).days


def dice(seed: int, topic: str, index: int) -> random.Random:
    """Chance for one topic of one customer, the same whatever was asked before."""
    return random.Random(f"{seed}/{topic}/{index}")  # noqa: S311 - invented data, no secret
