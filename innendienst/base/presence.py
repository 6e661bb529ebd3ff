"""Who is at something just now: known to Redis alone, for two minutes. Without Redis nobody is known to be at anything."""

import logging
import time
from collections.abc import Callable
from typing import TypeVar

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

SECONDS = 120
PAUSE_SECONDS = 10
WAIT_SECONDS = 0.5
_PREFIX = "innendienst:at:"
_SOCKET = "redis+socket://"

logger = logging.getLogger(__name__)
_client: redis.Redis | None = None
_silent_until = 0.0

Answer = TypeVar("Answer")


def enter(thing: str, user_id: int) -> None:
    """The user is at it from now on; who was there before is not any more."""
    _ask(lambda client: client.set(_PREFIX + thing, user_id, ex=SECONDS), None)


def leave(thing: str, user_id: int) -> None:
    """The user is done with it; somebody else who is at it stays."""
    if who_is_at(thing) == user_id:
        _ask(lambda client: client.delete(_PREFIX + thing), None)


def who_is_at(thing: str) -> int | None:
    """The id of whoever is at it, None for nobody."""
    found = _ask(lambda client: client.get(_PREFIX + thing), None)
    return int(found) if found else None


def _ask(act: Callable[[redis.Redis], Answer], otherwise: Answer) -> Answer:
    """What Redis answers; after a failure nobody asks it again for ten seconds."""
    global _silent_until
    if time.monotonic() < _silent_until:
        return otherwise
    try:
        return act(_connected())
    except (redis.RedisError, OSError) as error:
        _silent_until = time.monotonic() + PAUSE_SECONDS
        logger.info("Nobody knows who is at what: %s", error)
        return otherwise


def _connected() -> redis.Redis:
    global _client
    if _client is None:
        url = settings.REDIS_URL
        once = Retry(NoBackoff(), 0)  # else the driver waits and asks three times more, and a save waits with it
        if url.startswith(_SOCKET):
            path = url.removeprefix(_SOCKET)
            _client = redis.Redis(unix_socket_path=path, socket_timeout=WAIT_SECONDS, socket_connect_timeout=WAIT_SECONDS, retry=once)
        else:
            _client = redis.Redis.from_url(url, socket_timeout=WAIT_SECONDS, socket_connect_timeout=WAIT_SECONDS, retry=once)
    return _client
