"""The process that reads a file: answers its parent on standard output, and ends with it.

`python -m customers.imports.files.child FILE` says first which sheets there are. A request is a pickled tuple: ("rows", sheet)
begins with the rows of a sheet and answers the number of this reading, ("more", reading) gives its next rows, none at the end, and
("notes", sheet, header_row) what there is to say. An answer is its length in 8 bytes, then the pickle of a Said. While the parent
works at some rows, the next ones are made ready.
"""

import gc
import os
import pickle
import resource
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from customers.imports import limits
from customers.imports.files.basics import Said, Unreadable
from customers.imports.files.opening import OpenSheet, open_sheets

FIRST_ROWS, ROWS = 50, 1_000
LENGTH_BYTES = 8


class _Reading:
    """One pass over the rows of a sheet, a step ahead of whoever asks once he has asked for more than the first few."""

    def __init__(self, rows: Iterator[Sequence[object]]) -> None:
        self._rows = rows
        self._count = FIRST_ROWS
        self._ready: bytes | None = None

    def more(self) -> bytes:
        answer = self._ready or self._next()
        self._ready = None
        return answer

    def prepare(self) -> None:
        if self._count == ROWS:
            self._ready = self._next()

    def _next(self) -> bytes:
        count, self._count = self._count, ROWS
        return _answer(lambda: list(islice(self._rows, count)))


class _Server:
    def __init__(self, sheets: Sequence[OpenSheet]) -> None:
        self._sheets = sheets
        self._readings: list[_Reading] = []

    def serve(self, requests: BinaryIO, answers: BinaryIO) -> None:
        """Until the parent has gone."""
        with suppress(EOFError, BrokenPipeError):
            while True:
                what, number, *more = pickle.load(requests)  # noqa: S301 - the parent's own
                if what == "more":
                    _send(answers, self._readings[number].more())
                    self._readings[number].prepare()
                elif what == "rows":
                    self._readings.append(_Reading(self._sheets[number].rows()))
                    _send(answers, _packed(Said(len(self._readings) - 1)))
                else:
                    _send(answers, _answer(lambda: list(self._sheets[number].notes(*more))))  # noqa: B023 - called at once


def main(path: Path) -> None:
    limit(path.stat().st_size)
    gc.disable()  # cells hold no cycles
    with os.fdopen(os.dup(1), "wb") as answers:
        sheets: list[OpenSheet] = []

        def opened() -> list[tuple]:
            sheets.extend(open_sheets(path))
            return [(sheet.is_1904, sheet.about()) for sheet in sheets]

        _send(answers, _answer(opened))
        _Server(sheets).serve(sys.stdin.buffer, answers)
    os._exit(0)  # giving back a large table piece by piece takes longer than ending


def limit(size: int) -> None:
    """Take from this process what a file of that size does not need. A lower limit of the machine stays; no dump is left."""
    for kind, most in (
        (resource.RLIMIT_AS, limits.memory_most(size)),
        (resource.RLIMIT_CPU, limits.seconds_most(size)),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(kind)[1]
        with suppress(ValueError, OSError):  # not every system knows each of them
            resource.setrlimit(kind, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def _answer(find: Callable[[], object]) -> bytes:
    """What was found, packed, or why it was not."""
    try:
        return _packed(Said(find()))
    except Unreadable as reason:
        return _packed(Said(code=reason.code, params=reason.params))
    except (MemoryError, RecursionError):
        return _packed(Said(code="too_costly"))
    except Exception:
        return _packed(Said(code="damaged", trace=traceback.format_exc()))


def _packed(said: Said) -> bytes:
    return pickle.dumps(said, protocol=pickle.HIGHEST_PROTOCOL)


def _send(answers: BinaryIO, packed: bytes) -> None:
    answers.write(len(packed).to_bytes(LENGTH_BYTES))
    answers.write(packed)
    answers.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
