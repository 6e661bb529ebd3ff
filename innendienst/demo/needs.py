"""What a customer owns and uses up, and therefore buys again and again or once."""

import random
from dataclasses import dataclass

from innendienst.demo import goods, pairs, seasons
from innendienst.demo.customers import Company, Course
from innendienst.demo.goods import Article
from innendienst.demo.timeline import Timeline, dice

# So many owners of a device buy what belongs to it from us; the others are the cross-sells to be found.
LOYALTY = 0.94
_DROPPED_SHARE = 0.04
_CONTRACT_SHARE = 0.8
_RENEWAL_SHARE = 0.85
_GAP_DAYS_MOST = 560  # what is bought more seldom than every two years counts as lacking
_DEVICE_YEARS_BEFORE = 900


@dataclass(frozen=True, slots=True)
class Habit:
    """An article bought every `gap_days` from `first_day` to `last_day`; `curve` are the months' speeds."""

    article: Article
    gap_days: float
    quantity: float
    first_day: int
    last_day: int
    curve: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Pace:
    cycle_days: float
    thrift: float


@dataclass(frozen=True, slots=True)
class Single:
    """Something bought once."""

    day: int
    article: Article
    quantity: int


@dataclass(frozen=True, slots=True)
class Needs:
    """`cycle_days` is how often the customer orders at all; the gaps of his habits are multiples of it."""

    cycle_days: float
    habits: tuple[Habit, ...]
    singles: tuple[Single, ...]


def needs_of(company: Company, seed: int, timeline: Timeline) -> Needs:
    rng = dice(seed, "needs", company.index)
    if company.course is Course.PROSPECT:
        return Needs(0, (), ())
    if company.course is Course.ONE_OFF:
        return Needs(0, (), tuple(_first_and_only(rng, company)))
    pace = _pace(rng, company)
    devices = _devices(rng, company, timeline)
    habits = [_habit(rng, company, pace, article, company.first_day, timeline) for article in _supplies(rng, company)]
    known = {habit.article for habit in habits}
    sources = [*((device.article, device.day) for device in devices), *((habit.article, habit.first_day) for habit in habits)]
    for source, day in sources:
        for article in pairs.ACCESSORIES.get(source, ()):
            if article not in known and rng.random() < LOYALTY:
                known.add(article)
                habits.append(_habit(rng, company, pace, article, max(company.first_day, day), timeline))
    services = [single for device in devices for single in _services(rng, device, company)]
    services += [single for habit in habits for single in _training(rng, habit, timeline)]
    return Needs(pace.cycle_days, tuple(habits), tuple(single for single in (*devices, *services) if single.day >= 0))


def _first_and_only(rng: random.Random, company: Company) -> list[Single]:
    sold = [article for article in company.industry.supplies[:4] if article.last_order_in is None]
    return [Single(company.first_day, article, max(1, round(article.pack * company.size**0.7))) for article in rng.sample(sold, 2)]


def _supplies(rng: random.Random, company: Company) -> list[Article]:
    """The articles used up: the more the larger, the usual ones of the industry rather than the last of its list."""
    wanted = 1 + round(1.1 * company.size**0.6 * rng.uniform(0.6, 1.4))
    supplies = list(company.industry.supplies)
    while len(supplies) > wanted:
        supplies.pop(max(rng.randrange(len(supplies)), rng.randrange(len(supplies))))
    return supplies


def _devices(rng: random.Random, company: Company, timeline: Timeline) -> list[Single]:
    chance = 0.2 + 0.12 * min(company.size, 3)
    count = min(sum(rng.random() < chance for _ in range(3)), len(company.industry.devices))
    return [_device(rng, company, article, timeline) for article in rng.sample(company.industry.devices, count)]


def _device(rng: random.Random, company: Company, article: Article, timeline: Timeline) -> Single:
    """The day a device came: before the timeline (below 0) for many, for a discontinued one before its end."""
    earliest = company.first_day if company.first_day else -_DEVICE_YEARS_BEFORE
    day = rng.randint(earliest, company.last_day)
    if article.last_order_in is not None and article.last_order_in < 0:
        day = min(day, timeline.end + article.last_order_in - rng.randint(0, 300))
    return Single(day, article, 2 if company.size > 3 and rng.random() < 0.4 else 1)


def _services(rng: random.Random, device: Single, company: Company) -> list[Single]:
    """The device's contract with its renewals, its introduction, and a repair now and then."""
    services = []
    contract = pairs.SERVICES.get(device.article)
    if contract and contract.term_months and rng.random() < _CONTRACT_SHARE:
        day = device.day + rng.randint(0, 12)
        while day <= company.last_day:
            services.append(Single(day, contract, device.quantity))
            day += round(contract.term_months * 30.44)
            if rng.random() > _RENEWAL_SHARE:
                break
    if device.article.needs_demo and rng.random() < 0.5:
        services.append(Single(device.day, goods.BY_SKU["4201"], 1))
    if rng.random() < 0.3:
        services.append(Single(device.day + rng.randint(200, 900), goods.REPAIR, rng.randint(1, 4)))
    return [service for service in services if service.day <= company.last_day]


def _training(rng: random.Random, habit: Habit, timeline: Timeline) -> list[Single]:
    """The service that goes with something other than a device, within the last twenty months."""
    service = pairs.SERVICES.get(habit.article)
    earliest = max(habit.first_day, timeline.end - 600)
    if service is None or habit.last_day < earliest or rng.random() > LOYALTY:
        return []
    return [Single(rng.randint(earliest, habit.last_day), service, 1)]


def _pace(rng: random.Random, company: Company) -> Pace:
    """Large customers order more often; some are thrifty and use everything up more slowly than others."""
    return Pace(max(20.0, rng.uniform(22, 48) * company.size**-0.1), rng.lognormvariate(0.35, 0.2))


def _habit(rng: random.Random, company: Company, pace: Pace, article: Article, first_day: int, timeline: Timeline) -> Habit:
    gap = min(_GAP_DAYS_MOST, article.gap * pace.thrift * rng.lognormvariate(0, 0.15))
    cycles = max(1, round(gap / pace.cycle_days))
    quantity = max(1.0, article.pack * company.size**0.7 * rng.lognormvariate(0, 0.25))
    if first_day and rng.random() < 0.4:
        first_day += rng.randint(5, 90)
    last_day = company.last_day
    if rng.random() < _DROPPED_SHARE:
        last_day = min(last_day, rng.randint(100, timeline.end))
    season = article.season or company.industry.season
    return Habit(article, cycles * pace.cycle_days, quantity, first_day, last_day, seasons.CURVES[season])
