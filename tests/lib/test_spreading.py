import datetime as dt

import pytest

from innendienst.lib.spreading import moments

pytestmark = pytest.mark.rules


def test_mails_are_spread_over_the_hours_of_working_days():
    start = dt.datetime(2026, 12, 18, 15, 59, tzinfo=dt.UTC)  # a Friday, 16:59 in Berlin
    days = {dt.date(2026, 12, 18), dt.date(2026, 12, 21)}
    times = moments(start, per_hour=60, from_hour=8, until_hour=17, is_working_day=lambda day: day in days)
    assert [f"{next(times).astimezone(dt.timezone(dt.timedelta(hours=1))):%d %H:%M}" for _index in range(3)] == [
        "18 16:59",
        "21 08:00",
        "21 08:01",
    ]
