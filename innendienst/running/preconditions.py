"""What must hold before anything is started."""

import fcntl
import os
import socket
from pathlib import Path
from typing import TextIO

from django.db import connection
from django.db.migrations.executor import MigrationExecutor


class CannotRun(RuntimeError):
    """Innendienst cannot be started or kept running; the text says why and what to do."""


def lock(folder: Path) -> TextIO:
    """The open lock file of this installation; whoever holds it may start. Raises CannotRun while somebody else does."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = (folder / "run_all.lock").open("a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.seek(0)
        owner = file.read().strip()
        file.close()
        raise CannotRun(f"Innendienst runs already in {folder} (process {owner}). Another one needs its own VAR_DIR and PORT.") from None
    file.truncate(0)
    file.write(str(os.getpid()))
    file.flush()
    return file


def demand_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except (OSError, OverflowError) as error:
            raise CannotRun(f"Port {port} cannot be used ({error}). Choose another one: make run PORT=8001") from error


def demand_migrated() -> None:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise CannotRun("The database is not up to date: run `python manage.py prepare` first (`make run` does it).")
