"""Plugin that forks the processes which read lists from one that has loaded their program.

Reading a list of three rows takes a millisecond; starting Python for it takes ninety, and the tests read hundreds of lists on each
database. The fork runs the same program under the same limits and may be killed as the other. A test that proves something
about the start itself asks for `started_readers`; real workers (tests/processes, tests/probes) start theirs anyway.
"""

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pytest
from django.conf import settings

from customers.imports import reading

START = reading.start
_SERVE = """
import os, signal, socket, sys
from pathlib import Path
from customers.imports.files import child

asked = socket.socket(fileno=0)
while True:
    request, files, _flags, _address = socket.recv_fds(asked, 65536, 2)
    if not request:
        break
    if files:
        pid = os.fork()
        if not pid:
            asked.close()
            for number, file in enumerate(files):
                os.dup2(file, number)
                os.close(file)
            try:
                child.main(Path(os.fsdecode(request)))
            finally:
                os._exit(1)
        for file in files:
            os.close(file)
        answer = pid
    else:
        answer = os.waitstatus_to_exitcode(os.waitpid(int(request), 0)[1])
    asked.send(str(answer).encode())
"""


class _Server:
    """The process that forks, from its first use on. It ends with ours: then nobody holds the other end of its socket."""

    def __init__(self) -> None:
        self._lock = threading.Lock()  # the live server and a worker read in threads of their own
        self._process: subprocess.Popen | None = None

    def ask(self, request: bytes, files: list[int]) -> int:
        with self._lock:
            if self._process is None:
                self._start()
            socket.send_fds(self._socket, [request], files)
            return int(self._socket.recv(64))

    def _start(self) -> None:
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        environment = {name: os.environ[name] for name in reading._ENVIRONMENT if name in os.environ}
        command = [sys.executable, "-c", _SERVE]
        self._process = subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment, stdin=theirs, stderr=subprocess.DEVNULL)
        theirs.close()

    def end(self) -> None:
        if self._process is not None:
            self._socket.close()
            self._process.wait(10)


_server = _Server()


class ForkedReader:
    """As much of a subprocess.Popen as reading.py uses."""

    def __init__(self, path: Path) -> None:
        requests, stdin = os.pipe()
        stdout, answers = os.pipe()
        try:
            self.pid = _server.ask(os.fsencode(path.resolve()), [requests, answers])
        finally:
            os.close(requests)
            os.close(answers)
        self.stdin: IO[bytes] = os.fdopen(stdin, "wb")
        self.stdout: IO[bytes] = os.fdopen(stdout, "rb")
        self.returncode: int | None = None

    def kill(self) -> None:
        if self.returncode is None:
            os.kill(self.pid, signal.SIGKILL)

    def wait(self) -> int:
        if self.returncode is None:
            self.returncode = _server.ask(str(self.pid).encode(), [])
        return self.returncode


@pytest.fixture(scope="session", autouse=True)
def _forked_readers() -> Iterator[None]:
    reading.start = ForkedReader
    yield
    reading.start = START
    _server.end()


@pytest.fixture
def started_readers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each list is read by a process that was started for it, as in life."""
    monkeypatch.setattr(reading, "start", START)
