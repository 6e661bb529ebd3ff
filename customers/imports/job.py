"""The background side of an upload: import the file, say how far it is, and clean up afterwards."""

import datetime as dt
from collections.abc import Callable
from time import monotonic

from django.utils import timezone

from customers.imports import uploads
from customers.imports.messages import Message, stored
from customers.imports.run import TakenOver, take
from customers.models import ImportRun
from innendienst.base.jobs import RunningJob

MESSAGES_KEPT = dt.timedelta(days=30)
FILE_NAMES_KEPT = dt.timedelta(days=365)
_STEP_SECONDS = 1.0


def run_uploaded(job: RunningJob) -> None:
    """Import an uploaded list; a run that is finished already is left alone."""
    stored_as = job.args["file"]
    run = ImportRun.objects.filter(pk=job.args["run"], state__in=[ImportRun.State.UPLOADED, ImportRun.State.RUNNING]).first()
    if run is not None:
        ImportRun.objects.filter(pk=run.pk).update(state=ImportRun.State.RUNNING)
        _import(run, stored_as, job)
    uploads.discard(stored_as)


def forget_old(job: RunningJob) -> None:
    """Empty what was said about rows, with their values, after 30 days, and the names of files after a year."""
    now = timezone.now()
    ImportRun.objects.filter(started_at__lt=now - MESSAGES_KEPT).exclude(messages=[]).update(messages=[])
    ImportRun.objects.filter(started_at__lt=now - FILE_NAMES_KEPT).exclude(file_name="").update(file_name="")


def _import(run: ImportRun, stored_as: str, job: RunningJob) -> None:
    path = uploads.path_of(stored_as)
    if not path.exists():
        lost = {"state": ImportRun.State.FAILED, "finished_at": timezone.now(), "messages": stored([Message("file_gone")])}
        ImportRun.objects.filter(pk=run.pk).update(**lost)
        return
    try:
        take(run, path, report=_progress(job))
    except TakenOver:
        return


def _progress(job: RunningJob) -> Callable[[int], None]:
    """Note once a second how many rows were read."""
    said_at = monotonic()

    def report(count: int) -> None:
        nonlocal said_at
        if monotonic() - said_at >= _STEP_SECONDS:
            job.step(rows=count)
            said_at = monotonic()

    return report
