"""gunicorn's settings for `make run` and for production. PORT, WEB_CONCURRENCY and WEB_THREADS change them."""

import gc
import os
from pathlib import Path

from django.urls import get_resolver

from innendienst.lib.orphans import die_with_parent

wsgi_app = "innendienst.wsgi"
bind = f"127.0.0.1:{os.environ.get('PORT') or 8000}"
# Threads, because slow browsers may sit right in front; two processes, so that one busy page does not hold up the others.
workers = int(os.environ.get("WEB_CONCURRENCY") or 2)
threads = int(os.environ.get("WEB_THREADS") or 4)
preload_app = True  # Django is loaded once: half the start and less memory
timeout = 60
graceful_timeout = 5
loglevel = "warning"
control_socket_disable = True  # it would lie in the home folder and be shared by all installations
_memory = Path("/dev/shm")  # noqa: S108 - gunicorn makes its files there safely
worker_tmp_dir = str(_memory) if _memory.is_dir() else None  # a worker's sign of life must not wait for a disk


def when_ready(server) -> None:
    """Load all pages and set aside what now lives to the end: whatever a worker collects of its own it would walk through each time."""
    get_resolver().url_patterns  # noqa: B018 - imports the views, which the first visitor would wait for
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


def post_fork(server, worker) -> None:
    die_with_parent(server.pid)
