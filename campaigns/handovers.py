"""Opportunities go with their customer to field sales and back (domain guide 2.1)."""

from collections.abc import Iterable

from django.db import transaction

from accounts.models import User
from accounts.permissions import demand
from campaigns.answers import take_down, undo_answer
from campaigns.models import Opportunity, OpportunityAnswer
from campaigns.moving import move
from campaigns.steps import STEPS, Answer
from customers.locks import hold
from customers.models import Activity, Handover

State = Opportunity.State
_WHY = "what goes with a hand-over"
HANDED_OVER_FROM = frozenset(state for state, following in STEPS.items() if State.HANDOVER_REQUESTED in following)


@transaction.atomic
def hand_over(*, actor: User, opportunities: Iterable[Opportunity], handover: Handover, activity: Activity | None = None) -> None:
    """Hand these over with their customer, each as a whole; raises TransitionRefused and StateConflict."""
    demand(actor, "opportunity.answer")
    hold(handover.customer_id)
    for opportunity in opportunities:
        take_down(actor, opportunity, Answer.HANDED_OVER, State.HANDOVER_REQUESTED, {"handover": handover}, activity=activity)


@transaction.atomic
def take_back(*, actor: User, handover: Handover) -> None:
    """The request was withdrawn: what was handed over is exactly what it was before."""
    answers = OpportunityAnswer.objects.filter(answer=Answer.HANDED_OVER, opportunity__handover=handover)
    for answer in answers.select_related("opportunity__customer").order_by("-pk"):
        undo_answer(actor=actor, answer=answer)


def follow(handover: Handover, actor: User | None, to_state: str) -> None:
    """Move what was handed over along with the hand-over; what was won or lost meanwhile stays so.

    What nobody takes is what it was before; a mere suggestion is planned, since somebody has taken it up.
    """
    at_field_sales, asked = _of(handover, State.WITH_FIELD_SALES), _of(handover, State.HANDOVER_REQUESTED)
    match to_state:
        case Handover.State.ACCEPTED:
            _move_all(asked, actor, State.WITH_FIELD_SALES)
        case Handover.State.RETURNED:
            _move_all(at_field_sales, actor, State.RETURNED)
        case Handover.State.DECLINED | Handover.State.LAPSED:
            for opportunity in asked:
                before = opportunity.transitions.filter(to_state=State.HANDOVER_REQUESTED).order_by("-pk").first()
                known = before.from_state if before and before.from_state in STEPS[State.HANDOVER_REQUESTED] else State.PLANNED
                move(actor, opportunity, known, STEPS, None, to_state, {})


def _of(handover: Handover, state: str) -> list[Opportunity]:
    found = Opportunity.objects.for_system(_WHY).filter(handover=handover, state=state)
    return list(found.select_related("customer").order_by("pk"))


def _move_all(opportunities: list[Opportunity], actor: User | None, state: str) -> None:
    for opportunity in opportunities:
        move(actor, opportunity, state, STEPS, None, "", {})
