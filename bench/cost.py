"""What work costs in processor time and by the clock, the database server included."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import psutil

from bench.cpu import own_seconds
from bench.product import ROOT, Database


@dataclass(frozen=True)
class Cost:
    """`cpu` and `wall` in seconds; `peak` is the most memory of a process of its own in MiB, 0 for work in this one."""

    cpu: float
    wall: float
    peak: float = 0

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(self.cpu + other.cpu, self.wall + other.wall)

    def __mul__(self, times: float) -> "Cost":
        return Cost(self.cpu * times, self.wall * times)


class Ended(NamedTuple):
    """A command that has ended: its cost, what it printed, and its exit code."""

    cost: Cost
    output: str
    code: int


def cost_of(act: Callable[[], object], database: Database) -> Cost:
    """Of work in this process."""
    own = psutil.Process()
    before, started = own_seconds(own) + database.cpu_seconds(), time.monotonic()
    act()
    return Cost(own_seconds(own) + database.cpu_seconds() - before, time.monotonic() - started)


def run(command: Sequence[str], database: Database) -> Ended:
    """A management command as a process of its own, start-up included."""
    before, started = database.cpu_seconds(), time.monotonic()
    process = subprocess.Popen([sys.executable, "manage.py", *command], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    output = process.stdout.read()
    _pid, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    cpu = used.ru_utime + used.ru_stime + database.cpu_seconds() - before
    return Ended(Cost(cpu, time.monotonic() - started, used.ru_maxrss / 1024), output, process.returncode)
