"""How far a run is, and what there is to say about it."""

from collections import Counter
from dataclasses import dataclass

from customers.imports import sheet_choice
from customers.imports.answers import is_held_up
from customers.imports.handing_out import unowned
from customers.imports.headings import ABOUT_COLUMNS
from customers.imports.job import TAKE_BACK, TAKE_OVER
from customers.imports.messages import Level, Message, Said, gathered, restored
from customers.imports.missing import missing
from customers.imports.undoing.undo import is_undoable
from customers.imports.uploads import STAGE, errors_of, path_of
from customers.imports.what_was_read import columns
from customers.models import ImportRun
from innendienst.base.models import Job

State, Verdict = ImportRun.State, ImportRun.Verdict
LEFT_OUT_SHOWN = 8


@dataclass(frozen=True)
class Outcome:
    """`rows_read` is what the worker last said while it reads the file."""

    run: ImportRun
    messages: list[Message]
    rows_read: int = 0
    is_being_undone: bool = False

    @property
    def is_under_way(self) -> bool:
        return self.run.state in ImportRun.UNDER_WAY or self.is_being_undone

    @property
    def is_undoable(self) -> bool:
        return is_undoable(self.run) and not self.is_being_undone

    @property
    def said(self) -> list[Said]:
        """The messages, equal ones once."""
        return gathered(self.messages)

    @property
    def warning_count(self) -> int:
        return Counter(message.level for message in self.messages)[Level.WARNING]

    @property
    def has_file(self) -> bool:
        """Whether the list itself is still there, to be read again."""
        return bool(self.run.stored_as) and path_of(self.run.stored_as).exists()

    @property
    def can_be_assigned(self) -> bool:
        """Whether a person may say which column means what."""
        is_about_columns = any(message.code in ABOUT_COLUMNS for message in self.messages)
        is_waiting = self.run.state == State.STAGED or (self.run.failure == ImportRun.Failure.REFUSED and is_about_columns)
        return is_waiting and self.has_file and bool(self.run.reading.get("columns"))

    @property
    def can_choose_sheet(self) -> bool:
        """Whether another sheet of the workbook can be read."""
        return bool(sheet_choice.choosable(self.run)) and self.has_file and not self.is_under_way

    @property
    def columns(self) -> list[tuple[dict, None]]:
        """The columns of the file without the folded ones."""
        is_folded = bool(self.folded_columns)
        return [(column, None) for column in columns(self.run) if column["field"] or not is_folded]

    @property
    def folded_columns(self) -> list[tuple[dict, None]]:
        """Columns that are not taken over, where they are so many that the others would be lost among them."""
        left_out = [(column, None) for column in columns(self.run) if not column["field"]]
        return left_out if len(left_out) > LEFT_OUT_SHOWN else []

    @property
    def unowned_count(self) -> int:
        """New customers of a list without owners whom nobody looks after yet."""
        return unowned(self.run).count()

    @property
    def missing_count(self) -> int:
        """Customers whom the list lacks, if it may be a full export."""
        return missing(self.run).count()

    @property
    def has_errors_file(self) -> bool:
        return bool(self.run.stored_as) and errors_of(self.run).exists()

    @property
    def can_be_confirmed(self) -> bool:
        """Whether the list can be taken over as it stands, or without its bad rows."""
        return self.run.state == State.STAGED and self.run.changing_count > 0 and not self.is_held_up

    @property
    def is_held_up(self) -> bool:
        """Whether the list asks something that must be answered first."""
        return is_held_up(self.run)


def outcome_of(run: ImportRun) -> Outcome:
    rows_read = _rows_read(run) if run.state == State.UPLOADED else 0
    # That strict took nothing is what the preview itself says, with the choice beside it; a cancelled list has another reason.
    says_itself = run.state == State.STAGED or run.failure == ImportRun.Failure.CANCELLED
    messages = [one for one in restored(run.messages) if not says_itself or one.code != "nothing_imported"]
    return Outcome(run, messages, rows_read, is_being_undone=run.state == State.DONE and _is_being_undone(run))


def _is_being_undone(run: ImportRun) -> bool:
    return Job.objects.filter(kind=TAKE_BACK, target=str(run.pk), state__in=[Job.State.QUEUED, Job.State.RUNNING]).exists()


def _rows_read(run: ImportRun) -> int:
    job = Job.objects.filter(kind__in=[STAGE, TAKE_OVER], target=str(run.pk)).order_by("pk").last()
    return job.progress.get("rows", 0) if job else 0
