"""What becomes of a case: a call that reaches the customer contacts it, a sentence closes it, and both can be taken back.

The call settles the follow-up that was due and thereby contacts the case; undoing the call undoes both.
"""

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.permissions import demand
from customers.locks import hold
from customers.models import Activity, Complaint, FollowUp
from customers.touched import touch
from innendienst.lib.prepared import Param, Prepared
from innendienst.lib.transitions import change_state
from nps.cases import KINDS, case_id_of, follow_ups_of
from nps.models import Case, CaseTransition

_WHY = "a case belongs to its customer"
_State = Case.State
_SETTLED_BY = Prepared(lambda: FollowUp.objects.for_system(_WHY).filter(done_by=Param("call"), kind__in=KINDS))
STEPS: Mapping[str, frozenset[str]] = {
    _State.OPEN: frozenset({_State.CONTACTED, _State.CLOSED}),
    _State.CONTACTED: frozenset({_State.CLOSED, _State.OPEN}),
    _State.CLOSED: frozenset({_State.OPEN, _State.CONTACTED}),
}


@transaction.atomic
def close_case(*, actor: User, case: Case, sentence: str) -> None:
    """Say what came of it; what still falls due for it goes. Raises TransitionRefused and StateConflict."""
    demand(actor, "call.log")
    hold(case.customer_id)
    step = CaseTransition(case=case, by=actor, reason=sentence)
    change_state(case, _State.CLOSED, steps=STEPS, transition=step, closed_on=timezone.localdate())
    follow_ups_of(case).open().update(done_at=timezone.now())
    touch([case.customer_id])


@transaction.atomic
def reopen_case(*, actor: User, case: Case) -> None:
    """Take closing back: the case falls due again, unless a call has contacted the customer already."""
    demand(actor, "call.log")
    hold(case.customer_id)
    to_state = _State.CONTACTED if case.activity_id else _State.OPEN
    change_state(case, to_state, steps=STEPS, transition=CaseTransition(case=case, by=actor), closed_on=None)
    if to_state == _State.OPEN:
        follow_ups_of(case).filter(done_by=None).update(done_at=None)
    touch([case.customer_id])


def contact_by(activity: Activity) -> None:
    """A call that was just recorded: the cases whose follow-ups it settled are contacted where somebody was reached.

    A complaint the call raised belongs to the case. The caller holds the customer.
    """
    if not activity.is_reached:
        return
    ids = [pk for follow_up in _SETTLED_BY(call=activity.pk) if (pk := case_id_of(follow_up))]
    complaint = Complaint.objects.for_system(_WHY).filter(activity=activity).first() if ids else None
    for case in Case.objects.for_system(_WHY).filter(pk__in=ids, state=_State.OPEN):
        step = CaseTransition(case=case, by=activity.by)
        change_state(case, _State.CONTACTED, steps=STEPS, transition=step, activity=activity, complaint=complaint)


def undo_contact(activity: Activity) -> None:
    """The call was undone: what it contacted is open again."""
    for case in Case.objects.for_system(_WHY).filter(activity=activity, state=_State.CONTACTED):
        step = CaseTransition(case=case, by=activity.by)
        change_state(case, _State.OPEN, steps=STEPS, transition=step, activity=None, complaint=None)
