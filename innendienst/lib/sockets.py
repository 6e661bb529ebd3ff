"""Where the embedded broker's socket lies."""

import hashlib
import os
import tempfile
from pathlib import Path

_LONGEST = 100  # the kernel allows 108 bytes, other systems 104


def embedded_socket(folder: Path) -> Path:
    """`folder`/redis.sock, or a short path derived from it below the temporary folder where that would be too long."""
    socket = folder / "redis.sock"
    if len(os.fsencode(socket)) <= _LONGEST:
        return socket
    digest = hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"innendienst-{os.getuid()}-{digest}" / "redis.sock"
