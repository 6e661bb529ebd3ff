"""Installations that the tests may kill."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

from tests.processes.installation import Installation


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory):
    """An SQLite file with all tables and nothing in it, made once."""
    folder = tmp_path_factory.mktemp("migrated")
    Installation(folder).manage("migrate", "-v0")
    file = folder / "innendienst.sqlite3"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # all of it in the one file that is copied
    return file


@pytest.fixture
def installation(tmp_path, migrated_file) -> Iterator[Installation]:
    """An empty installation, migrated, not started."""
    (tmp_path / "innendienst.sqlite3").write_bytes(migrated_file.read_bytes())
    installation = Installation(tmp_path)
    yield installation
    installation.clean_up()
