"""The recompute as a whole: all tables in one go, nothing twice, nothing lost."""

import datetime as dt
import json
import os
import random
import subprocess
import sys
import threading
import uuid
from collections import Counter
from contextlib import suppress

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from campaigns import call_list
from campaigns.answers import answer_opportunity, undo_answer
from campaigns.models import CallListRow, Opportunity, OpportunityAnswer
from campaigns.reasons import storing
from customers import facts, purchases, touched
from customers.complaints import move_complaint, raise_complaint
from customers.follow_ups import plan_follow_up, snooze
from customers.gate import Answer, GateAnswer
from customers.models import Activity, Customer, CustomerFacts, DataState, PurchaseMonth, PurchaseRhythm, Touched
from customers.touched import touch
from innendienst import learning, recompute
from innendienst.base import jobs
from innendienst.base.models import Job
from innendienst.lib.transitions import StateConflict
from innendienst.recompute import hands, ranges
from innendienst.workplace.call.saving import CallEntry, NextDate, ReasonAnswer, save_call, undo_call
from tests import factories

pytestmark = pytest.mark.django_db

AS_OF = dt.date(2026, 11, 24)
EVERYTHING = (PurchaseMonth, PurchaseRhythm, CustomerFacts, Opportunity, CallListRow)


def make_company(customers_count: int = 3) -> list:
    """Customers who buy one article every 30 days and are due."""
    product = factories.make_product()
    factories.make_relation(product, factories.make_product(price=100, cost=60))
    customers = [factories.make_customer() for _ in range(customers_count)]
    for customer in customers:
        factories.make_rhythm_orders(customer, product, AS_OF - dt.timedelta(days=33), gaps=[30, 30, 30])
    factories.make_order(customers[0], AS_OF - dt.timedelta(days=1), (factories.make_product(), 1, 10))
    return customers


def run(kind: str = recompute.FULL, **args) -> Job:
    """The job done to its end, as a worker does it."""
    job = Job.objects.create(kind=kind, queue="bulk", args=args)
    assert jobs.run(job.pk)
    job.refresh_from_db()
    return job


def run_as_of() -> Job:
    return run(as_of=AS_OF.isoformat())


def snapshot() -> list:
    """All kept rows without their ids."""
    return [
        sorted(json.dumps({**row, "id": None}, default=str, sort_keys=True) for row in model._base_manager.values()) for model in EVERYTHING
    ]


def test_a_full_run_fills_every_table_and_the_second_one_writes_nothing():
    make_company()
    first = run_as_of()
    assert (first.state, first.result["written"]) == (
        Job.State.DONE,
        {
            "PurchaseMonth": 10 + 3, "PurchaseRhythm": 4, "CustomerFacts": 3 + 3 + 3, "ScoreScale": 5, "ProductDemand": 0, "WinRate": 0,
            "Opportunity": 6, "OpportunityItem": 6, "OpportunityTransition": 0, "OrderMatch": 0, "CallListRow": 3, "IndustrySum": 0, "Customer": 0,
        },
    )  # fmt: skip
    assert set(run_as_of().result["written"].values()) == {0}
    assert not Touched.objects.exists()


def test_every_customer_is_served_in_one_pass_whatever_their_names(monkeypatch):
    monkeypatch.setattr(ranges, "BATCH", 2)
    monkeypatch.setattr(recompute, "PASSES_MOST", 1)
    for name in "CADBE":
        factories.make_customer(name)
    run_as_of()
    assert CustomerFacts.objects.for_system("test").count() == 5
    assert not Touched.objects.exists()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite plans without counting its tables")
def test_a_first_run_has_the_tables_counted_that_it_fills(monkeypatch):
    monkeypatch.setattr(ranges, "BATCH", 1)
    make_company()
    with connection.cursor() as cursor:  # tests before this one may have had them counted while they held more
        cursor.execute(f"ANALYZE {', '.join(model._meta.db_table for model in ranges._GROWING)}")
    with CaptureQueriesContext(connection) as queries:
        run_as_of()
    counted = {query["sql"].split('"')[1] for query in queries if query["sql"].startswith('ANALYZE "')}
    assert counted == {model._meta.db_table for model in ranges._GROWING}
    with CaptureQueriesContext(connection) as queries:
        run_as_of()
    assert not any(query["sql"].startswith('ANALYZE "') for query in queries)


def test_as_of_a_day_nothing_from_that_day_on_is_read():
    [customer] = make_company(1)
    factories.make_order(customer, AS_OF, (factories.make_product(), 1, 99))
    run_as_of()
    assert CustomerFacts.objects.for_system("test").get().last_order_on == AS_OF - dt.timedelta(days=1)


def test_without_a_day_today_is_read_too(time_machine):
    time_machine.move_to(dt.datetime(2026, 11, 24, 2, tzinfo=dt.UTC))
    [customer] = make_company(1)
    factories.make_order(customer, AS_OF, (factories.make_product(), 1, 99))
    run()
    assert CustomerFacts.objects.for_system("test").get().last_order_on == AS_OF


def test_it_falls_due_at_three_in_the_morning_once_a_day(time_machine):
    for hour, expected in ((1, 0), (2, 1), (3, 1)):  # 03:00 in Berlin is 02:00 UTC
        now = dt.datetime(2026, 11, 24, hour, tzinfo=dt.UTC)
        time_machine.move_to(now)
        jobs.tick(now)
        assert Job.objects.filter(kind=recompute.FULL).count() == expected


def test_a_refresh_serves_marked_customers_only(time_machine):
    time_machine.move_to(dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC))
    first, second, _third = make_company(3)
    touch([first.pk, second.pk])
    run(recompute.REFRESH)
    assert set(CustomerFacts.objects.for_system("test").values_list("pk", flat=True)) == {first.pk, second.pk}
    assert not Touched.objects.exists()


@pytest.mark.parametrize(("least", "abc_class"), [(3, "A"), (4, "C")])
def test_many_marks_at_once_renew_what_is_counted_over_all(monkeypatch, time_machine, least, abc_class):
    monkeypatch.setattr(recompute, "TELLING_COUNT", least)
    time_machine.move_to(dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC))
    customers = make_company(3)
    touch([customer.pk for customer in customers])
    run(recompute.REFRESH)
    assert CustomerFacts.objects.for_system("test").get(pk=customers[0].pk).abc_class == abc_class


def test_it_writes_down_the_datenstand_where_no_import_did():
    make_company()
    run_as_of()
    assert DataState.objects.get().last_order_on == AS_OF - dt.timedelta(days=1)


@pytest.mark.parametrize("module", [purchases, call_list])
def test_killed_in_the_middle_the_next_run_goes_on_and_nothing_is_there_twice(monkeypatch, module):
    make_company(5)
    run_as_of()
    undisturbed = snapshot()
    for model in (*reversed(EVERYTHING), Job):
        model._base_manager.all().delete()
    monkeypatch.setattr(ranges, "BATCH", 1)
    marked = []
    monkeypatch.setattr(touched, "touch_all", lambda mark=touched.touch_all: marked.append(mark()) or marked[-1])
    job = Job.objects.create(kind=recompute.FULL, queue="bulk", args={"as_of": AS_OF.isoformat()})
    with monkeypatch.context() as killing:
        killing.setattr(module, "refresh", _dying_in_range(3, module.refresh))
        with pytest.raises(Killed):
            jobs.run(job.pk)
    Job.objects.update(lease_until=timezone.now() - dt.timedelta(seconds=1))
    assert jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.attempts, marked) == (Job.State.DONE, 2, [5])
    assert snapshot() == undisturbed
    assert set(run_as_of().result["written"].values()) == {0}


class Killed(BaseException):
    """As kill -9 looks from inside: nobody catches it."""


def _dying_in_range(number: int, refresh):
    ranges = iter(range(1, number + 1))

    def act(*args):
        written = refresh(*args)
        if next(ranges) == number:
            raise Killed
        return written

    return act


def test_an_error_leaves_the_range_as_it_was_and_the_job_for_later(monkeypatch):
    make_company()
    monkeypatch.setattr(purchases, "refresh", lambda *args: 1 / 0)
    job = Job.objects.create(kind=recompute.FULL, queue="bulk", args={"as_of": AS_OF.isoformat()})
    assert jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, set(Touched.objects.values_list("stage", flat=True))) == (Job.State.QUEUED, {Touched.Stage.PURCHASES})


@pytest.mark.parametrize("kind", [recompute.FULL, recompute.REFRESH])
def test_marks_that_somebody_held_to_the_end_are_left_to_another_refresh(monkeypatch, kind):
    make_company(2)
    [held, _free] = [customer.pk for customer in Customer.objects.for_system("test").order_by("pk")]
    touch([held])
    Job.objects.all().delete()
    lock = touched.lock_marked
    monkeypatch.setattr(touched, "lock_marked", lambda *args: [pk for pk in lock(*args) if pk != held])
    monkeypatch.setattr(recompute, "_WAIT_SECONDS", 0)
    assert run(kind).state == Job.State.DONE
    assert list(Touched.objects.values_list("customer", flat=True)) == [held]
    monkeypatch.setattr(touched, "lock_marked", lock)
    [asked] = Job.objects.filter(kind=recompute.REFRESH, state=Job.State.QUEUED)
    assert jobs.run(asked.pk)
    assert not Touched.objects.exists()
    assert not Job.objects.filter(state=Job.State.QUEUED).exists()


def test_a_refresh_waits_for_a_full_run_and_takes_none_of_its_marks(monkeypatch):
    [customer] = make_company(1)
    full = Job.objects.create(kind=recompute.FULL, state=Job.State.RUNNING, lease_until=timezone.now() + dt.timedelta(minutes=1))
    touch([customer.pk])
    waited = []

    def sleep(seconds: float) -> None:
        waited.append(Touched.objects.count())
        Job.objects.filter(pk=full.pk).update(state=Job.State.DONE)

    monkeypatch.setattr(recompute.time, "sleep", sleep)
    run(recompute.REFRESH)
    assert (waited[0], Touched.objects.count()) == (1, 0)


def test_what_an_answer_leaves_a_suggestion_is_what_the_next_run_finds(time_machine):
    """Its articles keep their values, its rank is renewed where need be, and the run after that writes nothing."""
    time_machine.move_to(dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC))
    customer = factories.make_customer()
    for index in range(3):
        product = factories.make_product(group=factories.make_group())
        factories.make_rhythm_orders(customer, product, AS_OF - dt.timedelta(days=33), gaps=[30, 30, 30], revenue=120 + index)
    factories.make_order(customer, AS_OF - dt.timedelta(days=1), (factories.make_product(), 1, 10))
    run_as_of()
    reason = Opportunity.objects.for_system("test").get()
    answer_opportunity(actor=factories.make_user(), opportunity=reason, answer="interested")
    written = run_as_of().result["written"]
    assert (written["Opportunity"], written["OpportunityItem"], written["OpportunityTransition"]) == (0, 0, 0)
    assert Opportunity.objects.for_system("test").suggested().get().items.count() == 2
    assert set(run_as_of().result["written"].values()) == {0}


def test_many_customers_take_as_many_queries_as_few():
    def count_queries(customers_count: int) -> int:
        make_company(customers_count)
        with CaptureQueriesContext(connection) as queries:
            run_as_of()
        return len(queries)

    count_queries(1)  # the first run reads the preferences and writes the Datenstand
    assert count_queries(30) == count_queries(3)


# --- the command -----------------------------------------------------------------------------------------------------


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


# --- beside others ---------------------------------------------------------------------------------------------------

two_connections = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one writer in at a time")


@two_connections
@pytest.mark.django_db(transaction=True)
def test_a_touch_that_arrives_while_its_customer_is_served_is_not_lost(monkeypatch):
    """The touch waits for the range and then sets the mark anew, whichever of the two stages is under way."""
    [customer] = make_company(1)
    arrived, waiting = threading.Event(), []

    def touch_meanwhile() -> None:
        arrived.set()
        touch([customer.pk])
        connection.close()

    def serve(*args, refresh=call_list.refresh):
        waiting.append(threading.Thread(target=touch_meanwhile))
        waiting[0].start()
        assert arrived.wait(5)
        waiting[0].join(0.3)
        assert waiting[0].is_alive()
        return refresh(*args)

    with monkeypatch.context() as during:
        during.setattr(call_list, "refresh", serve)
        during.setattr(recompute, "PASSES_MOST", 1)
        run_as_of()
    waiting[0].join(5)
    assert list(Touched.objects.values_list("customer", "stage")) == [(customer.pk, Touched.Stage.PURCHASES)]
    run(recompute.REFRESH)
    assert not Touched.objects.exists()


@two_connections
@pytest.mark.django_db(transaction=True)
def test_customers_whom_somebody_holds_are_passed_over_and_served_when_free():
    first, held = make_company(2)
    holding, served = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            type(held).objects.for_system("test").filter(pk=held.pk).update(name="Anders GmbH")
            holding.set()
            served.wait(10)
        connection.close()

    somebody = threading.Thread(target=hold)
    somebody.start()
    assert holding.wait(5)
    recompute_job = threading.Thread(target=lambda: (run_as_of(), connection.close()))
    recompute_job.start()
    while not PurchaseMonth.objects.for_system("test").filter(customer=first).exists():
        assert recompute_job.is_alive()
    assert not PurchaseMonth.objects.for_system("test").filter(customer=held).exists()
    served.set()
    somebody.join(10)
    recompute_job.join(30)
    assert PurchaseMonth.objects.for_system("test").filter(customer=held).exists()
    assert not Touched.objects.exists()


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


@pytest.mark.parametrize(("customers", "cores", "count"), [(19_999, 8, 0), (20_000, 1, 0), (20_000, 2, 1), (1_000_000, 64, 3)])
def test_a_large_full_run_gets_a_hand_per_core_that_is_left(monkeypatch, customers, cores, count):
    monkeypatch.setattr(hands.os, "sched_getaffinity", lambda pid: range(cores))
    assert hands.count_for(customers) == (count if connection.vendor == "postgresql" else 0)


def test_customers_are_served_whatever_their_names_are(monkeypatch):
    monkeypatch.setattr(ranges, "BATCH", 1)
    customers = [factories.make_customer(name) for name in ("Zorn GmbH", "Yildiz KG", "Xaver AG", "Weiß OHG", "Adler e. K.")]
    run_as_of()
    assert set(CustomerFacts.objects.for_system("test").values_list("customer", flat=True)) == {customer.pk for customer in customers}
    assert not Touched.objects.exists()


_ALLOWED = GateAnswer(Answer.ALLOWED, "existing_customer", basis="existing_customer")


def _entry(customer) -> CallEntry:
    """What the form of a call sends: an answer to the best suggestion, and a next step."""
    reason = Opportunity.objects.for_system("test").suggested().filter(customer=customer).best_first().first()
    answers = (ReasonAnswer(reason.pk, reason.version, "interested"),) if reason else ()
    next_date = NextDate(timezone.localdate() + dt.timedelta(days=7), "own")
    return CallEntry(outcome="interested", gate_answer=_ALLOWED, answers=answers, next_date=next_date)


@two_connections
@pytest.mark.django_db(transaction=True)
def test_calls_saved_and_undone_while_everything_is_recomputed_are_as_said_and_nobody_deadlocks(monkeypatch):
    monkeypatch.setattr(ranges, "BATCH", 3)
    monkeypatch.setattr(recompute, "_WAIT_SECONDS", 0.05)
    customers = make_company(12)
    reps = [factories.make_user() for _ in range(3)]
    run_as_of()
    done, failed, standing = threading.Event(), [], []

    def work(rep) -> None:
        for index, customer in enumerate(random.Random(rep.pk).sample(customers, 10)):
            with suppress(StateConflict):  # a colleague or the recompute was faster: nothing is written
                saved = save_call(rep, customer, uuid.uuid4(), _entry(customer))
                standing.append(saved.activity_id)
                if index % 3 == 0:
                    undo_call(actor=rep, activity=Activity.objects.visible_to(rep).get(pk=saved.activity_id))
                    standing.remove(saved.activity_id)
                for reason in Opportunity.objects.visible_to(rep).suggested().filter(customer=customer):
                    answer_opportunity(actor=rep, opportunity=reason, answer="dismissed", reason="not_suitable")

    def recompute_on(kind: str) -> None:
        while not done.is_set():
            job = Job.objects.create(kind=kind, queue="bulk", target=uuid.uuid4().hex)
            jobs.run(job.pk)
            job.refresh_from_db()
            assert job.state == Job.State.DONE, job.result

    def watched(act, *args) -> None:
        try:
            act(*args)
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    callers = [threading.Thread(target=watched, args=(work, rep)) for rep in reps]
    workers = [threading.Thread(target=watched, args=(recompute_on, kind)) for kind in (recompute.FULL, recompute.REFRESH)]
    for thread in callers + workers:
        thread.start()
    for thread in callers:
        thread.join(60)
    done.set()
    for thread in workers:
        thread.join(60)
    assert failed == []
    stored = Activity.objects.for_system("test").standing().values_list("pk", flat=True)
    assert len(standing) > 5
    assert set(stored) == set(standing)
    assert not OpportunityAnswer.objects.filter(activity__voided_at__isnull=False).exists()


def _undo_a_call(rep, customer):
    saved = save_call(rep, customer, uuid.uuid4(), _entry(customer))
    return lambda: undo_call(actor=rep, activity=Activity.objects.visible_to(rep).get(pk=saved.activity_id))


def _dismiss(rep, customer):
    reason = Opportunity.objects.visible_to(rep).suggested().filter(customer=customer).first()
    return lambda: answer_opportunity(actor=rep, opportunity=reason, answer="dismissed", reason="not_suitable")


def _undo_a_dismissal(rep, customer):
    answer = _dismiss(rep, customer)()
    return lambda: undo_answer(actor=rep, answer=answer)


def _settle_a_complaint(rep, customer):
    complaint = raise_complaint(actor=rep, customer=customer, title="Palette beschädigt")
    return lambda: move_complaint(actor=rep, complaint=complaint, to_state="resolved")


def _put_a_follow_up_off(rep, customer):
    follow_up = plan_follow_up(actor=rep, customer=customer, due_on=timezone.localdate())
    return lambda: snooze(actor=rep, follow_up=follow_up, due_on=timezone.localdate() + dt.timedelta(days=7))


@two_connections
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("module", [facts, storing])
@pytest.mark.parametrize("prepare", [_undo_a_call, _dismiss, _undo_a_dismissal, _settle_a_complaint, _put_a_follow_up_off])
def test_an_act_that_meets_a_refresh_of_its_customer_waits_and_both_succeed(monkeypatch, prepare, module):
    """The refresh holds customer and mark when the act begins; whatever the act wrote first, the refresh would wait for."""
    [customer] = make_company(1)
    run_as_of()
    act = prepare(factories.make_user(), customer)
    factories.make_order(customer, timezone.localdate(), (factories.make_product(), 1, 10))
    touch([customer.pk])
    name, happened = {facts: "refresh", storing: "store"}[module], []

    def act_meanwhile() -> None:
        try:
            act()
            happened.append("done")
        except Exception as error:
            happened.append(error)
        finally:
            connection.close()

    somebody, refresh = threading.Thread(target=act_meanwhile), getattr(module, name)

    def meet(*args):
        if not somebody.is_alive() and not happened:
            somebody.start()
            somebody.join(0.3)
        return refresh(*args)

    with monkeypatch.context() as during:
        during.setattr(module, name, meet)
        job = run(recompute.REFRESH)
    somebody.join(20)
    assert (happened, job.state) == (["done"], Job.State.DONE)


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
