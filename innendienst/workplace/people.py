"""Who can be asked for at a customer."""

import datetime as dt
from collections.abc import Iterable, Sequence

from django.db.models import DateField

from accounts.models import User
from customers.models import Activity, Contact, Customer, FollowUp
from innendienst.lib.prepared import Param, Prepared
from innendienst.workplace.reads import Person

_FOLLOWED_UP = Prepared(lambda: User.objects.followed_up_by(Person("user"), Param("today", DateField())))


def seen_by(user: User, customer_ids: Sequence[int]) -> set[int]:
    """Which of these customers the user may see; asks the database only where the installation limits it."""
    visible = Customer.objects.visible_to(user)
    return set(visible.filter(pk__in=customer_ids).values_list("pk", flat=True)) if not visible.is_everybody else set(customer_ids)


def absent_colleagues(user: User, assignee_ids: Iterable[int | None], today: dt.date) -> dict[int, str]:
    """Names of those whose follow-ups are the user's to do; asks only where somebody else is named."""
    if not set(assignee_ids) - {None, user.pk}:
        return {}
    found = _FOLLOWED_UP(user=user.pk, team=user.team_id, today=today)
    return {colleague.pk: colleague.full_name for colleague in found}


def absent_of(customer: Customer, follow_ups: Iterable[FollowUp], absent: dict[int, str]) -> str:
    """The absent colleague whose customer this is, or whose follow-up; "" where it is nobody's of those."""
    asked = (absent.get(pk) for pk in (customer.owner_id, *(follow_up.assignee_id for follow_up in follow_ups)) if pk)
    return next(filter(None, asked), "")


def attach(contacts: Iterable[Contact], rows: Iterable[FollowUp | Activity]) -> None:
    """Let rows of one customer have the contacts that are known already."""
    known = {contact.pk: contact for contact in contacts}
    for row in rows:
        row.contact = known.get(row.contact_id)


def whom_to_ask(contacts: list[Contact], follow_ups: Iterable[FollowUp], latest: Iterable[Activity], today: dt.date) -> Contact | None:
    """The person of the due follow-up, else of the last call, else the first one; never one who must not be called."""
    due = (follow_up.contact_id for follow_up in follow_ups if follow_up.due_on <= today)
    wanted = [*due, *(activity.contact_id for activity in latest), *(contact.pk for contact in contacts)]
    known = {contact.pk: contact for contact in contacts if not contact.is_blocked}
    return next((known[pk] for pk in wanted if pk in known), None)
