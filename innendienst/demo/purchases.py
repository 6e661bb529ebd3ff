"""Orders from needs: each article in its own rhythm, with jitter and season, joined to orders of several lines."""

import random
from dataclasses import dataclass
from typing import NamedTuple

from customers.models import OrderLine
from innendienst.demo import goods
from innendienst.demo.customers import Company, Course
from innendienst.demo.goods import ACCESSORY, CONSUMABLE, DEVICE, SERVICE, Article
from innendienst.demo.needs import Habit, Needs
from innendienst.demo.seasons import EVEN
from innendienst.demo.timeline import Timeline, dice

OPEN, DELIVERED, CANCELLED, CREDIT = OrderLine.Status.OPEN, OrderLine.Status.DELIVERED, OrderLine.Status.CANCELLED, OrderLine.Status.CREDIT

_JITTER = 0.14
_SKIPPED_SHARE = 0.03
_CANCELLED_SHARE = 0.008
_RETURNED_SHARE = 0.007
_FREE_DELIVERY_CENTS = 150_00
_PRICE_RISE = 0.06  # over the whole timeline
_HEAVY_FROM = 1_000  # euros: such devices come on a truck
_RETURNABLE = {ACCESSORY, CONSUMABLE}
_OVERDUE_CYCLES = 1.15  # how far a shown customer is late at least, in his usual cycles
_NEVER = 1e9

Basket = list[tuple[Article, int]]
"""Articles with their quantities."""


class Line(NamedTuple):
    """Quantity in units, revenue and margin in cents; an unknown margin is None."""

    article: Article
    quantity: int
    revenue: int
    margin: int | None
    status: str


@dataclass(frozen=True, slots=True)
class Order:
    day: int
    number: str
    lines: list[Line]


def orders_of(company: Company, needs: Needs, seed: int, timeline: Timeline) -> list[Order]:
    """The customer's orders by day, credits for returns among them; never more than one order and one credit a day."""
    buyer = _Buyer(company, dice(seed, "purchases", company.index), timeline)
    baskets = buyer.baskets(needs)
    for single in needs.singles:
        baskets.setdefault(timeline.working_day(single.day), []).append((single.article, single.quantity))
    orders = [buyer.order(day, baskets[day]) for day in sorted(baskets)]
    return sorted([*orders, *buyer.credits_for(orders)], key=lambda order: order.day)


class _Buyer:
    """One customer's buying: when, how much, at what price."""

    def __init__(self, company: Company, rng: random.Random, timeline: Timeline) -> None:
        self.company, self.rng, self.timeline = company, rng, timeline

    def baskets(self, needs: Needs) -> dict[int, Basket]:
        """What is ordered on which day: each order takes along what would be due before half of the time to the next has passed."""
        baskets: dict[int, Basket] = {}
        due = [self._first_due(habit, needs.cycle_days) for habit in needs.habits]
        earliest = 0.0
        while due and (day := self.timeline.working_day(max(min(due), earliest))) <= self.timeline.end:
            basket = []
            for place, habit in enumerate(needs.habits):
                if day > self.timeline.working_day(habit.last_day):
                    due[place] = _NEVER
                elif due[place] <= day + needs.cycle_days / 2:
                    basket.append((habit.article, self._quantity(habit, day)))
                    due[place] = day + self._gap(habit, day)
            if basket:
                baskets[day] = basket
                earliest = day + needs.cycle_days * (1 + self.rng.gauss(0, _JITTER))
        if self.company.arranged:
            latest = self.timeline.end - _OVERDUE_CYCLES * needs.cycle_days
            baskets = {day: basket for day, basket in baskets.items() if day < latest}
        return baskets

    def order(self, day: int, basket: Basket) -> Order:
        status = self._status(day)
        lines = [self._line(article, quantity, status, day) for article, quantity in basket]
        if any(article.kind == DEVICE and article.price > _HEAVY_FROM for article, _ in basket):
            lines.append(self._line(goods.HEAVY_FREIGHT, 1, status, day))
        elif sum(line.revenue for line in lines) < _FREE_DELIVERY_CENTS and any(article.kind != SERVICE for article, _ in basket):
            lines.append(self._line(goods.FREIGHT, 1, status, day))
        return Order(day, self._number("AB", day), lines)

    def credits_for(self, orders: list[Order]) -> list[Order]:
        """Credits for lines that came back some days after they were delivered."""
        returned: dict[int, list[Line]] = {}
        for order in orders:
            for line in order.lines:
                if line.status == DELIVERED and line.article.kind in _RETURNABLE and self.rng.random() < _RETURNED_SHARE:
                    day = self.timeline.working_day(order.day + self.rng.randint(4, 20))
                    returned.setdefault(day, []).append(_credit(line))
        return [Order(day, self._number("GS", day), lines) for day, lines in returned.items() if day <= self.timeline.end]

    def _first_due(self, habit: Habit, cycle_days: float) -> float:
        """A new habit starts at once, one from before the timeline at one of the orders within its gap."""
        day = habit.first_day or (int(self.rng.random() * habit.gap_days / cycle_days) + 0.5) * cycle_days
        return day if day <= habit.last_day else _NEVER

    def _gap(self, habit: Habit, day: int) -> float:
        gap = habit.gap_days if habit.curve is EVEN else _seasonal_gap(habit, day, self.timeline)
        if self.company.course is Course.DECLINING:
            gap *= 1 + 0.5 * day / self.timeline.end
        if self.rng.random() < _SKIPPED_SHARE:
            gap *= 2
        return gap

    def _quantity(self, habit: Habit, day: int) -> int:
        usual = habit.quantity
        if self.company.course is Course.GROWING:
            usual *= 0.7 + 0.6 * day / self.timeline.end
        elif self.company.course is Course.DECLINING:
            usual *= max(0.45, min(1.0, 1 - (day - self.timeline.end + 300) / 400))
        if self.rng.random() < 0.4:
            usual *= self.rng.uniform(0.75, 1.35)
        return max(1, round(usual))

    def _status(self, day: int) -> str:
        """What was ordered in the last days is on its way, and now and then something older is waiting."""
        age, chance = self.timeline.end - day, self.rng.random()
        return OPEN if (age <= 4 and chance < 0.7) or (age <= 20 and chance < 0.04) else DELIVERED

    def _line(self, article: Article, quantity: int, status: str, day: int) -> Line:
        level = 100 * (1 - _PRICE_RISE * (1 - day / self.timeline.end))
        discount = 0 if article.not_offered else self.company.discount
        revenue = round(float(article.price) * level * (1 - discount)) * quantity
        margin = None if article.cost is None else revenue - round(float(article.cost) * level * quantity * self.rng.uniform(0.96, 1.04))
        is_cancelled = status == DELIVERED and self.rng.random() < _CANCELLED_SHARE
        return Line(article, quantity, revenue, margin, CANCELLED if is_cancelled else status)

    def _number(self, prefix: str, day: int) -> str:
        return f"{prefix}{self.timeline.dates[day]:%y%m%d}-{self.company.number}"


def _seasonal_gap(habit: Habit, day: int, timeline: Timeline) -> float:
    """The days until what lasts `gap_days` at even speed is used up."""
    remaining, until = habit.gap_days, day
    while remaining > 0 and until <= timeline.end:
        remaining -= habit.curve[timeline.months[until]]
        until += 1
    return until - day if until <= timeline.end else _NEVER


def _credit(line: Line) -> Line:
    return Line(line.article, -line.quantity, -line.revenue, None if line.margin is None else -line.margin, CREDIT)
