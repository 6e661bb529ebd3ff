"""Lists uploaded by an administrator: stored under a random name until a worker has imported them."""

import os
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts.models import User
from accounts.permissions import demand
from customers.imports.cells import shown
from customers.imports.messages import Refused
from customers.imports.reading import demand_list
from customers.models import ImportRun
from innendienst.base import jobs

MEGABYTE = 1 << 20
UPLOAD_MOST_MB = 50
FILE_NAME_MOST = 200


def receive(*, actor: User, kind: str, file: UploadedFile, is_lenient: bool) -> ImportRun:
    """Keep the file and ask for its import. Raises Refused for a file that is too large or shows at once to be no list."""
    demand(actor, "import.run")
    if file.size > UPLOAD_MOST_MB * MEGABYTE:
        raise Refused("too_large", size=-(-file.size // MEGABYTE), most=UPLOAD_MOST_MB)
    stored_as = _store(file)
    try:
        demand_list(path_of(stored_as))
        return _request(actor, kind, file.name or "", stored_as, is_lenient=is_lenient)
    except BaseException:
        discard(stored_as)
        raise


def path_of(stored_as: str) -> Path:
    """Where an uploaded file lies; its name is one of ours, whatever the browser said."""
    return settings.VAR_DIR / "uploads" / Path(stored_as).name


def discard(stored_as: str) -> None:
    path_of(stored_as).unlink(missing_ok=True)


def _store(file: UploadedFile) -> str:
    stored_as = uuid4().hex
    path = path_of(stored_as)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as target:
        for chunk in file.chunks():
            target.write(chunk)
    return stored_as


@transaction.atomic
def _request(actor: User, kind: str, name: str, stored_as: str, *, is_lenient: bool) -> ImportRun:
    run = ImportRun.objects.create(kind=kind, file_name=_printable(name), is_lenient=is_lenient, by=actor)
    jobs.request("import", target=str(run.pk), run=run.pk, file=stored_as)
    return run


def _printable(name: str) -> str:
    """The file's name as text to be shown, never as a path."""
    return shown(name.encode("utf-8", "replace").decode(), FILE_NAME_MOST)
