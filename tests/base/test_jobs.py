"""Jobs: asked for in a transaction, claimed by a lease, done by one worker at a time, never lost."""

import datetime as dt
import threading
import time

import pytest
import time_machine
from django.db import connection, transaction
from django.utils import timezone

from innendienst.base import bell, jobs, leases
from innendienst.base.models import Heartbeat, Job

MONDAY_MORNING = dt.datetime(2027, 3, 8, 6, 29, tzinfo=dt.UTC)  # 07:29 in Berlin


@pytest.fixture(autouse=True)
def _own_kinds(monkeypatch):
    for name, fresh in (("_handlers", {}), ("_slots", []), ("_checks", [])):
        monkeypatch.setattr(jobs, name, fresh)


@pytest.fixture
def rung(monkeypatch) -> list[int]:
    """The jobs the bell rang for, in its order."""
    ids: list[int] = []
    monkeypatch.setattr(bell, "ring", lambda job_id, queue, expires=None: ids.append(job_id))
    return ids


@pytest.fixture
def done() -> list[dict]:
    """What a job of the kind "note" was asked for, each time it ran."""
    runs: list[dict] = []
    jobs.register("note", lambda job: runs.append(job.args))
    return runs


def make_job(kind: str = "note", **fields) -> Job:
    return Job.objects.create(kind=kind, **fields)


def run_together(acts: list) -> list:
    """What each of `acts` answers, run in threads at the same time; each thread has a database connection of its own."""
    answers = []

    def run(act):
        try:
            answers.append(act())
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return answers


def wait_until(claim) -> None:
    deadline = time.monotonic() + 20
    while not claim():
        assert time.monotonic() < deadline
        time.sleep(0.02)


# --- giving way ------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_long_work_does_first_what_somebody_waits_for_and_nothing_else(done):
    order: list[str] = []

    def work(job):
        order.append("first range")
        jobs.give_way()
        order.append("second range")

    jobs.register("night", work)
    jobs.register("list", lambda job: order.append(f"list {job.target}"), is_awaited=True)
    make_job("list", target="1")
    make_job("note")
    make_job("list", target="2")
    make_job("list", target="3", state=Job.State.RUNNING, lease_until=timezone.now() + leases.LEASE)
    assert jobs.run(make_job("night").pk)
    assert order == ["first range", "list 1", "list 2", "second range"]
    assert (done, Job.objects.filter(state=Job.State.DONE).count()) == ([], 3)


# --- asking ----------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_work_asked_for_twice_is_one_job(done, rung):
    assert jobs.request("note", "customer:1") == jobs.request("note", "customer:1")
    assert Job.objects.count() == 1


@pytest.mark.django_db
def test_other_arguments_are_other_work(done, rung):
    jobs.request("note", "import:1", step="stage")
    jobs.request("note", "import:1", step="take over")
    assert [job.args["step"] for job in Job.objects.order_by("pk")] == ["stage", "take over"]


@pytest.mark.django_db
def test_work_asked_for_while_it_is_under_way_is_done_once_more(done, rung):
    make_job(target="customer:1", state=Job.State.RUNNING, lease_until=timezone.now() + leases.LEASE)
    job = jobs.request("note", "customer:1")
    assert job.state == Job.State.QUEUED
    assert not jobs.run(job.pk)  # its twin is still at work


@pytest.mark.django_db
def test_a_job_that_waits_after_an_error_does_not_hold_up_fresh_work(done, rung):
    make_job(target="customer:1", not_before=timezone.now() + leases.LEASE)
    assert jobs.run(jobs.request("note", "customer:1").pk)
    assert done == [{}]


@pytest.mark.django_db
def test_the_bell_rings_after_the_commit(done, rung, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        job = jobs.request("note")
        assert rung == []
    assert rung == [job.pk]


@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_asks_several_times_rings_once_for_each_job(done, rung):
    with transaction.atomic():
        one, other = jobs.request("note"), jobs.request("note", "customer:1")
        assert jobs.request("note") == one
    assert rung == [one.pk, other.pk]
    jobs.request("note")
    assert rung == [one.pk, other.pk, one.pk]


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_request_leaves_no_job(done, rung):
    with transaction.atomic():
        jobs.request("note")
        transaction.set_rollback(True)
    assert (Job.objects.count(), rung) == (0, [])


@pytest.mark.django_db(transaction=True)
def test_a_waiting_job_does_not_start_before_the_transaction_that_asks_for_it_is_over(done, rung):
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one writer: nobody can claim while a transaction is open")
    waiting = jobs.request("note")
    with transaction.atomic():
        assert jobs.request("note") == waiting
        assert run_together([lambda: jobs.run(waiting.pk)]) == [False]
    assert jobs.run(waiting.pk)


@pytest.mark.django_db(transaction=True)
def test_nobody_waits_for_another_open_transaction_that_asks_for_the_same(done, rung):
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one writer")
    waiting = jobs.request("note")
    with transaction.atomic():
        jobs.request("note")
        assert run_together([lambda: jobs.request("note").pk]) != [waiting.pk]


# --- doing -----------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_done_job_keeps_progress_and_result(rung):
    def count(job):
        job.step(served=2)
        job.result = {"rows": 3}

    jobs.register("count", count)
    job = make_job("count")
    assert jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.progress, job.result, job.lease_until) == (Job.State.DONE, {"served": 2}, {"rows": 3}, None)
    assert not jobs.run(job.pk)


@pytest.mark.django_db
def test_a_job_at_work_is_not_claimed_again_until_its_lease_runs_out(done, rung):
    job = make_job(progress={"served": 5})
    with time_machine.travel(MONDAY_MORNING, tick=False) as clock:
        assert leases.claim(job.pk).lease_until == MONDAY_MORNING + leases.LEASE
        clock.shift(leases.LEASE)
        assert leases.claim(job.pk) is None
        clock.shift(1)
        again = leases.claim(job.pk)
    assert (again.attempts, again.progress) == (2, {"served": 5})


@pytest.mark.django_db
def test_whoever_lost_the_lease_stops_at_the_next_step_and_ends_nothing(rung):
    def lose_then_step(job):
        Job.objects.filter(pk=row.pk).update(attempts=2)  # another worker took over
        job.step(served=9)

    jobs.register("slow", lose_then_step)
    row = make_job("slow")
    assert jobs.run(row.pk)
    row.refresh_from_db()
    assert (row.state, row.progress, row.attempts) == (Job.State.RUNNING, {}, 2)


@pytest.mark.django_db(transaction=True)
def test_twins_never_run_at_the_same_time(rung):
    refused, ran = [], []

    def wait_for_the_others(job):
        ran.append(job)
        wait_until(lambda: len(refused) == 5)

    jobs.register("pair", wait_for_the_others)
    twins = [make_job("pair", target="customer:1").pk for _ in range(6)]
    run_together([lambda pk=pk: jobs.run(pk) or refused.append(pk) for pk in twins])
    assert (len(ran), len(refused)) == (1, 5)


@pytest.mark.django_db
def test_the_database_holds_one_running_row_of_each_kind_and_target(done, rung):
    first, second = make_job(target="a"), make_job(target="a")
    now = timezone.now()
    free = leases.claimable(now)
    assert set(free.values_list("pk", flat=True)) == {first.pk, second.pk}
    assert leases.claim(first.pk)
    assert leases.claim(second.pk) is None
    assert list(leases.claimable(now).values_list("pk", flat=True)) == []


@pytest.mark.django_db
def test_the_end_of_a_job_rings_for_the_twin_that_waited(done, rung):
    first, second = make_job(target="a"), make_job(target="a")
    jobs.run(first.pk)
    assert rung == [second.pk]


@pytest.mark.django_db
def test_a_failing_job_is_tried_five_times_with_growing_pauses_and_tells_no_content(rung):
    def fail(job):
        raise ValueError("Frau Weiß, 030 23125-100")

    jobs.register("fail", fail)
    job = make_job("fail")
    pauses = []
    with time_machine.travel(MONDAY_MORNING, tick=False) as clock:
        while job.state != Job.State.FAILED:
            assert jobs.run(job.pk)
            job.refresh_from_db()
            if job.not_before and job.state == Job.State.QUEUED:
                pauses.append((job.not_before - timezone.now()).total_seconds())
                assert not jobs.run(job.pk)
                clock.move_to(job.not_before)
    assert (job.attempts, pauses) == (5, [60, 120, 180, 240])
    assert job.result["error"].startswith("ValueError (test_jobs.py:")
    assert "Weiß" not in str(job.result)


@pytest.mark.django_db
def test_a_job_that_kills_its_worker_again_and_again_is_given_up(done, rung):
    job = make_job(state=Job.State.RUNNING, lease_until=MONDAY_MORNING, attempts=leases.MAX_DEATHS)
    jobs.tick(MONDAY_MORNING + dt.timedelta(seconds=1))
    job.refresh_from_db()
    assert (job.state, rung) == (Job.State.FAILED, [])


@pytest.mark.django_db(transaction=True)
def test_the_lease_is_renewed_while_the_handler_works(rung, monkeypatch):
    monkeypatch.setattr(leases, "RENEWAL_SECONDS", 0.01)
    seen = []

    def work_long(job):
        first = Job.objects.get().lease_until
        wait_until(lambda: Job.objects.get().lease_until > first)
        seen.append(first)

    jobs.register("long", work_long)
    jobs.run(make_job("long").pk)
    assert len(seen) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no server that could be restarted")
def test_the_lease_is_renewed_again_when_the_database_comes_back(rung, monkeypatch):
    monkeypatch.setattr(leases, "RENEWAL_SECONDS", 0.01)
    ended = []

    def work_through_a_restart(job):
        for _before_and_after in range(2):
            last = Job.objects.get().lease_until
            wait_until(lambda last=last: Job.objects.get().lease_until > last)
            wait_until(_end_the_other_connections)
            ended.append(last)

    jobs.register("long", work_through_a_restart)
    jobs.run(make_job("long").pk)
    assert len(ended) == 2
    assert Job.objects.get().state == Job.State.DONE


def _end_the_other_connections():
    """False while whoever renews is between two connections: the last one broken, the next one not yet there."""
    with connection.cursor() as cursor:
        cursor.execute("""
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
        """)
        return cursor.rowcount > 0


# --- the broker ------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_a_dead_broker_fails_nothing_and_is_left_alone_for_a_while(done, monkeypatch, caplog):
    calls = []
    send = bell.current_app.send_task
    monkeypatch.setattr(bell.current_app, "send_task", lambda *args, **options: (calls.append(args), send(*args, **options)))
    bell.end_silence()
    jobs.request("note", "a")
    jobs.request("note", "b")
    assert len(calls) == 1
    monkeypatch.setattr(bell, "_silent_until", 0.0)  # the ten seconds are over
    jobs.request("note", "c")
    assert len(calls) == 2
    assert Job.objects.filter(state=Job.State.QUEUED).count() == 3
    assert "No bell for job" in caplog.text


def test_a_worker_does_what_was_asked_for(worker, done):
    with transaction.atomic():
        job = jobs.request("note", "customer:1", why="changed")
    wait_until(lambda: Job.objects.get(pk=job.pk).state == Job.State.DONE)
    assert done == [{"why": "changed"}]


def test_the_tick_finds_what_a_dead_broker_missed(transactional_db, done, request):
    job = jobs.request("note")
    request.getfixturevalue("worker")
    jobs.tick(timezone.now())
    wait_until(lambda: Job.objects.get(pk=job.pk).state == Job.State.DONE)
    assert len(done) == 1


# --- the clock -------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_tick_rings_for_what_waits_and_for_orphans_only(done, rung):
    now = timezone.now()
    waiting = make_job(target="waiting")
    orphan = make_job(target="orphan", state=Job.State.RUNNING, lease_until=now - dt.timedelta(seconds=1))
    make_job(target="at work", state=Job.State.RUNNING, lease_until=now + leases.LEASE)
    make_job(target="later", not_before=now + leases.LEASE)
    make_job(target="done", state=Job.State.DONE)
    jobs.tick(now)
    assert rung == [waiting.pk, orphan.pk]


@pytest.mark.django_db
def test_the_tick_leaves_its_mark(done, rung):
    jobs.tick(MONDAY_MORNING)
    jobs.tick(MONDAY_MORNING + dt.timedelta(minutes=1))
    assert [(mark.name, mark.at) for mark in Heartbeat.objects.all()] == [("tick", MONDAY_MORNING + dt.timedelta(minutes=1))]


@pytest.mark.django_db
def test_a_failing_check_does_not_silence_the_bells(done, rung, caplog):
    def fail(now):
        raise ZeroDivisionError

    jobs.each_minute(fail)
    job = make_job()
    jobs.tick(timezone.now())
    assert rung == [job.pk]
    assert "A check of the tick failed" in caplog.text


@pytest.mark.django_db
def test_a_daily_job_is_asked_for_once_a_day_however_often_the_tick_comes(done, rung):
    jobs.daily(jobs.DailySlot("note", dt.time(7, 30)))
    jobs.tick(MONDAY_MORNING)
    assert Job.objects.count() == 0
    for minutes in (1, 2, 600):
        jobs.tick(MONDAY_MORNING + dt.timedelta(minutes=minutes))
    assert [job.once_key for job in Job.objects.all()] == ["note:2027-03-08"]


@pytest.mark.django_db(transaction=True)
def test_two_schedulers_in_the_same_minute_ask_once(done, rung):
    jobs.daily(jobs.DailySlot("note", dt.time(7, 0)))
    run_together([lambda: jobs.tick(MONDAY_MORNING)] * 4)
    assert Job.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2027-03-28", ["note:2027-03-28"]),  # 02:30 does not exist: asked for at 03:00
        ("2027-10-31", ["note:2027-10-31"]),  # 02:30 comes twice: asked for once
    ],
)
def test_the_nights_of_the_clock_change_have_their_job_once(day, expected, done, rung):
    jobs.daily(jobs.DailySlot("note", dt.time(2, 30)))
    midnight = dt.datetime.fromisoformat(f"{day}T00:00:00Z")
    for minutes in range(-60, 240, 15):  # 23:00 or 00:00 in Berlin until after the change
        jobs.tick(midnight + dt.timedelta(minutes=minutes))
    asked = [job.once_key for job in Job.objects.filter(target=day)]
    assert asked == expected


@pytest.mark.django_db
def test_a_clock_set_back_repeats_nothing(done, rung):
    jobs.daily(jobs.DailySlot("note", dt.time(7, 30)))
    for minutes in (2, -58, 2):
        jobs.tick(MONDAY_MORNING + dt.timedelta(minutes=minutes))
    assert Job.objects.count() == 1


@pytest.mark.django_db
def test_a_slot_for_working_days_rests_at_the_weekend_and_on_holidays(done, rung):
    jobs.daily(jobs.DailySlot("note", dt.time(7, 30), working_days_only=True))
    for day in (1, 3, 4, 5):  # Labour Day is a Saturday in 2027; Monday and Tuesday follow
        jobs.tick(dt.datetime(2027, 5, day, 12, tzinfo=dt.UTC))
    jobs.tick(dt.datetime(2027, 3, 26, 12, tzinfo=dt.UTC))  # Good Friday
    assert [job.target for job in Job.objects.order_by("target")] == ["2027-05-03", "2027-05-04", "2027-05-05"]
