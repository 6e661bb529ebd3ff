"""A call, put on record: the outcome, what it closed, and the way back while it is fresh."""

import datetime as dt
from decimal import Decimal

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.permissions import demand
from customers import follow_ups
from customers.complaints import withdraw_complaints
from customers.gate_rules import Answer, GateAnswer
from customers.handovers import withdraw_of_call
from customers.locks import hold
from customers.models import Activity, Complaint, Contact, ContactBlock, Customer, CustomerFacts, FollowUp
from customers.models.activities import Outcome
from customers.touched import touch
from customers.undo import UndoRefused, fresh_since


class CallRefused(ValueError):
    """The gate does not allow this call; nothing was written."""


@transaction.atomic
def record_call(
    *,
    actor,
    customer: Customer,
    outcome: str,
    gate_answer: GateAnswer | None,
    direction: str = Activity.Direction.OUTGOING,
    contact: Contact | None = None,
    detail: str = "",
    note: str = "",
    amount: Decimal | None = None,
    at: dt.datetime | None = None,
) -> Activity:
    """Store a call, close the follow-ups it settles and mark the customer for recomputing.

    A call of ours needs the gate's allowed answer; raises CallRefused without it. A call from the customer needs none.
    `amount` is the net value of the order that the call brought.
    """
    demand(actor, "call.log")
    is_ours = direction == Activity.Direction.OUTGOING
    if is_ours and (gate_answer is None or gate_answer.answer != Answer.ALLOWED):
        raise CallRefused(gate_answer.rule if gate_answer else "no answer")
    hold(customer.pk)
    activity = Activity.objects.create(
        customer=customer,
        contact=contact,
        direction=direction,
        outcome=outcome,
        detail=detail,
        note=note,
        amount=amount,
        at=at or timezone.now(),
        by=actor,
        gate_answer=gate_answer.on_record() if is_ours and gate_answer else {},
    )
    follow_ups.settle(actor=actor, activity=activity)
    if activity.is_reached:
        _move_last_contact(customer, timezone.localdate(activity.at))
    touch([customer.pk])
    return activity


@transaction.atomic
def void_call(*, actor, activity: Activity) -> None:
    """Undo a call of one's own while it is fresh: what it made goes, what it closed opens again. Raises UndoRefused."""
    demand(actor, "call.log")
    hold(activity.customer_id)
    fresh = Activity.objects.for_system("one's own call, found by its author").filter(
        pk=activity.pk, by=actor, voided_at=None, at__gte=fresh_since()
    )
    if fresh.update(voided_at=timezone.now()) == 0:
        raise UndoRefused(activity.pk)
    why = "rows that hang on the call being undone"
    FollowUp.objects.for_system(why).filter(made_by=activity).delete()
    FollowUp.objects.for_system(why).filter(done_by=activity).update(done_at=None, done_by=None)
    ContactBlock.objects.for_system(why).filter(activity=activity, lifted_at=None).update(lifted_at=timezone.now())
    complaints = list(Complaint.objects.for_system(why).filter(activity=activity))
    if any(complaint.state != Complaint.State.RAISED for complaint in complaints):
        raise UndoRefused(activity.pk)
    withdraw_complaints(actor=actor, complaints=complaints)
    withdraw_of_call(actor=actor, activity=activity)
    _keep_last_contact(activity.customer)
    touch([activity.customer_id])


def _move_last_contact(customer: Customer, day: dt.date) -> None:
    """Write the day on which we last spoke with the customer, unless a later one stands there."""
    kept = CustomerFacts.objects.for_system("a kept column").filter(customer=customer)
    spoken_later = Q(last_contact_on__gte=day)
    if not kept.exclude(spoken_later).update(last_contact_on=day) and not kept.exists():
        CustomerFacts.objects.create(customer=customer, last_contact_on=day)


def _keep_last_contact(customer: Customer) -> None:
    """Find that day anew: attempts do not count."""
    spoken = Activity.objects.for_system("a kept column").standing().filter(customer=customer).exclude(outcome=Outcome.NOT_REACHED)
    last = spoken.latest_first().values_list("at", flat=True).first()
    CustomerFacts.objects.for_system("a kept column").update_or_create(
        customer=customer, defaults={"last_contact_on": last and timezone.localdate(last)}
    )
