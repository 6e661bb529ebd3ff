"""The effect of a campaign in finished texts, and its interval as a picture above an axis of round amounts."""

import math
from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from django.utils.translation import gettext as _

from innendienst.lib import display

_STEPS_MOST = 4
"""Between the marks of the axis, so that amounts have room on a phone."""
_CENT = Decimal("0.01")


class Tick(NamedTuple):
    """A mark of the axis: its place in percent of the picture's width, and the amount it stands for."""

    place: float
    text: str
    is_zero: bool


class Effect(NamedTuple):
    """The effect in words and as places in a picture, in percent of its width: low, point and high end."""

    sentence: str
    verdict: str
    is_proven: bool
    rows: list[tuple[str, str]]
    low: float
    point: float
    high: float
    ticks: list[Tick]


def effect_of(result: Mapping) -> Effect | None:
    if not (found := result.get("effect")):
        return None
    facts = {"effect": _money(found["per_customer"]), "low": _money(found["low"]), "high": _money(found["high"])}
    rows = [
        (_("Target group"), _sample(result["groups"]["target"])),
        (_("Control group"), _sample(result["groups"]["control"])),
        (_("Effect per customer"), facts["effect"]),
        (_("Standard error"), display.euros(Decimal(str(found["standard_error"])), 2)),
        (_("95 % interval"), f"{facts['low']} … {facts['high']}"),
        (_("Over the target group, after other costs"), _money(found["total"], 0)),
    ]
    verdict = _("Effect proven") if found["is_proven"] else _("Effect not proven")
    sentence = _("%(effect)s margin per customer; with 95 %% certainty between %(low)s and %(high)s.") % facts
    amounts = axis(min(found["low"], 0), max(found["high"], 0))
    low, point, high = (_place(found[name], amounts) for name in ("low", "per_customer", "high"))
    return Effect(sentence, verdict, found["is_proven"], rows, low, point, high, [_tick(amount, amounts) for amount in amounts])


def axis(least: float, most: float) -> list[Decimal]:
    """Round amounts in equal steps, the first at or below `least` (at most 0), the last at or above `most` (at least 0)."""
    tenth = max(Decimal(10) ** (math.floor(math.log10(most - least)) - 1), _CENT) if most > least else _CENT
    for step in (tenth * factor for factor in (1, 2, 5, 10, 20, 50)):
        first, last = math.floor(Decimal(least) / step), math.ceil(Decimal(most) / step)
        if last - first <= _STEPS_MOST:
            break
    return [step * number for number in range(first, max(last, first + 1) + 1)]


def _tick(amount: Decimal, amounts: list[Decimal]) -> Tick:
    decimals = 2 if any(one != one.to_integral_value() for one in amounts) else 0
    return Tick(_place(amount, amounts), _money(amount, decimals), amount == 0)


def _place(value: float | Decimal, amounts: list[Decimal]) -> float:
    """Between a tenth and nine tenths of the width: at both ends an amount stands below its mark."""
    first, last = amounts[0], amounts[-1]
    return round(10 + float((Decimal(value) - first) / (last - first)) * 80, 2)


def _money(value: float | Decimal, decimals: int = 2) -> str:
    return f"{'+' if value > 0 else ''}{display.euros(Decimal(str(value)), decimals=decimals)}"


def _sample(of: Mapping) -> str:
    mean, deviation = Decimal(str(of["mean"])), Decimal(str(of["deviation"]))
    return f"n = {display.number(of['n'])}, {display.euros(mean, 2)}, s = {display.number(deviation, 1)}"
