"""Processor time of running processes, in seconds."""

import psutil


def own_seconds(process: psutil.Process) -> float:
    """User and system time of one process, without its children."""
    times = process.cpu_times()
    return times.user + times.system


def tree_seconds(root: psutil.Process) -> float:
    """Time of a process and all below it, those included that have ended and were waited for."""
    total = 0.0
    for process in [root, *root.children(recursive=True)]:
        try:
            times = process.cpu_times()
        except psutil.NoSuchProcess:  # ended this moment: its parent's account has it
            continue
        total += times.user + times.system + times.children_user + times.children_system
    return total
