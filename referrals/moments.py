"""Right moments: found set-wise at night, or told by what people say (domain guide 2.3).

A large delivery 14 to 60 days ago without a complaint since, a complaint made good a fortnight ago, an answer of a promoter three
working days ago, a call in which the customer said that he is content, the impression of a colleague. Each is good for 60 days.
"""

import datetime as dt
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import DateField, Exists, OuterRef, QuerySet

from accounts.models import User
from accounts.permissions import demand
from customers.locks import hold
from customers.models import Activity, Complaint, ComplaintTransition, Customer
from customers.models.activities import Satisfied
from innendienst.base import preferences
from innendienst.base.preferences import CompanyPreferences
from innendienst.lib.dates import add_months, add_working_days
from innendienst.lib.prepared import Param, Prepared
from nps.models import Response
from nps.preferences import NpsPreferences
from referrals import duties, sql
from referrals.models import ReferenceMoment
from referrals.preferences import ReferralsPreferences
from referrals.suitability import PROMOTER_LEAST

Kind = ReferenceMoment.Kind
VALID_DAYS = 60
DELIVERY_DAYS = (14, 60)
COMPLAINT_REST_DAYS = 14
_KEPT_MONTHS = 13
_WHY = "right moments of all customers"
_OF_ANSWER = Prepared(
    lambda: (
        _all()
        .filter(customer=Param("customer"), kind=Kind.PROMOTER, occasion_on=Param("day", DateField()))
        .order_by()
        .values_list("pk", flat=True)
    )
)
_Found = Iterable[tuple[int, dt.date]]


@transaction.atomic
def find(today: dt.date) -> int:
    """Write the moments that have come, and drop those that are true no more; how many came. A second run of the day writes none."""
    _drop_untrue()
    _all().filter(valid_until__lt=add_months(today, -_KEPT_MONTHS), suggested_on=None).delete()
    deliveries = sql.keep_large_deliveries(
        today=today,
        since=today - dt.timedelta(days=DELIVERY_DAYS[1]),
        until=today - dt.timedelta(days=DELIVERY_DAYS[0]),
        compared_since=add_months(today, -24),
        amount=preferences.get(ReferralsPreferences).moment_amount,
        valid_until=today + dt.timedelta(days=VALID_DAYS),
    )
    found = ((Kind.COMPLAINT, _made_good(today)), (Kind.PROMOTER, _promoters(today)), (Kind.IMPRESSION, _content(today)))
    return deliveries + sum(_keep(kind, rows, today) for kind, rows in found)


@transaction.atomic
def mark_impression(*, actor: User, customer: Customer, today: dt.date) -> ReferenceMoment:
    """A colleague has the impression that the customer is content."""
    demand(actor, "reference.ask")
    hold(customer.pk)
    times = {"opens_on": today, "valid_until": today + dt.timedelta(days=VALID_DAYS)}
    return _all().get_or_create(customer=customer, kind=Kind.IMPRESSION, occasion_on=today, defaults=times)[0]


def hear_answer(response: Response, moment_on: dt.date | None) -> None:
    """An answer of a survey was given or changed: a promoter's is a moment from `moment_on` on, any other is none any more.

    Only where the survey said that names are shown. The caller holds the customer.
    """
    if moment_on is None or not response.wave.shows_names:
        _forget(list(_OF_ANSWER(customer=response.customer_id, day=response.answered_on)))
        return
    times = {"opens_on": moment_on, "valid_until": moment_on + dt.timedelta(days=VALID_DAYS)}
    moment = ReferenceMoment(customer_id=response.customer_id, kind=Kind.PROMOTER, occasion_on=response.answered_on, **times)
    _all().bulk_create([moment], ignore_conflicts=True)  # heard before: that one stays


def _made_good(today: dt.date) -> _Found:
    """Customers who confirmed that their complaint was solved, and were not just partly content, after a fortnight's rest.

    A word that was taken back, or after which it was opened again, is none.
    """
    later = ComplaintTransition.objects.filter(complaint=OuterRef("complaint"), pk__gt=OuterRef("pk"))
    confirmed = ComplaintTransition.objects.filter(
        to_state=Complaint.State.CONFIRMED,
        complaint__state__in=[Complaint.State.CONFIRMED, Complaint.State.CLOSED],
        at__date__lte=today - dt.timedelta(days=COMPLAINT_REST_DAYS),
        at__date__gt=today - dt.timedelta(days=COMPLAINT_REST_DAYS + VALID_DAYS),
    )
    standing = confirmed.exclude(Exists(later.exclude(to_state=Complaint.State.CLOSED))).exclude(complaint__satisfied=Satisfied.PARTLY)
    return standing.values_list("complaint__customer", "at__date").distinct()


def _promoters(today: dt.date) -> _Found:
    """Customers whose answer shows them content; answers of imported lists announce themselves to nobody."""
    rested_on = add_working_days(today, -preferences.get(NpsPreferences).promoter_days, preferences.get(CompanyPreferences).state)
    recent = _named_promoters().filter(answered_on__lte=rested_on, answered_on__gt=today - dt.timedelta(days=VALID_DAYS))
    return recent.values_list("customer", "answered_on").distinct()


def _named_promoters() -> QuerySet:
    answers = Response.objects.for_system(_WHY).counted()
    return answers.filter(rating__gte=PROMOTER_LEAST, wave__shows_names=True, customer__isnull=False)


def _content(today: dt.date) -> _Found:
    """Customers who said in a call that they are content; what settled a complaint is a moment of its own, after its rest."""
    calls = Activity.objects.for_system(_WHY).standing().filter(satisfied=Satisfied.YES, complaint_steps=None)
    recent = calls.filter(at__date__lt=today, at__date__gt=today - dt.timedelta(days=VALID_DAYS))
    return recent.values_list("customer", "at__date").distinct()


def _keep(kind: str, found: _Found, today: dt.date) -> int:
    since = today - dt.timedelta(days=VALID_DAYS + COMPLAINT_REST_DAYS)
    known = set(_all().filter(kind=kind, occasion_on__gte=since).values_list("customer", "occasion_on"))
    valid_until = today + dt.timedelta(days=VALID_DAYS)
    new = [
        ReferenceMoment(customer_id=customer_id, kind=kind, occasion_on=day, opens_on=today, valid_until=valid_until)
        for customer_id, day in found
        if (customer_id, day) not in known
    ]
    ReferenceMoment.objects.bulk_create(new, ignore_conflicts=True, batch_size=1_000)
    return len(new)


def _drop_untrue() -> None:
    """Answers may be changed, taken back or made nameless."""
    standing = _named_promoters().filter(customer=OuterRef("customer"), answered_on=OuterRef("occasion_on"))
    untrue = _all().filter(kind=Kind.PROMOTER).exclude(Exists(standing))
    _forget(list(untrue.values_list("pk", flat=True)))


def _forget(ids: Sequence[int]) -> None:
    if ids:
        duties.drop_moments(ids)
        _all().filter(pk__in=ids).delete()


def _all() -> QuerySet:
    return ReferenceMoment.objects.for_system(_WHY)
