"""Grades, customer value and bands, case by case, and as they are kept."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from customers import facts, purchases, scores, scoring
from customers.models import CustomerFacts, ScoreScale
from customers.scoring import Scale
from tests import factories

TODAY = dt.date(2026, 11, 24)
BEFORE = TODAY + dt.timedelta(days=1)


@given(st.lists(st.integers(0, 50), min_size=1, max_size=150))
def test_a_share_is_the_part_below_plus_half_of_the_equal_ones(values):
    counted = sorted((value, values.count(value)) for value in set(values))
    scale = Scale(*zip(*scoring.scale(counted), strict=True))
    for value in values:
        expected = (sum(other < value for other in values) + values.count(value) / 2) / len(values)
        assert scale.share(value) == pytest.approx(expected, abs=1e-5)


def test_a_long_scale_is_thinned_and_stays_right():
    points = scoring.scale((value, 1) for value in range(10_000))
    scale = Scale(*zip(*points, strict=True))
    assert len(points) <= scoring.POINTS_MOST + 2
    assert all(abs(scale.share(value) - (value + 0.5) / 10_000) < 0.001 for value in range(0, 10_000, 37))
    assert (scale.share(-5), scale.share(99_999)) == (scale.share(0), scale.share(9_999))


@pytest.mark.parametrize(("share", "grade"), [(None, 1), (0, 1), (0.19, 1), (0.2, 2), (0.5, 3), (0.79, 4), (0.8, 5), (1, 5)])
def test_grades_are_fifths(share, grade):
    assert scoring.grade(share) == grade


@pytest.mark.parametrize(
    ("now", "before", "trend"), [(100, 100, 0.5), (200, 100, 1), (300, 100, 1), (0, 100, 0), (50, 0, 0.75), (-50, -100, 0.75)]
)
def test_the_trend_is_a_half_where_nothing_changed(now, before, trend):
    assert scoring.trend(Decimal(now), Decimal(before)) == trend


def test_missing_parts_are_made_up_for_by_the_others():
    parts = {"margin": 0.8, "potential": None, "trend": 0.5, "loyalty": 1.0, "strategic": None}
    assert scoring.value(parts).points == Decimal("77.9")  # (40 × 0.8 + 15 × 0.5 + 15 × 1) ÷ 70
    assert scoring.value({**parts, "potential": 1.0, "strategic": 0.0}).points == Decimal("74.5")
    assert scoring.value({**parts, "margin": None}) is None


@pytest.mark.parametrize(
    ("weights", "band"),
    [
        ((0, 0, 0, 0), ""),
        ((100, 60, 0, 0), "in_rhythm"),
        ((100, 70, 0, 0), "due"),
        ((100, 100, 70, 69), "overdue"),
        ((100, 100, 100, 70), "lost"),
    ],
)
def test_a_band_is_reached_when_seven_tenths_of_his_buying_have_reached_it(weights, band):
    assert scoring.churn_band(*weights) == band


def test_loyalty_counts_whole_years_up_to_ten():
    assert [scoring.loyalty(day, TODAY) for day in (None, dt.date(2025, 11, 25), dt.date(2025, 11, 24), dt.date(1990, 1, 1))] == [
        0, 0, 0.1, 1,
    ]  # fmt: skip


# --- kept ------------------------------------------------------------------------------------------------------------


def company() -> list:
    """Five customers who buy for 100, 200 … 500 € every thirty days; the last one has stayed away."""
    product, customers = factories.make_product(), [factories.make_customer() for _ in range(5)]
    for index, customer in enumerate(customers, start=1):
        last_on = TODAY - dt.timedelta(days=10 if index < 5 else 100)
        factories.make_rhythm_orders(customer, product, last_on, gaps=[30] * (4 + index), revenue=100 * index)
    return customers


def recompute(ids: list[int], *, is_full: bool, today: dt.date = TODAY) -> int:
    before = today + dt.timedelta(days=1)
    purchases.refresh(ids, before)
    facts.refresh(ids, before)
    if is_full:
        facts.refresh_abc()
        scores.refresh_scales(before)
    return scores.refresh(ids, today, before)["CustomerFacts"]


@pytest.mark.django_db
def test_scores_are_kept_with_their_parts_and_since_when_they_are_so():
    ids = [customer.pk for customer in company()]
    assert recompute(ids, is_full=True) == 5
    kept = {each.pk: each for each in CustomerFacts.objects.for_system("test")}
    assert [kept[pk].money_grade for pk in ids] == [1, 2, 3, 4, 5]
    assert [kept[pk].frequency_grade for pk in ids] == [1, 2, 3, 5, 5]  # one order of the last one is older than a year
    assert [kept[pk].recency_grade for pk in ids] == [4, 4, 4, 4, 1]
    assert [kept[pk].churn_band for pk in ids] == ["in_rhythm"] * 4 + ["lost"]
    assert {pk: each.abc_class for pk, each in kept.items()} == dict(zip(ids, "CCBAA", strict=True))
    best = kept[ids[-1]]
    assert best.value_parts == {"margin": 0.9, "potential": None, "trend": 1.0, "loyalty": 0.1, "strategic": None}
    assert (best.customer_value, best.scored_on) == (Decimal("75.0"), TODAY)
    assert (best.usual_revenue, best.median_gap_days) == (500, 30)


@pytest.mark.django_db
def test_the_second_run_changes_nothing_and_keeps_the_day():
    ids = [customer.pk for customer in company()]
    recompute(ids, is_full=True)
    tomorrow = TODAY + dt.timedelta(days=1)
    assert (recompute(ids, is_full=True), scores.refresh_scales(tomorrow)["ScoreScale"]) == (0, 0)
    assert recompute(ids[:4], is_full=True, today=tomorrow) == 0
    assert set(CustomerFacts.objects.for_system("test").values_list("scored_on", flat=True)) == {TODAY}


@pytest.mark.django_db
def test_a_customer_refreshed_alone_is_read_off_the_last_scales():
    customers = company()
    ids = [customer.pk for customer in customers]
    recompute(ids, is_full=True)
    before = list(ScoreScale.objects.order_by("pk").values())
    factories.make_order(customers[0], TODAY, (factories.make_product(), 1, 90_000))
    assert recompute(ids[:1], is_full=False) == 1
    found = CustomerFacts.objects.for_system("test").get(pk=ids[0])
    assert (found.money_grade, found.abc_class, found.recency_grade) == (5, "A", 4)
    assert list(ScoreScale.objects.order_by("pk").values()) == before


@pytest.mark.django_db
def test_before_the_first_full_run_there_are_no_scores_and_the_class_stays():
    ids = [customer.pk for customer in company()]
    recompute(ids, is_full=False)
    assert set(CustomerFacts.objects.for_system("test").values_list("customer_value", "abc_class", "money_grade")) == {(None, "C", 1)}
