"""Pairs of customers who are likely one, by the rule of customers/duplicates/rules.py."""

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from accounts.models import User
from customers.duplicates import sql
from customers.duplicates.rules import REACHED_AT
from customers.models import Customer, NotDuplicate
from innendienst.lib.folding import search_words
from innendienst.lib.joining import joined


class Pair(NamedTuple):
    """Ids of two customers, the older one first."""

    first: int
    second: int


def likely_pairs(user: User) -> list[Pair]:
    """Those the user may see both of, by name, without those of whom somebody said that they are not one.

    Of several who look alike each is paired with the oldest of them, so that n make n - 1 pairs. Two queries whatever their number,
    one more for what was said, one more where the user does not see everybody.
    """
    groups, names = _groups()
    if not groups:
        return []
    seen = _seen(user, names)
    apart = set(NotDuplicate.objects.for_system("nobody is proposed twice").values_list("customer", "other"))
    by_name = sorted(groups, key=lambda group: (names[group[0]], group[0]))
    return [pair for group in by_name for pair in _pairs([pk for pk in group if seen is None or pk in seen], apart)]


def _groups() -> tuple[list[list[int]], dict[int, tuple[str, ...]]]:
    """Ids of customers who look alike, and of each his folded name. Alike by phone and alike by mail are one group."""
    alike: dict[tuple, list[int]] = defaultdict(list)
    names: dict[int, tuple[str, ...]] = {}
    for field in REACHED_AT:
        for pk, name, postcode, reached in sql.sharing(field):
            names[pk] = words = tuple(search_words(name))
            alike[field, postcode, reached, words].append(pk)
    return joined(alike.values()), names


def _seen(user: User, ids: Iterable[int]) -> set[int] | None:
    """Those of them the user may see; None where he sees everybody."""
    visible = Customer.objects.visible_to(user)
    return set(visible.filter(pk__in=list(ids)).values_list("pk", flat=True)) if not visible.is_everybody else None


def _pairs(group: list[int], apart: set[tuple[int, int]]) -> Iterable[Pair]:
    """Each with the oldest of those before him who may be the same."""
    for place, pk in enumerate(group):
        before = next((one for one in group[:place] if (one, pk) not in apart), None)
        if before is not None:
            yield Pair(before, pk)
