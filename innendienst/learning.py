"""Learning at night, in a process of its own: numpy and what it holds are gone when it ends, and no page ever loads them."""

import subprocess
import sys
from functools import partial

from django.conf import settings

from campaigns.models import MeanNeed
from customers.touched import touch_all
from innendienst.base import jobs
from innendienst.base.jobs import RunningJob
from innendienst.lib.orphans import die_with_parent

LEARN = "learn"


def run_learn(job: RunningJob) -> None:
    """Handler of `learn`. What is learnt for the first time is used at once; else the recompute of the same night uses it."""
    is_first = not MeanNeed.objects.exists()
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "learn_needs", "--verbosity", "0"]
    subprocess.run(command, cwd=settings.BASE_DIR, check=True, preexec_fn=partial(die_with_parent))  # noqa: S603 - our own command
    if is_first and MeanNeed.objects.exists():
        touch_all()
        jobs.request("refresh")


def ask_for_first_lesson() -> None:
    """Where nothing was learnt yet, do not wait for the night."""
    if not MeanNeed.objects.exists():
        jobs.request(LEARN)
