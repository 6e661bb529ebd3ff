"""What an empty list says: why nothing is there and what could be done instead."""

import datetime as dt
from dataclasses import dataclass

from accounts.models import User
from customers.follow_ups import holiday_state
from customers.models import Contact, Customer, FollowUp
from customers.sql import last_order_on
from innendienst.lib.dates import next_working_day
from innendienst.workplace.day.load import MyDay


@dataclass(frozen=True)
class WhatElse:
    """`is_done`: there was a list and it is worked off, or put aside for today. `has_orders`: reasons can exist at all."""

    is_done: bool
    has_orders: bool
    tomorrows_count: int
    phoneless_count: int


def what_else(user: User, day: MyDay) -> WhatElse:
    """Read only when the list is empty."""
    return WhatElse(
        is_done=bool(day.order),
        has_orders=last_order_on() is not None,
        tomorrows_count=tomorrows_follow_ups(user, day.today).values("customer").distinct().count(),
        phoneless_count=_phoneless(user).count(),
    )


def tomorrows_follow_ups(user: User, today: dt.date):
    """What comes back to the person on the next working day."""
    following = next_working_day(today + dt.timedelta(days=1), holiday_state(user))
    return FollowUp.objects.visible_to(user).open().for_person(user, today).filter(due_on__gt=today, due_on__lte=following)


def _phoneless(user: User):
    """One's own active customers whom nobody can ring up."""
    reachable = Contact.objects.visible_to(user).exclude(phone_e164="").values("customer")
    own = Customer.objects.visible_to(user).filter(owner=user, is_inactive=False, merged_into=None, phone_e164="")
    return own.exclude(pk__in=reachable)
