"""The demo's references: something on every step of the way, as the state machine allows it."""

import datetime as dt

import pytest

from innendienst.demo.references import write_references
from referrals.models import ReferenceCustomer, ReferenceUse, ReferralContact
from referrals.releasing import is_usable
from tests import factories

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 11, 27)


def test_references_and_referral_contacts_of_the_one_who_signs_in_first():
    anna = factories.make_user("anna.lang")
    factories.make_user("nora.zimmermann", "marketing")
    for _index in range(7):
        factories.make_contact(factories.make_customer(owner=anna, customer_since=dt.date(2019, 1, 1)))
    for _index in range(3):
        factories.make_contact(factories.make_customer(lifecycle="prospect"))
    write_references(TODAY)
    references = ReferenceCustomer.objects.for_system("test").order_by("pk")
    assert [one.state for one in references] == ["in_use", "released", "agreed", "thinking", "qualified", "candidate"]
    assert all(is_usable(scope, TODAY) for one in references.usable() for scope in one.scopes.all())
    assert ReferenceUse.objects.for_system("test").owing().count() == 1
    assert list(ReferralContact.objects.for_system("test").order_by("pk").values_list("state", flat=True)) == [
        "named",
        "cleared",
        "first_contact",
    ]


def test_nothing_where_nobody_of_the_demo_works():
    write_references(TODAY)
    assert not ReferenceCustomer.objects.for_system("test").exists()
