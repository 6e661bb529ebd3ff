"""The same bytes again: answered by the run that took them over, as long as nothing has changed since."""

import hashlib

from customers.imports.lists import LISTS
from customers.imports.messages import Refused
from customers.models import ImportLine, ImportRow, ImportRun

State = ImportRun.State


def told_apart(sha256: str, *by: object) -> str:
    """The hash of a list that is not all of its file, or not everybody's: whose it is or which sheet is read makes it another one."""
    for one in by:
        sha256 = hashlib.sha256(f"{sha256} {one}".encode()).hexdigest()
    return sha256


def done_before(run: ImportRun) -> ImportRun | None:
    """The run that took over this very file completely, where reading it again could not change anything."""
    done = ImportRun.objects.filter(kind=run.kind, sha256=run.sha256, state=State.DONE, rejected_count=0).exclude(verdict="").first()
    if done is None or (run.is_declared and not done.is_declared):
        return None
    return done if LISTS[run.kind]().is_untouched(done) else None


def open_run(run: ImportRun) -> ImportRun | None:
    """The run of the same file that is not finished."""
    return ImportRun.objects.filter(kind=run.kind, sha256=run.sha256, state__in=ImportRun.OPEN).exclude(pk=run.pk).first()


def replace_open(run: ImportRun) -> None:
    """A preview of the same file that waits for somebody gives way to `run`. Raises Refused while a worker is at it."""
    waiting = open_run(run)
    if waiting is None:
        return
    replaced = {"state": State.FAILED, "failure": ImportRun.Failure.CANCELLED}
    if ImportRun.objects.filter(pk=waiting.pk, state=State.STAGED).update(**replaced) == 0:
        raise Refused("under_way", name=waiting.file_name)
    forget_rows(waiting.pk)


def forget_rows(run_id: int) -> None:
    """The staged rows of a run that will not be taken over."""
    ImportRow.objects.filter(run=run_id).delete()
    ImportLine.objects.filter(run=run_id).delete()
