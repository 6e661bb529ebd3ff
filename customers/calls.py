"""A call, put on record: the outcome, what it closed, and the way back while it is fresh."""

import datetime as dt
from decimal import Decimal

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.permissions import demand
from customers import follow_ups
from customers.blocks import lift_together
from customers.complaints import hear_answer, undo_steps_of, withdraw_complaints
from customers.gate_rules import Answer, GateAnswer
from customers.handovers import withdraw_of_call
from customers.locks import hold
from customers.models import Activity, Complaint, Contact, Customer, CustomerFacts, FollowUp
from customers.touched import touch
from customers.undo import UndoRefused, fresh_since
from innendienst.lib.typed import first_line


class CorrectionRefused(ValueError):
    """The call is somebody else's, was undone, or was corrected already."""


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
    satisfied: str = "",
    at: dt.datetime | None = None,
) -> Activity:
    """Store a call, close the follow-ups it settles and mark the customer for recomputing.

    A call of ours needs the gate's allowed answer; raises CallRefused without it. A call from the customer needs none.
    `amount` is the net value of the order that the call brought, `satisfied` what the customer said when asked whether he is content;
    that confirms or reopens what was settled.
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
        satisfied=satisfied,
        at=at or timezone.now(),
        by=actor,
        gate_answer=gate_answer.on_record() if is_ours and gate_answer else {},
    )
    follow_ups.settle(actor=actor, activity=activity)
    if satisfied:
        hear_answer(actor=actor, customer=customer, satisfied=satisfied, activity=activity, reason=first_line(note))
    if activity.is_reached:
        _move_last_contact(customer, timezone.localdate(activity.at))
    touch([customer.pk])
    return activity


@transaction.atomic
def void_call(*, actor, activity: Activity) -> None:
    """Undo a call of one's own while it is fresh: what it made goes, what it closed opens again. Raises UndoRefused."""
    demand(actor, "call.log")
    hold(activity.customer_id)
    fresh = Activity.objects.for_system("one's own call, found by its author").to_one()
    fresh = fresh.filter(pk=activity.pk, by=actor, at__gte=fresh_since(), corrects=None)
    if not fresh.exists():
        raise UndoRefused(activity.pk)
    Activity.objects.for_system("just looked at, and the customer is held").filter(pk=activity.pk).update(voided_at=timezone.now())
    why = "rows that hang on the call being undone"
    FollowUp.objects.for_system(why).filter(made_by=activity).delete()
    FollowUp.objects.for_system(why).filter(done_by=activity).update(done_at=None, done_by=None)
    lift_together(Q(activity=activity))
    undo_steps_of(actor=actor, activity=activity)
    complaints = list(Complaint.objects.for_system(why).filter(activity=activity))
    if any(complaint.state != Complaint.State.RAISED for complaint in complaints):
        raise UndoRefused(activity.pk)
    withdraw_complaints(actor=actor, complaints=complaints)
    withdraw_of_call(actor=actor, activity=activity)
    _keep_last_contact(activity.customer)
    touch([activity.customer_id])


@transaction.atomic
def correct_call(
    *,
    actor,
    activity: Activity,
    note: str,
    contact: Contact | None,
    outcome: str,
    detail: str = "",
    customer: Customer | None = None,
    gate_answer: GateAnswer | None = None,
) -> Activity:
    """Put a call of one's own right: a further row that corrects the old one, at its time; what hangs on the call goes along.

    With another `customer` the call was with him: what it closed there is open again, the follow-up it made moves. A call of ours
    needs the gate's answer for him and is refused where he must not be contacted (CallRefused). Raises CorrectionRefused for a
    call of somebody else, undone, or corrected before.
    """
    demand(actor, "call.log")
    target = customer or activity.customer
    for customer_id in sorted({activity.customer_id, target.pk}):
        hold(customer_id)
    why = "one's own call, found by its author"
    standing = Activity.objects.for_system(why).standing().filter(pk=activity.pk, by=actor)
    if not standing.exists():
        raise CorrectionRefused(activity.pk)
    is_moved = target.pk != activity.customer_id
    is_ours = activity.direction == Activity.Direction.OUTGOING
    if is_moved and is_ours and (gate_answer is None or gate_answer.answer == Answer.DENIED):
        raise CallRefused(gate_answer.rule if gate_answer else "no answer")
    kept = ("kind", "direction", "amount", "satisfied", "at", "by", "gate_answer")
    values = {name: getattr(activity, name) for name in kept}
    if is_moved:
        values["gate_answer"] = gate_answer.on_record() if is_ours and gate_answer else {}
    corrected = Activity.objects.create(
        customer=target, contact=contact, outcome=outcome, detail=detail, note=note, corrects=activity, **values
    )
    follow_ups.go_along(activity, corrected)
    for concerned in {activity.customer_id: activity.customer, target.pk: target}.values():
        _keep_last_contact(concerned)
    touch({activity.customer_id, target.pk})
    return corrected


def _move_last_contact(customer: Customer, day: dt.date) -> None:
    """Write the day on which we last spoke with the customer, unless a later one stands there."""
    kept = CustomerFacts.objects.for_system("a kept column").filter(customer=customer)
    spoken_later = Q(last_contact_on__gte=day)
    if not kept.exclude(spoken_later).update(last_contact_on=day) and not kept.exists():
        CustomerFacts.objects.create(customer=customer, last_contact_on=day)


def _keep_last_contact(customer: Customer) -> None:
    """Find that day anew: attempts do not count."""
    spoken = Activity.objects.for_system("a kept column").spoken().filter(customer=customer)
    last = spoken.latest_first().values_list("at", flat=True).first()
    CustomerFacts.objects.for_system("a kept column").update_or_create(
        customer=customer, defaults={"last_contact_on": last and timezone.localdate(last)}
    )
