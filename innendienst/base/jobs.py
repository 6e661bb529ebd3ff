"""Background work that survives a killed worker and a lost broker.

A service asks for work inside its transaction (`request`); after the commit a bell rings in the broker, and a worker claims
the row by a lease. The broker may lose every message: a tick each minute rings again for what is queued and for leases that
ran out. Handlers register by name, so a lower app may ask for an upper app's job. Every handler must bear being run twice.
"""

import datetime as dt
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

from django.db import IntegrityError, connection, transaction
from django.db.models import CharField, DateTimeField
from django.utils import timezone
from django.utils.functional import Promise

from innendienst.base import bell, leases, preferences
from innendienst.base.models import Heartbeat, Job
from innendienst.lib.dates import BERLIN, is_working_day
from innendienst.lib.prepared import Param, Prepared

TICK_SECONDS = 60

logger = logging.getLogger(__name__)


class JobLost(RuntimeError):
    """The lease ran out and somebody else may hold the job now: stop at once, the last step is not counted."""


class RunningJob:
    """What a handler gets to see of its job: arguments, kept progress and the lease."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self.args: dict = job.args
        self.target: str = job.target
        self.progress: dict = job.progress
        self.result: dict = {}

    def step(self, **progress) -> None:
        """Renew the lease and keep `progress`, so that a killed run goes on from here. Raises JobLost."""
        self.progress = {**self.progress, **progress}
        if leases.held(self._job).update(lease_until=timezone.now() + leases.LEASE, progress=self.progress) == 0:
            raise JobLost(f"job {self._job.pk}")


@dataclass(frozen=True)
class _Handler:
    run: Callable[[RunningJob], None]
    queue: str
    name: str | Promise
    is_awaited: bool


@dataclass(frozen=True)
class DailySlot:
    """A wall-clock time in Berlin at which a job falls due once a day, on working days only where so said."""

    kind: str
    at: dt.time
    working_days_only: bool = False


_WAITING = Prepared(
    lambda: Job.objects.filter(
        kind=Param("kind", CharField()), target=Param("target", CharField()), state=Job.State.QUEUED, not_before=None, once_key=None
    ).select_for_update(skip_locked=True)
)

_TWINS = Prepared(
    lambda: (
        leases.claimable(Param("now", DateTimeField()))
        .filter(kind=Param("kind", CharField()), target=Param("target", CharField()))
        .values_list("pk", "queue")
    )
)

_handlers: dict[str, _Handler] = {}
_slots: list[DailySlot] = []
_checks: list[Callable[[dt.datetime], None]] = []


def register(
    kind: str, run: Callable[[RunningJob], None], *, name: str | Promise = "", queue: str = "default", is_awaited: bool = False
) -> None:
    """Say which function does jobs of this kind, and what they are called on the screen.

    The queue `bulk` is for long work, `default` for what takes seconds. `is_awaited`: somebody waits for it at a page.
    """
    _handlers[kind] = _Handler(run, queue, name, is_awaited)


def words(kind: str) -> str:
    """The kind as the administration reads it; the code alone where nobody does such jobs any more."""
    return str(_handlers[kind].name or kind) if kind in _handlers else kind


def daily(slot: DailySlot) -> None:
    """Have a job requested once on each day after the slot's time."""
    assert slot.kind in _handlers, slot.kind
    _slots.append(slot)


def each_minute(check: Callable[[dt.datetime], None]) -> None:
    """Have a quick look at something on every tick, for work that can fall due without anybody asking."""
    _checks.append(check)


@transaction.atomic(savepoint=False)
def request(kind: str, target: str = "", *, once_key: str | None = None, **args) -> Job | None:
    """Ask for a job in the current transaction; the same work queued already is that job.

    With `once_key` the job exists at most once for ever: None when it did exist.
    """
    fields = {"kind": kind, "target": target, "queue": _handlers[kind].queue, "args": args}
    job = _create_once(once_key, fields) if once_key else _waiting(kind, target, args) or Job.objects.create(**fields)
    if job is not None:
        _ring_after_commit(partial(bell.ring, job.pk, job.queue))
    return job


def _ring_after_commit(ring: partial) -> None:
    """Once per transaction, however often it asked: each bell costs a message to the broker."""
    waiting = (act for _savepoints, act, _is_robust in connection.run_on_commit if isinstance(act, partial))  # type: ignore[misc] # the stubs lack the flag
    if not any((act.func, act.args) == (ring.func, ring.args) for act in waiting):
        transaction.on_commit(ring, robust=True)


def _create_once(once_key: str, fields: dict) -> Job | None:
    if Job.objects.filter(once_key=once_key).exists():
        return None
    try:
        with transaction.atomic():
            return Job.objects.create(once_key=once_key, **fields)
    except IntegrityError:  # another scheduler was faster
        return None


def _waiting(kind: str, target: str, args: dict) -> Job | None:
    """The same work waiting to be claimed, locked: it must not start before the caller's rows are committed.

    One that another open transaction has locked is passed over, so that nobody waits for anybody.
    """
    return next((job for job in _WAITING(kind=kind, target=target) if job.args == args), None)


def run(job_id: int) -> bool:
    """Claim the job and do it; False when it was not free. Errors are noted in the row, and it is tried again later."""
    job = leases.claim(job_id)
    if job is None:
        return False
    preferences.forget()
    running = RunningJob(job)
    try:
        with leases.kept(job):
            _handlers[job.kind].run(running)
    except JobLost:
        logger.warning("Job %s lost its lease", job.pk)
        return True
    except Exception as error:
        logger.exception("Job %s (%s) failed", job.pk, job.kind)
        leases.give_back(job, error)
    else:
        ended = {"lease_until": None, "finished_at": timezone.now(), "progress": running.progress, "result": running.result}
        leases.held(job).update(state=Job.State.DONE, **ended)
    _ring_for(_TWINS(now=timezone.now(), kind=job.kind, target=job.target))
    return True


def give_way() -> None:
    """Do what somebody waits for at a page; long work calls this between two of its steps, outside any transaction."""
    awaited = [kind for kind, handler in _handlers.items() if handler.is_awaited]
    for job_id in leases.claimable(timezone.now()).filter(kind__in=awaited).order_by("pk").values_list("pk", flat=True):
        run(job_id)


def tick(now: dt.datetime) -> None:
    """What the scheduler does each minute: request the slots that have come, ring for waiting and orphaned jobs."""
    Heartbeat.objects.update_or_create(name=Heartbeat.Name.TICK, defaults={"at": now})
    local = now.astimezone(BERLIN)
    for slot in _slots:
        if local.time() >= slot.at and (not slot.working_days_only or is_working_day(local.date())):
            request(slot.kind, str(local.date()), once_key=f"{slot.kind}:{local.date()}")
    for check in _checks:
        _look(check, now)
    leases.bury_killers(now)
    _ring_for(leases.claimable(now).order_by("pk").values_list("pk", "queue")[:500])


def _look(check: Callable[[dt.datetime], None], now: dt.datetime) -> None:
    try:
        check(now)
    except Exception:  # the bells below must ring all the same
        logger.exception("A check of the tick failed")


def _ring_for(waiting: Iterable[tuple[int, str]]) -> None:
    """Ring for jobs, given by id and queue."""
    # These bells ring again each minute, so a worker that comes back after hours finds no heap of them.
    for job_id, queue in waiting:
        bell.ring(job_id, queue, expires=2 * TICK_SECONDS)
