"""Finding the reasons of many customers anew: load, judge, store."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal

from campaigns.preferences import CampaignsPreferences
from campaigns.reasons import loading, storing
from campaigns.reasons.histories import load_histories
from campaigns.reasons.loading import Buyer
from campaigns.reasons.rules import suggest
from campaigns.reasons.suggestions import NO_NEEDS, Valued, value
from customers.preferences import CustomersPreferences
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
    buyers = list(loading.load_buyers(customer_ids))
    histories = load_histories([buyer.id for buyer in buyers], loading.load_relations(), moment)
    taken = loading.load_taken(customer_ids, today)
    chances = loading.Chances()
    items_most = preferences.get(CampaignsPreferences).items_most
    assumed_cm_ratio = Decimal(str(preferences.get(CustomersPreferences).assumed_cm_ratio))
    for buyer in buyers:
        purchases, needs = histories.of(buyer.id, moment), histories.needs.get(buyer.id)
        valued = (
            value(
                suggestion,
                histories.catalogue,
                taken=taken[buyer.id, suggestion.kind],
                chance=chances.of(suggestion.kind, buyer.abc_class),
                today=today,
                items_most=items_most,
                needs=needs.factors((item.product_id for item in suggestion.items), purchases.bought) if needs else NO_NEEDS,
                assumed_cm_ratio=assumed_cm_ratio,
            )
            for suggestion in suggest(purchases)
        )
        yield buyer, [each for each in valued if each is not None]
