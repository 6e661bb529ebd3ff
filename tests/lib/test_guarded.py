"""Rows that lead to customers are read on somebody's behalf or not at all."""

import pytest
from django.db.models import Count, Prefetch

from customers.models import Contact, Customer
from innendienst.lib.guarded import UnguardedAccess
from tests import factories

pytestmark = pytest.mark.django_db

READS = {
    "fetch": list,
    "get": lambda rows: rows.get(),
    "first": lambda rows: rows.first(),
    "values": lambda rows: list(rows.values("pk")),
    "slice": lambda rows: rows[:1][0],
    "bool": bool,
    "len": len,
    "count": lambda rows: rows.count(),
    "aggregate": lambda rows: rows.aggregate(Count("pk")),
    "iterator": lambda rows: list(rows.iterator()),
    "in_bulk": lambda rows: rows.in_bulk(),
    "update": lambda rows: rows.update(version=2),
    "delete": lambda rows: rows.delete(),
    "union": lambda rows: list(rows.union(Contact.objects.all())),
}


@pytest.fixture
def contact(db) -> Contact:
    return factories.make_contact(factories.make_customer())


@pytest.mark.parametrize("read", READS.values(), ids=READS)
def test_without_saying_on_whose_behalf_nothing_is_read_or_changed(contact, read):
    with pytest.raises(UnguardedAccess, match="Contact: say visible_to"):
        read(Contact.objects.all())
    assert Contact._base_manager.get().version == 1


@pytest.mark.parametrize("name", sorted(set(READS) - {"update", "delete", "union"}))
def test_a_job_that_says_why_reads_everything(contact, name):
    assert READS[name](Contact.objects.for_system("test")) is not None


def test_the_leave_to_read_survives_filtering_and_ordering(contact):
    assert Contact.objects.for_system("test").filter(last_name="Weiß").exclude(pk=0).order_by("pk").get() == contact


def test_rows_reached_from_a_row_already_held_pass(contact):
    customer = Customer.objects.for_system("test").get()
    assert list(customer.contacts.all()) == [contact]
    assert customer.contacts.count() == 1
    assert contact.customer == customer


def test_prefetched_rows_pass_when_the_first_rows_did(contact):
    customer = Customer.objects.for_system("test").prefetch_related("contacts").get()
    assert list(customer.contacts.all()) == [contact]


def test_a_prefetch_with_an_order_of_its_own_passes_too(contact):
    customer = Customer.objects.for_system("test").prefetch_related(Prefetch("contacts", Contact.objects.order_by("-pk"))).get()
    assert list(customer.contacts.all()) == [contact]


def test_a_reason_must_be_given():
    with pytest.raises(AssertionError):
        Contact.objects.for_system("")
