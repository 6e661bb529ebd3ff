"""The best offers for every customer, with what is needed to say why."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy import sparse

from campaigns.learned import customers, words
from campaigns.learned.groups import Indices, Numbers, ranks
from campaigns.learned.history import History
from campaigns.learned.learning import BLOCK, Learnt, learn_from, pairs_of
from campaigns.learned.pairs import Pairs
from campaigns.learned.purchases import Book
from campaigns.learned.relations import PRODUCTS_MOST, blocks, weights

_TOGETHER_LEAST = 2
_NOTHING = -1


class Rhythm(NamedTuple):
    """How the customer bought the product: on how many of his order days, on which day last, with what usual gap in days."""

    order_days: int
    own_days: int
    last_on: int
    gap: float


class Because(NamedTuple):
    """What speaks for a product he never bought: of the `owners` of a product that he has, so many have this one too.

    Without such a product `because` is None, and `together` is the number of customers who bought the offered one lately.
    `lift` is how many times as often owners have this one as all customers do.
    """

    because: int | None
    together: int
    owners: int
    lift: float = 1.0


class Offer(NamedTuple):
    product: int
    score: float
    why: Rhythm | Because


@dataclass(frozen=True)
class Suggestions:
    """What may be offered to a customer (ids of the database), best first, and what to expect of him in the next 30 days.

    `chance` is that of any purchase, `revenue` the expected sum, `why` how he orders, whatever the product.
    """

    customer: int
    chance: float
    revenue: float
    why: Rhythm
    offers: Sequence[Offer]


def suggest(book: Book, day: int, names: Sequence[str], is_offered: np.ndarray, top: int) -> Iterator[Suggestions]:
    """The `top` best offers to each customer as of a day, half of them bought before as far as there are as many of each.

    `names` and `is_offered` go by the book's products; of those not offered, purchases count all the same.
    """
    count, limit = len(book.customer_ids), min(len(book.product_ids), PRODUCTS_MOST)
    learnt = learn_from(book.purchases, day, count, words.table(names), is_offered, limit)
    for history in blocks(book.purchases, day, count, BLOCK):
        yield from _of_block(history, learnt, book, is_offered, top)


def _of_block(history: History, learnt: Learnt, book: Book, is_offered: np.ndarray, top: int) -> Iterator[Suggestions]:
    them = customers.look_at(history)
    chances = learnt.chance.chances(customers.chance_columns(them))
    revenues = chances * learnt.amount.usual(customers.amount_columns(them))
    offers: list[list[Offer]] = [[] for _customer in range(history.count)]
    for customer, offer in _offers(history, learnt, is_offered, top, len(book.customer_ids)):
        offers[customer].append(offer)
    whys = _orders(history)
    for customer in np.unique(history.customer):
        best = sorted(offers[customer], key=lambda offer: (-offer.score, offer.product))
        named = [_named(offer, book) for offer in best]
        customer_id = int(book.customer_ids[history.first + customer])
        yield Suggestions(customer_id, float(chances[customer]), float(revenues[customer]), whys[customer], named)


def _offers(history: History, learnt: Learnt, is_offered: np.ndarray, top: int, count: int) -> Iterator[tuple[int, Offer]]:
    """The chosen ones with their customers, in no order; products as numbers of the book, which holds `count` customers."""
    again, new = pairs_of(history, learnt.known, learnt.chance)
    old_scores, new_scores = learnt.again.chances(again.columns), learnt.new.chances(new.columns)
    old, fresh = _chosen(again, old_scores, new, new_scores, is_offered, history.count, top)
    for pair, why in zip(old, _rhythms(history, old), strict=True):
        yield int(again.customer[pair]), Offer(int(again.product[pair]), float(old_scores[pair]), why)
    for pair, why in zip(fresh, _becauses(history, learnt, new.customer[fresh], new.product[fresh], count), strict=True):
        yield int(new.customer[pair]), Offer(int(new.product[pair]), float(new_scores[pair]), why)


def _chosen(
    again: Pairs, old_scores: Numbers, new: Pairs, new_scores: Numbers, is_offered: np.ndarray, count: int, top: int
) -> tuple[Indices, Indices]:
    """The best pairs of both kinds: half and half, and where one kind has too few, more of the other."""
    old_places, new_places = _places(again, old_scores, is_offered, top), _places(new, new_scores, is_offered, top)
    new_count = np.bincount(new.customer[new_places < top], minlength=count)
    old_most = np.maximum(top - top // 2, top - new_count)
    old = np.flatnonzero(old_places < old_most[again.customer])
    new_most = top - np.bincount(again.customer[old], minlength=count)
    return old, np.flatnonzero(new_places < new_most[new.customer])


def _places(pairs: Pairs, scores: Numbers, is_offered: np.ndarray, top: int) -> Indices:
    """The place of each pair among those of its customer, from 0; `top` for what is not offered."""
    offered = is_offered[pairs.product]
    places = np.full(len(scores), top)
    places[offered] = ranks(pairs.customer[offered], scores[offered])
    return places


def _rhythms(history: History, chosen: Indices) -> Iterator[Rhythm]:
    own_days = np.bincount(history.days[0], minlength=history.count)[history.customer[chosen]]
    columns = history.order_days[chosen], own_days, history.last_on[chosen], history.median_gap[chosen]
    return (Rhythm(int(count), int(own), int(last), float(gap)) for count, own, last, gap in zip(*columns, strict=True))


def _orders(history: History) -> list[Rhythm]:
    """How each customer of the block orders, whatever the product."""
    customer, day, _revenue, _size = history.days
    last, counts = np.zeros(history.count, int), np.bincount(customer, minlength=history.count)
    last[customer] = day
    gaps = customers.median_gaps(customer, day, history.count)
    return [Rhythm(int(own), int(own), int(on), float(gap)) for own, on, gap in zip(counts, last, gaps, strict=True)]


def _becauses(history: History, learnt: Learnt, customer: Indices, product: Indices, customers_count: int) -> Iterator[Because]:
    """For each new pair the product the customer has that speaks most for it: as the relations weigh it, × the share it is told by."""
    together, goods = learnt.together, learnt.known.goods
    has = weights(history, len(together))
    pair, own, weight = _spread(has, customer)
    offered = product[pair]
    both, buyers = together[own, offered], np.diag(together)
    speaks = weight * (learnt.known.next[own, offered] + learnt.known.beside[own, offered]) * both / buyers[own]
    speaks[both < _TOGETHER_LEAST] = 0
    best = np.flatnonzero((speaks > 0) & (ranks(pair, speaks) == 0))
    because = np.full(len(product), _NOTHING)
    because[pair[best]] = own[best]
    for one, other in zip(because.tolist(), product.tolist(), strict=True):
        if one == _NOTHING:
            yield Because(None, int(goods.buyers_month[other]), int(goods.buyers[other]))
        else:
            lift = together[one, other] * customers_count / (buyers[one] * buyers[other])
            yield Because(one, int(together[one, other]), int(buyers[one]), float(lift))


def _spread(has: sparse.csr_matrix, customer: Indices) -> tuple[Indices, Indices, Numbers]:
    """One row per pair and product that its customer has: the pair, the product and its weight."""
    sizes = np.diff(has.indptr)[customer]
    pair = np.repeat(np.arange(len(customer)), sizes)
    places = np.arange(len(pair)) - np.repeat(np.cumsum(sizes) - sizes, sizes) + np.repeat(has.indptr[customer], sizes)
    return pair, has.indices[places], has.data[places]


def _named(offer: Offer, book: Book) -> Offer:
    """The offer with ids of the database instead of the book's numbers."""
    why = offer.why
    if isinstance(why, Because) and why.because is not None:
        why = why._replace(because=int(book.product_ids[why.because]))
    return Offer(int(book.product_ids[offer.product]), offer.score, why)
