"""When many mails leave: spread over working hours, so that answers and calls come in as they can be served."""

import datetime as dt
from collections.abc import Callable, Iterator

from innendienst.lib.dates import BERLIN, instant


def moments(
    start: dt.datetime, *, per_hour: int, from_hour: int, until_hour: int, is_working_day: Callable[[dt.date], bool]
) -> Iterator[dt.datetime]:
    """Instants from `start` on, evenly `per_hour` of them, within the hours of working days; without end."""
    step = dt.timedelta(seconds=3600 / max(per_hour, 1))
    moment = start
    while True:
        moment = _within_hours(moment, from_hour, max(until_hour, from_hour + 1), is_working_day)
        yield moment
        moment += step


def _within_hours(moment: dt.datetime, from_hour: int, until_hour: int, is_working_day: Callable[[dt.date], bool]) -> dt.datetime:
    """The moment itself, or the next opening after it."""
    local = moment.astimezone(BERLIN)
    day = local.date()
    if is_working_day(day) and from_hour <= local.hour < until_hour:
        return moment
    if not (is_working_day(day) and local.hour < from_hour):
        day += dt.timedelta(days=1)
    while not is_working_day(day):
        day += dt.timedelta(days=1)
    return instant(day, dt.time(from_hour))
