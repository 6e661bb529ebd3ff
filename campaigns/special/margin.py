"""What is left of an article's price under a condition. Plain rules."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import ROUND_DOWN, Decimal

_ONE = Decimal(1)


@dataclass(frozen=True)
class PricedCondition:
    """A condition applied to an article: net euros per unit; cost None where it is unknown. `percent` or `amount_off` is given off.

    `is_step`: from a quantity on, so that of several one counts. `together` are the positions of those that were added up.
    """

    position: int
    name: str
    price: Decimal
    cost: Decimal | None
    percent: Decimal = Decimal(0)
    amount_off: Decimal = Decimal(0)
    least_ratio: Decimal = Decimal(0)
    article: int = 0
    is_step: bool = False
    together: tuple[int, ...] = ()

    @property
    def reduced(self) -> Decimal:
        return self.price * (_ONE - self.percent / 100) - self.amount_off

    @property
    def margin(self) -> Decimal | None:
        return None if self.cost is None else self.reduced - self.cost

    @property
    def ratio(self) -> Decimal:
        """The share of the reduced price that is left (0..1), negative below cost; 0 of nothing. Asked of lines with a known cost alone."""
        assert self.cost is not None
        return (self.reduced - self.cost) / self.reduced if self.reduced > 0 else Decimal(0)

    @property
    def most_off(self) -> Decimal:
        """The largest whole percentage off that leaves the margin asked for; 0 where none does."""
        assert self.cost is not None
        lowest = self.cost / (_ONE - self.least_ratio) if self.least_ratio < 1 else self.price
        return max(Decimal(0), ((_ONE - lowest / self.price) * 100).to_integral_value(rounding=ROUND_DOWN))


def too_thin(lines: Iterable[PricedCondition]) -> Iterator[PricedCondition]:
    """Lines that would leave less than asked for, or less than nothing. One of unknown cost is not judged."""
    for line in lines:
        if line.margin is not None and (line.margin < 0 or line.margin < line.reduced * line.least_ratio):
            yield line


def added_up(lines: Iterable[PricedCondition]) -> Iterator[PricedCondition]:
    """For each article with several conditions, all of them at once: of quantity steps the largest, of the rest every one."""
    by_article: dict[int, list[PricedCondition]] = defaultdict(list)
    for line in lines:
        by_article[line.article].append(line)
    for found in by_article.values():
        steps = sorted((line for line in found if line.is_step), key=lambda line: line.margin or 0)
        counted = sorted([*(line for line in found if not line.is_step), *steps[:1]], key=lambda line: line.position)
        if len(counted) > 1:
            yield replace(
                counted[-1],
                percent=min(sum((line.percent for line in counted), Decimal(0)), Decimal(100)),
                amount_off=sum((line.amount_off for line in counted), Decimal(0)),
                least_ratio=max(line.least_ratio for line in counted),
                together=tuple(line.position for line in counted),
            )
