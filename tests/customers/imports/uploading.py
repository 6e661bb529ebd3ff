"""An administrator's steps from the upload to the tables, as the pages take them."""

import re
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from customers.imports import job as import_job, uploads
from innendienst.base import jobs
from innendienst.base.models import Job

GOOD = "Kundennummer;Firma;PLZ\n1;Müller;01067\n2;Meier;20095\n"
BAD = "Kundennummer;Firma;PLZ\n1;Müller;ABCDE\n2;Meier;20095\n"


def upload(client, content: str | bytes, name: str = "kunden.csv", kind: str = "customers", **fields):
    data = content.encode() if isinstance(content, str) else content
    form = {"mode": "strict", "file": SimpleUploadedFile(name, data), **fields}
    return client.post(reverse("imports:upload", args=[kind]), form)


def work() -> None:
    """What the worker has to do with lists."""
    for kind in (uploads.STAGE, import_job.TAKE_OVER):
        for job in Job.objects.filter(kind=kind, state="queued"):
            jobs.run(job.pk)


def confirm(client, url: str, **fields):
    """Press the button that the page has."""
    seen = re.search(r'name="seen" value="([^"]+)"', client.get(url).content.decode())[1]
    return client.post(f"{url}confirm/", {"seen": seen, **fields})


def import_list(client, content: str = GOOD, **fields) -> str:
    """Upload, look, confirm, take over; the address of the run."""
    url = upload(client, content, **fields).url
    work()
    confirm(client, url)
    work()
    return url


def files() -> list[Path]:
    folder = settings.VAR_DIR / "uploads"
    return list(folder.iterdir()) if folder.exists() else []
