"""Who may do a job: claimed by a lease, kept while working, given back after an error.

Two jobs of one kind and target never run at the same time: the database holds at most one running row of them.
"""

import datetime as dt
import logging
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import Error, IntegrityError, connection, transaction
from django.db.models import DateTimeField, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from innendienst.base.models import Job
from innendienst.lib.prepared import Param, Prepared

LEASE = dt.timedelta(seconds=60)
RENEWAL_SECONDS = 20
MAX_ATTEMPTS = 5
MAX_DEATHS = 20  # a job whose worker died that often is what kills it

logger = logging.getLogger(__name__)


def claimable(now: dt.datetime | Param) -> QuerySet[Job]:
    """Queued jobs whose time has come and whose twin is not under way, and jobs whose lease ran out."""
    twin_at_work = Job.objects.filter(kind=OuterRef("kind"), target=OuterRef("target"), state=Job.State.RUNNING)
    queued = Q(state=Job.State.QUEUED) & (Q(not_before=None) | Q(not_before__lte=now)) & ~Exists(twin_at_work)
    return Job.objects.filter(queued | Q(state=Job.State.RUNNING, lease_until__lt=now))


_FREE = Prepared(lambda: claimable(Param("now", DateTimeField())).select_for_update(skip_locked=True).filter(pk=Param("job")))


def claim(job_id: int) -> Job | None:
    """The job with a fresh lease, or None when it is not free.

    A row locked by whoever asks for the job in a transaction still open counts as not free: the bell after that commit comes.
    """
    now = timezone.now()
    try:
        with transaction.atomic():
            job = next(iter(_FREE(now=now, job=job_id)), None)
            if job is None:
                return None
            job.state, job.lease_until, job.attempts = Job.State.RUNNING, now + LEASE, job.attempts + 1
            job.save(update_fields=["state", "lease_until", "attempts"])
            return job
    except IntegrityError:  # its twin was claimed in the same moment
        return None


def held(job: Job) -> QuerySet[Job]:
    """The row of `job` while this very claim holds it; empty once somebody else took it over."""
    return Job.objects.filter(pk=job.pk, state=Job.State.RUNNING, attempts=job.attempts)


@contextmanager
def kept(job: Job) -> Iterator[None]:
    """Renew the lease while the block runs, from a thread of its own: one long transaction cannot do it itself."""
    done = threading.Event()
    keeper = threading.Thread(target=_keep, args=(job, done), daemon=True)
    keeper.start()
    try:
        yield
    finally:
        done.set()
        keeper.join()


def _keep(job: Job, done: threading.Event) -> None:
    while not done.wait(RENEWAL_SECONDS):
        try:
            held(job).update(lease_until=timezone.now() + LEASE)
        except Error as error:  # SQLite: the work itself holds the write lock. PostgreSQL: it was restarted. The next round comes soon
            logger.info("Lease of job %s not renewed: %s", job.pk, error)
            connection.close_if_unusable_or_obsolete()
    connection.close()


def give_back(job: Job, error: Exception) -> None:
    """Queue the job again, later with each attempt; after the last one it has failed. Only where the error arose is kept."""
    now = timezone.now()
    if job.attempts >= MAX_ATTEMPTS:
        outcome = {"state": Job.State.FAILED, "finished_at": now}
    else:
        outcome = {"state": Job.State.QUEUED, "not_before": now + LEASE * job.attempts}
    held(job).update(lease_until=None, result={"error": _describe(error)}, **outcome)


def bury_killers(now: dt.datetime) -> None:
    """Fail the jobs that took their worker down with them again and again."""
    dead = Job.objects.filter(state=Job.State.RUNNING, lease_until__lt=now, attempts__gte=MAX_DEATHS)
    for job in dead:
        logger.error("Job %s (%s) is given up: its worker died %s times", job.pk, job.kind, job.attempts)
        held(job).update(state=Job.State.FAILED, lease_until=None, finished_at=now, result={"error": "worker died"})


def _describe(error: Exception) -> str:
    # The message of an error may quote a row's content, which has no place in a job.
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} ({Path(frame.filename).name}:{frame.lineno})"
