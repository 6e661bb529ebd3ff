"""A person's list of one day: drawn once, worked from top to bottom.

First come customers with follow-ups due for him, for colleagues he stands in for and for his team's pool, then the best of
the call list among his own, his absentees' and the unassigned customers. An unassigned customer is drawn by one person a
day: the database says who was first. A customer for whom somebody has planned a follow-up is left to that plan.
"""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Exists, Min, OuterRef, Q, QuerySet

from accounts.models import User
from accounts.permissions import demand
from campaigns.models import CallListRow, DayListRow
from customers.models import Customer, FollowUp

Source = DayListRow.Source
State = DayListRow.State

_POOL_ROUNDS_MOST = 5


@transaction.atomic
def draw(user: User, day: dt.date) -> None:
    """Draw the list unless it is drawn; of two processes drawing at once the second finds it drawn."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if _mine(user, day).exists():
        return
    _append(user, day, [(customer, Source.FOLLOW_UP) for customer in _due_customers(user, day)])
    for _round in range(_POOL_ROUNDS_MOST):
        missing_count = user.daily_list_length - _mine(user, day).count()
        best = list(_best_callable(user, day)[: max(missing_count, 0)])
        if not best:
            return
        # Somebody else may have been faster with unassigned ones: what is missing then is drawn in the next round.
        _append(user, day, [(customer, Source.OWN if owner else Source.POOL) for customer, owner in best])


@transaction.atomic
def catch_up(user: User, day: dt.date) -> None:
    """Put on top what fell due since the list was drawn; a call-back agreed for later today opens its row again."""
    states = dict(_mine(user, day).values_list("customer", "state"))
    due = _due_customers(user, day)
    for customer in reversed([customer for customer in due if customer not in states]):
        _put_on_top(user, day, customer, Source.FOLLOW_UP)
    again = [customer for customer in due if states.get(customer) == State.DONE]
    if again:
        _mine(user, day).filter(customer__in=again).update(state=State.OPEN)


@transaction.atomic
def add(user: User, day: dt.date, customer: Customer) -> None:
    """Put a customer on top of one's own list; one that is there already is opened again."""
    demand(user, "day.work")
    draw(user, day)
    if not _mine(user, day).filter(customer=customer).update(state=State.OPEN):
        _put_on_top(user, day, customer.pk, Source.ADDED)


def close(user: User, day: dt.date, customer: Customer) -> None:
    """The customer was spoken to: done here, and no longer proposed to colleagues today."""
    _mine(user, day).filter(customer=customer).update(state=State.DONE, is_new=False)
    proposed = DayListRow.objects.for_system("nobody calls whom a colleague has just called").filter(
        day=day, customer=customer, state=State.OPEN, source__in=[Source.OWN, Source.POOL]
    )
    proposed.exclude(user=user).update(state=State.NOT_TODAY)


def reopen(user: User, day: dt.date, customer: Customer) -> None:
    """The work was undone."""
    _mine(user, day).filter(customer=customer).update(state=State.OPEN)


def not_today(user: User, day: dt.date, customer: Customer) -> None:
    """Leave the customer out for today; tomorrow's list may name him again."""
    demand(user, "day.work")
    _mine(user, day).filter(customer=customer).update(state=State.NOT_TODAY)


def _mine(user: User, day: dt.date) -> QuerySet[DayListRow]:
    return DayListRow.objects.for_system("one's own list").filter(user=user, day=day)


def _due_customers(user: User, day: dt.date) -> list[int]:
    """Customers with follow-ups due, each once: agreed clock times of today first, then the oldest."""
    due = FollowUp.objects.visible_to(user).due(day).for_person(user, day)
    timed = Q(due_on=day, due_time__isnull=False)
    by_time = due.filter(timed).order_by("due_time", "pk").values_list("customer", flat=True)
    by_day = due.exclude(timed).order_by("due_on", "pk").values_list("customer", flat=True)
    return list(dict.fromkeys([*by_time, *by_day]))


def _best_callable(user: User, day: dt.date) -> QuerySet:
    """(customer id, owner id) of the best rows that the user may call, that nobody drew today and nobody has planned."""
    owners = [user.pk, *User.objects.deputised_by(user, day).values_list("pk", flat=True)]
    of_him = Q(customer=OuterRef("customer"))
    drawn_today = DayListRow.objects.for_system("the pool is shared").filter(of_him, Q(user=user) | Q(source=Source.POOL), day=day)
    planned = FollowUp.objects.for_system("whoever planned it calls").open().filter(of_him)
    rows = CallListRow.objects.visible_to(user).callable_on(day).filter(Q(owner__in=owners) | Q(owner=None))
    return rows.exclude(Exists(drawn_today)).exclude(Exists(planned)).best_first().values_list("customer", "owner")


def _append(user: User, day: dt.date, customers: Sequence[tuple[int, str]]) -> None:
    """Put customers with their sources at the end; one that another person drew from the pool meanwhile stays out."""
    start = _mine(user, day).count()
    rows = [
        DayListRow(user=user, day=day, customer_id=customer, position=start + index, source=source)
        for index, (customer, source) in enumerate(customers)
    ]
    DayListRow.objects.bulk_create(rows, ignore_conflicts=True)


def _put_on_top(user: User, day: dt.date, customer_id: int, source: str) -> None:
    first = _mine(user, day).aggregate(first=Min("position"))["first"] or 0
    DayListRow.objects.bulk_create(
        [DayListRow(user=user, day=day, customer_id=customer_id, position=first - 1, source=source, is_new=True)], ignore_conflicts=True
    )
