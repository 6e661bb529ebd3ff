"""Complaints: raised by anybody who hears one; while one is unresolved, selling rests.

Five working days after one was settled the customer is asked whether he is content: a follow-up of a kind of its own. What he
answers in that call confirms it, or opens it again. Without his answer, or two calls that did not reach him, only the management closes.
"""

from collections.abc import Iterable, Mapping

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from accounts.permissions import allowed, demand
from customers import follow_ups
from customers.complaint_reminders import manager_of, origin_of, person_of, remind_of
from customers.locks import hold
from customers.models import Activity, Complaint, ComplaintTransition, Contact, Customer, CustomerFacts, FollowUp
from customers.models.activities import Outcome, Satisfied
from customers.signals import complaint_confirmed
from customers.touched import touch
from customers.undo import UNDONE, UndoRefused, fresh_since
from innendienst.lib.dates import add_working_days
from innendienst.lib.transitions import change_state

ASKED_AFTER_DAYS = 5
"""Working days between settling a complaint and asking whether the customer is content (domain guide 2.5)."""
_State = Complaint.State
STEPS: dict[str, frozenset[str]] = {
    _State.RAISED: frozenset({_State.IN_PROGRESS, _State.SOLUTION_OFFERED, _State.RESOLVED, _State.CLOSED}),
    _State.IN_PROGRESS: frozenset({_State.SOLUTION_OFFERED, _State.RESOLVED, _State.CLOSED}),
    _State.SOLUTION_OFFERED: frozenset({_State.IN_PROGRESS, _State.RESOLVED, _State.CLOSED}),
    _State.RESOLVED: frozenset({_State.CONFIRMED, _State.CLOSED, _State.REOPENED}),
    _State.CONFIRMED: frozenset({_State.CLOSED, _State.REOPENED}),
    _State.CLOSED: frozenset({_State.REOPENED}),
    _State.REOPENED: frozenset({_State.IN_PROGRESS, _State.SOLUTION_OFFERED, _State.RESOLVED, _State.CLOSED}),
}
TRIES_LEAST = 2
"""Calls that must have failed before a settled complaint is closed without the customer's answer."""


class ClosingRefused(ValueError):
    """The customer has not answered yet, and not been called in vain twice: closing is for the management."""


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
    _take_back(actor, complaint, step)


@transaction.atomic
def hear_answer(*, actor, customer: Customer, satisfied: str, activity: Activity, reason: str = "") -> list[Complaint]:
    """What the customer said when asked: content or partly so, what was settled is confirmed; else it is open again, for the management.

    Answers the complaints that this was about, none where nothing waits for his answer.
    """
    demand(actor, "call.log")
    hold(customer.pk)
    asked_about = list(Complaint.objects.for_system("the caller found him by visible_to").filter(customer=customer, state=_State.RESOLVED))
    to_state = _State.REOPENED if satisfied == Satisfied.NO else _State.CONFIRMED
    heard = {"satisfied": satisfied, "confirmed_on": timezone.localdate(activity.at)}
    for complaint in asked_about:
        _move(actor, complaint, to_state, STEPS, reason[:200], activity=activity, **heard)
        complaint_confirmed.send(Complaint, complaint=complaint)
        if to_state == _State.REOPENED:
            remind_of(complaint, timezone.localdate(activity.at), manager_of(complaint))
    return asked_about


@transaction.atomic
def close_complaint(*, actor, complaint: Complaint, reason: str) -> ComplaintTransition:
    """End a complaint for good. Raises ClosingRefused where neither the customer nor the management has said so."""
    demand(actor, "call.log")
    hold(complaint.customer_id)
    if not may_close(actor, complaint):
        raise ClosingRefused(complaint.pk)
    return _move(actor, complaint, _State.CLOSED, STEPS, reason)


def may_close(actor, complaint: Complaint) -> bool:
    """The management always; others what the customer has confirmed, or was called about in vain twice since it was settled."""
    if allowed(actor, "complaint.close") or complaint.state == _State.CONFIRMED:
        return True
    settled = complaint.transitions.filter(to_state=_State.RESOLVED).order_by("-pk").first()
    if complaint.state != _State.RESOLVED or settled is None:
        return False
    tries = Activity.objects.for_system("calls about a complaint found by visible_to").standing()
    return tries.filter(customer=complaint.customer_id, outcome=Outcome.NOT_REACHED, at__gte=settled.at).count() >= TRIES_LEAST


def undo_steps_of(*, actor, activity: Activity) -> None:
    """Take back what the call that is being undone brought for complaints. Raises UndoRefused where somebody went on with one."""
    for step in activity.complaint_steps.select_related("complaint__customer").order_by("-pk"):
        if step.complaint.transitions.filter(pk__gt=step.pk).exists():
            raise UndoRefused(activity.pk)
        _take_back(actor, step.complaint, step, satisfied="", confirmed_on=None)


def withdraw_complaints(*, actor, complaints: Iterable[Complaint]) -> None:
    """Close complaints whose call was undone: a complaint is never deleted."""
    for complaint in complaints:
        move_complaint(actor=actor, complaint=complaint, to_state=_State.CLOSED, reason=UNDONE)


def _move(
    actor,
    complaint: Complaint,
    to_state: str,
    steps: Mapping[str, frozenset[str]],
    reason: str,
    activity: Activity | None = None,
    *,
    is_undo: bool = False,
    **changes,
) -> ComplaintTransition:
    hold(complaint.customer_id)
    step = ComplaintTransition(complaint=complaint, by=actor, reason=reason, activity=activity)
    change_state(complaint, to_state, steps=steps, transition=step, **changes)
    about_it = FollowUp.objects.for_system("its complaint went on").open()
    about_it.filter(Q(origin=origin_of(complaint)) | Q(solution__complaint=complaint)).update(done_at=step.at)
    if to_state == _State.RESOLVED and not is_undo:
        _plan_question(actor, step)
    _keep_count(complaint.customer)
    touch([complaint.customer_id])
    return step


def _take_back(actor: User, complaint: Complaint, step: ComplaintTransition, **changes) -> None:
    """A further step back: the question that this one made goes, and what it settled without a call is due again."""
    of_it = FollowUp.objects.for_system("its step is being undone")
    of_it.open().filter(solution=step).delete()
    _move(actor, complaint, step.from_state, {step.to_state: frozenset({step.from_state})}, UNDONE, is_undo=True, **changes)
    about_it = of_it.ticked().filter(Q(origin=origin_of(complaint)) | Q(solution__complaint=complaint))
    about_it.filter(done_at=step.at).update(done_at=None)


def _plan_question(actor: User, solution: ComplaintTransition) -> None:
    """Have the owner ask whether all is well; where he draws no list or is gone, whoever settled the complaint."""
    complaint = solution.complaint
    person = person_of(complaint, actor)
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
