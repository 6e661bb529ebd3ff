"""The tops of the five lists, for who sees all customers: each is found along an index, however many customers there are.

A list has parts that follow one upon the other, and the next part is read only where the list is not long enough yet. The order is
that of `customers_for`, which counts and skips among all of them.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence

from django.db.models import DateField, Exists, F, FilteredRelation, IntegerField, OuterRef, Q, QuerySet

from accounts.models import User
from accounts.permissions import allowed
from customers.models import Customer
from innendienst.lib.prepared import Param, Prepared
from nps.querysets import owners_looked_after_by
from referrals.five_questions import Question
from referrals.questions import (
    BEST_FIRST,
    BEST_RECOMMENDERS_FIRST,
    Days,
    Kind,
    asked,
    days_of,
    praising,
    recommending,
    regular,
    with_moment,
)
from referrals.suitability import CONNECTED_LEAST, RATING_MOST

FIRST_MOST = 126
"""As many as a page counts, and one page more."""
_Part = Callable[..., Iterable[int]]

_ANY_DAY = Days(Param("earliest", DateField()), Param("orders_least", IntegerField()), Param("since", DateField()))
_EVERYBODY = "everybody sees all customers"


def first_for(question: str, user: User, today: dt.date) -> Sequence[int] | None:
    """The ids of the first FIRST_MOST of `customers_for`, where everybody sees all customers; None where he does not."""
    if not Customer.objects.visible_to(user).is_everybody:
        return None
    days = days_of(question, today)
    values = {"earliest": days.earliest, "orders_least": days.orders_least, "since": days.since}
    parts: Sequence[_Part] = _PARTS[Question(question)]
    if question == Question.RECOMMEND and not allowed(user, "nps.names"):
        parts, values = (_own_said, _DISPOSED), {**values, "owners": owners_looked_after_by(user), "visitor": user.pk}
    found: dict[int, None] = {}
    for part in parts:
        if len(found) < FIRST_MOST:
            found |= dict.fromkeys(part(**values))
    return list(found)[:FIRST_MOST]


def _first(part: Callable[[QuerySet], QuerySet]) -> Prepared:
    return Prepared(lambda: part(asked(Customer.objects.for_system(_EVERYBODY))).values_list("pk", flat=True)[:FIRST_MOST])


def _said_by(looked_after: Q) -> Prepared:
    def build() -> QuerySet:
        said = praising(asked(Customer.objects.for_system(_EVERYBODY)), _ANY_DAY).filter(looked_after)
        return said.values_list("praised_on", "pk")[:FIRST_MOST]

    return Prepared(build)


def _own_said(*, owners: Iterable[int], **values: object) -> Iterable[int]:
    """Of customers he looks after: his own, those of whomever he stands in for, those he visits.

    Each is a walk along an index that holds them in this order. Asked for all at once the database walks along everybody's answers.
    """
    told = {*_VISITED(**values)}
    for owner in owners:
        told.update(_OWNED(owner=owner, **values))
    return [pk for _day, pk in sorted(told, reverse=True)]


def _recommended(customers: QuerySet) -> QuerySet:
    """Of several people of one customer the one who was taken up last counts."""
    later = recommending().filter(customer=OuterRef("pk"), pk__gt=OuterRef("one__pk"))
    having = customers.annotate(one=FilteredRelation("recommenders", condition=Q(recommenders__pk__isnull=False)))
    return having.filter(Q(one__pk__isnull=False) & ~Exists(later)).order_by("-one__pk")


def _disposed(customers: QuerySet) -> QuerySet:
    """In words that the index knows: it begins with the rating."""
    return customers.filter(reference__well_disposed=RATING_MOST).order_by(F("reference__well_disposed").desc(), *BEST_FIRST)


def _connected(customers: QuerySet) -> QuerySet:
    return customers.filter(reference__well_connected__gte=CONNECTED_LEAST).order_by(*BEST_RECOMMENDERS_FIRST)


_DISPOSED, _CONNECTED = _first(_disposed), _first(_connected)
_OWNED, _VISITED = _said_by(Q(owner=Param("owner"))), _said_by(Q(field_owner=Param("visitor")))
_PARTS = {
    Question.REGULAR: (_first(lambda customers: regular(customers, _ANY_DAY)),),
    Question.COMPLETED: (_first(lambda customers: with_moment(customers, Kind.DELIVERY, _ANY_DAY)),),
    Question.MADE_GOOD: (_first(lambda customers: with_moment(customers, Kind.COMPLAINT, _ANY_DAY)),),
    Question.RECOMMEND: (_first(lambda customers: praising(customers, _ANY_DAY)), _DISPOSED),
    Question.NAME: (_first(_recommended), _CONNECTED),
}
