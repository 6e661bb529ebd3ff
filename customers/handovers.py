"""Handing a customer over to field sales, and back (domain guide 2.1).

Field sales answers within two working days, else the customer is back with whoever asked. While a hand-over is under way, or the
customer wants a visit, he stands on no phone list. Every step is a row with author and time, and is announced by
`handover_changed`, so that the opportunities handed over with him go the same way.
"""

import datetime as dt
from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from accounts.models import Role, User
from accounts.permissions import allowed, demand
from customers.follow_ups import holiday_state, make_once
from customers.handover_rules import ANSWERED_WITHIN_DAYS
from customers.locks import hold, hold_all
from customers.models import Activity, Contact, Customer, FollowUp, Handover, HandoverTransition
from customers.models.companies import FieldWord
from customers.models.handovers import Criterion
from customers.signals import handover_changed
from customers.touched import touch
from customers.undo import UNDONE, UndoRefused
from innendienst.base import audit
from innendienst.lib.dates import add_working_days, next_working_day
from innendienst.lib.prepared import IdsParam, Prepared
from innendienst.lib.transitions import change_state

VISIT_FIXED_WITHIN_DAYS = 5
"""Working days after which somebody who accepted without a day of the visit is asked for it."""
_State = Handover.State
STEPS: dict[str, frozenset[str]] = {
    _State.REQUESTED: frozenset({_State.ACCEPTED, _State.DECLINED, _State.LAPSED}),
    _State.ACCEPTED: frozenset({_State.RETURNED, _State.DONE}),
}

_WHY = "phone lists leave them out"
_WITH_FIELD_SALES = Prepared(
    lambda: (
        Customer.objects.for_system(_WHY)
        .filter(pk__in=IdsParam("customers"))
        .annotate(is_handed_over=Exists(Handover.objects.for_system(_WHY).open().filter(customer=OuterRef("pk"))))
        .filter(Q(wants_visit=True) | Q(wait_until__isnull=False) | Q(is_handed_over=True))
        .values_list("pk", "wants_visit", "wait_until", "is_handed_over")
    )
)


class HandoverRefused(ValueError):
    """The hand-over lacks what it needs: a tick on the checklist, somebody of field sales, a sentence, or one is under way."""


@transaction.atomic
def request_handover(
    *,
    actor: User,
    customer: Customer,
    to: User,
    criteria: Iterable[str],
    note: str = "",
    contact: Contact | None = None,
    activity: Activity | None = None,
    within_days: int = ANSWERED_WITHIN_DAYS,
) -> Handover:
    """Ask somebody of field sales to go on with a customer, to be answered within so many working days. Raises HandoverRefused.

    Who expects a visit is marked so, and stays off the phone lists until the mark is taken away.
    """
    demand(actor, "handover.ask")
    hold(customer.pk)
    ticked = [code for code in Criterion.values if code in set(criteria)]
    if not ticked:
        raise HandoverRefused("criteria")
    if not is_field_sales(to):
        raise HandoverRefused("to")
    handover = _begin(actor, customer, to, within_days, criteria=ticked, note=note.strip(), contact=contact, activity=activity)
    _remind(handover, to, FollowUp.Kind.HANDOVER, timezone.localdate())
    if Criterion.EXPECTS_VISIT in ticked and not customer.wants_visit:
        _mark_wish(actor, customer, wants_visit=True)
        handover.marked_wish = True
        handover.save(update_fields=["marked_wish"])
    return handover


@transaction.atomic
def take(*, actor: User, customer: Customer) -> Handover:
    """Field sales takes a customer without being asked; it is accepted in a further step, which takes the opportunities along."""
    demand(actor, "handover.answer")
    hold(customer.pk)
    if not is_field_sales(actor):
        raise HandoverRefused("to")
    return _begin(actor, customer, actor, ANSWERED_WITHIN_DAYS, criteria=[Criterion.KEY_CUSTOMER])


@transaction.atomic
def accept(*, actor: User, handover: Handover, visit_on: dt.date | None = None) -> None:
    """Field sales takes the customer over; with a day of the visit it is asked for the result on the working day after."""
    _demand_answer(actor, handover)
    _move(actor, handover, _State.ACCEPTED, visit_on=visit_on)
    _remind_of_visit(handover)


@transaction.atomic
def set_visit(*, actor: User, handover: Handover, visit_on: dt.date) -> None:
    """Write down, or change, the day agreed with the customer."""
    _demand_answer(actor, handover)
    if handover.state != _State.ACCEPTED:
        raise HandoverRefused("state")
    handover.visit_on = visit_on
    handover.save(update_fields=["visit_on"])
    _remind_of_visit(handover)


@transaction.atomic
def decline(*, actor: User, handover: Handover, reason: str) -> None:
    """Field sales does not take the customer; the reason goes back to whoever asked."""
    _demand_answer(actor, handover)
    if not reason.strip():
        raise HandoverRefused("reason")
    _move(actor, handover, _State.DECLINED, result=reason.strip())
    _bring_back(handover, timezone.localdate())


@transaction.atomic
def hand_back(*, actor: User, handover: Handover, result: str, next_step: str, due_on: dt.date | None = None) -> FollowUp:
    """Field sales gives the customer back with what the visit brought; it falls due next morning, or on the day named."""
    _demand_answer(actor, handover)
    if not result.strip():
        raise HandoverRefused("result")
    _move(actor, handover, _State.RETURNED, result=result.strip(), next_step=next_step.strip())
    _take_wish_away(actor, handover)
    return _bring_back(handover, due_on or timezone.localdate() + dt.timedelta(days=1))


@transaction.atomic
def finish(*, actor: User, handover: Handover, result: str) -> None:
    """Field sales has settled it; nothing is left to do for inside sales."""
    _demand_answer(actor, handover)
    if not result.strip():
        raise HandoverRefused("result")
    _move(actor, handover, _State.DONE, result=result.strip())
    _take_wish_away(actor, handover)


@transaction.atomic
def withdraw(*, actor: User, handover: Handover) -> None:
    """Take back what one asked for, as long as nobody has answered. Raises UndoRefused.

    It is not announced: whoever handed opportunities over with it takes those back himself, to exactly what they were.
    """
    demand(actor, "handover.ask")
    hold(handover.customer_id)
    if handover.by_id != actor.pk or handover.state != _State.REQUESTED:
        raise UndoRefused(handover.pk)
    _move(actor, handover, _State.DECLINED, reason=UNDONE, is_announced=False)
    _take_wish_away(actor, handover)


def withdraw_of_call(*, actor: User, activity: Activity) -> None:
    """Take back what the call that is being undone asked field sales for. Raises UndoRefused where somebody has answered."""
    for handover in Handover.objects.for_system("made by the call being undone").filter(activity=activity):
        withdraw(actor=actor, handover=handover)


@transaction.atomic
def lapse(today: dt.date) -> int:
    """Give back what field sales did not answer in time; how many. A second run gives back none."""
    late = Handover.objects.for_system("nobody answered in time").filter(state=_State.REQUESTED, answer_by__lt=today)
    hold_all(late.values_list("customer", flat=True))
    count = 0
    # Read once the customers are held: what was answered while we waited for them is late no more.
    for handover in late.select_related("customer", "by__team", "to").order_by("customer_id", "pk"):
        _move(None, handover, _State.LAPSED)
        _bring_back(handover, today)
        count += 1
    return count


@transaction.atomic
def say_word(*, actor: User, customer: Customer, word: str, wait_until: dt.date | None = None) -> None:
    """What field sales says about calling one of its customers. Raises HandoverRefused for waiting without a day."""
    demand(actor, "handover.answer")
    hold(customer.pk)
    if word not in FieldWord or (word == FieldWord.WAIT and wait_until is None):
        raise HandoverRefused("word")
    _write(customer, field_word=word, wait_until=wait_until if word == FieldWord.WAIT else None)
    audit.record("customer.field_word", by=actor, customer=customer.pk, word=word)


@transaction.atomic
def wish_visit(*, actor: User, customer: Customer, wants_visit: bool) -> None:
    """Mark, or unmark, that the customer wants to be visited rather than called."""
    demand(actor, "handover.ask")
    hold(customer.pk)
    _mark_wish(actor, customer, wants_visit=wants_visit)
    touch([customer.pk])


def may_answer(actor: User, handover: Handover) -> bool:
    """Whoever was asked, whoever stands in for him, and the management."""
    if handover.to_id == actor.pk or allowed(actor, "opportunity.assign"):
        return True
    return User.objects.followed_up_by(actor, timezone.localdate()).filter(pk=handover.to_id).exists()


def is_field_sales(user: User) -> bool:
    return user.is_active and user.role == Role.FIELD_SALES


def waiting_for(customer_ids: Iterable[int]) -> dict[int, dt.date | None]:
    """Customer id → until when inside sales leaves him to field sales, None for as long as it takes; others are missing."""
    rows = _WITH_FIELD_SALES(customers=customer_ids)
    return {pk: None if wants_visit or is_handed_over else wait_until for pk, wants_visit, wait_until, is_handed_over in rows}


def _begin(actor: User, customer: Customer, to: User, within_days: int, **values) -> Handover:
    if Handover.objects.for_system("one at a time").open().filter(customer=customer).exists():
        raise HandoverRefused("open")
    handover = Handover.objects.create(
        customer=customer, by=actor, to=to, requested_at=timezone.now(),
        answer_by=add_working_days(timezone.localdate(), within_days, holiday_state(to)), **values,
    )  # fmt: skip
    HandoverTransition.objects.create(handover=handover, by=actor, to_state=_State.REQUESTED)
    touch([customer.pk])
    return handover


def _demand_answer(actor: User, handover: Handover) -> None:
    demand(actor, "handover.see")
    hold(handover.customer_id)
    if not may_answer(actor, handover):
        raise PermissionDenied("handover of somebody else")


def _move(actor: User | None, handover: Handover, to_state: str, *, reason: str = "", is_announced: bool = True, **changes) -> None:
    """One step: what was due for field sales is settled with it. Raises TransitionRefused and StateConflict."""
    transition = HandoverTransition(handover=handover, by=actor, reason=reason.strip()[:200])
    change_state(handover, to_state, steps=STEPS, transition=transition, **changes)
    _due(handover, FollowUp.Kind.HANDOVER).update(done_at=timezone.now())
    if is_announced:
        handover_changed.send(Handover, handover=handover, actor=actor, to_state=to_state)
    touch([handover.customer_id])


def _remind_of_visit(handover: Handover) -> None:
    state = holiday_state(handover.to)
    days = 1 if handover.visit_on else VISIT_FIXED_WITHIN_DAYS
    due_on = add_working_days(handover.visit_on or timezone.localdate(), days, state)
    _due(handover, FollowUp.Kind.HANDOVER).update(done_at=timezone.now())
    _remind(handover, handover.to, FollowUp.Kind.HANDOVER, due_on)


def _bring_back(handover: Handover, due_on: dt.date) -> FollowUp:
    """To whoever asked; what field sales took by itself to the customer's owner, or to the one who took it."""
    person = handover.by if handover.by_id != handover.to_id else handover.customer.owner or handover.by
    return _remind(handover, person, FollowUp.Kind.HAND_BACK, due_on)


def _remind(handover: Handover, person: User, kind: str, due_on: dt.date) -> FollowUp:
    """The follow-up of this step."""
    return make_once(
        origin=f"handover:{handover.pk}", kind=kind, due_on=next_working_day(due_on, holiday_state(person)),
        customer_id=handover.customer_id, contact_id=handover.contact_id, assignee=person, handover=handover,
    )  # fmt: skip


def _due(handover: Handover, kind: str):
    return FollowUp.objects.for_system("reminders of a hand-over").open().filter(handover=handover, kind=kind)


def _take_wish_away(actor: User, handover: Handover) -> None:
    """The wish for a visit that this hand-over wrote down is fulfilled, or was a mistake."""
    if handover.marked_wish:
        _mark_wish(actor, handover.customer, wants_visit=False)


def _mark_wish(actor: User, customer: Customer, *, wants_visit: bool) -> None:
    if customer.wants_visit != wants_visit:
        _write(customer, wants_visit=wants_visit)
        audit.record("customer.wants_visit", by=actor, customer=customer.pk, wants_visit=wants_visit)


def _write(customer: Customer, **values) -> None:
    found = Customer.objects.for_system("the caller found him by visible_to").filter(pk=customer.pk)
    found.update(**values, version=F("version") + 1)
    for name, value in values.items():
        setattr(customer, name, value)
    touch([customer.pk])
