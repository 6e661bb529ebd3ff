"""What falls due for a person: follow-ups that this app makes, settles and gives on.

Each carries what it is about as its origin ("reference:7"), so that with kind and day it exists once however often a job runs.
"""

import datetime as dt
from collections.abc import Collection, Iterable

from django.utils import timezone

from accounts.models import User
from customers.follow_ups import plan_follow_up
from customers.models import FollowUp
from customers.querysets import FollowUpQuerySet
from referrals.models import ReferenceCustomer, ReferenceMoment, ReferenceUse, ReferralContact, ReleaseScope

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


def settle_referral(referral: ReferralContact, kinds: Collection[str] = ()) -> None:
    """Settle these kinds of what is due for a referral contact, without kinds everything."""
    _settle(f"{REFERRAL}{referral.pk}", kinds)


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


def ask_for_contact(referral: ReferralContact, person: User) -> None:
    """Have somebody find the contact on his list: to be checked, or to be contacted."""
    plan_follow_up(
        actor=person, customer=referral.customer, contact=referral.contact, due_on=timezone.localdate(),
        kind=Kind.REFERRAL_CONTACT, origin=f"{REFERRAL}{referral.pk}", assignee=person,
    )  # fmt: skip


def _settle(origin: str, kinds: Collection[str] = ()) -> None:
    due = _open().filter(origin=origin)
    (due.filter(kind__in=kinds) if kinds else due).update(done_at=timezone.now())


def _open() -> FollowUpQuerySet:
    return FollowUp.objects.for_system(_WHY).open()
