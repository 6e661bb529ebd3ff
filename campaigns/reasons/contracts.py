"""Contracts of customers with other suppliers that end soon, and the article to begin with."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Sequence

from django.db.models import DateField, F

from campaigns.reasons.basis import Contract, Moment
from customers.models import Need, Product
from innendienst.lib.prepared import IdsParam, Param, Prepared

_ENDING = Prepared(
    lambda: (
        Need.objects.for_system("reasons are found for every customer")
        .filter(customer__in=IdsParam("customers"))
        .filter(contract_until__gte=Param("today", DateField()), contract_until__lte=Param("until", DateField()))
        .order_by("customer_id", "contract_until", "group_id")
        .values_list("customer", "group", "supplier", "contract_until", "yearly_need")
    )
)


def load_contracts(customer_ids: Sequence[int], moment: Moment) -> dict[int, list[Contract]]:
    """Customer id → what ends within the days that the house has set; groups from which nothing may be recommended are left out."""
    until = moment.today + dt.timedelta(days=moment.limits.ends_within_days)
    ending = list(_ENDING(customers=customer_ids, today=moment.today, until=until))
    articles = _articles_to_begin_with({group_id for _customer, group_id, *_rest in ending}) if ending else {}
    found: dict[int, list[Contract]] = defaultdict(list)
    for customer_id, group_id, supplier, ends_on, yearly_need in ending:
        if group_id in articles:
            found[customer_id].append(Contract(group_id, articles[group_id], supplier, ends_on, yearly_need))
    return found


def _articles_to_begin_with(group_ids: Collection[int]) -> dict[int, int]:
    """Group id → the article of it that most customers buy, of those that may be recommended."""
    offered = Product.objects.filter(group__in=group_ids, not_offered=False, discontinued_on=None, last_order_on=None)
    rows = offered.order_by("group_id", F("demand__buyers_count").desc(nulls_last=True), "pk").values_list("group_id", "pk")
    found: dict[int, int] = {}
    for group_id, product_id in rows:
        found.setdefault(group_id, product_id)
    return found
