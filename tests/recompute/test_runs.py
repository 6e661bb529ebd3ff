"""The recompute as a whole: all tables in one go, nothing twice, nothing lost."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from campaigns import call_list
from campaigns.answers import answer_opportunity
from campaigns.models import Opportunity
from customers import purchases, touched
from customers.models import Customer, CustomerFacts, DataState, Touched
from customers.touched import touch
from innendienst import recompute
from innendienst.base import jobs
from innendienst.base.models import Job
from innendienst.recompute import ranges
from tests import factories
from tests.recompute.scenes import AS_OF, EVERYTHING, make_company, run, run_as_of, snapshot

pytestmark = pytest.mark.django_db


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
