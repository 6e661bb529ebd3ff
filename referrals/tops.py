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
from innendienst.lib.prepared import IdsParam, Param, Prepared
from nps.models import Response
from nps.querysets import owners_looked_after_by
from referrals.questions import (
    BEST_FIRST,
    CONNECTED_LEAST,
    Days,
    Kind,
    Question,
    asked,
    days_of,
    praise,
    recommending,
    regular,
    with_moment,
)
from referrals.suitability import PROMOTER_LEAST, RATING_MOST

FIRST_MOST = 126
"""As many as a page counts, and one page more."""
_ANSWERS_MOST = 2 * FIRST_MOST
_EVER_SO_MANY = 10_000_000
"""A limit that limits nothing: for what stands behind one the database makes a list of its own, instead of asking about each answer."""
_Part = Callable[..., Iterable[int]]

_ANY_DAY = Days(Param("earliest", DateField()), Param("orders_least", IntegerField()), Param("since", DateField()))
_EVERYBODY = "everybody sees all customers"


def first_for(question: str, user: User, today: dt.date) -> Sequence[int] | None:
    """The ids of the first FIRST_MOST of `customers_for`, where everybody sees all customers; None where he does not."""
    if Customer.objects.visible_to(user).query.where:
        return None
    days = days_of(question, today)
    values = {"earliest": days.earliest, "orders_least": days.orders_least, "since": days.since}
    parts: Sequence[_Part] = _PARTS[Question(question)]
    if question == Question.RECOMMEND and not allowed(user, "nps.names"):
        parts, values = (_own_said, _DISPOSED), {**values, "owners": owners_looked_after_by(user), "visitors": [user.pk]}
    found: dict[int, None] = {}
    for part in parts:
        if len(found) < FIRST_MOST:
            found |= dict.fromkeys(part(**values))
    return list(found)[:FIRST_MOST]


def _first(part: Callable[[QuerySet], QuerySet]) -> Prepared:
    return Prepared(lambda: part(asked(Customer.objects.for_system(_EVERYBODY))).values_list("pk", flat=True)[:FIRST_MOST])


def _said(customers: QuerySet) -> QuerySet:
    """Of several answers of one customer the last one counts."""
    named = Response.objects.for_system(_EVERYBODY).counted().filter(wave__shows_names=True, customer=OuterRef("pk"))
    day, pk = OuterRef("answer__answered_on"), OuterRef("answer__pk")
    later = praise(named, _ANY_DAY).filter(Q(answered_on__gt=day) | Q(answered_on=day, pk__gt=pk))
    told = customers.annotate(answer=FilteredRelation("nps_responses", condition=Q(nps_responses__invalid_reason="")))
    praising = Q(answer__rating__gte=PROMOTER_LEAST, answer__answered_on__gt=_ANY_DAY.since, answer__wave__shows_names=True)
    return told.filter(praising & ~Exists(later)).order_by("-answer__answered_on", "-answer__pk")


def _own_said(**values: object) -> Sequence[int]:
    """Of customers he looks after. Few of all answers are theirs, so those are found first, and not along the index of all answers."""
    told = sorted([*_OWNED_ANSWERS(**values), *_VISITED_ANSWERS(**values)], reverse=True)
    ids = list(dict.fromkeys(customer for _day, _pk, customer in told))
    standing = set(_STANDING(ids=ids)) if ids else set()
    found = [pk for pk in ids if pk in standing]
    return found if len(told) < _ANSWERS_MOST or len(found) >= FIRST_MOST else list(_OWN_SAID(**values))


def _answers_of(looked_after: Q) -> Prepared:
    def build() -> QuerySet:
        customers = Customer.objects.for_system(_EVERYBODY).filter(looked_after, is_inactive=False, merged_into=None).order_by()
        ids = customers.values("pk")[:_EVER_SO_MANY]
        named = Response.objects.for_system(_EVERYBODY).counted().filter(wave__shows_names=True, customer__in=ids)
        told = praise(named, _ANY_DAY).order_by("-answered_on", "-pk")
        return told.values_list("answered_on", "pk", "customer")[:_ANSWERS_MOST]

    return Prepared(build)


def _recommended(customers: QuerySet) -> QuerySet:
    """Of several people of one customer the one who was taken up last counts."""
    later = recommending().filter(customer=OuterRef("pk"), pk__gt=OuterRef("one__pk"))
    having = customers.annotate(one=FilteredRelation("recommenders", condition=Q(recommenders__pk__isnull=False)))
    return having.filter(Q(one__pk__isnull=False) & ~Exists(later)).order_by("-one__pk")


def _best_first(rated: QuerySet, by: str) -> QuerySet:
    return rated.order_by(F(f"reference__{by}").desc(), *BEST_FIRST)


_DISPOSED = _first(lambda customers: _best_first(customers.filter(reference__well_disposed=RATING_MOST), "well_disposed"))
_CONNECTED = _first(lambda customers: _best_first(customers.filter(reference__well_connected__gte=CONNECTED_LEAST), "well_connected"))
_OWNED, _VISITED = Q(owner__in=IdsParam("owners")), Q(field_owner__in=IdsParam("visitors"))
_OWNED_ANSWERS, _VISITED_ANSWERS = _answers_of(_OWNED), _answers_of(_VISITED)
_OWN_SAID = _first(lambda customers: _said(customers.filter(_OWNED | _VISITED)))
_STANDING = Prepared(
    lambda: asked(Customer.objects.for_system(_EVERYBODY).filter(pk__in=IdsParam("ids"))).order_by().values_list("pk", flat=True)
)
_PARTS = {
    Question.REGULAR: (_first(lambda customers: regular(customers, _ANY_DAY)),),
    Question.COMPLETED: (_first(lambda customers: with_moment(customers, Kind.DELIVERY, _ANY_DAY)),),
    Question.MADE_GOOD: (_first(lambda customers: with_moment(customers, Kind.COMPLAINT, _ANY_DAY)),),
    Question.RECOMMEND: (_first(_said), _DISPOSED),
    Question.NAME: (_first(_recommended), _CONNECTED),
}
