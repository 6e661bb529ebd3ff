"""A person's list of one day: drawn once, worked from top to bottom.

First come customers with follow-ups due for him, for colleagues he stands in for and for his team's pool, then the best of
the call list among his own, his absentees' and the unassigned customers. An unassigned customer is drawn by one person a
day: the database says who was first.
"""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Min, Q

from accounts.models import User
from accounts.permissions import demand
from campaigns.models import CallListRow, DayListRow
from customers.models import Customer, FollowUp

Source = DayListRow.Source
State = DayListRow.State

_POOL_ROUNDS_MOST = 5


@transaction.atomic
def draw(user: User, day: dt.date) -> None:
    """Draw the list unless it is drawn; two processes drawing at once draw one list."""
    if DayListRow.objects.visible_to(user).of(user, day).exists():
        return
    due = list(_due_customers(user, day))
    _append(user, day, due, Source.FOLLOW_UP)
    for _round in range(_POOL_ROUNDS_MOST):
        missing = user.daily_list_length - DayListRow.objects.visible_to(user).of(user, day).count()
        best = list(_best_callable(user, day)[: max(missing, 0)])
        if not best:
            return
        # Of the unassigned ones somebody else may have been faster: what is missing then is drawn in the next round.
        _append(user, day, [customer for customer, owner in best if owner], Source.OWN)
        _append(user, day, [customer for customer, owner in best if not owner], Source.POOL)
        _order_by_rank(user, day, [customer for customer, _owner in best])


@transaction.atomic
def catch_up(user: User, day: dt.date) -> None:
    """Put on top what fell due since the list was drawn; a call-back agreed for later today opens its row again."""
    rows = {row.customer_id: row for row in DayListRow.objects.visible_to(user).of(user, day)}
    due = list(_due_customers(user, day))
    fresh = [customer for customer in due if customer not in rows]
    for customer in reversed(fresh):
        _put_on_top(user, day, customer, Source.FOLLOW_UP)
    settled = [customer for customer in due if customer in rows and rows[customer].state == State.DONE]
    if settled:
        _mine(user, day).filter(customer__in=settled).update(state=State.OPEN)


def add(user: User, day: dt.date, customer: Customer) -> None:
    """Put a customer on top of one's own list; one that is there already is opened again."""
    demand(user, "day.work")
    if not _mine(user, day).filter(customer=customer).update(state=State.OPEN):
        _put_on_top(user, day, customer.pk, Source.ADDED)


def close(user: User, day: dt.date, customer: Customer) -> None:
    """The customer was worked; a customer who is not on the list stays off it."""
    _mine(user, day).filter(customer=customer).update(state=State.DONE, is_new=False)


def reopen(user: User, day: dt.date, customer: Customer) -> None:
    """The work was undone."""
    _mine(user, day).filter(customer=customer).update(state=State.OPEN)


def not_today(user: User, day: dt.date, customer: Customer) -> None:
    """Leave the customer out for today; tomorrow's list may name him again."""
    demand(user, "day.work")
    _mine(user, day).filter(customer=customer).update(state=State.NOT_TODAY)


def _mine(user: User, day: dt.date):
    return DayListRow.objects.for_system("one's own list").filter(user=user, day=day)


def _due_customers(user: User, day: dt.date) -> Iterable[int]:
    """Customer ids with follow-ups due: agreed clock times of today first, then the oldest."""
    due = FollowUp.objects.visible_to(user).due(day).for_person(user, day)
    timed = due.filter(due_on=day, due_time__isnull=False).order_by("due_time", "pk").values_list("customer", flat=True)
    dated = due.exclude(due_on=day, due_time__isnull=False).order_by("due_on", "pk").values_list("customer", flat=True)
    return dict.fromkeys([*timed, *dated])


def _best_callable(user: User, day: dt.date):
    """(customer id, owner id) of the best rows that the user may call and nobody drew today."""
    owners = [user.pk, *User.objects.deputised_by(user, day).values_list("pk", flat=True)]
    drawn_by_me = _mine(user, day).values("customer")
    drawn_from_pool = DayListRow.objects.for_system("the pool is shared").filter(day=day, source=Source.POOL).values("customer")
    rows = CallListRow.objects.visible_to(user).callable_on(day).filter(Q(owner__in=owners) | Q(owner=None))
    return rows.exclude(customer__in=drawn_by_me).exclude(customer__in=drawn_from_pool).best_first().values_list("customer", "owner")


def _append(user: User, day: dt.date, customer_ids: list[int], source: str) -> None:
    start = _mine(user, day).count()
    rows = [
        DayListRow(user=user, day=day, customer_id=customer, position=start + index, source=source)
        for index, customer in enumerate(customer_ids)
    ]
    DayListRow.objects.bulk_create(rows, ignore_conflicts=True)


def _order_by_rank(user: User, day: dt.date, customer_ids: list[int]) -> None:
    """Let own and pool customers of one round stand in the order of their rank."""
    drawn = {row.customer_id: row for row in _mine(user, day).filter(customer__in=customer_ids)}
    places = sorted(row.position for row in drawn.values())
    ranked = [drawn[customer] for customer in customer_ids if customer in drawn]
    for place, row in zip(places, ranked, strict=True):
        row.position = place
    _mine(user, day).bulk_update(ranked, ["position"])


def _put_on_top(user: User, day: dt.date, customer_id: int, source: str) -> None:
    first = _mine(user, day).aggregate(first=Min("position"))["first"]
    DayListRow.objects.bulk_create(
        [DayListRow(user=user, day=day, customer_id=customer_id, position=(first or 0) - 1, source=source, is_new=True)],
        ignore_conflicts=True,
    )
