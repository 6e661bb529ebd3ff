"""Lists uploaded by an administrator: stored under a random name for 30 days, whatever becomes of them."""

import os
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction

from accounts.models import User
from customers.imports import repeats, sheet_choice
from customers.imports.cells import shown
from customers.imports.messages import Refused
from customers.imports.reading import demand_list
from customers.imports.rights import demand_run
from customers.imports.staging import digest
from customers.models import ImportRun
from innendienst.base import jobs
from innendienst.lib import file_store

MEGABYTE = 1 << 20
UPLOAD_MOST_MB = 50
FILE_NAME_MOST = 200
STAGE = "import_stage"


@dataclass(frozen=True)
class Received:
    """The run that answers an upload; `is_known` when these bytes are under way already, or taken over with nothing changed since."""

    run: ImportRun
    is_known: bool


def receive(*, actor: User, kind: str, file: UploadedFile, is_lenient: bool, is_declared: bool = False, is_own: bool = False) -> Received:
    """Keep the file and ask for its preview. Raises Refused for a file that is too large or shows at once to be no list."""
    run = ImportRun(
        kind=kind, file_name=_printable(file.name or ""), is_lenient=is_lenient, is_declared=is_declared, is_own=is_own, by=actor
    )
    demand_run(actor, run)
    if file.size > UPLOAD_MOST_MB * MEGABYTE:
        raise Refused("too_large", size=-(-file.size // MEGABYTE), most=UPLOAD_MOST_MB)
    run.stored_as, run.sha256 = file_store.write(_folder(), file.chunks())
    if is_own:
        run.sha256 = repeats.told_apart(run.sha256, actor.pk)
    try:
        demand_list(path_of(run.stored_as))
        received = _receive(run)
    except BaseException:
        discard(run.stored_as)
        raise
    if received.is_known:
        discard(run.stored_as)
    return received


def check_again(*, actor: User, run: ImportRun, sheet: str = "") -> Received:
    """Read the file of a finished run once more, whatever it said; that `sheet` of it, else the same one as before.

    Raises Refused when the file is no longer kept.
    """
    demand_run(actor, run)
    if not (run.stored_as and path_of(run.stored_as).exists()):
        raise Refused("file_gone")
    again = ImportRun(
        kind=run.kind, file_name=run.file_name, stored_as=uuid4().hex, sha256=run.sha256, is_lenient=run.is_lenient,
        is_declared=run.is_declared, is_own=run.is_own, by=run.by if run.is_own else actor,
        reading=sheet_choice.choice(sheet_choice.chosen(run)),
    )  # fmt: skip
    if sheet:
        again.sha256, again.reading = sha256_of(run, sheet), sheet_choice.choice(sheet)
    os.link(path_of(run.stored_as), path_of(again.stored_as))
    received = _request(again)
    if received.is_known:
        discard(again.stored_as)
    return received


def sha256_of(run: ImportRun, sheet: str) -> str:
    """What tells that sheet of the run's file from every other list."""
    own = [run.by_id] if run.is_own else []
    return repeats.told_apart(digest(path_of(run.stored_as)), *own, sheet)


def path_of(stored_as: str) -> Path:
    """Where an uploaded file lies."""
    return file_store.path(_folder(), stored_as)


def _folder() -> Path:
    return settings.VAR_DIR / "uploads"


def errors_of(run: ImportRun) -> Path:
    """Where the workbook with the run's rejected rows lies, if it has any."""
    return path_of(f"{run.stored_as}.xlsx")


def discard(stored_as: str) -> None:
    for name in (stored_as, f"{stored_as}.xlsx"):
        path_of(name).unlink(missing_ok=True)


def _receive(run: ImportRun) -> Received:
    known = repeats.done_before(run)
    return Received(known, is_known=True) if known else _request(run)


def _request(run: ImportRun) -> Received:
    """The run, stored and its preview asked for; or that of the same file which is open already, however many ask at once."""
    try:
        with transaction.atomic():
            run.save()
            jobs.request(STAGE, target=str(run.pk), run=run.pk)
            return Received(run, is_known=False)
    except IntegrityError:
        if (known := repeats.open_run(run)) is None:  # it was finished in this very moment
            raise Refused("changed_meanwhile") from None
        return Received(known, is_known=True)


def _printable(name: str) -> str:
    """The file's name as text to be shown, never as a path."""
    return shown(name.encode("utf-8", "replace").decode(), FILE_NAME_MOST)
