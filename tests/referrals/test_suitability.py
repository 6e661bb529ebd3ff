"""Points out of 100, by the tables of the domain guide 6.6 and 6.7."""

from dataclasses import replace

import pytest

from referrals.suitability import Traits, disposition, recommendation, suitability

BEST = Traits(open_minded=3, well_disposed=3, well_connected=3, flags_count=3, is_regular=True)


@pytest.mark.parametrize(
    ("traits", "expected"),
    [
        (BEST, 100),
        (replace(BEST, flags_count=4), 100),
        (replace(BEST, flags_count=2), 95),
        (replace(BEST, flags_count=1), 90),
        (replace(BEST, flags_count=0), 75),
        (replace(BEST, is_regular=False), 85),
        (Traits(open_minded=0, well_disposed=0, well_connected=0), 0),
        (Traits(open_minded=2, well_disposed=1, well_connected=3, flags_count=1, is_regular=True), 70),
        (Traits(open_minded=1, well_disposed=1, well_connected=1), 20),
    ],
)
def test_suitability_adds_up(traits, expected):
    assert suitability(traits).value == expected


@pytest.mark.parametrize("name", ["open_minded", "well_disposed", "well_connected"])
def test_a_missing_rating_is_unknown_and_never_zero(name):
    score = suitability(replace(BEST, **{name: None}))
    assert score.value is None
    assert [part.key for part in score.parts if part.points is None] == [name]


@pytest.mark.parametrize(
    ("last_rating", "rated", "expected"),
    [(10, 0, 3), (9, None, 3), (8, 3, 2), (7, None, 2), (6, 3, 3), (1, None, None), (None, 1, 1)],
)
def test_a_good_last_answer_says_how_well_disposed_he_is_else_colleagues_do(last_rating, rated, expected):
    assert disposition(Traits(well_disposed=rated, last_rating=last_rating)) == expected


@pytest.mark.parametrize(
    ("named", "won", "expected"),
    [(0, 0, 86), (1, 1, 86), (2, 0, 80), (2, 1, 90), (4, 4, 100)],
)
def test_recommendation_counts_what_came_of_earlier_ones_from_two_on(named, won, expected):
    assert recommendation(replace(BEST, named_count=named, won_count=won)).value == expected
