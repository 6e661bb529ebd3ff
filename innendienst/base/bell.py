"""The bell: a message in the broker that says "look at job 17". It may get lost, and a broker that is down is no error."""

import logging
import math
import time

from celery import current_app

PAUSE_SECONDS = 10
# Without a policy Celery itself does not try again, but kombu below it waits two seconds for a connection, and for ever by a clock
# that stands still. One more try costs nothing and suits a connection that went stale.
_TRY_TWICE = {"max_retries": 1, "interval_start": 0, "interval_step": 0, "interval_max": 0}

_silent_until = 0.0
logger = logging.getLogger(__name__)


def ring(job_id: int, queue: str, *, expires: int | None = None) -> None:
    """Tell a worker of `queue`; after a failure nobody asks the broker again for ten seconds."""
    global _silent_until
    if time.monotonic() < _silent_until:
        return
    options = {"queue": queue, "expires": expires, "ignore_result": True, "retry": True, "retry_policy": _TRY_TWICE}
    try:
        current_app.send_task("innendienst.run_job", args=[job_id], **options)
    except Exception as error:
        _silent_until = time.monotonic() + PAUSE_SECONDS
        logger.warning("No bell for job %s: %s", job_id, error)


def keep_silent() -> None:
    """Ring no more in this process: nobody listens yet, and the first tick finds what waits."""
    global _silent_until
    _silent_until = math.inf


def end_silence() -> None:
    """Ask the broker again at once: it is known to be back."""
    global _silent_until
    _silent_until = 0.0
