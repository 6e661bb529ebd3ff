"""A file becomes a sheet: rows of raw cells with the numbers under which Excel shows them.

The file is opened and read by a child process (files/child.py) with little memory and time: what a file makes of it, a bomb or
a flaw in a parser, ends as a refusal. Closing the sheets ends the child.
"""

import datetime as dt
import io
import logging
import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from customers.imports.files import child, opening
from customers.imports.files.basics import Flaw, Level, Remark, Said, Unreadable
from customers.imports.messages import Message, Refused

logger = logging.getLogger(__name__)

_CHILD = "customers.imports.files.child"
_ENVIRONMENT = ("PATH", "LD_LIBRARY_PATH", "PYTHONHOME", "PYTHONPATH", "LANG", "LC_ALL", "TZ")
"""What the child needs to start; keys and passwords stay here."""
_EXHAUSTED = {-signal.SIGXCPU, -signal.SIGKILL, -signal.SIGABRT}
"""How a child ends that ran out of time or memory: the reader of workbooks aborts, and a system without memory kills."""
_PLAIN = {
    **{("datetime", one.__name__): one for one in (dt.date, dt.datetime, dt.time, dt.timedelta)},
    **{(one.__module__, one.__name__): one for one in (Flaw, Level, Remark, Said)},
}


@dataclass(frozen=True)
class Sheet:
    """One table of a file. `is_1904` is how a workbook of an old Mac counts days."""

    reader: "_Reader"
    number: int
    is_1904: bool
    found: dict[str, str]

    @property
    def name(self) -> str:
        """What a workbook calls it, "" for a file that is no workbook."""
        return self.found.get("sheet", "")

    def rows(self) -> Iterator[tuple[int, Sequence[object]]]:
        """Row number and cells, from the first row on, blank rows included; may be asked for again."""
        return enumerate(self.reader.rows(self.number), start=1)

    def notes(self, header_row: int) -> list[Message]:
        """What is worth saying about how the file was read."""
        return [Message(one.code, one.level, params=one.params) for one in self.reader.ask("notes", self.number, header_row)]

    def about(self) -> dict[str, str]:
        """What was found about the file: `encoding` and `delimiter`, or the `sheet`."""
        return self.found


@contextmanager
def open_sheets(path: Path) -> Iterator[Sequence[Sheet]]:
    """The tables in the file, at least one. Raises Refused for what is no list, and for what must not be opened."""
    process = start(path)
    try:
        reader = _Reader(process)
        yield [Sheet(reader, number, *found) for number, found in enumerate(reader.hear())]
    finally:
        _end(process)


def start(path: Path) -> subprocess.Popen:
    """A child of its own for the file."""
    command = [sys.executable, "-m", _CHILD, str(path.resolve())]
    environment = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
    return subprocess.Popen(  # noqa: S603 - our own program
        command, cwd=settings.BASE_DIR, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )


def demand_list(path: Path) -> None:
    """Raises Refused when the first bytes of the file show that no list can come of it."""
    try:
        opening.demand_list(path)
    except Unreadable as reason:
        raise Refused(reason.code, **reason.params) from None


class _Reader:
    """The child process as its parent sees it."""

    def __init__(self, process: subprocess.Popen) -> None:
        self._process = process

    def rows(self, sheet: int) -> Iterator[Sequence[object]]:
        reading = self.ask("rows", sheet)
        while rows := self.ask("more", reading):
            yield from rows

    def ask(self, *request: object) -> list:
        """The child's answer. Raises Refused, also when there is no child any more."""
        with suppress(BrokenPipeError):
            pickle.dump(request, self._process.stdin)
            self._process.stdin.flush()
        return self.hear()

    def hear(self) -> list:
        answers = self._process.stdout
        length = answers.read(child.LENGTH_BYTES)
        packed = answers.read(int.from_bytes(length)) if len(length) == child.LENGTH_BYTES else b""
        if not packed or len(packed) < int.from_bytes(length):
            raise self._death()
        said = _Unpickler(io.BytesIO(packed)).load()
        if said.trace:
            logger.warning("A list could not be read\n%s", said.trace)
        if said.code:
            raise Refused(said.code, **said.params)
        return said.value

    def _death(self) -> Refused:
        code = self._process.wait()
        logger.warning("The process that read a list ended with %s", code)
        return Refused("too_costly" if code in _EXHAUSTED else "reader_died")


class _Unpickler(pickle.Unpickler):
    """Takes cells and remarks, nothing that could do anything: the child has read what a stranger wrote."""

    def find_class(self, module: str, name: str) -> type:
        return _PLAIN[module, name]


def _end(process: subprocess.Popen) -> None:
    process.kill()
    process.wait()
    process.stdout.close()
    with suppress(BrokenPipeError):
        process.stdin.close()
