"""Follow-ups ("Wiedervorlagen"): made for a working day, settled by the call that was their purpose."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.permissions import demand
from customers.models import Activity, Contact, Customer, FollowUp
from innendienst.base import preferences
from innendienst.base.preferences import CompanyPreferences
from innendienst.lib.dates import add_working_days, instant, next_working_day

RETRY_AFTER = (1, 2, 5)
"""Working days until the next try after the first, second and third call that reached nobody; then it ends (domain 2.1)."""


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
) -> FollowUp:
    """Have the customer come back on a day, moved to the next working day where it is none.

    With an `origin` the follow-up exists once per kind and day: planned again, it is that one. Raises NonexistentTimeError
    for a clock time that the spring change skips.
    """
    demand(actor, "followup.edit")
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
    }
    if not origin:
        return FollowUp.objects.create(kind=kind, due_on=day, **values)
    known = FollowUp.objects.for_system("found again by its origin")
    return known.get_or_create(origin=origin, kind=kind, due_on=day, defaults=values)[0]


@transaction.atomic
def finish(*, actor: User, follow_up: FollowUp) -> None:
    """Tick a follow-up off without a call."""
    demand(actor, "followup.edit")
    FollowUp.objects.for_system("the caller found it by visible_to").filter(pk=follow_up.pk, done_at=None).update(done_at=timezone.now())


@transaction.atomic
def reopen(*, actor: User, follow_up: FollowUp) -> None:
    """Take back a tick."""
    demand(actor, "followup.edit")
    FollowUp.objects.for_system("the caller found it by visible_to").filter(pk=follow_up.pk, done_by=None).update(done_at=None)


@transaction.atomic
def snooze(*, actor: User, follow_up: FollowUp, due_on: dt.date) -> dt.date:
    """Put a follow-up off to a working day; its clock time goes along. Answers the day it now has."""
    demand(actor, "followup.edit")
    day = next_working_day(due_on, holiday_state(actor))
    due_at = instant(day, follow_up.due_time) if follow_up.due_time else None
    opened = FollowUp.objects.for_system("the caller found it by visible_to").filter(pk=follow_up.pk, done_at=None)
    opened.update(due_on=day, due_at=due_at)
    return day


def settle(*, actor: User, activity: Activity) -> None:
    """Close what was due for the actor with this customer: the call was its purpose."""
    today = timezone.localdate(activity.at)
    due = (
        FollowUp.objects.for_system("the actor's own, by for_person").filter(customer=activity.customer).due(today).for_person(actor, today)
    )
    due.update(done_at=activity.at, done_by=activity)
