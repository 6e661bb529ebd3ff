"""Background work that survives a killed worker and a lost broker.

A service asks for work inside its transaction (`request`); after the commit a bell rings in the broker, and a worker claims
the row by a lease. The broker may lose every message: a tick each minute rings again for what is queued and for leases that
ran out. Handlers register by name, so a lower app may ask for an upper app's job. Every handler must bear being run twice.
"""

import datetime as dt
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

from celery import current_app
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from innendienst.base import preferences
from innendienst.base.models import Job
from innendienst.lib.dates import BERLIN, is_working_day

LEASE = dt.timedelta(seconds=60)
MAX_ATTEMPTS = 5
BELL_PAUSE_SECONDS = 10

logger = logging.getLogger(__name__)


class JobLost(RuntimeError):
    """The lease ran out and somebody else may hold the job now: stop at once, the last step is not counted."""


class RunningJob:
    """What a handler gets to see of its job: arguments, kept progress and the lease."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self.args: dict = job.args
        self.progress: dict = job.progress
        self.result: dict = {}

    def step(self, **progress) -> None:
        """Renew the lease and keep `progress`, so that a killed run goes on from here. Raises JobLost."""
        self.progress = {**self.progress, **progress}
        held = Job.objects.filter(pk=self._job.pk, state=Job.State.RUNNING, attempts=self._job.attempts)
        if held.update(lease_until=timezone.now() + LEASE, progress=self.progress) == 0:
            raise JobLost(f"job {self._job.pk}")


@dataclass(frozen=True)
class _Handler:
    run: Callable[[RunningJob], None]
    queue: str


@dataclass(frozen=True)
class DailySlot:
    """A wall-clock time in Berlin at which a job falls due once a day, on working days only where so said."""

    kind: str
    at: dt.time
    working_days_only: bool = False


_handlers: dict[str, _Handler] = {}
_slots: list[DailySlot] = []
_silent_until = 0.0


def register(kind: str, run: Callable[[RunningJob], None], *, queue: str = "default") -> None:
    """Name the function that does jobs of this kind. `bulk` is for long work, `default` for what takes seconds."""
    _handlers[kind] = _Handler(run, queue)


def daily(slot: DailySlot) -> None:
    """Have a job requested once on each day after the slot's time."""
    _slots.append(slot)


def request(kind: str, target: str = "", *, once_key: str | None = None, **args) -> Job | None:
    """Ask for a job in the current transaction; the same kind and target queued already is that job.

    With `once_key` the job exists at most once for ever: None when it did exist.
    """
    queue = _handlers[kind].queue
    if once_key and Job.objects.filter(once_key=once_key).exists():
        return None
    try:
        with transaction.atomic():
            job = Job.objects.create(kind=kind, target=target, queue=queue, args=args, once_key=once_key)
    except IntegrityError:
        job = Job.objects.filter(kind=kind, target=target, state=Job.State.QUEUED).first()
        if once_key or job is None:
            return None
    transaction.on_commit(lambda: _ring(job.pk, queue), robust=True)
    return job


def run(job_id: int) -> bool:
    """Claim the job and do it; False when it was not free. Errors are kept in the row, and it is tried again later."""
    job = _claim(job_id)
    if job is None:
        return False
    preferences.forget()
    running = RunningJob(job)
    try:
        _handlers[job.kind].run(running)
    except JobLost:
        logger.warning("Job %s lost its lease", job.pk)
        return True
    except Exception as error:
        logger.exception("Job %s (%s) failed", job.pk, job.kind)
        _give_back(job, error)
        return True
    Job.objects.filter(pk=job.pk, state=Job.State.RUNNING, attempts=job.attempts).update(
        state=Job.State.DONE, lease_until=None, finished_at=timezone.now(), progress=running.progress, result=running.result
    )
    return True


def tick(now: dt.datetime) -> None:
    """What the scheduler does each minute: request the slots that have come, ring for waiting and orphaned jobs."""
    local = now.astimezone(BERLIN)
    for slot in _slots:
        if local.time() >= slot.at and (not slot.working_days_only or is_working_day(local.date())):
            request(slot.kind, str(local.date()), once_key=f"{slot.kind}:{local.date()}")
    for job_id, queue in list(_claimable(now).values_list("pk", "queue")[:500]):
        _ring(job_id, queue)


def _claimable(now: dt.datetime):
    queued = Q(state=Job.State.QUEUED) & (Q(not_before=None) | Q(not_before__lte=now))
    orphaned = Q(state=Job.State.RUNNING, lease_until__lt=now)
    twin_at_work = Job.objects.filter(kind=OuterRef("kind"), target=OuterRef("target"), state=Job.State.RUNNING, lease_until__gte=now)
    return Job.objects.filter(queued | orphaned).exclude(Exists(twin_at_work.exclude(pk=OuterRef("pk"))))


def _claim(job_id: int) -> Job | None:
    now = timezone.now()
    job = _claimable(now).filter(pk=job_id).first()
    if job is None:
        return None
    free = _claimable(now).filter(pk=job_id, attempts=job.attempts)
    if free.update(state=Job.State.RUNNING, lease_until=now + LEASE, attempts=job.attempts + 1) == 0:
        return None
    job.refresh_from_db()
    return job


def _give_back(job: Job, error: Exception) -> None:
    is_final = job.attempts >= MAX_ATTEMPTS
    now = timezone.now()
    outcome = {"state": Job.State.FAILED, "finished_at": now} if is_final else {"state": Job.State.QUEUED, "not_before": now + LEASE * job.attempts}
    try:
        with transaction.atomic():
            Job.objects.filter(pk=job.pk, attempts=job.attempts).update(lease_until=None, result={"error": f"{type(error).__name__}: {error}"[:500]}, **outcome)
    except IntegrityError:  # the same work was asked for again meanwhile: that request stands for both
        Job.objects.filter(pk=job.pk).update(state=Job.State.CANCELLED, lease_until=None, finished_at=now)


def _ring(job_id: int, queue: str) -> None:
    """Tell a worker; a dead broker is no error, and for ten seconds nobody asks it again."""
    global _silent_until
    if time.monotonic() < _silent_until:
        return
    try:
        current_app.send_task("innendienst.run_job", args=[job_id], queue=queue, retry=False, ignore_result=True)
    except Exception as error:
        _silent_until = time.monotonic() + BELL_PAUSE_SECONDS
        logger.warning("No bell for job %s: %s", job_id, error)
