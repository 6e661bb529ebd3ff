"""Suggestions as rows of a file, as of a day in the past too: what shared back-tests read."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from campaigns import learned_evidence, sql
from campaigns.learned.purchases import Book, PurchaseDay, read
from campaigns.learned.suggesting import Rhythm, Suggestions, suggest
from campaigns.models import Kind
from customers.models import Customer, Product

SUGGESTION_COLUMNS = ("split", "customer", "product", "score", "kind", "evidence")
ANYTHING, REVENUE = "*", "*value"

_EPOCH = dt.date(1970, 1, 1)


@dataclass(frozen=True)
class _Articles:
    """Article numbers and names by id, and which of them may be ordered on the day."""

    skus: Mapping[int, str]
    names: Mapping[int, str]
    offered: frozenset[int]


def suggestion_rows(as_of: dt.date, top: int, split: str) -> Iterator[tuple[str, ...]]:
    """Rows for SUGGESTION_COLUMNS, customer by customer: the chance of any order, the expected revenue, the `top` best articles.

    Everything comes from order lines before `as_of`; gate, owner, blocks and what was answered are not looked at.
    """
    book = read(map(PurchaseDay._make, sql.read_purchase_days(as_of)))
    articles = _articles(as_of)
    numbers = dict(Customer.objects.for_system("suggestions as a file").values_list("pk", "number"))
    for each in _suggestions(book, articles, as_of, top):
        for product, score, kind, evidence in _lines(each, articles, as_of):
            yield split, numbers[each.customer], product, f"{score:.6g}", kind, evidence


def _suggestions(book: Book, articles: _Articles, as_of: dt.date, top: int) -> Iterator[Suggestions]:
    names = [articles.names[pk] for pk in book.product_ids]
    is_offered = np.array([pk in articles.offered for pk in book.product_ids], bool)
    return suggest(book, (as_of - _EPOCH).days, names, is_offered, top)


def _lines(each: Suggestions, articles: _Articles, as_of: dt.date) -> Iterator[tuple[str, float, str, str]]:
    orders = learned_evidence.customer_sentence(each.why, as_of)
    yield ANYTHING, each.chance, "", orders
    yield REVENUE, each.revenue, "", orders
    for offer in each.offers:
        kind = Kind.REORDER if isinstance(offer.why, Rhythm) else Kind.CROSS_SELL
        yield articles.skus[offer.product], offer.score, kind.value, learned_evidence.sentence(offer, articles.names, as_of)


def _articles(as_of: dt.date) -> _Articles:
    columns = "pk", "sku", "name", "not_offered", "discontinued_on", "last_order_on"
    rows = list(Product.objects.values_list(*columns))
    return _Articles(
        skus={pk: sku for pk, sku, *_rest in rows},
        names={pk: name for pk, _sku, name, *_rest in rows},
        offered=frozenset(pk for pk, _sku, _name, never, *ends in rows if not never and all(end is None or as_of <= end for end in ends)),
    )
