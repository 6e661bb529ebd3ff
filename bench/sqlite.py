"""A new SQLite file, for measuring what small companies run on."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Sqlite:
    """`folder` is the place for whatever else the measurement writes; it goes with the file."""

    folder: Path
    url: str

    def cpu_seconds(self) -> float:
        """Nothing of its own: SQLite works in the process that asks."""
        return 0


@contextmanager
def running() -> Iterator[Sqlite]:
    with tempfile.TemporaryDirectory(prefix="bench-", dir="/tmp") as name:
        yield Sqlite(Path(name), f"sqlite:///{name}/innendienst.sqlite3")
