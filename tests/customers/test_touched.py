"""Marks of customers whose kept rows are out of date."""

import pytest

from customers import editing
from customers.imports.undoing.undo import undo
from customers.models import Customer, ImportRun, Touched
from customers.touched import touch, touch_all
from innendienst.base.models import Job
from innendienst.merging.acts import merge, undo_merge
from tests import factories
from tests.customers.imports.lists import Importer

OLD, NEW = "030 23125-7", "030 23126-8"

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


# --- a number that changes concerns those whom it was shared with, and those whom it is shared with now ---


@pytest.fixture
def three() -> dict[str, Customer]:
    """One whose number will change, a neighbour under the old number and one under the new."""
    numbers = {"changing": OLD, "old": OLD, "new": NEW}
    return {name: factories.make_customer(number=f"K-{name}", phone=number) for name, number in numbers.items()}


def marked(three) -> set[str]:
    marks = set(Touched.objects.values_list("customer", flat=True))
    Touched.objects.all().delete()
    return {name for name, customer in three.items() if customer.pk in marks}


def test_a_number_changed_by_hand_marks_old_and_new_neighbours(anna, three):
    three["changing"].phone = NEW
    editing.save_customer(actor=anna, customer=three["changing"])
    assert marked(three) == {"changing", "old", "new"}


def test_a_number_changed_by_a_list_marks_old_and_new_neighbours_and_so_does_taking_it_back(three, dieter, settings, tmp_path):
    settings.VAR_DIR = tmp_path / "var"
    Importer(tmp_path, "customers")(["Kundennummer", "Firma", "Telefon"], ["K-changing", three["changing"].name, NEW])
    assert marked(three) == {"changing", "old", "new"}
    undo(ImportRun.objects.get())
    assert marked(three) == {"changing", "old", "new"}


def test_a_number_that_a_merge_brings_marks_those_of_the_one_it_replaces(carla, three):
    kept = three["changing"]
    gone = factories.make_customer(phone=NEW)
    done = merge(actor=carla, kept=kept, gone=gone, taken=["phone"])
    assert marked(three) == {"changing", "old", "new"}
    undo_merge(actor=carla, done=done)
    assert marked(three) == {"changing", "old", "new"}
