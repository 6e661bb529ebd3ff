"""What a customer owns and uses up, and therefore buys again and again or once."""

import random
from dataclasses import dataclass

from innendienst.demo import goods, pairs, seasons
from innendienst.demo.customers import Company, Course
from innendienst.demo.goods import Article
from innendienst.demo.timeline import Timeline, dice
from innendienst.lib.dates import DAYS_PER_MONTH

# So many owners of a device buy what belongs to it from us; the others are the cross-sells to be found. Few lack something
# dear, or nothing else would stand on the lists.
LOYALTY, LOYALTY_WHERE_DEAR = 0.94, 0.985
_DEAR_FROM = 150  # euros
_DROPPED_SHARE = 0.04
_CONTRACT_SHARE, _CONTRACT_SHARE_WHERE_DEAR = 0.8, 0.965
_DEAR_CONTRACT_FROM = 1_000
_RENEWAL_SHARE = 0.85
_PACKS = 1.5
_GAP_DAYS_MOST = 560  # what is bought more seldom than every two years counts as lacking
_DEVICE_DAYS_BEFORE = 900
_ARRANGED_DAYS_AGO = 430


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
        return Needs(0, (), _first_and_only(rng, company))
    return _Household(rng, company, timeline).needs()


def _first_and_only(rng: random.Random, company: Company) -> tuple[Single, ...]:
    sold = [article for article in company.industry.supplies[:4] if article.last_order_in is None]
    return tuple(Single(company.first_day, article, max(1, round(article.pack * company.size**0.7))) for article in rng.sample(sold, 2))


def _contract_share(contract: Article) -> float:
    return _CONTRACT_SHARE_WHERE_DEAR if contract.price > _DEAR_CONTRACT_FROM else _CONTRACT_SHARE


class _Household:
    """A customer who buys regularly. Large ones order more often; thrifty ones use everything up more slowly than others."""

    def __init__(self, rng: random.Random, company: Company, timeline: Timeline) -> None:
        self.rng, self.company, self.timeline = rng, company, timeline
        self.cycle_days = max(20.0, rng.uniform(22, 48) * company.size**-0.1)
        self.thrift = rng.lognormvariate(0.35, 0.2)

    def needs(self) -> Needs:
        devices = self._devices()
        habits = [self._habit(article, self.company.first_day) for article in self._supplies()]
        habits += self._belongings(devices, habits)
        services = [single for device in devices for single in self._services(device)]
        services += [single for habit in habits for single in self._training(habit)]
        return Needs(self.cycle_days, tuple(habits), tuple(single for single in (*devices, *services) if single.day >= 0))

    def _supplies(self) -> list[Article]:
        """The articles used up: the more the larger, the usual ones of the industry rather than the last of its list."""
        wanted = 1 + round(1.1 * self.company.size**0.6 * self.rng.uniform(0.6, 1.4))
        supplies = list(self.company.industry.supplies)
        while len(supplies) > wanted:
            supplies.pop(max(self.rng.randrange(len(supplies)), self.rng.randrange(len(supplies))))
        return supplies

    def _devices(self) -> list[Single]:
        chance = 0.2 + 0.12 * min(self.company.size, 3)
        count = min(sum(self.rng.random() < chance for _ in range(3)), len(self.company.industry.devices))
        devices = [self._device(article) for article in self.rng.sample(self.company.industry.devices, count)]
        if arranged := self.company.arranged:
            devices = [device for device in devices if device.article is not arranged.device]
            devices.append(Single(self.timeline.end - _ARRANGED_DAYS_AGO, arranged.device, 1))
        return devices

    def _device(self, article: Article) -> Single:
        """The day a device came: before the timeline (below 0) for many, for a discontinued one before its end."""
        day = self.rng.randint(self.company.first_day or -_DEVICE_DAYS_BEFORE, self.company.last_day)
        if article.last_order_in is not None and article.last_order_in < 0:
            day = min(day, self.timeline.end + article.last_order_in - self.rng.randint(0, 300))
        return Single(day, article, 2 if self.company.size > 3 and self.rng.random() < 0.4 else 1)

    def _belongings(self, devices: list[Single], habits: list[Habit]) -> list[Habit]:
        """What goes with the devices and the articles used up, most of it bought from us."""
        known = {habit.article for habit in habits} | ({self.company.arranged.lacks} if self.company.arranged else set())
        sources = [*((device.article, device.day) for device in devices), *((habit.article, habit.first_day) for habit in habits)]
        belongings = []
        for source, day in sources:
            for article in pairs.ACCESSORIES.get(source, ()):
                if article not in known and self.rng.random() < (LOYALTY_WHERE_DEAR if article.price > _DEAR_FROM else LOYALTY):
                    known.add(article)
                    belongings.append(self._habit(article, max(self.company.first_day, day)))
        return belongings

    def _habit(self, article: Article, first_day: int) -> Habit:
        rng, company = self.rng, self.company
        gap = min(_GAP_DAYS_MOST, article.gap * self.thrift * rng.lognormvariate(0, 0.15))
        cycles = max(1, round(gap / self.cycle_days))
        packs = article.pack * (_PACKS if article.kind == goods.CONSUMABLE else 1)
        quantity = max(1.0, packs * company.size**0.75 * rng.lognormvariate(0, 0.25))
        if first_day and rng.random() < 0.4:
            first_day += rng.randint(5, 90)
        last_day = company.last_day
        if rng.random() < _DROPPED_SHARE:
            last_day = min(last_day, rng.randint(100, self.timeline.end))
        curve = seasons.CURVES[article.season or company.industry.season]
        return Habit(article, cycles * self.cycle_days, quantity, first_day, last_day, curve)

    def _services(self, device: Single) -> list[Single]:
        """The device's contract with its renewals, its introduction, and a repair now and then."""
        services, rng = [], self.rng
        contract = pairs.SERVICES.get(device.article)
        if contract and contract.term_months and rng.random() < _contract_share(contract):
            day = device.day + rng.randint(0, 12)
            services.append(Single(day, contract, device.quantity))
            while rng.random() < _RENEWAL_SHARE:
                day += round(contract.term_months * DAYS_PER_MONTH)
                services.append(Single(day, contract, device.quantity))
        if device.article.needs_demo and rng.random() < 0.5:
            services.append(Single(device.day, goods.INTRODUCTION, 1))
        if rng.random() < 0.3:
            services.append(Single(device.day + rng.randint(200, 900), goods.REPAIR, rng.randint(1, 4)))
        return [service for service in services if service.day <= self.company.last_day]

    def _training(self, habit: Habit) -> list[Single]:
        """The service that goes with something other than a device, within the last twenty months."""
        service = pairs.SERVICES.get(habit.article)
        earliest = max(habit.first_day, self.timeline.end - 600)
        if service is None or habit.last_day < earliest or self.rng.random() > LOYALTY:
            return []
        return [Single(self.rng.randint(earliest, habit.last_day), service, 1)]
