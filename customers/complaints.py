"""Complaints: raised by anybody who hears one; while one is unresolved, selling rests.

Five working days after one was settled the customer is asked whether he is content: a follow-up of a kind of its own.
"""

from collections.abc import Iterable, Mapping

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.permissions import allowed, demand
from customers import follow_ups
from customers.locks import hold
from customers.models import Activity, Complaint, ComplaintTransition, Contact, Customer, CustomerFacts, FollowUp
from customers.touched import touch
from customers.undo import UNDONE, UndoRefused, fresh_since
from innendienst.lib.dates import add_working_days
from innendienst.lib.transitions import change_state

ASKED_AFTER_DAYS = 5
"""Working days between settling a complaint and asking whether the customer is content (domain guide 2.5)."""
_State = Complaint.State
STEPS: dict[str, frozenset[str]] = {
    _State.RAISED: frozenset({_State.IN_PROGRESS, _State.SOLUTION_OFFERED, _State.RESOLVED, _State.CLOSED}),
    _State.IN_PROGRESS: frozenset({_State.SOLUTION_OFFERED, _State.RESOLVED}),
    _State.SOLUTION_OFFERED: frozenset({_State.IN_PROGRESS, _State.RESOLVED}),
    _State.RESOLVED: frozenset({_State.CONFIRMED, _State.CLOSED, _State.REOPENED}),
    _State.CONFIRMED: frozenset({_State.CLOSED, _State.REOPENED}),
    _State.CLOSED: frozenset({_State.REOPENED}),
    _State.REOPENED: frozenset({_State.IN_PROGRESS, _State.SOLUTION_OFFERED, _State.RESOLVED}),
}


@transaction.atomic
def raise_complaint(
    *,
    actor,
    customer: Customer,
    title: str,
    contact: Contact | None = None,
    activity: Activity | None = None,
    kind: str = Complaint.Kind.SERVICE,
) -> Complaint:
    """Record a complaint; the customer leaves the call lists with the next refresh."""
    demand(actor, "call.log")
    hold(customer.pk)
    complaint = Complaint.objects.create(
        customer=customer,
        contact=contact,
        activity=activity,
        kind=kind,
        title=title,
        raised_on=timezone.localdate(),
        raised_by=actor,
    )
    ComplaintTransition.objects.create(complaint=complaint, by=actor, to_state=_State.RAISED)
    _keep_count(customer)
    touch([customer.pk])
    return complaint


@transaction.atomic
def move_complaint(*, actor, complaint: Complaint, to_state: str, reason: str = "") -> ComplaintTransition:
    """Take a complaint one step further and answer the step. Raises TransitionRefused and StateConflict."""
    demand(actor, "call.log")
    return _move(actor, complaint, to_state, STEPS, reason)


@transaction.atomic
def undo_step(*, actor, step: ComplaintTransition) -> None:
    """Take one's own last step with a complaint back while it is fresh, as a further step. Raises UndoRefused."""
    demand(actor, "call.log")
    complaint = step.complaint
    hold(complaint.customer_id)
    is_fresh = step.by_id == actor.pk and step.at >= fresh_since()
    if not is_fresh or not step.from_state or complaint.transitions.filter(pk__gt=step.pk).exists():
        raise UndoRefused(step.pk)
    _move(actor, complaint, step.from_state, {step.to_state: frozenset({step.from_state})}, UNDONE)


def withdraw_complaints(*, actor, complaints: Iterable[Complaint]) -> None:
    """Close complaints whose call was undone: a complaint is never deleted."""
    for complaint in complaints:
        move_complaint(actor=actor, complaint=complaint, to_state=_State.CLOSED, reason=UNDONE)


def _move(actor, complaint: Complaint, to_state: str, steps: Mapping[str, frozenset[str]], reason: str) -> ComplaintTransition:
    hold(complaint.customer_id)
    step = ComplaintTransition(complaint=complaint, by=actor, reason=reason)
    change_state(complaint, to_state, steps=steps, transition=step)
    if step.from_state == _State.RESOLVED:
        FollowUp.objects.for_system("its complaint went on").open().filter(solution__complaint=complaint).delete()
    if to_state == _State.RESOLVED:
        _plan_question(actor, step)
    _keep_count(complaint.customer)
    touch([complaint.customer_id])
    return step


def _plan_question(actor: User, solution: ComplaintTransition) -> None:
    """Have the owner ask whether all is well; where he draws no list or is gone, whoever settled the complaint."""
    complaint = solution.complaint
    owner = complaint.customer.owner
    person = owner if owner and allowed(owner, "day.work") else actor
    follow_ups.plan_follow_up(
        actor=actor,
        customer=complaint.customer,
        due_on=add_working_days(timezone.localdate(), ASKED_AFTER_DAYS, follow_ups.holiday_state(person)),
        kind=FollowUp.Kind.COMPLAINT,
        note=complaint.title,
        contact=complaint.contact,
        assignee=person,
        solution=solution,
    )


def _keep_count(customer: Customer) -> None:
    count = Complaint.objects.for_system("a kept column").filter(customer=customer).unresolved().count()
    CustomerFacts.objects.for_system("a kept column").update_or_create(customer=customer, defaults={"open_complaints_count": count})
