"""Many rows at once arrive as they are, on either database."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from customers.models import Customer, PurchaseMonth
from innendienst.lib import bulk
from tests import factories

pytestmark = pytest.mark.django_db

COLUMNS = ("customer_id", "product_id", "month", "quantity", "revenue_net", "contribution_margin", "lines_count")


def _rows(count: int) -> list[tuple]:
    customer, product = factories.make_customer(), factories.make_product()
    months = (dt.date(2000 + index // 12, index % 12 + 1, 1) for index in range(count))
    return [(customer.pk, product.pk, month, Decimal("1.500"), Decimal("10.00"), None, 1) for month in months]


def test_rows_keep_their_dates_decimals_and_unknowns():
    rows = _rows(1)
    assert bulk.copy_rows("customers_purchasemonth", COLUMNS, rows) == 1
    assert PurchaseMonth.objects.for_system("test").values_list(*COLUMNS).get() == rows[0]


def test_the_count_says_how_many_rows_there_were(monkeypatch):
    monkeypatch.setattr(bulk, "_BATCH", 10)
    assert bulk.copy_rows("customers_purchasemonth", COLUMNS, iter(_rows(25))) == 25
    assert PurchaseMonth.objects.for_system("test").count() == 25


def test_no_rows_are_no_error():
    assert bulk.copy_rows("customers_purchasemonth", COLUMNS, []) == 0


def test_a_failing_row_takes_back_the_whole_transaction():
    rows = _rows(3)
    with pytest.raises(IntegrityError), transaction.atomic():
        bulk.copy_rows("customers_purchasemonth", COLUMNS, [*rows, rows[0]])
    assert PurchaseMonth.objects.for_system("test").count() == 0


def test_text_that_looks_like_sql_is_stored_as_typed():
    name = "Robert'); DROP TABLE customers_customer;--\t\\N"
    columns = ["number", "number_key", "name", "sort_key", "street", "postcode", "town", "country", "phone", "phone_e164",
               "phone_extension_digits", "email", "industry", "group_number", "lifecycle", "delivery_block", "dunning_level",
               "is_inactive", "is_collective", "stated_abc_class", "version"]  # fmt: skip
    row = ["1", "1", name, "robert", "", "", "", "DE", "", "", 0, "", "", "", "active", False, 0, False, False, "", 1]
    bulk.copy_rows("customers_customer", columns, [row])
    assert Customer.objects.for_system("test").get().name == name
