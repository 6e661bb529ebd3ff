"""Closing the loop: a critical answer comes back to its customer's owner at once, to be talked about within working days.

What falls due is a FollowUp of a kind of its own; the Case says what became of it. A call that reaches the customer settles the
follow-up and thereby contacts the case, undoing the call undoes both.
"""

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.permissions import allowed, demand
from customers.follow_ups import holiday_state
from customers.locks import hold
from customers.models import Activity, Complaint, FollowUp
from customers.touched import touch
from innendienst.base import preferences
from innendienst.lib.dates import add_working_days, next_working_day
from innendienst.lib.transitions import change_state
from nps.models import Case, CaseTransition, Response
from nps.preferences import NpsPreferences
from nps.statistics import group_of

_WHY = "a case belongs to its customer"
_State = Case.State
STEPS: Mapping[str, frozenset[str]] = {
    _State.OPEN: frozenset({_State.CONTACTED, _State.CLOSED}),
    _State.CONTACTED: frozenset({_State.CLOSED, _State.OPEN}),
    _State.CLOSED: frozenset({_State.OPEN, _State.CONTACTED}),
}


KINDS = {FollowUp.Kind.NPS_CASE: Case.Kind.DETRACTOR, FollowUp.Kind.NPS_PASSIVE: Case.Kind.PASSIVE}
"""What falls due, and for which kind of case."""
_FALLS_DUE = {case: follow_up for follow_up, case in KINDS.items()}


def origin_of(case: Case) -> str:
    """How a follow-up names the case it is about."""
    return f"nps_case:{case.pk}"


def case_id_of(follow_up: FollowUp) -> int | None:
    """The case that a follow-up is about."""
    app, _colon, pk = follow_up.origin.partition(":")
    return int(pk) if app == "nps_case" and pk.isdecimal() else None


def follow(response: Response, *, is_new: bool = False) -> None:
    """Open a case for a detractor's or passive's answer; one that turned into praise drops the case nobody has taken up.

    Only where the invitation said that the owner sees the answer. The caller holds the customer; a new answer has no case yet.
    """
    kind, known = group_of(response.rating), None if is_new else _of(response)
    if kind == "promoter" or not response.wave.shows_names:
        if known is not None and known.state == _State.OPEN:
            drop(response)
        return
    days = _days(kind)
    person = _person(response)
    state = holiday_state(person) if person else ""
    due_on = add_working_days(response.answered_on, days, state)
    if known is not None:
        if known.state == _State.OPEN:
            Case.objects.for_system(_WHY).filter(pk=known.pk).update(kind=kind, due_on=due_on)
            _follow_ups(known).open().update(kind=_FALLS_DUE[Case.Kind(kind)])
        return
    case = Case.objects.create(response=response, customer=response.customer, kind=kind, opened_on=response.answered_on, due_on=due_on)
    CaseTransition.objects.create(case=case, to_state=_State.OPEN)
    FollowUp.objects.create(
        customer=response.customer, contact_id=response.invitation and response.invitation.contact_id, assignee=person,
        kind=_FALLS_DUE[Case.Kind(kind)], origin=origin_of(case), due_on=next_working_day(response.answered_on, state),
    )  # fmt: skip
    touch([response.customer_id])


def drop(response: Response) -> None:
    """Forget the case of an answer that is taken back, with what fell due for it. The caller holds the customer."""
    case = _of(response)
    if case is None:
        return
    _follow_ups(case).open().delete()
    case.delete()
    touch([response.customer_id])


def drop_open(response: Response) -> None:
    """Forget the case of an answer unless somebody has taken it up. The caller holds the customer."""
    case = _of(response)
    if case is not None and case.state == _State.OPEN:
        drop(response)


@transaction.atomic
def close_case(*, actor: User, case: Case, sentence: str) -> None:
    """Say what came of it; what still falls due for it goes. Raises TransitionRefused and StateConflict."""
    demand(actor, "call.log")
    hold(case.customer_id)
    step = CaseTransition(case=case, by=actor, reason=sentence)
    change_state(case, _State.CLOSED, steps=STEPS, transition=step, closed_on=timezone.localdate())
    _follow_ups(case).open().update(done_at=timezone.now())
    touch([case.customer_id])


@transaction.atomic
def reopen_case(*, actor: User, case: Case) -> None:
    """Take closing back: the case falls due again, unless a call has contacted the customer already."""
    demand(actor, "call.log")
    hold(case.customer_id)
    to_state = _State.CONTACTED if case.activity_id else _State.OPEN
    change_state(case, to_state, steps=STEPS, transition=CaseTransition(case=case, by=actor), closed_on=None)
    if to_state == _State.OPEN:
        _follow_ups(case).filter(done_by=None).update(done_at=None)
    touch([case.customer_id])


def contact_by(activity: Activity) -> None:
    """A call that was just recorded: the cases whose follow-ups it settled are contacted where somebody was reached.

    A complaint the call raised belongs to the case. The caller holds the customer.
    """
    if not activity.is_reached:
        return
    settled = FollowUp.objects.for_system(_WHY).filter(done_by=activity, kind__in=KINDS)
    ids = [pk for follow_up in settled if (pk := case_id_of(follow_up))]
    complaint = Complaint.objects.for_system(_WHY).filter(activity=activity).first() if ids else None
    for case in Case.objects.for_system(_WHY).filter(pk__in=ids, state=_State.OPEN):
        step = CaseTransition(case=case, by=activity.by)
        change_state(case, _State.CONTACTED, steps=STEPS, transition=step, activity=activity, complaint=complaint)


def undo_contact(activity: Activity) -> None:
    """The call was undone: what it contacted is open again."""
    for case in Case.objects.for_system(_WHY).filter(activity=activity, state=_State.CONTACTED):
        step = CaseTransition(case=case, by=activity.by)
        change_state(case, _State.OPEN, steps=STEPS, transition=step, activity=None, complaint=None)


def _days(kind: str) -> int:
    stored = preferences.get(NpsPreferences)
    return stored.detractor_days if kind == "detractor" else stored.passive_days


def _person(response: Response) -> User | None:
    """Who is to talk with the customer: the owner where he draws a list, else who made the survey."""
    owner = response.customer.owner if response.customer else None
    if owner is not None and owner.is_active and allowed(owner, "day.work"):
        return owner
    return response.wave.made_by


def _of(response: Response) -> Case | None:
    return Case.objects.for_system(_WHY).filter(response=response).first()


def _follow_ups(case: Case):
    return FollowUp.objects.for_system(_WHY).filter(customer=case.customer_id, origin=origin_of(case))
