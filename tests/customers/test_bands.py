"""How far a customer is behind his rhythm (domain guide 6.4)."""

import datetime as dt
from decimal import Decimal

import pytest

from customers.bands import Band, band

pytestmark = pytest.mark.rules

LAST_ON = dt.date(2026, 10, 1)


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (0, Band.IN_RHYTHM),
        (29, Band.IN_RHYTHM),
        (30, Band.DUE),
        (40, Band.DUE),  # the guide's example: 40 days after a gap of 30 is 1,33
        (44, Band.DUE),
        (45, Band.OVERDUE),
        (75, Band.OVERDUE),
        (76, Band.LOST),
    ],
)
def test_the_band_follows_from_the_days_as_a_multiple_of_the_usual_gap(days, expected):
    assert band(LAST_ON, Decimal(30), LAST_ON + dt.timedelta(days=days)) is expected


@pytest.mark.parametrize("gap", [None, Decimal(0)])
def test_without_a_rhythm_there_is_no_band(gap):
    assert band(LAST_ON, gap, LAST_ON) is None
