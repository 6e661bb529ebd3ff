"""Recompute purchases, facts, reasons and the call list in the foreground."""

import datetime as dt
import logging
import time
from argparse import ArgumentTypeError
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from django.core.management.base import BaseCommand, CommandError, OutputWrapper
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from innendienst import recompute
from innendienst.base import jobs, leases
from innendienst.base.models import Job

_LOOK_AGAIN_SECONDS = 1


def _day(text: str) -> str:
    try:
        return dt.date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise ArgumentTypeError(f"{text!r} is not a day like 2026-11-30") from error


class Command(BaseCommand):
    help = "Bring purchases, facts, reasons and the call list in line with the order lines. Run twice, it writes nothing."

    def add_arguments(self, parser) -> None:
        parser.add_argument(
            "--as-of", type=_day, metavar="YYYY-MM-DD", help="as on the morning of that day: nothing ordered from it on is read"
        )

    def handle(self, *, as_of: str | None, verbosity: int, **options) -> None:
        """The job is a row like any other: should this process die, the worker's next tick finishes its work."""
        started = time.monotonic()
        job = Job.objects.create(kind=recompute.FULL, queue="bulk", args={"as_of": as_of} if as_of else {})
        with _progress_on(self.stdout) if verbosity else nullcontext():
            written = self._wait_for(job).result["written"]
        if verbosity:
            counts = ", ".join(f"{table} {_number(written[table])}" for table in recompute.TABLES)
            seconds = number_format(time.monotonic() - started, 1)
            self.stdout.write(_("Rows written: %(counts)s (%(seconds)s s)") % {"counts": counts, "seconds": seconds})

    def _wait_for(self, job: Job) -> Job:
        """Do the job, and before it one of the same kind that a killed process left behind."""
        while job.state not in {Job.State.DONE, Job.State.FAILED}:
            free = leases.claimable(timezone.now()).filter(kind=job.kind, target=job.target).order_by("pk").first()
            if free is None or not jobs.run(free.pk):
                time.sleep(_LOOK_AGAIN_SECONDS)
            job.refresh_from_db()
            if error := job.result.get("error"):
                raise CommandError(_("Stopped: %(error)s. Nothing is half done; the worker tries again.") % {"error": error})
        return job


class _Progress(logging.Handler):
    """Prints what the recompute logs after each range: stage and number of customers served."""

    def __init__(self, out: OutputWrapper) -> None:
        super().__init__(logging.DEBUG)
        self._out = out

    def emit(self, record: logging.LogRecord) -> None:
        stage, count = record.args
        text = _("Purchases: %(count)s customers") if stage == "purchases" else _("Reasons: %(count)s customers")
        self._out.write(text % {"count": _number(count)})


@contextmanager
def _progress_on(out: OutputWrapper) -> Iterator[None]:
    handler = _Progress(out)
    recompute.logger.addHandler(handler)
    recompute.logger.setLevel(logging.DEBUG)
    recompute.logger.propagate = False
    try:
        yield
    finally:
        recompute.logger.propagate = True
        recompute.logger.setLevel(logging.NOTSET)
        recompute.logger.removeHandler(handler)


def _number(count: int) -> str:
    return number_format(count, 0, force_grouping=True)
