"""The bell rings a broker that is well, and holds up nobody when it is not."""

import socket
import time
from pathlib import Path

import pytest
from django.conf import settings

from innendienst.base import bell
from tests.workers import forget_connections, start_redis

BROKER = Path(settings.REDIS_URL.removeprefix("redis+socket://"))


@pytest.fixture(autouse=True)
def _fresh_connections():
    forget_connections()
    yield
    forget_connections()


def test_a_broker_that_was_restarted_is_rung_at_the_first_try(caplog):
    for _restart in range(2):
        server = start_redis(BROKER)
        bell.ring(1, "default")
        server.terminate()
        server.wait()
    assert caplog.text == ""


def test_a_dead_broker_costs_a_page_next_to_nothing(caplog):
    BROKER.unlink(missing_ok=True)
    bell.ring(1, "default")  # the first one loads what it needs
    bell.end_silence()
    started = time.monotonic()
    bell.ring(2, "default")
    assert time.monotonic() - started < 1
    assert caplog.text.count("No bell for job") == 2


def test_nobody_is_rung_while_an_installation_is_prepared(caplog):
    BROKER.unlink(missing_ok=True)
    bell.keep_silent()
    bell.ring(1, "default")
    bell.end_silence()
    assert caplog.text == ""


def test_a_broker_that_never_answers_holds_up_a_page_for_a_few_seconds_once(caplog):
    with socket.socket(socket.AF_UNIX) as mute:
        BROKER.unlink(missing_ok=True)
        mute.bind(str(BROKER))
        mute.listen()
        started = time.monotonic()
        for _page in range(3):
            bell.ring(1, "default")
        assert time.monotonic() - started < 10
    BROKER.unlink()
    assert caplog.text.count("No bell for job 1") == 1
