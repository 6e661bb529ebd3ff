"""Finding the reasons of many customers anew: load, judge, store."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from campaigns.preferences import CampaignsPreferences
from campaigns.reasons import cross_sell, last_call, loading, reorder, storing
from campaigns.reasons.basis import Bought
from campaigns.reasons.histories import Needs, load_histories
from campaigns.reasons.loading import Buyer
from campaigns.reasons.rules import suggest
from campaigns.reasons.suggestions import NO_NEEDS, Suggestion, Valued, value
from customers.preferences import CustomersPreferences
from innendienst.base import preferences

FORETOLD = frozenset({last_call.KIND, reorder.KIND, cross_sell.KIND})
"""Kinds whose chance grows with the learned need of their articles."""


def refresh(customer_ids: Sequence[int], today: dt.date, before: dt.date) -> Counter[str]:
    """Bring the suggestions of these customers in line with their kept purchases; rows written per table.

    The kept purchases hold nothing from `before` on, the first day not read.
    """
    expired = storing.expire_old(customer_ids, today)
    found = dict(_judge(customer_ids, today, before))
    return expired + storing.store(customer_ids, found, today)


def _judge(customer_ids: Sequence[int], today: dt.date, before: dt.date) -> Iterator[tuple[Buyer, list[Valued]]]:
    moment = loading.load_moment(today, before)
    buyers = list(loading.load_buyers(customer_ids))
    histories = load_histories([buyer.id for buyer in buyers], loading.load_relations(), moment)
    taken = loading.load_taken(customer_ids, today)
    chances = loading.Chances()
    items_most = preferences.get(CampaignsPreferences).items_most
    assumed_cm_ratio = Decimal(str(preferences.get(CustomersPreferences).assumed_cm_ratio))
    for buyer in buyers:
        purchases = histories.of(buyer.id, moment)
        valued = (
            value(
                suggestion,
                histories.catalogue,
                taken=taken[buyer.id, suggestion.kind],
                chance=chances.of(suggestion.kind, buyer.abc_class),
                today=today,
                items_most=items_most,
                needs=_needs_for(suggestion, histories.needs.get(buyer.id), purchases.bought),
                assumed_cm_ratio=assumed_cm_ratio,
            )
            for suggestion in suggest(purchases)
        )
        yield buyer, [each for each in valued if each is not None]


def _needs_for(suggestion: Suggestion, needs: Needs | None, bought: Mapping[int, Bought]) -> Mapping[int, Decimal]:
    """What was learnt foretells purchases; it says nothing of who comes back, renews a contract or is content."""
    if needs is None or suggestion.kind not in FORETOLD:
        return NO_NEEDS
    return needs.factors(suggestion.items, bought)
