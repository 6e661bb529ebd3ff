"""The background side of an upload: read it, take it over once somebody confirmed it, and clean up afterwards.

Both jobs bear being killed and being run twice: each writes in one transaction that ends with a conditional change of the run's
state.
"""

import datetime as dt
from collections.abc import Callable
from contextlib import suppress
from time import monotonic

from django.db import IntegrityError, transaction
from django.db.models import CharField, Exists, OuterRef
from django.db.models.functions import Cast
from django.utils import timezone

from accounts.models import User
from customers.imports import repeats, uploads
from customers.imports.answers import is_held_up
from customers.imports.ending import refuse, stop
from customers.imports.limits import KEPT
from customers.imports.messages import Refused, Talk
from customers.imports.staging import Staging, read_into_tables
from customers.imports.take_over import NoLongerRunning, Stale, take_over_kept
from customers.imports.undoing.undo import NotUndoable, undo
from customers.models import ImportBefore, ImportLine, ImportRow, ImportRun
from innendienst.base import jobs
from innendienst.base.jobs import RunningJob
from innendienst.base.models import Job

TAKE_OVER, TAKE_BACK = "import_take_over", "import_take_back"
FILE_NAMES_KEPT = dt.timedelta(days=365)
_STEP_SECONDS = 1.0

State = ImportRun.State
_NOTED = (
    "state", "verdict", "messages", "staged_at", "carried", "reading",
    "created_count", "updated_count", "unchanged_count", "rejected_count",
)  # fmt: skip


class _Cancelled(Exception):
    """Somebody cancelled the run while its file was being read."""


def stage_uploaded(job: RunningJob) -> None:
    """Read an uploaded list and keep its rows for the preview; a run in another state is left alone."""
    run = ImportRun.objects.filter(pk=job.args["run"], state=State.UPLOADED).first()
    if run is not None:
        stage(run, job)


def take_over_confirmed(job: RunningJob) -> None:
    """Take over the rows that somebody confirmed; where the data changed in between, make a fresh preview instead."""
    take_over(job.args["run"], job)


def take_over(run_id: int, job: RunningJob, *, is_unattended: bool = False) -> None:
    ImportRun.objects.filter(pk=run_id, state=State.CONFIRMED).update(state=State.RUNNING)
    run = ImportRun.objects.select_related("by", "confirmed_by").filter(pk=run_id, state=State.RUNNING).first()
    if run is None:
        _forget_cancelled(run_id)
        return
    try:
        with transaction.atomic():
            take_over_kept(run)
    except NoLongerRunning:
        _forget_cancelled(run_id)
    except (Stale, IntegrityError):
        _stage_again(run, job, is_unattended=is_unattended)


def take_back(job: RunningJob) -> None:
    """Take an import back; one that is taken back already is left alone."""
    run = ImportRun.objects.filter(pk=job.args["run"]).first()
    if run is not None:
        with suppress(NotUndoable):
            undo(run, User.objects.filter(pk=job.args.get("by")).first())


def stop_abandoned(now: dt.datetime) -> None:
    """Runs whose job was given up would wait for ever, and would keep the same file from being uploaded again."""
    jobs_of_run = Job.objects.filter(kind__in=[uploads.STAGE, TAKE_OVER], target=Cast(OuterRef("pk"), CharField()))
    at_work = jobs_of_run.filter(state__in=[Job.State.QUEUED, Job.State.RUNNING])
    given_up = ImportRun.objects.filter(Exists(jobs_of_run), ~Exists(at_work), state__in=ImportRun.UNDER_WAY)
    for pk in given_up.values_list("pk", flat=True):
        stop(pk, ImportRun.Failure.ERROR, ImportRun.UNDER_WAY)


def forget_old(job: RunningJob) -> None:
    """Delete files, rows and what was said about them after 30 days, and the names of files after a year."""
    now = timezone.now()
    old = ImportRun.objects.filter(started_at__lt=now - KEPT)
    for run in old.exclude(stored_as=""):
        uploads.discard(run.stored_as)
    for pk in old.filter(state=State.STAGED).values_list("pk", flat=True):
        stop(pk, ImportRun.Failure.CANCELLED, (State.STAGED,))
    for model in (ImportRow, ImportLine, ImportBefore):
        model.objects.filter(run__in=old).delete()
    old.exclude(messages=[], reading={}, undone={}, stored_as="").update(messages=[], reading={}, undone={}, stored_as="")
    ImportRun.objects.filter(started_at__lt=now - FILE_NAMES_KEPT).exclude(file_name="").update(file_name="")


def stage(run: ImportRun, job: RunningJob, *, is_again: bool = False, is_unattended: bool = False) -> None:
    """Read the run's file, keep its rows and what there is to say about them; refused is what is no list.

    Unattended, a list that is fine counts as confirmed, and the caller takes it over.
    """
    path, talk = uploads.path_of(run.stored_as), Talk()
    uploads.errors_of(run).unlink(missing_ok=True)  # of an earlier reading: what was answered since may have mended all
    try:
        if not (run.stored_as and path.exists()):
            raise Refused("file_gone")
        with read_into_tables(run, path, talk, _progress(run, job)) as staging, transaction.atomic():
            staging.decide()
            _keep(run, staging, is_again=is_again, is_unattended=is_unattended)
    except Refused as refusal:
        talk.add(refusal.message)
        refuse(run, talk)
    except _Cancelled:
        return


def _stage_again(run: ImportRun, job: RunningJob, *, is_unattended: bool) -> None:
    if ImportRun.objects.filter(pk=run.pk, state=State.RUNNING).update(state=State.UPLOADED):
        run.state = State.UPLOADED
        stage(run, job, is_again=True, is_unattended=is_unattended)


def _forget_cancelled(run_id: int) -> None:
    """Whoever cancels a run while it is written leaves its rows to the worker."""
    if ImportRun.objects.filter(pk=run_id, state=State.FAILED).exists():
        repeats.forget_rows(run_id)


def _keep(run: ImportRun, staging: Staging, *, is_again: bool, is_unattended: bool) -> None:
    repeats.forget_rows(run.pk)
    staging.keep(run)
    staging.write_errors(uploads.errors_of(run))
    staging.note_in(run)
    run.reading = {**run.reading, "is_again": is_again}
    is_idle = run.verdict != ImportRun.Verdict.REJECT and run.read_count == run.unchanged_count
    is_fine = is_unattended and run.verdict != ImportRun.Verdict.REJECT and not is_held_up(run)
    run.state = State.CONFIRMED if is_idle or is_fine else State.STAGED
    changes = {name: getattr(run, name) for name in _NOTED}
    if ImportRun.objects.filter(pk=run.pk, state=State.UPLOADED).update(**changes) == 0:
        raise _Cancelled
    if is_idle and not is_unattended:  # nobody need look at a list that writes nothing
        jobs.request(TAKE_OVER, target=str(run.pk), run=run.pk)


def _progress(run: ImportRun, job: RunningJob) -> Callable[[int], None]:
    """Note once a second how many rows were read, and look whether anybody still wants them."""
    said_at = monotonic()

    def report(count: int) -> None:
        nonlocal said_at
        if monotonic() - said_at < _STEP_SECONDS:
            return
        job.step(rows=count)
        said_at = monotonic()
        if not ImportRun.objects.filter(pk=run.pk, state=State.UPLOADED).exists():
            raise _Cancelled

    return report
