"""Run everything on this machine: the embedded broker where none is configured, web server, workers, scheduler."""

import signal
import time
from contextlib import closing
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse
from kombu.exceptions import OperationalError

from innendienst.base.tasks import tick
from innendienst.lib import env
from innendienst.running import broker, preconditions, programs
from innendienst.running.preconditions import CannotRun
from innendienst.running.supervisor import Supervisor

ANSWER_SECONDS = 60


class Command(BaseCommand):
    help = "Start the web server, the workers and, where REDIS_URL is not set, an embedded Redis. Ctrl-C ends them all."
    requires_system_checks = ()  # `prepare` has run them

    def handle(self, **options) -> None:
        self.port = env.whole_number("PORT", 8000)
        _listen_to_signals()
        try:
            with closing(preconditions.lock(settings.VAR_DIR)):
                preconditions.demand_free(self.port)
                preconditions.demand_migrated()
                self.keep_running(Supervisor())
        except CannotRun as error:
            raise CommandError(str(error)) from error

    def keep_running(self, supervisor: Supervisor) -> None:
        try:
            self.start(supervisor)
            while True:
                time.sleep(0.5)
                supervisor.check()
        except KeyboardInterrupt:
            self.say("\nStopping …")
        finally:
            supervisor.stop()

    def start(self, supervisor: Supervisor) -> None:
        if settings.USES_EMBEDDED_BROKER:
            path = Path(settings.REDIS_URL.removeprefix("redis+socket://"))
            broker.prepare(path)
            supervisor.start(programs.redis(path, settings.VAR_DIR))
            broker.wait_until_ready(path)
        supervisor.start(programs.web())
        self.wait_for_page(supervisor)
        self.say(self.style.SUCCESS(f"Innendienst runs at http://127.0.0.1:{self.port} (Ctrl-C ends it)"))
        for worker in programs.workers(settings.VAR_DIR):
            supervisor.start(worker)
        _tick_at_once()

    def wait_for_page(self, supervisor: Supervisor) -> None:
        deadline = time.monotonic() + ANSWER_SECONDS
        while not _answers(self.port):
            supervisor.check()
            if time.monotonic() > deadline:
                raise CannotRun(f"No page answered without an error within {ANSWER_SECONDS} seconds; the lines above say why.")
            time.sleep(0.05)

    def say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()  # also into a pipe: whoever waits for the address must see it


def _listen_to_signals() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:  # nohup stays nohup
            signal.signal(number, signal.default_int_handler)


def _tick_at_once() -> None:
    """Have what a killed run left rung for now: the scheduler's own first tick comes after a minute."""
    try:
        tick.apply_async(retry=False)
    except OperationalError as error:
        raise CannotRun(f"The broker does not answer: {error}") from error


def _answers(port: int) -> bool:
    """Whether the sign-in page is served, be it as a redirect to HTTPS or refused because this machine has another name outside."""
    page = HTTPConnection("127.0.0.1", port, timeout=ANSWER_SECONDS)
    try:
        page.request("GET", reverse(settings.LOGIN_URL))
        return page.getresponse().status < HTTPStatus.INTERNAL_SERVER_ERROR
    except OSError:
        return False
    finally:
        page.close()
