"""How well the loop is closed: critical answers that wait, for how long, and how many were talked about in time. Counts, no names."""

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction

from django.db.models import Count, DateField, Min, Q

from innendienst.lib.prepared import Param, Prepared
from nps.models import Case, SurveyWave

_State = Case.State
_BY_STATE = Prepared(
    lambda: (
        Case.objects.for_system("counts of a survey, without names")
        .filter(response__wave=Param("wave"), response__invalid_reason="", kind=Case.Kind.DETRACTOR)
        .order_by()
        .values_list("state")
        .annotate(count=Count("pk"), overdue=Count("pk", filter=Q(due_on__lt=Param("today", DateField()))), oldest_on=Min("opened_on"))
    )
)
"""(state, cases, those past their day, the day the oldest was opened)."""


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
    rows = {state: rest for state, *rest in _BY_STATE(wave=wave.pk, today=today)}
    waiting = [rest for state, rest in rows.items() if state != _State.CLOSED]
    return Loop(
        total=sum(count for count, _overdue, _oldest in rows.values()),
        waiting=sum(count for count, _overdue, _oldest in waiting),
        overdue=rows.get(_State.OPEN, [0, 0])[1],
        closed=rows.get(_State.CLOSED, [0])[0],
        oldest_on=min((oldest for _count, _overdue, oldest in waiting), default=None),
    )
