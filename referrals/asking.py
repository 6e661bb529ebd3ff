"""From a candidate to a "yes" or "no": rating, asking, time to think, and who asks (domain guide 2.3).

Every function checks the right, holds the customer and writes in one transaction.
"""

import datetime as dt
from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.permissions import allowed, demand
from customers.gate import GateAnswer, Purpose, may_contact, state_reason
from customers.gate_rules import Answer
from customers.locks import hold
from customers.models import Contact, Customer
from customers.models.permissions import Channel
from innendienst.base import preferences
from innendienst.lib.transitions import TransitionRefused
from referrals import duties
from referrals.models import ReferenceCustomer
from referrals.moving import State, change_reference, move_reference
from referrals.preferences import ReferralsPreferences
from referrals.scoring import keep_points
from referrals.standing import load_standing
from referrals.suitability import RATING_MOST, Gate

RATINGS = ("open_minded", "well_disposed", "well_connected")
FLAGS = ("is_industry_leader", "is_technology_leader", "is_well_known", "is_strong_brand")


class AskingRefused(ValueError):
    """Nobody may ask this customer now; `code` says why: a gate, "thinking", "asked_by" or "contact"."""

    def __init__(self, code: str, reference: ReferenceCustomer) -> None:
        super().__init__(code)
        self.code, self.reference = code, reference


@transaction.atomic
def make_candidate(*, actor: User, customer: Customer) -> ReferenceCustomer:
    """Take a customer up as a candidate; one who is on record already is that one."""
    demand(actor, "reference.ask")
    hold(customer.pk)
    known = ReferenceCustomer.objects.for_system("one per customer, who was found by visible_to")
    reference, is_new = known.get_or_create(customer=customer)
    if is_new:
        reference.transitions.create(by=actor, to_state=State.CANDIDATE)
    return reference


@transaction.atomic
def rate(*, actor: User, reference: ReferenceCustomer, said: Mapping[str, int | bool | None]) -> None:
    """Write down how colleagues see him: ratings 0 to 3 or None, and what makes him a model. What is not named stays."""
    demand(actor, "reference.ask")
    hold(reference.customer_id)
    unknown = set(said) - {*RATINGS, *FLAGS}
    if unknown or any(value is not None and not 0 <= value <= RATING_MOST for value in said.values()):
        raise ValueError(f"no such rating: {dict(said)}")
    for name, value in said.items():
        setattr(reference, name, value)
    rated = ReferenceCustomer.objects.for_system("found by the caller").filter(pk=reference.pk)
    rated.update(**said)
    keep_points([reference], timezone.localdate())


@transaction.atomic
def qualify(*, actor: User, reference: ReferenceCustomer) -> None:
    """Say that he suits; also after a "no" or an end, once the time has passed. Whoever asked before is not the one who asks now."""
    hold(reference.customer_id)
    if reference.state == State.DECLINED and Gate.DECLINED in load_standing(reference.customer, timezone.localdate()).gates:
        raise AskingRefused(Gate.DECLINED, reference)
    move_reference(actor, reference, State.QUALIFIED, asked_by_id=None, asked_on=None, thinking_until=None)


@transaction.atomic
def ask(
    *,
    actor: User,
    reference: ReferenceCustomer,
    contact: Contact | None = None,
    thinking_until: dt.date | None = None,
    channel: str = Channel.PHONE,
    legal_reason: str = "",
    legal_text: str = "",
) -> GateAnswer:
    """Ask whether he will be a reference, and leave him time where he wants it; the gate's answer it rests on.

    Raises AskingRefused while something speaks against it, ReasonMissing where the gate wants a legal reason, and StateConflict
    when a colleague was faster. The asker stays the one who asks, until he gives it on (`hand_asking_on`).
    """
    demand(actor, "reference.ask")
    hold(reference.customer_id)
    refuse_asking(actor, reference, timezone.localdate())
    answer = _gate(reference, contact, channel, legal_reason, legal_text)
    move_reference(
        actor, reference, State.ASKED, gate_answer=answer,
        asked_by_id=actor.pk, asked_on=timezone.localdate(), contact_id=contact.pk if contact else reference.contact_id,
    )  # fmt: skip
    duties.close_moments(reference.customer_id)
    if thinking_until:
        give_time(actor=actor, reference=reference, until=thinking_until)
    return answer


def refuse_asking(actor: User, reference: ReferenceCustomer, today: dt.date) -> None:
    """Raise AskingRefused where nobody, or this person, may not ask now."""
    if reference.thinking_until and reference.thinking_until > today and reference.state in {State.THINKING, State.PAUSED}:
        raise AskingRefused("thinking", reference)
    if reference.asked_by_id not in {None, actor.pk} and reference.state in {State.QUALIFIED, *ReferenceCustomer.ON_THE_WAY}:
        raise AskingRefused("asked_by", reference)
    if gates := load_standing(reference.customer, today).gates:
        raise AskingRefused(gates[0], reference)


@transaction.atomic
def give_time(*, actor: User, reference: ReferenceCustomer, until: dt.date) -> None:
    """Leave the customer time to think: until then nobody asks again, and the asker is not reminded."""
    demand(actor, "reference.ask")
    hold(reference.customer_id)
    _demand_asker(actor, reference)
    if until < timezone.localdate():
        raise ValueError("time to think lies ahead")
    duties.settle_reference(reference)
    if reference.state == State.THINKING:
        change_reference(reference, thinking_until=until)
    else:
        move_reference(actor, reference, State.THINKING, thinking_until=until)


@transaction.atomic
def agree(*, actor: User, reference: ReferenceCustomer) -> None:
    """He said yes; what exactly he allows is written down next."""
    hold(reference.customer_id)
    move_reference(actor, reference, State.AGREED)
    duties.settle_reference(reference)


@transaction.atomic
def decline(*, actor: User, reference: ReferenceCustomer, reason: str = "") -> None:
    """He said no; for a year nobody asks again."""
    hold(reference.customer_id)
    move_reference(actor, reference, State.DECLINED, reason=reason, declined_on=timezone.localdate(), asked_by_id=None, thinking_until=None)
    duties.settle_reference(reference)


@transaction.atomic
def pause(*, actor: User | None, reference: ReferenceCustomer, reason: str = "") -> None:
    """Leave him alone for a while: his wish, or a complaint. Without an actor it is the machine's step."""
    hold(reference.customer_id)
    move_reference(actor, reference, State.PAUSED, reason=reason, resumes_as=reference.state)


@transaction.atomic
def resume(*, actor: User, reference: ReferenceCustomer) -> None:
    """Go on where it was paused."""
    hold(reference.customer_id)
    if reference.state != State.PAUSED:
        raise TransitionRefused(f"{reference.state} is not paused")
    move_reference(actor, reference, reference.resumes_as, resumes_as="")


@transaction.atomic
def withdraw(*, actor: User, reference: ReferenceCustomer, reason: str = "") -> None:
    """He takes it back, by whatever way: from this moment nothing of it is used."""
    hold(reference.customer_id)
    move_reference(actor, reference, State.WITHDRAWN, reason=reason, thinking_until=None, resumes_as="")
    reference.scopes.filter(withdrawn_at=None).update(withdrawn_at=timezone.now())
    reference.customer.reference_uses.planned(timezone.localdate()).delete()
    duties.settle_reference(reference)
    duties.settle_scopes(reference.scopes.all())


@transaction.atomic
def hand_asking_on(*, actor: User, reference: ReferenceCustomer, asker: User, note: str = "") -> None:
    """Let somebody else ask: field sales where inside sales finds no wire to him, and back with a note."""
    demand(actor, "reference.ask")
    hold(reference.customer_id)
    if reference.state not in {State.QUALIFIED, State.ASKED, State.THINKING}:
        raise TransitionRefused(f"{reference.state}: nobody asks any more")
    _demand_asker(actor, reference)
    if not allowed(asker, "reference.ask"):
        raise AskingRefused("asker", reference)
    change_reference(reference, asked_by_id=asker.pk)
    reference.transitions.create(by=actor, from_state=reference.state, to_state=reference.state, reason=note[:200])
    duties.hand_reference_on(reference, asker, note=note)


def default_thinking_until(today: dt.date) -> dt.date:
    return today + dt.timedelta(days=preferences.get(ReferralsPreferences).thinking_days)


def _demand_asker(actor: User, reference: ReferenceCustomer) -> None:
    """One person asks; the management may step in."""
    if reference.asked_by_id not in {None, actor.pk} and not allowed(actor, "reference.manage"):
        raise AskingRefused("asked_by", reference)


def _gate(reference: ReferenceCustomer, contact: Contact | None, channel: str, legal_reason: str, legal_text: str) -> GateAnswer:
    """The contact gate's word on asking. The question sells nothing: contact pressure does not stop it."""
    target = contact or reference.contact or reference.customer
    answer = may_contact(target, channel, Purpose.REFERENCE, timezone.localdate(), is_exempt=True)
    if answer.answer == Answer.DENIED:
        raise AskingRefused("contact", reference)
    return answer if answer.is_allowed else state_reason(answer, legal_reason, legal_text)
