"""Closing the loop: a critical answer comes back to its customer's owner at once, to be talked about within working days.

What falls due is a FollowUp of a kind of its own; the Case says what became of it (case_acts.py).
"""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from accounts.models import User
from accounts.permissions import allowed
from customers.follow_ups import holiday_state
from customers.locks import hold_all
from customers.models import FollowUp
from customers.querysets import FollowUpQuerySet
from customers.touched import touch
from innendienst.base import preferences
from innendienst.lib.dates import add_working_days, next_working_day
from nps.models import Case, CaseTransition, Response
from nps.preferences import NpsPreferences
from nps.querysets import ResponseQuerySet
from nps.statistics import PROMOTER_FROM, group_of

_WHY = "a case belongs to its customer"
_BATCH = 500
_READ_ALONG = ("wave__made_by__team", "customer__owner__team", "invitation")
_State = Case.State

KINDS = {FollowUp.Kind.NPS_CASE: Case.Kind.DETRACTOR, FollowUp.Kind.NPS_PASSIVE: Case.Kind.PASSIVE}
"""What falls due, and for which kind of case."""
_FALLS_DUE = {case: follow_up for follow_up, case in KINDS.items()}


def origin_of(case: Case) -> str:
    """How a follow-up names the case it is about."""
    return f"nps_case:{case.pk}"


def case_id_of(follow_up: FollowUp) -> int | None:
    """The case that a follow-up is about."""
    app, _colon, pk = follow_up.origin.partition(":")
    return int(pk) if app == "nps_case" and pk.isdecimal() else None


def follow_ups_of(case: Case) -> FollowUpQuerySet:
    """What falls due for it, open or done."""
    return FollowUp.objects.for_system(_WHY).filter(customer=case.customer_id, origin=origin_of(case))


def follow(response: Response) -> None:
    """Bring the case of one answer in line with it: opened, of another kind, or dropped where nobody has taken it up.

    The caller holds the customer.
    """
    known = _of(response)
    if not _wants_talk(response):
        if known is not None and known.state == _State.OPEN:
            drop(response)
    elif known is None:
        _open([response])
    elif known.state == _State.OPEN:
        kind = group_of(response.rating)
        Case.objects.for_system(_WHY).filter(pk=known.pk).update(kind=kind, due_on=_due_on(response))
        follow_ups_of(known).open().update(kind=_FALLS_DUE[Case.Kind(kind)])


def open_missing(wave_id: int) -> int:
    """Open a case for each answer of a survey that wants one and has none yet; how many.

    Whoever answers at the same moment is met after his transaction: the customers are held, and what is missing is looked up again.
    """
    count = 0
    while customers := set(_missing(wave_id).values_list("customer", flat=True)[:_BATCH]):
        with transaction.atomic():
            hold_all(customers)
            answers = list(_missing(wave_id).filter(customer__in=customers).select_related(*_READ_ALONG).order_by("pk"))
            _open(answers)
        count += len(answers)
    return count


def drop(response: Response) -> None:
    """Forget the case of an answer that is taken back, with what fell due for it. The caller holds the customer."""
    case = _of(response)
    if case is None:
        return
    follow_ups_of(case).open().delete()
    case.delete()
    touch([response.customer_id])


def drop_open(response: Response) -> None:
    """Forget the case of an answer unless somebody has taken it up. The caller holds the customer."""
    case = _of(response)
    if case is not None and case.state == _State.OPEN:
        drop(response)


def _missing(wave_id: int) -> ResponseQuerySet:
    """Those without a case for which `_wants_talk` says yes."""
    asked_for = Response.objects.for_system(_WHY).filter(wave=wave_id, invitation__isnull=False, wave__shows_names=True)
    return asked_for.counted().filter(rating__lt=PROMOTER_FROM, case=None)


def _wants_talk(response: Response) -> bool:
    """Whether somebody who was asked gave it, it counts, is no praise, and the invitation said that the owner sees it."""
    is_asked_for = response.invitation_id is not None and response.wave.shows_names
    return is_asked_for and response.rating < PROMOTER_FROM and not response.invalid_reason


def _open(answers: Sequence[Response]) -> None:
    """Cases, with what falls due for them. The caller holds the customers."""
    cases = Case.objects.bulk_create(
        Case(response=answer, customer=answer.customer, kind=group_of(answer.rating), opened_on=answer.answered_on, due_on=_due_on(answer))
        for answer in answers
    )
    CaseTransition.objects.bulk_create(CaseTransition(case=case, to_state=_State.OPEN) for case in cases)
    FollowUp.objects.bulk_create(map(_what_falls_due, cases))
    touch(case.customer_id for case in cases)


def _what_falls_due(case: Case) -> FollowUp:
    answer = case.response
    person = _person(answer)
    return FollowUp(
        customer=case.customer, contact_id=answer.invitation and answer.invitation.contact_id, assignee=person,
        kind=_FALLS_DUE[Case.Kind(case.kind)], origin=origin_of(case), due_on=next_working_day(answer.answered_on, _holidays(person)),
    )  # fmt: skip


def _due_on(response: Response) -> dt.date:
    """The last day on which to talk about it."""
    stored = preferences.get(NpsPreferences)
    days = stored.detractor_days if group_of(response.rating) == "detractor" else stored.passive_days
    return add_working_days(response.answered_on, days, _holidays(_person(response)))


def _person(response: Response) -> User | None:
    """Who is to talk with the customer: the owner where he draws a list, else who made the survey."""
    owner = response.customer.owner if response.customer else None
    if owner is not None and owner.is_active and allowed(owner, "day.work"):
        return owner
    return response.wave.made_by


def _holidays(person: User | None) -> str:
    return holiday_state(person) if person else ""


def _of(response: Response) -> Case | None:
    return Case.objects.for_system(_WHY).filter(response=response).first()
