"""Sums, medians and ranks within groups."""

import numpy as np
import pytest

from campaigns.learned import groups

pytestmark = pytest.mark.rules


def test_groups_begin_where_one_of_the_keys_changes():
    assert groups.starts(np.array([0, 0, 0, 1]), np.array([5, 5, 6, 6])).tolist() == [0, 2, 3]


def test_the_median_of_an_even_count_lies_between_and_none_is_nan():
    found = groups.medians(np.array([0, 0, 2, 2, 2]), np.array([30, 31, 1, 99, 2]), 4)
    assert found[[0, 2]].tolist() == [30.5, 2]
    assert np.isnan(found[[1, 3]]).all()


def test_ranks_run_within_a_group_and_equal_values_keep_their_order():
    assert groups.ranks(np.array([1, 0, 1, 1]), np.array([5.0, 1.0, 7.0, 5.0])).tolist() == [1, 0, 0, 2]
    assert groups.ranks(np.zeros(0, int), np.zeros(0)).tolist() == []
