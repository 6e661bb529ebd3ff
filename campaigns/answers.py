"""What a call brings for a reason: answers move its opportunity from state to state, and back when the call is undone."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from django.db import transaction

from accounts.permissions import allowed, demand
from campaigns import parting, quotes, reminders
from campaigns.models import LostReason, Opportunity, OpportunityAnswer, OrderMatch
from campaigns.moving import drop_newer_suggestion, move, refuse_second, subject_key
from campaigns.quotes import Offer
from campaigns.special.results import is_used_up, warn_of_budget
from campaigns.steps import STEPS, Answer, State, find_step
from customers.blocks import block_contact
from customers.locks import hold
from customers.models import Activity
from customers.touched import touch
from customers.undo import UNDONE
from innendienst.lib.transitions import StateConflict

_PARTING = frozenset({Answer.CONTACTED, Answer.LATER, Answer.INTERESTED, Answer.OFFERED, Answer.WON, Answer.LOST})
"""Answers of the customer: about the product group on top. The others are ours and concern all that the rep saw."""
_STILL_TO_DO = frozenset({Answer.NOT_REACHED, Answer.PLANNED})
"""What was to be done is to be done still, so its reminders stand."""
_KEPT = (
    "state", "subject_key", "owner_id", "tries_count", "opened_on", "talked_on", "rests_until", "won_amount", "won_on", "lost_reason",
    "handover_id",
)  # fmt: skip


class AnswerRefused(ValueError):
    """The answer lacks what it needs: an amount above 0 for won or a quote, a reason for lost, a budget that is not used up."""


def demand_offer(actor, opportunity: Opportunity, sent: Offer | None) -> None:
    """Whether this may be offered, in a call or beside it: once the budget of a campaign is used up, by the management alone.

    Raises AnswerRefused.
    """
    if sent is None or sent.refusal:
        raise AnswerRefused(sent.refusal if sent else "amount")
    if opportunity.campaign and is_used_up(opportunity.campaign) and not allowed(actor, "campaign.approve"):
        raise AnswerRefused("budget")


@transaction.atomic
def answer_opportunity(
    *,
    actor,
    opportunity: Opportunity,
    answer: str,
    activity: Activity | None = None,
    amount: Decimal | None = None,
    reason: str = "",
    offer: Offer | None = None,
) -> OpportunityAnswer | None:
    """Take down an answer and move the opportunity accordingly; "not discussed" leaves no trace.

    What the customer said belongs to the product group of the article on top; the other articles stay a suggestion. The
    answer "quote" comes with its offer, which is written down as the next version.
    Raises AnswerRefused, and StateConflict when somebody else answered meanwhile or talks about the same group already.
    """
    demand(actor, "opportunity.answer")
    if answer == Answer.NOT_DISCUSSED:
        return None
    if answer == Answer.WON and not (amount and amount > 0):
        raise AnswerRefused("amount")
    if answer in {Answer.LOST, Answer.DISMISSED} and not reason:
        raise AnswerRefused("reason")
    hold(opportunity.customer_id)
    if answer == Answer.OFFERED:
        demand_offer(actor, opportunity, offer)
    to_state, changes = find_step(opportunity, answer, amount=amount, reason=reason)
    given = take_down(actor, opportunity, answer, to_state, changes, activity=activity, amount=amount, reason=reason)
    if offer is not None and answer == Answer.OFFERED:
        given.before["quote"] = quotes.write(opportunity, offer, actor).pk
        given.save(update_fields=["before"])
    return given


def take_down(
    actor,
    opportunity: Opportunity,
    answer: str,
    to_state: str,
    changes: dict,
    *,
    activity: Activity | None = None,
    amount: Decimal | None = None,
    reason: str = "",
) -> OpportunityAnswer:
    """Move the opportunity and keep what it was before; the caller holds the customer. `changes` are columns that change with it."""
    before, owner_id = _kept(opportunity, _KEPT), opportunity.owner_id
    items = parting.items_of(opportunity)
    if opportunity.state == State.SUGGESTED:
        changes = {"owner": actor, **changes, "subject_key": subject_key(opportunity, items)}
        refuse_second(opportunity, to_state, changes["subject_key"])
    is_parting = answer in _PARTING and reason != LostReason.NO_CONTACT
    parted = parting.part(opportunity, items) if is_parting else None
    if parted:
        before |= _kept(opportunity, parting.VALUED)
        changes |= parted.changes
    if opportunity.state != State.SUGGESTED and answer not in _STILL_TO_DO:
        before["settled"] = reminders.settle(opportunity, activity)
    move(actor, opportunity, to_state, STEPS, activity, changes.get("lost_reason", ""), changes)
    if parted:
        before["parted"] = parting.carry_out(opportunity, parted, owner_id)
    if reason == LostReason.NO_CONTACT:
        block_contact(actor=actor, customer=opportunity.customer, activity=activity, reason="no contact wanted")
    if to_state == State.WON and opportunity.campaign:
        warn_of_budget(opportunity.campaign)  # the discount it was won with is spent
    if activity is None:  # a call that brings one has marked the customer already
        touch([opportunity.customer_id])
    return OpportunityAnswer.objects.create(
        opportunity=opportunity, activity=activity, answer=answer, amount=amount, reason=reason, before=before
    )


@transaction.atomic
def undo_answers(*, actor, activity: Activity) -> None:
    """Put the opportunities that a call answered back into what they were, the last one first, each as a further transition."""
    demand(actor, "opportunity.answer")
    hold(activity.customer_id)
    for answer in activity.opportunity_answers.select_related("opportunity").order_by("-pk"):
        undo_answer(actor=actor, answer=answer)


@transaction.atomic
def undo_answer(*, actor, answer: OpportunityAnswer) -> None:
    """Put one opportunity back into what it was before it was answered. Raises StateConflict when it went on since."""
    demand(actor, "opportunity.answer")
    opportunity, before = answer.opportunity, dict(answer.before)
    hold(opportunity.customer_id)
    if opportunity.answers.filter(pk__gt=answer.pk).exists():
        raise StateConflict(f"opportunity {opportunity.pk} was answered again")
    if opportunity.order_matches.filter(state__in=[OrderMatch.State.TAKEN, OrderMatch.State.BOUGHT]).exists():
        raise StateConflict(f"opportunity {opportunity.pk} was closed by an order")
    to_state, parted, settled = before.pop("state"), before.pop("parted", None), before.pop("settled", [])
    planned_for, quote_id = before.pop("planned_for", None), before.pop("quote", None)
    refuse_second(opportunity, to_state, before.get("subject_key", opportunity.subject_key))
    if parted:
        parting.join(opportunity, parted)
    if to_state == State.SUGGESTED:
        drop_newer_suggestion(opportunity)
    back = {opportunity.state: frozenset({to_state})}
    move(actor, opportunity, to_state, back, answer.activity, UNDONE, before)
    reminders.bring_back(settled)
    if quote_id is not None:
        quotes.take_back(quote_id)
    if planned_for is not None:
        reminders.plan_again(opportunity, planned_for)
    touch([opportunity.customer_id])
    answer.delete()


def _kept(opportunity: Opportunity, names: Sequence[str]) -> dict:
    values = {name: getattr(opportunity, name) for name in names}
    return {name: str(value) if isinstance(value, (Decimal, dt.date)) else value for name, value in values.items()}
