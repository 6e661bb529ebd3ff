"""The five questions of the chapter as lists of customers, each with its evidence: whom could we ask, and for what?

Nobody is listed whom nothing may be asked of at present because of a complaint or stopped deliveries; other gates stand on the row.
"""

import datetime as dt
from enum import StrEnum

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from customers.models import Customer
from innendienst.base import preferences
from innendienst.lib.dates import add_months
from nps.models import Response
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


def customers_for(question: str, user: User, today: dt.date) -> QuerySet:
    """The customers this person may see that answer a question, those with most revenue first."""
    return who_answers(question, Customer.objects.visible_to(user), Response.objects.named_to(user).counted(), today)


def who_answers(question: str, customers: QuerySet, answers: QuerySet, today: dt.date) -> QuerySet:
    """Those of these customers that answer a question, those with most revenue first; `answers` are the surveys' that may be known."""
    asked = customers.filter(merged_into=None, is_inactive=False, is_collective=False, delivery_block=False, facts__open_complaints_count=0)
    found = {
        Question.REGULAR: lambda: _regular(asked, today),
        Question.COMPLETED: lambda: _with_moment(asked, [Kind.DELIVERY], today - dt.timedelta(days=60)),
        Question.MADE_GOOD: lambda: _with_moment(asked, [Kind.COMPLAINT], add_months(today, -12)),
        Question.RECOMMEND: lambda: _content(asked, answers, today),
        Question.NAME: lambda: _connected(asked),
    }[Question(question)]()
    return found.order_by(F("facts__revenue_12m").desc(), F("facts__customer").desc())


def _regular(customers: QuerySet, today: dt.date) -> QuerySet:
    chosen = preferences.get(ReferralsPreferences)
    earliest = add_months(today, -12 * chosen.regular_years)
    since = Q(customer_since__lte=earliest) | Q(customer_since=None, facts__first_order_on__lte=earliest)
    return customers.filter(since, facts__orders_12m_count__gte=chosen.regular_orders)


def _with_moment(customers: QuerySet, kinds: list[str], since: dt.date) -> QuerySet:
    moments = ReferenceMoment.objects.for_system("moments of visible customers").filter(kind__in=kinds, occasion_on__gte=since)
    return customers.filter(pk__in=moments.undisturbed().values("customer"))


def _content(customers: QuerySet, answers: QuerySet, today: dt.date) -> QuerySet:
    """Those who said so, and those whom colleagues rate highest."""
    said = answers.filter(rating__gte=PROMOTER_LEAST, answered_on__gt=add_months(today, -12), customer__isnull=False)
    rated = ReferenceCustomer.objects.for_system("ratings of visible customers").filter(well_disposed=RATING_MOST)
    return customers.filter(Q(pk__in=said.values("customer")) | Q(pk__in=rated.values("customer")))


def _connected(customers: QuerySet) -> QuerySet:
    """Those whom colleagues rate as well connected, and those of whose people somebody has recommended us."""
    rated = ReferenceCustomer.objects.for_system("ratings of visible customers").filter(well_connected__gte=CONNECTED_LEAST)
    recommending = Recommender.objects.for_system("recommenders of visible customers")
    return customers.filter(Q(pk__in=rated.values("customer")) | Q(pk__in=recommending.values("customer")))
