"""Saving a call: one act over customers, campaigns and the day's list, done once however often it is sent, and the way back."""

import datetime as dt
import uuid
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from accounts.permissions import demand
from campaigns import day_list
from campaigns.answers import answer_opportunity, undo_answers
from campaigns.handovers import HANDED_OVER_FROM, hand_over
from campaigns.models import Opportunity
from campaigns.steps import Answer
from customers import needs
from customers.calls import record_call, void_call
from customers.complaints import raise_complaint
from customers.follow_ups import NOTE_LENGTH_MOST, plan_follow_up, plan_next_try
from customers.handovers import request_handover
from customers.models import Activity, Customer
from innendienst.base import form_keys
from innendienst.lib.prepared import kept_plans
from innendienst.lib.transitions import StateConflict
from innendienst.lib.typed import first_line
from innendienst.workplace import reads
from innendienst.workplace.call import survey
from innendienst.workplace.call.entry import CallEntry, ReasonAnswer
from innendienst.workplace.handovers.proposals import preset_of
from nps import case_acts
from referrals import contacting

_GO_ALONG = frozenset({Answer.CONTACTED, Answer.INTERESTED, Answer.NOT_REACHED})
"""Answers that leave a reason open; with a hand-over field sales goes on with it."""


class ReasonsMoved(StateConflict):
    """Somebody answered these reasons since the form was shown; nothing was written."""

    def __init__(self, opportunity_ids: list[int]) -> None:
        super().__init__(opportunity_ids)
        self.opportunity_ids = opportunity_ids


class AlreadySaved(RuntimeError):
    """The form's key belongs to a call with another text, or to one that was undone; nothing was written."""

    def __init__(self, activity_id: int) -> None:
        super().__init__(activity_id)
        self.activity_id = activity_id


@dataclass(frozen=True)
class SavedCall:
    """What a save brought. `moved_from` is the day asked for where the follow-up had to move to a working day."""

    activity_id: int
    amount: Decimal | None = None
    offered: Decimal | None = None
    has_complaint: bool = False
    due_on: dt.date | None = None
    due_time: dt.time | None = None
    moved_from: dt.date | None = None
    handed_to: str = ""
    """Who of field sales is asked to go on."""


@kept_plans()
def save_call(actor, customer: Customer, key: uuid.UUID, entry: CallEntry) -> SavedCall:
    """Store the call with all that follows from it, in one transaction; the same key again answers the first result.

    Raises ReasonsMoved, AlreadySaved, HandoverRefused, NeedConflict, AnswerRefused (budget used up), CallRefused (by the gate's answer).
    """
    demand(actor, "call.log")
    written: list[dict] = []

    def write() -> dict:
        written.append(_write(actor, customer, entry))
        return written[0]

    stored = form_keys.once(key, actor, write)
    if not written and not _is_the_same(actor, customer, entry, stored):
        raise AlreadySaved(stored["activity"])
    return SavedCall(
        activity_id=stored["activity"],
        amount=entry.amount,
        offered=entry.offered,
        has_complaint=bool(entry.complaint_title),
        due_on=_read_day(stored["due_on"]),
        due_time=entry.next_date.time if entry.next_date else None,
        moved_from=_read_day(stored["moved_from"]),
        handed_to=entry.handover.to.full_name if entry.handover else "",
    )


def _is_the_same(actor, customer: Customer, entry: CallEntry, stored: dict) -> bool:
    """Whether the key was used for this very call, and that call still stands."""
    standing = Activity.objects.visible_to(actor).filter(pk=stored["activity"], customer=customer, voided_at=None)
    return stored["fingerprint"] == entry.fingerprint and standing.exists()


@transaction.atomic
def undo_call(*, actor, activity: Activity) -> None:
    """Take a call of one's own back while it is fresh, with everything that saving it did. Raises UndoRefused."""
    void_call(actor=actor, activity=activity)
    undo_answers(actor=actor, activity=activity)
    case_acts.undo_contact(activity)
    contacting.take_back(activity)
    survey.take_back(actor, activity)
    needs.take_back(activity)
    day_list.take_back(activity)


def _write(actor, customer: Customer, entry: CallEntry) -> dict:
    recommended_by = contacting.hold_for_call(entry.contact) if entry.contact else ()
    locked = reads.locked_customer(actor, customer.pk)
    opportunities = _lock_reasons(locked, entry.answers)
    activity = record_call(
        actor=actor, customer=locked, outcome=entry.outcome, direction=entry.direction, contact=entry.contact,
        detail=entry.detail, note=entry.note, amount=entry.amount, satisfied=entry.satisfied, gate_answer=entry.gate_answer, at=entry.at,
    )  # fmt: skip
    gone_along = _hand_over(actor, activity, entry, opportunities)
    for given in entry.answers:
        if given.opportunity_id not in gone_along:
            _answer(actor, opportunities[given.opportunity_id], given, activity)
    if entry.complaint_title:
        raise_complaint(actor=actor, customer=locked, title=entry.complaint_title, contact=entry.contact, activity=activity)
    case_acts.contact_by(activity)
    if recommended_by:
        contacting.hear_call(activity, entry.gate_answer, recommended_by)
    if entry.needs:
        needs.keep_needs(actor=actor, customer=locked, told=entry.needs, activity=activity)
    if entry.survey:
        survey.store(actor, entry.survey, activity)
    result = {"activity": activity.pk, "fingerprint": entry.fingerprint, **_plan(actor, activity, entry)}
    day_list.close(activity)
    return result


def _hand_over(actor, activity: Activity, entry: CallEntry, opportunities: dict[int, Opportunity]) -> set[int]:
    """Ask field sales; the ids of the reasons that go along: those talked about, without an end."""
    if entry.handover is None:
        return set()
    within_days, line = preset_of(activity.customer, entry.handover.criteria, timezone.localdate())
    handover = request_handover(
        actor=actor, customer=activity.customer, to=entry.handover.to, criteria=entry.handover.criteria,
        note="\n".join(filter(None, [entry.note, line])), contact=entry.contact, activity=activity, within_days=within_days,
    )  # fmt: skip
    talked_about = [given.opportunity_id for given in entry.answers if given.answer in _GO_ALONG]
    going = [opportunities[pk] for pk in talked_about if opportunities[pk].state in HANDED_OVER_FROM]
    try:
        hand_over(actor=actor, opportunities=going, handover=handover, activity=activity)
    except StateConflict as conflict:
        raise ReasonsMoved(talked_about) from conflict
    return {opportunity.pk for opportunity in going}


def _answer(actor, opportunity: Opportunity, given: ReasonAnswer, activity: Activity) -> None:
    try:
        answer_opportunity(
            actor=actor,
            opportunity=opportunity,
            answer=given.answer,
            activity=activity,
            amount=given.amount,
            reason=given.reason,
            offer=given.offer,
        )
    except StateConflict as conflict:
        raise ReasonsMoved([opportunity.pk]) from conflict


def _lock_reasons(customer: Customer, answers: tuple[ReasonAnswer, ...]) -> dict[int, Opportunity]:
    """The opportunities to be answered, held until the end. Raises ReasonsMoved when one is not as it was seen."""
    asked = {given.opportunity_id: given.version for given in answers if given.answer != Answer.NOT_DISCUSSED}
    found = reads.locked_reasons(customer, list(asked))
    moved = [pk for pk, version in asked.items() if pk not in found or found[pk].version != version]
    if moved:
        raise ReasonsMoved(moved)
    return found


def _plan(actor, activity: Activity, entry: CallEntry) -> dict:
    """Make the follow-up; answers its day and, where it had to move, the day asked for, both as ISO text or ""."""
    if entry.next_date is None:
        return {"due_on": "", "moved_from": ""}
    asked = entry.next_date
    note = first_line(entry.note)[:NOTE_LENGTH_MOST]
    if activity.is_reached:
        follow_up = plan_follow_up(
            actor=actor, customer=activity.customer, due_on=asked.on, due_time=asked.time, kind=asked.kind,
            note=note, contact=entry.contact, activity=activity,
        )  # fmt: skip
    else:
        follow_up = plan_next_try(actor=actor, activity=activity, due_on=asked.on, due_time=asked.time, note=note)
    is_moved = follow_up.due_on != asked.on
    return {"due_on": follow_up.due_on.isoformat(), "moved_from": asked.on.isoformat() if is_moved else ""}


def _read_day(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
