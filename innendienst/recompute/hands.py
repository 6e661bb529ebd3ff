"""Further processes that serve marks beside the job's own, so that a full run takes all cores: at night nobody else needs them.

A hand says what it served range by range, a line of JSON each on its standard output, and ends with its parent. Should it end
before its work is done, nothing is lost: its marks stand, and the parent finds them.
"""

import json
import logging
import os
import subprocess
import sys
from collections import Counter
from functools import partial
from queue import SimpleQueue
from threading import Thread
from types import TracebackType
from typing import Self

from django.conf import settings
from django.db import connection

from innendienst.lib.orphans import die_with_parent
from innendienst.recompute.ranges import Days, Served, Stage

WORTH_FROM = 20_000
"""With fewer customers a hand has hardly started when the work is done."""
PROCESSES_MOST = 4

logger = logging.getLogger(__name__)


def count_for(customers_count: int) -> int:
    """How many hands a full run of so many customers gets: one per core that is left. SQLite lets one writer in at a time."""
    if connection.vendor == "sqlite" or customers_count < WORTH_FROM:
        return 0
    return min(len(os.sched_getaffinity(0)), PROCESSES_MOST) - 1


class Hands:
    """Processes that drain a stage, between the beginning and the end of a `with`."""

    def __init__(self, stage: Stage, days: Days, count: int) -> None:
        self._command = [
            sys.executable, str(settings.BASE_DIR / "manage.py"), "serve_marks", stage.name.lower(), *map(str, days)
        ]  # fmt: skip
        self._count = count
        self._processes: list[subprocess.Popen[str]] = []
        self._listeners: list[Thread] = []
        self._told: SimpleQueue[Served] = SimpleQueue()

    def __enter__(self) -> Self:
        try:
            for _index in range(self._count):
                self._take_on()
        except OSError:  # no memory, no process left: the run does without
            logger.exception("A hand could not be started")
        return self

    def __exit__(self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None) -> None:
        """Whoever leaves early takes the hands along: they serve as of his day, and another run may be of another."""
        for process in self._processes:
            process.kill()
        for listener in self._listeners:
            listener.join()

    def told(self) -> list[Served]:
        """What they have served since the last time somebody asked."""
        return [self._told.get_nowait() for _index in range(self._told.qsize())]

    def wait(self, seconds: float) -> list[Served] | None:
        """Wait a while for their end; what they have told since, None when all is told."""
        for listener in self._listeners:
            listener.join(seconds)
        are_busy = any(listener.is_alive() for listener in self._listeners)  # asked first: what they say last is not missed
        told = self.told()
        return told if told or are_busy else None

    def _take_on(self) -> None:
        process = subprocess.Popen(  # noqa: S603 - our own command
            self._command, cwd=settings.BASE_DIR, stdout=subprocess.PIPE, text=True, preexec_fn=partial(die_with_parent)
        )
        self._processes.append(process)
        listener = Thread(target=self._listen, args=[process], daemon=True)
        listener.start()
        self._listeners.append(listener)

    def _listen(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        with process.stdout as lines:
            for said in lines:
                try:
                    self._told.put(read(said))
                except ValueError:  # cut off by its end, or printed by somebody else
                    logger.warning("A hand said %r", said)
        if process.wait():
            logger.warning("A hand ended with %s; its marks are served in the next pass", process.returncode)


def line(served: Served) -> str:
    """What a hand says of a range."""
    return json.dumps([served.count, served.written])


def read(said: str) -> Served:
    """What was said by `line`. Raises ValueError for anything else."""
    count, written = json.loads(said)
    return Served(count, Counter(written))
