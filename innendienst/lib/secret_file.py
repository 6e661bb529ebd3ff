"""A secret key kept in a file, for the embedded set-up where nobody hands one over."""

import os
import secrets
from pathlib import Path


def read_or_create(path: Path) -> str:
    """The file's content; the first caller writes 50 random bytes, readable by its owner only.

    Two processes starting at once agree: the file is created exclusively, and the loser reads the winner's.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_suffix(f".{os.getpid()}")
    if not path.exists():
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(50))
        try:
            os.link(fresh, path)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_text().strip()
