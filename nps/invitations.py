"""Inviting: mails into the outbox, letters into the printer, one reminder, and what came back as undeliverable."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import count, islice

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.permissions import demand
from customers import outbox
from customers.gate import GateAnswer, Purpose, may_contact_everybody
from customers.models import Message
from customers.models.permissions import Channel
from customers.person_mails import sending_times
from innendienst.base import preferences
from innendienst.base.jobs import RunningJob
from nps import news, resting, tallies
from nps.models import Invitation, SurveyWave
from nps.preferences import NpsPreferences
from nps.querysets import InvitationQuerySet
from nps.waves import open_and_close

INVITATION, REMINDER = "survey_invitation", "survey_reminder"
LETTERS_MOST = 200
MAILS_AFTER = dt.timedelta(minutes=10)
"""How long a survey that was started can be taken back before its first mail leaves."""
_BATCH = 500
_WHY = "a survey invites whom its rule drew"
_State = Invitation.State


def run_invite(job: RunningJob) -> None:
    """Handler of `nps_invite`: put the mails of a running survey into the outbox, batch by batch; called again it goes on."""
    wave = SurveyWave.objects.get(pk=job.args["wave"])
    sending = sending_times(after=MAILS_AFTER)
    eligible = _of(wave).filter(state=_State.ELIGIBLE, channel=Channel.EMAIL)
    while wave.is_open and (batch := list(eligible.select_related("customer__facts", "contact").order_by("pk")[:_BATCH])):
        with transaction.atomic():
            if _is_open_still(wave):
                _queue(batch, INVITATION, sending)
        job.step()
        wave.refresh_from_db()


def look_daily(job: RunningJob) -> None:
    """Handler of `nps_daily`: start and close by the calendar, remind once, let links run out, and tell whoever made a survey."""
    today = timezone.localdate()
    job.result = {
        "moved": open_and_close(today), "left_out": resting.leave_out_asked(today), "reminded": remind(today),
        "expired": expire(today), "told": news.tell(today),
    }  # fmt: skip


def remind(today: dt.date) -> int:
    """Queue the one reminder of those who were written to a week ago and have not answered; how many that are."""
    written_until = today - dt.timedelta(days=preferences.get(NpsPreferences).reminds_after_days)
    waiting = Invitation.objects.for_system(_WHY).filter(
        wave__state=SurveyWave.State.OPEN, state=_State.SENT, channel=Channel.EMAIL, sent_on__lte=written_until, reminded_on=None
    )
    queued, sending = 0, sending_times()
    while batch := list(waiting.select_related("customer__facts", "contact").order_by("pk")[:_BATCH]):
        queued += _queue(batch, REMINDER, sending, today=today)
    return queued


def expire(today: dt.date) -> int:
    """End the invitations of surveys that are over for good and those that were sent long ago; how many there were.

    A survey that was closed before its last day may be opened again: until then its links only rest.
    """
    sent_until = today - dt.timedelta(days=preferences.get(NpsPreferences).expires_after_days)
    waiting = Invitation.objects.for_system(_WHY).waiting()
    over = waiting.filter(wave__state__in=[SurveyWave.State.CLOSED, SurveyWave.State.EVALUATED], wave__ends_on__lt=today)
    late = waiting.filter(wave__state=SurveyWave.State.OPEN, sent_on__lt=sent_until)
    ended = set(over.values_list("wave", flat=True)) | set(late.values_list("wave", flat=True))
    expired = over.update(state=_State.EXPIRED) + late.update(state=_State.EXPIRED)
    for wave_id in sorted(ended):
        tallies.ask(wave_id)
    return expired


def letters(wave: SurveyWave) -> list[Invitation]:
    """The next letters to be printed, as many as go at once: planned, not sent yet, and allowed today."""
    waiting = waiting_letters(wave).select_related("customer__facts", "contact").order_by("customer__postcode", "pk")
    return list(islice(_allowed_letters(waiting), LETTERS_MOST))


def waiting_letters(wave: SurveyWave) -> InvitationQuerySet:
    """All letters of a survey that runs which are planned and not sent yet."""
    planned = _of(wave).filter(wave__state=SurveyWave.State.OPEN, state=_State.ELIGIBLE, channel=Channel.LETTER)
    return planned.exclude(resting.was_asked(wave, timezone.localdate()))


def _allowed_letters(waiting: InvitationQuerySet) -> Iterator[Invitation]:
    """Those allowed today: however many in front are not, whoever stands behind them has his turn."""
    for start in count(0, LETTERS_MOST):
        batch = list(waiting[start : start + LETTERS_MOST])
        if not batch:
            return
        answers = _answers(batch)
        for invitation in batch:
            answer = answers[invitation.customer_id, invitation.contact_id][Channel.LETTER]
            if answer.is_allowed:
                invitation.gate_answer = answer.on_record()
                yield invitation


@transaction.atomic
def mark_printed(*, actor: User, wave: SurveyWave, chosen: Iterable[int]) -> int:
    """These letters are on their way; how many of them could still be written to."""
    demand(actor, "nps.manage")
    ids = set(chosen) if _is_open_still(wave) else set()
    printed = [invitation for invitation in letters(wave) if invitation.pk in ids]
    Invitation.objects.for_system(_WHY).bulk_update(printed, ["gate_answer"])
    tallies.ask(wave.pk)
    waiting = _of(wave).filter(pk__in=[invitation.pk for invitation in printed], state=_State.ELIGIBLE)
    return waiting.update(state=_State.SENT, sent_on=timezone.localdate())


@transaction.atomic
def mark_bounced(*, actor: User, invitation: Invitation) -> bool:
    """What was sent came back; False where somebody answered it or it never left."""
    demand(actor, "nps.manage")
    sent = _row(invitation.pk).filter(state__in=[_State.SENT, _State.REMINDED])
    tallies.ask(invitation.wave_id)
    return bool(sent.update(state=_State.BOUNCED))


@transaction.atomic
def unmark_bounced(*, actor: User, invitation: Invitation) -> bool:
    """It did arrive after all."""
    demand(actor, "nps.manage")
    tallies.ask(invitation.wave_id)
    return bool(_row(invitation.pk).filter(state=_State.BOUNCED).update(state=_State.SENT))


def ended(message: Message) -> None:
    """How a mail of ours ended; conditional updates bear hearing it twice."""
    row, today = _row(message.facts["invitation"]), timezone.localdate()
    match message.state, message.kind:
        case Message.State.SENT, kind if kind == INVITATION:
            changed = row.filter(state=_State.QUEUED).update(state=_State.SENT, sent_on=today)
        case Message.State.SENT, _kind:
            changed = row.filter(state=_State.SENT).update(state=_State.REMINDED)
        case Message.State.REFUSED, _kind:
            changed = row.filter(state__in=[_State.QUEUED, _State.SENT]).update(state=_State.BOUNCED, sent_on=today)
        case Message.State.DROPPED, kind if kind == INVITATION:
            changed = row.filter(state=_State.QUEUED).update(**_unsent(message))
        case _:
            changed = 0
    if changed:
        tallies.ask(message.facts["wave"])


def _queue(batch: list[Invitation], kind: str, sending: Iterator[dt.datetime], *, today: dt.date | None = None) -> int:
    """Ask the gate for all of them, and queue a mail for each it allows; how many mails that are.

    Who answers in the meantime stays somebody who answered: his mail is not sent.
    """
    answers = _answers(batch)
    mails, moved = [], defaultdict(list)
    for invitation in batch:
        answer = answers[invitation.customer_id, invitation.contact_id][Channel.EMAIL]
        invitation.reminded_on = today
        if answer.is_allowed:
            mails.append(_mail(invitation, kind, answer, next(sending)))
            invitation.gate_answer = answer.on_record()
        columns = {"state": _State.QUEUED} if answer.is_allowed else _left_out(answer.on_record())
        moved[tuple(columns.items())].append(invitation.pk)
    with transaction.atomic():
        Invitation.objects.for_system(_WHY).bulk_update(batch, ["gate_answer", "reminded_on"])
        if kind == INVITATION:
            for columns, ids in moved.items():
                Invitation.objects.for_system(_WHY).filter(pk__in=ids, state=_State.ELIGIBLE).update(**dict(columns))
        outbox.queue_all(mails)
    return len(mails)


def _mail(invitation: Invitation, kind: str, answer: GateAnswer, not_before: dt.datetime) -> Message:
    assert invitation.contact is not None  # mails go to people only
    return outbox.mail_to_person(
        kind=kind, key=f"{kind}:{invitation.pk}", contact=invitation.contact, purpose=Purpose.SURVEY, gate_answer=answer,
        not_before=not_before, invitation=invitation.pk, wave=invitation.wave_id,
    )  # fmt: skip


def _answers(batch: Iterable[Invitation]) -> dict:
    customers = {invitation.customer_id: invitation.customer for invitation in batch}
    contacts = [invitation.contact for invitation in batch if invitation.contact]
    return may_contact_everybody(customers.values(), contacts, Purpose.SURVEY, timezone.localdate())


def _unsent(message: Message) -> dict:
    """The columns of somebody whose invitation did not leave: as the gate says, or another survey was faster."""
    columns = _left_out(message.gate_answer)
    invitation = _row(message.facts["invitation"]).select_related("wave").first()
    was_ours_to_ask = columns["state"] == _State.EXPIRED and invitation is not None and invitation.wave.is_open
    if was_ours_to_ask and is_asked_elsewhere(invitation):
        return {"state": _State.EXCLUDED, "exclusion": Invitation.Exclusion.RESTED}
    return columns


def is_asked_elsewhere(invitation: Invitation) -> bool:
    """Whether another survey has asked this person since he was drawn, and the rest is not over."""
    return _row(invitation.pk).filter(resting.was_asked(invitation.wave, timezone.localdate())).exists()


def _left_out(gate_answer: dict) -> dict:
    """The columns of somebody whom the gate, or the end of the survey, kept from being written to."""
    match gate_answer.get("answer"), gate_answer.get("rule"):
        case "denied", "objection":
            return {"state": _State.OBJECTED}
        case "denied", "block":
            return {"state": _State.EXCLUDED, "exclusion": Invitation.Exclusion.BLOCK}
        case "allowed", _rule:
            return {"state": _State.EXPIRED}
    return {"state": _State.EXCLUDED, "exclusion": Invitation.Exclusion.NO_WAY}


def _is_open_still(wave: SurveyWave) -> bool:
    """Whether the survey runs, and it goes on until the end of the transaction."""
    running = SurveyWave.objects.filter(pk=wave.pk, state=SurveyWave.State.OPEN)
    return bool(running.select_for_update(no_key=True).values_list("pk"))


def _of(wave: SurveyWave) -> InvitationQuerySet:
    return Invitation.objects.for_system(_WHY).filter(wave=wave)


def _row(pk: int) -> InvitationQuerySet:
    return Invitation.objects.for_system(_WHY).filter(pk=pk)
