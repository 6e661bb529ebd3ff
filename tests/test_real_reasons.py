"""Reasons found in real invoice lines are right: checked against the lines by a few lines of plain Python that know no code of ours.

The lines are those of a wholesaler (see the data's own README). Of its customers a random few hundred with many lines are
taken, with all their lines, so that the check takes seconds.
"""

import csv
import datetime as dt
import gzip
import os
import random
from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from pathlib import Path
from statistics import median, median_low

import pytest
from django.conf import settings
from django.db import transaction

from campaigns.models import Opportunity
from customers.models import Product
from innendienst import recompute
from innendienst.base import jobs
from innendienst.base.models import Job
from innendienst.lib.bulk import copy_rows
from tests import factories

SHARED = Path(os.environ.get("SHARED_DIR", settings.BASE_DIR.parent / "shared"))
RAW = SHARED / "data" / "online_retail" / "online_retail_raw.csv.gz"
AS_OF = dt.date(2011, 12, 10)
DATENSTAND = dt.date(2011, 12, 9)
CUSTOMERS_COUNT, LINES_LEAST, ITEMS_MOST = 250, 80, 12
CENT = Decimal("0.01")

pytestmark = [pytest.mark.django_db, pytest.mark.skipif(not RAW.exists(), reason=f"no real lines: {RAW} is not there")]

Line = tuple[str, str, str, dt.date, Decimal, Decimal]  # invoice, customer, article, day, quantity, revenue


def read_lines() -> list[Line]:
    """The lines of the chosen customers as they stand in the file."""
    by_customer: dict[str, list[list[str]]] = defaultdict(list)
    with gzip.open(RAW, "rt", encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        assert next(rows) == ["InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country"]
        for row in rows:
            by_customer[row[6]].append(row)
    busy = sorted(customer for customer, lines in by_customer.items() if len(lines) >= LINES_LEAST and customer not in {"", "NA"})
    chosen = random.Random(2011).sample(busy, CUSTOMERS_COUNT)
    return [_line(row) for customer in chosen for row in by_customer[customer]]


def _line(row: list[str]) -> Line:
    invoice, article, _description, quantity, instant, price, customer, _country = row
    revenue = (Decimal(quantity) * Decimal(price)).quantize(CENT, rounding=ROUND_HALF_UP)
    return invoice, customer, article.upper(), dt.date.fromisoformat(instant[:10]), Decimal(quantity), revenue


def due_articles(lines: list[Line]) -> dict[str, dict[str, dict]]:
    """Customer → article → what its reason must say, straight from the lines (domain guide 6.4)."""
    days: dict[tuple[str, str], dict[dt.date, list[Decimal]]] = defaultdict(lambda: defaultdict(lambda: [Decimal(0), Decimal(0)]))
    for _invoice, customer, article, day, quantity, revenue in lines:
        days[customer, article][day][0] += quantity
        days[customer, article][day][1] += revenue
    due: dict[str, dict[str, dict]] = defaultdict(dict)
    for (customer, article), by_day in days.items():
        every = sorted(day for day, (quantity, _revenue) in by_day.items() if quantity > 0)
        ordered = every[-9:]
        if len(ordered) < 3:
            continue
        gap = median([(later - earlier).days for earlier, later in pairwise(ordered)])
        since, quantities = (DATENSTAND - ordered[-1]).days, [by_day[day][0] for day in ordered]
        usual, revenue = median_low(quantities), median([by_day[day][1] for day in ordered]).quantize(CENT, rounding=ROUND_HALF_UP)
        is_falling = quantities[-1] < usual * Decimal("0.7")
        if since < gap and len(every) >= 4 and is_falling:
            missing = (revenue * (1 - quantities[-1] / usual)).quantize(CENT, rounding=ROUND_HALF_UP)
            due[customer][article] = {
                "last_on": ordered[-1].isoformat(),
                "gap_days": f"{gap:g}",
                "quantity": f"{usual:g}",
                "last_quantity": f"{quantities[-1]:g}",
                "is_falling_only": True,
                "revenue": missing,
            }
        if not gap <= since <= 2.5 * gap or _pauses_at_this_time(every, int(gap)):
            continue
        due[customer][article] = {
            "last_on": ordered[-1].isoformat(),
            "gap_days": f"{gap:g}",
            "quantity": f"{usual:g}",
            "last_quantity": f"{quantities[-1]:g}" if is_falling else None,
            "revenue": revenue,
        }
    return due


def _pauses_at_this_time(days: list[dt.date], gap: int) -> bool:
    """Known for more than a year, and bought nothing around the same day of the year before."""
    last_year = DATENSTAND - dt.timedelta(days=365)
    around = [day for day in days if -(gap // 2) <= (day - last_year).days <= gap]
    return (last_year - days[0]).days > gap // 2 and not around


def store(lines: list[Line]) -> None:
    customers = {name: factories.make_customer(name, number=name).pk for name in sorted({line[1] for line in lines})}
    skus = sorted({line[2] for line in lines})
    Product.objects.bulk_create(Product(sku=sku, sku_key=sku.casefold(), name=sku) for sku in skus)
    products = dict(Product.objects.values_list("sku", "pk"))
    heads = sorted({(invoice, customer, day) for invoice, customer, _article, day, _quantity, _revenue in lines})
    orders = {invoice: (pk, day, customers[customer]) for pk, (invoice, customer, day) in enumerate(heads, start=1)}
    with transaction.atomic():
        copy_rows(
            "customers_order",
            ["id", "number", "number_key", "customer_id", "ordered_on"],
            [(pk, number, number.casefold(), customer, day) for number, (pk, day, customer) in orders.items()],
        )
        copy_rows(
            "customers_orderline",
            [
                "order_id",
                "position",
                "customer_id",
                "product_id",
                "ordered_on",
                "quantity",
                "unit",
                "revenue_net",
                "contribution_margin",
                "status",
            ],
            [
                (orders[invoice][0], position, customers[customer], products[article], day, quantity, "", revenue, None, "delivered")
                for position, (invoice, customer, article, day, quantity, revenue) in enumerate(lines, start=1)
            ],
        )


def test_every_reorder_is_right_and_none_is_missing():
    lines = read_lines()
    store(lines)
    job = Job.objects.create(kind=recompute.FULL, queue="bulk", args={"as_of": AS_OF.isoformat()})
    assert jobs.run(job.pk)
    expected = due_articles(lines)
    found = {
        each.customer.number: each
        for each in Opportunity.objects.for_system("test")
        .filter(kind="reorder")
        .select_related("customer")
        .prefetch_related("items__product")
    }
    assert set(found) == set(expected)
    assert sum(len(each.items.all()) for each in found.values()) > 200
    for customer, opportunity in found.items():
        due = expected[customer]
        best = sorted(due, key=lambda article: -due[article]["revenue"])[:ITEMS_MOST]
        items = list(opportunity.items.all())
        assert opportunity.facts["articles_count"] == len(due)
        assert [item.expected_revenue for item in items] == [due[article]["revenue"] for article in best]
        for item in items:
            wanted = due[item.product.sku]
            assert {**item.facts, "revenue": item.expected_revenue} == {name: value for name, value in wanted.items() if value is not None}
