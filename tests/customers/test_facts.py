"""The row of facts of a customer says what his orders, contacts and complaints say."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from customers import facts, sql
from customers.models import Activity, Complaint, Customer, CustomerFacts, DataState, OrderLine
from customers.models.activities import Outcome
from innendienst.lib.dates import instant
from tests import factories

pytestmark = pytest.mark.django_db

BEFORE = dt.date(2026, 11, 24)
YESTERDAY = dt.date(2026, 11, 23)
YEAR_AGO = dt.date(2025, 11, 24)  # the first day of the twelve months


@pytest.fixture
def customer():
    return factories.make_customer()


@pytest.fixture
def product():
    return factories.make_product()


def refreshed(customer: Customer) -> CustomerFacts:
    facts.refresh([customer.pk], BEFORE)
    return CustomerFacts.objects.for_system("test").get(pk=customer.pk)


def call(customer: Customer, user, day: dt.date, outcome: str = Outcome.REACHED, **fields) -> Activity:
    return Activity.objects.create(customer=customer, by=user, at=instant(day, dt.time(23, 30)), outcome=outcome, **fields)


def test_twelve_months_end_before_the_day_and_the_year_before_is_beside_them(customer, product):
    factories.make_order(customer, BEFORE, (product, 1, 1000))
    factories.make_order(customer, YESTERDAY, (product, 1, 100))
    factories.make_order(customer, YEAR_AGO, (product, 1, 10), (product, 1, 10))
    factories.make_order(customer, YEAR_AGO - dt.timedelta(days=1), (product, 1, 1))
    found = refreshed(customer)
    assert (found.revenue_12m, found.margin_12m, found.revenue_before, found.margin_before) == (120, 48, 1, Decimal("0.40"))
    assert (found.orders_12m_count, found.first_order_on, found.last_order_on) == (2, dt.date(2025, 11, 23), YESTERDAY)


def test_returns_and_credits_are_deducted_but_are_no_orders(customer, product):
    factories.make_order(customer, dt.date(2026, 10, 1), (product, 5, 50))
    factories.make_order(customer, dt.date(2026, 10, 2), (product, -1, -10))
    factories.make_order(customer, dt.date(2026, 10, 3), (product, 1, -5), status=OrderLine.Status.CREDIT)
    factories.make_order(customer, dt.date(2026, 10, 4), (product, 9, 90), status=OrderLine.Status.CANCELLED)
    found = refreshed(customer)
    assert (found.revenue_12m, found.orders_12m_count, found.last_order_on) == (35, 1, dt.date(2026, 10, 1))


def test_one_unknown_margin_leaves_the_year_unknown_but_not_the_year_before(customer, product):
    factories.make_order(customer, YESTERDAY, (product, 1, 100))
    factories.make_order(customer, YESTERDAY, (product, 1, 100), contribution_margin=None)
    factories.make_order(customer, dt.date(2025, 5, 1), (product, 1, 100))
    found = refreshed(customer)
    assert (found.revenue_12m, found.margin_12m, found.margin_before) == (200, None, 40)


def test_without_orders_stands_what_the_erp_states():
    stated = factories.make_customer(stated_revenue=5000, stated_revenue_before=4000, stated_last_order_on=dt.date(2026, 3, 1))
    found = refreshed(stated)
    assert (found.is_stated, found.revenue_12m, found.margin_12m, found.revenue_before) == (True, 5000, None, 4000)
    assert found.last_order_on == dt.date(2026, 3, 1)


def test_the_first_order_line_replaces_what_was_stated(product):
    stated = factories.make_customer(stated_revenue=5000)
    assert refreshed(stated).is_stated
    factories.make_order(stated, dt.date(2024, 1, 1), (product, 1, 10))
    found = refreshed(stated)
    assert (found.is_stated, found.revenue_12m, found.margin_12m) == (False, 0, 0)


def test_nothing_stated_is_not_stated(customer):
    assert not refreshed(customer).is_stated


def test_the_last_contact_is_a_day_of_ours_on_which_somebody_was_spoken_with(customer, anna):
    call(customer, anna, dt.date(2026, 11, 2))
    call(customer, anna, dt.date(2026, 11, 3), Outcome.NOT_REACHED)
    call(customer, anna, dt.date(2026, 11, 4), voided_at=timezone.now())
    assert refreshed(customer).last_contact_on == dt.date(2026, 11, 2)


def test_complaints_are_counted_until_they_are_solved(customer, anna):
    for state in (Complaint.State.RAISED, Complaint.State.REOPENED, Complaint.State.RESOLVED, Complaint.State.CLOSED):
        Complaint.objects.create(customer=customer, title="Kratzer", state=state, raised_on=YESTERDAY, raised_by=anna)
    assert refreshed(customer).open_complaints_count == 2


def test_the_second_run_writes_nothing_and_leaves_the_class(customer, product):
    factories.make_order(customer, YESTERDAY, (product, 1, "33.33"))
    stated = factories.make_customer(stated_revenue=Decimal("0.10"), stated_margin=Decimal("0.07"))
    ids = [customer.pk, stated.pk]
    assert facts.refresh(ids, BEFORE) == {"CustomerFacts": 2}
    facts.refresh_abc()
    assert facts.refresh(ids, BEFORE) == {"CustomerFacts": 0}
    assert facts.refresh_abc() == {"CustomerFacts": 0}
    assert CustomerFacts.objects.for_system("test").get(pk=customer.pk).abc_class == "A"


def classes(*margins: int | None, **fields) -> str:
    """The ABC classes of customers with these margins, in their order; None has a revenue of 1,000 and an unknown margin."""
    customers = [factories.make_customer(**fields) for _ in margins]
    CustomerFacts.objects.bulk_create(
        CustomerFacts(customer=customer, revenue_12m=1000, margin_12m=margin) for customer, margin in zip(customers, margins, strict=True)
    )
    facts.refresh_abc()
    kept = dict(CustomerFacts.objects.for_system("test").values_list("pk", "abc_class"))
    return "".join(kept[customer.pk] for customer in customers)


@pytest.mark.parametrize(
    ("margins", "expected"),
    [
        ([80, 15, 5], "ABC"),
        ([5, 15, 80], "CBA"),
        ([90, 10], "AC"),  # the first one is A whatever his share
        ([40, 40, 10, 5, 5], "AABBB"),  # the two last share the better class: 95 %
        ([50, 50, 50], "AAA"),
        ([100, 0, -20], "ACC"),
        ([0, 0], "CC"),
        ([None, 290, 310], "ACA"),  # unknown: 30 % of 1,000, not all of it
        ([], ""),
    ],
)
def test_classes_follow_the_cumulated_margin(margins, expected):
    assert classes(*margins) == expected


def test_a_collective_account_takes_no_share():
    CustomerFacts.objects.create(customer=factories.make_customer(is_collective=True), margin_12m=10_000)
    assert classes(80, 15, 5) == "ABC"


def test_the_class_the_erp_states_stands_while_there_are_no_orders():
    stated = factories.make_customer(stated_revenue=10, stated_abc_class="A")
    other = factories.make_customer(stated_revenue=100_000)
    facts.refresh([stated.pk, other.pk], BEFORE)
    facts.refresh_abc()
    kept = dict(CustomerFacts.objects.for_system("test").values_list("pk", "abc_class"))
    assert kept == {stated.pk: "A", other.pk: "A"}


def test_the_datenstand_is_the_youngest_order_before_the_day(customer, product):
    assert facts.data_as_of(BEFORE) is None
    factories.make_order(customer, dt.date(2026, 11, 20), (product, 1, 1))
    factories.make_order(customer, dt.date(2026, 11, 30), (product, 1, 1))
    assert facts.data_as_of(BEFORE) == dt.date(2026, 11, 20)


def test_what_was_cancelled_or_credited_since_moves_no_datenstand(customer, product):
    factories.make_order(customer, dt.date(2026, 11, 20), (product, 1, 1), status=OrderLine.Status.OPEN)
    factories.make_order(customer, dt.date(2026, 11, 21), (product, 1, 1), status=OrderLine.Status.CANCELLED)
    factories.make_order(customer, dt.date(2026, 11, 22), (product, -1, -1), status=OrderLine.Status.CREDIT)
    facts.keep_missing_data_state()
    assert (facts.data_as_of(BEFORE), facts.data_as_of(), DataState.objects.get().last_order_on) == (dt.date(2026, 11, 20),) * 3


def test_the_datenstand_is_kept_where_no_import_wrote_it(customer, product):
    factories.make_order(customer, dt.date(2026, 11, 20), (product, 1, 1))
    facts.keep_missing_data_state()
    assert DataState.objects.get().last_order_on == dt.date(2026, 11, 20)
    factories.make_order(customer, dt.date(2026, 11, 23), (product, 1, 1))
    facts.keep_missing_data_state()
    assert DataState.objects.get().last_order_on == dt.date(2026, 11, 20)


def test_many_customers_take_as_many_queries_as_few(product):
    def count_queries(customers_count: int) -> int:
        customers = [factories.make_customer() for _ in range(customers_count)]
        for customer in customers[::2]:
            factories.make_order(customer, YESTERDAY, (product, 1, 10))
        with CaptureQueriesContext(connection) as queries:
            facts.refresh([customer.pk for customer in customers], BEFORE)
        return len(queries)

    assert count_queries(3) == count_queries(60)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL plans by statistics")
def test_sqlite_ranks_all_customers_once_and_not_once_for_each():
    with CaptureQueriesContext(connection) as queries, connection.cursor() as cursor:
        sql.classify(0.3, 0.8, 0.95)
        cursor.execute(f"EXPLAIN QUERY PLAN {queries[-1]['sql']}")
        steps = [step for *_numbers, step in cursor.fetchall()]
    assert not [step for step in steps if "LEFT-JOIN" in step], steps
