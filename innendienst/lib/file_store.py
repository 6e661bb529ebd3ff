"""Files from outside, each under a random name of ours in a folder that nobody else may read."""

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path
from uuid import uuid4


def write(folder: Path, chunks: Iterable[bytes]) -> tuple[str, str]:
    """The name under which the content is kept, and its SHA-256 in hexadecimal figures."""
    name, digest = uuid4().hex, hashlib.sha256()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(path(folder, name), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as target:
        for chunk in chunks:
            digest.update(chunk)
            target.write(chunk)
    return name, digest.hexdigest()


def path(folder: Path, name: str) -> Path:
    """Where a file lies; whatever else stands in a name, it never leads out of the folder."""
    return folder / Path(name).name
