"""What falls due by the calendar: reminders, ends of releases, and contacts that nobody informed in time.

Follow-ups are made on their day and not before, since a planned follow-up keeps the customer off the call lists until then. Each
is moved to a working day and exists once per origin, kind and day; the job may run twice, or late. One that its person put off
stands for the day it was made for.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q
from django.utils import timezone

from accounts.models import User
from customers.follow_ups import holiday_state
from customers.locks import hold
from customers.models import Customer, FollowUp
from innendienst.base import preferences
from innendienst.lib.dates import add_working_days, next_working_day
from innendienst.lib.transitions import StateConflict
from referrals import duties
from referrals.duties import responsible
from referrals.models import ReferenceCustomer, ReferenceTransition, ReferenceUse, ReferralContact, ReleaseScope
from referrals.moving import move_referral
from referrals.preferences import ReferralsPreferences
from referrals.releasing import expire, has_ended, review

Kind = FollowUp.Kind
RELEASE_ENDS_DAYS = (60, 30)
STOPPED = "stopped"
"""The reason on record of a review because deliveries are stopped."""
_WHY = "reminders of references and referrals"


@dataclass(frozen=True)
class Duty:
    """What is to be done by somebody about a customer on a day."""

    origin: str
    kind: str
    customer: Customer
    person: User | None
    day: dt.date


@transaction.atomic
def remind(today: dt.date) -> int:
    """Make what falls due today or fell due before; how many. A second run makes none."""
    duties_due = [duty for duty in _all_duties(today) if duty.day <= today and duty.person is not None]
    known = _known(duties_due)
    made = []
    for duty in duties_due:
        due_on = next_working_day(duty.day, holiday_state(duty.person))
        if due_on <= today and not _stands(known[duty.origin, duty.kind], duty.kind, due_on):
            made.append(FollowUp(customer=duty.customer, assignee=duty.person, kind=duty.kind, origin=duty.origin, due_on=due_on))
    FollowUp.objects.bulk_create(made, ignore_conflicts=True)
    return len(made)


def end_releases(today: dt.date) -> int:
    """End the references of which no release stands any more; how many."""
    count = 0
    usable = ReferenceCustomer.objects.for_system(_WHY).usable().prefetch_related("scopes").select_related("customer")
    for reference in usable:
        scopes = list(reference.scopes.all())  # one whose written word is still to come keeps the reference
        if any(scope.released_on for scope in scopes) and all(has_ended(scope, today) for scope in scopes):
            expire(actor=None, reference=reference, reason="release_ended")
            count += 1
    return count


def review_stopped(today: dt.date) -> int:
    """Put references under review whose customers are delivered no more; how many. Found well since, they are left alone for a quarter."""
    lately = today - dt.timedelta(days=90)
    stopped = ReferenceCustomer.objects.for_system(_WHY).usable().filter(Q(customer__delivery_block=True) | Q(customer__is_inactive=True))
    looked_at = ReferenceTransition.objects.filter(reference=OuterRef("pk"), reason=STOPPED, at__date__gt=lately)
    count = 0
    for reference in stopped.exclude(Exists(looked_at)).select_related("customer"):
        review(actor=None, reference=reference, reason=STOPPED)
        count += 1
    return count


def stop_uninformed(today: dt.date) -> int:
    """Block contacts whom nobody informed within the month, and have whoever may erase them; how many."""
    limit = today - dt.timedelta(days=preferences.get(ReferralsPreferences).notice_days)
    late = ReferralContact.objects.for_system(_WHY).open().filter(art14_informed_at=None, named_on__lte=limit)
    count = 0
    for referral in late.select_related("customer__owner__team", "owner__team"):
        try:
            _stop(referral, today)
        except StateConflict:
            continue
        count += 1
    return count


@transaction.atomic
def _stop(referral: ReferralContact, today: dt.date) -> None:
    hold(referral.customer_id)
    move_referral(None, referral, ReferralContact.State.BLOCKED, reason="not_informed", phone="")
    duties.settle_referral(referral)
    person = duties.clearer(referral.customer, referral.owner)
    if person is not None:
        due_on = next_working_day(today, holiday_state(person))
        FollowUp.objects.for_system(_WHY).get_or_create(
            origin=f"{duties.REFERRAL}{referral.pk}",
            kind=Kind.ERASE,
            due_on=due_on,
            defaults={"customer": referral.customer, "assignee": person},
        )


_Days = list[tuple[dt.date, dt.datetime | None]]


def _known(found: Iterable[Duty]) -> dict[tuple[str, str], _Days]:
    """Origin and kind → the follow-ups made of it so far: the day on which each is due, and when it was done."""
    made: dict[tuple[str, str], _Days] = defaultdict(list)
    if origins := {duty.origin for duty in found}:
        stored = FollowUp.objects.for_system(_WHY).filter(origin__in=origins)
        for origin, kind, due_on, done_at in stored.values_list("origin", "kind", "due_on", "done_at"):
            made[origin, kind].append((due_on, done_at))
    return made


def _stands(made: _Days, kind: str, due_on: dt.date) -> bool:
    """Whether one was made for that day, or is put off to a later one; the notice is owed from the first contact on, which made its own."""
    return any(day == due_on or (done_at is None and (day > due_on or kind == Kind.ART14)) for day, done_at in made)


def _all_duties(today: dt.date) -> Iterator[Duty]:
    chosen = preferences.get(ReferralsPreferences)
    yield from _of_references(today)
    yield from _of_uses(today, chosen)
    yield from _of_referrals(today, chosen)


def _of_references(today: dt.date) -> Iterator[Duty]:
    references = ReferenceCustomer.objects.for_system(_WHY).select_related("customer__owner__team", "asked_by__team")
    for reference in references.filter(state=ReferenceCustomer.State.THINKING, thinking_until__lte=today):
        person = responsible(reference.customer, reference.asked_by)
        yield Duty(f"{duties.REFERENCE}{reference.pk}", Kind.THINKING_ENDS, reference.customer, person, reference.thinking_until)
    for reference in references.usable().filter(review_on__lte=today):
        person = responsible(reference.customer, reference.asked_by)
        yield Duty(f"{duties.REFERENCE}{reference.pk}", Kind.REVIEW, reference.customer, person, reference.review_on)
    since = Max("transitions__at", filter=Q(transitions__to_state=ReferenceCustomer.State.UNDER_REVIEW))
    for reference in references.filter(state=ReferenceCustomer.State.UNDER_REVIEW).annotate(since=since):
        person = responsible(reference.customer, reference.asked_by)
        yield Duty(f"{duties.REFERENCE}{reference.pk}", Kind.REVIEW, reference.customer, person, timezone.localdate(reference.since))
    ending = ReleaseScope.objects.filter(
        reference__state__in=ReferenceCustomer.USABLE, withdrawn_at=None, released_on__isnull=False,
        valid_until__gte=today, valid_until__lte=today + dt.timedelta(days=RELEASE_ENDS_DAYS[0]),
    )  # fmt: skip
    for scope in ending.select_related("reference__customer__owner__team", "reference__asked_by__team"):
        person = responsible(scope.reference.customer, scope.reference.asked_by)
        for days in RELEASE_ENDS_DAYS:
            day = scope.valid_until - dt.timedelta(days=days)
            if day >= scope.agreed_on:
                yield Duty(f"{duties.SCOPE}{scope.pk}", Kind.RELEASE_ENDS, scope.reference.customer, person, day)


def _of_uses(today: dt.date, chosen: ReferralsPreferences) -> Iterator[Duty]:
    uses = ReferenceUse.objects.for_system(_WHY).owing(today).select_related("customer__owner__team", "by__team")
    for use in uses:
        person = responsible(use.customer, use.by)
        yield Duty(f"{duties.USE}{use.pk}", Kind.THANKS_DUE, use.customer, person, _after(use.used_on, chosen.feedback_days, person))


def _of_referrals(today: dt.date, chosen: ReferralsPreferences) -> Iterator[Duty]:
    referrals = (
        ReferralContact.objects.for_system(_WHY)
        .exclude(state=ReferralContact.State.ERASED)
        .select_related("customer__owner__team", "owner__team", "recommender__customer__owner__team")
    )
    for referral in referrals.open().filter(
        art14_informed_at=None, named_on__lte=today - dt.timedelta(days=chosen.notice_reminder_days),
        named_on__gt=today - dt.timedelta(days=chosen.notice_days),
    ):  # fmt: skip
        day = referral.named_on + dt.timedelta(days=chosen.notice_reminder_days)
        yield _of_referral(referral, Kind.ART14, referral.customer, day)
    for referral in referrals.filter(first_contact_on__isnull=False, recommender_informed_at=None):
        company = referral.recommender.customer
        person = responsible(company, referral.owner)
        yield _of_referral(referral, Kind.INFORM, company, _after(referral.first_contact_on, chosen.inform_days, person))
    for referral in referrals.filter(won_on__isnull=False, recommender_thanked_at=None):
        company = referral.recommender.customer
        person = responsible(company, referral.owner)
        yield _of_referral(referral, Kind.THANKS_DUE, company, _after(referral.won_on, chosen.feedback_days, person))


def _of_referral(referral: ReferralContact, kind: str, company: Customer, day: dt.date) -> Duty:
    return Duty(f"{duties.REFERRAL}{referral.pk}", kind, company, responsible(company, referral.owner), day)


def _after(day: dt.date, working_days: int, person: User | None) -> dt.date:
    return add_working_days(day, working_days, holiday_state(person) if person else "")
