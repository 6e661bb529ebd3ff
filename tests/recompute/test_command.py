"""The command in the foreground, and whom long work lets pass."""

import datetime as dt
import subprocess
import sys

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from customers import purchases
from innendienst import learning, recompute
from innendienst.base import jobs
from innendienst.base.models import Job
from innendienst.recompute import ranges
from tests.recompute.scenes import AS_OF, make_company, run, run_as_of

pytestmark = pytest.mark.django_db


def test_the_command_prints_progress_and_what_it_wrote(capsys):
    make_company()
    call_command("recompute", as_of="2026-11-24")
    purchased, reasoned, first = capsys.readouterr().out.splitlines()
    assert (purchased, reasoned) == ("Einkäufe: 3 Kunden", "Anlässe: 3 Kunden")
    assert first.startswith("Geschriebene Zeilen: PurchaseMonth 13, PurchaseRhythm 4, CustomerFacts 9, ScoreScale 5, ProductDemand 0,")
    call_command("recompute", as_of="2026-11-24")
    assert (
        "PurchaseMonth 0, PurchaseRhythm 0, CustomerFacts 0, ScoreScale 0, ProductDemand 0, WinRate 0, Opportunity 0"
        in capsys.readouterr().out
    )
    call_command("recompute", as_of="2026-11-24", verbosity=0)
    assert capsys.readouterr().out == ""


def test_the_command_finishes_what_a_killed_one_left_behind():
    make_company()
    dead = Job.objects.create(
        kind=recompute.FULL, state=Job.State.RUNNING, attempts=1, lease_until=timezone.now() - dt.timedelta(seconds=1),
        args={"as_of": AS_OF.isoformat()},
    )  # fmt: skip
    call_command("recompute", as_of="2026-11-24", verbosity=0)
    assert list(Job.objects.filter(kind=recompute.FULL).values_list("state", flat=True)) == [Job.State.DONE, Job.State.DONE]
    assert dead.pk


def test_the_command_refuses_what_is_no_day():
    with pytest.raises(CommandError, match="2026-11-30"):
        call_command("recompute", "--as-of", "24.11.2026")


def test_the_command_says_so_when_it_fails(monkeypatch):
    make_company()
    monkeypatch.setattr(purchases, "refresh", lambda *args: 1 / 0)
    with pytest.raises(CommandError, match="ZeroDivisionError"):
        call_command("recompute", as_of="2026-11-24", verbosity=0)


def test_a_list_that_somebody_waits_for_is_done_between_two_ranges(monkeypatch):
    make_company(3)
    monkeypatch.setattr(ranges, "BATCH", 1)
    waiting = Job.objects.create(kind="import_stage", target="0", queue="bulk", args={"run": 0})
    served = []
    monkeypatch.setattr(purchases, "refresh", lambda *args, own=purchases.refresh: served.append(_state(waiting)) or own(*args))
    run_as_of()
    assert served == ["queued", "done", "done"]


def test_a_list_that_somebody_waits_for_is_done_while_the_night_learns(monkeypatch):
    waiting = Job.objects.create(kind="import_stage", target="0", queue="bulk", args={"run": 0})
    learner = subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE)
    monkeypatch.setattr(learning.subprocess, "Popen", lambda *args, **options: learner)
    monkeypatch.setattr(jobs, "give_way", lambda own=jobs.give_way: own() or learner.stdin.close())
    assert run(learning.LEARN).state == Job.State.DONE
    assert _state(waiting) == "done"


def test_learning_that_failed_is_tried_again(monkeypatch):
    monkeypatch.setattr(learning.sys, "executable", "/bin/false")
    assert run(learning.LEARN).result["error"].startswith("CalledProcessError")


def _state(job: Job) -> str:
    return Job.objects.get(pk=job.pk).state
