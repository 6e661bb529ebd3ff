"""Customer × product: what could be bought again and what for the first time, with the figures that the scores weigh."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from campaigns.learned import words
from campaigns.learned.customers import Customers
from campaigns.learned.goods import YEAR, Goods
from campaigns.learned.groups import Indices, Numbers, ranks
from campaigns.learned.history import History
from campaigns.learned.relations import owned, weights

CANDIDATES = 50
"""So many new products per customer by each of two relations are looked at closely."""
_GAPS_MOST = 6
_NO_GAP = -1.0
_SEASON_MARGIN = 15


@dataclass(frozen=True)
class Known:
    """What is known as of a day beside the customers: goods, relations product × product (relations.py), words of the names.

    Only products with `is_offered` become new ones for anybody; what was bought before is looked at in any case.
    """

    goods: Goods
    next: Numbers
    beside: Numbers
    alike: Numbers
    words: sparse.csr_matrix
    is_offered: np.ndarray


@dataclass(frozen=True)
class Pairs:
    """Rows of a block of customers, counted from 0 in it; `columns` are the figures, a row per pair."""

    customer: Indices
    product: Indices
    columns: Numbers


@dataclass(frozen=True)
class Strengths:
    """How strongly each product is suggested by what each customer of the block has: customer × product."""

    next: Numbers
    beside: Numbers
    alike: Numbers

    def of(self, customer: Indices, product: Indices) -> "Strengths":
        """Those of single pairs; 0 for products beyond the tables."""
        inside = product < self.next.shape[1]
        return Strengths(*(_pick(table, customer, product, inside) for table in (self.next, self.beside, self.alike)))


def strengths(history: History, known: Known) -> Strengths:
    limit = len(known.next)
    has = weights(history, limit)
    return Strengths(has @ known.next, has @ known.beside, owned(history, limit) @ known.alike)


def again(history: History, customers: Customers, chance: Numbers, known: Known, strong: Strengths) -> Pairs:
    """Every product a customer ever bought, in the order of the history's pairs."""
    customer, product = history.customer, history.product
    last = history.day - history.last_on
    own_days = history.days_since(history.first_on, after=False)
    overdue = np.minimum(last / np.maximum(history.median_gap, 1), _GAPS_MOST)
    decayed = {half_life: history.decayed_days(half_life) for half_life in (15, 30, 60, 120)}
    columns = [
        np.log(history.order_days / (own_days + 1)),
        np.log(history.order_days),
        np.log(history.order_days / customers.order_days[customer]),
        np.log1p(last),
        *decayed.values(),
        decayed[60] / np.maximum(customers.decayed_days_45[customer], 0.05),
        np.log1p(history.days_since(history.last_on, after=True)),
        np.log1p(last - customers.recency[customer]),
        np.nan_to_num(overdue, nan=_NO_GAP),
        _log(history.revenue),
        *(np.log1p(ranks(customer, decayed[half_life])) for half_life in (15, 60)),
        history.bought_between(YEAR + _SEASON_MARGIN, YEAR - 30 - _SEASON_MARGIN),
        *_common(customer, product, customers, chance, known.goods, strong.of(customer, product)),
    ]
    return Pairs(customer, product, np.column_stack(columns).astype("f4"))


def first_time(history: History, customers: Customers, chance: Numbers, known: Known, strong: Strengths) -> Pairs:
    """The most fitting products that a customer never bought."""
    goods = known.goods
    customer, product = _candidates(history, known, strong)
    by_words = _likeness(history, customer, product, known.words)
    price = np.log(np.maximum(goods.price, 0.01))
    usual_price = np.bincount(history.customer, price[history.product], history.count) / np.maximum(customers.products, 1)
    dearer = price[product] - usual_price[customer]
    pair = strong.of(customer, product)
    columns = [
        np.log(pair.alike / np.sqrt(1 + customers.products[customer]) + 1e-4),
        *(np.log1p(ranks(customer, values)) for values in (pair.beside, pair.alike, by_words)),
        by_words,
        price[product],
        dearer,
        np.abs(dearer),
        np.log((goods.buyers_week[product] + 0.5) / (goods.buyers_month[product] / 4 + 0.5)),
        np.log1p(goods.newcomers_month[product]),
        np.log1p(goods.newcomers_week[product]),
        np.log((goods.newcomers_week[product] + 0.5) / (goods.newcomers_month[product] / 4 + 0.5)),
        np.log1p(goods.buyers[product]),
        np.log1p(goods.age[product]),
        np.log1p(customers.new_per_day[customer]),
        np.log1p(customers.last_basket[customer]),
        *_common(customer, product, customers, chance, goods, pair),
    ]
    return Pairs(customer, product, np.column_stack(columns).astype("f4"))


def _common(customer: Indices, product: Indices, customers: Customers, chance: Numbers, goods: Goods, strong: Strengths) -> list[Numbers]:
    """Figures of both kinds: how sure the customer is to buy at all, how the product sells, how well it fits him."""
    month, quarter = goods.buyers_month[product], goods.buyers_quarter[product]
    return [
        np.log(chance / (1 - chance))[customer],
        np.log1p(goods.buyers_week[product]),
        np.log1p(month),
        np.log((month + 1) / (quarter / 3 + 1)),
        month / max(goods.active_month, 1),
        np.log(goods.repeated[product]),
        goods.season[product],
        np.log1p(customers.recency[customer]),
        np.log1p(customers.quarter_days[customer]),
        np.log1p(customers.order_days[customer]),
        np.log1p(customers.products[customer]),
        np.log1p(customers.basket[customer]),
        customers.overdue[customer],
        strong.next,
        strong.beside,
        np.log1p(ranks(customer, strong.next)),
    ]


def _candidates(history: History, known: Known, strong: Strengths) -> tuple[Indices, Indices]:
    goods, limit = known.goods, strong.next.shape[1]
    closed = owned(history, limit).toarray() > 0
    closed |= (goods.buyers[:limit] == 0) | ~known.is_offered[:limit]
    closed[np.bincount(history.customer, minlength=history.count) == 0] = True
    chosen = np.zeros(closed.shape, bool)
    for fitting in (strong.next, strong.beside * (0.2 + np.sqrt(goods.buyers_month[:limit]))):
        most = min(CANDIDATES, limit)
        best = np.argpartition(np.where(closed, -np.inf, fitting), limit - most, axis=1)[:, limit - most :]
        np.put_along_axis(chosen, best, values=True, axis=1)
    return np.nonzero(chosen & ~closed)


def _likeness(history: History, customer: Indices, product: Indices, table: sparse.csr_matrix) -> Numbers:
    values = np.log1p(history.order_days)
    bought = sparse.csr_matrix((values, (history.customer, history.product)), shape=(history.count, table.shape[0]))
    return words.likeness(words.profiles(bought, table), customer, table, product)


def _pick(table: Numbers, customer: Indices, product: Indices, inside: np.ndarray) -> Numbers:
    found = np.zeros(len(product), "f4")
    found[inside] = table[customer[inside], product[inside]]
    return found


def _log(values: Numbers) -> Numbers:
    return np.log1p(np.maximum(values, 0))
