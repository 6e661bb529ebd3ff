"""How a run ends without having written anything."""

from django.db import transaction
from django.utils import timezone

from customers.imports import repeats
from customers.imports.messages import Talk
from customers.models import ImportRun
from innendienst.base import audit

State, Failure = ImportRun.State, ImportRun.Failure


@transaction.atomic
def refuse(run: ImportRun, talk: Talk) -> None:
    """The file cannot be taken at all: the run has failed with what was said. A stored run that is no longer `uploaded` stays."""
    ended = {
        "state": State.FAILED, "failure": Failure.REFUSED, "verdict": ImportRun.Verdict.REJECT, "messages": talk.stored(),
        "reading": run.reading, "finished_at": timezone.now(),
        "created_count": 0, "updated_count": 0, "unchanged_count": 0, "rejected_count": 0,
    }  # fmt: skip
    if run.pk is None:
        for name, value in ended.items():
            setattr(run, name, value)
        run.save()
    elif ImportRun.objects.filter(pk=run.pk, state=State.UPLOADED).update(**ended) == 0:
        return
    else:
        repeats.forget_rows(run.pk)  # of a reading that went better
    audit.record("import.refuse", by=run.by, run=run.pk, list=run.kind, sha256=run.sha256)


@transaction.atomic
def stop(run_id: int, failure: Failure, states: tuple[State, ...] = ImportRun.OPEN) -> bool:
    """End a run that is in one of these states, and forget its rows; whether it was.

    A worker who is writing has the rows of his run locked, and forgets them himself once he notices (job.py).
    """
    ended = {"state": State.FAILED, "failure": failure, "finished_at": timezone.now(), "carried": {}}
    found = ImportRun.objects.filter(pk=run_id, state__in=states)
    is_written = found.filter(state=State.RUNNING).update(**ended) > 0
    if not is_written and found.update(**ended) == 0:
        return False
    if not is_written or failure != Failure.CANCELLED:
        repeats.forget_rows(run_id)
    return True
