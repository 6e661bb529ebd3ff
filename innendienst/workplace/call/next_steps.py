"""The next step after a call: which days are offered, and which one an outcome proposes."""

import datetime as dt
from collections.abc import Container
from enum import StrEnum

from customers.follow_ups import propose_retry
from customers.models import FollowUp
from customers.models.activities import Outcome
from innendienst.lib.dates import add_months, next_working_day


class NextStep(StrEnum):
    RETRY = "retry"
    TOMORROW = "tomorrow"
    WEEK = "week"
    MONTH = "month"
    DATE = "date"
    NONE = "none"


def offered_days(today: dt.date, state: str, tries: int) -> dict[NextStep, dt.date]:
    """The day each step means, all of them working days; no retry when `tries` calls in a row are enough."""
    days = {
        NextStep.TOMORROW: next_working_day(today + dt.timedelta(days=1), state),
        NextStep.WEEK: next_working_day(today + dt.timedelta(days=7), state),
        NextStep.MONTH: next_working_day(add_months(today, 1), state),
    }
    retry_on = propose_retry(tries, today, state)
    return {NextStep.RETRY: retry_on, **days} if retry_on else days


def proposed_step(outcome: str, days: Container[NextStep]) -> NextStep:
    """What an outcome proposes when no step was chosen. A call-back has a date that only the customer knows."""
    if outcome == Outcome.NOT_REACHED:
        return NextStep.RETRY if NextStep.RETRY in days else NextStep.NONE
    return {Outcome.CALLBACK: NextStep.DATE, Outcome.INTERESTED: NextStep.WEEK}.get(Outcome(outcome), NextStep.NONE)


def follow_up_kind(outcome: str) -> str:
    """What kind of follow-up a call with this outcome leaves behind."""
    return {Outcome.NOT_REACHED: FollowUp.Kind.RETRY, Outcome.CALLBACK: FollowUp.Kind.CALLBACK}.get(Outcome(outcome), FollowUp.Kind.OWN)
