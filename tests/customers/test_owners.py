"""Giving customers to people, at the same time too. What the page does with it stands in test_customer_pages.py."""

import threading

import pytest
from django.db import connection, transaction

from customers.owners import assign_owner
from innendienst.base.models import AuditEvent
from tests.concurrency import wait_for_a_lock
from tests.factories import make_customer


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one writer in at a time")
def test_of_two_who_assign_at_once_the_second_knows_whom_the_first_had_chosen(carla, anna, bernd):
    """Else taking the second act back would pass over the first one."""
    customer = make_customer()

    def assign_to_bernd() -> None:
        assign_owner(actor=carla, customer_ids=[customer.pk], owner=bernd)
        connection.close()

    second = threading.Thread(target=assign_to_bernd)
    with transaction.atomic():
        assign_owner(actor=carla, customer_ids=[customer.pk], owner=anna)
        second.start()
        wait_for_a_lock()
    second.join(20)
    acts = AuditEvent.objects.order_by("pk").values_list("facts__owner", "facts__before")
    assert list(acts) == [(anna.pk, [None]), (bernd.pk, [anna.pk])]
