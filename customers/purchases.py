"""The kept purchases of a customer: sums per product and month, and the rhythm in which he buys each product."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from functools import partial
from itertools import groupby
from operator import itemgetter

from customers import sql
from customers.rhythm import WINDOW_MONTHS, DayPurchase, rhythm
from innendienst.lib.bulk import copy_rows
from innendienst.lib.dates import add_months
from innendienst.lib.kept import among, ids_param, keep


def refresh(customer_ids: Sequence[int], before: dt.date) -> Counter[str]:
    """Bring months and rhythms of these customers in line with their order lines before that day; rows written per table."""
    concerned, params = among("customer_id"), [ids_param(customer_ids)]
    since = add_months(before, -WINDOW_MONTHS)
    with sql.staged_days(customer_ids, before) as days:
        return Counter(
            PurchaseMonth=keep(sql.MONTHS, partial(sql.sum_months, days), concerned, params),
            PurchaseRhythm=keep(sql.RHYTHMS, partial(_find_rhythms, days, since), concerned, params),
        )


def _find_rhythms(days: str, since: dt.date, into: str) -> int:
    """The database tells what was bought on a single day, which is most; the rest takes the rules."""
    return sql.rhythms_of_one_day(days, since, into) + copy_rows(into, sql.RHYTHMS.columns, _rhythms(days, since))


def _rhythms(days: str, since: dt.date) -> list[tuple]:
    """Rows in the order of the kept columns. Read to the end before the first is written: one connection does one thing at a time."""
    rows = []
    for (customer_id, product_id), bought in groupby(sql.read_several_days(days), key=itemgetter(0, 1)):
        found = rhythm([DayPurchase._make(row[2:]) for row in bought], since)
        if found is not None:
            rows.append((customer_id, product_id, *found[:-1], _as_json(found.recent_on)))
    return rows


def _as_json(days: Sequence[dt.date]) -> str:
    """Put together by hand, because each customer and product takes this way."""
    listed = '", "'.join(map(str, days))
    return f'["{listed}"]'
