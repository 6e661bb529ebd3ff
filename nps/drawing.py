"""Where the marks of the charts stand: plain geometry in the units of an SVG, whose colours and texts the templates give."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from nps.decided import Decision
from nps.figures import WaveFigures
from nps.statistics import group_of
from nps.trend import Step

WIDTH, HEIGHT = 640, 240
_LEFT, _RIGHT, _TOP, _BOTTOM = 46, 14, 24, 34
BASE = HEIGHT - _BOTTOM
_MARK_WIDTH = 22


@dataclass(frozen=True)
class Bar:
    rating: int
    count: int
    group: str
    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> float:
        return self.x + self.width / 2


@dataclass(frozen=True)
class Point:
    """A wave in the line: `y` of its score, of its range, and where the one before it stands if a line joins them."""

    step: Step
    x: float
    y: float
    y_low: float
    y_high: float
    joined: tuple[float, float] | None


@dataclass(frozen=True)
class Mark:
    """A decision among the waves, by its number; those that would lie on each other are `y` apart."""

    number: int
    decision: Decision
    x: float
    y: float


@dataclass(frozen=True)
class Grid:
    points: int
    y: float


def bars(figures: WaveFigures) -> list[Bar]:
    """One bar per rating of the scale, the tallest as high as the chart."""
    ratings = figures.wave.ratings
    most = max(figures.counts.values(), default=0) or 1
    slot = WIDTH / len(ratings)
    width = slot * 0.72
    found = []
    for index, rating in enumerate(ratings):
        count = figures.counts.get(rating, 0)
        height = (BASE - _TOP) * count / most
        found.append(Bar(rating, count, group_of(rating), index * slot + (slot - width) / 2, BASE - height, width, height))
    return found


def points(steps: Sequence[Step]) -> tuple[list[Point], list[Grid]]:
    """The waves that may be shown, on a scale that just holds their ranges; a change of scale is not bridged."""
    shown = [step for step in steps if step.figures.is_shown and step.figures.interval]
    if not shown:
        return [], []
    spans = [step.figures.interval for step in shown if step.figures.interval]
    low = max(-100, int(min(span.low for span in spans) // 20 * 20))
    high = min(100, int(-(-max(span.high for span in spans) // 20) * 20))

    def y(value: float) -> float:
        return BASE - (BASE - _TOP) * (value - low) / (high - low or 1)

    room = WIDTH - _LEFT - _RIGHT
    placed: list[Point] = []
    for index, step in enumerate(shown):
        x = _LEFT + room * (index + 0.5) / len(shown)
        here = y(float(step.figures.score or 0))
        span = spans[index]
        joined = (placed[-1].x, placed[-1].y) if placed and step.before is not None else None
        placed.append(Point(step, x, here, y(span.low), y(span.high), joined))
    return placed, [Grid(value, y(value)) for value in range(low, high + 1, 20)]


def marks(points: Sequence[Point], decisions: Sequence[Decision]) -> list[Mark]:
    """Where decisions stand between the waves, by their day; those of before the first wave have no place."""
    placed: list[Mark] = []
    for decision in decisions:
        if not points or decision.on < _day(points[0]):
            continue
        x = _x_of(points, decision)
        beside = sum(abs(x - one.x) < _MARK_WIDTH for one in placed)
        placed.append(Mark(len(placed) + 1, decision, x, _TOP - 12 + beside * 14))
    return placed


def _x_of(points: Sequence[Point], decision: Decision) -> float:
    for before, after in pairwise(points):
        if decision.on < _day(after):
            share = (decision.on - _day(before)).days / (_day(after) - _day(before)).days
            return before.x + (after.x - before.x) * share
    free = WIDTH - _RIGHT - points[-1].x
    return points[-1].x + free / 2


def _day(point: Point) -> dt.date:
    return point.step.figures.wave.starts_on
