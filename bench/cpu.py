"""Processor time of running processes, in seconds."""

from pathlib import Path

import psutil

_NANOSECONDS = 1e9


def own_seconds(process: psutil.Process) -> float:
    """User and system time of one process, without its children."""
    times = process.cpu_times()
    return max(times.user + times.system, _of_its_threads(process.pid))


def tree_seconds(root: psutil.Process) -> float:
    """Time of a process and all below it, those included that have ended and were waited for."""
    total = 0.0
    for process in [root, *root.children(recursive=True)]:
        try:
            times = process.cpu_times()
            total += own_seconds(process) + times.children_user + times.children_system
        except (psutil.NoSuchProcess, OSError):  # ended this moment: its parent's account has it
            continue
    return total


def _of_its_threads(pid: int) -> float:
    """What its living threads have used, to the nanosecond: a page costs less than the tick the process account is kept in.

    0 where Linux does not tell. Threads that ended are missing here and are in the process account.
    """
    accounts = Path(f"/proc/{pid}/task").glob("*/schedstat")
    return sum(int(account.read_text(encoding="ascii").split()[0]) for account in accounts) / _NANOSECONDS
