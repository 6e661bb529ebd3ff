"""Kept tables are brought in line by writing only what differs."""

import datetime as dt
from decimal import Decimal

import pytest

from customers.models import PurchaseMonth
from innendienst.lib.bulk import copy_rows
from innendienst.lib.kept import KeptTable, among, ids_param, merge, staged, upsert
from tests import factories

pytestmark = pytest.mark.django_db

MONTHS = KeptTable(
    "customers_purchasemonth",
    key=["customer_id", "product_id", "month"],
    values=["quantity", "revenue_net", "contribution_margin"],
    born_with={"lines_count": 7},
)
MAY, JUNE = dt.date(2026, 5, 1), dt.date(2026, 6, 1)


@pytest.fixture
def pair() -> tuple[int, int]:
    return factories.make_customer().pk, factories.make_product().pk


def keep(rows: list[tuple], customer_ids: list[int], act=merge) -> int:
    with staged(MONTHS) as source:
        copy_rows(source, MONTHS.columns, rows)
        return act(MONTHS, source, among("customer_id"), [ids_param(customer_ids)])


def stored() -> list[tuple]:
    rows = PurchaseMonth.objects.for_system("test").order_by("month", "pk")
    return list(rows.values_list("month", "quantity", "revenue_net", "contribution_margin", "lines_count"))


def test_new_rows_come_changed_rows_change_gone_rows_go_and_equal_rows_are_left_alone(pair):
    customer, _product = pair
    assert keep([(*pair, MAY, 1, "10.00", None), (*pair, JUNE, 2, "20.00", 8)], [customer]) == 2
    assert keep([(*pair, MAY, 1, "10.00", None), (*pair, JUNE, 2, "20.00", 8)], [customer]) == 0
    assert keep([(*pair, JUNE, 2, "20.00", 9)], [customer]) == 2
    assert stored() == [(JUNE, Decimal(2), Decimal(20), Decimal(9), 7)]


@pytest.mark.parametrize(("before", "after"), [(None, 0), (0, None)])
def test_unknown_and_nothing_differ(pair, before, after):
    keep([(*pair, MAY, 1, 1, before)], [pair[0]])
    assert keep([(*pair, MAY, 1, 1, after)], [pair[0]]) == 1
    assert stored()[0][3] == after


def test_values_of_birth_are_never_written_again(pair):
    keep([(*pair, MAY, 1, 1, 1)], [pair[0]])
    PurchaseMonth.objects.for_system("test").update(lines_count=3)
    assert keep([(*pair, MAY, 1, 1, 2)], [pair[0]]) == 1
    assert stored()[0][4] == 3


def test_rows_not_concerned_stay(pair):
    keep([(*pair, MAY, 1, 1, 1)], [pair[0]])
    assert keep([], [factories.make_customer().pk]) == 0
    assert len(stored()) == 1


def test_an_upsert_deletes_nothing(pair):
    keep([(*pair, MAY, 1, 1, 1)], [pair[0]])
    assert keep([], [pair[0]], act=upsert) == 0
    assert len(stored()) == 1


def test_nobody_concerned_is_no_error():
    assert keep([], []) == 0
