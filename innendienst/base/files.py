"""Files that people lay in: stored under a random name, their type told by their content, handed out as attachments only."""

import unicodedata
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import FileResponse

from innendienst.base.models import StoredFile
from innendienst.lib import file_store

MEGABYTE = 1 << 20
SIZE_MOST_MB = 10
NAME_MOST = 120

_BEGINNINGS = {
    b"%PDF-": "application/pdf",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
}


class FileRefused(ValueError):
    """The file is empty, too large or of a kind that is not kept; `code` says which."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def content_type_of(beginning: bytes) -> str | None:
    """What a file is by its first bytes; None for a kind that is not kept."""
    return next((kind for start, kind in _BEGINNINGS.items() if beginning.startswith(start)), None)


def check(file: UploadedFile) -> str:
    """The type of an uploaded file. Raises FileRefused."""
    if not file.size:
        raise FileRefused("empty")
    if file.size > SIZE_MOST_MB * MEGABYTE:
        raise FileRefused("too_large")
    file.seek(0)
    content_type = content_type_of(file.read(16))
    file.seek(0)
    if content_type is None:
        raise FileRefused("kind")
    return content_type


def store(file: UploadedFile, *, by) -> StoredFile:
    """Keep an uploaded file, in the caller's transaction. Raises FileRefused.

    A file whose transaction fails is left behind without a row: nobody can reach it.
    """
    content_type = check(file)
    stored_as, digest = file_store.write(_folder(), file.chunks())
    return StoredFile.objects.create(
        stored_as=stored_as,
        name=printable_name(file.name or ""),
        content_type=content_type,
        size=file.size or 0,
        sha256=digest,
        by=by,
    )


def attachment(stored: StoredFile) -> FileResponse:
    """The file as a download, never shown inside a page."""
    response = FileResponse(path_of(stored.stored_as).open("rb"), as_attachment=True, filename=stored.name)
    response["Content-Type"] = stored.content_type
    response["X-Content-Type-Options"] = "nosniff"
    return response


def remove(stored: StoredFile) -> None:
    """Delete a file that nothing points to any more; its content goes once the caller's transaction is through."""
    path = path_of(stored.stored_as)
    stored.delete()
    transaction.on_commit(lambda: path.unlink(missing_ok=True))


def path_of(stored_as: str) -> Path:
    """Where a file lies."""
    return file_store.path(_folder(), stored_as)


def _folder() -> Path:
    return settings.MEDIA_ROOT / "files"


def printable_name(name: str) -> str:
    """The last part of a name without signs that cannot be seen, cut in the middle so that its ending stays."""
    last = name.replace("\\", "/").rpartition("/")[2]
    text = "".join(char for char in last if unicodedata.category(char)[0] != "C").strip() or "file"
    stem, _dot, ending = text.rpartition(".")
    if len(text) > NAME_MOST and stem:
        return f"{stem[: NAME_MOST - 12]}.{ending[:10]}"
    return text[:NAME_MOST]
