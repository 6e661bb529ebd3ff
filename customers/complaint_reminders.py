"""Complaints nobody reacted to, or has gone on with for days, fall due for somebody (domain guide 2.5)."""

import datetime as dt

from django.db import transaction
from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone

from accounts.models import Role, User
from accounts.permissions import allowed
from customers.follow_ups import holiday_state, make_once
from customers.models import Complaint, ComplaintTransition, FollowUp
from innendienst.lib.dates import add_working_days, instant, next_working_day

REACTED_BY = dt.time(15)
"""On the working day after it was raised somebody has reacted by then."""
SILENT_DAYS = 5
"""Working days without an entry after which somebody is reminded."""
_WHY = "reminders of complaints"
_State = Complaint.State


@transaction.atomic
def remind(today: dt.date) -> int:
    """Make the follow-ups that fall due today; how many. A second run makes none."""
    last_step = ComplaintTransition.objects.filter(complaint=OuterRef("pk")).order_by("-pk").values("at")[:1]
    waiting = Complaint.objects.for_system(_WHY).unresolved().annotate(moved_at=Subquery(last_step)).order_by("pk")
    return sum(_remind_if_due(complaint, today) for complaint in waiting.select_related("customer__owner__team", "raised_by__team"))


def remind_of(complaint: Complaint, today: dt.date, person: User | None = None) -> None:
    """Today by three o'clock; for whoever looks after the customer unless a person is named."""
    person = person or person_of(complaint, complaint.raised_by)
    day = next_working_day(today, holiday_state(person))
    make_once(
        origin=origin_of(complaint),
        kind=FollowUp.Kind.COMPLAINT_OPEN,
        due_on=day,
        customer_id=complaint.customer_id,
        contact_id=complaint.contact_id,
        assignee=person,
        note=complaint.title,
        due_time=REACTED_BY,
        due_at=instant(day, REACTED_BY),
    )


def person_of(complaint: Complaint, otherwise: User) -> User:
    """Whoever looks after the customer and draws a list."""
    owner = complaint.customer.owner
    return owner if owner and allowed(owner, "day.work") else otherwise


def manager_of(complaint: Complaint) -> User | None:
    """Who leads the team of the customer's owner, else the management of all teams; None where there is none."""
    team_id = complaint.customer.owner.team_id if complaint.customer.owner else None
    managers = list(User.objects.active().filter(Q(team=team_id) | Q(team=None), role=Role.MANAGER).order_by("pk"))
    return next((manager for manager in managers if manager.team_id == team_id), next(iter(managers), None))


def origin_of(complaint: Complaint) -> str:
    return f"complaint:{complaint.pk}"


def _remind_if_due(complaint: Complaint, today: dt.date) -> bool:
    moved_on = timezone.localdate(complaint.moved_at) if complaint.moved_at else complaint.raised_on
    days = 1 if complaint.state in {_State.RAISED, _State.REOPENED} else SILENT_DAYS
    state = holiday_state(person_of(complaint, complaint.raised_by))
    if add_working_days(moved_on, days, state) > today:
        return False
    reminded = FollowUp.objects.for_system(_WHY).filter(origin=origin_of(complaint))
    lately = add_working_days(today, -SILENT_DAYS, state)
    if reminded.filter(Q(done_at=None) | Q(due_on__gt=lately)).exists():
        return False
    remind_of(complaint, today)
    return True
