"""The customer list by words alone, what everybody types all day: its queries are put together once per process.

They find what the list shows where nothing else narrows it, to whoever sees all customers: neither inactive ones nor those that
were merged into another. `CustomerQuerySet.matching` finds the same for everybody else.
"""

from collections.abc import Sequence
from functools import cache

from django.db.models import CharField, QuerySet

from customers.models import Customer, SearchToken
from customers.querysets import IsAmongHits, hits_of, last_beginning_with, within
from innendienst.lib.paging import COUNTED_MOST, is_beyond_counting
from innendienst.lib.prepared import Param, Prepared

HITS_READ_MOST = COUNTED_MOST + COUNTED_MOST // 5
"""A few more than are counted, since some of them are inactive or filtered out."""


def first_found(words: Sequence[str]) -> list[int]:
    """Ids of the first customers in order of names that have all these words, at least as a beginning: one more than are counted."""
    return [pk for (pk,) in _found(len(words))(**_bounds(words))]


def first_of_many(word: str, most: int) -> list[int]:
    """As many of the same, where the word fits more customers than are counted; else none."""
    return [pk for (pk,) in _many(most)(**_bounds([word]))]


def _bounds(words: Sequence[str]) -> dict[str, str]:
    first = {f"first{index}": word for index, word in enumerate(words)}
    return first | {f"last{index}": last_beginning_with(word) for index, word in enumerate(words)}


@cache
def _found(count: int) -> Prepared:
    return Prepared(lambda: _in_order(_listed().filter(pk__in=_hits(count)))[: COUNTED_MOST + 1])


@cache
def _many(most: int) -> Prepared:
    first_hits = _listed().filter(pk__in=_hits(1)[:HITS_READ_MOST])
    return Prepared(lambda: _in_order(_listed().filter(is_beyond_counting(first_hits), IsAmongHits(_hits(1))))[:most])


def _listed() -> QuerySet:
    return Customer.objects.for_system("for whoever sees all").filter(merged_into=None, is_inactive=False)


def _hits(count: int) -> QuerySet:
    words = (within(Param(f"first{index}", CharField()), Param(f"last{index}", CharField())) for index in range(count))
    return hits_of(SearchToken.objects.all(), words)


def _in_order(found: QuerySet) -> QuerySet:
    return found.order_by("sort_key", "pk").values_list("pk")
