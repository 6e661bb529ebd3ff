"""What is known of a customer in one row, from his order lines, contacts and complaints."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter

from django.db.models import Case, Count, DateField, DecimalField, Max, Q, QuerySet, Sum, When
from django.db.models.functions import Round
from django.db.models.lookups import Exact

from customers import sql
from customers.models import Activity, Complaint, Customer, DataState, OrderLine
from customers.preferences import CustomersPreferences
from customers.yearly import OrderDay, Yearly, yearly
from innendienst.base import preferences
from innendienst.lib.bulk import copy_rows
from innendienst.lib.kept import among, ids_param, merge, staged
from innendienst.lib.prepared import IdsParam, Param, Prepared

_WHY = "kept facts"
_MONEY = DecimalField(max_digits=14, decimal_places=2)


def refresh(customer_ids: Sequence[int], before: dt.date) -> Counter[str]:
    """Bring the facts of these customers in line with what lies before that day; rows written. ABC classes stay as they are."""
    with staged(sql.FACTS) as facts:
        copy_rows(facts, sql.FACTS.columns, list(_rows(customer_ids, before)))
        return Counter(CustomerFacts=merge(sql.FACTS, facts, among("customer_id"), [ids_param(customer_ids)]))


def refresh_abc() -> Counter[str]:
    """Class all customers anew by their twelve months' margin (domain guide 6.1); rows written.

    A customer whose margin is unknown counts with an assumed share of his revenue. A collective account is no customer: C.
    """
    chosen = preferences.get(CustomersPreferences)
    return Counter(CustomerFacts=sql.classify(chosen.assumed_cm_ratio, chosen.abc_a_share, chosen.abc_b_share))


def data_as_of(before: dt.date | None = None) -> dt.date | None:
    """The Datenstand, or what it was before a day: the date of the youngest order line that counts, None without any."""
    counted = OrderLine.objects.for_system(_WHY).filter(status__in=OrderLine.COUNTED)
    known = counted if before is None else counted.filter(ordered_on__lt=before)
    return known.aggregate(last=Max("ordered_on"))["last"]


def keep_data_state(loaded_at: dt.datetime) -> None:
    """Write down the Datenstand after an order list came in."""
    DataState.objects.update_or_create(pk=1, defaults={"last_order_on": data_as_of(), "loaded_at": loaded_at})


def keep_missing_data_state() -> None:
    """Write down the Datenstand where no import has done so."""
    if not DataState.objects.exists():
        DataState.objects.get_or_create(defaults={"last_order_on": data_as_of()})


def _rows(customer_ids: Sequence[int], before: dt.date) -> Iterator[list]:
    """The kept columns of each customer. Who has no order line yet stands with what the ERP states."""
    bought = {pk: vars(buying) for pk, buying in _purchases(customer_ids, before)}
    contacted = dict(_LAST_CONTACTS(customers=customer_ids))
    complaining = dict(_OPEN_COMPLAINTS(customers=customer_ids))
    for customer in _CUSTOMERS(customers=customer_ids):
        row = {
            "customer_id": customer.pk,
            **(bought.get(customer.pk) or _stated(customer)),
            "last_contact_on": contacted.get(customer.pk),
            "open_complaints_count": complaining.get(customer.pk, 0),
        }
        yield [row[column] for column in sql.FACTS.columns]


def _purchases(customer_ids: Sequence[int], before: dt.date) -> Iterator[tuple[int, Yearly]]:
    """Customer id and figures of those who have order lines before that day."""
    for customer_id, rows in groupby(_DAYS(customers=customer_ids, before=before), key=itemgetter(0)):
        yield customer_id, yearly([OrderDay._make(row[1:]) for row in rows], before)


def _days() -> QuerySet:
    """Rows customer and the fields of OrderDay; cancelled lines never count."""
    is_bought = Q(status__in=OrderLine.COUNTED, quantity__gt=0)
    return (
        OrderLine.objects.for_system(_WHY)
        .filter(customer__in=IdsParam("customers"), ordered_on__lt=Param("before", DateField()))
        .exclude(status=OrderLine.Status.CANCELLED)
        .order_by("customer_id", "ordered_on")
        .values_list("customer_id", "ordered_on")
        .annotate(
            revenue=Round(Sum("revenue_net"), precision=2),
            margin=Case(
                When(Exact(Count("pk"), Count("contribution_margin")), then=Round(Sum("contribution_margin"), precision=2)),
                output_field=_MONEY,
            ),
            orders_count=Count("order", filter=is_bought, distinct=True),
        )
    )


def _stated(customer: Customer) -> dict[str, object]:
    return {
        "revenue_12m": customer.stated_revenue or 0,
        "margin_12m": customer.stated_margin,
        "revenue_before": customer.stated_revenue_before or 0,
        "margin_before": None,
        "orders_12m_count": 0,
        "first_order_on": None,
        "last_order_on": customer.stated_last_order_on,
        "median_gap_days": None,
        "usual_revenue": None,
        "usual_margin": None,
        "is_stated": customer.stated_revenue is not None or customer.stated_last_order_on is not None,
    }


def _last_contacts() -> QuerySet:
    """Rows customer and day on which we last spoke with him: attempts do not count."""
    spoken = Activity.objects.for_system(_WHY).spoken().filter(customer__in=IdsParam("customers"))
    return spoken.order_by().values_list("customer").annotate(last=Max("at__date"))


def _open_complaints() -> QuerySet:
    open_ones = Complaint.objects.for_system(_WHY).unresolved().filter(customer__in=IdsParam("customers"))
    return open_ones.order_by().values_list("customer").annotate(Count("pk"))


_CUSTOMERS = Prepared(lambda: Customer.objects.for_system(_WHY).filter(pk__in=IdsParam("customers")))
_DAYS, _LAST_CONTACTS, _OPEN_COMPLAINTS = Prepared(_days), Prepared(_last_contacts), Prepared(_open_complaints)
