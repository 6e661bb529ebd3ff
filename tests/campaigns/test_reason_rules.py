"""Each kind of reason, case by case, without a database."""

import datetime as dt
from decimal import Decimal

import pytest

from campaigns.reasons import cross_sell, reorder
from campaigns.reasons.basis import Article, Bought, Catalogue, CustomerPurchases, Demand, Moment, Relation
from campaigns.reasons.suggestions import FALLING, Item, Suggestion, Taken, chance_to_win, urgency_of, value

pytestmark = pytest.mark.rules

TODAY = dt.date(2026, 11, 24)
DATA_ON = dt.date(2026, 11, 20)
MOMENT = Moment(TODAY, DATA_ON, is_data_old=False, has_since=dt.date(2024, 11, 24))
CLEANER, MACHINE, PAD, TRAINING = 1, 2, 3, 4


def article(pk: int = CLEANER, **fields) -> Article:
    defaults = {"group_id": None, "is_offered": True, "last_day": None, "price": None, "cost": None, "assumed_cm_ratio": Decimal("0.3")}
    return Article(pk, **{**defaults, **fields})


def bought(
    product_id: int = CLEANER, *, days_ago: int = 40, gap: str | None = "30", usual="12", last="12", revenue="120", margin="48"
) -> Bought:
    """A purchase so many days before the Datenstand."""
    return Bought(
        product_id, DATA_ON - dt.timedelta(days=days_ago), gap and Decimal(gap), Decimal(usual), Decimal(last),
        Decimal(revenue), margin and Decimal(margin),
    )  # fmt: skip


def purchases(
    *rows: Bought, articles: list[Article] | None = None, relations: list[Relation] = (), moment: Moment = MOMENT
) -> CustomerPurchases:
    known = {pk: article(pk) for pk in (CLEANER, MACHINE, PAD, TRAINING)} | {one.id: one for one in articles or []}
    by_product: dict[int, list[Relation]] = {}
    for relation in relations:
        by_product.setdefault(relation.from_id, []).append(relation)
    return CustomerPurchases({row.product_id: row for row in rows}, Catalogue(known, by_product), moment)


def products(suggestions: list[Suggestion]) -> list[int]:
    assert len(suggestions) <= 1
    return [item.product_id for suggestion in suggestions for item in suggestion.items]


# --- reorder ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("gap", "days_ago", "is_due"),
    [
        ("30", 29, False),  # in rhythm
        ("30", 30, True),
        ("30", 40, True),
        ("30", 75, True),  # overdue
        ("30", 76, False),  # gone: 2.5 times the gap and more
        ("91", 90, False),  # a quarterly buyer is not due before his quarter is over
        ("91", 91, True),
        ("30.5", 30, False),
        ("30.5", 31, True),
        (None, 40, False),  # no rhythm
    ],
)
def test_an_article_is_due_from_its_own_gap_until_the_customer_is_gone(gap, days_ago, is_due):
    assert products(reorder.suggest(purchases(bought(gap=gap, days_ago=days_ago)))) == ([CLEANER] if is_due else [])


def test_days_are_counted_to_the_datenstand_not_to_today():
    late = Moment(TODAY, DATA_ON - dt.timedelta(days=12), is_data_old=False, has_since=MOMENT.has_since)
    assert products(reorder.suggest(purchases(bought(days_ago=40), moment=late))) == []


def test_reorders_rest_while_the_data_are_old():
    old = Moment(TODAY, DATA_ON, is_data_old=True, has_since=MOMENT.has_since)
    assert reorder.suggest(purchases(bought(), moment=old)) == []


@pytest.mark.parametrize(
    ("fields", "is_suggested"),
    [
        ({}, True),
        ({"is_offered": False}, False),  # freight, deposits
        ({"last_day": TODAY}, True),
        ({"last_day": TODAY - dt.timedelta(days=1)}, False),
    ],
)
def test_only_what_can_be_ordered_is_due(fields, is_suggested):
    assert bool(reorder.suggest(purchases(bought(), articles=[article(**fields)]))) == is_suggested


def test_the_facts_of_a_reorder_are_dates_and_quantities():
    [suggestion] = reorder.suggest(purchases(bought(usual="12.500", last="12.500")))
    [item] = suggestion.items
    assert item.facts == {"last_on": "2026-10-11", "gap_days": "30", "quantity": "12.5"}
    assert (item.revenue, item.margin) == (120, 48)


@pytest.mark.parametrize(("last", "is_falling"), [("12", False), ("8.4", False), ("8.3", True), ("30", False)])
def test_a_last_order_more_than_30_percent_below_the_usual_one_is_told(last, is_falling):
    [suggestion] = reorder.suggest(purchases(bought(usual="12", last=last)))
    assert ("last_quantity" in suggestion.items[0].facts) == is_falling


def test_all_due_articles_stand_in_one_suggestion():
    due = purchases(bought(CLEANER), bought(PAD, days_ago=31), bought(MACHINE, days_ago=1))
    assert products(reorder.suggest(due)) == [CLEANER, PAD]


# --- cross-selling ---------------------------------------------------------------------------------------------------

TO_PAD = Relation(10, MACHINE, PAD)


@pytest.mark.parametrize(
    ("rows", "matches"),
    [
        ([bought(MACHINE)], [PAD]),
        ([bought(MACHINE, gap=None)], [PAD]),  # one purchase is enough
        ([bought(MACHINE), bought(PAD)], []),
        ([bought(MACHINE), bought(PAD, days_ago=800)], [PAD]),  # bought before the 24 months only
        ([bought(MACHINE, days_ago=800)], []),  # he probably no longer has it
        ([bought(CLEANER)], []),
        ([], []),
    ],
)
def test_who_has_one_article_is_offered_the_one_that_fits_unless_he_has_it(rows, matches):
    assert products(cross_sell.suggest(purchases(*rows, relations=[TO_PAD]))) == matches


@pytest.mark.parametrize(
    "fields",
    [{"is_offered": False}, {"last_day": TODAY - dt.timedelta(days=1)}, {"last_day": TODAY + dt.timedelta(days=90)}],
)
def test_nothing_that_ends_or_is_never_offered_is_recommended(fields):
    assert cross_sell.suggest(purchases(bought(MACHINE), articles=[article(PAD, **fields)], relations=[TO_PAD])) == []


def test_a_match_of_several_articles_names_the_one_bought_last():
    relations = [TO_PAD, Relation(11, CLEANER, PAD), Relation(12, MACHINE, TRAINING)]
    [suggestion] = cross_sell.suggest(purchases(bought(MACHINE, days_ago=50), bought(CLEANER, days_ago=5), relations=relations))
    assert {item.product_id: item.facts for item in suggestion.items} == {
        PAD: {"because": CLEANER, "relation": 11},
        TRAINING: {"because": MACHINE, "relation": 12},
    }


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"demand": Demand(Decimal(90), Decimal(30)), "price": Decimal(9), "cost": Decimal(6)}, (90, 30)),
        ({"demand": Demand(Decimal(90), None), "price": Decimal(9), "cost": Decimal(6)}, (90, None)),
        ({"price": Decimal(9), "cost": Decimal(6)}, (9, 3)),
        ({"price": Decimal(9)}, (9, None)),
        ({"cost": Decimal(6)}, (0, None)),
        ({}, (0, None)),
    ],
)
def test_expected_is_what_others_order_else_one_unit_at_its_price(fields, expected):
    [suggestion] = cross_sell.suggest(purchases(bought(MACHINE), articles=[article(PAD, **fields)], relations=[TO_PAD]))
    assert (suggestion.items[0].revenue, suggestion.items[0].margin) == expected


# --- value -----------------------------------------------------------------------------------------------------------


def item(pk: int, revenue: int, margin: int | None) -> Item:
    return Item(pk, {}, Decimal(revenue), None if margin is None else Decimal(margin))


def valued(*items: Item, taken: Taken | None = None, chance="0.35", deadline_on=None, most=12, articles: list[Article] = ()):
    catalogue = Catalogue({pk: article(pk) for pk in range(1, 20)} | {one.id: one for one in articles})
    suggestion = Suggestion("reorder", list(items), deadline_on)
    return value(suggestion, catalogue, taken=taken or Taken(), chance=Decimal(chance), today=TODAY, items_most=most)


def test_the_rank_is_chance_times_margin_times_urgency():
    found = valued(item(1, 600, 240))
    assert (found.rank_value, found.margin, found.revenue, found.urgency) == (84, 240, 600, 1)


def test_a_near_deadline_counts_one_and_a_half_times():
    assert valued(item(1, 600, 240), deadline_on=TODAY + dt.timedelta(days=10)).rank_value == 126
    assert valued(item(1, 600, 240), deadline_on=TODAY + dt.timedelta(days=11)).rank_value == 84


def test_an_unknown_margin_ranks_by_the_assumed_share_of_the_revenue_and_stays_unknown():
    found = valued(item(1, 100, 40), item(2, 200, None), chance="0.5", articles=[article(2, assumed_cm_ratio=Decimal("0.25"))])
    assert (found.rank_value, found.margin, found.revenue) == (45, None, 300)


def test_the_best_articles_are_kept_and_all_are_counted():
    found = valued(item(1, 10, 1), item(2, 10, 5), item(3, 10, 5), item(4, 10, 3), most=3)
    assert ([kept.product_id for kept in found.items], found.articles_count, found.margin) == ([2, 3, 4], 4, 13)


@pytest.mark.parametrize(
    ("taken", "left"),
    [
        (Taken({1}, set()), [2, 3]),
        (Taken(set(), {7}), [3]),  # the groups of what is open
        (Taken({1, 2, 3}, set()), None),
    ],
)
def test_taken_articles_are_left_out(taken, left):
    found = valued(item(1, 10, 9), item(2, 10, 5), item(3, 10, 1), taken=taken, articles=[article(1, group_id=7), article(2, group_id=7)])
    assert (found and [kept.product_id for kept in found.items]) == left


@pytest.mark.parametrize(("taken", "facts"), [(set(), (2, 1)), ({1}, (1, 1))])
def test_what_merely_falls_is_counted_apart_among_what_is_left(taken, facts):
    falling = item(2, 60, 24)
    falling.facts[FALLING] = True
    found = valued(item(1, 600, 240), falling, taken=Taken(product_ids=taken)).facts
    assert (found["articles_count"], found["falling_count"]) == facts


def test_an_article_without_group_is_in_nobodys_group():
    assert valued(item(1, 10, 5), taken=Taken({5}, {7})) is not None


@pytest.mark.parametrize(
    ("wins", "closed", "chance"),
    [(0, 0, "0.2"), (1, 1, "0.33333"), (10, 10, "0.73333"), (0, 495, "0.01"), (995, 995, "0.95"), (34, 95, "0.35")],
)
def test_the_chance_is_one_in_five_until_experience_says_otherwise(wins, closed, chance):
    assert chance_to_win(wins, closed) == Decimal(chance)


@pytest.mark.parametrize(("days", "urgency"), [(None, "1.0"), (11, "1.0"), (10, "1.5"), (0, "1.5"), (-3, "1.5")])
def test_it_is_urgent_when_ten_days_are_left(days, urgency):
    deadline_on = None if days is None else TODAY + dt.timedelta(days=days)
    assert urgency_of(deadline_on, TODAY) == Decimal(urgency)
