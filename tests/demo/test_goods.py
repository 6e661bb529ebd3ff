"""The catalogue holds together: what leads to what exists, is sold, and reads as a German sentence."""

import pytest

from customers.models import ProductRelation
from innendienst.demo.goods import ARTICLES, BY_SKU, DEVICE
from innendienst.demo.industries import INDUSTRIES
from innendienst.demo.pairs import PAIRS, SUCCESSORS

pytestmark = pytest.mark.rules


def test_no_article_number_and_no_name_comes_twice():
    assert len(BY_SKU) == len(ARTICLES)
    assert len({article.name for article in ARTICLES}) == len(ARTICLES)


def test_every_article_earns_something_and_some_costs_are_unknown():
    assert [article.sku for article in ARTICLES if article.cost is not None and article.cost >= article.price] == []
    assert 0 < sum(article.cost is None for article in ARTICLES) < len(ARTICLES) / 10


def test_what_industries_use_up_has_a_rhythm_and_what_they_own_is_a_device():
    assert {article.sku for industry in INDUSTRIES for article in industry.supplies if not 20 <= article.gap <= 120} == set()
    assert {article.kind for industry in INDUSTRIES for article in industry.devices} == {DEVICE}


def test_arguments_are_one_short_line_that_ends_a_sentence_without_its_full_stop():
    assert [pair.argument for pair in PAIRS if not 10 < len(pair.argument) <= 80 or pair.argument.endswith(".")] == []


def test_accessories_are_bought_again_before_the_two_years_of_the_cross_sell_rule_are_over():
    accessories = {pair.target for pair in PAIRS if pair.kind == ProductRelation.Kind.ACCESSORY}
    assert [article.sku for article in accessories if not 0 < article.gap < 700] == []


def test_whatever_runs_out_has_a_successor_that_does_not():
    ending = {article for article in ARTICLES if article.last_order_in is not None}
    assert ending == set(SUCCESSORS)
    assert not ending & set(SUCCESSORS.values())
