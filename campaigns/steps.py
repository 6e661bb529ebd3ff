"""The states of an opportunity: which may follow which, and where an answer leads (domain guide 2.1). Nothing is written here."""

import datetime as dt
from decimal import Decimal

from django.utils import timezone

from campaigns.models import LostReason, Opportunity, OpportunityAnswer
from campaigns.preferences import CampaignsPreferences
from customers.models.activities import Outcome
from innendienst.base import preferences

Answer = OpportunityAnswer.Answer
State = Opportunity.State

TRIES_MOST = 4
_TALKS = frozenset({State.INTERESTED, State.OFFERED, State.WON, State.LOST, State.HANDOVER_REQUESTED})
STEPS: dict[str, frozenset[str]] = {
    # A call made on a suggestion plans and answers it at once, so a suggestion may go wherever a planned one may.
    State.SUGGESTED: _TALKS | {State.PLANNED, State.CONTACTED, State.DISMISSED, State.EXPIRED},
    State.PLANNED: _TALKS | {State.CONTACTED, State.DISMISSED, State.EXPIRED},
    State.CONTACTED: _TALKS | {State.PLANNED, State.DISMISSED},
    State.INTERESTED: _TALKS - {State.INTERESTED} | {State.PLANNED},
    State.OFFERED: frozenset({State.WON, State.LOST, State.INTERESTED, State.HANDOVER_REQUESTED}),
    State.HANDOVER_REQUESTED: frozenset({State.WITH_FIELD_SALES, State.PLANNED, State.CONTACTED, State.INTERESTED, State.OFFERED}),
    State.WITH_FIELD_SALES: frozenset({State.WON, State.LOST, State.RETURNED}),
    State.RETURNED: _TALKS | {State.PLANNED},
}
REOPENED: dict[str, frozenset[str]] = {state: frozenset({State.PLANNED}) for state in Opportunity.CLOSED}
"""What is closed is taken up again by a person with a reason only, never by the answer of a call."""
_EARLY = frozenset({State.SUGGESTED, State.PLANNED})


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


def find_step(opportunity: Opportunity, answer: str, *, amount: Decimal | None, reason: str) -> tuple[str, dict]:
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
        case Answer.PLANNED:
            return State.PLANNED, {}
        case Answer.OFFERED:
            return State.OFFERED, {}
        case Answer.LATER:
            return (State.PLANNED if stays != State.OFFERED else stays), {"talked_on": opportunity.talked_on or today}
        case Answer.INTERESTED:
            return (stays if stays == State.OFFERED else State.INTERESTED), {}
        case Answer.WON:
            return State.WON, {"won_amount": amount, "won_on": today, "rests_until": today + dt.timedelta(days=rests.won_rest_days)}
        case Answer.DISMISSED if State.DISMISSED in STEPS.get(stays, ()):
            return State.DISMISSED, {"lost_reason": reason, "rests_until": today + dt.timedelta(days=rests.dismissed_rest_days)}
        case _:  # also what turns out not to fit after talks have begun: those were lost
            return State.LOST, {"lost_reason": reason, "rests_until": today + dt.timedelta(days=rests.lost_rest_days)}
