"""Complaints: raised by anybody who hears one; while one is unresolved, selling rests."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from accounts.permissions import demand
from customers.models import Activity, Complaint, ComplaintTransition, Contact, Customer, CustomerFacts
from customers.touched import touch
from innendienst.lib.transitions import change_state

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


def move_complaint(*, actor, complaint: Complaint, to_state: str, reason: str = "") -> None:
    """Take a complaint one step further. Raises TransitionRefused and StateConflict."""
    demand(actor, "call.log")
    with transaction.atomic():
        change_state(complaint, to_state, steps=STEPS, transition=ComplaintTransition(complaint=complaint, by=actor, reason=reason))
        _keep_count(complaint.customer)
        touch([complaint.customer_id])


def withdraw_complaints(*, actor, complaints: Iterable[Complaint]) -> None:
    """Close complaints whose call was undone: a complaint is never deleted."""
    for complaint in complaints:
        move_complaint(actor=actor, complaint=complaint, to_state=_State.CLOSED, reason="call undone")


def _keep_count(customer: Customer) -> None:
    count = Complaint.objects.for_system("a kept column").filter(customer=customer).unresolved().count()
    CustomerFacts.objects.for_system("a kept column").update_or_create(customer=customer, defaults={"open_complaints_count": count})
