"""What people do with an opportunity beside a call: one function per act (domain guide 2.1).

The states and steps are those of a call's answers (steps.py), and so are the rows that remember them: what one act did another
one takes back. Every function checks the right, holds the customer and writes in one transaction.
"""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import allowed, demand
from campaigns import quotes, reminders
from campaigns.answers import AnswerRefused, answer_opportunity, demand_offer, take_down, undo_answer
from campaigns.models import Opportunity, OpportunityAnswer, OrderMatch, Quote, ReopenReason
from campaigns.moving import move, refuse_second
from campaigns.quotes import Offer
from campaigns.steps import REOPENED, STEPS, Answer, find_step
from customers.locks import hold
from customers.touched import touch
from innendienst.lib.transitions import StateConflict, TransitionRefused

State = Opportunity.State


class Act(models.TextChoices):
    """What can be done, in the order in which a page offers it."""

    PLAN = "plan", _("Plan")
    CONTACT = "contact", _("Discussed")
    INTEREST = "interest", _("Interested")
    OFFER = "offer", _("Quote sent")
    WIN = "win", _("Won")
    LOSE = "lose", _("No need")
    DISMISS = "dismiss", _("Does not fit")
    REOPEN = "reopen", _("Reopen")


_LEADS_TO = {
    Act.PLAN: State.PLANNED,
    Act.CONTACT: State.CONTACTED,
    Act.INTEREST: State.INTERESTED,
    Act.OFFER: State.OFFERED,
    Act.WIN: State.WON,
    Act.LOSE: State.LOST,
    Act.DISMISS: State.DISMISSED,
    Act.REOPEN: State.PLANNED,
}
_AGAIN = frozenset({Act.PLAN, Act.OFFER})
"""Acts that make sense in the state they lead to: another day, the next version of a quote."""
_FROM_SUGGESTED = frozenset({State.SUGGESTED, State.PLANNED})


class ActImpossible(TransitionRefused):
    """The opportunity is in a state from which this act does not lead on."""

    def __init__(self, opportunity: Opportunity, act: str) -> None:
        super().__init__(f"{act} from {opportunity.state}")
        self.opportunity, self.act = opportunity, act


def possible_acts(state: str) -> list[Act]:
    """What can be done in a state."""
    return [act for act in Act if is_possible(act, state)]


def is_possible(act: str, state: str) -> bool:
    if act == Act.REOPEN:
        return state in REOPENED
    if state == State.HANDOVER_REQUESTED:  # field sales has the word
        return False
    to_state = _LEADS_TO[Act(act)]
    if state == to_state:
        return act in _AGAIN
    # Whom one has spoken with about it is not discussed for the first time.
    return to_state in STEPS.get(state, ()) and (act != Act.CONTACT or state in _FROM_SUGGESTED)


@transaction.atomic
def plan(*, actor: User, opportunity: Opportunity, due_on: dt.date) -> OpportunityAnswer:
    """Take it up for a day, moved to a working day; the whole reason, since nobody has answered anything yet."""
    _demand(actor, opportunity, Act.PLAN)
    answer = take_down(actor, opportunity, Answer.PLANNED, State.PLANNED, {})
    _keep_day(answer, reminders.plan_on(actor=actor, opportunity=opportunity, due_on=due_on)[1])
    return answer


@transaction.atomic
def assign(*, actor: User, opportunity: Opportunity, owner: User, due_on: dt.date) -> OpportunityAnswer:
    """Entrust it to a person: a suggestion is planned for the day, what is under way changes hands with all that is due."""
    demand(actor, "opportunity.assign")
    if not allowed(owner, "opportunity.answer"):
        raise AnswerRefused("owner")
    hold(opportunity.customer_id)
    if opportunity.state in Opportunity.CLOSED:
        raise ActImpossible(opportunity, Act.PLAN)
    to_state = State.PLANNED if opportunity.state == State.SUGGESTED else opportunity.state
    answer = take_down(actor, opportunity, Answer.PLANNED, to_state, {"owner": owner})
    reminders.hand_on(opportunity, owner)
    if to_state == State.PLANNED:
        _keep_day(answer, reminders.plan_on(actor=actor, opportunity=opportunity, due_on=due_on)[1])
    return answer


@transaction.atomic
def contact(*, actor: User, opportunity: Opportunity) -> OpportunityAnswer:
    """It was talked about otherwise than in a call: at the counter, in a visit."""
    _demand(actor, opportunity, Act.CONTACT)
    return _answered(actor, opportunity, Answer.CONTACTED)


@transaction.atomic
def interest(*, actor: User, opportunity: Opportunity) -> OpportunityAnswer:
    """The customer is interested; from a quote it leads back to talking about it."""
    _demand(actor, opportunity, Act.INTEREST)
    return take_down(actor, opportunity, Answer.INTERESTED, State.INTERESTED, {})


@transaction.atomic
def offer(*, actor: User, opportunity: Opportunity, sent: Offer) -> Quote:
    """A quote was sent: its first version, or the next one, which leaves the former ones as they are.

    Raises FileRefused, and AnswerRefused for an amount of nothing, a validity that ends before the quote was sent, or a campaign
    whose budget is used up: then the management alone offers.
    """
    _demand(actor, opportunity, Act.OFFER)
    demand_offer(actor, opportunity, sent)
    take_down(actor, opportunity, Answer.OFFERED, State.OFFERED, {}, amount=sent.net_amount)
    return quotes.write(opportunity, sent, actor)


@transaction.atomic
def win(*, actor: User, opportunity: Opportunity, amount: Decimal | None, order_number: str = "") -> OpportunityAnswer:
    """The customer orders; the number of the order where it is known already. Raises AnswerRefused without an amount."""
    _demand(actor, opportunity, Act.WIN)
    if not (amount and amount > 0):
        raise AnswerRefused("amount")
    to_state, changes = find_step(opportunity, Answer.WON, amount=amount, reason="")
    return take_down(actor, opportunity, Answer.WON, to_state, {**changes, "order_number": order_number}, amount=amount)


@transaction.atomic
def name_order(*, actor: User, opportunity: Opportunity, order_number: str) -> None:
    """Write down by which order of the ERP a won one became real; the amount agreed on stands."""
    demand(actor, "opportunity.answer")
    hold(opportunity.customer_id)
    if opportunity.state != State.WON:
        raise ActImpossible(opportunity, Act.WIN)
    move(actor, opportunity, State.WON, STEPS, None, "", {"order_number": order_number})


@transaction.atomic
def lose(*, actor: User, opportunity: Opportunity, reason: str) -> OpportunityAnswer:
    """The customer does not want it. Who wants no contact at all is blocked as well."""
    _demand(actor, opportunity, Act.LOSE)
    return _answered(actor, opportunity, Answer.LOST, reason=reason)


@transaction.atomic
def dismiss(*, actor: User, opportunity: Opportunity, reason: str) -> OpportunityAnswer:
    """It does not fit this customer and rests."""
    _demand(actor, opportunity, Act.DISMISS)
    return _answered(actor, opportunity, Answer.DISMISSED, reason=reason)


@transaction.atomic
def reopen(*, actor: User, opportunity: Opportunity, reason: str, due_on: dt.date) -> None:
    """Take up a closed one again, for a day: its owner may, and the management, each with a reason (ReopenReason)."""
    if opportunity.owner_id != actor.pk:
        demand(actor, "opportunity.assign")
    _demand(actor, opportunity, Act.REOPEN)
    if reason not in ReopenReason:
        raise AnswerRefused("reason")
    refuse_second(opportunity, State.PLANNED, opportunity.subject_key)
    none = {"won_amount": None, "won_on": None, "lost_reason": "", "rests_until": None, "order_number": "", "tries_count": 0}
    anew = {**none, "is_bought_unasked": False, "opened_on": timezone.localdate(), "talked_on": None}
    move(actor, opportunity, State.PLANNED, REOPENED, None, reason, {**anew, "owner": opportunity.owner or actor})
    opportunity.order_matches.update(state=OrderMatch.State.REFUSED, by=actor)  # the order that closed it closes it no second time
    reminders.plan_on(actor=actor, opportunity=opportunity, due_on=due_on)
    touch([opportunity.customer_id])


@transaction.atomic
def undo(*, actor: User, answers: Sequence[OpportunityAnswer]) -> int:
    """Take back what these acts did, as far as nobody went on since; how many that were."""
    undone = 0
    for answer in answers:
        try:
            with transaction.atomic():
                undo_answer(actor=actor, answer=answer)
        except StateConflict:
            continue
        undone += 1
    return undone


def _demand(actor: User, opportunity: Opportunity, act: Act) -> None:
    """The right, the customer held, and a state in which the act is possible."""
    demand(actor, "opportunity.answer")
    hold(opportunity.customer_id)
    if not is_possible(act, opportunity.state):
        raise ActImpossible(opportunity, act)


def _answered(actor: User, opportunity: Opportunity, answer: str, *, reason: str = "") -> OpportunityAnswer:
    given = answer_opportunity(actor=actor, opportunity=opportunity, answer=answer, reason=reason)
    assert given is not None
    return given


def _keep_day(answer: OpportunityAnswer, planned_for: str) -> None:
    """Remember for which day it was planned before, "" for none, so that undoing brings that day back."""
    answer.before["planned_for"] = planned_for
    answer.save(update_fields=["before"])


def may_reopen(actor: User, opportunity: Opportunity) -> bool:
    return opportunity.owner_id == actor.pk or allowed(actor, "opportunity.assign")


def default_day() -> dt.date:
    """For when something is planned unless somebody says otherwise."""
    return timezone.localdate() + dt.timedelta(days=1)
