"""The Celery application: settings from Django, tasks from the installed apps."""

import os

from celery import Celery
from celery.signals import beat_embedded_init, setup_logging, worker_process_init

from innendienst.lib.orphans import die_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "innendienst.settings")

_LOADED_IN = os.getpid()

app = Celery("innendienst")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def keep_logging(**details) -> None:
    """The setting LOGGING stands in workers too: Celery replaces it unless somebody listens here."""


@beat_embedded_init.connect
@worker_process_init.connect
def end_with_worker(**details) -> None:
    """The scheduler and the pool are forks of the worker. Celery itself misses a worker that dies while they start."""
    if os.getpid() != _LOADED_IN:  # the pool "solo" is no fork
        die_with_parent(_LOADED_IN)
