"""From the file into the temporary tables: read, clean, check, compare. Nothing that is kept changes.

The file is read while nobody has to wait; comparing it with what is stored is the caller's transaction.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import groupby, islice
from operator import itemgetter
from pathlib import Path

from django.utils import timezone

from customers.imports import answers, error_file, headings, mapping, merges, sheet_choice, sql
from customers.imports.columns import ListColumns
from customers.imports.kept import sql as kept_sql
from customers.imports.kept.faults import FAULTS_MOST, Faults
from customers.imports.lists import kind_of
from customers.imports.messages import Level, Message, Refused, Talk, note
from customers.imports.parsing import SAMPLES, Parser
from customers.imports.reading import Sheet, open_sheets
from customers.imports.results import NOTHING, Verdict
from customers.imports.store import ListKind, RunFacts, Store
from customers.imports.what_was_read import described
from customers.models import ImportRun
from innendienst.lib.bulk import copy_rows
from innendienst.lib.collector import not_collected

Report = Callable[[int], None]


class Staging:
    """A file in the temporary tables, and what was found so far; `decide` completes it."""

    def __init__(
        self, kind: ListKind, sheet: Sheet, parser: Parser, store: Store, header: headings.Header, run: ImportRun, talk: Talk
    ) -> None:
        self.verdict = Verdict.ACCEPT
        self.counts = NOTHING
        self.rejected = 0
        self.store = store
        self._kind, self._sheet, self._parser, self._header, self._run, self._talk = kind, sheet, parser, header, run, talk
        self._faults = Faults()

    def parse(self, report: Report) -> None:
        """Read the file to its end; `report` hears after each batch how many rows that were. Raises Refused."""
        with not_collected():
            for rows in self._parser.batches():
                copy_rows("import_rows", ["file_row", *self._parser.fields], rows)
                self._faults.add(self._parser.faults)
                self._parser.faults.clear()
                report(self._parser.read_count)
        if self._parser.read_count == 0:
            raise Refused("no_rows")
        self.rejected = self._parser.rejected_count
        self._talk.add(*(note(code, count=count) for code, count in self._parser.left_out.items()))

    def decide(self) -> None:
        """Check the rows against each other and the tables, leave out the bad ones, and compare the others; in a transaction."""
        sql.one_at_a_time()
        merges.follow(self._run, self.store.facts)
        sql.prepare()
        self.store.find_bad()
        self._tell_bad()
        sql.remove_bad()
        self.counts = self.store.plan()
        self._talk.add(*self.store.notes)
        self.store.notes.clear()
        self.verdict = self._judged()

    def note_in(self, run: ImportRun) -> None:
        """Enter what was found; saving is the caller's."""
        run.verdict, run.messages, run.staged_at = self.verdict, self._talk.stored(), timezone.now()
        run.created_count, run.updated_count, run.unchanged_count = self.counts.created, self.counts.updated, self.counts.unchanged
        run.rejected_count = self.rejected
        run.reading = {**run.reading, "questions": answers.stored(self._kind.questions())}
        run.carried = {**self._kind.carried(), "facts": self.store.facts.as_json()}

    def keep(self, run: ImportRun) -> None:
        """Write the rows where they outlast this connection, with what became of them if they were taken over already."""
        if run.state == ImportRun.State.DONE:
            self.store.keep_written(run.pk)
        else:
            self.store.keep(run.pk)

    def write_errors(self, target: Path) -> None:
        """Write the rows with errors, if there are any, into a workbook."""
        if self.rejected:
            error_file.write(target, self._sheet, self._header, self._run.by)

    def _tell_bad(self) -> None:
        for row, found in groupby(kept_sql.bad_rows(FAULTS_MOST), key=itemgetter(0)):
            messages = [
                Message(code, row=row, column=self._header.heading(field), params={"value": value, "other": other})
                for _row, code, field, value, other in found
            ]
            self._talk.add(*messages)
            self._faults.add([(row, messages)])
        self.rejected += sql.count_bad()

    def _judged(self) -> Verdict:
        if self.rejected and not self._run.is_lenient:
            self._talk.add(Message("nothing_imported", params={"count": self.rejected}))
            return Verdict.REJECT
        if self.rejected and sql.count_rows() == 0:
            self._talk.add(Message("nothing_left"))
            return Verdict.REJECT
        return Verdict.WARN if self.rejected or self._talk.levels[Level.WARNING] else Verdict.ACCEPT


@contextmanager
def read_into_tables(run: ImportRun, path: Path, talk: Talk, report: Report = lambda count: None) -> Iterator[Staging]:
    """The file's rows in temporary tables, which go when the block ends. Raises Refused for what is no list of this kind."""
    kind = kind_of(run)
    chosen = sheet_choice.chosen(run)
    with open_sheets(path) as sheets:
        run.reading = sheet_choice.found(sheets, chosen)
        sheet, header = _header(run, sheet_choice.to_read(sheets, chosen), kind.columns)
        talk.add(*sheet_choice.worth_saying(sheet.notes(header.row), chosen), *header.notes)
        parser = Parser(sheet, header, kind.columns, timezone.localdate(), talk)
        store = kind.store(_facts(run, parser, header))
        with sql.staged(store.types()):
            staging = Staging(kind, sheet, parser, store, header, run, talk)
            _note_reading(run, sheet, header, parser, kind.columns)
            staging.parse(report)
            _note_reading(run, sheet, header, parser, kind.columns)
            yield staging


def _header(run: ImportRun, sheets: Sequence[Sheet], known: ListColumns) -> tuple[Sheet, headings.Header]:
    """Where the columns do not suffice, those that were found are noted for whoever will assign them."""
    try:
        return headings.choose(sheets, known, partial(mapping.remembered, run.kind))
    except headings.HeaderRefused as refusal:
        rows = islice(refusal.sheet.rows(), refusal.header.row, refusal.header.row + SAMPLES)
        run.reading |= described(refusal.sheet.about(), refusal.header, known, {}, [row for _number, row in rows])
        raise


def digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _note_reading(run: ImportRun, sheet: Sheet, header: headings.Header, parser: Parser, known: ListColumns) -> None:
    run.reading |= described(sheet.about(), header, known, parser.styles(), parser.samples)


def _facts(run: ImportRun, parser: Parser, header: headings.Header) -> RunFacts:
    names = {field: header.heading(field) for field in header.places}
    return RunFacts(
        fields=parser.fields, headings=names, broken=parser.broken, today=timezone.localdate(), file_name=run.file_name, by_id=run.by_id
    )
