"""Orders from needs: each article in its own rhythm, with jitter and season, joined to orders of several lines."""

import random
from dataclasses import dataclass, field
from typing import NamedTuple

from customers.models import OrderLine
from innendienst.demo import goods
from innendienst.demo.customers import Company, Course
from innendienst.demo.goods import DEVICE, SERVICE, Article
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
_NEVER = 1e9


class Line(NamedTuple):
    """Quantity in units, revenue and margin in cents; an unknown margin is None."""

    article: Article
    quantity: int
    revenue: int
    margin: int | None
    status: str


@dataclass(slots=True)
class Order:
    day: int
    number: str
    lines: list[Line] = field(default_factory=list)


def orders_of(company: Company, needs: Needs, seed: int, timeline: Timeline) -> list[Order]:
    """The customer's orders by day, credits for returns among them; never more than one order a day."""
    rng = dice(seed, "purchases", company.index)
    baskets = _baskets(needs, company, rng, timeline)
    for single in needs.singles:
        baskets.setdefault(timeline.working_day(single.day), []).append((single.article, single.quantity))
    orders, returns = [], []
    for day in sorted(baskets):
        order = _order(day, baskets[day], company, rng, timeline)
        orders.append(order)
        returns += _returns(order, company, rng, timeline)
    return sorted(orders + returns, key=lambda order: order.day)


def _baskets(needs: Needs, company: Company, rng: random.Random, timeline: Timeline) -> dict[int, list[tuple[Article, int]]]:
    """What is ordered on which day: each order takes along what would be due before half of the time to the next has passed."""
    habits, baskets = needs.habits, {}
    due = [_first_due(habit, needs, rng) for habit in habits]
    earliest = 0.0
    while due:
        day = timeline.working_day(max(min(due), earliest))
        if day > timeline.end:
            break
        basket = []
        for place, habit in enumerate(habits):
            if day > timeline.working_day(habit.last_day):
                due[place] = _NEVER
            elif due[place] <= day + needs.cycle_days / 2:
                basket.append((habit.article, _quantity(habit, company, day, rng, timeline)))
                due[place] = day + _gap(habit, company, day, rng, timeline)
        if basket:
            baskets[day] = basket
            earliest = day + needs.cycle_days * (1 + rng.gauss(0, _JITTER))
    return baskets


def _first_due(habit: Habit, needs: Needs, rng: random.Random) -> float:
    """A new habit starts at once, one from before the timeline at one of the orders within its gap."""
    cycles = habit.gap_days / needs.cycle_days
    day = habit.first_day or (int(rng.random() * cycles) + 0.5) * needs.cycle_days
    return day if day <= habit.last_day else _NEVER


def _gap(habit: Habit, company: Company, day: int, rng: random.Random, timeline: Timeline) -> float:
    gap = habit.gap_days if habit.curve is EVEN else _seasonal_gap(habit, day, timeline)
    if company.course is Course.DECLINING:
        gap *= 1 + 0.5 * day / timeline.end
    if rng.random() < _SKIPPED_SHARE:
        gap *= 2
    return gap


def _seasonal_gap(habit: Habit, day: int, timeline: Timeline) -> float:
    """The days until what lasts `gap_days` at even speed is used up."""
    remaining, until = habit.gap_days, day
    while remaining > 0 and until <= timeline.end:
        remaining -= habit.curve[timeline.months[until]]
        until += 1
    return until - day if until <= timeline.end else _NEVER


def _quantity(habit: Habit, company: Company, day: int, rng: random.Random, timeline: Timeline) -> int:
    usual = habit.quantity
    if company.course is Course.GROWING:
        usual *= 0.7 + 0.6 * day / timeline.end
    elif company.course is Course.DECLINING:
        usual *= max(0.45, min(1.0, 1 - (day - timeline.end + 300) / 400))
    if rng.random() < 0.4:
        usual *= rng.uniform(0.75, 1.35)
    return max(1, round(usual))


def _order(day: int, basket: list[tuple[Article, int]], company: Company, rng: random.Random, timeline: Timeline) -> Order:
    status = _status(day, rng, timeline)
    lines = [_line(article, quantity, status, company, day, rng, timeline) for article, quantity in basket]
    if any(article.kind == DEVICE and article.price > 1000 for article, _ in basket):
        lines.append(_line(goods.HEAVY_FREIGHT, 1, status, company, day, rng, timeline))
    elif sum(line.revenue for line in lines) < _FREE_DELIVERY_CENTS and any(article.kind != SERVICE for article, _ in basket):
        lines.append(_line(goods.FREIGHT, 1, status, company, day, rng, timeline))
    return Order(day, _number("AB", day, company, timeline), lines)


def _status(day: int, rng: random.Random, timeline: Timeline) -> str:
    """What was ordered in the last days is on its way, and now and then something older is waiting."""
    age = timeline.end - day
    return OPEN if (age <= 4 and rng.random() < 0.7) or (age <= 20 and rng.random() < 0.04) else DELIVERED


def _line(article: Article, quantity: int, status: str, company: Company, day: int, rng: random.Random, timeline: Timeline) -> Line:
    level = 1 - _PRICE_RISE * (1 - day / timeline.end)
    discount = 0 if article.not_offered else company.discount
    revenue = round(float(article.price) * 100 * level * (1 - discount)) * quantity
    margin = None if article.cost is None else revenue - round(float(article.cost) * 100 * level * quantity * rng.uniform(0.96, 1.04))
    is_cancelled = status == DELIVERED and rng.random() < _CANCELLED_SHARE
    return Line(article, quantity, revenue, margin, CANCELLED if is_cancelled else status)


def _returns(order: Order, company: Company, rng: random.Random, timeline: Timeline) -> list[Order]:
    """The credit for a line that came back a few days later."""
    for line in order.lines:
        if line.status == DELIVERED and line.article.kind not in {SERVICE, DEVICE} and rng.random() < _RETURNED_SHARE:
            day = timeline.working_day(order.day + rng.randint(4, 20))
            if day <= timeline.end:
                credit = Line(line.article, -line.quantity, -line.revenue, None if line.margin is None else -line.margin, CREDIT)
                return [Order(day, _number("GS", day, company, timeline), [credit])]
    return []


def _number(prefix: str, day: int, company: Company, timeline: Timeline) -> str:
    return f"{prefix}{timeline.dates[day]:%y%m%d}-{company.number}"
