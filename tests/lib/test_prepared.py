"""Prepared queries answer exactly what the same queryset answers when it is built anew."""

import datetime as dt

import pytest
from django.db import connection, models, transaction
from django.db.transaction import TransactionManagementError

from customers.models import Contact, Customer, Order, OrderLine
from innendienst.lib import prepared
from innendienst.lib.guarded import UnguardedAccess
from innendienst.lib.prepared import IdsParam, Param, Prepared, kept_plans
from tests import factories

pytestmark = pytest.mark.django_db

DAY = dt.date(2026, 11, 20)


@pytest.fixture
def orders() -> list[Order]:
    """Three customers with two orders each, a week apart."""
    product = factories.make_product()
    customers = [factories.make_customer() for _ in range(3)]
    return [
        factories.make_order(customer, DAY - dt.timedelta(days=back), (product, 2, 50), (product, 1, 30))
        for customer in customers
        for back in (0, 7)
    ]


def test_each_call_puts_in_its_own_values(orders, django_assert_num_queries):
    of_customer = Prepared(lambda: Order.objects.for_system("test").filter(customer=Param("customer")))
    for order in orders:
        expected = list(Order.objects.for_system("test").filter(customer=order.customer))
        with django_assert_num_queries(1):
            assert list(of_customer(customer=order.customer_id)) == expected


def test_a_thread_that_comes_while_another_builds_it_finds_it_whole_or_builds_its_own(orders, monkeypatch):
    of_customer, compile_query = Prepared(lambda: Order.objects.for_system("test").filter(customer=Param("customer"))), prepared._compiled
    asked = []

    def interrupted(query, **how):
        if not asked:
            asked.append(True)
            asked.append(len(list(of_customer(customer=orders[0].customer_id))))
        return compile_query(query, **how)

    monkeypatch.setattr(prepared, "_compiled", interrupted)
    assert len(list(of_customer(customer=orders[0].customer_id))) == asked[1] == 2


def test_days_related_rows_annotations_and_limits_come_as_ever(orders):
    since = Prepared(
        lambda: (
            OrderLine.objects.for_system("test")
            .filter(ordered_on__gt=Param("day", models.DateField()), status="delivered")
            .select_related("customer", "product")
            .annotate(double=models.F("quantity") * 2)
            .order_by("-ordered_on", "pk")[:5]
        )
    )
    lines = list(since(day=DAY - dt.timedelta(days=3)))
    assert [line.ordered_on for line in lines] == [DAY] * 5
    assert (lines[0].customer, lines[0].double) == (orders[0].customer, 4)
    assert len(since(day=DAY - dt.timedelta(days=8))) == 5
    assert list(since(day=DAY)) == []


def test_related_rows_cost_no_further_query(orders, django_assert_num_queries):
    lines = Prepared(lambda: OrderLine.objects.for_system("test").filter(order=Param("order")).select_related("product"))
    name = orders[0].lines.first().product.name
    with django_assert_num_queries(1):
        assert [line.product.name for line in lines(order=orders[0].pk)] == [name, name]


@pytest.mark.parametrize("count", [0, 1, 3])
def test_many_ids_are_one_value(orders, count):
    customers = sorted({order.customer_id for order in orders})[:count]
    of_many = Prepared(lambda: Order.objects.for_system("test").filter(customer__in=IdsParam("customers")).order_by("pk"))
    assert list(of_many(customers=customers)) == [order for order in orders if order.customer_id in customers]


def test_bare_values_come_as_tuples(orders):
    numbers = Prepared(lambda: Order.objects.for_system("test").filter(pk=Param("pk")).values_list("number", "ordered_on"))
    flat = Prepared(lambda: Order.objects.for_system("test").filter(pk=Param("pk")).values_list("number", flat=True))
    assert list(numbers(pk=orders[0].pk)) == [(orders[0].number, DAY)]
    assert list(flat(pk=orders[0].pk)) == [orders[0].number]


def test_what_is_prefetched_is_fetched(orders, django_assert_num_queries):
    with_lines = Prepared(lambda: Order.objects.for_system("test").filter(pk=Param("pk")).prefetch_related("lines"))
    with django_assert_num_queries(2):
        assert [len(order.lines.all()) for order in with_lines(pk=orders[0].pk)] == [2]


def test_a_call_does_not_remember_what_the_last_one_read(orders):
    people = Prepared(lambda: Contact.objects.for_system("test").filter(customer=Param("customer")))
    customer = orders[0].customer
    assert list(people(customer=customer.pk)) == []
    weiss = factories.make_contact(customer)
    assert list(people(customer=customer.pk)) == [weiss]


@pytest.mark.parametrize(
    "go_on",
    [
        lambda found: found.filter(number="x"),
        lambda found: found.order_by("number"),
        lambda found: found.first(),
        lambda found: found[:1],
        lambda found: found.count(),
        lambda found: found.exists(),
        lambda found: found.aggregate(models.Max("pk")),
        lambda found: found.visible_to(None),
    ],
    ids=["filter", "order_by", "first", "slice", "count", "exists", "aggregate", "visible_to"],
)
def test_what_comes_back_can_only_be_read(orders, go_on):
    of_customer = Prepared(lambda: Order.objects.for_system("test").filter(customer=Param("customer")))
    found = of_customer(customer=orders[0].customer_id)
    with pytest.raises(TypeError, match="read and no more"):
        go_on(found)
    assert len(found) == 2


def test_the_guard_stays():
    unguarded = Prepared(lambda: Customer.objects.filter(pk=Param("pk")))
    with pytest.raises(UnguardedAccess):
        list(unguarded(pk=1))


def test_a_missing_value_is_an_error(orders):
    with pytest.raises(KeyError, match="customer"):
        Prepared(lambda: Order.objects.for_system("test").filter(customer=Param("customer")))(order=1)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite keeps no plans")
def test_the_plans_of_a_block_are_kept_and_no_others():
    def ask(word: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT '{word}' WHERE %s", [True])

    with kept_plans():
        ask("inside")
    ask("outside")
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements WHERE statement ~ '(in|out)side'")
        assert cursor.fetchall() == [("SELECT 'inside' WHERE $1",)]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite keeps no plans")
def test_a_plan_that_depends_on_the_values_is_not_kept(orders):
    def named(name: str, **how) -> Prepared:
        rows = Order.objects.for_system("test").filter(customer=Param("customer"))
        return Prepared(lambda: rows.annotate(said=models.Value(name)).values_list("said"), **how)

    for ask in (named("kept"), named("made anew", keeps_plan=False)):
        assert len(list(ask(customer=orders[0].customer_id))) == 2
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM pg_prepared_statements WHERE statement ~ 'customers_order'")
        assert cursor.fetchall() == [(1,)]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite locks no rows")
@pytest.mark.django_db(transaction=True)
def test_rows_are_locked_within_a_transaction_only(orders):
    locked = Prepared(lambda: Order.objects.for_system("test").filter(pk=Param("order")).select_for_update())
    with transaction.atomic():
        assert list(locked(order=orders[0].pk)) == [orders[0]]
    with pytest.raises(TransactionManagementError):
        list(locked(order=orders[0].pk))
