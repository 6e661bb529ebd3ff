"""Python looks for cycles seldom where a job makes millions of rows, and as before afterwards."""

import gc

import pytest

from innendienst.lib.collector import seldom_collected


def test_inside_the_block_cycles_are_looked_for_seldom_and_afterwards_as_before_whatever_happens():
    before = gc.get_threshold()
    gc.set_threshold(700, 10, 10)
    try:
        with pytest.raises(KeyError), seldom_collected():
            assert gc.get_threshold()[0] > 10_000
            assert gc.get_freeze_count() > 0
            raise KeyError
        assert gc.get_threshold() == (700, 10, 10)
    finally:
        gc.set_threshold(*before)
