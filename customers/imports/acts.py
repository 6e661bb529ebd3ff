"""What a person does with a staged list: take it over, or leave it."""

from collections.abc import Collection, Iterable, Mapping

from django.db import IntegrityError, transaction

from accounts.models import User
from customers.imports import repeats, sheet_choice
from customers.imports.answers import Question, is_held_up, remember as remember_answers
from customers.imports.ending import stop
from customers.imports.job import TAKE_BACK, TAKE_OVER
from customers.imports.mapping import remember
from customers.imports.rights import demand_run
from customers.imports.undoing.undo import is_undoable
from customers.imports.uploads import STAGE, check_again, sha256_of
from customers.models import ImportRun
from innendienst.base import audit, jobs

State = ImportRun.State


class NotNow(RuntimeError):
    """The run is no longer as the person saw it."""


@transaction.atomic
def confirm(*, actor: User, run: ImportRun, seen: str, is_lenient: bool, offered: Collection[str] = ()) -> None:
    """Have the rows of this very preview taken over; `seen` is its time, as the page had it. Raises NotNow.

    `offered` are the keys of new articles that may be offered although they look like freight and its like.
    """
    demand_run(actor, run)
    if (
        run.state != State.STAGED
        or seen != preview_key(run)
        or (run.rejected_count and not is_lenient)
        or run.changing_count == 0
        or is_held_up(run)
    ):
        raise NotNow(run.pk)
    changes = {"state": State.CONFIRMED, "confirmed_by": actor, "is_lenient": is_lenient}
    if offered:
        changes["carried"] = {**run.carried, "offered": sorted(offered)}
    if run.verdict == ImportRun.Verdict.REJECT:
        changes["verdict"] = ImportRun.Verdict.WARN
        changes["messages"] = [one for one in run.messages if one["code"] != "nothing_imported"]
    if ImportRun.objects.filter(pk=run.pk, state=State.STAGED, staged_at=run.staged_at).update(**changes) == 0:
        raise NotNow(run.pk)
    jobs.request(TAKE_OVER, target=str(run.pk), run=run.pk)


@transaction.atomic
def cancel(*, actor: User, run: ImportRun) -> None:
    """Leave the list alone. Raises NotNow when it is finished already."""
    demand_run(actor, run)
    if not stop(run.pk, ImportRun.Failure.CANCELLED):
        raise NotNow(run.pk)
    audit.record("import.cancel", by=actor, run=run.pk, list=run.kind)


@transaction.atomic
def assign_columns(*, actor: User, run: ImportRun, fields: Mapping[str, str]) -> ImportRun:
    """Remember what the columns mean and read the file anew: a staged list again, a refused one as another run, which is answered."""
    remember(actor=actor, run=run, fields=fields)
    if run.state == State.FAILED:
        return check_again(actor=actor, run=run).run
    _read_anew(run)
    return run


@transaction.atomic
def choose_sheet(*, actor: User, run: ImportRun, sheet: str) -> ImportRun:
    """Read that sheet of the workbook: a staged list again, an ended one as another run, which is answered. Raises NotNow, Refused.

    Where the sheet waits in another import already, that one is answered.
    """
    demand_run(actor, run)
    sheet_choice.demand_known(sheet, sheet_choice.choosable(run))
    audit.record("import.choose_sheet", by=actor, run=run.pk, list=run.kind)
    if run.state != State.STAGED:
        return check_again(actor=actor, run=run, sheet=sheet).run
    run.sha256 = sha256_of(run, sheet)
    if known := repeats.open_run(run):
        return known
    try:
        with transaction.atomic():
            _read_anew(run, sha256=run.sha256, reading=sheet_choice.choice(sheet))
    except IntegrityError:  # somebody else has it read in this very moment
        raise NotNow(run.pk) from None
    return run


@transaction.atomic
def answer(*, actor: User, run: ImportRun, said: Iterable[tuple[Question, str]]) -> None:
    """Remember what was answered to the questions of a staged list, and have it read anew with that. Raises NotNow."""
    remember_answers(actor=actor, run=run, said=said)
    _read_anew(run)


@transaction.atomic
def take_back(*, actor: User, run: ImportRun) -> None:
    """Have a worker take the import back. Raises NotNow when it cannot be taken back (any more)."""
    demand_run(actor, run)
    if not is_undoable(run):
        raise NotNow(run.pk)
    jobs.request(TAKE_BACK, target=str(run.pk), run=run.pk, by=actor.pk)


def _read_anew(run: ImportRun, **changes: object) -> None:
    if ImportRun.objects.filter(pk=run.pk, state=State.STAGED).update(state=State.UPLOADED, **changes) == 0:
        raise NotNow(run.pk)
    jobs.request(STAGE, target=str(run.pk), run=run.pk)


def preview_key(run: ImportRun) -> str:
    """Tells one preview of a run from the next."""
    return run.staged_at.isoformat() if run.staged_at else ""
