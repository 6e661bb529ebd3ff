"""A person's list of one day: drawn once, worked from top to bottom.

First come customers with follow-ups due for him, for colleagues he stands in for and for his team's pool, then the best of
the call list among his own, his absentees' and the unassigned customers. An unassigned customer is drawn by one person a
day: the database says who was first; one whom somebody took by hand is left to him, and whoever is absent draws none. A
customer for whom somebody has planned a follow-up is left to that plan.
"""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.db.models import CharField, DateField, Exists, F, Min, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.models import User
from accounts.permissions import demand
from campaigns.models import CallListRow, DayListRow
from campaigns.preferences import CampaignsPreferences
from campaigns.quotas import Shares, choose
from customers.models import Activity, Customer, FollowUp
from innendienst.base import preferences
from innendienst.lib.prepared import Param, Prepared

Source = DayListRow.Source
State = DayListRow.State

_POOL_ROUNDS_MOST = 5
_BY_HAND = {"closed_at": None, "state_before": ""}
"""What somebody says of his row is no call's to take back."""


@transaction.atomic
def draw(user: User, day: dt.date) -> None:
    """Draw the list unless it is drawn; of two processes drawing at once the second finds it drawn."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if _mine(user, day).exists():
        return
    _append(user, day, [(customer, Source.FOLLOW_UP) for customer in _due_customers(user, day)])
    owners = _owners(user, day)
    for _round in range(_POOL_ROUNDS_MOST):
        missing_count = user.daily_list_length - _mine(user, day).count()
        best = _best_callable(user, day, owners, missing_count) if missing_count > 0 else []
        if not best:
            return
        # Somebody else may have been faster with unassigned ones, and of one number there is one: the next round draws what is missing.
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
        _mine(user, day).filter(customer__in=again).update(state=State.OPEN, is_new=False)


@transaction.atomic
def add(user: User, day: dt.date, customer: Customer) -> None:
    """Put a customer on top of one's own list; one that is there already is opened again."""
    demand(user, "day.work")
    draw(user, day)
    if not _mine(user, day).filter(customer=customer).update(state=State.OPEN, is_new=False, **_BY_HAND):
        _put_on_top(user, day, customer.pk, Source.ADDED)


@transaction.atomic
def close(call: Activity) -> None:
    """The customer was spoken to: done on the caller's list, and no longer proposed that day, to whom and as whom he might be."""
    rows = _held_rows(call)
    own = [row.pk for row in rows if (row.user_id, row.customer_id) == (call.by_id, call.customer_id)]
    proposed = [row.pk for row in rows if row.pk not in own and row.state == State.OPEN and row.source in {Source.OWN, Source.POOL}]
    open_own = [row.pk for row in rows if row.pk in own and row.state != State.DONE]
    for state, ids in ((State.DONE, open_own), (State.NOT_TODAY, proposed)):
        if ids:
            _lists().filter(pk__in=ids).update(state=state, closed_at=call.at, state_before=F("state"))


@transaction.atomic
def take_back(call: Activity) -> None:
    """The call was undone: what it closed is again what it was, unless a later call closes it all the same."""
    reached = _reached(call.customer_id, call.customer.phone_e164)
    later = Activity.objects.for_system("whoever called").standing().filter(customer__in=reached, at__gte=OuterRef("closed_at"))
    closed = _lists().filter(pk__in=[row.pk for row in _held_rows(call)]).exclude(closed_at=None).exclude(Exists(later))
    closed.update(state=F("state_before"), **_BY_HAND)


def reopen(user: User, day: dt.date, customer: Customer) -> None:
    """The act that took the customer off the list was undone; who was spoken to since stays done."""
    _mine(user, day).filter(customer=customer, state=State.NOT_TODAY).update(state=State.OPEN, **_BY_HAND)


def not_today(user: User, day: dt.date, customer: Customer) -> None:
    """Leave the customer out for today; tomorrow's list may name him again."""
    demand(user, "day.work")
    _mine(user, day).filter(customer=customer).update(state=State.NOT_TODAY, **_BY_HAND)


def _lists() -> QuerySet[DayListRow]:
    return DayListRow.objects.for_system("nobody calls whom a colleague has just called")


def _reached(customer_id: int | Param, number: str | Param) -> QuerySet:
    """Ids of the customer and of all whom the same switchboard reaches: one number is one row (domain guide U-7)."""
    shares_number = Q(phone_e164=number) & ~Q(phone_e164="")
    return Customer.objects.for_system("one number").filter(Q(pk=customer_id) | shares_number).values("pk")


_HELD = Prepared(
    lambda: (
        _lists()
        .filter(day=Param("day", DateField()), customer__in=_reached(Param("customer"), Param("number", CharField())))
        .order_by("pk")
        .select_for_update(no_key=True, of=("self",))
    )
)


def _held_rows(call: Activity) -> list[DayListRow]:
    """Of everybody's lists of that day, locked: two calls to one number would else wait for each other's rows."""
    return list(_HELD(day=timezone.localdate(call.at), customer=call.customer_id, number=call.customer.phone_e164))


def _mine(user: User, day: dt.date) -> QuerySet[DayListRow]:
    return DayListRow.objects.for_system("one's own list").filter(user=user, day=day)


def _due_customers(user: User, day: dt.date) -> list[int]:
    """Customers with follow-ups due, each once: agreed clock times first, those missed on top, then the oldest."""
    due = FollowUp.objects.visible_to(user).due(day).for_person(user, day)
    by_time = due.exclude(due_time=None).order_by("due_on", "due_time", "pk").values_list("customer", flat=True)
    by_day = due.filter(due_time=None).order_by("due_on", "pk").values_list("customer", flat=True)
    return list(dict.fromkeys([*by_time, *by_day]))


def _owners(user: User, day: dt.date) -> list[int | None]:
    """Whose customers the user's list names; None stands for the unassigned ones."""
    owners: list[int | None] = [user.pk, *User.objects.deputised_by(user, day).values_list("pk", flat=True).distinct()]
    is_absent = User.objects.absent(day).filter(pk=user.pk).exists()
    return owners if is_absent else [*owners, None]


def _best_callable(user: User, day: dt.date, owners: Sequence[int | None], most: int) -> list[tuple[int, int | None]]:
    """(customer id, owner id) of the best that the user may call and that nobody has planned or taken today, by the quotas of kinds.

    Asked owner by owner and kind by kind: so the index hands out the best ones of each, and the rows behind them are never read.
    """
    taken = _taken_numbers(user, day)
    columns = ("rank_value", "customer", "owner", "lead", "customer__phone_e164")
    parts = [(owner, lead) for owner in owners for lead in CallListRow.Lead.values]
    callable_ones = [_best_of(owner, lead, user, day).exclude(customer__phone_e164__in=taken) for owner, lead in parts]
    found = [row for rows in callable_ones for row in rows.values_list(*columns)[:most]]
    found.sort(key=lambda row: (-row[0], row[1]))
    found = _one_per_number(found)
    chosen = preferences.get(CampaignsPreferences)
    shares = Shares(chosen.reorder_share, chosen.cross_sell_share)
    rows = [(lead, (customer, owner)) for _rank_value, customer, owner, lead, _number in found]
    return choose(rows, most, user.daily_list_length, shares)


def _taken_numbers(user: User, day: dt.date) -> set[str]:
    """Numbers that stand on somebody's list of the day already, as far as another customer has them too (domain guide U-7).

    What a colleague left out for the day is free; what one left out oneself is not. Two lists drawn in the same moment may both
    name it: the first call takes it off the other.
    """
    rows = DayListRow.objects.for_system("one number, one row, whoever calls it").filter(Q(user=user) | ~Q(state=State.NOT_TODAY), day=day)
    others = Customer.objects.for_system("one number").filter(phone_e164=OuterRef("customer__phone_e164"), merged_into=None)
    shared = rows.exclude(customer__phone_e164="").filter(Exists(others.exclude(pk=OuterRef("customer"))))
    return set(shared.order_by().values_list("customer__phone_e164", flat=True))


def _one_per_number(best_first: Sequence[tuple]) -> list[tuple]:
    """Without those whose number, the last column, a better row has: nobody is called twice under two customer numbers."""
    kept, had = [], set()
    for row in best_first:
        if row[-1] not in had:
            kept.append(row)
            had |= {row[-1]} - {""}
    return kept


def _best_of(owner: int | None, lead: str, user: User, day: dt.date) -> QuerySet[CallListRow]:
    of_him = Q(customer=OuterRef("customer"))
    is_taken = Q(user=user) | Q(source=Source.POOL)
    if owner is None:
        is_taken |= Q(state__in=[State.OPEN, State.DONE])
    taken = DayListRow.objects.for_system("the pool is shared").filter(of_him, is_taken, day=day)
    planned = FollowUp.objects.for_system("whoever planned it calls").open().filter(of_him)
    # Seen in every setting by whoever draws them; asking for it would have all customers looked through for the best fifteen.
    rows = CallListRow.objects.for_system("his own, his absentees' and the pool").callable_on(day)
    return rows.best_of(owner, lead).exclude(Exists(taken)).exclude(Exists(planned))


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
