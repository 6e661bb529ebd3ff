"""How the places of a day's list are shared out."""

import pytest
from hypothesis import given, strategies as st

from campaigns.quotas import Shares, choose

pytestmark = pytest.mark.rules

HALF = Shares(reorder_most=0.5, cross_sell_least=0.3)


def chosen(leads: str, places: int, length: int | None = None) -> str:
    """Rows by the first letter of what leads them, best first."""
    names = {"r": "reorder", "c": "cross_sell", "o": "other"}
    return "".join(choose([(names[letter], letter) for letter in leads], places, length or places, HALF))


@pytest.mark.parametrize(
    ("leads", "places", "found"),
    [
        ("rrrrrrrrrrccc", 10, "rrrrrrrccc"),  # three are kept for cross-selling; what nobody needs goes to reorders
        ("rrrrrrrrrrcccoo", 10, "rrrrrcccoo"),
        ("rrrrrrrrrr", 10, "rrrrrrrrrr"),
        ("cccccccccc", 10, "cccccccccc"),
        ("oooooooooocr", 10, "oooooooooc"),
        ("rc", 10, "rc"),
        ("", 10, ""),
    ],
)
def test_kinds_have_places_of_their_own_and_none_stays_empty(leads, places, found):
    assert chosen(leads, places) == found


@given(st.text("rco", max_size=40), st.integers(0, 20))
def test_as_many_rows_as_there_are_places_in_the_order_of_their_value(leads, places):
    found = chosen(leads, places)
    assert len(found) == min(len(leads), places)
    waiting = iter(leads)
    assert all(letter in waiting for letter in found)
