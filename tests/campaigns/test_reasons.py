"""From order lines to stored suggestions."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from campaigns.models import Opportunity, OpportunityAnswer, OpportunityItem, OpportunityTransition, WinRate
from campaigns.reasons import win_rates
from campaigns.reasons.refresh import refresh
from customers import demand, facts, purchases
from customers.models import Complaint, ContactBlock, Customer, Product
from innendienst.base import preferences
from innendienst.base.preferences import CompanyPreferences
from innendienst.lib import kept
from tests import factories

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 11, 24)
BEFORE = TODAY + dt.timedelta(days=1)
DUE_SINCE = TODAY - dt.timedelta(days=40)
State = Opportunity.State


def days_ago(count: int) -> dt.date:
    return TODAY - dt.timedelta(days=count)


def recompute(*customers: Customer, today: dt.date = TODAY) -> dict[str, int]:
    ids = sorted(customer.pk for customer in customers)
    before = today + dt.timedelta(days=1)
    purchases.refresh(ids, before)
    facts.refresh(ids, before)
    return {table: count for table, count in refresh(ids, today, before).items() if count}


def suggestions() -> list[Opportunity]:
    return list(Opportunity.objects.for_system("test").suggested().order_by("customer", "kind"))


def skus(opportunity: Opportunity) -> list[str]:
    return [item.product.sku for item in opportunity.items.select_related("product")]


@pytest.fixture
def cleaner() -> Product:
    return factories.make_product("Reiniger R10", sku="R10", unit="Kanister")


@pytest.fixture
def buyer(cleaner) -> Customer:
    """Buys R10 every 30 days, last 40 days ago; somebody else ordered today, so the data are fresh."""
    customer = factories.make_customer()
    factories.make_rhythm_orders(customer, cleaner, DUE_SINCE, gaps=[28, 31, 30, 35, 29])
    factories.make_order(factories.make_customer(), TODAY, (factories.make_product(), 1, 1))
    return customer


def test_a_due_reorder_becomes_one_suggestion_with_its_article(buyer, cleaner):
    recompute(buyer)
    [suggestion] = suggestions()
    assert (suggestion.kind, suggestion.customer, suggestion.suggested_on, suggestion.subject_key) == ("reorder", buyer, TODAY, "-")
    assert (suggestion.expected_revenue, suggestion.expected_margin, suggestion.p_win) == (120, 48, Decimal("0.2"))
    assert (suggestion.rank_value, suggestion.facts, suggestion.deadline_on) == (
        Decimal("9.60"),
        {"articles_count": 1, "matters": "0.50"},
        None,
    )
    item = suggestion.items.get()
    assert (item.product, item.position) == (cleaner, 1)
    assert item.facts == {"last_on": DUE_SINCE.isoformat(), "gap_days": "30", "quantity": "12"}


@pytest.mark.parametrize(("gap", "due_after"), [(30, 30), (91, 91)])
def test_a_monthly_buyer_is_due_after_about_30_days_and_a_quarterly_one_after_about_90(gap, due_after, cleaner):
    customer = factories.make_customer()
    factories.make_rhythm_orders(customer, cleaner, days_ago(due_after - 1), gaps=[gap] * 5)
    factories.make_order(factories.make_customer(), TODAY, (factories.make_product(), 1, 1))
    factories.make_order(factories.make_customer(), TODAY + dt.timedelta(days=1), (factories.make_product(), 1, 1))
    recompute(customer)
    assert suggestions() == []
    recompute(customer, today=TODAY + dt.timedelta(days=1))
    assert [suggestion.kind for suggestion in suggestions()] == ["reorder"]


def test_due_articles_stand_in_one_suggestion_best_first(buyer, cleaner):
    dear = factories.make_product(sku="DEAR")
    factories.make_rhythm_orders(buyer, dear, DUE_SINCE, gaps=[20, 20], revenue=500)
    recompute(buyer)
    [suggestion] = suggestions()
    assert (skus(suggestion), suggestion.expected_margin) == (["DEAR", "R10"], 248)


def test_only_the_best_articles_are_kept_while_all_are_counted(buyer):
    for index in range(15):
        factories.make_rhythm_orders(buyer, factories.make_product(sku=f"A{index:02d}"), DUE_SINCE, gaps=[20, 20], revenue=1000 + index)
    recompute(buyer)
    [suggestion] = suggestions()
    assert skus(suggestion) == [f"A{index:02d}" for index in range(14, 2, -1)]
    assert suggestion.facts == {"articles_count": 16}


def test_a_relation_makes_a_cross_sell_with_what_others_usually_order(buyer, cleaner):
    pad = factories.make_product(sku="P9")
    relation = factories.make_relation(cleaner, pad, argument="reinigt nach")
    others = [factories.make_customer() for _ in range(3)]
    for customer, revenue in zip(others, (30, 50, 500), strict=True):
        factories.make_order(customer, days_ago(5), (pad, 1, revenue))
    recompute(*others)
    demand.refresh_demand()
    recompute(buyer)
    cross_sell, _reorder = suggestions()
    item = cross_sell.items.get()
    assert (cross_sell.kind, item.facts) == ("cross_sell", {"because": cleaner.pk, "relation": relation.pk})
    assert (item.expected_revenue, item.expected_margin) == (50, 20)


def test_the_successor_of_an_article_is_no_cross_sell(buyer, cleaner):
    factories.make_relation(cleaner, factories.make_product(), kind="successor")
    recompute(buyer)
    assert [suggestion.kind for suggestion in suggestions()] == ["reorder"]


def test_the_second_run_writes_nothing(buyer, cleaner):
    factories.make_relation(cleaner, factories.make_product(price=Decimal("9.99")))
    assert recompute(buyer) == {"Opportunity": 2, "OpportunityItem": 2}
    assert recompute(buyer) == {}


def test_the_next_day_writes_nothing_either_while_nothing_happens(buyer):
    recompute(buyer)
    factories.make_order(factories.make_customer(), TODAY + dt.timedelta(days=1), (factories.make_product(), 1, 1))
    assert recompute(buyer, today=TODAY + dt.timedelta(days=1)) == {}


def test_a_suggestion_goes_when_its_ground_is_gone(buyer, cleaner):
    recompute(buyer)
    factories.make_order(buyer, TODAY, (cleaner, 12, 120))
    assert recompute(buyer)["Opportunity"] > 0
    assert (suggestions(), Opportunity.objects.for_system("test").count(), OpportunityItem.objects.count()) == ([], 0, 0)


def test_one_article_less_leaves_the_suggestion_standing(buyer, cleaner):
    other = factories.make_product(sku="OTHER")
    factories.make_rhythm_orders(buyer, other, DUE_SINCE, gaps=[20, 20], revenue=500)
    recompute(buyer)
    [before] = suggestions()
    factories.make_order(buyer, TODAY, (other, 12, 500))
    recompute(buyer)
    [after] = suggestions()
    assert (after.pk, skus(after), after.expected_revenue) == (before.pk, ["R10"], 120)


@pytest.mark.parametrize("kind", ["transition", "answer"])
def test_a_suggestion_with_a_history_expires_instead_of_going(buyer, cleaner, kind, anna):
    recompute(buyer)
    [suggestion] = suggestions()
    if kind == "transition":
        OpportunityTransition.objects.create(opportunity=suggestion, by=anna, from_state="planned", to_state="suggested", reason="undone")
    else:
        OpportunityAnswer.objects.create(opportunity=suggestion, answer="not_discussed")
    factories.make_order(buyer, TODAY, (cleaner, 12, 120))
    recompute(buyer)
    suggestion.refresh_from_db()
    assert (suggestion.state, suggestion.rests_until) == (State.EXPIRED, None)
    last = suggestion.transitions.latest("pk")
    assert (last.from_state, last.to_state, last.reason, last.by) == ("suggested", "expired", "grounds_gone", None)


def test_a_suggestion_nobody_takes_up_expires_and_its_articles_rest(buyer):
    recompute(buyer)
    later = TODAY + dt.timedelta(days=30)
    for day in (later - dt.timedelta(days=1), later):
        factories.make_order(factories.make_customer(), day, (factories.make_product(), 1, 1))
    recompute(buyer, today=later - dt.timedelta(days=1))
    assert Opportunity.objects.for_system("test").get().state == State.SUGGESTED
    recompute(buyer, today=later)
    opportunity = Opportunity.objects.for_system("test").get()
    assert (opportunity.state, opportunity.rests_until) == (State.EXPIRED, later + dt.timedelta(days=30))
    assert opportunity.transitions.get().reason == "not_taken_up"
    assert recompute(buyer, today=later) == {}


@pytest.mark.parametrize(
    ("state", "rests_days", "comes_back"),
    [("dismissed", 90, False), ("dismissed", 0, True), ("expired", 30, False), ("won", 30, False), ("lost", None, True)],
)
def test_a_closed_article_stays_away_until_its_rest_is_over(buyer, cleaner, state, rests_days, comes_back):
    rests_until = None if rests_days is None else TODAY + dt.timedelta(days=rests_days)
    make_opportunity(buyer, cleaner, state=state, rests_until=rests_until)
    recompute(buyer)
    assert bool(suggestions()) == comes_back


def make_opportunity(customer: Customer, product: Product, kind: str = "reorder", **fields) -> Opportunity:
    fields |= {"won_amount": 1, "won_on": TODAY} if fields["state"] == State.WON else {}
    opportunity = Opportunity.objects.create(
        customer=customer, kind=kind, rank_value=1, expected_revenue=1, p_win=Decimal("0.2"), suggested_on=TODAY,
        lost_reason="price", **fields,
    )  # fmt: skip
    OpportunityItem.objects.create(opportunity=opportunity, product=product, position=1, expected_revenue=1)
    return opportunity


@pytest.mark.parametrize(
    ("state", "kind", "in_group", "is_suggested"),
    [
        ("planned", "reorder", False, False),
        ("offered", "reorder", False, False),
        ("with_field_sales", "reorder", False, False),
        ("planned", "cross_sell", False, True),  # another kind
        ("planned", "reorder", True, False),  # another article of the same group
        ("dismissed", "reorder", True, True),  # a closed one holds back its own article only
    ],
)
def test_what_is_open_already_is_not_suggested_again(buyer, cleaner, state, kind, in_group, is_suggested):
    held = cleaner
    if in_group:
        held = factories.make_product(group=factories.make_group())
        Product.objects.filter(pk=cleaner.pk).update(group=held.group)
    make_opportunity(buyer, held, kind, state=state, subject_key="group:1", rests_until=TODAY + dt.timedelta(days=9))
    recompute(buyer)
    assert bool(suggestions()) == is_suggested


@pytest.mark.parametrize(
    "fields",
    [{"is_inactive": True}, {"delivery_block": True}, {"dunning_level": 2}, {"is_collective": True}, "merged"],
)
def test_nobody_sells_to_whom_the_erp_stops(buyer, fields):
    recompute(buyer)
    changes = {"merged_into": factories.make_customer()} if fields == "merged" else fields
    Customer.objects.for_system("test").filter(pk=buyer.pk).update(**changes)
    recompute(buyer)
    assert suggestions() == []


def test_a_first_dunning_letter_stops_nothing(buyer):
    Customer.objects.for_system("test").filter(pk=buyer.pk).update(dunning_level=1)
    recompute(buyer)
    assert len(suggestions()) == 1


@pytest.mark.parametrize(
    ("channel", "is_lifted", "is_personal", "is_suggested"),
    [
        ("", False, False, False),
        ("phone", False, False, False),
        ("email", False, False, True),
        ("phone", True, False, True),
        ("phone", False, True, True),  # one person only: there are others
    ],
)
def test_a_block_of_the_company_lets_selling_rest(buyer, channel, is_lifted, is_personal, is_suggested):
    contact = factories.make_contact(buyer) if is_personal else None
    lifted_at = timezone.now() if is_lifted else None
    ContactBlock.objects.create(customer=buyer, contact=contact, channel=channel, set_on=TODAY, lifted_at=lifted_at)
    recompute(buyer)
    assert bool(suggestions()) == is_suggested


@pytest.mark.parametrize(("state", "is_suggested"), [("raised", False), ("reopened", False), ("resolved", True)])
def test_selling_rests_while_a_complaint_is_open(buyer, anna, state, is_suggested):
    Complaint.objects.create(customer=buyer, title="Kratzer", state=state, raised_on=TODAY, raised_by=anna)
    recompute(buyer)
    assert bool(suggestions()) == is_suggested


def test_articles_never_offered_make_no_reason(buyer, cleaner):
    Product.objects.filter(pk=cleaner.pk).update(not_offered=True)
    recompute(buyer)
    assert suggestions() == []


def test_reorders_rest_when_the_data_are_older_than_ten_working_days(cleaner):
    customer = factories.make_customer()
    factories.make_rhythm_orders(customer, cleaner, days_ago(50), gaps=[28, 31, 30])
    factories.make_relation(cleaner, factories.make_product())
    factories.make_order(factories.make_customer(), dt.date(2026, 11, 10), (factories.make_product(), 1, 1))
    recompute(customer)
    assert [suggestion.kind for suggestion in suggestions()] == ["cross_sell", "reorder"]
    recompute(customer, today=TODAY + dt.timedelta(days=1))
    assert [suggestion.kind for suggestion in suggestions()] == ["cross_sell"]


def test_holidays_of_the_state_are_no_working_days(cleaner, dieter):
    customer = factories.make_customer()
    factories.make_rhythm_orders(customer, cleaner, dt.date(2026, 10, 5), gaps=[28, 31, 30])
    factories.make_order(factories.make_customer(), dt.date(2026, 11, 9), (factories.make_product(), 1, 1))
    recompute(customer)
    assert suggestions() == []
    preferences.put(CompanyPreferences, by=dieter, state="SN")  # 18.11.2026: Buß- und Bettag, Saxony only
    recompute(customer)
    assert [suggestion.kind for suggestion in suggestions()] == ["reorder"]


def test_without_any_order_there_is_no_reason():
    assert recompute(factories.make_customer()) == {}


def test_the_chance_is_that_of_the_kind_and_the_customers_class(buyer):
    recompute(buyer)
    WinRate.objects.create(kind="reorder", abc_class="C", wins_count=34, closed_count=95)
    recompute(buyer)
    [suggestion] = suggestions()
    assert (suggestion.p_win, suggestion.rank_value) == (Decimal("0.35"), Decimal("16.80"))


def test_win_rates_count_what_was_tried(buyer, cleaner):
    facts.refresh([buyer.pk], BEFORE)
    for state in ("won", "won", "lost", "dismissed", "expired", "planned"):
        make_opportunity(buyer, cleaner, state=state, subject_key=state)
    assert win_rates.refresh_win_rates() == {"WinRate": 1}
    assert WinRate.objects.values_list("kind", "abc_class", "wins_count", "closed_count").get() == ("reorder", "C", 2, 4)
    assert win_rates.refresh_win_rates() == {"WinRate": 0}


def test_the_owner_of_the_customer_owns_his_suggestions(buyer, anna):
    Customer.objects.for_system("test").filter(pk=buyer.pk).update(owner=anna)
    recompute(buyer)
    assert [suggestion.owner for suggestion in suggestions()] == [anna]


def test_other_customers_suggestions_stay(buyer, cleaner):
    other = factories.make_customer()
    factories.make_rhythm_orders(other, cleaner, DUE_SINCE, gaps=[30, 30])
    recompute(buyer, other)
    factories.make_order(other, TODAY, (cleaner, 1, 1))
    recompute(buyer)
    assert [suggestion.customer for suggestion in suggestions()] == [buyer, other]


def test_many_customers_take_as_many_queries_as_few(cleaner, monkeypatch):
    monkeypatch.setattr(kept, "FEW", 0)  # few rows go another way, in fewer
    factories.make_relation(cleaner, factories.make_product())

    def count_queries(customers_count: int) -> int:
        customers = [factories.make_customer() for _ in range(customers_count)]
        for customer in customers:
            factories.make_rhythm_orders(customer, cleaner, days_ago(31), gaps=[30, 30])
        factories.make_order(customers[0], TODAY, (factories.make_product(), 1, 1))
        ids = [customer.pk for customer in customers]
        purchases.refresh(ids, BEFORE)
        facts.refresh(ids, BEFORE)
        with CaptureQueriesContext(connection) as queries:
            refresh(ids, TODAY, BEFORE)
        return len(queries)

    preferences.get(CompanyPreferences)  # read once per job
    assert count_queries(3) == count_queries(60)
