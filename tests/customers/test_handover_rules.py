"""What is ticked before anybody asks field sales."""

import datetime as dt

import pytest

from customers.handover_rules import answered_within, is_new, proposed_criteria

pytestmark = pytest.mark.rules

TODAY = dt.date(2026, 11, 23)
LATELY, LONG_AGO = TODAY - dt.timedelta(days=180), TODAY - dt.timedelta(days=181)


@pytest.mark.parametrize(
    ("lifecycle", "first_order_on", "customer_since", "expected"),
    [
        ("active", None, None, False),
        ("prospect", None, None, True),
        ("active", LATELY, None, True),
        ("active", LONG_AGO, None, False),
        ("active", LATELY, LONG_AGO, False),  # his orders of old were never imported
        ("active", LONG_AGO, LATELY, False),
    ],
)
def test_new_is_who_is_a_customer_for_half_a_year_at_most(lifecycle, first_order_on, customer_since, expected):
    assert is_new(lifecycle, first_order_on=first_order_on, customer_since=customer_since, today=TODAY) is expected


def test_nothing_is_proposed_where_a_call_will_do():
    assert proposed_criteria(is_new=False, needs_demo=False, has_field_owner=False) == []
    assert proposed_criteria(is_new=True, needs_demo=True, has_field_owner=False) == ["on_site", "new_customer"]


def test_what_the_plan_leaves_to_inside_sales_is_not_proposed():
    said = {"is_new": True, "needs_demo": True, "has_field_owner": False, "wants_visit": True}
    assert proposed_criteria(**said, speakers={"new_customer": "inside_sales"}) == ["on_site"]
    assert proposed_criteria(**said, speakers={"expects_visit": "both"}) == ["expects_visit", "on_site", "new_customer"]


def test_the_shortest_time_agreed_counts():
    agreed = {"complex": 5, "on_site": 3}
    assert [answered_within(agreed, ticks) for ticks in (["complex", "on_site"], ["complex"], ["no_wire"], [])] == [3, 5, 2, 2]
