"""From order lines and what was learnt to the call list: every kind, and how they go together."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaigns import call_list, learning, sql
from campaigns.answers import answer_opportunity
from campaigns.models import CallListRow, Kind, LearnedNeed, MeanNeed, Opportunity
from campaigns.reasons.loading import load_limits
from campaigns.reasons.refresh import refresh
from customers import facts, purchases
from customers.models import Customer, OrderLine, PriceStep, Product
from tests import factories

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 11, 24)
BEFORE = TODAY + dt.timedelta(days=1)


def ago(count: int) -> dt.date:
    return TODAY - dt.timedelta(days=count)


def recompute(*customers: Customer) -> dict[str, int]:
    ids = sorted(customer.pk for customer in customers)
    purchases.refresh(ids, BEFORE)
    facts.refresh(ids, BEFORE)
    written = refresh(ids, TODAY, BEFORE) + call_list.refresh(ids, TODAY)
    return {table: count for table, count in written.items() if count}


def kinds(customer: Customer) -> dict[str, list[str]]:
    """Kind → article numbers, best first."""
    found = Opportunity.objects.for_system("test").suggested().filter(customer=customer).prefetch_related("items__product")
    return {each.kind: [item.product.sku for item in each.items.all()] for each in found}


@pytest.fixture
def customer() -> Customer:
    return factories.make_customer()


@pytest.fixture(autouse=True)
def fresh_data(db) -> None:
    factories.make_order(factories.make_customer(), TODAY, (factories.make_product(), 1, 1))


def product(sku: str, **fields) -> Product:
    return factories.make_product(sku, sku=sku, price=fields.pop("price", Decimal(100)), cost=Decimal(60), **fields)


def test_a_customer_due_for_three_reasons_is_one_row_with_three_reasons(customer):
    cleaner, device = product("R10"), product("M1", kind="device")
    factories.make_relation(device, product("WV", kind="service"), "service")
    factories.make_relation(cleaner, product("P9"))
    factories.make_rhythm_orders(customer, cleaner, ago(40), gaps=[30, 30, 30])
    factories.make_order(customer, ago(20), (device, 1, 3000))
    recompute(customer)
    assert kinds(customer).keys() == {"reorder", "after_sales", "cross_sell", "satisfaction"}
    [row] = CallListRow.objects.for_system("test").filter(customer=customer)
    assert len(row.kinds) == 3
    assert row.rank_value == sum(
        each.rank_value * Decimal(each.facts.get("matters", 1)) for each in Opportunity.objects.for_system("test").filter(customer=customer)
    )


@pytest.mark.parametrize(("days", "is_told"), [([200], False), ([200, 100], True), ([500, 400, 100], False)])
def test_only_who_buys_an_ending_article_regularly_hears_of_its_end(customer, days, is_told):
    ending = product("R60", last_order_on=TODAY + dt.timedelta(days=20), stock=40)
    for each in days:
        factories.make_order(customer, ago(each), (ending, 6, 60))
    recompute(customer)
    assert kinds(customer).get("last_call") == (["R60"] if is_told else None)


def test_a_last_call_stays_until_its_last_day(customer):
    ending = product("R60", last_order_on=TODAY + dt.timedelta(days=60), stock=40)
    for each in (200, 100):
        factories.make_order(customer, ago(each), (ending, 6, 60))
    recompute(customer)
    Opportunity.objects.for_system("test").update(suggested_on=ago(45))
    recompute(customer)
    assert "last_call" in kinds(customer)


def test_a_seasonal_gap_does_not_flood_the_list():
    """Forty customers buy salt each winter; in May, when it would be due by the rhythm of the winter, none is called for it."""
    salt = product("R80")
    buyers = [factories.make_customer() for _ in range(40)]
    may = dt.date(2026, 5, 4)
    for index, buyer in enumerate(buyers):
        for first in (dt.date(2024, 11, 4), dt.date(2025, 11, 4)):
            for month in range(6):
                day = first + dt.timedelta(days=30 * month + index % 5)
                factories.make_order(buyer, day, (salt, 10, 200))
    ids = [buyer.pk for buyer in buyers]
    factories.make_order(factories.make_customer(), may, (factories.make_product(), 1, 1))
    purchases.refresh(ids, may + dt.timedelta(days=1))
    facts.refresh(ids, may + dt.timedelta(days=1))
    refresh(ids, may, may + dt.timedelta(days=1))
    assert not Opportunity.objects.for_system("test").filter(kind="reorder").exists()
    winter = dt.date(2026, 3, 4)
    OrderLine.objects.for_system("test").filter(ordered_on__gt=dt.date(2026, 1, 31), customer__in=ids).delete()
    factories.make_order(factories.make_customer(), dt.date(2026, 3, 3), (factories.make_product(), 1, 1))
    purchases.refresh(ids, winter)
    facts.refresh(ids, winter)
    refresh(ids, winter - dt.timedelta(days=1), winter)
    assert Opportunity.objects.for_system("test").filter(kind="reorder").count() == 40


def test_a_group_of_changing_articles_has_a_rhythm(customer):
    pads = factories.make_group("Pads")
    for index, each in enumerate((130, 100, 70, 40)):
        factories.make_order(customer, ago(each), (product(f"P{index}", group=pads), 2, 60))
    recompute(customer)
    assert kinds(customer) == {"reorder": ["P3"]}
    item = Opportunity.objects.for_system("test").get(customer=customer).items.get()
    assert item.facts == {"group": pads.pk, "last_on": ago(40).isoformat(), "gap_days": "30", "quantity": "2"}


def test_a_price_step_and_a_successor_are_up_selling(customer):
    cleaner, old, new = product("R10"), product("M1", kind="device"), product("M2", kind="device", price=Decimal(3000))
    PriceStep.objects.create(product=cleaner, from_quantity=12, price=95)
    factories.make_relation(old, new, "successor")
    factories.make_rhythm_orders(customer, cleaner, ago(10), gaps=[30, 30, 30], quantity=11, revenue=1100)
    factories.make_order(customer, ago(900), (old, 1, 2500))
    recompute(customer)
    assert kinds(customer)["up_sell"] == ["M2"]  # twelve at 95 € leave less than eleven at 100 €
    PriceStep.objects.update(price=99)
    recompute(customer)
    assert kinds(customer)["up_sell"] == ["M2", "R10"]


def test_what_the_erp_states_is_enough_for_a_falling_revenue():
    stated = factories.make_customer(stated_revenue=1000, stated_revenue_before=4000, stated_last_order_on=ago(100))
    recompute(stated)
    [found] = Opportunity.objects.for_system("test").suggested()
    assert (found.kind, found.facts["why"], found.expected_revenue, found.items.count()) == ("win_back", "falling", 250, 0)
    assert recompute(stated) == {}


def test_an_answered_win_back_is_about_the_customer_and_no_second_one_is_made(customer, anna):
    for index in range(3):
        article = product(f"A{index}", group=factories.make_group())
        factories.make_rhythm_orders(customer, article, ago(200), gaps=[30, 30, 30])
    recompute(customer)
    found = Opportunity.objects.for_system("test").get(customer=customer)
    answer_opportunity(actor=anna, opportunity=found, answer="interested")
    recompute(customer)
    assert Opportunity.objects.for_system("test").filter(customer=customer).count() == 1
    found.refresh_from_db()
    assert found.facts["why"] == "silent"


def test_reasons_of_a_campaign_are_left_to_whoever_made_them(customer):
    Opportunity.objects.create(
        customer=customer, kind=Kind.CAMPAIGN, rank_value=10, expected_revenue=100, p_win=Decimal("0.2"), suggested_on=ago(40),
        facts={"articles_count": 0},
    )  # fmt: skip
    factories.make_order(customer, ago(10), (product("R10"), 1, 10))
    recompute(customer)
    assert kinds(customer) == {"campaign": []}
    assert CallListRow.objects.for_system("test").get(customer=customer).lead == "other"


# --- learned ---------------------------------------------------------------------------------------------------------


def wholesale() -> list[Customer]:
    """Sixty customers: half buy A and B every month, the others C; the last of the first half has A alone."""
    a, b, c = product("A"), product("B"), product("C")
    customers = [factories.make_customer() for _ in range(60)]
    for index, each in enumerate(customers):
        for month in range(8):
            bought = [c] if index >= 30 else [a] if index == 29 else [a, b]
            factories.make_order(each, ago(240 - 30 * month + index % 7), *((one, 4, 100) for one in bought))
    return customers


def test_what_was_learnt_at_night_makes_a_cross_sell_with_its_counts():
    customers = wholesale()
    count, written = learning.learn(BEFORE)
    assert (count, written > 60, set(MeanNeed.objects.values_list("kind", flat=True))) == (61, True, {"again", "new"})
    assert learning.learn(BEFORE) == (61, 0)
    MeanNeed.objects.filter(kind="new").update(mean=Decimal("0.00001"))
    recompute(customers[29])
    assert kinds(customers[29])["cross_sell"] == ["B"]
    item = Opportunity.objects.for_system("test").get(customer=customers[29], kind="cross_sell").items.get()
    assert (item.facts["together"], item.facts["owners"], item.facts["lift"]) == (29, 30, "2.03")


def test_the_need_for_an_article_moves_the_chance(customer):
    cleaner = product("R10")
    factories.make_rhythm_orders(customer, cleaner, ago(40), gaps=[30, 30, 30])
    MeanNeed.objects.create(kind="again", mean=Decimal("0.1"))
    LearnedNeed.objects.create(customer=customer, product=cleaner, need=Decimal("0.25"))
    recompute(customer)
    assert Opportunity.objects.for_system("test").get(kind="reorder").p_win == Decimal("0.5")


def test_what_a_pair_speaks_for_is_measured_by_what_pairs_speak_for(customer):
    """Four times as needed as the new as a whole, as needed as what pairs name: an ordinary cross-sell, one in five."""
    a, b = product("A"), product("B")
    factories.make_order(customer, ago(40), (a, 1, 100))
    for kind, mean in (("new", "0.01"), ("pair", "0.04")):
        MeanNeed.objects.create(kind=kind, mean=Decimal(mean))
    pair = {"because": a, "together_count": 30, "owners_count": 40, "lift": Decimal(3)}
    LearnedNeed.objects.create(customer=customer, product=b, need=Decimal("0.04"), **pair)
    recompute(customer)
    assert Opportunity.objects.for_system("test").get(kind="cross_sell").p_win == Decimal("0.2")


def test_the_mean_of_pairs_counts_those_that_are_named(customer):
    others = [factories.make_customer() for _ in range(2)]
    products = [product(sku) for sku in "ABC"]
    strong = {"because": products[0], "together_count": 30, "owners_count": 40, "lift": Decimal(3)}
    for one, need, pair in ((customer, "0.5", strong), (others[0], "0.1", strong), (others[1], "0.3", {**strong, "lift": Decimal("1.9")})):
        LearnedNeed.objects.create(customer=one, product=products[1], need=Decimal(need), **pair)
    LearnedNeed.objects.create(customer=customer, product=products[2], need=Decimal("0.2"))
    means = dict(sql.read_mean_needs("campaigns_learnedneed", load_limits()))
    assert {kind: float(mean) for kind, mean in means.items()} == pytest.approx({"again": 0.2, "new": 0.3, "pair": 0.5})


def test_many_customers_of_all_kinds_take_as_many_queries_as_few():
    customers = wholesale()
    learning.learn(BEFORE)
    ids = [each.pk for each in customers]
    purchases.refresh(ids, BEFORE)
    facts.refresh(ids, BEFORE)

    def count_queries(some: list[int]) -> int:
        with CaptureQueriesContext(connection) as queries:
            refresh(some, TODAY, BEFORE)
        return len(queries)

    count_queries(ids)
    assert count_queries(ids[20:25]) == count_queries(ids)
