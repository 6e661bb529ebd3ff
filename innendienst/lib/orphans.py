"""Processes that end with their parent, however it ends."""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None  # loaded before any fork


def die_with_parent(parent: int | None = None) -> None:
    """Have the kernel kill this process when its parent ends. To be called in the child, right after the fork.

    With the parent's process id it also notices a parent that was gone before. Only Linux can do it; elsewhere nothing happens.
    """
    if _libc is None:
        return
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if parent not in {None, os.getppid()}:
        os.kill(os.getpid(), signal.SIGKILL)
