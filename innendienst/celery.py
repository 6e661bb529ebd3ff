"""The Celery application: settings from Django, tasks from the installed apps."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "innendienst.settings")

app = Celery("innendienst")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
