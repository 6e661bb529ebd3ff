"""The customer list by words alone, what everybody types all day: its queries are put together once per process.

They find what the list shows where nothing else narrows it, to whoever sees all customers: neither inactive ones nor those that
were merged into another. `CustomerQuerySet.matching` finds the same for everybody else.
"""

from collections.abc import Sequence
from functools import cache

from django.db.models import CharField, QuerySet

from customers.models import Customer, SearchToken
from customers.querysets import IsAmongHits, hits_of, last_beginning_with, within
from innendienst.lib.paging import are_more
from innendienst.lib.prepared import Param, Prepared


def hits_to_read(counted_most: int) -> int:
    """How many hits tell whether there are more than are counted: a few more, since some are inactive or filtered out."""
    return counted_most + 1 + counted_most // 5


def first_found(words: Sequence[str], most: int) -> list[int]:
    """Ids of the first customers in order of names that have all these words, at least as a beginning."""
    return [pk for (pk,) in _found(len(words), most)(**_bounds(words))]


def first_of_many(word: str, most: int, counted_most: int) -> list[int]:
    """The same where the word fits more customers than are counted; else none."""
    return [pk for (pk,) in _many(most, counted_most)(**_bounds([word]))]


def _bounds(words: Sequence[str]) -> dict[str, str]:
    first = {f"first{index}": word for index, word in enumerate(words)}
    return first | {f"last{index}": last_beginning_with(word) for index, word in enumerate(words)}


@cache
def _found(count: int, most: int) -> Prepared:
    return Prepared(lambda: _in_order(_listed().filter(pk__in=_hits(count)))[:most], keeps_plan=False)


@cache
def _many(most: int, counted_most: int) -> Prepared:
    are_many = are_more(_listed().filter(pk__in=_hits(1)[: hits_to_read(counted_most)]), counted_most)
    return Prepared(lambda: _in_order(_listed().filter(are_many, IsAmongHits(_hits(1))))[:most], keeps_plan=False)


def _listed() -> QuerySet:
    return Customer.objects.for_system("for whoever sees all").filter(merged_into=None, is_inactive=False)


def _hits(count: int) -> QuerySet:
    words = (within(Param(f"first{index}", CharField()), Param(f"last{index}", CharField())) for index in range(count))
    return hits_of(SearchToken.objects.all(), words)


def _in_order(found: QuerySet) -> QuerySet:
    return found.order_by("sort_key", "pk").values_list("pk")
