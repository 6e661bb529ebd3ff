"""The picture of an effect: its interval above an axis of round amounts in the reader's format."""

from decimal import Decimal

import pytest
from django.utils import translation

from innendienst.workplace.campaigns.effects import axis, effect_of

WORKED_EXAMPLE = {
    "groups": {"target": {"n": 900, "mean": 48.2, "deviation": 120.0}, "control": {"n": 100, "mean": 40.0, "deviation": 115.0}},
    "effect": {"per_customer": 8.2, "standard_error": 12.18, "low": -15.66, "high": 32.06, "total": 7380.0, "is_proven": False},
}


@pytest.mark.parametrize(
    ("least", "most", "amounts"),
    [
        (-15.66, 32.06, [-20, 0, 20, 40]),
        (0, 32.06, [0, 10, 20, 30, 40]),
        (-1204.5, 0, [-1500, -1000, -500, 0]),
        (-0.3, 0.41, ["-0.5", "0", "0.5"]),
        (0, 0, ["0", "0.01"]),
    ],
)
def test_the_axis_has_round_amounts_around_the_interval_and_zero(least, most, amounts):
    assert axis(least, most) == [Decimal(amount) for amount in amounts]


def texts(effect) -> list[str]:
    return [tick.text.replace("\xa0", " ") for tick in effect.ticks]


def test_the_marks_of_the_axis_bear_amounts_in_the_readers_format():
    with translation.override("de"):
        german = effect_of(WORKED_EXAMPLE)
    assert texts(german) == ["−20 €", "0 €", "+20 €", "+40 €"]
    assert [tick.is_zero for tick in german.ticks] == [False, True, False, False]
    assert [tick.place for tick in german.ticks] == pytest.approx([10, 36.67, 63.33, 90])
    assert german.low < german.ticks[1].place < german.point < german.high < german.ticks[-1].place
    thousands = {**WORKED_EXAMPLE, "effect": {**WORKED_EXAMPLE["effect"], "low": -1204.5, "high": 2500.25}}
    with translation.override("en"):
        assert texts(effect_of(thousands)) == ["−2,000 €", "0 €", "+2,000 €", "+4,000 €"]
