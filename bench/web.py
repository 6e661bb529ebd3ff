"""The product behind its real server, and what a request costs there."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psutil

from bench.browser import Person
from bench.cpu import tree_seconds
from bench.figures import Figure, compared
from bench.product import ROOT, Database

CONSTANT, TABLE = "/bench/constant/", "/bench/table50/"
_ROUNDS, _REQUESTS = 30, 6
REQUESTS_PER_PAGE = (_ROUNDS + 1) * _REQUESTS
_START_SECONDS_MOST = 60


@dataclass(frozen=True)
class Page:
    """A request by its name, and how many times the floor it may cost."""

    name: str
    ask: Callable[[], object]
    goal: float | None


@dataclass(frozen=True)
class Server:
    port: int
    process: psutil.Process
    database: Database

    def cpu_seconds(self) -> float:
        """What web and database processes have used so far."""
        return tree_seconds(self.process) + self.database.cpu_seconds()

    def cost(self, ask: Callable[[], object], times: int) -> float:
        """Processor seconds of so many requests."""
        before = self.cpu_seconds()
        for _index in range(times):
            ask()
        return self.cpu_seconds() - before


@contextmanager
def serving(database: Database, settings: str, *, workers: int = 1) -> Iterator[Server]:
    """gunicorn with the configuration of deploy/, one worker without threads, so that each request meets the same warm process.

    With more workers each has two threads: for what many do at once.
    """
    port = _free_port()
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": settings, "PORT": str(port), "WEB_CONCURRENCY": str(workers)}
    environment["WEB_THREADS"] = "1" if workers == 1 else "2"
    command = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py"]
    process = subprocess.Popen(command, cwd=ROOT, env=environment)
    try:
        _wait_for(port, process)
        yield Server(port, psutil.Process(process.pid), database)
    finally:
        process.terminate()
        process.wait(30)


def against_table(server: Server, page: Page) -> Figure:
    """The page's mean processor milliseconds and those of table50.

    Page and floor take turns in short rounds, so that a machine which slows down slows both; the first round warms up.
    """
    stranger = Person(server.port)
    page_seconds = floor_seconds = 0.0
    for index in range(_ROUNDS + 1):
        floor = server.cost(lambda: stranger.get(TABLE), _REQUESTS)
        spent = server.cost(page.ask, _REQUESTS)
        if index:
            floor_seconds, page_seconds = floor_seconds + floor, page_seconds + spent
    return compared(page.name, _milliseconds(page_seconds), _milliseconds(floor_seconds), page.goal, "ms")


def _milliseconds(seconds: float) -> float:
    return seconds / (_ROUNDS * _REQUESTS) * 1000


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def _wait_for(port: int, process: subprocess.Popen) -> None:
    deadline = time.monotonic() + _START_SECONDS_MOST
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"the web server does not answer (exit code {process.poll()})")
