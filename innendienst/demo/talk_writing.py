"""Talks into the tables: calls, follow-ups, complaints with their steps, needs, blocks and one consent."""

import datetime as dt
import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone

from customers.complaints import ASKED_AFTER_DAYS
from customers.gate_rules import Answer, LegalReason
from customers.models import Activity, Complaint, ComplaintTransition, Consent, Contact, ContactBlock, Customer, FollowUp, Need
from customers.models.permissions import Channel
from innendienst.demo.desk import Call, Refusal, Reminder, ToldNeed, Trouble
from innendienst.demo.ground import Ground
from innendienst.demo.history import History
from innendienst.demo.staff import TEAMS
from innendienst.lib.dates import add_working_days, instant

_CONSENTING_EVERY, _CONSENTING_FROM = 30, 5
"""Of so many customers the people of one agreed to get mails, beginning with the sixth."""


@dataclass(frozen=True)
class _Customer:
    """One customer's rows while his talks are written."""

    history: History
    row: Customer
    contacts: list[Contact]
    activities: list[Activity]


def write_talks(histories: Sequence[History], customers: Sequence[Customer], contacts: Sequence[Contact], ground: Ground) -> int:
    """Write what was talked about; the number of calls. `contacts` are those of the customers in their order."""
    remaining = iter(contacts)
    rows = []
    for history, customer in zip(histories, customers, strict=True):
        people = list(itertools.islice(remaining, len(history.company.people)))
        activities = [_activity(call, history, customer, people, ground) for call in history.talks.calls]
        rows.append(_Customer(history, customer, people, activities))
    calls = Activity.objects.bulk_create(activity for row in rows for activity in row.activities)
    FollowUp.objects.bulk_create(_follow_up(reminder, row, ground) for row in rows for reminder in row.history.talks.reminders)
    ContactBlock.objects.bulk_create(_block(refusal, row) for row in rows for refusal in row.history.talks.refusals)
    Need.objects.bulk_create(_need(told, row, ground) for row in rows for told in row.history.talks.needs)
    _write_complaints([(trouble, row) for row in rows for trouble in row.history.talks.troubles])
    consenting = [row for row in rows if row.history.company.index % _CONSENTING_EVERY == _CONSENTING_FROM]
    Consent.objects.bulk_create(_consent(row) for row in consenting if row.contacts and row.row.customer_since)
    return len(calls)


def _activity(call: Call, history: History, customer: Customer, people: list[Contact], ground: Ground) -> Activity:
    return Activity(
        customer=customer, contact=people[call.person], outcome=call.outcome, detail=call.detail, note=call.note,
        direction=Activity.Direction.INCOMING if call.is_incoming else Activity.Direction.OUTGOING,
        at=instant(call.on, call.time), by_id=ground.users[call.by], gate_answer={} if call.is_incoming else _gate_answer(call, history),
    )  # fmt: skip


def _gate_answer(call: Call, history: History) -> dict:
    """What the gate said before the call: a customer by his last order, anybody else because he had asked."""
    before = [order.day for order in history.orders if order.day <= history.timeline.day_of(call.on)]
    if not before:
        return {"answer": Answer.ALLOWED, "rule": "no_basis", "basis": LegalReason.INQUIRY, "facts": {}}
    basis, last_order_on = LegalReason.EXISTING_CUSTOMER, history.timeline.texts[before[-1]]
    return {"answer": Answer.ALLOWED, "rule": basis, "basis": basis, "facts": {"last_order_on": last_order_on}}


def _follow_up(reminder: Reminder, row: _Customer, ground: Ground) -> FollowUp:
    made_by = None if reminder.made_by is None else row.activities[reminder.made_by]
    done_by = None if reminder.done_by is None else row.activities[reminder.done_by]
    due_on, due_time = reminder.due_on, reminder.due_time
    return FollowUp(
        customer=row.row, contact=made_by.contact if made_by else row.contacts[0], kind=reminder.kind, note=reminder.note,
        assignee_id=ground.users.get(reminder.assignee), team_id=None if reminder.assignee else ground.teams[row.history.company.team],
        due_on=due_on, due_time=due_time, due_at=instant(due_on, due_time) if due_time else None,
        made_by=made_by, done_by=done_by, done_at=done_by.at if done_by else None,
    )  # fmt: skip


def _need(told: ToldNeed, row: _Customer, ground: Ground) -> Need:
    call = row.activities[told.call]
    return Need(
        customer=row.row, group_id=ground.groups[told.group], supplier=told.supplier, yearly_need=told.yearly_need,
        contract_until=told.contract_until, told_on=timezone.localdate(call.at), told_to_id=call.by_id,
    )  # fmt: skip


def _block(refusal: Refusal, row: _Customer) -> ContactBlock:
    return ContactBlock(
        customer=row.row, contact=row.contacts[0] if refusal.is_personal else None, channel=refusal.channel, kind=refusal.kind,
        reason=refusal.reason, set_on=refusal.on, set_by_id=row.row.owner_id,
    )  # fmt: skip


def _write_complaints(troubles: list[tuple[Trouble, _Customer]]) -> None:
    complaints = Complaint.objects.bulk_create(_complaint(trouble, row) for trouble, row in troubles)
    steps = [step for complaint, (trouble, _) in zip(complaints, troubles, strict=True) for step in _steps(complaint, trouble)]
    days = [step.at for step in steps]
    ComplaintTransition.objects.bulk_create(steps)
    for step, at in zip(steps, days, strict=True):  # a new row is stamped with the present, which is not when it happened
        step.at = at
    ComplaintTransition.objects.bulk_update(steps, ["at"])
    settled = {step.complaint_id: step for step in steps if step.to_state == Complaint.State.RESOLVED}
    asked = [
        (complaint, row) for complaint, (_, row) in zip(complaints, troubles, strict=True) if complaint.state == Complaint.State.RESOLVED
    ]
    FollowUp.objects.bulk_create(_question(complaint, settled[complaint.pk], row) for complaint, row in asked)


def _question(complaint: Complaint, solution: ComplaintTransition, row: _Customer) -> FollowUp:
    """Whether all is well since the complaint was settled."""
    due_on = add_working_days(timezone.localdate(solution.at), ASKED_AFTER_DAYS, TEAMS[row.history.company.team])
    return FollowUp(
        customer=row.row, contact=complaint.contact, assignee_id=row.row.owner_id or complaint.raised_by_id,
        kind=FollowUp.Kind.COMPLAINT, note=complaint.title, due_on=due_on, solution=solution,
    )  # fmt: skip


def _complaint(trouble: Trouble, row: _Customer) -> Complaint:
    activity = row.activities[trouble.call]
    return Complaint(
        customer=row.row, contact=activity.contact, activity=activity, kind=trouble.kind, title=trouble.title,
        state=trouble.steps[-1][0], raised_on=trouble.steps[0][1], raised_by_id=activity.by_id, version=len(trouble.steps),
    )  # fmt: skip


def _steps(complaint: Complaint, trouble: Trouble) -> list[ComplaintTransition]:
    states = ["", *(state for state, _ in trouble.steps)]
    return [
        ComplaintTransition(
            complaint=complaint, at=instant(on, dt.time(16)), by_id=complaint.raised_by_id, from_state=before, to_state=state
        )
        for before, (state, on) in zip(states, trouble.steps, strict=False)
    ]


def _consent(row: _Customer) -> Consent:
    granted_on = row.row.customer_since
    return Consent(
        contact=row.contacts[0], customer=row.row, channel=Channel.EMAIL, text_version="Einkaufsinfo 2",
        proof="Unterschriebenes Formular vom Messestand, abgelegt im Ordner Einwilligungen", granted_at=instant(granted_on, dt.time(11)),
        recorded_by_id=row.row.owner_id,
    )  # fmt: skip
