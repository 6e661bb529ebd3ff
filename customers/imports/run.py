"""One import from the file to the tables: read and stage, check, compare, take over; all of it or nothing.

The file is read into a temporary table while nobody has to wait. What follows is one transaction: killed at any moment, it
leaves the tables as they were.
"""

import gc
import hashlib
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from time import monotonic

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from customers.imports import headings, messages, sql
from customers.imports.lists import LISTS
from customers.imports.messages import MESSAGES_MOST, Level, Message, Refused, Talk, note
from customers.imports.parsing import Parser
from customers.imports.reading import open_sheets
from customers.imports.store import Counts, RunFacts, Store
from customers.models import ImportRun
from customers.touched import touch
from innendienst.base import audit
from innendienst.lib.bulk import copy_rows

NOTHING = Counts(0, 0, 0)

Report = Callable[[int], None]
logger = logging.getLogger(__name__)


class Verdict(StrEnum):
    ACCEPT = "accept"
    WARN = "warn"
    REJECT = "reject"


class TakenOver(RuntimeError):
    """Another worker has finished this run already."""


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


def run_import(kind: str, path: Path, *, by: User | None = None, is_lenient: bool = False, is_preview: bool = False) -> ImportResult:
    """Import the list in the file. Strict takes all rows or none, lenient those without errors; a preview writes nothing."""
    run = ImportRun(kind=kind, file_name=path.name[:200], is_lenient=is_lenient, by=by)
    return take(run, path, is_preview=is_preview)


def take(run: ImportRun, path: Path, *, is_preview: bool = False, report: Report = lambda count: None) -> ImportResult:
    """Do the given run. `report` hears after each batch how many rows were read. Raises TakenOver."""
    started = monotonic()
    talk = Talk()
    attempt = _Attempt(run, path, talk, is_preview=is_preview, report=report)
    try:
        attempt.go()
    except Refused as refusal:
        attempt.verdict = Verdict.REJECT
        talk.add(refusal.message)
    if not is_preview and attempt.verdict == Verdict.REJECT:
        _finish(run, ImportRun.State.FAILED, NOTHING, attempt.rejected, talk)
    counts = attempt.counts
    return ImportResult(
        attempt.verdict,
        run.pk,
        counts.created,
        counts.updated,
        counts.unchanged,
        attempt.rejected,
        talk.messages,
        round(monotonic() - started, 2),
    )


class _Attempt:
    """The steps of one run and what they found so far."""

    def __init__(self, run: ImportRun, path: Path, talk: Talk, *, is_preview: bool, report: Report) -> None:
        self.verdict = Verdict.ACCEPT
        self.counts = NOTHING
        self.rejected = 0
        self._run, self._path, self._talk = run, path, talk
        self._is_preview, self._report = is_preview, report
        self._today = timezone.localdate()

    def go(self) -> None:
        with self._path.open("rb") as file:
            self._run.sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        kind = LISTS[self._run.kind]()
        sheet, header = headings.choose(open_sheets(self._path), kind.columns)
        self._talk.add(*sheet.notes(header.row), *header.notes)
        parser = Parser(sheet, header, kind.columns, self._today, self._talk)
        store = kind.store(self._facts(parser, header))
        with sql.staged(store.types()):
            self._stage(parser)
            self._check_parsed(parser)
            self._take_over(store, header)

    def _facts(self, parser: Parser, header: headings.Header) -> RunFacts:
        names = {field: header.heading(field) for field in header.places}
        return RunFacts(
            fields=parser.fields, headings=names, broken=parser.broken, today=self._today,
            file_name=self._run.file_name, by_id=self._run.by_id,
        )  # fmt: skip

    def _stage(self, parser: Parser) -> None:
        with _collector_paused():
            for rows in parser.batches():
                copy_rows("import_rows", ["file_row", *parser.fields], rows)
                self._report(parser.read_count)

    def _check_parsed(self, parser: Parser) -> None:
        if parser.read_count == 0:
            raise Refused("no_rows")
        self.rejected = parser.rejected_count
        self._talk.add(*(note(code, count=count) for code, count in parser.left_out.items()))

    def _take_over(self, store: Store, header: headings.Header) -> None:
        try:
            with transaction.atomic():
                self._decide(store, header)
        except IntegrityError as error:
            logger.exception("Import of %s", self._run.kind)
            raise Refused("changed_meanwhile") from error

    def _decide(self, store: Store, header: headings.Header) -> None:
        sql.one_at_a_time()
        _hold(self._run)
        sql.prepare()
        store.find_bad()
        self._tell_bad(header)
        if self.rejected and not self._run.is_lenient:
            raise Refused("nothing_imported", count=self.rejected)
        sql.remove_bad()
        if self.rejected and sql.count_rows() == 0:
            raise Refused("nothing_left")
        self.counts = store.plan()
        self._write(store)

    def _tell_bad(self, header: headings.Header) -> None:
        for row, code, field, value, other in sql.read_bad(MESSAGES_MOST):
            self._talk.add(Message(code, row=row, column=header.heading(field), params={"value": value, "other": other}))
        self.rejected += sql.count_bad()

    def _write(self, store: Store) -> None:
        concerned = [] if self._is_preview else list(store.write())
        self._talk.add(*store.notes)
        if self.rejected or self._talk.levels[Level.WARNING]:
            self.verdict = Verdict.WARN
        if self._is_preview:
            return
        touch(concerned)
        _finish(self._run, ImportRun.State.DONE, self.counts, self.rejected, self._talk)


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Rows hold no cycles, but so many of them keep the garbage collector busy: half the time of reading a long list."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _hold(run: ImportRun) -> None:
    """Two workers may come to do one run when the first was slow to say that it lives; the second must not write."""
    if run.pk and ImportRun.objects.select_for_update().get(pk=run.pk).state != ImportRun.State.RUNNING:
        raise TakenOver(run.pk)


@transaction.atomic
def _finish(run: ImportRun, state: str, counts: Counts, rejected: int, talk: Talk) -> None:
    run.state = state
    run.created_count, run.updated_count, run.unchanged_count = counts.created, counts.updated, counts.unchanged
    run.rejected_count = rejected
    run.messages = messages.stored(talk.messages)
    run.finished_at = timezone.now()
    run.save()
    act = "import.take_over" if state == ImportRun.State.DONE else "import.refuse"
    audit.record(
        act, by=run.by, run=run.pk, list=run.kind, sha256=run.sha256, created=counts.created, updated=counts.updated,
        unchanged=counts.unchanged, rejected=rejected,
    )  # fmt: skip
