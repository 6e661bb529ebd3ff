"""Learning at night, in a process of its own: numpy and what it holds are gone when it ends, and no page ever loads them."""

import subprocess
import sys
from contextlib import suppress
from functools import partial

from django.conf import settings

from campaigns.models import MeanNeed
from customers.touched import touch_all
from innendienst.base import jobs
from innendienst.base.jobs import RunningJob
from innendienst.lib.orphans import die_with_parent

LEARN = "learn"
_LOOK_SECONDS = 1


def run_learn(job: RunningJob) -> None:
    """Handler of `learn`. What is learnt for the first time is used at once; else the recompute of the same night uses it."""
    is_first = not MeanNeed.objects.exists()
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "learn_needs", "--verbosity", "0"]
    with subprocess.Popen(command, cwd=settings.BASE_DIR, preexec_fn=partial(die_with_parent)) as learner:  # noqa: S603 - our own command
        _attend(learner)
    if learner.returncode:
        raise subprocess.CalledProcessError(learner.returncode, command)
    if is_first and MeanNeed.objects.exists():
        touch_all()
        jobs.request("refresh")


def _attend(learner: subprocess.Popen) -> None:
    """Wait for the learner's end; whoever waits for a list in the meantime gets it."""
    try:
        while learner.poll() is None:
            jobs.give_way()
            with suppress(subprocess.TimeoutExpired):
                learner.wait(_LOOK_SECONDS)
    except BaseException:
        learner.kill()
        raise


def ask_for_first_lesson() -> None:
    """Where nothing was learnt yet, do not wait for the night."""
    if not MeanNeed.objects.exists():
        jobs.request(LEARN)
