"""Finding the reasons of many customers anew: load, judge, store."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence

from campaigns.preferences import CampaignsPreferences
from campaigns.reasons import loading, storing
from campaigns.reasons.basis import CustomerPurchases
from campaigns.reasons.loading import Buyer
from campaigns.reasons.rules import suggest
from campaigns.reasons.suggestions import Valued, value
from innendienst.base import preferences


def refresh(customer_ids: Sequence[int], today: dt.date, before: dt.date) -> Counter[str]:
    """Bring the suggestions of these customers in line with their kept purchases; rows written per table.

    The kept purchases hold nothing from `before` on, the first day not read.
    """
    expired = storing.expire_old(customer_ids, today)
    found = dict(_judge(customer_ids, today, before))
    return expired + storing.store(customer_ids, found, today)


def _judge(customer_ids: Sequence[int], today: dt.date, before: dt.date) -> Iterator[tuple[Buyer, list[Valued]]]:
    moment = loading.load_moment(today, before)
    if moment is None:
        return
    buyers = list(loading.load_buyers(customer_ids))
    relations = loading.load_relations()
    bought = loading.load_purchases([buyer.id for buyer in buyers], relations)
    catalogue = loading.load_catalogue({product_id for products in bought.values() for product_id in products}, relations)
    taken = loading.load_taken(customer_ids, today)
    chances = loading.Chances()
    items_most = preferences.get(CampaignsPreferences).items_most
    for buyer in buyers:
        suggestions = suggest(CustomerPurchases(bought.get(buyer.id, {}), catalogue, moment))
        valued = (
            value(
                suggestion,
                catalogue,
                taken=taken[buyer.id, suggestion.kind],
                chance=chances.of(suggestion.kind, buyer.abc_class),
                today=today,
                items_most=items_most,
            )
            for suggestion in suggestions
        )
        yield buyer, [each for each in valued if each is not None]
