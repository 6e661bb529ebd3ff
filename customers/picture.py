"""The geometry of a bar picture: whole numbers for an SVG, drawn by a template."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

WIDTH = 480
HEIGHT = 120
_GAP = 4


@dataclass(frozen=True)
class Bar:
    """One month. `is_recent` marks the last twelve; `has_label` those whose name stands beneath."""

    month: dt.date
    revenue: Decimal
    x: int
    y: int
    width: int
    height: int
    is_recent: bool
    has_label: bool

    @property
    def middle(self) -> int:
        return self.x + self.width // 2


@dataclass(frozen=True)
class Picture:
    """`zero` is the height of the zero line: above the lower edge where returns outweighed a month's purchases."""

    bars: list[Bar]
    zero: int

    @property
    def is_empty(self) -> bool:
        return not any(bar.revenue for bar in self.bars)


def draw(months: Sequence[tuple[dt.date, Decimal]]) -> Picture:
    """Bars for months in their order, scaled to the largest; a month that is not 0 is at least one unit high."""
    amounts = [revenue for _month, revenue in months]
    top, bottom = max([*amounts, Decimal(0)]), min([*amounts, Decimal(0)])
    span = (top - bottom) or Decimal(1)
    zero = round(top / span * HEIGHT)
    step = WIDTH // max(len(months), 1)
    return Picture([_bar(index, len(months), month, revenue, zero, step, span) for index, (month, revenue) in enumerate(months)], zero)


def _bar(index: int, count: int, month: dt.date, revenue: Decimal, zero: int, step: int, span: Decimal) -> Bar:
    height = max(round(abs(revenue) / span * HEIGHT), 1) if revenue else 0
    return Bar(
        month=month, revenue=revenue, x=index * step, y=zero - height if revenue > 0 else zero, width=step - _GAP, height=height,
        is_recent=index >= count - 12, has_label=(count - 1 - index) % 6 == 0,
    )  # fmt: skip
