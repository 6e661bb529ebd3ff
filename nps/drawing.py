"""Where the marks of the charts stand: plain geometry in the units of an SVG, whose colours and texts the templates give."""

from collections.abc import Sequence
from dataclasses import dataclass

from nps.figures import Step, WaveFigures
from nps.statistics import group_of

WIDTH, HEIGHT = 640, 240
_LEFT, _RIGHT, _TOP, _BOTTOM = 46, 14, 24, 34
BASE = HEIGHT - _BOTTOM


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
