"""An installation of one's own: a folder, an environment, and the programs started in it."""

import datetime as dt
import fcntl
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import psutil
import pytest
from celery import Celery

from innendienst.lib.sockets import embedded_socket

ROOT = Path(__file__).resolve().parent.parent.parent
# What the test run sets for itself must not reach the installation under test.
_OF_THE_TEST_RUN = ("DATABASE_URL", "REDIS_URL", "BASE_URL", "ALLOWED_HOSTS", "SECRET_KEY", "DJANGO_ALLOW_ASYNC_UNSAFE", "EMAIL_BACKEND")


DATABASE = "innendienst.sqlite3"


def made_once(name: str, fill: Callable[[Path], None]) -> Path:
    """A folder of the test run that `fill` makes an installation of, once for all its processes; `copy_to` hands it on."""
    folder = Path(os.environ["INNENDIENST_TEST_RUN"]) / name
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            half = folder.with_suffix(".half")
            shutil.rmtree(half, ignore_errors=True)
            half.mkdir()
            fill(half)
            with closing(sqlite3.connect(half / DATABASE)) as connection:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # all of it in the one file that is copied
            half.rename(folder)
    return folder


def copy_to(folder: Path, source: Path) -> None:
    """Give a folder the database and the static files of one that was made once."""
    (folder / DATABASE).write_bytes((source / DATABASE).read_bytes())
    (folder / "static").symlink_to(source / "static")


@pytest.fixture(scope="session")
def prepared() -> Path:
    """An installation with all tables and nothing in them, and its static files."""
    return made_once("prepared", lambda folder: Installation(folder).manage("prepare"))


class Installation:
    """Innendienst in a folder of its own, with SQLite and the embedded broker unless `environment` says otherwise."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.folder = folder
        self.port = free_port()
        kept = {name: value for name, value in os.environ.items() if name not in _OF_THE_TEST_RUN}
        own = {"VAR_DIR": str(folder), "PORT": str(self.port), "DJANGO_SETTINGS_MODULE": "innendienst.settings", "PYTHONPATH": str(ROOT)}
        self.environment = {**kept, **own, **environment}
        self.starters: list[subprocess.Popen] = []

    def manage(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run a management command to its end."""
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=170, check=check)

    def start(self) -> subprocess.Popen:
        """Start everything and wait for the line that names the address."""
        with (self.folder / "starter.log").open("a") as log:
            starter = subprocess.Popen([sys.executable, "manage.py", "run_all"], cwd=ROOT, env=self.environment, stdout=log, stderr=log)
        self.starters.append(starter)
        wait_until(lambda: starter.poll() is not None or self.answers(), 60, self.log)
        assert starter.poll() is None, self.log()
        wait_until(lambda: len(self.workers()) == 2, 60, self.log)
        return starter

    def log(self) -> str:
        return (self.folder / "starter.log").read_text()

    def answers(self) -> bool:
        status = self.get("/accounts/login/")
        return status is not None and status < 500

    def get(self, path: str) -> int | None:
        """The status of a page; None when nothing listens."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=30) as response:
                return response.status
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return None

    def processes(self) -> list[psutil.Process]:
        """Every process of this installation, whoever its parent is: it has the folder in its environment, Redis its socket."""
        return [process for process in psutil.process_iter() if self._owns(process)]

    def _owns(self, process: psutil.Process) -> bool:
        try:
            if process.status() == psutil.STATUS_ZOMBIE:
                return False
            return process.environ().get("VAR_DIR") == str(self.folder) or str(embedded_socket(self.folder)) in " ".join(process.cmdline())
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            return False

    def workers(self) -> list[psutil.Process]:
        """The two Celery main processes that have a child to work with."""
        starters = [psutil.Process(starter.pid) for starter in self.starters if starter.poll() is None]
        started = [process for starter in starters for process in starter.children()]
        return [process for process in started if "--queues" in _command(process) and process.children()]

    def worker(self, queue: str) -> psutil.Process:
        return next(worker for worker in self.workers() if queue in _command(worker))

    def rows(self, sql: str) -> list[tuple]:
        """What a query finds in the SQLite file, read beside the running programs."""
        connection = sqlite3.connect(self.folder / DATABASE, timeout=20)
        try:
            return connection.execute(sql).fetchall()
        finally:
            connection.close()

    def value(self, sql: str):
        return self.rows(sql)[0][0]

    def write(self, *statements: str) -> None:
        """Change the SQLite file beside the running programs, all statements or none."""
        with closing(sqlite3.connect(self.folder / DATABASE, timeout=60)) as connection, connection:
            for statement in statements:
                connection.execute(statement)

    def let_leases_run_out(self) -> None:
        """What a minute without a sign of life does."""
        for table in ("base_job", "customers_message"):
            self.write(f"UPDATE {table} SET lease_until = '2000-01-01 00:00:00' WHERE lease_until IS NOT NULL")

    def ask_for(self, kind: str, queue: str) -> None:
        """Leave a job for whoever works next, as `jobs.request` does; a program started for this one row would take a second."""
        columns = ("kind", "target", "queue", "args", "state", "progress", "result", "attempts", "requested_at")
        row = (kind, "", queue, "{}", "queued", "{}", "{}", "0", f"{dt.datetime.now(dt.UTC):%Y-%m-%d %H:%M:%S.%f}")
        self.write(f"INSERT INTO base_job ({', '.join(columns)}) VALUES {row}")

    def ring(self) -> None:
        """Have a worker look now at what waits, as the scheduler does once a minute."""
        with Celery(broker=f"redis+socket://{embedded_socket(self.folder)}", set_as_current=False) as bell:
            bell.send_task("innendienst.tick", queue="default", ignore_result=True)

    def demand_gone(self, seconds: float) -> None:
        wait_until(lambda: not self.processes(), seconds, lambda: str(self.processes()))

    def clean_up(self) -> None:
        for starter in self.starters:
            starter.kill()
            starter.wait()
        for process in self.processes():
            process.kill()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(claim: Callable[[], object], seconds: float, told: Callable[[], str] = str) -> None:
    """Return as soon as `claim` holds; `told` goes with the failure."""
    deadline = time.monotonic() + seconds
    while not claim():
        assert time.monotonic() < deadline, told()
        time.sleep(0.1)


def _command(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.NoSuchProcess:
        return []
