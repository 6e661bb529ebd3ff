"""What a customer is worth, in figures that can be explained: grades, value with its parts, and how far he is gone.

Source: domain guide 6. Plain rules, no database. A share tells where a value stands among those of all customers: the part of
them that lies below, plus half of those who are equal, so that equal customers get the same grade.
"""

import datetime as dt
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from customers.bands import Band

POINTS_MOST = 200
GRADES = 5
LOYAL_YEARS = 10
LOST_SHARE = 0.7
"""A band has been reached when products that make this share of his revenue have reached it."""
_WEIGHTS = {"margin": 40, "potential": 20, "trend": 15, "loyalty": 15, "strategic": 10}
_TREND_LEAST = Decimal(100)
_TENTH = Decimal("0.1")


@dataclass(frozen=True)
class Scale:
    """The shares of known values, lowest first; between two of them a share lies on the straight line."""

    values: Sequence[float] = ()
    shares: Sequence[float] = ()

    def share(self, value: float) -> float | None:
        """From 0 to 1; None while nothing is known to compare with."""
        if not self.values:
            return None
        place = bisect_left(self.values, value)
        if place == len(self.values):
            return self.shares[-1]
        if self.values[place] == value or place == 0:
            return self.shares[place]
        low, high = self.values[place - 1], self.values[place]
        way = (value - low) / (high - low)
        return self.shares[place - 1] + way * (self.shares[place] - self.shares[place - 1])


@dataclass(frozen=True)
class Value:
    """From 0 to 100 with its parts from 0 to 1; a part that is not known is None, and the others make up for it."""

    points: Decimal
    parts: Mapping[str, float | None] = field(default_factory=dict)


def scale(counted: Iterable[tuple[float, int]]) -> list[tuple[float, float]]:
    """Points of a scale from values, lowest first, with the number of customers who have each; at most about 200 of them."""
    rows = list(counted)
    total, below, points, taken = sum(count for _value, count in rows), 0, [], -1
    for index, (value, count) in enumerate(rows):
        share = (below + count / 2) / total
        below += count
        bucket = int(share * POINTS_MOST)
        if bucket != taken or len(rows) <= POINTS_MOST or index == len(rows) - 1:
            points.append((value, round(share, 6)))
            taken = bucket
    return points


def grade(share: float | None) -> int:
    """1 to 5 by fifths of all customers; 1 where there is nothing to grade."""
    return 1 if share is None else min(int(share * GRADES) + 1, GRADES)


def trend(now: Decimal, before: Decimal) -> float:
    """From 0 to 1; 0.5 is unchanged, 1 doubled or more, 0 gone."""
    change = (now - before) / (2 * max(abs(before), _TREND_LEAST))
    return round(min(max(0.5 + float(change), 0.0), 1.0), 4)


def loyalty(since_on: dt.date | None, today: dt.date) -> float:
    """Whole years as a customer, ten and more being 1; 0 for one who never ordered."""
    if since_on is None:
        return 0.0
    years = today.year - since_on.year - ((today.month, today.day) < (since_on.month, since_on.day))
    return min(max(years, 0), LOYAL_YEARS) / LOYAL_YEARS


def value(parts: Mapping[str, float | None]) -> Value | None:
    """The weighted parts; None where the margin has no place among the others yet."""
    known = {name: part for name, part in parts.items() if part is not None}
    if "margin" not in known:
        return None
    total = sum(_WEIGHTS[name] for name in known)
    points = sum(_WEIGHTS[name] * part for name, part in known.items()) * 100 / total
    return Value(Decimal(str(points)).quantize(_TENTH, rounding=ROUND_HALF_UP), parts)


def churn_band(total: float, due: float, overdue: float, lost: float) -> str:
    """The highest band that most of his buying has reached, from the weights of his products; "" without any rhythm."""
    if total <= 0:
        return ""
    reached = ((Band.LOST, lost), (Band.OVERDUE, overdue), (Band.DUE, due))
    return next((band.value for band, weight in reached if weight >= LOST_SHARE * total), Band.IN_RHYTHM.value)
