"""What a call brings for a reason: answers move its opportunity from state to state, and back when the call is undone."""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal

from django.db import transaction
from django.db.models import F

from accounts.permissions import demand
from campaigns import parting
from campaigns.models import LostReason, Opportunity, OpportunityAnswer, OpportunityItem, OpportunityTransition
from campaigns.steps import STEPS, Answer, State, find_step
from customers.blocks import block_contact
from customers.locks import hold
from customers.models import Activity
from customers.touched import touch
from customers.undo import UNDONE
from innendienst.lib.transitions import StateConflict, change_state

_PARTING = frozenset({Answer.CONTACTED, Answer.LATER, Answer.INTERESTED, Answer.WON, Answer.LOST})
"""Answers of the customer: about the product group on top. The others are ours and concern all that the rep saw."""
_KEPT = ("state", "subject_key", "owner_id", "tries_count", "rests_until", "won_amount", "won_on", "lost_reason")


class AnswerRefused(ValueError):
    """The answer lacks what it needs: an amount above 0 for won, a reason for lost."""


@transaction.atomic
def answer_opportunity(
    *,
    actor,
    opportunity: Opportunity,
    answer: str,
    activity: Activity | None = None,
    amount: Decimal | None = None,
    reason: str = "",
) -> OpportunityAnswer | None:
    """Take down an answer and move the opportunity accordingly; "not discussed" leaves no trace.

    What the customer said belongs to the product group of the article on top; the other articles stay a suggestion.
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
    before, owner_id = _kept(opportunity, _KEPT), opportunity.owner_id
    to_state, changes = find_step(opportunity, answer, amount=amount, reason=reason)
    items = parting.items_of(opportunity)
    if opportunity.state == State.SUGGESTED:
        changes |= {"subject_key": _subject_key(items), "owner": actor}
        _refuse_second(opportunity, to_state, changes["subject_key"])
    is_parting = answer in _PARTING and reason != LostReason.NO_CONTACT
    parted = parting.part(opportunity, items) if is_parting else None
    if parted:
        before |= _kept(opportunity, parting.VALUED)
        changes |= parted.changes
    _move(actor, opportunity, to_state, STEPS, activity, changes.get("lost_reason", ""), changes)
    if parted:
        before["parted"] = parting.carry_out(opportunity, parted, owner_id)
    if reason == LostReason.NO_CONTACT:
        block_contact(actor=actor, customer=opportunity.customer, activity=activity, reason="no contact wanted")
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
    to_state, parted = before.pop("state"), before.pop("parted", None)
    _refuse_second(opportunity, to_state, before.get("subject_key", opportunity.subject_key))
    if parted:
        parting.join(opportunity, parted)
    if to_state == State.SUGGESTED:
        _drop_newer_suggestion(opportunity)
    back = {opportunity.state: frozenset({to_state})}
    _move(actor, opportunity, to_state, back, answer.activity, UNDONE, before)
    touch([opportunity.customer_id])
    answer.delete()


def _move(
    actor,
    opportunity: Opportunity,
    to_state: str,
    steps: Mapping[str, frozenset[str]],
    activity: Activity | None,
    reason: str,
    changes: dict,
) -> None:
    """Write the changes; each raises the version, also where the state stays, so that nobody overwrites them unseen."""
    if to_state != opportunity.state:
        transition = OpportunityTransition(opportunity=opportunity, activity=activity, by=actor, reason=reason)
        change_state(opportunity, to_state, steps=steps, transition=transition, **changes)
        return
    as_seen = Opportunity.objects.for_system("found by the caller").filter(pk=opportunity.pk, version=opportunity.version)
    if as_seen.update(version=F("version") + 1, **changes) == 0:
        raise StateConflict(f"opportunity {opportunity.pk}")
    opportunity.version += 1


def _subject_key(items: Sequence[OpportunityItem]) -> str:
    """What an answered opportunity is about: the product group of its best article; without a group, that article."""
    if not items:
        return "-"
    best = items[0].product
    return f"product:{best.pk}" if best.group_id is None else f"group:{best.group_id}"


def _refuse_second(opportunity: Opportunity, to_state: str, subject_key: str) -> None:
    """Raise StateConflict where an open opportunity of this kind is about the same (domain guide 2.1, "must never happen")."""
    if to_state == State.SUGGESTED or to_state in Opportunity.CLOSED:
        return
    same = Opportunity.objects.for_system("open once per subject").filter(
        customer=opportunity.customer_id, kind=opportunity.kind, subject_key=subject_key
    )
    if same.exclude(pk=opportunity.pk).exclude(state__in=[State.SUGGESTED, *Opportunity.CLOSED]).exists():
        raise StateConflict(f"another opportunity about {subject_key}")


def _drop_newer_suggestion(opportunity: Opportunity) -> None:
    """Make room for a suggestion that comes back: what the rules suggested in its place meanwhile goes."""
    Opportunity.objects.for_system("suggestions are computed").suggested().filter(
        customer=opportunity.customer_id, kind=opportunity.kind
    ).exclude(pk=opportunity.pk).delete()


def _kept(opportunity: Opportunity, names: Sequence[str]) -> dict:
    values = {name: getattr(opportunity, name) for name in names}
    return {name: str(value) if isinstance(value, (Decimal, dt.date)) else value for name, value in values.items()}
