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
    }  # fmt: skip
    if run.pk is None:
        for name, value in ended.items():
            setattr(run, name, value)
        run.save()
    elif ImportRun.objects.filter(pk=run.pk, state=State.UPLOADED).update(**ended) == 0:
        return
    audit.record("import.refuse", by=run.by, run=run.pk, list=run.kind, sha256=run.sha256)


@transaction.atomic
def stop(run_id: int, failure: Failure, states: tuple[State, ...] = ImportRun.OPEN) -> bool:
    """End a run that is in one of these states, and forget its rows; whether it was."""
    ended = {"state": State.FAILED, "failure": failure, "finished_at": timezone.now(), "carried": {}}
    if ImportRun.objects.filter(pk=run_id, state__in=states).update(**ended) == 0:
        return False
    repeats.forget_rows(run_id)
    return True
