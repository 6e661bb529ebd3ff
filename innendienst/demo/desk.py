"""One customer's talks in the making: calls, follow-ups, complaints, blocks, as plain data."""

import datetime as dt
from dataclasses import dataclass, field, replace
from decimal import Decimal

from innendienst.demo import notes
from innendienst.demo.customers import Company
from innendienst.demo.goods import ACCESSORY, CONSUMABLE
from innendienst.demo.purchases import Order
from innendienst.demo.staff import REPS, TEAMS
from innendienst.demo.timeline import Timeline, dice
from innendienst.lib.dates import add_working_days, next_working_day

LOOKBACK_DAYS = 270


@dataclass(frozen=True, slots=True)
class Call:
    """One call; `person` is the place among the company's people."""

    on: dt.date
    time: dt.time
    by: str
    outcome: str
    note: str = ""
    detail: str = ""
    person: int = 0
    is_incoming: bool = False


@dataclass(frozen=True, slots=True)
class Reminder:
    """A follow-up; `made_by` and `done_by` are places among the calls. Without an assignee it is the team's."""

    kind: str
    due_on: dt.date
    note: str
    assignee: str | None
    due_time: dt.time | None = None
    made_by: int | None = None
    done_by: int | None = None


@dataclass(frozen=True, slots=True)
class Trouble:
    """A complaint with the days of its states, the last one standing."""

    title: str
    kind: str
    steps: tuple[tuple[str, dt.date], ...]
    call: int


@dataclass(frozen=True, slots=True)
class Refusal:
    kind: str
    channel: str
    reason: str
    on: dt.date
    is_personal: bool


@dataclass(frozen=True, slots=True)
class ToldNeed:
    """What was told in a call (its place) about one product group; a contract binds him until a day, or nobody knows of one."""

    group: str
    supplier: str
    yearly_need: Decimal
    contract_until: dt.date | None
    call: int


@dataclass(slots=True)
class Talks:
    calls: list[Call] = field(default_factory=list)
    reminders: list[Reminder] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    needs: list[ToldNeed] = field(default_factory=list)


class Desk:
    """The customer's papers on the desk of his rep; without a rep, of somebody in the team."""

    def __init__(self, company: Company, orders: list[Order], seed: int, timeline: Timeline) -> None:
        self.company = company
        self.timeline = timeline
        self.state = TEAMS[company.team]
        self.rng = dice(seed, "talks", company.index)
        self.rep = company.owner or self.rng.choice(REPS[company.team])
        recent = [order for order in orders if order.day > timeline.end - LOOKBACK_DAYS]
        self.sales = [order for order in recent if order.lines[0].quantity > 0 and order.lines[0].article.kind in {ACCESSORY, CONSUMABLE}]
        self.article = self.rng.choice(self.sales).lines[0].article.name if self.sales else "Reiniger R10"
        self.talks = Talks()

    def add_call(self, on: dt.date, outcome: str, **more) -> int:
        time = dt.time(self.rng.randint(8, 16), self.rng.randint(0, 59))
        person = self.rng.randrange(len(self.company.people)) if self.rng.random() < 0.2 else 0
        known = {"article": self.article, "who": self.company.people[person].last_name, "quantity": "", "unit": "", **more.pop("known", {})}
        note = self.rng.choice(notes.NOTES[outcome]).format(**known)
        self.talks.calls.append(Call(on, time, self.rep, outcome, note, person=person, **more))
        return len(self.talks.calls) - 1

    def add_reminder(self, kind: str, due_on: dt.date, note: str, *, made_by: int | None = None, due_time: dt.time | None = None) -> int:
        self.talks.reminders.append(Reminder(kind, due_on, note, self.company.owner, due_time, made_by))
        return len(self.talks.reminders) - 1

    def close_reminder(self, place: int, call: int) -> None:
        self.talks.reminders[place] = replace(self.talks.reminders[place], done_by=call)

    def working_day(self, count: int) -> dt.date:
        """The Arbeitstag `count` Arbeitstage after today; 0 is today or, at the weekend, the next one."""
        return add_working_days(next_working_day(self.timeline.today, self.state), count, self.state)
