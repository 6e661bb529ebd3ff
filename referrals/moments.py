"""Right moments: found set-wise at night, and one of them at a time laid before whoever looks after the customer.

A large delivery 14 to 60 days ago without a complaint since, a complaint made good a fortnight ago, an answer of a promoter three
working days ago, the impression of a colleague. Each is good for 60 days (domain guide 2.3).
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Exists, F, OuterRef

from accounts.models import User
from accounts.permissions import CAPABILITIES, demand
from customers.follow_ups import holiday_state
from customers.locks import hold
from customers.models import ComplaintTransition, Customer, FollowUp
from innendienst.base import preferences
from innendienst.lib.dates import add_months, add_working_days, next_working_day
from nps.models import Response
from nps.preferences import NpsPreferences
from referrals import duties, sql
from referrals.models import ReferenceCustomer, ReferenceMoment
from referrals.preferences import ReferralsPreferences
from referrals.standing import load_standings
from referrals.suitability import PROMOTER_LEAST

Kind = ReferenceMoment.Kind
VALID_DAYS = 60
DELIVERY_DAYS = (14, 60)
COMPLAINT_REST_DAYS = 14
AGAIN_AFTER_MONTHS = 6
_ASKABLE = (ReferenceCustomer.State.CANDIDATE, ReferenceCustomer.State.QUALIFIED, ReferenceCustomer.State.EXPIRED)
_WHY = "right moments of all customers"


@transaction.atomic
def find(today: dt.date) -> int:
    """Write the moments that have come; how many. A second run of the day writes none."""
    chosen = preferences.get(ReferralsPreferences)
    deliveries = sql.keep_large_deliveries(
        since=today - dt.timedelta(days=DELIVERY_DAYS[1]),
        until=today - dt.timedelta(days=DELIVERY_DAYS[0]),
        compared_since=add_months(today, -24),
        amount=chosen.moment_amount,
        valid_until=today + dt.timedelta(days=VALID_DAYS),
    )
    return deliveries + _keep(Kind.COMPLAINT, _made_good(today)) + _keep(Kind.PROMOTER, _promoters(today))


@transaction.atomic
def mark_impression(*, actor: User, customer: Customer, today: dt.date) -> ReferenceMoment:
    """A colleague has the impression that the customer is content."""
    demand(actor, "reference.ask")
    hold(customer.pk)
    known = ReferenceMoment.objects.for_system("of a customer found by visible_to")
    valid_until = today + dt.timedelta(days=VALID_DAYS)
    return known.get_or_create(customer=customer, kind=Kind.IMPRESSION, occasion_on=today, defaults={"valid_until": valid_until})[0]


@transaction.atomic
def suggest(today: dt.date) -> int:
    """Lay the best moments before the owners of their customers, a few at a time, on a working day; how many.

    Nobody is suggested who may not be asked, who is on the way, or who was suggested within half a year. What has passed unused
    leaves the lists.
    """
    _drop_passed(today)
    open_count = Counter(_open().values_list("assignee", flat=True))
    room = preferences.get(ReferralsPreferences).moments_most
    made: list[tuple[ReferenceMoment, FollowUp]] = []
    for owner, moments in _by_owner(today):
        state = holiday_state(owner)
        free = room - open_count[owner.pk]
        if free <= 0 or next_working_day(today, state) != today:
            continue
        standings = load_standings([moment.customer for moment in moments], today)
        for moment in [each for each in moments if not standings[each.customer_id].gates][:free]:
            moment.suggested_to, moment.suggested_on = owner, today
            follow_up = FollowUp(
                customer=moment.customer, assignee=owner, kind=FollowUp.Kind.REFERENCE_MOMENT,
                origin=f"{duties.MOMENT}{moment.pk}", due_on=today,
            )  # fmt: skip
            made.append((moment, follow_up))
    FollowUp.objects.bulk_create([follow_up for _moment, follow_up in made], ignore_conflicts=True)
    ReferenceMoment.objects.for_system(_WHY).bulk_update([moment for moment, _due in made], ["suggested_to", "suggested_on"])
    return len(made)


def _by_owner(today: dt.date) -> Iterable[tuple[User, list[ReferenceMoment]]]:
    """Each owner with the best moments of his customers, one per customer, rarest kinds and largest values first."""
    lately = ReferenceMoment.objects.for_system(_WHY).filter(
        customer=OuterRef("customer"), suggested_on__gt=add_months(today, -AGAIN_AFTER_MONTHS)
    )
    asked = ReferenceCustomer.objects.for_system(_WHY).filter(customer=OuterRef("customer")).exclude(state__in=_ASKABLE)
    waiting = (
        ReferenceMoment.objects.for_system(_WHY)
        .filter(valid_until__gte=today, suggested_on=None, customer__owner__is_active=True)
        .filter(customer__owner__role__in=CAPABILITIES["day.work"])
        .exclude(Exists(lately))
        .exclude(Exists(asked))
        .select_related("customer__owner__team")
        .order_by("customer__owner", F("value").asc(nulls_first=True), "pk")
    )
    owner, best = None, {}
    for moment in waiting.iterator():
        if owner is not None and moment.customer.owner_id != owner.pk:
            yield owner, _best(best)
            best = {}
        owner = moment.customer.owner
        if moment.customer_id not in best or best[moment.customer_id].value is not None:
            best[moment.customer_id] = moment
    if owner is not None:
        yield owner, _best(best)


_LOOKED_AT_MOST = 20


def _best(moments: dict[int, ReferenceMoment]) -> list[ReferenceMoment]:
    """What people said comes before what was delivered, and that by its value."""
    return sorted(moments.values(), key=lambda moment: (moment.value is not None, -(moment.value or 0), moment.pk))[:_LOOKED_AT_MOST]


def _made_good(today: dt.date) -> Iterable[tuple[int, dt.date]]:
    """Customers who confirmed that their complaint was solved, after a fortnight's rest."""
    confirmed = ComplaintTransition.objects.filter(
        to_state="confirmed",
        at__date__lte=today - dt.timedelta(days=COMPLAINT_REST_DAYS),
        at__date__gt=today - dt.timedelta(days=COMPLAINT_REST_DAYS + VALID_DAYS),
    )
    return confirmed.values_list("complaint__customer", "at__date").distinct()


def _promoters(today: dt.date) -> Iterable[tuple[int, dt.date]]:
    """Customers whose answer shows them content, where the survey said that names are shown."""
    rested_on = add_working_days(today, -preferences.get(NpsPreferences).promoter_days)
    answers = Response.objects.for_system(_WHY).counted().filter(
        rating__gte=PROMOTER_LEAST, wave__shows_names=True, customer__isnull=False,
        answered_on__lte=rested_on, answered_on__gt=today - dt.timedelta(days=VALID_DAYS),
    )  # fmt: skip
    return answers.values_list("customer", "answered_on").distinct()


def _keep(kind: str, found: Iterable[tuple[int, dt.date]]) -> int:
    known = set(ReferenceMoment.objects.for_system(_WHY).filter(kind=kind).values_list("customer", "occasion_on"))
    new = [
        ReferenceMoment(
            customer_id=customer_id, kind=kind, occasion_on=day, valid_until=day + dt.timedelta(days=VALID_DAYS + COMPLAINT_REST_DAYS)
        )
        for customer_id, day in found
        if (customer_id, day) not in known
    ]
    ReferenceMoment.objects.bulk_create(new, ignore_conflicts=True, batch_size=1_000)
    return len(new)


def _drop_passed(today: dt.date) -> None:
    """Suggestions whose time is over leave the lists of those who did not take them up."""
    passed = ReferenceMoment.objects.for_system(_WHY).filter(valid_until__lt=today, suggested_on__isnull=False)
    origins = [
        f"{duties.MOMENT}{pk}" for pk in passed.filter(valid_until__gte=today - dt.timedelta(days=VALID_DAYS)).values_list("pk", flat=True)
    ]
    _open().filter(origin__in=origins).delete()


def _open():
    return FollowUp.objects.for_system(_WHY).open().filter(kind=FollowUp.Kind.REFERENCE_MOMENT)
