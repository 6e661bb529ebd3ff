"""Against the worked examples of the domain guide, and against an independent implementation on random waves."""

import math
from fractions import Fraction

import pytest
from hypothesis import given, settings, strategies as st
from scipy import stats

from nps.statistics import (
    Tally,
    Weighted,
    change,
    group_of,
    interval,
    net_promoter_score,
    paired_change,
    per_customer,
    response_rate,
    shown_cells,
    standard_error,
    weighted,
    with_finite_population,
)

A = Tally(54, 42, 24)
B = Tally(77, 42, 21)


def test_worked_example_a():
    assert net_promoter_score(A) == 25
    assert standard_error(A) == pytest.approx(7.00, abs=0.005)
    assert (interval(A).low, interval(A).high) == pytest.approx((10.9, 37.9), abs=0.05)
    finite = with_finite_population(A, 300)
    assert (finite.high - finite.low) / 2 == pytest.approx(10.5, abs=0.05)


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
    assert change(nothing, A) is change(A, nothing) is weighted([]) is per_customer([]) is paired_change([(9, 9)]) is None
    assert response_rate(3, 0) is None


@pytest.mark.parametrize(
    ("rating", "group"), [(0, "detractor"), (6, "detractor"), (7, "passive"), (8, "passive"), (9, "promoter"), (10, "promoter")]
)
def test_groups_have_the_same_limits_on_both_scales(rating, group):
    assert group_of(rating) == group


# --- an independent implementation: moments of the list of +1, 0 and −1 ---


def reference(ratings: list[int]) -> tuple[Fraction, float, float, float]:
    """Score, low, high and the adjusted error, from the answers themselves by scipy's distribution moments."""
    signs = [1 if rating > 8 else -1 if rating < 7 else 0 for rating in ratings]
    shares = [(signs.count(value) + added) / (len(signs) + 3) for value, added in ((1, 0.75), (0, 1.5), (-1, 0.75))]
    law = stats.rv_discrete(values=([1, 0, -1], shares))
    error = law.std() / (len(signs) + 3) ** 0.5
    low, high = 100 * (law.mean() - 1.96 * error), 100 * (law.mean() + 1.96 * error)
    return Fraction(sum(signs), len(signs)) * 100, max(low, -100), min(high, 100), error


WAVES = st.lists(st.integers(0, 10), min_size=1, max_size=60)


@settings(max_examples=10_000, deadline=None)
@given(WAVES, WAVES)
def test_score_interval_and_significance_equal_an_independent_implementation(first, second):
    tallies = [Tally.of({rating: ratings.count(rating) for rating in range(11)}) for ratings in (first, second)]
    expected = [reference(ratings) for ratings in (first, second)]
    for tally, (score, low, high, _error) in zip(tallies, expected, strict=True):
        assert net_promoter_score(tally) == score
        found = interval(tally)
        assert (found.low, found.high) == pytest.approx((low, high), abs=1e-9)
    found = change(*tallies)
    (score1, *_range1, error1), (score2, *_range2, error2) = expected
    centres = [score / 100 * (len(ratings)) / (len(ratings) + 3) for score, ratings in ((score1, first), (score2, second))]
    z = float(centres[1] - centres[0]) / math.hypot(error1, error2)
    assert found.points == score2 - score1
    assert (found.z, found.p) == pytest.approx((z, 2 * stats.norm.sf(abs(z))), abs=1e-9)


@given(st.lists(st.tuples(st.integers(0, 10), st.integers(0, 10)), min_size=2, max_size=40))
def test_the_same_people_twice_equal_the_paired_test_of_scipy(pairs):
    signs = [[(rating > 8) - (rating < 7) for rating in side] for side in zip(*pairs, strict=True)]
    found = paired_change(pairs)
    differences = [after - before for before, after in zip(*signs, strict=True)]
    assert found.points == Fraction(100 * sum(differences), len(pairs))
    if len(set(differences)) > 1:
        assert found.z == pytest.approx(stats.ttest_rel(signs[1], signs[0]).statistic, abs=1e-9)


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
