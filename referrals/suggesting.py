"""Laying right moments before whoever looks after the customer: a few at a time, the best ones, each customer once in half a year."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby

from django.db import transaction
from django.db.models import Case, Exists, F, OuterRef, QuerySet, Value, When, Window
from django.db.models.functions import RowNumber

from accounts.models import User
from accounts.permissions import CAPABILITIES
from customers.follow_ups import holiday_state
from customers.models import FollowUp
from innendienst.base import preferences
from innendienst.lib.dates import add_months, next_working_day
from referrals import duties
from referrals.models import ReferenceCustomer, ReferenceMoment
from referrals.preferences import ReferralsPreferences
from referrals.standing import load_standings

AGAIN_AFTER_MONTHS = 6
_LOOKED_AT_MOST = 20
"""So many of a person's best moments are looked at in search of customers who may be asked."""
_ASKABLE = (ReferenceCustomer.State.CANDIDATE, ReferenceCustomer.State.QUALIFIED, ReferenceCustomer.State.EXPIRED)
_BEST_FIRST = (Case(When(value=None, then=Value(0)), default=Value(1)), F("value").desc(), F("pk").asc())
"""What people said comes before what was delivered, and that by its value."""
_WHY = "right moments of all customers"


@transaction.atomic
def suggest(today: dt.date) -> int:
    """Lay the best moments before the owners of their customers, on a working day; how many.

    Nobody is suggested who may not be asked, who is on the way, or who was suggested within half a year. What has passed unused
    leaves the lists.
    """
    _drop_passed(today)
    open_count = Counter(duties.open_moments().values_list("assignee", flat=True))
    room = preferences.get(ReferralsPreferences).moments_most
    made: list[tuple[ReferenceMoment, FollowUp]] = []
    for owner, moments in _by_owner(today):
        free = room - open_count[owner.pk]
        if free <= 0 or next_working_day(today, holiday_state(owner)) != today:
            continue
        standings = load_standings([moment.customer for moment in moments], today)
        for moment in [each for each in moments if not standings[each.customer_id].gates][:free]:
            moment.suggested_to, moment.suggested_on = owner, today
            made.append((moment, duties.suggestion(moment, owner, today)))
    FollowUp.objects.bulk_create([follow_up for _moment, follow_up in made], ignore_conflicts=True)
    _all().bulk_update([moment for moment, _due in made], ["suggested_to", "suggested_on"])
    return len(made)


def _by_owner(today: dt.date) -> Iterator[tuple[User, Iterable[ReferenceMoment]]]:
    """Each owner with the best moments of his customers, one per customer: two steps in the database, whatever their number."""
    lately = _all().filter(customer=OuterRef("customer"), suggested_on__gt=add_months(today, -AGAIN_AFTER_MONTHS))
    asked = ReferenceCustomer.objects.for_system(_WHY).filter(customer=OuterRef("customer")).exclude(state__in=_ASKABLE)
    waiting = _all().open(today).undisturbed().exclude(Exists(lately)).exclude(Exists(asked))
    workable = waiting.filter(customer__owner__is_active=True, customer__owner__role__in=CAPABILITIES["day.work"])
    best = _places(workable, "customer").filter(place=1).values("pk")
    chosen = _places(_all().filter(pk__in=best), "customer__owner").filter(place__lte=_LOOKED_AT_MOST)
    rows = chosen.select_related("customer__owner__team").order_by("customer__owner", "place")
    for owner, moments in groupby(rows, key=lambda moment: moment.customer.owner):
        yield owner, list(moments)


def _places(moments: QuerySet, by: str) -> QuerySet:
    return moments.annotate(place=Window(RowNumber(), partition_by=F(by), order_by=_BEST_FIRST))


def _drop_passed(today: dt.date) -> None:
    """Suggestions whose time is over leave the lists of those who did not take them up."""
    passed = _all().filter(valid_until__lt=today, valid_until__gte=add_months(today, -AGAIN_AFTER_MONTHS), suggested_on__isnull=False)
    duties.drop_moments(passed.values_list("pk", flat=True))


def _all() -> QuerySet:
    return ReferenceMoment.objects.for_system(_WHY)
