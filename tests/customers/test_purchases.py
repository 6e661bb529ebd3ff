"""The kept purchases say what the order lines say."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers import purchases
from customers.models import OrderLine, PurchaseMonth, PurchaseRhythm
from customers.rhythm import WINDOW_MONTHS, DayPurchase, Rhythm, rhythm
from innendienst.lib.dates import add_months
from tests import factories

pytestmark = pytest.mark.django_db

BEFORE = dt.date(2026, 11, 24)
YESTERDAY = dt.date(2026, 11, 23)
NOTHING_WRITTEN = {"PurchaseMonth": 0, "PurchaseRhythm": 0}


@pytest.fixture
def customer():
    return factories.make_customer()


@pytest.fixture
def product():
    return factories.make_product()


def months() -> list[tuple]:
    kept = PurchaseMonth.objects.for_system("test").order_by("customer", "product", "month")
    return list(kept.values_list("month", "quantity", "revenue_net", "contribution_margin", "lines_count"))


def only_rhythm() -> PurchaseRhythm:
    return PurchaseRhythm.objects.for_system("test").get()


def test_sums_stand_per_product_and_month(customer, product):
    factories.make_order(customer, dt.date(2026, 10, 5), (product, 2, 20), (product, 1, 10))
    factories.make_order(customer, dt.date(2026, 10, 31), (product, "1.5", "15.25"))
    factories.make_order(customer, dt.date(2026, 11, 1), (product, 4, 40))
    purchases.refresh([customer.pk], BEFORE)
    assert months() == [
        (dt.date(2026, 10, 1), Decimal("4.5"), Decimal("45.25"), Decimal("18.10"), 3),
        (dt.date(2026, 11, 1), Decimal(4), Decimal(40), Decimal(16), 1),
    ]


def test_the_rhythm_is_that_of_the_order_days(customer, product):
    factories.make_rhythm_orders(customer, product, YESTERDAY, gaps=[28, 31, 30, 35, 29])
    purchases.refresh([customer.pk], BEFORE)
    kept = only_rhythm()
    assert (kept.order_days, kept.median_gap_days, kept.last_on) == (6, 30, YESTERDAY)
    assert kept.recent_on == ["2026-06-23", "2026-07-21", "2026-08-21", "2026-09-20", "2026-10-25", "2026-11-23"]
    assert (kept.usual_quantity, kept.usual_revenue, kept.usual_margin) == (12, 120, 48)


def test_what_is_ordered_on_the_day_itself_or_later_is_not_read(customer, product):
    factories.make_order(customer, BEFORE, (product, 1, 10))
    purchases.refresh([customer.pk], BEFORE)
    assert (months(), PurchaseRhythm.objects.for_system("test").count()) == ([], 0)


@pytest.mark.parametrize(
    ("status", "quantity", "revenue", "order_days", "month"),
    [
        ("open", 5, 50, 1, (5, 50)),
        ("delivered", 5, 50, 1, (5, 50)),
        ("cancelled", 5, 50, 0, None),
        ("delivered", -5, -50, 0, (-5, -50)),  # a return
        ("credit", -5, -50, 0, (-5, -50)),
        ("credit", 5, -50, 0, (0, -50)),  # money back for goods that stay
    ],
)
def test_open_orders_are_purchases_while_returns_and_cancelled_lines_are_none(
    customer, product, status, quantity, revenue, order_days, month
):
    factories.make_order(customer, YESTERDAY, (product, quantity, revenue), status=status)
    purchases.refresh([customer.pk], BEFORE)
    assert PurchaseRhythm.objects.for_system("test").count() == order_days
    assert [tuple(row[1:3]) for row in months()] == ([month] if month else [])


def test_a_return_on_the_same_day_is_deducted_before_the_day_counts(customer, product):
    for gap in (60, 30, 0):
        factories.make_order(customer, YESTERDAY - dt.timedelta(days=gap), (product, 5, 50))
    factories.make_order(customer, YESTERDAY - dt.timedelta(days=30), (product, -5, -50))
    factories.make_order(customer, YESTERDAY, (product, -2, -20))
    purchases.refresh([customer.pk], BEFORE)
    kept = only_rhythm()
    assert (kept.order_days, kept.median_gap_days, kept.last_quantity, kept.usual_revenue) == (2, None, 3, 40)


def test_an_unknown_margin_leaves_the_sum_unknown(customer, product):
    factories.make_order(customer, YESTERDAY, (product, 1, 10))
    factories.make_order(customer, YESTERDAY, (product, 1, 10), contribution_margin=None)
    purchases.refresh([customer.pk], BEFORE)
    assert [row[3] for row in months()] == [None]
    assert only_rhythm().usual_margin is None


def test_cents_add_up_exactly(customer, product):
    for _ in range(10):
        factories.make_order(customer, YESTERDAY, (product, "0.1", "0.10"))
    purchases.refresh([customer.pk], BEFORE)
    assert [row[1:3] for row in months()] == [(Decimal(1), Decimal(1))]


@pytest.mark.parametrize("day", [YESTERDAY, YESTERDAY - dt.timedelta(days=800)], ids=["in the window", "before it"])
@pytest.mark.parametrize("margin", [Decimal("4.20"), None])
def test_the_database_says_of_a_single_day_what_the_rules_say(customer, product, day, margin):
    factories.make_order(customer, day, (product, "2.5", "33.33"), contribution_margin=margin)
    purchases.refresh([customer.pk], BEFORE)
    kept = only_rhythm()
    found = rhythm([DayPurchase(day, Decimal("2.5"), Decimal("33.33"), margin)], add_months(BEFORE, -WINDOW_MONTHS))
    assert [getattr(kept, name) for name in Rhythm._fields if name != "recent_on"] == list(found[:-1])
    assert kept.recent_on == [str(day)]


def test_the_second_run_writes_nothing(customer, product):
    factories.make_rhythm_orders(customer, product, YESTERDAY, gaps=[30, 31, 29])
    factories.make_order(customer, YESTERDAY, (factories.make_product(), "0.7", "33.33"), contribution_margin=None)
    assert purchases.refresh([customer.pk], BEFORE) == {"PurchaseMonth": 5, "PurchaseRhythm": 2}
    assert purchases.refresh([customer.pk], BEFORE) == NOTHING_WRITTEN


def test_only_rows_that_differ_are_written_and_those_whose_lines_are_gone_go(customer, product):
    gone = factories.make_product()
    factories.make_order(customer, dt.date(2026, 10, 5), (product, 1, 10))
    factories.make_order(customer, dt.date(2026, 11, 5), (product, 1, 10))
    factories.make_order(customer, dt.date(2026, 11, 5), (gone, 1, 10))
    purchases.refresh([customer.pk], BEFORE)
    OrderLine.objects.for_system("test").filter(product=gone).delete()
    OrderLine.objects.for_system("test").filter(ordered_on=dt.date(2026, 10, 5)).update(revenue_net=11)
    assert purchases.refresh([customer.pk], BEFORE) == {"PurchaseMonth": 2, "PurchaseRhythm": 2}
    assert [row[2] for row in months()] == [11, 10]


def test_other_customers_rows_stay_as_they_are(customer, product):
    other = factories.make_customer()
    factories.make_order(customer, YESTERDAY, (product, 1, 10))
    factories.make_order(other, YESTERDAY, (product, 1, 10))
    purchases.refresh([customer.pk, other.pk], BEFORE)
    OrderLine.objects.for_system("test").update(revenue_net=99)
    assert purchases.refresh([customer.pk], BEFORE) == {"PurchaseMonth": 1, "PurchaseRhythm": 1}
    assert PurchaseMonth.objects.for_system("test").get(customer=other).revenue_net == 10


def test_many_customers_take_as_many_queries_as_few(product):
    def count_queries(customers_count: int) -> int:
        customers = [factories.make_customer() for _ in range(customers_count)]
        for customer in customers:
            factories.make_order(customer, YESTERDAY, (product, 1, 10))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            purchases.refresh([customer.pk for customer in customers], BEFORE)
        return len(queries)

    assert count_queries(3) == count_queries(60)
