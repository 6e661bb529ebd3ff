"""Python's search for cycles of objects, held back where work makes rows by the million and hardly a cycle among them.

`not_collected` is for rows of plain values, which hold no cycles at all; `seldom_collected` for work that makes some.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_SELDOM = 50_000, 20, 50
"""New objects until the youngest are looked through, and how often that happens until the older ones are."""


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Inside the block cycles are looked for seldom; the program itself is left out from its start on (innendienst/apps.py)."""
    before = gc.get_threshold()
    gc.set_threshold(*_SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*before)


@contextmanager
def not_collected() -> Iterator[None]:
    """Inside the block no cycles are looked for: it takes half the time of reading a long list."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
