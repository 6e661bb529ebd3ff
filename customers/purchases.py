"""The kept purchases of a customer: sums per product and month, and the rhythm in which he buys each product."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter

from customers import sql
from customers.rhythm import WINDOW_MONTHS, DayPurchase, rhythm
from innendienst.lib.bulk import copy_rows
from innendienst.lib.dates import add_months
from innendienst.lib.kept import among, ids_param, merge, staged


def refresh(customer_ids: Sequence[int], before: dt.date) -> Counter[str]:
    """Bring months and rhythms of these customers in line with their order lines before that day; rows written per table."""
    concerned, params = among("customer_id"), [ids_param(customer_ids)]
    with sql.staged_days(customer_ids, before) as days:
        with staged(sql.MONTHS) as months:
            sql.sum_months(days, into=months)
            months_written = merge(sql.MONTHS, months, concerned, params)
        with staged(sql.RHYTHMS) as rhythms:
            copy_rows(rhythms, sql.RHYTHMS.columns, list(_rhythms(days, add_months(before, -WINDOW_MONTHS))))
            rhythms_written = merge(sql.RHYTHMS, rhythms, concerned, params)
    return Counter(PurchaseMonth=months_written, PurchaseRhythm=rhythms_written)


def _rhythms(days: str, since: dt.date) -> Iterator[tuple]:
    """Rows in the order of the kept columns."""
    for (customer_id, product_id), rows in groupby(sql.read_days(days), key=itemgetter(0, 1)):
        found = rhythm([DayPurchase._make(row[2:]) for row in rows], since)
        if found is not None:
            yield customer_id, product_id, *found[:-1], _as_json(found.recent_on)


def _as_json(days: Sequence[dt.date]) -> str:
    """Put together by hand, because each customer and product takes this way."""
    listed = '", "'.join(map(str, days))
    return f'["{listed}"]'
