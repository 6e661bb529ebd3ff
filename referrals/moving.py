"""Moving a reference or a referral contact: every change of state goes through here, whoever asks for it."""

from django.db import transaction
from django.db.models import F

from accounts.models import User
from accounts.permissions import demand
from customers.gate_rules import GateAnswer
from customers.locks import hold
from customers.models import Activity
from customers.undo import UNDONE, UndoRefused, fresh_since
from innendienst.lib.transitions import StateConflict, TransitionRefused, change_state
from referrals.models import ReferenceCustomer, ReferenceTransition, ReferralContact, ReferralTransition
from referrals.steps import REFERENCE_STEPS, REFERRAL_STEPS, reference_right, referral_right

State = ReferenceCustomer.State
_KEPT = ("asked_by_id", "asked_on", "thinking_until", "declined_on", "resumes_as")
UNDOABLE = frozenset({State.QUALIFIED, State.ASKED, State.THINKING, State.AGREED, State.DECLINED, State.PAUSED})
"""A release and a withdrawal stand: others act on them at once."""


def move_reference(
    actor: User | None,
    reference: ReferenceCustomer,
    to_state: str,
    *,
    reason: str = "",
    gate_answer: GateAnswer | None = None,
    **changes,
) -> ReferenceTransition:
    """Take a reference one step further, with the columns that change with it; the caller holds the customer.

    Without an actor it is the machine's own step. Raises PermissionDenied, TransitionRefused and StateConflict.
    """
    if actor is not None:
        demand(actor, reference_right(to_state))
    if reference.state == State.PAUSED and to_state not in {reference.resumes_as, State.WITHDRAWN}:
        raise TransitionRefused(f"{reference.state} → {to_state}")
    before = {name: _as_json(getattr(reference, name)) for name in _KEPT}
    step = ReferenceTransition(reference=reference, by=actor, reason=reason, gate_answer=on_record(gate_answer), before=before)
    change_state(reference, to_state, steps=REFERENCE_STEPS, transition=step, **changes)
    return step


def change_reference(reference: ReferenceCustomer, **changes) -> None:
    """Write columns of a reference whose state stays. Raises StateConflict when somebody else was faster."""
    seen = ReferenceCustomer.objects.for_system("found by the caller").filter(pk=reference.pk, version=reference.version)
    _write(seen, reference, changes)


@transaction.atomic
def undo_reference_step(*, actor: User, step: ReferenceTransition) -> None:
    """Take one's own last step with a reference back while it is fresh, as a further step. Raises UndoRefused."""
    reference = step.reference
    hold(reference.customer_id)
    is_fresh = step.by_id == actor.pk and step.at >= fresh_since() and step.to_state in UNDOABLE
    if not is_fresh or not step.before or reference.transitions.filter(pk__gt=step.pk).exists():
        raise UndoRefused(step.pk)
    back = ReferenceTransition(reference=reference, by=actor, reason=UNDONE)
    change_state(reference, step.from_state, steps={step.to_state: frozenset({step.from_state})}, transition=back, **step.before)


def move_referral(
    actor: User | None,
    referral: ReferralContact,
    to_state: str,
    *,
    reason: str = "",
    gate_answer: GateAnswer | None = None,
    activity: Activity | None = None,
    **changes,
) -> ReferralTransition:
    """Take a referral contact one step further; the caller holds its customer. Raises as `move_reference`."""
    if actor is not None:
        demand(actor, referral_right(to_state))
    step = ReferralTransition(referral=referral, by=actor, reason=reason, gate_answer=on_record(gate_answer), activity=activity)
    change_state(referral, to_state, steps=REFERRAL_STEPS, transition=step, **changes)
    return step


def change_referral(referral: ReferralContact, **changes) -> None:
    """Write columns of a referral contact whose state stays. Raises StateConflict."""
    seen = ReferralContact.objects.for_system("found by the caller").filter(pk=referral.pk, version=referral.version)
    _write(seen, referral, changes)


def on_record(answer: GateAnswer | None) -> dict:
    """The gate's word as it is kept with a step."""
    return {"answer": answer.answer, "rule": answer.rule, "basis": answer.basis, "facts": answer.facts} if answer else {}


def _write(seen, row, changes: dict) -> None:
    if seen.update(version=F("version") + 1, **changes) == 0:
        raise StateConflict(f"{type(row).__name__} {row.pk}")
    for name, value in {**changes, "version": row.version + 1}.items():
        setattr(row, name, value)


def _as_json(value: object) -> object:
    return value.isoformat() if hasattr(value, "isoformat") else value
