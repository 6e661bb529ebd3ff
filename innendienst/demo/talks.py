"""What was talked about with a customer in the last nine months, and what is open today.

A matter is a chain of calls: who was not reached is tried again, who asked for it is called back, who showed interest gets
a follow-up. Where the next call would lie after yesterday, or was forgotten in the last days, its follow-up stands open.
"""

import datetime as dt
import random
from decimal import Decimal

from customers.models import Activity, Complaint, ContactBlock, FollowUp
from customers.models.activities import Outcome
from customers.models.permissions import Channel
from innendienst.demo import notes, scenes
from innendienst.demo.customers import Company, Course
from innendienst.demo.desk import LOOKBACK_DAYS, Call, Desk, Refusal, Talks, ToldNeed, Trouble
from innendienst.demo.purchases import Order
from innendienst.demo.timeline import Timeline
from innendienst.lib.dates import add_working_days, next_working_day

_CURRENT_SHARE = 0.07
_BLOCKED_SHARE = 0.015
_OWN_REMINDER_SHARE = 0.03
_OWN_REMINDER_DAYS = (-1, 0, 1, 2, 3, 4, 6, 9, 12, 14)
_FORGOTTEN_SHARE = 0.12
_NEED_SHARE = 0.06
_CONTRACT_SHARE = 0.6
_CONTRACT_DAYS = (15, 40, 55, 90, 150, 240, 400)
_OUTCOMES = (Outcome.REACHED, Outcome.NO_NEED, Outcome.NOT_REACHED, Outcome.INTERESTED, Outcome.CALLBACK, Outcome.COMPLAINT)
_USUAL = (34, 12, 25, 15, 12, 2)
_UNSETTLED = (0, 0, 30, 35, 33, 2)
_SETTLING = (3, 1, 0, 0, 0, 0)
# Working days until the next call; interest rests longer than the pause between two selling contacts.
_NEXT_CALL = {Outcome.NOT_REACHED: (1, 2), Outcome.CALLBACK: (1, 5), Outcome.INTERESTED: (11, 15)}
_KINDS = {Outcome.NOT_REACHED: FollowUp.Kind.RETRY, Outcome.CALLBACK: FollowUp.Kind.CALLBACK, Outcome.INTERESTED: FollowUp.Kind.OWN}


def talks_of(company: Company, orders: list[Order], seed: int, timeline: Timeline) -> Talks:
    desk = Desk(company, orders, seed, timeline)
    if company.course is Course.PROSPECT:
        _inquiry(desk)
    elif company.index in scenes.SCENES:
        _sale(desk)
        scenes.SCENES[company.index](desk)
    elif desk.rng.random() < _BLOCKED_SHARE:
        _refusal(desk)
    else:
        _history(desk)
        _tell_needs(desk)
    return desk.talks


def _history(desk: Desk) -> None:
    rng = desk.rng
    for _ in range(min(4, int(rng.expovariate(1 / (0.8 + 0.25 * min(desk.company.size, 4)))))):
        if desk.sales and rng.random() < 0.3:
            _sale(desk)
        else:
            _matter(desk, rng.randint(17, LOOKBACK_DAYS), _USUAL)
    if rng.random() < _CURRENT_SHARE:
        _matter(desk, rng.randint(1, 16), _UNSETTLED)
    if rng.random() < _OWN_REMINDER_SHARE:
        desk.add_reminder(FollowUp.Kind.OWN, desk.working_day(rng.choice(_OWN_REMINDER_DAYS)), rng.choice(notes.OWN_REMINDERS))


def _sale(desk: Desk) -> None:
    """A call that brought one of the recent orders."""
    if desk.sales:
        order = desk.rng.choice(desk.sales)
        line = order.lines[0]
        known = {"article": line.article.name, "quantity": str(line.quantity), "unit": line.article.unit}
        desk.add_call(desk.timeline.dates[order.day], Outcome.ORDER, known=known, is_incoming=desk.rng.random() < 0.3)


def _matter(desk: Desk, days_ago: int, weights: tuple[int, ...]) -> None:
    """Calls from that day on until something is settled, or until a follow-up stands open."""
    on = next_working_day(desk.timeline.last_on - dt.timedelta(days=days_ago), desk.state)
    reminder, tries = None, 0
    while on < desk.timeline.today and not (reminder is not None and _is_forgotten(desk, on)):
        outcome = desk.rng.choices(_OUTCOMES, weights if tries == 0 else _USUAL if tries < 3 else _SETTLING)[0]
        call = desk.add_call(on, outcome, **_circumstances(desk.rng, outcome))
        if reminder is not None:
            desk.close_reminder(reminder, call)
        if outcome == Outcome.COMPLAINT:
            desk.talks.troubles.append(_trouble(desk, on, call))
        if outcome not in _NEXT_CALL:
            return
        on = add_working_days(on, desk.rng.randint(*_NEXT_CALL[outcome]), desk.state)
        reason, due_time = _reason(desk.talks.calls[call]), _due_time(desk.rng, outcome)
        reminder = desk.add_reminder(_KINDS[outcome], on, reason, made_by=call, due_time=due_time)
        tries += 1


def _tell_needs(desk: Desk) -> None:
    """In the last talk somebody told what he buys elsewhere, too, and maybe until when he is bound."""
    spoken = [place for place, call in enumerate(desk.talks.calls) if call.outcome != Outcome.NOT_REACHED]
    if not spoken or desk.rng.random() >= _NEED_SHARE:
        return
    for group in desk.rng.sample(notes.NEEDED_GROUPS, desk.rng.choice((1, 1, 2))):
        is_bound = desk.rng.random() < _CONTRACT_SHARE
        until = desk.timeline.today + dt.timedelta(days=desk.rng.choice(_CONTRACT_DAYS)) if is_bound else None
        yearly_need = Decimal(100 * desk.rng.randint(6, 40)) * max(1, round(desk.company.size))
        desk.talks.needs.append(ToldNeed(group, desk.rng.choice(notes.SUPPLIERS), yearly_need, until, spoken[-1]))


def _is_forgotten(desk: Desk, on: dt.date) -> bool:
    return on >= desk.working_day(-4) and desk.rng.random() < _FORGOTTEN_SHARE


def _circumstances(rng: random.Random, outcome: str) -> dict:
    if outcome == Outcome.NOT_REACHED:
        return {"detail": rng.choice(("", "", Activity.Detail.NOBODY_THERE, Activity.Detail.AWAY))}
    return {"is_incoming": rng.random() < (0.8 if outcome == Outcome.COMPLAINT else 0.06)}


def _due_time(rng: random.Random, outcome: str) -> dt.time | None:
    """Four call-backs in ten are promised for a clock time."""
    if outcome != Outcome.CALLBACK or rng.random() > 0.4:
        return None
    return dt.time(rng.randint(9, 15), rng.choice((0, 15, 30, 45)))


def _reason(call: Call) -> str:
    """What the follow-up says: the call's own note, where there is one."""
    return call.note or notes.REMINDER_OF[call.outcome]


def _trouble(desk: Desk, raised_on: dt.date, call: int) -> Trouble:
    """A complaint as far as it has come since: three weeks settle most."""
    is_goods = desk.rng.random() < 0.5
    title = desk.rng.choice(notes.GOODS_COMPLAINTS if is_goods else notes.SERVICE_COMPLAINTS).format(article=desk.article)
    steps, on = [], raised_on
    for state in scenes.COMPLAINT_PATH:
        if on >= desk.timeline.today:
            break
        steps.append((state, on))
        on = add_working_days(on, desk.rng.randint(1, 6), desk.state)
    return Trouble(title, Complaint.Kind.GOODS if is_goods else Complaint.Kind.SERVICE, tuple(steps), call)


def _inquiry(desk: Desk) -> None:
    """A prospect asked for something; every other one still waits for our answer."""
    call = desk.add_call(desk.working_day(-desk.rng.randint(2, 15)), Outcome.INTERESTED, is_incoming=True)
    if desk.rng.random() < 0.5:
        due_on = desk.working_day(desk.rng.randint(1, 6))
        desk.add_reminder(FollowUp.Kind.OWN, due_on, "Anfrage: Bedarf klären und Angebot machen", made_by=call)


def _refusal(desk: Desk) -> None:
    """He said no to one call, and nobody has called since."""
    rng = desk.rng
    is_objection = rng.random() < 0.5
    kind = ContactBlock.Kind.OBJECTION if is_objection else ContactBlock.Kind.BLOCK
    channel = "" if is_objection else rng.choice((Channel.PHONE, Channel.PHONE, Channel.EMAIL))
    on = desk.timeline.dates[desk.timeline.working_day(rng.randint(desk.timeline.end - 600, desk.timeline.end - 10))]
    desk.add_call(on, Outcome.NO_NEED)
    desk.talks.refusals.append(Refusal(kind, channel, rng.choice(notes.BLOCK_REASONS), on, is_personal=rng.random() < 0.3))
