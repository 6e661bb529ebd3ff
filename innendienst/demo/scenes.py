"""What is going on today with the customers that Anna's pictures show: two promised call-backs, a retry, something overdue,
an open complaint."""

import datetime as dt
from collections.abc import Callable

from customers.models import Complaint, FollowUp
from customers.models.activities import Outcome
from innendienst.demo.desk import Desk, Trouble

_State = Complaint.State
COMPLAINT_PATH = (_State.RAISED, _State.IN_PROGRESS, _State.SOLUTION_OFFERED, _State.RESOLVED, _State.CONFIRMED)


def _callback(days_ago: int, hour: int, minute: int, note: str) -> Callable[[Desk], None]:
    """He asked to be called back today at that time."""

    def play(desk: Desk) -> None:
        call = desk.add_call(desk.working_day(-days_ago), Outcome.CALLBACK)
        desk.add_reminder(FollowUp.Kind.CALLBACK, desk.working_day(0), note, made_by=call, due_time=dt.time(hour, minute))

    return play


def _retry(desk: Desk) -> None:
    call = desk.add_call(desk.working_day(-1), Outcome.NOT_REACHED)
    desk.add_reminder(FollowUp.Kind.RETRY, desk.working_day(0), "Nicht erreicht: Angebot Wartungsvertrag nachfassen", made_by=call)


def _overdue(desk: Desk) -> None:
    call = desk.add_call(desk.working_day(-14), Outcome.INTERESTED)
    desk.add_reminder(FollowUp.Kind.OWN, desk.working_day(-2), "Vorführung der Aufsitzmaschine abstimmen", made_by=call)


def _complaint(desk: Desk) -> None:
    raised_on = desk.working_day(-3)
    call = desk.add_call(raised_on, Outcome.COMPLAINT, is_incoming=True)
    steps = ((_State.RAISED, raised_on), (_State.IN_PROGRESS, desk.working_day(-2)))
    desk.talks.troubles.append(Trouble("Lieferung unvollständig: zwei Kanister Fettlöser R30 fehlen", Complaint.Kind.GOODS, steps, call))
    desk.add_reminder(FollowUp.Kind.OWN, desk.working_day(1), "Nachlieferung Fettlöser R30: angekommen?", made_by=call)


def _nothing(_desk: Desk) -> None:
    """His purchases alone are the reason."""


SCENES: dict[int, Callable[[Desk], None]] = {
    0: _nothing,
    5: _callback(4, 14, 0, "Mengen für das neue Bettenhaus besprechen"),
    10: _nothing,
    15: _overdue,
    20: _callback(2, 10, 30, "Staffelpreis für Reiniger R10 nennen"),
    25: _retry,
    30: _complaint,
}
