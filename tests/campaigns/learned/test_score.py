"""The additive score: finds curves, stays level outside them, and ranks by the first column where it could not learn."""

import numpy as np
import pytest

from campaigns.learned.score import NO_AMOUNT, learn, learn_amount

pytestmark = pytest.mark.rules

LOT = np.random.default_rng(1)
FIGURE = LOT.uniform(0, 10, 4_000)
BOUGHT = LOT.random(4_000) < np.where(np.abs(FIGURE - 5) < 2, 0.6, 0.05)  # likeliest in the middle


def columns(*values: float) -> np.ndarray:
    return np.array(values)[:, None]


def test_a_curve_with_its_top_in_the_middle_is_found():
    score = learn(FIGURE[:, None], BOUGHT, np.ones(4_000), penalty=1)
    low, middle, high = score.chances(columns(1, 5, 9))
    assert middle > 0.4 > 0.2 > max(low, high)


def test_beyond_what_was_seen_the_curve_stays_level():
    score = learn(FIGURE[:, None], BOUGHT, np.ones(4_000), penalty=1)
    assert score.chances(columns(10, 1e9)).tolist() == pytest.approx([score.chances(columns(10))[0]] * 2)


def test_left_out_examples_are_made_up_for_by_their_weight():
    bought = LOT.random(4_000) < FIGURE / 20
    kept = bought | (np.arange(4_000) % 4 == 0)
    thinned = learn(FIGURE[kept][:, None], bought[kept], np.where(bought[kept], 1, 4), penalty=1)
    assert thinned.chances(columns(2, 5, 8)) == pytest.approx([0.1, 0.25, 0.4], abs=0.05)


def test_with_too_few_examples_the_first_column_ranks():
    score = learn(columns(1, 2, 3), np.array([True, False, False]), np.ones(3), penalty=1)
    chances = score.chances(columns(1, 2, 3))
    assert sorted(chances) == chances.tolist()
    assert score.chances(np.zeros((0, 1))).tolist() == []


def test_the_usual_amount_follows_what_buyers_spent():
    before = np.log1p(LOT.uniform(10, 1_000, 500))
    amount = learn_amount(before[:, None], np.expm1(before) * 2)
    assert amount.usual(np.log1p(columns(100, 500))) == pytest.approx([200, 1_000], rel=0.1)
    assert NO_AMOUNT.usual(np.log1p(columns(100))) == pytest.approx([100])
