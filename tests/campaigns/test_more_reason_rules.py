"""After-sales, up-selling, last call, win back, satisfaction, groups, seasons and learned pairs, case by case, without a database."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from campaigns.reasons import after_sales, cross_sell, last_call, reorder, rules, satisfaction, up_sell, win_back
from campaigns.reasons.basis import (
    Article,
    Bought,
    Catalogue,
    CustomerPurchases,
    Day,
    Figures,
    GroupRhythm,
    Learned,
    Moment,
    Relation,
    Step,
    Won,
)
from campaigns.reasons.deliveries import standing
from campaigns.reasons.suggestions import Item, Suggestion, Taken, value

pytestmark = pytest.mark.rules

TODAY = dt.date(2026, 11, 24)
DATA_ON = dt.date(2026, 11, 20)
MOMENT = Moment(TODAY, DATA_ON, is_data_old=False, has_since=dt.date(2024, 11, 24), asked_until=dt.date(2026, 11, 10))
OLD = replace(MOMENT, is_data_old=True)
MACHINE, CONTRACT, NEXT, CLEANER = 1, 2, 3, 4


def article(pk: int, **fields) -> Article:
    defaults = {"group_id": None, "is_offered": True, "last_day": None, "price": Decimal(100), "cost": Decimal(60)}
    return Article(pk, assumed_cm_ratio=Decimal("0.3"), **{**defaults, **fields})


def ago(days: int) -> dt.date:
    return TODAY - dt.timedelta(days=days)


def day(days_ago: int, quantity="1", delivered=None) -> Day:
    return Day(ago(days_ago), Decimal(quantity), Decimal(quantity if delivered is None else delivered))


def bought(pk: int, *, last: int = 40, first: int = 400, gap=None, usual="12", last_quantity=None, count=5) -> Bought:
    last_quantity = usual if last_quantity is None else last_quantity
    return Bought(pk, ago(last), gap and Decimal(gap), Decimal(usual), Decimal(last_quantity), Decimal(120), Decimal(48), ago(first), count)


def purchases(*rows: Bought, days=None, articles=(), relations=(), **fields) -> CustomerPurchases:
    known = {pk: article(pk) for pk in (MACHINE, CONTRACT, NEXT, CLEANER)} | {one.id: one for one in articles}
    led = {}
    for relation in relations:
        led.setdefault(relation.from_id, []).append(relation)
    by_product = {row.product_id: row for row in rows}
    return CustomerPurchases(by_product, Catalogue(known, led), **{"moment": MOMENT, "days": days or {}, **fields})


def items(found: list[Suggestion]) -> dict[int, dict]:
    assert len(found) <= 1
    return {item.product_id: item.facts for suggestion in found for item in suggestion.items}


# --- what still stands -----------------------------------------------------------------------------------------------


@given(st.lists(st.integers(-5, 5).filter(bool), max_size=12))
def test_what_stands_is_never_more_than_what_went_out_less_what_came_back(quantities):
    days = [Day(ago(100 - index), Decimal(quantity), Decimal(max(quantity, 0))) for index, quantity in enumerate(quantities)]
    left = standing(days)
    assert all(each.quantity > 0 for each in left)
    balance = 0
    for quantity in quantities:  # more cannot come back than is there
        balance = max(balance + quantity, 0)
    assert sum(each.quantity for each in left) == balance


# --- after-sales -----------------------------------------------------------------------------------------------------

SERVICE = Relation(10, MACHINE, CONTRACT, "service")


@pytest.mark.parametrize(("days_ago", "is_told"), [(13, False), (14, True), (60, True), (61, False)])
def test_a_service_is_offered_two_weeks_to_two_months_after_the_device_came(days_ago, is_told):
    them = purchases(bought(MACHINE, last=days_ago), days={MACHINE: [day(days_ago)]}, relations=[SERVICE])
    assert items(after_sales.suggest(them)) == (
        {CONTRACT: {"because": MACHINE, "relation": 10, "delivered_on": ago(days_ago).isoformat()}} if is_told else {}
    )
    assert bool(cross_sell.suggest(them)) == (days_ago > 60)  # later it is a matter of cross-selling, earlier of nobody


@pytest.mark.parametrize(
    "days",
    [
        [day(30, delivered=0)],  # ordered, not delivered yet
        [day(30), day(20, "-1")],  # came back
    ],
)
def test_a_device_that_is_not_there_needs_no_service(days):
    assert after_sales.suggest(purchases(bought(MACHINE, last=30), days={MACHINE: days}, relations=[SERVICE])) == []


@pytest.mark.parametrize(("term", "bought_ago", "is_told"), [(12, 300, False), (12, 500, True), (None, 500, False), (None, 800, True)])
def test_a_contract_counts_while_its_term_runs(term, bought_ago, is_told):
    them = purchases(
        bought(MACHINE, last=30), bought(CONTRACT, last=bought_ago), articles=[article(CONTRACT, term_months=term)],
        days={MACHINE: [day(30)], CONTRACT: [day(bought_ago)]}, relations=[SERVICE],
    )  # fmt: skip
    assert ("delivered_on" in items(after_sales.suggest(them)).get(CONTRACT, {})) == is_told


@pytest.mark.parametrize(("months_ago", "shift", "is_told"), [(24, -1, False), (24, 0, True), (24, 60, True), (24, 61, False)])
def test_the_end_of_a_warranty_is_told_for_sixty_days_and_is_the_deadline(months_ago, shift, is_told):
    delivered_on = dt.date(2024, 11, 24) + dt.timedelta(days=shift)
    days = {MACHINE: [Day(delivered_on, Decimal(1), Decimal(1))]}
    row = bought(MACHINE)._replace(last_on=delivered_on, first_on=delivered_on)
    them = purchases(row, days=days, articles=[article(MACHINE, warranty_months=months_ago)], relations=[SERVICE])
    found = after_sales.suggest(them)
    assert bool(found) == is_told
    if found:
        assert found[0].items[0].deadline_on == TODAY + dt.timedelta(days=shift)


def test_a_contract_that_ends_is_offered_again_for_the_device_it_serves():
    them = purchases(
        bought(MACHINE, last=340), bought(CONTRACT, last=340), articles=[article(CONTRACT, term_months=12)],
        days={MACHINE: [day(340)], CONTRACT: [day(340)]}, relations=[SERVICE],
    )  # fmt: skip
    assert items(after_sales.suggest(them)) == {CONTRACT: {"ends_on": "2026-12-19", "because": MACHINE}}


# --- up-selling ------------------------------------------------------------------------------------------------------

SUCCESSOR = Relation(11, MACHINE, NEXT, "successor")


@pytest.mark.parametrize(("first", "is_told"), [(729, False), (730, True), (3000, True)])
def test_a_successor_is_offered_after_two_years_of_use(first, is_told):
    them = purchases(
        bought(MACHINE, first=first, last=first), days={MACHINE: [day(first)]}, articles=[article(MACHINE, kind="device")],
        relations=[SUCCESSOR],
    )  # fmt: skip
    assert bool(up_sell.suggest(them)) == is_told


def test_nobody_is_offered_what_he_has_or_the_successor_of_what_he_gave_back():
    device = [article(MACHINE, kind="device")]
    has_it = purchases(bought(MACHINE, first=900), bought(NEXT), days={MACHINE: [day(900)]}, articles=device, relations=[SUCCESSOR])
    gave_back = purchases(bought(MACHINE, first=900), days={MACHINE: [day(900), day(800, "-1")]}, articles=device, relations=[SUCCESSOR])
    assert (up_sell.suggest(has_it), up_sell.suggest(gave_back)) == ([], [])


@pytest.mark.parametrize(
    ("usual", "step"), [("10.8", None), ("10.9", None), ("10.91", 12), ("11", 12), ("12", None), ("22", 24), ("30", None)]
)
def test_a_price_step_is_near_within_a_tenth(usual, step):
    found = up_sell.next_step(Decimal(usual), (Step(Decimal(12), Decimal(9)), Step(Decimal(24), Decimal(8))))
    assert (found and found.from_quantity) == step


def test_a_price_step_is_worth_what_the_larger_order_leaves_more():
    steps = (Step(Decimal(12), Decimal("10.50")),)
    them = purchases(bought(CLEANER, gap="30", last=20, usual="11"), articles=[article(CLEANER, cost=Decimal(6), steps=steps)])
    [item] = up_sell.suggest(them)[0].items
    assert (item.revenue, item.margin) == (6, 6)  # 12 × 10.50 − 120, 12 × 4.50 − 48
    gone = purchases(bought(CLEANER, gap="30", last=200, usual="11"), articles=[article(CLEANER, cost=Decimal(6), steps=steps)])
    assert up_sell.suggest(gone) == []


# --- last call -------------------------------------------------------------------------------------------------------


def ending(**fields) -> Article:
    return article(CLEANER, **{"last_day": TODAY + dt.timedelta(days=20), "stock": Decimal(100), **fields})


def test_a_last_call_proposes_a_year_and_no_more_than_there_is():
    days = {CLEANER: [day(300, "12"), day(150, "12"), day(40, "12")]}
    [item] = last_call.suggest(purchases(bought(CLEANER), days=days, articles=[ending()]))[0].items
    assert (item.facts["count"], item.facts["proposed"], item.revenue, item.deadline_on) == (3, "36", 360, ending().last_day)
    [scarce] = last_call.suggest(purchases(bought(CLEANER), days=days, articles=[ending(stock=Decimal(6))]))[0].items
    assert (scarce.facts["proposed"], scarce.margin) == ("6", 24)


@given(
    st.lists(st.integers(1, 900), min_size=1, max_size=6, unique=True),
    st.sampled_from([{}, {"stock": Decimal(0)}, {"stock": None}, {"last_day": TODAY - dt.timedelta(days=1)}, {"is_offered": False}]),
)
def test_nobody_who_bought_once_in_twelve_months_gets_a_last_call(days_ago, fields):
    days = sorted((day(each) for each in days_ago), key=lambda each: each.on)
    found = last_call.suggest(purchases(bought(CLEANER), days={CLEANER: days}, articles=[ending(**fields)]))
    lately = [each for each in days if each.on > dt.date(2025, 11, 20)]
    assert bool(found) == (len(lately) >= 2 and not fields)


# --- reorder ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("last_year", "is_due"), [([], False), ([Day(dt.date(2025, 11, 10), Decimal(5), Decimal(5))], True)])
def test_who_pauses_at_this_time_of_the_year_is_not_due(last_year, is_due):
    them = purchases(bought(CLEANER, gap="30", first=700), days={CLEANER: last_year})
    assert bool(reorder.suggest(them)) == is_due


def test_a_history_of_less_than_a_year_knows_no_season():
    assert reorder.suggest(purchases(bought(CLEANER, gap="30", first=300), days={CLEANER: []}))


def test_a_falling_quantity_is_told_in_rhythm_too_at_what_is_missing():
    falling = bought(CLEANER, gap="90", last=20, usual="12", last_quantity="6")
    [suggestion] = reorder.suggest(purchases(falling))
    [item] = suggestion.items
    assert (item.revenue, item.margin) == (60, 24)
    assert reorder.suggest(purchases(falling._replace(order_days=3))) == []


def test_what_has_just_become_due_counts_half_since_it_often_comes_by_itself():
    due, overdue = purchases(bought(CLEANER, gap="30", last=40)), purchases(bought(CLEANER, gap="20", last=40))
    assert [reorder.suggest(them)[0].items[0].matters for them in (due, overdue)] == [Decimal("0.5"), 1]


def test_a_group_is_due_where_its_articles_change():
    group = GroupRhythm(7, ago(45), Decimal(30), CLEANER, Decimal(3), Decimal(50), None)
    assert items(reorder.suggest(purchases(groups=[group])))[CLEANER]["group"] == 7
    assert reorder.suggest(purchases(groups=[group._replace(last_on=ago(20))])) == []


# --- learned pairs ---------------------------------------------------------------------------------------------------


def pair(**fields) -> Learned:
    known = {"together": 40, "owners": 100, "lift": Decimal(3), "need": Decimal(2), "because_on": ago(50), "bought_on": None}
    return Learned(NEXT, MACHINE, **{**known, **fields})


@pytest.mark.parametrize(
    ("fields", "is_told"),
    [
        ({}, True),
        ({"together": 19, "owners": 19}, False),
        ({"owners": 134}, False),  # less than 30 %
        ({"lift": Decimal("1.9")}, False),
        ({"need": Decimal("1.4")}, False),
        ({"bought_on": ago(3)}, False),  # bought since it was learnt
        ({"bought_on": ago(800)}, True),
        ({"because_on": ago(800)}, False),
    ],
)
def test_a_learned_pair_must_be_told_by_enough_customers(fields, is_told):
    assert bool(cross_sell.suggest(purchases(learned=[pair(**fields)]))) == is_told


def test_the_curated_pair_says_why_where_both_lead_to_an_article():
    them = purchases(bought(MACHINE), learned=[pair()], relations=[Relation(12, MACHINE, NEXT)])
    assert items(cross_sell.suggest(them)) == {NEXT: {"because": MACHINE, "relation": 12}}


def test_no_device_is_learnt_from_what_belongs_to_it():
    assert cross_sell.suggest(purchases(learned=[pair()], articles=[article(NEXT, kind="device")])) == []


# --- win back --------------------------------------------------------------------------------------------------------

STEADY = Figures(
    revenue_12m=Decimal(1000), revenue_before=Decimal(1000), first_order_on=ago(900), last_order_on=ago(30), median_gap_days=Decimal(30),
    usual_revenue=Decimal(120),
)  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({}, None),
        ({"last_order_on": ago(100)}, "silent"),
        ({"last_order_on": ago(90), "median_gap_days": Decimal(20)}, None),  # 86 days before the Datenstand
        ({"last_order_on": ago(100), "median_gap_days": Decimal(60)}, None),
        ({"first_order_on": ago(60), "last_order_on": ago(60), "median_gap_days": None}, "no_second"),
        ({"first_order_on": ago(20), "last_order_on": ago(20), "median_gap_days": None}, None),
        ({"first_order_on": ago(200), "last_order_on": ago(200), "median_gap_days": None}, None),
        ({"first_order_on": ago(60), "last_order_on": ago(60), "median_gap_days": None, "customer_since": ago(4000)}, None),
        ({"revenue_12m": Decimal("599.99")}, "falling"),
        ({"revenue_12m": Decimal(600)}, None),
        ({"revenue_12m": Decimal(1), "revenue_before": Decimal(499)}, None),
    ],
)
def test_a_customer_is_won_back_for_silence_for_one_order_or_for_a_falling_revenue(fields, why):
    found = win_back.ground(STEADY._replace(**fields), MOMENT)
    assert (found and found["why"]) == why


def test_with_old_data_only_what_the_erp_states_is_told():
    falling = STEADY._replace(revenue_12m=Decimal(1))
    assert win_back.ground(falling, OLD) is None
    assert win_back.ground(falling._replace(is_stated=True, last_order_on=None, first_order_on=None), OLD)["why"] == "falling"


def test_the_articles_of_a_lost_customer_make_up_one_usual_order():
    gone = STEADY._replace(last_order_on=ago(200))
    rows = [bought(pk, last=200)._replace(usual_revenue=Decimal(revenue)) for pk, revenue in ((1, 90), (2, 60), (3, 25))]
    [suggestion] = win_back.suggest(purchases(*rows, figures=gone))
    assert (sorted(items([suggestion])), suggestion.is_whole) == ([1, 3], True)


def test_without_articles_it_is_worth_a_usual_order_and_nothing_while_another_rests():
    [suggestion] = win_back.suggest(purchases(figures=STEADY._replace(last_order_on=ago(200))))
    common = {"chance": Decimal("0.2"), "today": TODAY, "items_most": 12}
    found = value(suggestion, Catalogue({}), taken=Taken(), **common)
    assert (found.rank_value, found.revenue, found.margin) == (Decimal("7.20"), 120, None)
    assert value(suggestion, Catalogue({}), taken=Taken(is_any=True), **common) is None


# --- satisfaction ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days_ago", "spoken_ago", "is_asked"),
    [(13, None, False), (14, None, True), (60, None, True), (61, None, False), (20, 25, True), (20, 20, True), (20, 19, False)],
)
def test_it_is_asked_ten_working_days_after_a_delivery_unless_somebody_has_spoken_since(days_ago, spoken_ago, is_asked):
    figures = Figures(last_contact_on=spoken_ago and ago(spoken_ago), usual_revenue=Decimal(90))
    them = purchases(bought(MACHINE), days={MACHINE: [day(days_ago)]}, articles=[article(MACHINE, kind="device")], figures=figures)
    assert items(satisfaction.suggest(them)) == ({MACHINE: {"delivered_on": ago(days_ago).isoformat()}} if is_asked else {})


def test_what_was_won_is_asked_about_too():
    assert items(satisfaction.suggest(purchases(won=[Won(CLEANER, ago(20))]))) == {CLEANER: {"won_on": ago(20).isoformat()}}


# --- all together ----------------------------------------------------------------------------------------------------


def test_an_article_that_ends_is_a_last_call_and_no_reorder_as_well():
    days = {CLEANER: [day(100, "12"), day(70, "12"), day(40, "12")]}
    them = purchases(bought(CLEANER, gap="30"), bought(MACHINE, gap="30"), days=days, articles=[ending()])
    assert {each.kind: [item.product_id for item in each.items] for each in rules.suggest(them)} == {
        "last_call": [CLEANER],
        "reorder": [MACHINE],
    }


# --- value -----------------------------------------------------------------------------------------------------------


def valued(needs: dict, *margins: int):
    several = [Item(pk, {}, Decimal(margin * 2), Decimal(margin)) for pk, margin in enumerate(margins, start=1)]
    needs = {pk: Decimal(need) for pk, need in needs.items()}
    catalogue = Catalogue({pk: article(pk) for pk in range(1, 5)})
    return value(Suggestion("reorder", several), catalogue, taken=Taken(), chance=Decimal("0.2"), today=TODAY, items_most=12, needs=needs)


@pytest.mark.parametrize(
    ("needs", "chance", "order"),
    [
        ({}, "0.2", [1, 2]),
        ({1: "2"}, "0.35", [1, 2]),  # (300 × 40 % + 100 × 20 %) ÷ 400
        ({1: "0.1", 2: "2"}, "0.115", [2, 1]),  # the one that is needed comes first
        ({1: "0.001", 2: "0.001"}, "0.01", [1, 2]),
        ({1: "9", 2: "9"}, "0.95", [1, 2]),
    ],
)
def test_the_chance_grows_with_the_need_for_each_article_and_stays_within_1_and_95_percent(needs, chance, order):
    found = valued(needs, 300, 100)
    assert (found.chance, [item.product_id for item in found.items]) == (Decimal(chance), order)
    assert found.rank_value == 400 * Decimal(chance)


@given(st.lists(st.tuples(st.integers(-100, 900), st.decimals("0.001", "50", places=3)), min_size=1, max_size=4))
def test_the_common_chance_lies_between_those_of_the_articles(rated):
    found = valued({pk: need for pk, (_margin, need) in enumerate(rated, start=1)}, *(margin for margin, _need in rated))
    chances = [min(max(Decimal("0.2") * need, Decimal("0.01")), Decimal("0.95")) for _margin, need in rated]
    assert min(chances) - Decimal("0.00001") <= found.chance <= max(chances) + Decimal("0.00001")
