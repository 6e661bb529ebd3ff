"""What falls due for a person: follow-ups that this app makes, settles and gives on.

Each carries what it is about as its origin ("reference:7"), so that with kind and day it exists once however often a job runs.
"""

import datetime as dt
from collections.abc import Collection, Iterable

from django.utils import timezone

from accounts.models import Role, User
from accounts.permissions import CAPABILITIES, allowed
from customers.follow_ups import holiday_state, plan_follow_up
from customers.models import Activity, Customer, FollowUp
from customers.querysets import FollowUpQuerySet
from customers.touched import touch
from innendienst.base import preferences
from innendienst.lib.dates import add_working_days
from referrals.models import ReferenceCustomer, ReferenceMoment, ReferenceUse, ReferralContact, ReleaseScope
from referrals.preferences import ReferralsPreferences

Kind = FollowUp.Kind
REFERENCE, SCOPE, USE, REFERRAL, MOMENT = "reference:", "scope:", "use:", "referral:", "moment:"
_WHY = "duties of references and referrals"


def settle_reference(reference: ReferenceCustomer) -> None:
    """The reference has moved on: what was to be done about it is done."""
    _settle(f"{REFERENCE}{reference.pk}")


def settle_scopes(scopes: Iterable[ReleaseScope]) -> None:
    """These releases are filed anew, replaced or over: nobody has to think of their end any more."""
    _open().filter(origin__in=[f"{SCOPE}{scope.pk}" for scope in scopes]).update(done_at=timezone.now())


def settle_use(use: ReferenceUse) -> None:
    _settle(f"{USE}{use.pk}")


def settle_referral(referral: ReferralContact, kinds: Collection[str] = (), activity: Activity | None = None) -> None:
    """Settle these kinds of what is due for a referral contact, without kinds everything. A call that settles it opens it when undone."""
    _settle(f"{REFERRAL}{referral.pk}", kinds, activity)


def suggestion(moment: ReferenceMoment, owner: User, today: dt.date) -> FollowUp:
    """What lays a right moment on its owner's list, not stored yet."""
    return FollowUp(customer=moment.customer, assignee=owner, kind=Kind.REFERENCE_MOMENT, origin=f"{MOMENT}{moment.pk}", due_on=today)


def open_moments() -> FollowUpQuerySet:
    return _open().filter(kind=Kind.REFERENCE_MOMENT)


def close_moments(customer_id: int) -> None:
    """He was asked: no right moment waits any more."""
    open_moments().filter(customer=customer_id).update(done_at=timezone.now())


def drop_moments(moment_ids: Iterable[int]) -> None:
    """These are no right moments any more: they leave the lists."""
    open_moments().filter(origin__in=[f"{MOMENT}{pk}" for pk in moment_ids]).delete()


def hand_reference_on(reference: ReferenceCustomer, asker: User, *, note: str = "") -> None:
    """Have the new asker find it among what is due today; what was due for the former one goes along."""
    origin = f"{REFERENCE}{reference.pk}"
    _open().filter(origin=origin).update(assignee=asker, team=None)
    plan_follow_up(
        actor=asker, customer=reference.customer, due_on=timezone.localdate(), kind=Kind.ASKING, origin=origin, note=note, assignee=asker
    )


def ask_for_contact(referral: ReferralContact, person: User, *, due_on: dt.date | None = None, activity: Activity | None = None) -> None:
    """Have somebody find the contact on his list, today or on that day: to be checked, or to be contacted after a call in vain."""
    plan_follow_up(
        actor=person, customer=referral.customer, contact=referral.contact, due_on=due_on or timezone.localdate(), activity=activity,
        kind=Kind.REFERRAL_CONTACT, origin=f"{REFERRAL}{referral.pk}", assignee=person,
    )  # fmt: skip


def leave_after_first_contact(referral: ReferralContact, actor: User, activity: Activity | None) -> None:
    """What is owed from now on: to the contact the notice, where it was not given with it, and to the recommender a word in time.

    The call that left it takes it back when it is undone.
    """
    origin, today = f"{REFERRAL}{referral.pk}", timezone.localdate()
    company, told = referral.recommender.customer, referral.recommender.contact
    if referral.art14_informed_at is None:
        plan_follow_up(
            actor=actor, customer=referral.customer, contact=referral.contact, due_on=today, kind=Kind.ART14, origin=origin,
            activity=activity, assignee=actor,
        )  # fmt: skip
    person = responsible(company, referral.owner) or actor
    due_on = add_working_days(today, preferences.get(ReferralsPreferences).inform_days, holiday_state(person))
    plan_follow_up(
        actor=actor, customer=company, contact=told, due_on=due_on, kind=Kind.INFORM, origin=origin, activity=activity, assignee=person
    )
    touch([company.pk])


def responsible(customer: Customer, *wanted: User | None) -> User | None:
    """The first of these people who still works here and takes care of such things, else the customer's owner."""
    return next((user for user in (*wanted, customer.owner) if user and user.is_active and allowed(user, "followup.edit")), None)


def clearer(customer: Customer, *wanted: User | None) -> User | None:
    """Who may erase a contact: one of these people, else the management, of the owner's team first. None where nobody may."""
    known = next((user for user in (*wanted, customer.owner) if user and user.is_active and allowed(user, "referral.clear")), None)
    if known is not None:
        return known
    team_id = customer.owner.team_id if customer.owner else None
    able = User.objects.active().filter(role__in=CAPABILITIES["referral.clear"]).order_by("pk")
    return min(able, key=lambda user: (user.role == Role.ADMIN, user.team_id != team_id), default=None)


def _settle(origin: str, kinds: Collection[str] = (), activity: Activity | None = None) -> None:
    due = _open().filter(origin=origin)
    (due.filter(kind__in=kinds) if kinds else due).update(done_at=timezone.now(), done_by=activity)


def _open() -> FollowUpQuerySet:
    return FollowUp.objects.for_system(_WHY).open()
