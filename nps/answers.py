"""Taking an answer: one per person, however often and from how many places at once it is sent.

Given by the person on the page it may be changed until the survey closes, and each change is kept. Without a name it is final: the
answer is stored without any link to whoever gave it. Staff enters what was said by phone or on paper, and never edits it.
"""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.permissions import demand
from customers.locks import hold
from customers.models import Activity
from customers.undo import UndoRefused, fresh_since
from innendienst.base import preferences
from innendienst.base.preferences import CompanyPreferences
from innendienst.lib.dates import add_working_days
from innendienst.lib.prepared import Param, Prepared, kept_plans
from nps import cases, praise, tallies
from nps.models import Channel, Invitation, Response, ResponseChange
from nps.preferences import NpsPreferences
from nps.reasons import words_and_groups
from nps.segments import UNUSED_FACTS, segments_of_customer
from nps.signals import response_recorded
from nps.statistics import group_of

REASON_LENGTH_MOST = 2_000
CHANGES_PER_HOUR_MOST = 30
_WHY = "an answer is taken from whoever holds the invitation"
_State = Invitation.State
_HELD = Prepared(
    lambda: (
        Invitation.objects.for_system(_WHY)
        .filter(pk=Param("invitation"), customer=Param("customer"))
        .select_related("wave", "customer__owner__team", "customer__facts")
        .defer(*(f"customer__facts__{name}" for name in UNUSED_FACTS))
        .select_for_update(of=("self",))
    )
)


class NotTaken(RuntimeError):
    """The answer was not stored. `code`: closed, revoked, final, answered, too_often."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Given:
    """What somebody answered. `may_call` None: nothing said."""

    rating: int
    reason: str = ""
    may_call: bool | None = None
    is_anonymous: bool = False


@transaction.atomic
@kept_plans()
def take_answer(invitation: Invitation, given: Given) -> None:
    """Store what a person answered on the page, or change what he answered before. Raises NotTaken."""
    held = _held(invitation)
    _demand_open(held)
    known = None
    if held.state == _State.RESPONDED:
        known = Response.objects.for_system(_WHY).filter(invitation=held).first()
        if known is None:
            raise NotTaken("final")
    if given.is_anonymous:
        _take_anonymously(held, given, known)
    elif known is None:
        _store(held, given, channel=held.channel)
    else:
        _change(known, given)


@transaction.atomic
def enter_answer(
    *, actor: User, invitation: Invitation, given: Given, channel: str = Channel.PHONE, activity: Activity | None = None
) -> Response:
    """Store what a customer said by phone or wrote on paper. Raises NotTaken; an answer that is there is never overwritten."""
    demand(actor, "nps.enter")
    held = _held(invitation)
    _demand_open(held)
    if held.state == _State.RESPONDED:
        raise NotTaken("answered")
    return _store(held, given, channel=channel, recorded_by=actor, activity=activity)


@transaction.atomic
def decline(*, actor: User, invitation: Invitation) -> bool:
    """Asked by phone, and he would rather not answer: he is not asked again. False where that is known already."""
    demand(actor, "nps.enter")
    held = _held(invitation)
    _demand_open(held)
    asked = _row(held).filter(state__in=Invitation.WAITING)
    changed = asked.update(state=_State.EXPIRED, channel=Channel.PHONE, sent_on=held.sent_on or timezone.localdate())
    tallies.ask(held.wave_id)
    return bool(changed)


@transaction.atomic
def undo_entry(*, actor: User, response: Response) -> None:
    """Take back what one has entered oneself while it is fresh. Raises UndoRefused."""
    demand(actor, "nps.enter")
    held = _held(response.invitation)
    fresh = Response.objects.for_system(_WHY).filter(pk=response.pk, recorded_by=actor, answered_at__gte=fresh_since()).first()
    if fresh is None:
        raise UndoRefused(response.pk)
    withdraw(fresh, held)


def withdraw(response: Response, invitation: Invitation) -> None:
    """Take an answer away with its case; whoever gave it may answer again. The caller holds the customer."""
    cases.drop(response)
    was_written_to = invitation.channel in {Channel.EMAIL, Channel.LETTER} and invitation.sent_on
    _row(invitation).update(
        state=_State.SENT if was_written_to else _State.ELIGIBLE, sent_on=invitation.sent_on if was_written_to else None
    )
    response.delete()
    praise.keep([invitation.customer_id])
    tallies.ask(invitation.wave_id)


def _take_anonymously(invitation: Invitation, given: Given, known: Response | None) -> None:
    """An answer that leads to nobody. One that he gave before goes with everything it led to.

    The invitation turns to "answered" without a time, so that the two cannot be laid side by side.
    """
    if known is not None:
        cases.drop(known)
        known.delete()
        praise.keep([invitation.customer_id])
    _row(invitation).update(state=_State.RESPONDED)
    Response.objects.create(
        wave=invitation.wave, is_anonymous=True, rating=given.rating, channel=invitation.channel,
        answered_on=timezone.localdate(), **words_and_groups(given.reason),
    )  # fmt: skip
    tallies.ask(invitation.wave_id)


def _store(
    invitation: Invitation, given: Given, *, channel: str, recorded_by: User | None = None, activity: Activity | None = None
) -> Response:
    today = timezone.localdate()
    response = Response.objects.create(
        wave=invitation.wave, invitation=invitation, customer=invitation.customer, rating=given.rating,
        **words_and_groups(given.reason), may_call=given.may_call, channel=channel, answered_on=today, answered_at=timezone.now(),
        recorded_by=recorded_by, activity=activity, **segments_of_customer(invitation.customer, today).as_fields(),
    )  # fmt: skip
    _row(invitation).update(state=_State.RESPONDED, sent_on=invitation.sent_on or today)
    _tell(response, is_new=True)
    return response


def _change(known: Response, given: Given) -> None:
    """What it said before is kept beside it; the same again changes nothing."""
    if (known.rating, known.reason, known.may_call) == (given.rating, given.reason, given.may_call):
        return
    recent = known.changes.filter(at__gte=timezone.now() - dt.timedelta(hours=1))
    if recent.count() >= CHANGES_PER_HOUR_MOST:
        raise NotTaken("too_often")
    ResponseChange.objects.create(response=known, rating=known.rating, reason=known.reason, may_call=known.may_call)
    columns = {"rating": given.rating, "may_call": given.may_call, **words_and_groups(given.reason)}
    for name, value in columns.items():
        setattr(known, name, value)
    known.save(update_fields=columns)
    _tell(known, is_new=False)


def _tell(response: Response, *, is_new: bool) -> None:
    """What follows from an answer: figures and, for a first one, its case by a job (following.py); word to the apps above at once."""
    tallies.ask(response.wave_id)
    moment_on = None
    is_praise = group_of(response.rating) == "promoter" and not response.invalid_reason
    if not is_new:
        cases.follow(response)
        praise.keep([response.customer_id])
    elif is_praise:
        praise.add(response)
    if is_praise:
        days = preferences.get(NpsPreferences).promoter_days
        moment_on = add_working_days(response.answered_on, days, preferences.get(CompanyPreferences).state)
    response_recorded.send(Response, response=response, moment_on=moment_on)


def _demand_open(invitation: Invitation) -> None:
    if not invitation.wave.is_open or invitation.state == _State.EXPIRED:
        raise NotTaken("closed")
    if invitation.state in {_State.EXCLUDED, _State.OBJECTED}:
        raise NotTaken("revoked")


def _held(invitation: Invitation) -> Invitation:
    """The invitation as it is now, its customer and itself locked until the end of the transaction."""
    hold(invitation.customer_id)
    held = next(iter(_HELD(invitation=invitation.pk, customer=invitation.customer_id)), None)
    if held is not None:
        return held
    moved = _row(invitation).first()  # its customer was merged into another one a moment ago; or the person was erased
    if moved is None:
        raise NotTaken("revoked")
    return _held(moved)


def _row(invitation: Invitation):
    return Invitation.objects.for_system(_WHY).filter(pk=invitation.pk)
