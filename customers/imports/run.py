"""One import from the file to the tables in a single go, as the command does it: stage, check, compare, take over.

All that writes is one transaction: killed at any moment, it leaves the tables as they were.
"""

import logging
from pathlib import Path
from time import monotonic
from uuid import uuid4

from django.db import IntegrityError, transaction

from accounts.models import User
from customers.imports import repeats, sheet_choice, uploads
from customers.imports.ending import refuse
from customers.imports.messages import Refused, Talk
from customers.imports.results import NOTHING, ImportResult, Verdict, known_already, result_of
from customers.imports.staging import Staging, digest, read_into_tables
from customers.imports.take_over import take_over_staged
from customers.models import ImportRun

logger = logging.getLogger(__name__)


class _KnownAlready(Exception):
    """Another process took over the same bytes in the meantime."""


def run_import(
    kind: str, path: Path, *, by: User | None = None, is_lenient: bool = False, is_preview: bool = False, sheet: str = ""
) -> ImportResult:
    """Import the list in the file. Strict takes all rows or none, lenient those without errors; a preview writes nothing.

    Of a workbook that `sheet`, else the first that has the columns.
    """
    started = monotonic()
    sha256 = repeats.told_apart(digest(path), *filter(None, [sheet]))
    run = ImportRun(kind=kind, file_name=path.name[:200], is_lenient=is_lenient, by=by, sha256=sha256, reading=sheet_choice.choice(sheet))
    earlier = None if is_preview else repeats.done_before(run)
    if earlier:
        return known_already(earlier, _since(started))
    try:
        return _import(run, path, started, is_preview=is_preview)
    except _KnownAlready:
        return known_already(repeats.done_before(run), _since(started))


def _import(run: ImportRun, path: Path, started: float, *, is_preview: bool) -> ImportResult:
    talk = Talk()
    try:
        with read_into_tables(run, path, talk) as staging:
            _carry_out(run, staging, talk, is_preview=is_preview)
    except Refused as refusal:
        talk.add(refusal.message)
        if not is_preview:
            refuse(run, talk)
        return result_of(Verdict.REJECT, run.pk, NOTHING, 0, talk, _since(started))
    return result_of(staging.verdict, run.pk, staging.counts, staging.rejected, talk, _since(started))


def _carry_out(run: ImportRun, staging: Staging, talk: Talk, *, is_preview: bool) -> None:
    try:
        with transaction.atomic():
            staging.decide()
            if not is_preview:
                _write(run, staging, talk)
    except IntegrityError as error:
        logger.exception("Import of %s", run.kind)
        run.pk = None
        raise Refused("changed_meanwhile") from error


def _write(run: ImportRun, staging: Staging, talk: Talk) -> None:
    if repeats.done_before(run):
        raise _KnownAlready
    repeats.replace_open(run)
    is_refused = staging.verdict == Verdict.REJECT
    run.state = ImportRun.State.STAGED if is_refused else ImportRun.State.RUNNING
    staging.note_in(run)
    run.stored_as = uuid4().hex if staging.rejected else ""
    run.save()
    if not is_refused:
        talk.add(*take_over_staged(run, staging.store, staging.counts))
    staging.keep(run)
    if staging.rejected:
        staging.write_errors(uploads.errors_of(run))


def _since(started: float) -> float:
    return round(monotonic() - started, 2)
