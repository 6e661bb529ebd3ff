"""Follow-ups ("Wiedervorlagen"): made for a working day, settled by the call that was their purpose."""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from accounts.permissions import allowed, demand
from customers.locks import hold
from customers.models import Activity, ComplaintTransition, Contact, Customer, FollowUp
from customers.models.activities import Outcome
from customers.querysets import FollowUpQuerySet
from customers.touched import touch
from innendienst.base import preferences
from innendienst.base.preferences import CompanyPreferences
from innendienst.lib.dates import add_working_days, instant, next_working_day
from innendienst.lib.prepared import Param, Prepared

NOTE_LENGTH_MOST = 500
RETRY_AFTER = (1, 2, 5)
"""Working days until the next try after the first, second and third call that reached nobody; then it ends (domain 2.1)."""

_WITH_ORIGIN = (*FollowUp.ABOUT_ANSWERS, FollowUp.Kind.REFERRAL_CONTACT, FollowUp.Kind.REFERENCE_MOMENT)
_STAYING = (FollowUp.Kind.COMPLAINT, *_WITH_ORIGIN)
"""What a try that reached nobody leaves as it is: still to be talked about."""
_OPEN = Prepared(
    lambda: FollowUp.objects.for_system("whoever is called").open().filter(customer=Param("customer")).order_by().values_list("pk")[:1]
)


def propose_retry(tries: int, today: dt.date, state: str = "") -> dt.date | None:
    """The day of the next try after `tries` calls that reached nobody; None when enough was tried."""
    if not 1 <= tries <= len(RETRY_AFTER):
        return None
    return add_working_days(today, RETRY_AFTER[tries - 1], state)


def holiday_state(user: User) -> str:
    """Whose public holidays count for a person: his team's state, else the company's."""
    return (user.team.state if user.team else "") or preferences.get(CompanyPreferences).state


@transaction.atomic
def plan_follow_up(
    *,
    actor: User,
    customer: Customer,
    due_on: dt.date,
    due_time: dt.time | None = None,
    kind: str = FollowUp.Kind.OWN,
    note: str = "",
    contact: Contact | None = None,
    activity: Activity | None = None,
    origin: str = "",
    assignee: User | None = None,
    solution: ComplaintTransition | None = None,
) -> FollowUp:
    """Have the customer come back on a day, moved to the next working day where it is none.

    With an `origin` it is made once per kind and day. Raises NonexistentTimeError for a clock time that the spring change skips.
    """
    demand(actor, "followup.edit")
    hold(customer.pk)
    person = assignee or actor
    day = next_working_day(due_on, holiday_state(person))
    values = {
        "customer": customer,
        "contact": contact,
        "assignee": person,
        "due_time": due_time,
        "due_at": instant(day, due_time) if due_time else None,
        "note": note,
        "made_by": activity,
        "solution": solution,
    }
    if activity is None:  # a call that makes one has marked the customer already
        touch([customer.pk])
    return make_once(origin=origin, kind=kind, due_on=day, **values)


def make_once(*, origin: str, kind: str, due_on: dt.date, **values) -> FollowUp:
    """The one follow-up of this origin, kind and day: one that is open stays as it is, one that was done is to be done anew.

    Without an origin each is one of its own. One that the call closed which now plans it is not made by it: undone, it is due again.
    """
    if not origin:
        return FollowUp.objects.create(kind=kind, due_on=due_on, **values)
    of_it = {"origin": origin, "kind": kind, "due_on": due_on}
    made, _is_new = FollowUp.objects.for_system("found again by its origin").get_or_create(**of_it, defaults=values)
    if made.done_at is None:
        return made
    anew = FollowUp(pk=made.pk, **of_it, **values)
    if made.done_by_id and made.done_by_id == anew.made_by_id:
        anew.made_by_id = made.made_by_id
    anew.save(force_update=True)
    return anew


def plan_next_try(*, actor: User, activity: Activity, due_on: dt.date, due_time: dt.time | None = None, note: str = "") -> FollowUp:
    """The follow-up after a call that reached nobody. Nothing was said yet, so it carries on what was to be said.

    The notes of the follow-ups that the call closed stay in front: they hold what was agreed, and their first line is what
    the list shows. What this try brought comes after them. Their person stays, and whose it was keeps it: a deputy has it only
    while he stands in. What was a promised call-back stays one, or the question after a settled complaint where nothing else was
    due; what tells by its origin what it is about stays beside it.
    """
    before = list(_closed_by(activity).exclude(kind__in=FollowUp.DONE_ON_A_PAGE).select_related("contact", "solution", "assignee__team"))
    lines = (line.strip() for text in (*(closed.note for closed in before), note) for line in text.splitlines())
    kind = _kind_of_next_try({closed.kind for closed in before})
    planned = plan_follow_up(
        actor=actor,
        assignee=next((closed.assignee for closed in before if closed.assignee and closed.assignee.is_active), None),
        customer=activity.customer,
        due_on=due_on,
        due_time=due_time,
        kind=kind,
        note="\n".join(dict.fromkeys(filter(None, lines))),
        contact=next((closed.contact for closed in before if closed.contact), activity.contact),
        activity=activity,
        solution=before[0].solution if kind == FollowUp.Kind.COMPLAINT else None,
        origin=before[0].origin if kind in _WITH_ORIGIN else "",
    )
    others = (closed for closed in before if closed.kind in _WITH_ORIGIN and closed.origin != planned.origin)
    _make_again(others, activity, planned.due_on)
    return planned


def _kind_of_next_try(before: set[str]) -> str:
    if FollowUp.Kind.CALLBACK in before:
        return FollowUp.Kind.CALLBACK
    return next((kind for kind in _STAYING if before == {kind}), FollowUp.Kind.RETRY)


@transaction.atomic
def finish(*, actor: User, follow_up: FollowUp) -> None:
    """Tick a follow-up off without a call."""
    demand(actor, "followup.edit")
    _change(follow_up, _row(follow_up).filter(done_at=None), done_at=timezone.now())


@transaction.atomic
def reopen(*, actor: User, follow_up: FollowUp) -> None:
    """Take back a tick."""
    demand(actor, "followup.edit")
    _change(follow_up, _row(follow_up).filter(done_by=None), done_at=None)


@transaction.atomic
def snooze(*, actor: User, follow_up: FollowUp, due_on: dt.date) -> dt.date:
    """Put a follow-up off to a working day; its clock time goes along. Answers the day it now has.

    Where a follow-up of the same origin and kind stands already, it is the next working day without one: two of them are
    two matters or two tries, and none of them is lost.
    """
    demand(actor, "followup.edit")
    hold(follow_up.customer_id)
    state = holiday_state(actor)
    day = next_working_day(due_on, state)
    while _is_taken(follow_up, day):
        day = add_working_days(day, 1, state)
    _change(follow_up, _row(follow_up).filter(done_at=None), **_due(follow_up, day))
    return day


@transaction.atomic
def take_back(*, actor: User, follow_up: FollowUp) -> bool:
    """Undo making one by hand: it goes without a trace. False where it is not the actor's own, or done by now."""
    demand(actor, "followup.edit")
    hold(follow_up.customer_id)
    by_hand = _row(follow_up).open().filter(kind=FollowUp.Kind.OWN, origin="", made_by=None, assignee=actor)
    is_gone = bool(by_hand.delete()[0])
    if is_gone:
        touch([follow_up.customer_id])
    return is_gone


@transaction.atomic
def take_back_many(*, actor: User, origin: str) -> int:
    """Undo one act that made follow-ups for many: those of this beginning of an origin that are the actor's and open still; how many."""
    demand(actor, "followup.edit")
    of_act = FollowUp.objects.for_system("one's own, made by one act").open().filter(assignee=actor, origin__startswith=origin)
    customers = sorted(of_act.values_list("customer", flat=True).distinct()) if origin.count(":") > 1 else []
    for customer_id in customers:
        hold(customer_id)
    deleted = of_act.filter(customer__in=customers).delete()[0] if customers else 0
    touch(customers)
    return deleted


class AssigneeRefused(ValueError):
    """This person cannot be given follow-ups: deactivated, or of a role that does not call."""


@transaction.atomic
def change(
    *,
    actor: User,
    follow_up: FollowUp,
    due_on: dt.date,
    due_time: dt.time | None,
    note: str,
    assignee: User | None,
) -> dt.date:
    """Give a follow-up another day, clock time, note or person; without a person it goes into the pool of its team.

    Answers the day it now has: the next working day of whoever does it. Raises AssigneeRefused, and NonexistentTimeError for a
    clock time that the spring change skips.
    """
    demand(actor, "followup.edit")
    hold(follow_up.customer_id)
    team_id = None if assignee else _pool_of(actor, follow_up)
    if (assignee and not allowed(assignee, "followup.edit")) or not (assignee or team_id):
        raise AssigneeRefused
    state = holiday_state(assignee or actor)
    day = next_working_day(due_on, state)
    while _is_taken(follow_up, day):
        day = add_working_days(day, 1, state)
    values = {"due_on": day, "due_time": due_time, "due_at": instant(day, due_time) if due_time else None, "reminded_at": None}
    _change(follow_up, _row(follow_up).filter(done_at=None), **values, note=note, assignee=assignee, team_id=team_id)
    return day


def _pool_of(actor: User, follow_up: FollowUp) -> int | None:
    """The team whose pool it is, or would be: that of whoever had it, else the actor's."""
    return follow_up.team_id or (follow_up.assignee.team_id if follow_up.assignee else None) or actor.team_id


@transaction.atomic
def put_back(*, actor: User, follow_up: FollowUp, due_on: dt.date) -> bool:
    """Undo putting off: exactly the old day, be it past or no working day. False where that place is taken by now."""
    demand(actor, "followup.edit")
    hold(follow_up.customer_id)
    if _is_taken(follow_up, due_on):
        return False
    _change(follow_up, _row(follow_up).filter(done_at=None), **_due(follow_up, due_on))
    return True


def settle(*, actor: User, activity: Activity) -> None:
    """Close what was due for the actor with this customer: the call was its purpose.

    A call that turned into a complaint was not: what was due is still to be said and comes back on the next working day. So does after
    any call what is done on a page: no thanks and no notice is forgotten over it. What field sales is asked for is answered by its
    answer, not by a call. A talk about a customer's answer is had whenever he is reached, though
    its day is still to come: whoever calls on a Saturday does not do so again on Monday.
    """
    if not list(_OPEN(customer=activity.customer_id)):
        return
    today = timezone.localdate(activity.at)
    own = FollowUp.objects.for_system("the actor's own, by for_person").filter(customer=activity.customer).open().for_person(actor, today)
    is_due = Q(due_on__lte=today)
    if activity.is_reached:
        is_due |= Q(kind__in=FollowUp.ABOUT_ANSWERS)
    if not own.filter(is_due).exclude(kind=FollowUp.Kind.HANDOVER).update(done_at=activity.at, done_by=activity):
        return
    closed = _closed_by(activity)
    unsettled = closed if activity.outcome == Outcome.COMPLAINT else closed.filter(kind__in=FollowUp.DONE_ON_A_PAGE)
    _make_again(unsettled, activity, add_working_days(today, 1, holiday_state(actor)))


def go_along(activity: Activity, corrected: Activity) -> None:
    """Tie what a call made and closed to the row that corrects it.

    With another customer, what it closed is to be done still, and what it made again of that goes. Only what is about nothing else
    moves: an origin, a settled complaint and a hand-over stay with whom they are of.
    """
    why = "follow-ups of a call that is being corrected"
    made = FollowUp.objects.for_system(why).filter(made_by=activity)
    closed = FollowUp.objects.for_system(why).filter(done_by=activity)
    if activity.customer_id == corrected.customer_id:
        made.update(made_by=corrected)
        closed.update(done_by=corrected)
        return
    own = made.filter(customer=activity.customer_id, origin="", solution=None, handover=None)
    own.update(made_by=corrected, customer=corrected.customer_id, contact=corrected.contact_id)
    made.open().delete()
    closed.update(done_at=None, done_by=None)


def _make_again(closed: Iterable[FollowUp], activity: Activity, due_on: dt.date) -> None:
    """The same follow-ups for another day; the times agreed for these are past."""
    names = ("customer_id", "contact_id", "assignee_id", "team_id", "kind", "origin", "note", "solution_id", "handover_id")
    for one in closed:
        make_once(due_on=due_on, made_by=activity, **{name: getattr(one, name) for name in names})


def _closed_by(activity: Activity) -> FollowUpQuerySet:
    return FollowUp.objects.for_system("closed by a call that was just recorded").filter(done_by=activity)


def _row(follow_up: FollowUp) -> FollowUpQuerySet:
    return FollowUp.objects.for_system("the caller found it by visible_to").filter(pk=follow_up.pk)


def _change(follow_up: FollowUp, row: FollowUpQuerySet, **values) -> None:
    """Write one follow-up; from which day its customer may be called depends on it."""
    hold(follow_up.customer_id)
    if row.update(**values):
        touch([follow_up.customer_id])


def _due(follow_up: FollowUp, day: dt.date) -> dict:
    return {"due_on": day, "due_at": instant(day, follow_up.due_time) if follow_up.due_time else None, "reminded_at": None}


def _is_taken(follow_up: FollowUp, day: dt.date) -> bool:
    """Whether another one of the same origin and kind has that day; one's own have no origin and share any day."""
    if not follow_up.origin:
        return False
    twins = FollowUp.objects.for_system("unique by origin").filter(origin=follow_up.origin, kind=follow_up.kind, due_on=day)
    return twins.exclude(pk=follow_up.pk).exists()
