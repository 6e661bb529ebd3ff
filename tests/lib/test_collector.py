"""Python looks for cycles seldom where a job makes millions of rows, and as before afterwards."""

import gc

import pytest

from innendienst.lib.collector import seldom_collected


@pytest.fixture
def often():
    """The program's own setting."""
    before = gc.get_threshold()
    gc.set_threshold(700, 10, 10)
    yield gc.get_threshold()
    gc.set_threshold(*before)


@seldom_collected()
def fail() -> None:
    raise KeyError(gc.get_threshold()[0])


def test_inside_the_block_cycles_are_looked_for_seldom_and_afterwards_as_before_even_after_an_error(often):
    with pytest.raises(KeyError) as error:
        fail()
    assert error.value.args[0] > often[0]
    assert gc.get_threshold() == often


def test_cycles_are_looked_for_once_the_program_is_loaded_but_not_within_it():
    assert gc.isenabled()
    assert gc.get_freeze_count() > 0
