"""Prove that `make run` answers and that Ctrl-C leaves nothing running, in a data folder of its own."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import psutil

ANSWERS_WITHIN, STOPS_WITHIN = 300, 30


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="innendienst-run-") as folder:
        port = free_port()
        log = Path(folder) / "output.txt"
        environment = {**os.environ, "VAR_DIR": f"{folder}/var", "PORT": str(port)}
        begun = time.monotonic()
        with log.open("w") as output:
            run = subprocess.Popen(["make", "run"], env=environment, stdout=output, stderr=subprocess.STDOUT, start_new_session=True)
        try:
            wait_for_page(run, port, begun + ANSWERS_WITHIN)
            print(f"make run answered after {time.monotonic() - begun:.1f} seconds")
            family = psutil.Process(run.pid).children(recursive=True)
            begun = time.monotonic()
            os.killpg(run.pid, signal.SIGINT)  # what Ctrl-C in a terminal does
            _gone, left = psutil.wait_procs([psutil.Process(run.pid), *family] if psutil.pid_exists(run.pid) else family, STOPS_WITHIN)
            if left:
                raise SystemExit(f"still running after Ctrl-C: {[process.cmdline() for process in left]}")
            print(f"Ctrl-C ended all {len(family)} processes within {time.monotonic() - begun:.1f} seconds")
        except BaseException:
            sys.stdout.write(log.read_text())
            os.killpg(run.pid, signal.SIGKILL)
            raise


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for_page(run: subprocess.Popen, port: int, deadline: float) -> None:
    while time.monotonic() < deadline:
        if run.poll() is not None:
            raise SystemExit(f"make run ended with {run.returncode}")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/accounts/login/", timeout=10) as answer:
                if b"csrfmiddlewaretoken" in answer.read():
                    return
        except OSError:
            time.sleep(0.5)
    raise SystemExit(f"no page within {ANSWERS_WITHIN} seconds")


if __name__ == "__main__":
    main()
