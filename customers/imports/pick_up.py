"""Lists that the ERP lays into a folder (IMPORT_DIR): imported strictly, one after the other, as soon as they are complete.

A file stays in the folder until its import has ended, so that a worker that dies is followed by one that finds it again. What is
refused is told to the administrators, who find it among the imports.
"""

import datetime as dt
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Role, User
from customers import outbox
from customers.imports import headings, mapping, repeats, uploads
from customers.imports.cells import folded, shown
from customers.imports.job import stage, take_over
from customers.imports.lists import LISTS
from customers.imports.messages import Level, Refused, restored
from customers.imports.reading import open_sheets
from customers.imports.staging import digest
from customers.models import ImportRun, Message
from innendienst.base import jobs, notifications
from innendienst.base.jobs import RunningJob
from innendienst.base.models import Notification

PICK_UP, REFUSED = "import_pick_up", "import_refused"
QUIET_SECONDS = 10
"""A file that was written to a moment ago may not be complete."""
MESSAGES_IN_MAIL_MOST = 10
_SUFFIXES = (".csv", ".txt", ".xlsx")
_NAMES = {
    ImportRun.List.CUSTOMERS: ("customer", "kunde", "debitor"),
    ImportRun.List.CONTACTS: ("contact", "ansprechpartner", "kontakt"),
    ImportRun.List.PRODUCTS: ("product", "artikel", "produkt"),
    ImportRun.List.FOLLOW_UPS: ("followup", "wiedervorlage"),
    ImportRun.List.ORDERS: ("order", "auftrag", "bestell", "umsatz", "rechnung"),
}
"""How the name of a file says which list it is, in the order in which lists build on each other."""


def look_into_folder(now: dt.datetime) -> None:
    """Each minute: ask for a worker when a complete file lies there."""
    if settings.IMPORT_DIR and any(_complete(settings.IMPORT_DIR, now)):
        jobs.request(PICK_UP)


def pick_up(job: RunningJob) -> None:
    """Import what lies in the folder, customers first."""
    if not settings.IMPORT_DIR:
        return
    order = list(LISTS)
    found = [(kind_of(path), path) for path in _complete(settings.IMPORT_DIR, dt.datetime.now(dt.UTC))]
    for kind, path in sorted(found, key=lambda pair: (order.index(pair[0]), pair[1].name)):
        _import(kind, path, job)
        job.step()
        jobs.give_way()


def kind_of(path: Path) -> str:
    """Which list the file is: by its name, else by its headings; what fits nothing is called customers, and refused as such."""
    name = folded(path.stem)
    for kind, starts in _NAMES.items():
        if name.startswith(starts):
            return kind
    places = {kind: _place_count(kind, path) for kind in LISTS}
    return max(places, key=lambda kind: places[kind])


def render_refusal(message: Message) -> outbox.Mail | None:
    """The mail about a list that was not taken over; None when somebody has settled it already."""
    run = _refused(message.facts)
    if run is None:
        return None
    errors = [one for one in restored(run.messages) if one.level == Level.ERROR or one.code == "several_documents"]
    url = settings.BASE_URL + reverse("imports:run", args=[run.pk])
    context = {"user": message.user, "run": run, "messages": errors[:MESSAGES_IN_MAIL_MOST], "url": url}
    subject = _("List not taken over: %(file)s") % {"file": run.file_name}
    return outbox.Mail(subject, render_to_string("emails/import_refused.txt", context))


def refusal_note(note: Notification) -> tuple[str, str] | None:
    """Sentence and address of a note about a list that was not taken over; None when somebody has settled it already."""
    run = _refused(note.facts)
    return run and (_("List not taken over: %(file)s") % {"file": run.file_name}, reverse("imports:run", args=[run.pk]))


def _refused(facts: Mapping) -> ImportRun | None:
    """The list that somebody is told about, where it still waits for him."""
    return ImportRun.objects.filter(pk=facts["run"], state__in=[ImportRun.State.STAGED, ImportRun.State.FAILED]).first()


def _complete(folder: Path, now: dt.datetime) -> Iterator[Path]:
    """Files that look like lists and were not written to for some seconds."""
    quiet_since = now.timestamp() - QUIET_SECONDS
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        is_list = path.suffix.lower() in _SUFFIXES and not path.name.startswith((".", "~"))
        if is_list and path.is_file() and path.stat().st_mtime <= quiet_since:
            yield path


def _place_count(kind: str, path: Path) -> int:
    try:
        known = LISTS[kind]().columns
        with open_sheets(path) as sheets:
            _sheet, header = headings.choose(sheets, known, lambda texts: mapping.remembered(kind, texts))
    except Refused:
        return 0
    return len(header.places)


def _import(kind: str, path: Path, job: RunningJob) -> None:
    run = ImportRun(kind=kind, file_name=shown(path.name, uploads.FILE_NAME_MOST), sha256=digest(path), is_picked_up=True)
    opened = repeats.open_run(run)
    if opened is not None and not opened.is_picked_up:
        return  # somebody has just uploaded the same file: it is his
    if opened is None and repeats.done_before(run) is None:
        run.stored_as = _copied(path)
        run.save()
        opened = run
    if opened is not None:
        _carry_out(opened, job)
    path.unlink(missing_ok=True)


def _carry_out(run: ImportRun, job: RunningJob) -> None:
    if run.state == ImportRun.State.UPLOADED:
        stage(run, job, is_unattended=True)
    take_over(run.pk, job, is_unattended=True)
    run.refresh_from_db()
    if run.state == ImportRun.State.CONFIRMED:  # the data changed in between, and the fresh preview is fine too
        take_over(run.pk, job, is_unattended=True)
        run.refresh_from_db()
    if run.state != ImportRun.State.DONE:
        _tell_administrators(run)


def _tell_administrators(run: ImportRun) -> None:
    """By a note and by mail, since neither reaches everybody: not every account has an address."""
    keys = {user: f"{REFUSED}:{run.pk}:{user.pk}" for user in User.objects.active().filter(role=Role.ADMIN)}
    notifications.notify_all(Notification(user=user, key=key, kind=REFUSED, facts={"run": run.pk}) for user, key in keys.items())
    for user, key in keys.items():
        outbox.queue_message(kind=REFUSED, key=key, user=user, run=run.pk)


def _copied(path: Path) -> str:
    """The name under which the file is kept, out of reach of whoever writes into the folder."""
    stored_as = uuid4().hex
    target = uploads.path_of(stored_as)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    shutil.copyfile(path, target)
    target.chmod(0o600)
    return stored_as
