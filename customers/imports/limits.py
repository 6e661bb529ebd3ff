"""How long what came in with a list is kept, and what reading a list may cost."""

import datetime as dt

KEPT = dt.timedelta(days=30)
"""So long lie files, rows and messages, and so long can an import be taken back."""

MEGABYTE = 1 << 20


def memory_most(size: int) -> int:
    """Bytes of address space that reading a file of `size` bytes may take.

    A workbook is laid out as a whole: seen were 20 MB for each megabyte of an honest list. A small file that wants more than 400 MB
    is none.
    """
    return 320 * MEGABYTE + 20 * size


def seconds_most(size: int) -> int:
    """Seconds of processor time that reading a file of `size` bytes may take; honest lists need a third of a second per megabyte."""
    return 25 + 2 * size // MEGABYTE
