"""Call-backs fall due while workers and the broker are killed and two schedulers tick: each reminds once inside the program, no mail
is lost, and what is sent twice bears the same Message-ID.

Scaled down in the test run; `make probes` does it in full (PROBE_REMINDERS=2000 PROBE_WORKER_KILLS=30 PROBE_BROKER_KILLS=10).
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator

import psutil
import pytest

from innendienst.lib.sockets import embedded_socket
from innendienst.running import programs
from tests.processes.held_mail import handed_over
from tests.processes.installation import ROOT, Installation, copy_to

REMINDERS = int(os.environ.get("PROBE_REMINDERS", "40"))
WORKER_KILLS, BROKER_KILLS = int(os.environ.get("PROBE_WORKER_KILLS", "1")), int(os.environ.get("PROBE_BROKER_KILLS", "1"))
WORKERS, SCHEDULERS = 2, 2
BETWEEN_KILLS_SECONDS = 1.5
SEED = int(os.environ.get("PROBE_SEED", "7"))

pytestmark = [pytest.mark.processes, pytest.mark.timeout(180 + 12 * (WORKER_KILLS + BROKER_KILLS) + REMINDERS // 4)]

_FILL = """
import datetime as dt
from django.utils import timezone
from customers.models import FollowUp
from tests.factories import make_customer, make_user
reps = [make_user(f"rep{{number}}") for number in range(20)]
near = timezone.localtime(timezone.now() + dt.timedelta(minutes=5))
customers = [make_customer(f"Kunde {{number}}") for number in range({count})]
FollowUp.objects.bulk_create(
    FollowUp(customer=customer, assignee=reps[number % 20], kind="callback", due_on=near.date(), due_time=near.time(), due_at=near)
    for number, customer in enumerate(customers)
)
"""


class Stack:
    """A broker, several workers on both queues and several schedulers, each of which may be killed and started anew."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        self._names = [*(f"worker{number}" for number in range(WORKERS)), *(f"beat{number}" for number in range(SCHEDULERS))]
        self._running: dict[str, subprocess.Popen] = {}

    def start(self) -> None:
        for name in ("redis", *self._names):
            self._start(name)

    def kill_worker(self, name: str) -> None:
        """The worker and the child that does its work: whatever it was at ends in the middle."""
        main = psutil.Process(self._running[name].pid)
        for process in [*main.children(recursive=True), main]:
            process.send_signal(signal.SIGKILL)
        self._running[name].wait()
        self._start(name)

    def kill_broker(self) -> None:
        self._running["redis"].kill()
        self._running["redis"].wait()
        self._start("redis")

    def stop(self) -> None:
        for process in self._running.values():
            process.kill()
            process.wait()

    def _start(self, name: str) -> None:
        environment = self._installation.environment
        with (self._installation.folder / f"{name}.out").open("a") as log:
            self._running[name] = subprocess.Popen(self._command(name), cwd=ROOT, env=environment, stdout=log, stderr=log)

    def _command(self, name: str) -> tuple[str, ...]:
        folder = self._installation.folder
        if name == "redis":
            return programs.redis(embedded_socket(folder), folder).command
        celery = (sys.executable, "-m", "celery", "--app", "innendienst", "--quiet")
        if name.startswith("beat"):
            return (*celery, "beat", "--schedule", str(folder / name), "--pidfile", "", "--loglevel", "WARNING")
        options = ("--queues", "default,bulk", "--hostname", f"{name}@%h", "--concurrency", "1", "--loglevel", "WARNING")
        return (*celery, "worker", *options, "--without-gossip", "--without-mingle", "--without-heartbeat")


@pytest.fixture
def installation(tmp_path, prepared) -> Iterator[Installation]:
    copy_to(tmp_path, prepared)
    installation = Installation(tmp_path)
    installation.manage("shell", "-v0", "-c", _FILL.format(count=REMINDERS))
    yield installation
    installation.clean_up()


def test_each_call_back_reminds_once_whatever_dies(installation):
    stack, points = Stack(installation), random.Random(SEED)
    kills = [*["worker"] * WORKER_KILLS, *["broker"] * BROKER_KILLS]
    points.shuffle(kills)
    stack.start()
    try:
        for kill in kills:
            installation.ring()
            time.sleep(points.uniform(0, BETWEEN_KILLS_SECONDS))
            if kill == "broker":
                stack.kill_broker()
            else:
                stack.kill_worker(f"worker{points.randrange(WORKERS)}")
            installation.let_leases_run_out()
        _wait_until_all_is_sent(installation)
    finally:
        stack.stop()
    keys = [key for (key,) in installation.rows("SELECT key FROM base_notification WHERE kind = 'callback'")]
    assert (len(keys), len(set(keys))) == (REMINDERS, REMINDERS)
    expected = {message_id for (message_id,) in installation.rows("SELECT message_id FROM customers_message WHERE kind = 'callback'")}
    sent = Counter(handed_over(installation.folder / "mail"))
    assert set(sent) == expected
    assert len(expected) == REMINDERS
    assert sum(sent.values()) - REMINDERS <= WORKER_KILLS


def _wait_until_all_is_sent(installation: Installation) -> None:
    """What a minute's tick would do is done at once; a lease of somebody who is at work is left alone."""
    deadline = time.monotonic() + 90 + REMINDERS // 4
    open_ones = "SELECT COUNT(*) FROM customers_message WHERE kind = 'callback' AND state = 'sent'"
    while installation.value(open_ones) < REMINDERS:
        told = (
            installation.rows("SELECT state, COUNT(*) FROM customers_message GROUP BY 1"),
            installation.rows("SELECT kind, state FROM base_job"),
        )
        assert time.monotonic() < deadline, str(told)
        installation.ring()
        time.sleep(1)
