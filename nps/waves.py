"""Acts on a survey: made, changed, started, closed, deleted. The daily look starts and closes those whose day has come."""

import datetime as dt
import secrets
from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.permissions import demand
from customers.locks import hold_all
from customers.models import Message
from customers.person_mails import has_sender
from innendienst.base import audit, jobs
from innendienst.lib.transitions import change_state
from nps import praise, resting, tallies
from nps.models import Invitation, Response, ResponseImport, SurveyWave, WaveTransition
from nps.sample import SAMPLE
from nps.sampling import read_rule

INVITE = "nps_invite"
_State = SurveyWave.State
STEPS: Mapping[str, frozenset[str]] = {
    _State.DRAFT: frozenset({_State.SCHEDULED, _State.OPEN}),
    _State.SCHEDULED: frozenset({_State.DRAFT, _State.OPEN}),
    _State.OPEN: frozenset({_State.CLOSED, _State.DRAFT}),
    _State.CLOSED: frozenset({_State.OPEN, _State.EVALUATED}),
    _State.EVALUATED: frozenset({_State.CLOSED}),
}
_WHY = "a survey is worked on as a whole"


class WaveRefused(ValueError):
    """The survey is not such that this could be done; nothing was written. The code says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@transaction.atomic
def create_wave(*, actor: User, rule: Mapping, **fields) -> SurveyWave:
    """A draft, whose sample is drawn in the background."""
    demand(actor, "nps.manage")
    seeded = {**rule, "seed": secrets.randbelow(2**31)}
    wave = SurveyWave.objects.create(state=_State.DRAFT, rule=seeded, made_by=actor, **fields)
    WaveTransition.objects.create(wave=wave, by=actor, to_state=_State.DRAFT)
    _draw(wave)
    audit.record("nps.create", by=actor, wave=wave.pk)
    return wave


@transaction.atomic
def edit_wave(*, actor: User, wave: SurveyWave, rule: Mapping, **fields) -> None:
    """Change a draft and draw its sample anew. Raises WaveRefused once it is started."""
    demand(actor, "nps.manage")
    held = _held(wave)
    if not held.is_draft:
        raise WaveRefused("started")
    held.rule = {**rule, "seed": held.rule.get("seed", 0)}
    held.sampled_at, held.version = None, held.version + 1
    for name, value in fields.items():
        setattr(held, name, value)
    held.save()
    _draw(held)
    audit.record("nps.edit", by=actor, wave=held.pk)


@transaction.atomic
def rename_wave(*, actor: User, wave: SurveyWave, name: str, ends_on: dt.date) -> None:
    """Another name or last day, at any time; the last day of a survey that is over stays. Raises WaveRefused."""
    demand(actor, "nps.manage")
    held = _held(wave)
    if ends_on != held.ends_on and held.state not in {*SurveyWave.NOT_BEGUN, _State.OPEN}:
        raise WaveRefused("over")
    if ends_on < held.starts_on:
        raise WaveRefused("ends_early")
    held.name, held.ends_on = name, ends_on
    held.save(update_fields=["name", "ends_on"])
    audit.record("nps.edit", by=actor, wave=held.pk)


@transaction.atomic
def start_wave(*, actor: User, wave: SurveyWave) -> None:
    """Let the survey run from its first day on, today where that is past. Raises WaveRefused and StateConflict."""
    demand(actor, "nps.manage")
    held = _held_with_others(wave)
    if held.state != _State.DRAFT:
        raise WaveRefused("started")
    if held.sampled_at is None:
        raise WaveRefused("not_drawn")
    if held.ends_on < timezone.localdate():
        raise WaveRefused("ends_early")
    if {"email", "letter"} & set(read_rule(held.rule).ways) and not has_sender():
        raise WaveRefused("no_sender")
    _move(held, _State.SCHEDULED if held.starts_on > timezone.localdate() else _State.OPEN, by=actor)
    if not Invitation.objects.for_system(_WHY).filter(wave=held, state=Invitation.State.ELIGIBLE).exists():
        raise WaveRefused("nobody")


@transaction.atomic
def move_wave(*, actor: User, wave: SurveyWave, to_state: str) -> None:
    """Close a survey, open it again, call it evaluated, or back. Raises WaveRefused, TransitionRefused and StateConflict.

    One that runs is a draft again as long as it has asked nobody; what was sent stays.
    """
    demand(actor, "nps.manage")
    held = _held_with_others(wave)
    if held.is_draft:
        start_wave(actor=actor, wave=held)
        return
    if held.state == _State.CLOSED and to_state == _State.OPEN and not _may_reopen(held):
        raise WaveRefused("over")
    if held.is_open and to_state == _State.DRAFT:
        _take_back(held)
        _draw(held)
    _move(held, to_state, by=actor)


def _take_back(held: SurveyWave) -> None:
    """Keep the mails of a survey from leaving and let its sample go, to be drawn anew. Raises WaveRefused once somebody was asked.

    The rows are locked in the order in which a sender and an answer take them: who was faster is seen here.
    """
    mails = Message.objects.filter(contact__isnull=False, facts__wave=held.pk)
    mails.filter(state=Message.State.QUEUED).update(state=Message.State.DROPPED)
    sample = Invitation.objects.for_system(_WHY).filter(wave=held)
    unasked = sample.filter(sent_on=None).exclude(state=Invitation.State.RESPONDED)
    list(unasked.select_for_update().values_list("pk"))
    unasked.delete()
    if sample.exists() or mails.filter(state__in=[Message.State.SENDING, Message.State.UNSURE]).exists():
        raise WaveRefused("asked")
    SurveyWave.objects.filter(pk=held.pk).update(sampled_at=None)


@transaction.atomic
def delete_wave(*, actor: User, wave: SurveyWave) -> None:
    """Delete a survey nobody has answered himself: a draft with its sample, or a list that was read in. Raises WaveRefused."""
    demand(actor, "nps.manage")
    answers = Response.objects.for_system(_WHY).filter(wave=wave)
    customers = set(answers.values_list("customer", flat=True)) - {None}
    hold_all(customers)
    held = _held(wave)
    if not may_delete(held):
        raise WaveRefused("answered")
    facts = {"wave": held.pk, "answers": answers.count()}
    answers.delete()
    praise.keep(customers)
    ResponseImport.objects.filter(wave=held).delete()
    held.delete()
    audit.record("nps.delete", by=actor, **facts)


def may_delete(wave: SurveyWave) -> bool:
    """What customers said to us stays; lists can be read in again."""
    if wave.state in SurveyWave.NOT_BEGUN:
        return True
    answers = Response.objects.for_system(_WHY).filter(wave=wave)
    was_sent = Invitation.objects.for_system(_WHY).filter(wave=wave, sent_on__isnull=False).exists()
    return not was_sent and not answers.filter(response_import=None).exists()


def open_and_close(today: dt.date) -> int:
    """Start what is scheduled for today or before, close what ended yesterday or before; how many surveys that were."""
    due = SurveyWave.objects.filter(state=_State.SCHEDULED, starts_on__lte=today)
    over = SurveyWave.objects.filter(state=_State.OPEN, ends_on__lt=today)
    moved = [(wave, _State.OPEN) for wave in due] + [(wave, _State.CLOSED) for wave in over]
    for wave, to_state in moved:
        with transaction.atomic():
            _hold_all()
            _move(wave, to_state, by=None)
    return len(moved)


def _may_reopen(wave: SurveyWave) -> bool:
    """One that asked people and whose last day is not past."""
    return wave.ends_on >= timezone.localdate() and Invitation.objects.for_system(_WHY).filter(wave=wave).exists()


def _move(wave: SurveyWave, to_state: str, *, by: User | None) -> None:
    """The caller holds all surveys: one that begins to run leaves out whom others ask."""
    change_state(wave, to_state, steps=STEPS, transition=WaveTransition(wave=wave, by=by))
    if to_state == _State.OPEN:
        resting.leave_out(wave, timezone.localdate())
        jobs.request(INVITE, str(wave.pk), wave=wave.pk)
    tallies.ask(wave.pk)


def _draw(wave: SurveyWave) -> None:
    jobs.request(SAMPLE, str(wave.pk), wave=wave.pk)


def _held(wave: SurveyWave) -> SurveyWave:
    return SurveyWave.objects.select_for_update().get(pk=wave.pk)


def _held_with_others(wave: SurveyWave) -> SurveyWave:
    """Two surveys that begin at once begin one after the other: the second one sees whom the first asks."""
    _hold_all()
    return SurveyWave.objects.get(pk=wave.pk)


def _hold_all() -> None:
    list(SurveyWave.objects.select_for_update(no_key=True).order_by("pk").values_list("pk"))
