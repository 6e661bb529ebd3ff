"""Processes that serve marks beside a full run."""

import os
import sys
from collections import Counter

import pytest
from django.db import connection

from customers import touched
from customers.models import Touched
from innendienst import recompute
from innendienst.base.models import Job
from innendienst.recompute import hands, ranges
from tests.recompute.scenes import AS_OF, EVERYTHING, make_company, run_as_of, snapshot, two_connections

pytestmark = pytest.mark.django_db


@pytest.fixture
def hands_at_hand(monkeypatch):
    """Processes that are started find the database of this test."""
    url = os.environ["DATABASE_URL"].replace("postgres:///postgres", f"postgres:///{connection.settings_dict['NAME']}")
    monkeypatch.setenv("DATABASE_URL", url)


@two_connections
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("hands_at_hand")
def test_hands_serve_what_is_marked_and_say_what_they_wrote():
    make_company(5)
    run_as_of()
    undisturbed = snapshot()
    for model in (*reversed(EVERYTHING), Job):
        model._base_manager.all().delete()
    touched.touch_all()
    told = []
    for stage in ranges.Stage:
        with hands.Hands(stage, ranges.Days(AS_OF, AS_OF), 2) as helping:
            while (said := helping.wait(1)) is not None:
                told += said
    assert sum(served.count for served in told) == 5 + 5
    assert sum((served.written for served in told), Counter())["PurchaseMonth"] == 21
    assert not Touched.objects.exists()
    run_as_of()  # classes are counted over all, which no hand does
    assert snapshot() == undisturbed


@two_connections
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("hands_at_hand")
def test_a_full_run_counts_what_hands_did_and_finds_what_they_left(monkeypatch):
    """The first pass finds nothing free itself: what a hand serves then is in the figures, what no hand serves the second finds."""
    make_company(5)
    monkeypatch.setattr(hands, "count_for", lambda customers_count: 1)
    monkeypatch.setattr(recompute, "_WAIT_SECONDS", 0.1)
    lock, asked = touched.lock_marked, []
    monkeypatch.setattr(touched, "lock_marked", lambda *args: asked.append(args) or (lock(*args) if len(asked) > 2 else []))
    job = run_as_of()
    assert (job.state, job.result["written"]["PurchaseMonth"], job.progress["served"]) == (Job.State.DONE, 21, 5)
    assert not Touched.objects.exists()


@two_connections
@pytest.mark.django_db(transaction=True)
def test_a_run_whose_hands_fail_serves_everybody_itself(monkeypatch, caplog):
    make_company(5)
    monkeypatch.setattr(hands, "count_for", lambda customers_count: 2)
    monkeypatch.setattr(hands.sys, "executable", "/bin/false")
    assert run_as_of().result["written"]["PurchaseMonth"] == 21
    assert caplog.messages.count("A hand ended with 1; its marks are served in the next pass") == 4


def test_what_a_hand_did_not_say_as_agreed_is_noted_and_the_rest_is_heard(monkeypatch, caplog):
    served = ranges.Served(3, Counter(Customer=2))
    crew = hands.Hands(ranges.Stage.PURCHASES, ranges.Days(AS_OF, AS_OF), 1)
    monkeypatch.setattr(crew, "_command", [sys.executable, "-c", f"print('Warnung'); print({hands.line(served)!r})"])
    told = []
    with crew as helping:
        while (said := helping.wait(1)) is not None:
            told += said
    assert (told, caplog.messages) == ([served], ["A hand said 'Warnung\\n'"])


def test_a_run_does_without_a_hand_that_cannot_be_started(monkeypatch):
    make_company()
    monkeypatch.setattr(hands, "count_for", lambda customers_count: 1)
    monkeypatch.setattr(hands.sys, "executable", "/nowhere/python")
    assert run_as_of().state == Job.State.DONE


@pytest.mark.parametrize(("customers", "cores", "count"), [(19_999, 8, 0), (20_000, 1, 0), (20_000, 2, 1), (1_000_000, 64, 3)])
def test_a_large_full_run_gets_a_hand_per_core_that_is_left(monkeypatch, customers, cores, count):
    monkeypatch.setattr(hands.os, "sched_getaffinity", lambda pid: range(cores))
    assert hands.count_for(customers) == (count if connection.vendor == "postgresql" else 0)
