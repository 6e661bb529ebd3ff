"""Who may not be contacted is on record once, and stays on record."""

import threading

import pytest
from django.db import connection, transaction

from customers.blocks import block_contact
from customers.models import ContactBlock
from tests.concurrency import wait_for_a_lock
from tests.factories import make_customer


def blocks() -> list[ContactBlock]:
    return list(ContactBlock.objects.for_system("test").order_by("pk"))


@pytest.mark.django_db
def test_a_block_that_stands_is_that_block_and_a_lifted_one_is_not(anna):
    customer = make_customer()
    first = block_contact(actor=anna, customer=customer, reason="will nicht")
    assert block_contact(actor=anna, customer=customer, reason="noch einmal") == first
    ContactBlock.objects.for_system("test").update(lifted_at="2026-11-24T09:00Z")
    again = block_contact(actor=anna, customer=customer)
    assert blocks() == [first, again]


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one writer in at a time")
def test_two_who_hear_the_same_no_at_once_set_one_block(anna, bernd):
    customer = make_customer()

    def block_too() -> None:
        block_contact(actor=bernd, customer=customer)
        connection.close()

    second = threading.Thread(target=block_too)
    with transaction.atomic():
        first = block_contact(actor=anna, customer=customer)
        second.start()
        wait_for_a_lock()
    second.join(20)
    assert blocks() == [first]
