"""The geometry of the revenue picture."""

import datetime as dt
import itertools
from decimal import Decimal

import pytest

from customers.picture import HEIGHT, WIDTH, draw
from innendienst.lib.dates import add_months

pytestmark = pytest.mark.rules


def months(*amounts: int) -> list[tuple[dt.date, Decimal]]:
    return [(add_months(dt.date(2025, 1, 1), index), Decimal(amount)) for index, amount in enumerate(amounts)]


def test_the_largest_month_fills_the_height_and_the_others_their_share():
    picture = draw(months(100, 50, 25))
    assert [bar.height for bar in picture.bars] == [HEIGHT, HEIGHT // 2, HEIGHT // 4]
    assert [bar.y + bar.height for bar in picture.bars] == [HEIGHT] * 3


def test_returns_hang_below_the_zero_line():
    picture = draw(months(100, -100))
    assert picture.zero == HEIGHT // 2
    assert [(bar.y, bar.height) for bar in picture.bars] == [(0, HEIGHT // 2), (HEIGHT // 2, HEIGHT // 2)]


def test_a_tiny_month_is_still_seen_and_an_empty_one_is_not_drawn():
    assert [bar.height for bar in draw(months(100_000, 1, 0)).bars] == [HEIGHT, 1, 0]


def test_bars_stand_side_by_side_within_the_picture():
    bars = draw(months(*range(24))).bars
    assert all(bar.x + bar.width < following.x for bar, following in itertools.pairwise(bars))
    assert bars[-1].x + bars[-1].width <= WIDTH


def test_the_last_twelve_months_stand_out_and_every_sixth_has_its_name():
    bars = draw(months(*[1] * 24)).bars
    assert [bar.is_recent for bar in bars] == [False] * 12 + [True] * 12
    assert [index for index, bar in enumerate(bars) if bar.has_label] == [5, 11, 17, 23]


@pytest.mark.parametrize("amounts", [[], [0, 0]])
def test_nothing_bought_is_an_empty_picture(amounts):
    assert draw(months(*amounts)).is_empty
