"""What the customer allowed, in writing: scopes, their proof, approved texts, reviews and ends (domain guide 2.3)."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.permissions import demand
from customers.locks import hold
from innendienst.base import files, preferences
from innendienst.lib.dates import add_months
from innendienst.lib.transitions import TransitionRefused
from referrals import duties
from referrals.models import Place, PublishedText, ReferenceCustomer, ReleaseScope, UseKind
from referrals.moving import State, move_reference
from referrals.preferences import ReferralsPreferences

NEGOTIABLE = frozenset({State.AGREED, State.RELEASED, State.IN_USE, State.UNDER_REVIEW})
REVIEWED_AFTER_MONTHS = 12


class ReleaseRefused(ValueError):
    """Something is missing; `code` says what: "places", "proof", "text", "ended"."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Terms:
    """What was agreed for one kind of use."""

    kind: str
    places: Sequence[str]
    valid_until: dt.date | None = None
    names_person: bool = False
    no_competitors: bool = False
    per_quarter_most: int | None = None
    limits: str = ""


@transaction.atomic
def agree_scope(*, actor: User, reference: ReferenceCustomer, terms: Terms) -> ReleaseScope:
    """Write down what he allows for one kind of use; what stood for that kind before ends with it.

    It is an agreement only: nothing may be used before its written proof is filed (`release`).
    """
    demand(actor, "reference.ask")
    hold(reference.customer_id)
    if reference.state not in NEGOTIABLE:
        raise TransitionRefused(f"{reference.state}: nothing is agreed yet")
    if terms.kind not in UseKind or not terms.places or set(terms.places) - set(Place):
        raise ReleaseRefused("places")
    if terms.valid_until and terms.valid_until < timezone.localdate():
        raise ReleaseRefused("ended")
    former = reference.scopes.filter(kind=terms.kind, withdrawn_at=None)
    duties.settle_scopes(former.all())
    former.update(withdrawn_at=timezone.now())
    most = preferences.get(ReferralsPreferences).uses_per_quarter_most
    return ReleaseScope.objects.create(
        reference=reference, kind=terms.kind, places=[place for place in Place.values if place in terms.places],
        valid_until=terms.valid_until, names_person=terms.names_person, no_competitors=terms.no_competitors,
        per_quarter_most=most if terms.per_quarter_most is None else terms.per_quarter_most,
        limits=terms.limits, agreed_on=timezone.localdate(),
    )  # fmt: skip


@transaction.atomic
def release(*, actor: User, scope: ReleaseScope, proof: UploadedFile | None) -> None:
    """File the customer's written word: from now on this kind may be used. Raises FileRefused and ReleaseRefused."""
    demand(actor, "reference.release")
    reference = scope.reference
    hold(reference.customer_id)
    if proof is None:
        raise ReleaseRefused("proof")
    today = timezone.localdate()
    if has_ended(scope, today):
        raise ReleaseRefused("ended")
    if reference.state not in NEGOTIABLE:
        raise TransitionRefused(f"{reference.state}: nothing to release")
    scope.proof, scope.released_on, scope.released_by = files.store(proof, by=actor), today, actor
    scope.save(update_fields=["proof", "released_on", "released_by"])
    duties.settle_scopes([scope])
    if reference.state in {State.AGREED, State.UNDER_REVIEW}:
        move_reference(actor, reference, State.RELEASED, **_released(today))


@transaction.atomic
def publish(*, actor: User, scope: ReleaseScope, text: str, approved_on: dt.date, file: UploadedFile | None = None) -> PublishedText:
    """Keep the next version of what is published, as the customer approved it; earlier ones stay as they were."""
    demand(actor, "reference.release")
    hold(scope.reference.customer_id)
    if not text.strip() and file is None:
        raise ReleaseRefused("text")
    if has_ended(scope, timezone.localdate()):
        raise ReleaseRefused("ended")
    stored = files.store(file, by=actor) if file else None
    latest = scope.texts.first()
    version = latest.version + 1 if latest else 1
    return PublishedText.objects.create(scope=scope, version=version, text=text.strip(), file=stored, approved_on=approved_on, by=actor)


@transaction.atomic
def withdraw_scope(*, actor: User, scope: ReleaseScope) -> None:
    """He takes back one kind of use; it ends at once, the others stand."""
    demand(actor, "reference.withdraw")
    hold(scope.reference.customer_id)
    ReleaseScope.objects.filter(pk=scope.pk, withdrawn_at=None).update(withdrawn_at=timezone.now())
    scope.uses.for_system("a release found by visible_to").planned(timezone.localdate()).delete()
    duties.settle_scopes([scope])


@transaction.atomic
def review(*, actor: User | None, reference: ReferenceCustomer, reason: str = "") -> None:
    """Look at it again: once a year, and at once on bad news. Until then nothing of it is used."""
    hold(reference.customer_id)
    move_reference(actor, reference, State.UNDER_REVIEW, reason=reason)


@transaction.atomic
def keep_released(*, actor: User, reference: ReferenceCustomer) -> None:
    """The review found all well. Raises ReleaseRefused where no release stands any more."""
    demand(actor, "reference.release")
    hold(reference.customer_id)
    today = timezone.localdate()
    if reference.state != State.UNDER_REVIEW:
        raise TransitionRefused(f"{reference.state} → {State.RELEASED}")
    if not any(is_usable(scope, today) for scope in reference.scopes.all()):
        raise ReleaseRefused("proof")
    move_reference(actor, reference, State.RELEASED, **_released(today))
    duties.settle_reference(reference)


@transaction.atomic
def expire(*, actor: User | None, reference: ReferenceCustomer, reason: str = "") -> None:
    """It has ended. A released one is under review first, so that the history shows both steps."""
    hold(reference.customer_id)
    if reference.state in ReferenceCustomer.USABLE:
        move_reference(actor, reference, State.UNDER_REVIEW, reason=reason)
    move_reference(actor, reference, State.EXPIRED, reason=reason)
    reference.customer.reference_uses.planned(timezone.localdate()).delete()
    duties.settle_reference(reference)
    duties.settle_scopes(reference.scopes.all())


def has_ended(scope: ReleaseScope, today: dt.date) -> bool:
    return scope.withdrawn_at is not None or (scope.valid_until is not None and scope.valid_until < today)


def is_usable(scope: ReleaseScope, today: dt.date) -> bool:
    """Whether this kind was released and has not ended; the reference's own state is asked apart."""
    return scope.released_on is not None and not has_ended(scope, today)


def _released(today: dt.date) -> dict:
    return {"released_on": today, "review_on": add_months(today, REVIEWED_AFTER_MONTHS)}
