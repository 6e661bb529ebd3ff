"""Does a campaign earn more than leaving customers alone? Two means, their interval, and what a control group could prove.

Over all members, contacted or not, in the same window (intention to treat; domain guide 2.2). Plain rules.
"""

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from innendienst.lib.certainty import Z95

CONTROL_LEAST = 100
"""Below so many customers a control group would prove nothing."""
PROPOSED_FROM = 500
_POWER_80 = 0.841621
"""How sure an effect that is there should be found, for what could be proven beforehand."""


@dataclass(frozen=True)
class Sample:
    """A group's margins per customer: how many, their mean and standard deviation, in euros."""

    n: int
    mean: float
    deviation: float

    @classmethod
    def of(cls, count: int, total: Decimal | float, squares: float) -> "Sample":
        """From count, sum and sum of squares."""
        if count < 2:
            return cls(count, float(total) / count if count else 0.0, 0.0)
        mean = float(total) / count
        return cls(count, mean, math.sqrt(max(squares - count * mean * mean, 0) / (count - 1)))


@dataclass(frozen=True)
class Effect:
    """Euros per customer with their 95 % interval, and over the whole target group after costs."""

    per_customer: float
    standard_error: float
    low: float
    high: float
    total: float

    @property
    def is_proven(self) -> bool:
        return self.low > 0 or self.high < 0


def effect(target: Sample, control: Sample, costs: Decimal | float = 0) -> Effect | None:
    """None where one of the groups has fewer than two customers, or no customer differs from another: then nobody has ordered."""
    if target.n < 2 or control.n < 2:
        return None
    difference = target.mean - control.mean
    error = math.sqrt(target.deviation**2 / target.n + control.deviation**2 / control.n)
    if not error:
        return None
    reach = Z95 * error
    return Effect(difference, error, difference - reach, difference + reach, difference * target.n - float(costs))


def smallest_provable(count: int, share: Decimal, deviation: float) -> float | None:
    """The smallest effect per customer that such a control group finds in four of five cases; None without one."""
    controls = round(count * share)
    if controls < 2 or count - controls < 2:
        return None
    return (Z95 + _POWER_80) * deviation * math.sqrt(1 / (count - controls) + 1 / controls)


def proposed_share(count: int) -> Decimal:
    """One in ten from 500 customers on, none before."""
    return Decimal("0.1") if count >= PROPOSED_FROM else Decimal(0)


def draw_control(classes: Mapping[int, str], share: Decimal, seed: int, together: Sequence[Sequence[int]] = ()) -> set[int]:
    """The ids left alone: the share of each class, drawn by the seed; none where all together are too few.

    `classes` are the members' ids with their ABC class. Whom one call would reach (`together`, no id twice) is drawn as one, in the
    best of their classes; one lot that would go beyond the share is passed over.
    """
    if share <= 0 or len(classes) < CONTROL_LEAST:
        return set()
    first_of = {pk: min(group) for group in together for pk in group}
    lots: dict[int, list[int]] = {}
    for pk in sorted(classes):
        lots.setdefault(first_of.get(pk, pk), []).append(pk)
    by_class: dict[str, list[list[int]]] = {}
    for ids in lots.values():
        by_class.setdefault(min(classes[pk] for pk in ids), []).append(ids)
    draw = random.Random(seed)  # noqa: S311 - to be drawn again, not to be secret
    return {pk for _class, of_class in sorted(by_class.items()) for pk in _drawn(of_class, share, draw)}


def _drawn(lots: Sequence[Sequence[int]], share: Decimal, draw: random.Random) -> list[int]:
    wanted_count = round(sum(map(len, lots)) * share)
    drawn: list[int] = []
    for ids in draw.sample(lots, len(lots)):
        if len(drawn) + len(ids) <= wanted_count:
            drawn += ids
    return drawn
