"""Against the worked examples of the domain guide, and against an independent implementation on random waves."""

import math
import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import hypothesis
import numpy as np
import pytest
import scipy  # its statistics load when they are asked for

from nps.statistics import (
    Tally,
    Weighted,
    cap_place,
    change,
    finite_half_width,
    group_of,
    interval,
    net_promoter_score,
    paired_change,
    per_customer,
    shown_cells,
    standard_error,
    weighted_sums,
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
    assert change(nothing, A) is change(A, nothing) is per_customer([]) is paired_change({(9, 3): 1}) is None


@pytest.mark.parametrize(
    ("rating", "group"), [(0, "detractor"), (6, "detractor"), (7, "passive"), (8, "passive"), (9, "promoter"), (10, "promoter")]
)
def test_groups_have_the_same_limits_on_both_scales(rating, group):
    assert group_of(rating) == group


# --- an independent implementation: moments of the list of +1, 0 and −1 ---

WAVES = int(os.environ.get("PROBE_WAVES", "300"))
"""Pairs of random waves; `make probes` takes 10,000."""
RATINGS = hypothesis.strategies.lists(hypothesis.strategies.integers(0, 10), min_size=1, max_size=80)


@dataclass(frozen=True)
class Reference:
    """Score exact, range in points, centre and error of the adjusted score in shares."""

    score: Fraction
    low: float
    high: float
    centre: float
    error: float


def reference(ratings: Sequence[int]) -> Reference:
    """From the answers themselves: the moments of the ±1 scores by numpy, weighted so that three answers are added."""
    signs = [1 if rating > 8 else -1 if rating < 7 else 0 for rating in ratings]
    scores, weights = np.array([*signs, 1, 0, -1]), np.array([1.0] * len(signs) + [0.75, 1.5, 0.75])
    centre = np.average(scores, weights=weights)
    error = np.sqrt(np.average((scores - centre) ** 2, weights=weights) / weights.sum())
    low, high = (float(np.clip(100 * (centre + side * 1.96 * error), -100, 100)) for side in (-1, 1))
    return Reference(Fraction(100 * sum(signs), len(signs)), low, high, centre, error)


@hypothesis.settings(max_examples=WAVES, deadline=None, database=None, derandomize=WAVES < 1_000)
@hypothesis.given(RATINGS, RATINGS)
def test_score_interval_and_significance_equal_an_independent_implementation(before, after):
    expected = [reference(ratings) for ratings in (before, after)]
    tallies = [Tally.of(Counter(ratings)) for ratings in (before, after)]
    for tally, one in zip(tallies, expected, strict=True):
        assert net_promoter_score(tally) == one.score
        span = interval(tally)
        assert (span.low, span.high) == pytest.approx((one.low, one.high), abs=1e-9)
    found = change(*tallies)
    z = (expected[1].centre - expected[0].centre) / np.hypot(expected[0].error, expected[1].error)
    assert found.points == expected[1].score - expected[0].score
    assert (found.z, found.p) == pytest.approx((z, 2 * scipy.stats.norm.sf(abs(z))), abs=1e-9)
    assert found.is_proven == (abs(z) >= 1.96)


@hypothesis.settings(max_examples=WAVES // 3, deadline=None, database=None, derandomize=WAVES < 1_000)
@hypothesis.given(
    hypothesis.strategies.lists(
        hypothesis.strategies.tuples(hypothesis.strategies.integers(0, 10), hypothesis.strategies.integers(0, 10)), min_size=3, max_size=80
    )
)
def test_the_same_people_are_compared_as_a_paired_test_does(pairs):
    steps = np.array([np.sign(max(after - 8, 0)) - (after < 7) - np.sign(max(before - 8, 0)) + (before < 7) for before, after in pairs])
    found = paired_change(Counter(pairs))
    assert (found.n, float(found.points)) == (len(pairs), pytest.approx(100 * steps.mean()))
    if steps.std():
        assert found.z == pytest.approx(scipy.stats.ttest_1samp(steps, 0).statistic)
    else:
        assert found.z in (0, math.inf, -math.inf)


def test_the_whole_population_leaves_no_doubt():
    assert finite_half_width(A, 300) == pytest.approx(10.6, abs=0.05)
    assert finite_half_width(A, 120) == 0
    assert finite_half_width(A, 119) is finite_half_width(Tally(), 300) is None


# --- weights, customers, small cells ---


def test_weighting_from_sums_equals_weighting_of_the_answers_themselves():
    assert weighted_sums({9: (100.0, 10_000.0), 3: (300.0, 90_000.0)}) == Weighted(
        -50.0, pytest.approx(53.033, abs=0.001), pytest.approx(1.6)
    )
    assert weighted_sums({}) is weighted_sums({9: (0.0, 0.0)}) is None


@pytest.mark.parametrize(("count", "place"), [(1, 0), (19, 18), (20, 18), (100, 94)])
def test_the_largest_weights_are_cut_to_the_95th_percentile(count, place):
    assert cap_place(count) == place


def test_one_customer_is_one_voice():
    assert per_customer([(1, 3), (-1, 1)]) == (Fraction(-100, 3), 2)


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
