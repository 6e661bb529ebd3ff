"""What is known of a customer in one row, from his order lines, contacts and complaints."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import groupby
from operator import itemgetter

from django.db.models import Count, DateField, Max, QuerySet

from customers import sql
from customers.models import Activity, Complaint, Customer, DataState, OrderLine
from customers.preferences import CustomersPreferences
from customers.yearly import OrderDay, Yearly, yearly
from innendienst.base import preferences
from innendienst.lib.kept import among, ids_param, keep_rows
from innendienst.lib.prepared import IdsParam, Param, Prepared

_WHY = "kept facts"


def refresh(customer_ids: Sequence[int], before: dt.date) -> Counter[str]:
    """Bring the facts of these customers in line with what lies before that day; rows written. ABC classes stay as they are."""
    rows = list(_rows(customer_ids, before))
    return Counter(CustomerFacts=keep_rows(sql.FACTS, rows, among("customer_id"), [ids_param(customer_ids)]))


def refresh_abc() -> Counter[str]:
    """Class all customers anew by their twelve months' margin (domain guide 6.1); rows written.

    A customer whose margin is unknown counts with an assumed share of his revenue. A collective account is no customer: C.
    """
    chosen = preferences.get(CustomersPreferences)
    return Counter(CustomerFacts=sql.classify(chosen.assumed_cm_ratio, chosen.abc_a_share, chosen.abc_b_share))


def data_as_of(before: dt.date | None = None) -> dt.date | None:
    """The Datenstand, or what it was before a day: the date of the youngest order line that counts, None without any."""
    return next(iter(_LAST_DAY(before=before or dt.date.max)), None)


def keep_data_state(loaded_at: dt.datetime) -> None:
    """Write down the Datenstand after an order list came in."""
    DataState.objects.update_or_create(pk=1, defaults={"last_order_on": data_as_of(), "loaded_at": loaded_at})


def keep_missing_data_state() -> None:
    """Write down the Datenstand where no import has done so."""
    if not DataState.objects.exists():
        DataState.objects.get_or_create(defaults={"last_order_on": data_as_of()})


def _rows(customer_ids: Sequence[int], before: dt.date) -> Iterator[tuple]:
    """The kept columns of each customer. Who has no order line yet stands with what the ERP states."""
    bought = dict(_purchases(customer_ids, before))
    contacted = dict(_LAST_CONTACTS(customers=customer_ids))
    complaining = dict(_OPEN_COMPLAINTS(customers=customer_ids))
    stated = {pk: _stated(*values) for pk, *values in _STATED(customers=[pk for pk in customer_ids if pk not in bought])}
    for pk in customer_ids:
        if buying := bought.get(pk) or stated.get(pk):
            yield pk, *buying, contacted.get(pk), complaining.get(pk, 0)


def _purchases(customer_ids: Sequence[int], before: dt.date) -> Iterator[tuple[int, Yearly]]:
    """Customer id and figures of those who have order lines before that day."""
    for customer_id, rows in groupby(sql.read_order_days(customer_ids, before), key=itemgetter(0)):
        yield customer_id, yearly([OrderDay(*day, orders_count) for _customer, orders_count, *day in rows], before)


def _stated(revenue: Decimal | None, margin: Decimal | None, revenue_before: Decimal | None, last_order_on: dt.date | None) -> Yearly:
    """Figures of a customer from what the ERP says of him."""
    return Yearly(
        revenue_12m=revenue or Decimal(0),
        margin_12m=margin,
        revenue_before=revenue_before or Decimal(0),
        margin_before=None,
        orders_12m_count=0,
        last_order_on=last_order_on,
        is_stated=revenue is not None or last_order_on is not None,
    )


def _last_contacts() -> QuerySet:
    """Rows customer and day on which we last spoke with him: attempts do not count."""
    spoken = Activity.objects.for_system(_WHY).spoken().filter(customer__in=IdsParam("customers"))
    return spoken.order_by().values_list("customer").annotate(last=Max("at__date"))


def _open_complaints() -> QuerySet:
    open_ones = Complaint.objects.for_system(_WHY).unresolved().filter(customer__in=IdsParam("customers"))
    return open_ones.order_by().values_list("customer").annotate(Count("pk"))


_LAST_DAY = Prepared(
    lambda: (
        OrderLine.objects.for_system(_WHY)
        .filter(status__in=OrderLine.COUNTED, ordered_on__lt=Param("before", DateField()))
        .order_by("-ordered_on")
        .values_list("ordered_on", flat=True)[:1]
    )
)
_STATED = Prepared(
    lambda: (
        Customer.objects.for_system(_WHY)
        .filter(pk__in=IdsParam("customers"))
        .values_list("pk", "stated_revenue", "stated_margin", "stated_revenue_before", "stated_last_order_on")
    )
)
_LAST_CONTACTS, _OPEN_COMPLAINTS = Prepared(_last_contacts), Prepared(_open_complaints)
