"""What an import answers."""

from dataclasses import dataclass

from customers.imports.messages import Message, Talk, note, restored
from customers.imports.store import Counts
from customers.models import ImportRun
from innendienst.lib import display

Verdict = ImportRun.Verdict
NOTHING = Counts(0, 0, 0)


@dataclass(frozen=True)
class ImportResult:
    """`rejected` counts rows with errors, also those of a list that was refused for them; `run_id` is None for a preview."""

    verdict: Verdict
    run_id: int | None
    created: int
    updated: int
    unchanged: int
    rejected: int
    messages: list[Message]
    seconds: float


def result_of(verdict: Verdict, run_id: int | None, counts: Counts, rejected: int, talk: Talk, seconds: float) -> ImportResult:
    """A refused list has written nothing, whatever a preview of it would say."""
    done = NOTHING if verdict == Verdict.REJECT else counts
    return ImportResult(verdict, run_id, done.created, done.updated, done.unchanged, rejected, talk.messages, seconds)


def known_already(run: ImportRun, seconds: float) -> ImportResult:
    """The same bytes were taken over before and nothing has changed since: its rows are unchanged, nothing is written."""
    messages = [already_imported(run), *restored(run.messages)]
    counts = counts_again(run)
    return ImportResult(
        Verdict(run.verdict), run.pk, counts.created, counts.updated, counts.unchanged, run.rejected_count, messages, seconds
    )


def counts_again(run: ImportRun) -> Counts:
    """What the same bytes do once more: its rows are unchanged."""
    return Counts(0, 0, run.read_count - run.rejected_count)


def already_imported(run: ImportRun) -> Message:
    return note("already_imported", day=display.date(run.finished_at.date()))
