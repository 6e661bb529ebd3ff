"""What a rule answers, and what that is worth: chance × expected margin × urgency (domain guide 6.5)."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from types import MappingProxyType
from typing import NamedTuple

from campaigns.reasons.basis import Article, Catalogue

CHANCE_LEAST, CHANCE_MOST = Decimal("0.01"), Decimal("0.95")
URGENT_WITHIN = dt.timedelta(days=10)

FALLING = "is_falling_only"
"""The fact of an item that is not due: less of it was ordered than usual."""
NO_NEEDS: Mapping[int, Decimal] = MappingProxyType({})
NO_FACTS: Mapping[str, object] = MappingProxyType({})

_CENT, _RATIO, _ONE_PLACE = Decimal("0.01"), Decimal("0.00001"), Decimal("0.1")


class Item(NamedTuple):
    """An article to talk about and what one order of it brings, in net euros; an unknown margin is None, never 0.

    `facts` hold dates, counts, quantities and ids, from which campaigns/evidence.py makes the sentence; never ages, so that
    they stay the same from day to day. `matters` is the chance that a call now makes the difference, since nothing comes of
    itself; `deadline_on` the day after which it is too late.
    """

    product_id: int
    facts: dict[str, object]
    revenue: Decimal
    margin: Decimal | None
    matters: Decimal = Decimal(1)
    deadline_on: dt.date | None = None

    def worth(self, article: Article) -> Decimal:
        """The expected margin; where it is unknown, what goods of this group usually leave of the revenue."""
        return self.revenue * article.assumed_cm_ratio if self.margin is None else self.margin


class Suggestion(NamedTuple):
    """A reason of one kind with all its articles.

    One that is about the customer `is_whole`: it comes with facts of its own, and while another of its kind is open or rests
    there is none. Where it names no article, `revenue` is what to expect.
    """

    kind: str
    items: Sequence[Item]
    deadline_on: dt.date | None = None
    facts: Mapping[str, object] = NO_FACTS
    is_whole: bool = False
    revenue: Decimal = Decimal(0)


@dataclass(frozen=True)
class Taken:
    """Articles that a kind must leave alone: in the open opportunities of that kind, with their groups, or still resting."""

    product_ids: set[int] = field(default_factory=set)
    group_ids: set[int] = field(default_factory=set)
    is_any: bool = False

    def covers(self, article: Article) -> bool:
        return article.id in self.product_ids or article.group_id in self.group_ids


class Valued(NamedTuple):
    """A suggestion as it is stored: its best articles first, with sums over these.

    `articles_count` counts all it had, `falling_count` those among them that are not due: their quantity merely falls.
    """

    kind: str
    items: Sequence[Item]
    articles_count: int
    revenue: Decimal
    margin: Decimal | None
    chance: Decimal
    urgency: Decimal
    rank_value: Decimal
    deadline_on: dt.date | None
    matters: Decimal = Decimal(1)
    own_facts: Mapping[str, object] = NO_FACTS
    falling_count: int = 0

    @property
    def facts(self) -> dict[str, object]:
        """What the opportunity itself says; `matters` only where it is not certain, `falling_count` only where there are some."""
        matters = {} if self.matters == 1 else {"matters": str(self.matters)}
        falling = {"falling_count": self.falling_count} if self.falling_count else {}
        return {"articles_count": self.articles_count, **falling, **matters, **self.own_facts}


def value(
    suggestion: Suggestion,
    catalogue: Catalogue,
    *,
    taken: Taken,
    chance: Decimal,
    today: dt.date,
    items_most: int,
    needs: Mapping[int, Decimal] = NO_NEEDS,
    assumed_cm_ratio: Decimal = Decimal("0.3"),
) -> Valued | None:
    """The suggestion without taken articles, cut to its best `items_most` and valued; None when nothing is left.

    `chance` is that of its kind, `needs` says of articles how much more than usual they are needed (1 where nothing is known).
    """
    if not suggestion.items:
        return _without_articles(suggestion, taken, chance, today, assumed_cm_ratio)
    if suggestion.is_whole and taken.is_any:
        return None
    free = [item for item in suggestion.items if not taken.covers(catalogue.articles[item.product_id])]
    if not free:
        return None
    rated = [(item, item.worth(catalogue.articles[item.product_id]), _cut(chance * needs.get(item.product_id, 1))) for item in free]
    best = sorted(rated, key=lambda each: (-each[1] * each[2], each[0].product_id))[:items_most]
    items = [item for item, _worth, _chance in best]
    total = sum((worth for _item, worth, _chance in best), Decimal(0))
    deadline_on = min((item.deadline_on for item in items if item.deadline_on), default=suggestion.deadline_on)
    common = _mean([(own, worth) for _item, worth, own in best], _RATIO)
    urgency = urgency_of(deadline_on, today)
    return Valued(
        kind=suggestion.kind,
        items=items,
        articles_count=len(free),
        falling_count=sum(FALLING in item.facts for item in free),
        revenue=sum((item.revenue for item in items), Decimal(0)),
        margin=_sum_if_known(items),
        chance=common,
        urgency=urgency,
        rank_value=cents(total * common * urgency),
        deadline_on=deadline_on,
        matters=_mean([(item.matters, worth * own) for item, worth, own in best], _CENT),
        own_facts=suggestion.facts,
    )


def _without_articles(suggestion: Suggestion, taken: Taken, chance: Decimal, today: dt.date, ratio: Decimal) -> Valued | None:
    if taken.is_any or not suggestion.is_whole:
        return None
    urgency = urgency_of(suggestion.deadline_on, today)
    rank_value = cents(suggestion.revenue * ratio * chance * urgency)
    return Valued(
        suggestion.kind, [], 0, suggestion.revenue, None, chance, urgency, rank_value, suggestion.deadline_on, own_facts=suggestion.facts
    )


def _mean(weighted: Sequence[tuple[Decimal, Decimal]], places: Decimal) -> Decimal:
    """The mean of values, each counting by its weight; a weight below 0 counts nothing, and without any all count the same."""
    if len(weighted) == 1:
        return weighted[0][0].quantize(places, rounding=ROUND_HALF_UP)
    weights = [max(weight, Decimal(0)) for _value, weight in weighted]
    total = sum(weights, Decimal(0))
    if not total:
        weights, total = [Decimal(1)] * len(weighted), Decimal(len(weighted))
    products = (value * weight for (value, _weight), weight in zip(weighted, weights, strict=True))
    return (sum(products, Decimal(0)) / total).quantize(places, rounding=ROUND_HALF_UP)


def _cut(chance: Decimal) -> Decimal:
    return min(max(chance, CHANCE_LEAST), CHANCE_MOST)


def chance_to_win(wins_count: int, closed_count: int) -> Decimal:
    """How often such a reason is won: one in five where nothing is known yet, never certain either way."""
    chance = Decimal(wins_count + 1) / Decimal(closed_count + 5)
    return _cut(chance).quantize(_RATIO, rounding=ROUND_HALF_UP)


def urgency_of(deadline_on: dt.date | None, today: dt.date) -> Decimal:
    """1.5 when it soon is too late, else 1.0."""
    is_urgent = deadline_on is not None and deadline_on - today <= URGENT_WITHIN
    return (Decimal("1.5") if is_urgent else Decimal(1)).quantize(_ONE_PLACE)


def _sum_if_known(items: Sequence[Item]) -> Decimal | None:
    margins = [item.margin for item in items if item.margin is not None]
    return sum(margins, Decimal(0)) if len(margins) == len(items) else None


def cents(amount: Decimal) -> Decimal:
    """Rounded half away from zero to two decimals."""
    return amount.quantize(_CENT, rounding=ROUND_HALF_UP)
