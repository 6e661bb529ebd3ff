"""The night throws away what has served its purpose, and nothing else."""

import datetime as dt
import uuid

import pytest
import time_machine
from axes.models import AccessAttempt
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.utils import timezone

from innendienst.base import jobs
from innendienst.base.models import FormKey, Job

NOW = dt.datetime(2027, 3, 8, 3, 0, tzinfo=dt.UTC)  # 04:00 in Berlin


@pytest.fixture
def tidied(anna) -> dict:
    """What the job of the night says it deleted."""
    with time_machine.travel(NOW, tick=False):
        make_row_of_each_kind(anna, age=dt.timedelta(days=400))
        make_row_of_each_kind(anna, age=dt.timedelta(hours=1))
        job = jobs.request("tidy")
        jobs.run(job.pk)
        return Job.objects.get(pk=job.pk).result


def make_row_of_each_kind(user, age: dt.timedelta) -> None:
    at = timezone.now() - age
    with time_machine.travel(at, tick=False):
        FormKey.objects.create(key=uuid.uuid4(), user=user)
        session = SessionStore()
        session.save()
        AccessAttempt.objects.create(username="anna", ip_address="192.0.2.1", user_agent=str(age), failures_since_start=3)
    Job.objects.create(kind="tidy", state=Job.State.DONE, finished_at=at)
    Job.objects.create(kind="tidy", state=Job.State.QUEUED, not_before=NOW + dt.timedelta(days=1))


def test_old_form_keys_jobs_sessions_and_sign_in_attempts_go(tidied):
    assert tidied == {
        "form_keys": 1,
        "jobs": 1,
        "sessions": 1,
        "sign_in_attempts": 1,
        "guesses": 0,
        "merge_moves": 0,
        "merged_people": 0,
        "strays": 0,
    }


def test_what_is_young_or_still_waits_stays(tidied):
    assert (FormKey.objects.count(), Session.objects.count(), AccessAttempt.objects.count()) == (1, 1, 1)
    assert Job.objects.filter(state=Job.State.QUEUED).count() == 2
    assert Job.objects.filter(finished_at=NOW - dt.timedelta(hours=1)).count() == 1


@pytest.mark.django_db
def test_the_night_asks_for_it():
    jobs.tick(NOW)
    assert Job.objects.filter(once_key="tidy:2027-03-08").count() == 1
