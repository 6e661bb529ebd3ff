"""What a call brings for a reason: answers move its opportunity from state to state, and back when the call is undone."""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.permissions import demand
from campaigns import parting
from campaigns.models import LostReason, Opportunity, OpportunityAnswer, OpportunityItem, OpportunityTransition
from campaigns.preferences import CampaignsPreferences
from customers.blocks import block_contact
from customers.locks import hold
from customers.models import Activity
from customers.models.activities import Outcome
from customers.touched import touch
from customers.undo import UNDONE
from innendienst.base import preferences
from innendienst.lib.transitions import StateConflict, change_state

Answer = OpportunityAnswer.Answer
State = Opportunity.State

TRIES_MOST = 4
_TALKS = frozenset({State.INTERESTED, State.OFFERED, State.WON, State.LOST, State.HANDOVER_REQUESTED})
STEPS: dict[str, frozenset[str]] = {
    # A call made on a suggestion plans and answers it at once, so a suggestion may go wherever a planned one may.
    State.SUGGESTED: _TALKS | {State.PLANNED, State.CONTACTED, State.DISMISSED, State.EXPIRED},
    State.PLANNED: _TALKS | {State.CONTACTED, State.DISMISSED},
    State.CONTACTED: _TALKS | {State.PLANNED, State.DISMISSED},
    State.INTERESTED: _TALKS - {State.INTERESTED} | {State.PLANNED},
    State.OFFERED: frozenset({State.WON, State.LOST, State.INTERESTED, State.HANDOVER_REQUESTED}),
    State.HANDOVER_REQUESTED: frozenset({State.WITH_FIELD_SALES, State.PLANNED, State.CONTACTED, State.INTERESTED, State.OFFERED}),
    State.WITH_FIELD_SALES: frozenset({State.WON, State.LOST, State.RETURNED}),
    State.RETURNED: _TALKS | {State.PLANNED},
}
_EARLY = frozenset({State.SUGGESTED, State.PLANNED})
_PARTING = frozenset({Answer.CONTACTED, Answer.LATER, Answer.INTERESTED, Answer.WON, Answer.LOST})
"""Answers of the customer: about the product group on top. The others are ours and concern all that the rep saw."""
_KEPT = ("state", "subject_key", "owner_id", "tries_count", "rests_until", "won_amount", "won_on", "lost_reason")


class AnswerRefused(ValueError):
    """The answer lacks what it needs: an amount above 0 for won, a reason for lost."""


def answer_for_outcome(outcome: str) -> str:
    """What a call's outcome says about its top reason when nothing else was said."""
    return {
        Outcome.NOT_REACHED: Answer.NOT_REACHED,
        Outcome.CALLBACK: Answer.LATER,
        Outcome.REACHED: Answer.CONTACTED,
        Outcome.INTERESTED: Answer.INTERESTED,
        Outcome.ORDER: Answer.WON,
        Outcome.NO_NEED: Answer.LOST,
    }.get(Outcome(outcome), Answer.NOT_DISCUSSED)


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
    to_state, changes = _step(opportunity, answer, amount=amount, reason=reason)
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


def _step(opportunity: Opportunity, answer: str, *, amount: Decimal | None, reason: str) -> tuple[str, dict]:
    """The state an answer leads to and what changes with it."""
    rests = preferences.get(CampaignsPreferences)
    today = timezone.localdate()
    stays = opportunity.state
    match answer:
        case Answer.NOT_REACHED:
            tries = opportunity.tries_count + 1
            if tries >= TRIES_MOST and stays in _EARLY:
                rest = {"lost_reason": LostReason.UNREACHABLE, "rests_until": today + dt.timedelta(days=rests.lost_rest_days)}
                return State.LOST, {"tries_count": tries, **rest}
            return (State.PLANNED if stays in _EARLY else stays), {"tries_count": tries}
        case Answer.CONTACTED:
            return (State.CONTACTED if stays in _EARLY else stays), {}
        case Answer.LATER:
            return (State.PLANNED if stays != State.OFFERED else stays), {}
        case Answer.INTERESTED:
            return (stays if stays == State.OFFERED else State.INTERESTED), {}
        case Answer.WON:
            return State.WON, {"won_amount": amount, "won_on": today, "rests_until": today + dt.timedelta(days=rests.won_rest_days)}
        case Answer.DISMISSED if State.DISMISSED in STEPS.get(stays, ()):
            return State.DISMISSED, {"lost_reason": reason, "rests_until": today + dt.timedelta(days=rests.dismissed_rest_days)}
        case _:  # also what turns out not to fit after talks have begun: those were lost
            return State.LOST, {"lost_reason": reason, "rests_until": today + dt.timedelta(days=rests.lost_rest_days)}


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
