"""Learning at night what customers will need, from the order lines of all, and keeping it for the day.

Only what the call list can use is kept: for each customer the articles he is most likely to buy next, half of them bought
before, half new to him with the article he has that speaks most for them. A refresh of one customer then reads a few rows.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from decimal import Decimal

import numpy as np
from django.db import transaction

from campaigns import sql
from campaigns.learned.purchases import PurchaseDay, read
from campaigns.learned.suggesting import Because, Suggestions, suggest
from campaigns.reasons.loading import load_limits
from customers.models import Product
from innendienst.lib.bulk import copy_rows
from innendienst.lib.kept import Source, merge, staged

KEPT = 24
"""Articles per customer."""
_EPOCH = dt.date(1970, 1, 1)
_RATIO, _TIMES = Decimal("0.00001"), Decimal("0.01")
_LEAST = Decimal("0.00001")
_LIFT_MOST = Decimal("999999.99")


def learn(before: dt.date) -> tuple[int, int]:
    """Learn from what lies before a day; the number of customers, and of rows written.

    What is found waits in temporary tables, so that nobody waits for the learning: only what differs is written at the end.
    """
    book = read(map(PurchaseDay._make, sql.read_purchase_days(before)))
    names = dict(Product.objects.values_list("pk", "name"))
    offered = set(Product.objects.filter(not_offered=False).values_list("pk", flat=True))
    is_offered = np.array([pk in offered for pk in book.product_ids], bool)
    found = suggest(book, (before - _EPOCH).days, [names[pk] for pk in book.product_ids], is_offered, KEPT)
    with staged(sql.NEEDS) as needs, staged(sql.MEAN_NEEDS) as mean_needs:
        copy_rows(needs, sql.NEEDS.columns, _rows(found))
        means = sql.read_mean_needs(needs, load_limits())
        copy_rows(mean_needs, sql.MEAN_NEEDS.columns, [(kind, max(mean.quantize(_RATIO), _LEAST)) for kind, mean in means])
        with transaction.atomic():
            written = merge(sql.NEEDS, Source.of_table(needs), "1 = 1", []) + merge(
                sql.MEAN_NEEDS, Source.of_table(mean_needs), "1 = 1", []
            )
    return len(book.customer_ids), written


def _rows(found: Iterable[Suggestions]) -> Iterator[tuple]:
    """Rows in the order of the kept columns. What no article of his speaks for is left out."""
    for each in found:
        for offer in each.offers:
            need = max(Decimal(str(offer.score)).quantize(_RATIO), _LEAST)
            why = offer.why
            if not isinstance(why, Because):
                yield each.customer, offer.product, need, None, None, None, None
            elif why.because is not None:
                lift = min(Decimal(str(why.lift)).quantize(_TIMES), _LIFT_MOST)
                yield each.customer, offer.product, need, why.because, why.together, why.owners, lift
