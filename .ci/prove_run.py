"""Prove `make run`: from an empty folder to a rep's list with reasons, then Ctrl-C, and nothing is left running."""

import http.cookiejar
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Callable
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parent.parent
ANSWER_SECONDS, STOP_SECONDS = 240, 30
REP = "anna.lang"


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="innendienst-proof-") as folder:
        port = _free_port()
        environment = {**os.environ, "VAR_DIR": folder, "PORT": str(port)}
        started = time.monotonic()
        run = subprocess.Popen(["make", "run"], cwd=ROOT, env=environment, start_new_session=True)
        try:
            _wait(lambda: run.poll() is not None or _answers(port), ANSWER_SECONDS, "a page")
            assert run.poll() is None, "make run ended before a page answered"
            print(f"first page after {time.monotonic() - started:.1f} s")
            reasons = _reasons_on_my_day(f"http://127.0.0.1:{port}", Path(folder))
            assert reasons, "no reason on the list of the day"
            print(f"Mein Tag of {REP} shows {len(reasons)} reasons")
            started = time.monotonic()
            os.killpg(run.pid, signal.SIGINT)  # what Ctrl-C does in a terminal
            run.wait(STOP_SECONDS)
            _wait(lambda: not _left(folder), STOP_SECONDS, "the end of all processes")
            print(f"ended after {time.monotonic() - started:.1f} s, nothing is left running")
        finally:
            for process in [*_left(folder), *([run] if run.poll() is None else [])]:
                process.kill()


def _reasons_on_my_day(address: str, folder: Path) -> list[str]:
    cookies = http.cookiejar.CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(cookies))
    browser.open(f"{address}/accounts/login/", timeout=30).close()
    token = next(cookie.value for cookie in cookies if cookie.name == "csrftoken")
    password = re.search(r": (\S+)", (folder / "demo-signin.txt").read_text())[1]
    form = urllib.parse.urlencode({"login": REP, "password": password, "csrfmiddlewaretoken": token}).encode()
    with browser.open(f"{address}/accounts/login/", form, timeout=30) as page:
        assert page.url == f"{address}/", page.url
        return re.findall(r'class="chip[ "]', page.read().decode())


def _left(folder: str) -> list[psutil.Process]:
    """Processes of this run, whoever their parent is."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.status() != psutil.STATUS_ZOMBIE and (
                process.environ().get("VAR_DIR") == folder or folder in " ".join(process.cmdline())
            ):
                found.append(process)
        except psutil.Error:
            continue
    return [process for process in found if process.pid != os.getpid()]


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=30) as page:
            return page.status == 200
    except OSError:
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait(claim: Callable[[], object], seconds: float, what: str) -> None:
    deadline = time.monotonic() + seconds
    while not claim():
        if time.monotonic() > deadline:
            sys.exit(f"waited {seconds} s for {what} in vain")
        time.sleep(0.1)


if __name__ == "__main__":
    main()
