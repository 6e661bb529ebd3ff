"""The five questions of the chapter as lists of customers, each with its evidence: whom could we ask, and for what?

Nobody is listed whom nothing may be asked of at present because of a complaint or stopped deliveries; other gates stand on the row.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Exists, F, FilteredRelation, OuterRef, Q, QuerySet, Subquery, When

from accounts.models import User
from customers.models import Complaint, Customer
from innendienst.base import preferences
from innendienst.lib.dates import add_months
from nps.querysets import known_of
from referrals.five_questions import Question
from referrals.models import Recommender, ReferenceCustomer, ReferenceMoment
from referrals.preferences import ReferralsPreferences
from referrals.querysets import Points
from referrals.suitability import CONNECTED_LEAST, RATING_MOST

Kind = ReferenceMoment.Kind


BEST_FIRST = (Points("reference__suitability").desc(), F("reference__customer").desc())
BEST_RECOMMENDERS_FIRST = (Points("reference__referral_potential").desc(), F("reference__customer").desc())


@dataclass(frozen=True)
class Days:
    """What a question is asked with; an expression wherever the query is put together once for all days."""

    earliest: Any
    """The last day on which a regular customer of today may have begun."""
    orders_least: Any
    since: Any
    """The first day of what counts as evidence."""


def customers_for(question: str, user: User, today: dt.date) -> QuerySet:
    """The customers this person may see that answer a question.

    First what was said or done, the latest on top; then whom colleagues rated, the best first. Regular customers stand in order of
    their revenue.
    """
    return who_answers(question, Customer.objects.visible_to(user), known_of(user), today)


def who_answers(question: str, customers: QuerySet, known: Q, today: dt.date) -> QuerySet:
    """Those of these customers that answer a question, in that order; `known` are those whose answers in surveys may be known."""
    found, days = asked(customers), days_of(question, today)
    return {
        Question.REGULAR: lambda: regular(found, days),
        Question.COMPLETED: lambda: with_moment(found, Kind.DELIVERY, days),
        Question.MADE_GOOD: lambda: with_moment(found, Kind.COMPLAINT, days),
        Question.RECOMMEND: lambda: _content(found, known, days),
        Question.NAME: lambda: _connected(found),
    }[Question(question)]()


def asked(customers: QuerySet) -> QuerySet:
    """Those who are in a list at all."""
    return customers.filter(merged_into=None, is_inactive=False, is_collective=False, delivery_block=False, facts__open_complaints_count=0)


def days_of(question: str, today: dt.date) -> Days:
    chosen = preferences.get(ReferralsPreferences)
    since = today - dt.timedelta(days=60) if question == Question.COMPLETED else add_months(today, -12)
    return Days(add_months(today, -12 * chosen.regular_years), chosen.regular_orders, since)


def regular(customers: QuerySet, days: Days) -> QuerySet:
    since = Q(customer_since__lte=days.earliest) | Q(customer_since=None, facts__first_order_on__lte=days.earliest)
    found = customers.filter(since, facts__orders_12m_count__gte=days.orders_least)
    return found.order_by(F("facts__revenue_12m").desc(), F("facts__customer").desc())


def with_moment(customers: QuerySet, kind: str, days: Days) -> QuerySet:
    """Along the index of the moments; of several of one customer the last one counts."""
    moments = ReferenceMoment.objects.for_system("moments of visible customers").filter(customer=OuterRef("pk"), kind=kind)
    complaints = Complaint.objects.for_system("complaints of visible customers").filter(customer=OuterRef("pk"))
    happened = customers.annotate(moment=FilteredRelation("reference_moments", condition=Q(reference_moments__kind=kind)))
    is_last = ~Exists(moments.filter(occasion_on__gt=OuterRef("moment__occasion_on")))
    if kind == Kind.DELIVERY:
        is_last &= ~Exists(complaints.filter(raised_on__gte=OuterRef("moment__occasion_on")))
    last = happened.filter(Q(moment__occasion_on__gte=days.since) & is_last)
    return last.order_by("-moment__occasion_on", "-moment__pk")


def _content(customers: QuerySet, known: Q, days: Days) -> QuerySet:
    """Those who said so, and those whom colleagues rate highest."""
    said, rated = praising(customers, days).filter(known), _rated(well_disposed=RATING_MOST)
    found = customers.filter(pk__in=said.order_by().values("pk").union(rated.values("customer")))
    is_told = known & Q(praised_on__gt=days.since)
    return found.order_by(*(Case(When(is_told, then=F(name))).desc(nulls_last=True) for name in ("praised_on", "pk")), *BEST_FIRST)


def _connected(customers: QuerySet) -> QuerySet:
    """Those of whose people somebody has recommended us, and those whom colleagues rate as well connected."""
    people, rated = recommending(), _rated(well_connected__gte=CONNECTED_LEAST)
    last = people.filter(customer=OuterRef("pk")).order_by("-pk").values("pk")[:1]
    found = customers.filter(pk__in=people.values("customer").union(rated.values("customer")))
    return found.order_by(Subquery(last).desc(nulls_last=True), *BEST_RECOMMENDERS_FIRST)


def praising(customers: QuerySet, days: Days) -> QuerySet:
    """Those who said in a survey that they would recommend us, the latest first."""
    return customers.filter(praised_on__gt=days.since).order_by("-praised_on", "-pk")


def _rated(**ratings: int) -> QuerySet:
    return ReferenceCustomer.objects.for_system("ratings of visible customers").filter(**ratings)


def recommending() -> QuerySet:
    return Recommender.objects.for_system("recommenders of visible customers")
