"""What a rule answers, and what that is worth: chance × expected margin × urgency (domain guide 6.5)."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from campaigns.reasons.basis import Article, Catalogue

CHANCE_LEAST, CHANCE_MOST = Decimal("0.01"), Decimal("0.95")
URGENT_WITHIN = dt.timedelta(days=10)

_CENT, _RATIO, _ONE_PLACE = Decimal("0.01"), Decimal("0.00001"), Decimal("0.1")


@dataclass(frozen=True)
class Item:
    """An article to talk about and what one order of it brings, in net euros; an unknown margin is None, never 0.

    `facts` hold dates, counts, quantities and ids, from which campaigns/evidence.py makes the sentence; never ages, so that
    they stay the same from day to day.
    """

    product_id: int
    facts: dict[str, object]
    revenue: Decimal
    margin: Decimal | None

    def worth(self, article: Article) -> Decimal:
        """The expected margin; where it is unknown, what goods of this group usually leave of the revenue."""
        return self.revenue * article.assumed_cm_ratio if self.margin is None else self.margin


@dataclass(frozen=True)
class Suggestion:
    """A reason of one kind with all its articles."""

    kind: str
    items: Sequence[Item]
    deadline_on: dt.date | None = None


@dataclass(frozen=True)
class Taken:
    """Articles that a kind must leave alone: in the open opportunities of that kind, with their groups, or still resting."""

    product_ids: set[int] = field(default_factory=set)
    group_ids: set[int] = field(default_factory=set)

    def covers(self, article: Article) -> bool:
        return article.id in self.product_ids or article.group_id in self.group_ids


@dataclass(frozen=True)
class Valued:
    """A suggestion as it is stored: its best articles first, with sums over these; `articles_count` counts all it had."""

    kind: str
    items: Sequence[Item]
    articles_count: int
    revenue: Decimal
    margin: Decimal | None
    chance: Decimal
    urgency: Decimal
    rank_value: Decimal
    deadline_on: dt.date | None


def value(suggestion: Suggestion, catalogue: Catalogue, *, taken: Taken, chance: Decimal, today: dt.date, items_most: int) -> Valued | None:
    """The suggestion without taken articles, cut to its best `items_most` and valued; None when nothing is left."""

    def worth(item: Item) -> Decimal:
        return item.worth(catalogue.articles[item.product_id])

    free = [item for item in suggestion.items if not taken.covers(catalogue.articles[item.product_id])]
    if not free:
        return None
    best = sorted(free, key=lambda item: (-worth(item), item.product_id))[:items_most]
    urgency = urgency_of(suggestion.deadline_on, today)
    return Valued(
        kind=suggestion.kind,
        items=best,
        articles_count=len(free),
        revenue=sum((item.revenue for item in best), Decimal(0)),
        margin=_sum_if_known(best),
        chance=chance,
        urgency=urgency,
        rank_value=_cents(sum(map(worth, best), Decimal(0)) * chance * urgency),
        deadline_on=suggestion.deadline_on,
    )


def chance_to_win(wins_count: int, closed_count: int) -> Decimal:
    """How often such a reason is won: one in five where nothing is known yet, never certain either way."""
    chance = Decimal(wins_count + 1) / Decimal(closed_count + 5)
    return min(max(chance, CHANCE_LEAST), CHANCE_MOST).quantize(_RATIO, rounding=ROUND_HALF_UP)


def urgency_of(deadline_on: dt.date | None, today: dt.date) -> Decimal:
    """1.5 when it soon is too late, else 1.0."""
    is_urgent = deadline_on is not None and deadline_on - today <= URGENT_WITHIN
    return (Decimal("1.5") if is_urgent else Decimal(1)).quantize(_ONE_PLACE)


def _sum_if_known(items: Sequence[Item]) -> Decimal | None:
    margins = [item.margin for item in items if item.margin is not None]
    return sum(margins, Decimal(0)) if len(margins) == len(items) else None


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(_CENT, rounding=ROUND_HALF_UP)
