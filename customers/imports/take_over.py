"""From the temporary tables into the tables, in one transaction: all rows or none, and the run's own state with them."""

from django.utils import timezone

from customers.imports import merges, sql
from customers.imports.lists import kind_of
from customers.imports.messages import MESSAGES_MOST, Message, stored
from customers.imports.store import Counts, Store, facts_of
from customers.models import ImportRun
from customers.touched import touch
from innendienst.base import audit


class NoLongerRunning(RuntimeError):
    """Somebody cancelled the run, or another worker has finished it: what was written goes back."""


class Stale(RuntimeError):
    """The data changed after the preview: what it promised would not be what happens."""


def take_over_kept(run: ImportRun) -> None:
    """Write the rows that were kept when the run was staged; in a transaction. Raises Stale and NoLongerRunning."""
    kind = kind_of(run)
    kind.resume(run.carried)
    store = kind.store(facts_of(run, timezone.localdate()))
    with sql.staged(store.types()):
        sql.one_at_a_time()
        _demand_running(run)
        store.load(run.pk)
        merges.follow(run, store.facts)
        sql.prepare()
        counts = store.plan()
        if store.is_stale(run) or merges.is_parted_since(run):
            raise Stale(run.pk)
        store.notes.clear()
        concerned = list(store.write(run.pk))
        store.settle(run.pk)
        touch(concerned)
        finish(run, counts, store.notes)


def take_over_staged(run: ImportRun, store: Store, counts: Counts) -> list[Message]:
    """Write what has just been staged and keep its rows; in the transaction that staged it. Answers what writing had to say."""
    touch(list(store.write(run.pk)))
    finish(run, counts, store.notes)
    return store.notes


def finish(run: ImportRun, counts: Counts, notes: list[Message]) -> None:
    """The run is done. Raises NoLongerRunning where its stored state says otherwise."""
    run.created_count, run.updated_count, run.unchanged_count = counts.created, counts.updated, counts.unchanged
    run.messages = [*run.messages, *stored(notes)][: MESSAGES_MOST + 1]
    changes = {
        "state": ImportRun.State.DONE, "finished_at": timezone.now(), "messages": run.messages, "carried": {},
        "created_count": counts.created, "updated_count": counts.updated, "unchanged_count": counts.unchanged,
    }  # fmt: skip
    if ImportRun.objects.filter(pk=run.pk, state=ImportRun.State.RUNNING).update(**changes) == 0:
        raise NoLongerRunning(run.pk)
    run.state, run.finished_at = changes["state"], changes["finished_at"]
    audit.record(
        "import.take_over", by=run.confirmed_by or run.by, run=run.pk, list=run.kind, sha256=run.sha256, created=counts.created,
        updated=counts.updated, unchanged=counts.unchanged, rejected=run.rejected_count,
        declared=run.is_declared,
    )  # fmt: skip


def _demand_running(run: ImportRun) -> None:
    if not ImportRun.objects.filter(pk=run.pk, state=ImportRun.State.RUNNING).exists():
        raise NoLongerRunning(run.pk)
