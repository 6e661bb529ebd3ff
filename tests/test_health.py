"""What monitoring is told, and what nobody is told."""

import datetime as dt

import pytest
import time_machine
from django.db import connection

from innendienst.base import jobs
from innendienst.base.models import Heartbeat, Job

NOW = dt.datetime(2027, 3, 8, 9, 0, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


def make_job(*, requested_at: dt.datetime, **fields) -> Job:
    job = Job.objects.create(kind="note", **fields)
    Job.objects.filter(pk=job.pk).update(requested_at=requested_at)
    return job


@pytest.mark.django_db
def test_all_is_well_while_the_scheduler_ticks(client):
    jobs.tick(NOW - dt.timedelta(minutes=5))
    response = client.get("/health/")
    assert response.status_code == 200
    assert response.json() == {
        "status": "ok",
        "database": "ok",
        "queue_age_seconds": 0,
        "last_tick": "2027-03-08T08:55:00Z",
        "last_backup": None,
    }
    assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db
@pytest.mark.parametrize("last_tick", [None, NOW - dt.timedelta(minutes=5, seconds=1)])
def test_a_scheduler_that_does_not_tick_is_a_fault(client, last_tick):
    if last_tick:
        Heartbeat.objects.create(name=Heartbeat.Name.TICK, at=last_tick)
    response = client.get("/health/")
    assert (response.status_code, response.json()["status"], response.json()["database"]) == (503, "broken", "ok")


@pytest.mark.django_db
@pytest.mark.parametrize(("minutes", "status"), [(60, 200), (61, 503)])
def test_work_that_nobody_does_for_an_hour_is_a_fault(client, minutes, status):
    Heartbeat.objects.create(name=Heartbeat.Name.TICK, at=NOW)
    make_job(requested_at=NOW - dt.timedelta(minutes=minutes))
    response = client.get("/health/")
    assert (response.status_code, response.json()["queue_age_seconds"]) == (status, minutes * 60)


@pytest.mark.django_db
def test_only_work_that_could_be_done_counts_as_waiting(client):
    Heartbeat.objects.create(name=Heartbeat.Name.TICK, at=NOW)
    long_ago = NOW - dt.timedelta(days=2)
    make_job(requested_at=long_ago, not_before=NOW + dt.timedelta(minutes=1))
    make_job(requested_at=long_ago, not_before=NOW - dt.timedelta(minutes=2))
    make_job(requested_at=long_ago, state=Job.State.DONE)
    assert client.get("/health/").json()["queue_age_seconds"] == 120


@pytest.mark.django_db
@pytest.mark.parametrize(("minutes", "status"), [(60, 200), (61, 503)])
def test_work_whose_worker_died_waits_since_its_lease_ran_out(client, minutes, status):
    Heartbeat.objects.create(name=Heartbeat.Name.TICK, at=NOW)
    ran_out = NOW - dt.timedelta(minutes=minutes)
    make_job(requested_at=NOW - dt.timedelta(days=2), state=Job.State.RUNNING, lease_until=ran_out)
    make_job(requested_at=NOW - dt.timedelta(days=2), state=Job.State.RUNNING, target="other", lease_until=NOW + dt.timedelta(seconds=40))
    response = client.get("/health/")
    assert (response.status_code, response.json()["queue_age_seconds"]) == (status, minutes * 60)


@pytest.mark.django_db
def test_the_time_of_the_last_backup_is_told(client):
    Heartbeat.objects.create(name=Heartbeat.Name.BACKUP, at=NOW)
    assert client.get("/health/").json()["last_backup"] == "2027-03-08T09:00:00Z"


@pytest.mark.django_db
def test_a_database_that_does_not_answer_is_said_without_its_error(client):
    def refuse(execute, sql, params, many, context):
        from django.db import OperationalError

        raise OperationalError("password of postgres is geheim")

    with connection.execute_wrapper(refuse):
        response = client.get("/health/")
    assert response.status_code == 503
    assert response.json() == {
        "status": "broken",
        "database": "unreachable",
        "queue_age_seconds": None,
        "last_tick": None,
        "last_backup": None,
    }


@pytest.mark.django_db
def test_nothing_can_be_posted(client):
    assert client.post("/health/").status_code == 405
