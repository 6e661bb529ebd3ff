"""The five questions of the chapter as lists of customers, each with its evidence: whom could we ask, and for what?

Nobody is listed whom nothing may be asked of at present because of a complaint or stopped deliveries; other gates stand on the row.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.models import DateField, Exists, F, FilteredRelation, IntegerField, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import allowed
from customers.models import Complaint, Customer
from innendienst.base import preferences
from innendienst.lib.dates import add_months
from innendienst.lib.prepared import IdsParam, Param, Prepared
from nps.models import Response
from nps.querysets import owners_looked_after_by
from referrals.models import Recommender, ReferenceCustomer, ReferenceMoment
from referrals.preferences import ReferralsPreferences
from referrals.suitability import PROMOTER_LEAST, RATING_MOST

Kind = ReferenceMoment.Kind


class Question(StrEnum):
    """In the order of the chapter."""

    REGULAR = "regular"
    COMPLETED = "completed"
    MADE_GOOD = "made_good"
    RECOMMEND = "recommend"
    NAME = "name"


LABELS = {
    Question.REGULAR: _("Which regular customers make fine references?"),
    Question.COMPLETED: _("Which sales or projects were just completed?"),
    Question.MADE_GOOD: _("Whom did we make happy after a complaint?"),
    Question.RECOMMEND: _("Who could recommend us?"),
    Question.NAME: _("Who could name others?"),
}
CONNECTED_LEAST = 2


FIRST_MOST = 226
"""So many customers of a list are found by a prepared query: as many as a page counts, and one page more."""


@dataclass(frozen=True)
class _Days:
    """What a question is asked with; an expression wherever the query is put together once for all days."""

    earliest: Any
    """The last day on which a regular customer of today may have begun."""
    orders_least: Any
    since: Any
    """The first day of what counts as evidence."""


def customers_for(question: str, user: User, today: dt.date) -> QuerySet:
    """The customers this person may see that answer a question; what has just happened first, else those with most revenue."""
    return who_answers(question, Customer.objects.visible_to(user), Response.objects.named_to(user).counted(), today)


def who_answers(question: str, customers: QuerySet, answers: QuerySet, today: dt.date) -> QuerySet:
    """Those of these customers that answer a question, in that order; `answers` are the surveys' that may be known."""
    return _who(question, customers, answers, _days(question, today))


def first_for(question: str, user: User, today: dt.date) -> Sequence[int] | None:
    """The ids of the first FIRST_MOST of `customers_for`, where everybody sees all customers; None where he does not."""
    if Customer.objects.visible_to(user).query.where:
        return None
    days = _days(question, today)
    values = {"earliest": days.earliest, "orders_least": days.orders_least, "since": days.since}
    if question == Question.RECOMMEND and not allowed(user, "nps.names"):
        return list(_OWN_CONTENT(**values, user=user.pk, owners=owners_looked_after_by(user)))
    return list(_FIRST[Question(question)](**values))


def _who(question: str, customers: QuerySet, answers: QuerySet, days: _Days) -> QuerySet:
    asked = customers.filter(merged_into=None, is_inactive=False, is_collective=False, delivery_block=False, facts__open_complaints_count=0)
    found = {
        Question.REGULAR: lambda: _regular(asked, days),
        Question.COMPLETED: lambda: _with_moment(asked, Kind.DELIVERY, days),
        Question.MADE_GOOD: lambda: _with_moment(asked, Kind.COMPLAINT, days),
        Question.RECOMMEND: lambda: _content(asked, answers, days),
        Question.NAME: lambda: _connected(asked),
    }[Question(question)]()
    return found if found.ordered else found.order_by(F("facts__revenue_12m").desc(), F("facts__customer").desc())


def _days(question: str, today: dt.date) -> _Days:
    chosen = preferences.get(ReferralsPreferences)
    since = today - dt.timedelta(days=60) if question == Question.COMPLETED else add_months(today, -12)
    return _Days(add_months(today, -12 * chosen.regular_years), chosen.regular_orders, since)


def _regular(customers: QuerySet, days: _Days) -> QuerySet:
    since = Q(customer_since__lte=days.earliest) | Q(customer_since=None, facts__first_order_on__lte=days.earliest)
    return customers.filter(since, facts__orders_12m_count__gte=days.orders_least)


def _with_moment(customers: QuerySet, kind: str, days: _Days) -> QuerySet:
    """Along the index of the moments; of several of one customer the last one counts."""
    moments = ReferenceMoment.objects.for_system("moments of visible customers").filter(customer=OuterRef("pk"), kind=kind)
    complaints = Complaint.objects.for_system("complaints of visible customers").filter(customer=OuterRef("pk"))
    happened = customers.annotate(moment=FilteredRelation("reference_moments", condition=Q(reference_moments__kind=kind)))
    is_last = ~Exists(moments.filter(occasion_on__gt=OuterRef("moment__occasion_on")))
    if kind == Kind.DELIVERY:
        is_last &= ~Exists(complaints.filter(raised_on__gte=OuterRef("moment__occasion_on")))
    last = happened.filter(Q(moment__occasion_on__gte=days.since) & is_last)
    return last.order_by("-moment__occasion_on", "-moment__pk")


def _content(customers: QuerySet, answers: QuerySet, days: _Days) -> QuerySet:
    """Those who said so, and those whom colleagues rate highest."""
    said = answers.filter(rating__gte=PROMOTER_LEAST, answered_on__gt=days.since, customer__isnull=False)
    rated = ReferenceCustomer.objects.for_system("ratings of visible customers").filter(well_disposed=RATING_MOST)
    return customers.filter(pk__in=said.values("customer").union(rated.values("customer")))


def _connected(customers: QuerySet) -> QuerySet:
    """Those whom colleagues rate as well connected, and those of whose people somebody has recommended us."""
    rated = ReferenceCustomer.objects.for_system("ratings of visible customers").filter(well_connected__gte=CONNECTED_LEAST)
    recommending = Recommender.objects.for_system("recommenders of visible customers")
    return customers.filter(pk__in=rated.values("customer").union(recommending.values("customer")))


_ANY_DAY = _Days(Param("earliest", DateField()), Param("orders_least", IntegerField()), Param("since", DateField()))
_EVERYBODY = "everybody sees all customers"


def _first(question: Question, answers: QuerySet) -> QuerySet:
    found = _who(question, Customer.objects.for_system(_EVERYBODY), answers.counted().filter(wave__shows_names=True), _ANY_DAY)
    return found.values_list("pk", flat=True)[:FIRST_MOST]


def _own_answers() -> QuerySet:
    own = Q(customer__owner__in=IdsParam("owners")) | Q(customer__field_owner=Param("user"))
    return Response.objects.for_system("of customers he looks after").filter(own)


_FIRST = {question: Prepared(lambda question=question: _first(question, Response.objects.for_system(_EVERYBODY))) for question in Question}
_OWN_CONTENT = Prepared(lambda: _first(Question.RECOMMEND, _own_answers()))
