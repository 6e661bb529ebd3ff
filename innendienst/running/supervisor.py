"""Keeping programs running together: a dead one is started again, and none outlives this process."""

import logging
import os
import subprocess
import time
from dataclasses import dataclass
from functools import partial

from innendienst.lib.orphans import die_with_parent
from innendienst.running.preconditions import CannotRun
from innendienst.running.programs import ROOT, Program

GRACE_SECONDS = 8
STARTS_MOST = 3  # within the window, then there is no point in another one
WINDOW_SECONDS = 60

logger = logging.getLogger(__name__)


@dataclass
class _Running:
    program: Program
    process: subprocess.Popen
    starts: list[float]


class Supervisor:
    """Starts programs, starts them again when they die, and ends them all."""

    def __init__(self) -> None:
        self._running: list[_Running] = []

    def start(self, program: Program) -> None:
        self._running.append(_Running(program, _spawn(program), [time.monotonic()]))

    def check(self) -> None:
        """Start again what has died. Raises CannotRun for a program that keeps dying."""
        for running in self._running:
            status = running.process.poll()
            if status is None:
                continue
            now = time.monotonic()
            running.starts = [at for at in running.starts if now - at < WINDOW_SECONDS]
            if len(running.starts) >= STARTS_MOST:
                raise CannotRun(f"{running.program.name} ended again and again (status {status}); its own lines above say why.")
            logger.warning("%s ended (status %s) and is started again", running.program.name, status)
            running.process = _spawn(running.program)
            running.starts.append(now)

    def stop(self) -> None:
        """End everything, the broker last; what has not ended in time, or at a second Ctrl-C, is killed."""
        brokers = [running.process for running in self._running if running.program.is_broker]
        others = [running.process for running in self._running if not running.program.is_broker]
        try:
            _end(others)
            _end(brokers)
        except KeyboardInterrupt:
            pass
        finally:
            for running in self._running:
                running.process.kill()
                running.process.wait()


def _spawn(program: Program) -> subprocess.Popen:
    # A session of its own: Ctrl-C in the terminal reaches this process only, which then ends the others in order.
    orphan_guard = partial(die_with_parent, os.getpid())
    return subprocess.Popen(program.command, cwd=ROOT, preexec_fn=orphan_guard, start_new_session=True)  # noqa: S603 - our own


def _end(processes: list[subprocess.Popen]) -> None:
    deadline = time.monotonic() + GRACE_SECONDS
    for process in processes:
        process.terminate()
    for process in processes:
        try:
            process.wait(max(0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
