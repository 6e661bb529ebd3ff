"""The demo's references: something on every step of the way, as the state machine allows it."""

import datetime as dt

import pytest

from customers.models import FollowUp
from innendienst.demo.references import lay_moments, write_references
from innendienst.demo.staff import TEAMS
from referrals.models import ReferenceCustomer, ReferenceUse, ReferralContact
from referrals.releasing import is_usable
from referrals.steps import REFERENCE_STEPS
from tests import factories

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 11, 27)
SUNDAY = TODAY + dt.timedelta(days=2)


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
    assert ReferenceUse.objects.for_system("test").owing(TODAY).count() == 1
    assert list(ReferralContact.objects.for_system("test").order_by("pk").values_list("state", flat=True)) == [
        "named", "cleared", "first_contact", "legal_check", "letter_only", "in_talks", "not_interested", "customer_won",
    ]  # fmt: skip


def test_each_rep_has_a_right_moment_on_the_day_the_demo_is_loaded_even_on_a_sunday():
    """By the rules of the night: a large delivery some weeks ago; nobody who complains."""
    teams = [factories.make_team(name, state=state) for name, state in TEAMS.items()]
    reps = [factories.make_user(f"rep{index}", team=team) for index, team in enumerate(teams)]
    for rep in reps:
        for complaints_count in (0, 1):
            customer = factories.make_listed(owner=rep, facts={"open_complaints_count": complaints_count})
            factories.make_order(customer, SUNDAY - dt.timedelta(days=20), (factories.make_product(), 1, 9_000))
    assert lay_moments(SUNDAY) == 2
    laid = FollowUp.objects.for_system("test").due(SUNDAY).filter(kind="reference_moment")
    assert {due.assignee for due in laid} == set(reps)
    assert not laid.filter(customer__facts__open_complaints_count=1).exists()


def test_nothing_where_nobody_of_the_demo_works():
    write_references(TODAY)
    assert not ReferenceCustomer.objects.for_system("test").exists()
