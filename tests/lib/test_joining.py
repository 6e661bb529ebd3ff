"""Who hangs together."""

import pytest

from innendienst.lib.joining import joined

pytestmark = pytest.mark.rules


@pytest.mark.parametrize(
    ("groups", "expected"),
    [
        ([], []),
        ([[1], [2]], []),
        ([[2, 1], [3]], [[1, 2]]),
        ([[4, 5], [1, 2], [5, 2]], [[1, 2, 4, 5]]),
        ([[7, 8], [1, 9], [8, 7]], [[1, 9], [7, 8]]),
        ([[]], []),
    ],
)
def test_groups_that_share_a_member_are_one(groups, expected):
    assert joined(groups) == expected
