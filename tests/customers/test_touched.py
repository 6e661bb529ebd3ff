"""Marks of customers whose kept rows are out of date."""

import pytest

from customers.models import Touched
from customers.touched import touch, touch_all
from innendienst.base.models import Job
from tests import factories

pytestmark = pytest.mark.django_db


def marks() -> dict[int, int]:
    return dict(Touched.objects.values_list("customer", "stage"))


def test_touching_marks_each_customer_once_and_asks_for_one_refresh():
    first, second = factories.make_customer(), factories.make_customer()
    touch([second.pk, first.pk, second.pk])
    touch([first.pk])
    assert marks() == {first.pk: Touched.Stage.PURCHASES, second.pk: Touched.Stage.PURCHASES}
    assert [job.kind for job in Job.objects.all()] == ["refresh"]


def test_touching_nobody_asks_for_nothing():
    touch([])
    assert (Touched.objects.count(), Job.objects.count()) == (0, 0)


def test_a_customer_touched_between_the_stages_begins_again():
    customer = factories.make_customer()
    Touched.objects.create(customer=customer, stage=Touched.Stage.REASONS)
    touch([customer.pk])
    assert marks() == {customer.pk: Touched.Stage.PURCHASES}


def test_all_customers_are_touched_by_one_statement(django_assert_num_queries):
    customers = [factories.make_customer() for _ in range(3)]
    Touched.objects.create(customer=customers[0], stage=Touched.Stage.REASONS)
    with django_assert_num_queries(1):
        assert touch_all() == 3
    assert marks() == {customer.pk: Touched.Stage.PURCHASES for customer in customers}
