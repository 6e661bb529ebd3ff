"""The Celery application: settings from Django, tasks from the installed apps."""

import os

from celery import Celery
from celery.signals import beat_embedded_init

from innendienst.lib.orphans import die_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "innendienst.settings")

app = Celery("innendienst")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@beat_embedded_init.connect
def end_scheduler_with_worker(**details) -> None:
    """Celery sees to it for its pool, but not for the scheduler that it starts with --beat."""
    die_with_parent()
