"""What is suggested from the lines of an invented wholesaler, without a database."""

from collections import defaultdict
from itertools import pairwise
from statistics import median

import numpy as np
import pytest

from campaigns.learned.purchases import PurchaseDay, read
from campaigns.learned.suggesting import Because, Rhythm, suggest
from tests.campaigns.learned import corpus
from tests.campaigns.learned.corpus import CLEANER, MACHINE, PADS, RARE, TODAY

pytestmark = pytest.mark.rules


def suggestions(rows: list[PurchaseDay], day: int = TODAY, top: int = 4, never: frozenset[int] = frozenset()) -> dict:
    book = read(row for row in rows if row.day < day)
    is_offered = np.array([product not in never for product in book.product_ids], bool)
    return {each.customer: each for each in suggest(book, day, corpus.names(book), is_offered, top)}


@pytest.fixture(scope="module")
def rows() -> list[PurchaseDay]:
    return corpus.rows()


@pytest.fixture(scope="module")
def found(rows) -> dict:
    return suggestions(rows)


def days_of(rows: list[PurchaseDay]) -> dict[tuple[int, int], list[int]]:
    days = defaultdict(list)
    for row in sorted(rows):
        days[row.customer, row.product].append(row.day)
    return days


def test_every_customer_has_a_chance_a_revenue_and_his_best_offers_first(found):
    assert set(found) == set(range(corpus.FIRST, corpus.FIRST + corpus.CUSTOMERS))
    for each in found.values():
        assert 0 < each.chance < 1
        assert each.revenue > 0
        scores = [offer.score for offer in each.offers]
        assert scores == sorted(scores, reverse=True)
        assert len({offer.product for offer in each.offers}) == len(scores)


def test_half_was_bought_before_and_half_is_new_where_there_are_as_many(rows, found):
    products = defaultdict(set)
    for row in rows:
        products[row.customer].add(row.product)
    for customer, each in found.items():
        before = sum(isinstance(offer.why, Rhythm) for offer in each.offers)
        have = len(products[customer])
        fresh = len(each.offers) - before
        assert {offer.product for offer in each.offers if isinstance(offer.why, Rhythm)} <= products[customer]
        assert (before, fresh) == (2, 2) or (fresh < 2 and before == min(have, 4 - fresh))


def test_same_lines_same_suggestions_in_whatever_order_they_come(rows, found):
    assert repr(suggestions(list(reversed(rows)))) == repr(found)  # text, because an unknown gap is not equal to itself


def test_monthly_buyers_are_likelier_to_buy_this_month_than_quarterly_ones(found):
    monthly = [each.chance for customer, each in found.items() if customer % 2]
    quarterly = [each.chance for customer, each in found.items() if not customer % 2]
    assert np.mean(monthly) > np.mean(quarterly) + 0.1


@pytest.mark.parametrize(("gap", "others_ago"), [(91, 9), (30, 200)])
def test_who_is_due_by_his_rhythm_ranks_above_who_has_just_bought_or_is_long_gone(rows, gap, others_ago):
    """Two buyers with the same rhythm: the last order of one lies a whole gap back, that of the other is fresh or long past."""
    due, other = 5_001, 5_002
    more = [
        PurchaseDay(customer, CLEANER, TODAY - ago - gap * step, 5.0, 50.0)
        for customer, ago in ((due, gap - 1), (other, others_ago))
        for step in range(5)
    ]
    found = suggestions([*rows, *more])
    assert _score(found[due], CLEANER) > _score(found[other], CLEANER)
    assert found[due].why.gap == gap


def test_what_most_owners_of_a_machine_buy_is_offered_to_the_others(found, rows):
    owners = {row.customer for row in rows if row.product == MACHINE}
    users = {row.customer for row in rows if row.product == PADS}
    without = owners - users
    assert without
    for customer in without:
        (why,) = (offer.why for offer in found[customer].offers if offer.product == PADS)
        assert isinstance(why, Because)


def test_what_nobody_bought_yet_is_not_offered(rows):
    sold_today = [PurchaseDay(corpus.FIRST, RARE, TODAY, 1.0, 10.0)]
    assert RARE not in {offer.product for each in suggestions([*rows, *sold_today]).values() for offer in each.offers}


def test_what_may_not_be_offered_is_left_out_both_ways(rows):
    offered = {offer.product for each in suggestions(rows, never=frozenset({CLEANER, PADS})).values() for offer in each.offers}
    assert offered
    assert not offered & {CLEANER, PADS}


def test_every_reason_is_true_against_the_lines(rows, found):
    days, buyers, customer_days = days_of(rows), defaultdict(set), defaultdict(set)
    for row in rows:
        buyers[row.product].add(row.customer)
        customer_days[row.customer].add(row.day)
    for customer, each in found.items():
        for offer in each.offers:
            own = days.get((customer, offer.product))
            if isinstance(offer.why, Rhythm):
                gaps = [later - earlier for earlier, later in pairwise(own)][-8:]
                expected = Rhythm(len(own), len(customer_days[customer]), own[-1], median(gaps) if gaps else np.nan)
                assert repr(offer.why) == repr(expected._replace(gap=float(expected.gap)))
            elif offer.why.because is not None:
                assert own is None
                assert customer in buyers[offer.why.because]
                both = buyers[offer.why.because] & buyers[offer.product]
                assert (offer.why.together, offer.why.owners) == (len(both), len(buyers[offer.why.because]))


@pytest.mark.parametrize("days", [0, 1, 5, 45])
def test_a_young_company_gets_suggestions_too(rows, days):
    young = [row for row in rows if row.day < TODAY - 420 + days]
    found = suggestions(young, day=TODAY - 420 + days)
    assert set(found) == {row.customer for row in young}
    assert all(each.offers for each in found.values())


def _score(each, product: int) -> float:
    return next(offer.score for offer in each.offers if offer.product == product)
