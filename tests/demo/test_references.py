"""The demo's references: something on every step of the way, as the state machine allows it."""

import datetime as dt

import pytest

from innendienst.demo.references import write_references
from referrals.models import ReferenceCustomer, ReferenceUse, ReferralContact
from referrals.releasing import is_usable
from referrals.steps import REFERENCE_STEPS
from tests import factories

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 11, 27)


def test_references_and_referral_contacts_of_the_one_who_signs_in_first():
    anna = factories.make_user("anna.lang")
    factories.make_user("nora.zimmermann", "marketing")
    for _index in range(11):
        factories.make_contact(factories.make_customer(owner=anna, customer_since=dt.date(2019, 1, 1)))
    for _index in range(7):
        factories.make_contact(factories.make_customer(lifecycle="prospect"))
    factories.make_contact(factories.make_customer(lifecycle="new"))
    write_references(TODAY)
    references = ReferenceCustomer.objects.for_system("test").order_by("pk")
    assert [one.state for one in references] == [
        "in_use", "released", "agreed", "thinking", "qualified", "candidate", "under_review", "paused", "declined", "withdrawn",
    ]  # fmt: skip
    assert all(is_usable(scope, TODAY) for one in references.usable() for scope in one.scopes.all())
    assert not any(is_usable(scope, TODAY) for one in references.filter(state="withdrawn") for scope in one.scopes.all())
    for one in references:
        steps = list(one.transitions.order_by("pk").values_list("from_state", "to_state"))
        assert all(to_state in REFERENCE_STEPS[from_state] for from_state, to_state in steps[1:])
    assert ReferenceUse.objects.for_system("test").owing().count() == 1
    assert list(ReferralContact.objects.for_system("test").order_by("pk").values_list("state", flat=True)) == [
        "named", "cleared", "first_contact", "legal_check", "letter_only", "in_talks", "not_interested", "customer_won",
    ]  # fmt: skip


def test_nothing_where_nobody_of_the_demo_works():
    write_references(TODAY)
    assert not ReferenceCustomer.objects.for_system("test").exists()
