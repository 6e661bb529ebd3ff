"""How long a newcomer waits: from `git clone` and `make run` to the first answered page.

The floor is installing the locked packages alone, with the plain commands. Both download everything anew, so that neither
profits from the other's cache.
"""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from bench.figures import Figure, compared

ROOT = Path(__file__).resolve().parent.parent
GOAL = 2.0
ANSWER_SECONDS = 600
_OF_THIS_INSTALLATION = ("VAR_DIR", "DATABASE_URL", "REDIS_URL", "BASE_URL", "ALLOWED_HOSTS", "SECRET_KEY", "DJANGO_SETTINGS_MODULE")
_SAYS_MAKE = ("MAKEFLAGS", "MAKELEVEL", "MFLAGS", "MAKEOVERRIDES")


def measure() -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="innendienst-start-") as folder:
        floor = _install_alone(Path(folder) / "floor")
        first_page = _first_page(Path(folder) / "run")
        again = _first_page(Path(folder) / "run", is_new=False)
    return [
        compared("fresh clone, make run, first page", first_page, floor, GOAL, "s"),
        Figure("make run again, first page", again, None, None, None, "s"),
    ]


def _install_alone(folder: Path) -> float:
    _clone(folder)
    started = time.monotonic()
    environment = _environment(folder)
    for command in (
        [sys.executable, "-m", "venv", ".venv"],
        [".venv/bin/python", "-m", "pip", "install", "-qq", "--require-hashes", "-r", "requirements.lock"],
        ["npm", "ci", "--ignore-scripts", "--omit=dev", "--silent"],
    ):
        subprocess.run(command, cwd=folder, env=environment, check=True, stdout=subprocess.DEVNULL)
    return time.monotonic() - started


def _first_page(folder: Path, *, is_new: bool = True) -> float:
    """Seconds until the sign-in page answers; everything is ended again."""
    port = _free_port()
    started = time.monotonic()
    if is_new:
        _clone(folder)
    command = ["make", "run", f"PORT={port}", f"PYTHON={sys.executable}"]
    run = subprocess.Popen(command, cwd=folder, env=_environment(folder), stdout=subprocess.DEVNULL, start_new_session=True)
    try:
        while not _answers(port):
            assert run.poll() is None, "make run ended before a page answered"
            assert time.monotonic() - started < ANSWER_SECONDS, "no page answered"
            time.sleep(0.05)
        return time.monotonic() - started
    finally:
        os.killpg(run.pid, signal.SIGINT)
        run.wait(60)


def _clone(folder: Path) -> None:
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(folder)], check=True)


def _environment(folder: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in (*_OF_THIS_INSTALLATION, *_SAYS_MAKE)}
    return {**kept, "PIP_NO_CACHE_DIR": "1", "npm_config_cache": str(folder.with_suffix(".npm"))}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=30) as page:
            return page.status == 200
    except OSError:
        return False
