"""Rows that lead to customers are read on somebody's behalf or not at all."""

import datetime as dt

import pytest
from django.db.models import Count, F, Prefetch

from accounts.models import User
from customers.models import Contact, Customer, FollowUp
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
    "exists": lambda rows: rows.exists(),
    "contains": lambda rows: rows.contains(Contact._base_manager.get()),
    "aggregate": lambda rows: rows.aggregate(Count("pk")),
    "iterator": lambda rows: list(rows.iterator()),
    "in_bulk": lambda rows: rows.in_bulk(),
    "update": lambda rows: rows.update(version=2),
    "delete": lambda rows: rows.delete(),
    "union": lambda rows: list(rows.union(Contact.objects.all())),
}
# Reads that name a column or a row of contacts, for other tables.
FROM_OTHERS = {
    "update": lambda rows: rows.update(customer=F("customer")),
    "contains": lambda rows: rows.contains(rows.model._base_manager.get()),
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


@pytest.mark.parametrize(
    "join", [lambda one, other: one | other, lambda one, other: one.union(other), lambda one, other: one.union(other, all=True)]
)
def test_what_nobody_asked_for_does_not_come_along_with_what_somebody_did(contact, join):
    opened, closed = Contact.objects.for_system("test").order_by(), Contact.objects.order_by()
    for one, other in ((opened, closed), (closed, opened)):
        with pytest.raises(UnguardedAccess):
            list(join(one, other))
    assert set(join(opened, opened)) == {contact}


def test_rows_reached_from_a_row_already_held_pass(contact):
    customer = Customer.objects.for_system("test").get()
    assert list(customer.contacts.all()) == [contact]
    assert customer.contacts.count() == 1
    assert contact.customer == customer


@pytest.mark.parametrize("name", sorted(set(READS) - {"union"}))
def test_rows_reached_from_what_leads_to_no_customer_are_guarded_like_any_other(contact, anna, name):
    """A user stands in rows of customers whom he may not see, a product in everybody's orders."""
    product = factories.make_product()
    factories.make_order(contact.customer, dt.date(2026, 11, 23), (product, 1, 10))
    FollowUp.objects.create(customer=contact.customer, assignee=anna, due_on=dt.date(2026, 11, 23))
    read = FROM_OTHERS.get(name, READS[name])
    for rows in (product.order_lines.all(), anna.follow_ups.all()):
        with pytest.raises(UnguardedAccess):
            read(rows)
        assert read(rows.for_system("test")) is not None


def test_rows_prefetched_for_what_leads_to_no_customer_are_guarded_too(contact, anna):
    FollowUp.objects.create(customer=contact.customer, assignee=anna, due_on=dt.date(2026, 11, 23))
    with pytest.raises(UnguardedAccess):
        list(User.objects.prefetch_related("follow_ups"))
    opened = Prefetch("follow_ups", FollowUp.objects.for_system("test"))
    [found] = User.objects.filter(pk=anna.pk).prefetch_related(opened)
    assert [follow_up.customer_id for follow_up in found.follow_ups.all()] == [contact.customer_id]


def test_prefetched_rows_pass_when_the_first_rows_did(contact):
    customer = Customer.objects.for_system("test").prefetch_related("contacts").get()
    assert list(customer.contacts.all()) == [contact]


def test_a_prefetch_with_an_order_of_its_own_passes_too(contact):
    customer = Customer.objects.for_system("test").prefetch_related(Prefetch("contacts", Contact.objects.order_by("-pk"))).get()
    assert list(customer.contacts.all()) == [contact]


def test_a_reason_must_be_given():
    with pytest.raises(AssertionError):
        Contact.objects.for_system("")
