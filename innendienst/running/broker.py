"""The folder and socket of the embedded broker, made ready before it starts."""

import os
import stat
import time
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from innendienst.running.preconditions import CannotRun

READY_SECONDS = 20


def prepare(socket: Path) -> None:
    """Make the socket's folder and end a Redis that an earlier, killed start left behind. Raises CannotRun."""
    socket.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder = socket.parent.stat()
    if folder.st_uid != os.getuid() or folder.st_mode & stat.S_IWOTH:
        raise CannotRun(f"{socket.parent} must belong to you alone: it holds the broker's socket.")
    if _answers(socket):
        with redis.Redis(unix_socket_path=str(socket)) as leftover:
            leftover.shutdown(nosave=True)
    socket.unlink(missing_ok=True)


def wait_until_ready(socket: Path) -> None:
    """Return when Redis answers on `socket`. Raises CannotRun."""
    deadline = time.monotonic() + READY_SECONDS
    while not _answers(socket):
        if time.monotonic() > deadline:
            raise CannotRun(f"Redis does not answer on {socket}.")
        time.sleep(0.02)


def _answers(socket: Path) -> bool:
    try:
        with redis.Redis(unix_socket_path=str(socket), retry=Retry(NoBackoff(), 0)) as client:
            return bool(client.ping())
    except redis.ConnectionError:  # also while it loads its file
        return False
