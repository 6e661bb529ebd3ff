"""Against the worked examples of the domain guide, and against an independent implementation on random waves."""

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from scipy import stats

from nps.statistics import (
    Tally,
    Weighted,
    change,
    group_of,
    interval,
    net_promoter_score,
    per_customer,
    shown_cells,
    standard_error,
    weighted,
)

A = Tally(54, 42, 24)
B = Tally(77, 42, 21)


def test_worked_example_a():
    assert net_promoter_score(A) == 25
    assert standard_error(A) == pytest.approx(7.00, abs=0.005)
    assert (interval(A).low, interval(A).high) == pytest.approx((10.9, 37.9), abs=0.05)


def test_worked_example_b_is_no_proven_change():
    found = change(A, B)
    assert net_promoter_score(B) == 40
    assert (found.points, found.is_proven) == (15, False)
    assert (found.z, found.p) == pytest.approx((1.60, 0.11), abs=0.005)


@pytest.mark.parametrize(("n", "half"), [(100, 14.8), (200, 10.5), (400, 7.5)])
def test_half_widths_at_45_and_20_percent(n, half):
    found = interval(Tally(n * 45 // 100, n * 35 // 100, n * 20 // 100))
    assert (found.high - found.low) / 2 == pytest.approx(half, abs=0.05)


def test_nobody_has_answered_is_no_score_of_zero():
    nothing = Tally()
    assert [found(nothing) for found in (net_promoter_score, standard_error, interval)] == [None] * 3
    assert change(nothing, A) is change(A, nothing) is weighted([]) is per_customer([]) is None


@pytest.mark.parametrize(
    ("rating", "group"), [(0, "detractor"), (6, "detractor"), (7, "passive"), (8, "passive"), (9, "promoter"), (10, "promoter")]
)
def test_groups_have_the_same_limits_on_both_scales(rating, group):
    assert group_of(rating) == group


# --- an independent implementation: moments of the list of +1, 0 and −1 ---


@dataclass(frozen=True)
class Reference:
    """Of many waves at once: the score as numerator per wave, the range, the adjusted centre and error in shares."""

    numerator: np.ndarray
    low: np.ndarray
    high: np.ndarray
    centre: np.ndarray
    error: np.ndarray


def reference(ratings: np.ndarray, sizes: np.ndarray) -> Reference:
    """From the answers themselves, one wave per row: the moments of the ±1 scores by numpy, weighted so that three answers are added.

    Beyond its size a row holds no answers.
    """
    answered = np.arange(ratings.shape[1]) < sizes[:, None]
    signs = np.where(ratings > 8, 1, np.where(ratings < 7, -1, 0))
    scores = np.hstack([signs, np.broadcast_to([1, 0, -1], (len(sizes), 3))])
    weights = np.hstack([answered, np.broadcast_to([0.75, 1.5, 0.75], (len(sizes), 3))])
    centre = np.average(scores, axis=1, weights=weights)
    error = np.sqrt(np.average((scores - centre[:, None]) ** 2, axis=1, weights=weights) / weights.sum(axis=1))
    low, high = (np.clip(100 * (centre + side * 1.96 * error), -100, 100) for side in (-1, 1))
    return Reference((signs * answered).sum(axis=1), low, high, centre, error)


def test_score_interval_and_significance_equal_an_independent_implementation_on_10_000_random_waves():
    draw = np.random.default_rng(20)
    sizes = draw.integers(1, 61, 10_000)
    lowest, highest = draw.integers(0, 11, (2, 10_000, 1))  # waves of all kinds, those of promoters alone too
    ratings = draw.integers(np.minimum(lowest, highest), np.maximum(lowest, highest) + 1, (10_000, 60))
    tallies = [Tally.of(Counter(row[:size].tolist())) for row, size in zip(ratings, sizes, strict=True)]
    expected = reference(ratings, sizes)
    assert [net_promoter_score(tally) for tally in tallies] == [
        Fraction(100 * int(top), int(size)) for top, size in zip(expected.numerator, sizes, strict=True)
    ]
    found = np.array([(span.low, span.high) for span in map(interval, tallies)]).T
    np.testing.assert_allclose(found, [expected.low, expected.high], rtol=0, atol=1e-9)
    changes = [change(before, after) for before, after in pairwise(tallies)]
    assert [one.points for one in changes] == [
        net_promoter_score(after) - net_promoter_score(before) for before, after in pairwise(tallies)
    ]
    z = np.diff(expected.centre) / np.hypot(expected.error[:-1], expected.error[1:])
    np.testing.assert_allclose([(one.z, one.p) for one in changes], np.array([z, 2 * stats.norm.sf(abs(z))]).T, rtol=0, atol=1e-9)
    assert {one.is_proven for one in changes} == {True, False}


# --- weights, customers, small cells ---


def test_weighting_by_revenue_with_the_largest_cut_to_the_95th_percentile():
    assert weighted([(100.0, 9), (300.0, 3)], cap_share=1) == Weighted(-50.0, pytest.approx(53.033, abs=0.001), pytest.approx(1.6))
    many = [(10.0, 10)] * 99 + [(1_000_000.0, 1)]
    assert weighted(many).score == pytest.approx(98)
    assert weighted([(0.0, 9)]) is None


def test_one_customer_is_one_voice():
    assert per_customer([(1, 10), (1, 9), (1, 1), (2, 2)]) == (Fraction(-100, 3), 2)


@pytest.mark.parametrize(
    ("cells", "shown"),
    [
        ({"a": 48, "b": 37, "c": 31}, {"a", "b", "c"}),
        ({"a": 48, "b": 37, "c": 4}, {"a"}),  # b too, else c is the total without a and b
        ({"a": 48, "b": 37, "c": 4, "d": 1}, {"a", "b"}),
        ({"a": 48, "b": 4}, set()),
        ({"a": 4, "b": 0}, set()),
        ({"a": 5, "b": 0}, {"a"}),
        ({}, set()),
    ],
)
def test_what_is_hidden_cannot_be_found_from_the_total(cells, shown):
    assert shown_cells(cells) == shown
