"""Two who meet from either side of a referral: the companies of contact and recommender are locked in one order."""

import threading
import uuid

import pytest
from django.db import connection, transaction

from customers.locks import hold
from innendienst.workplace.call.entry import CallEntry
from innendienst.workplace.call.saving import save_call
from referrals import naming
from referrals.models import ReferralContact
from referrals.naming import Named
from tests.concurrency import wait_for_a_lock
from tests.factories import make_customer
from tests.referrals.scenes import make_recommender, make_referral


def call_the_contact(anna):
    """The recommender's company was on record first."""
    referral = make_referral(anna)
    naming.check(actor=anna, referral=referral, knows="asked_for_call")
    entry = CallEntry("reached", None, direction="incoming", contact=referral.contact)
    return referral.recommender, referral.customer, lambda: save_call(anna, referral.customer, uuid.uuid4(), entry)


def name_a_contact(anna):
    """The company of the contact was on record first."""
    company, recommender = make_customer(), make_recommender(anna)
    return recommender, company, lambda: naming.name_contact(actor=anna, recommender=recommender, named=Named("Neumann", customer=company))


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one writer in at a time")
@pytest.mark.parametrize(("scene", "state"), [(call_the_contact, "first_contact"), (name_a_contact, "named")])
def test_whoever_holds_one_company_of_a_referral_gets_the_other_while_somebody_waits(anna, scene, state):
    """Else each would wait for the other until the database ended one of the two."""
    recommender, company, act = scene(anna)

    def act_at_once() -> None:
        act()
        connection.close()

    second = threading.Thread(target=act_at_once)
    with transaction.atomic():
        first, last = sorted([recommender.customer_id, company.pk])
        hold(first)
        second.start()
        wait_for_a_lock()
        hold(last)
    second.join(20)
    assert ReferralContact.objects.for_system("test").get(customer=company).state == state
