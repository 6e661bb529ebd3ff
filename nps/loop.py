"""How well the loop is closed: critical answers that wait, for how long, and how many were talked about in time. Counts, no names."""

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction

from django.db.models import Count, Min, Q

from nps.models import Case, SurveyWave

_State = Case.State


@dataclass(frozen=True)
class Loop:
    """`waiting` critical answers nobody has closed, `overdue` of them past their day; `oldest_on` None without any."""

    total: int
    waiting: int
    overdue: int
    closed: int
    oldest_on: dt.date | None

    @property
    def completion(self) -> Fraction | None:
        """The share that is closed; None without a critical answer."""
        return Fraction(self.closed, self.total) if self.total else None


def loop_of(wave: SurveyWave, today: dt.date) -> Loop:
    """The critical answers of one survey; one query."""
    waiting = ~Q(state=_State.CLOSED)
    cases = Case.objects.for_system("counts of a survey, without names").filter(
        response__wave=wave, response__invalid_reason="", kind=Case.Kind.DETRACTOR
    )
    counts = cases.aggregate(
        total=Count("pk"),
        waiting=Count("pk", filter=waiting),
        overdue=Count("pk", filter=Q(state=_State.OPEN, due_on__lt=today)),
        closed=Count("pk", filter=Q(state=_State.CLOSED)),
        oldest_on=Min("opened_on", filter=waiting),
    )
    return Loop(**counts)
