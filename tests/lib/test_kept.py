"""Kept tables are brought in line by writing only what differs."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import DataError, connection, transaction
from django.test.utils import CaptureQueriesContext

from customers.models import PurchaseMonth
from innendienst.lib import kept
from innendienst.lib.bulk import copy_rows
from innendienst.lib.kept import KeptTable, Source, add_rows, among, ids_param, keep, keep_rows, merge, staged, upsert
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


def bring(rows: list[tuple], customer_ids: list[int], act=merge) -> int:
    with staged(MONTHS) as source:
        copy_rows(source, MONTHS.columns, rows)
        return act(MONTHS, Source.of_table(source), among("customer_id"), [ids_param(customer_ids)])


def stored() -> list[tuple]:
    rows = PurchaseMonth.objects.for_system("test").order_by("month", "pk")
    return list(rows.values_list("month", "quantity", "revenue_net", "contribution_margin", "lines_count"))


def test_new_rows_come_changed_rows_change_gone_rows_go_and_equal_rows_are_left_alone(pair):
    customer, _product = pair
    assert bring([(*pair, MAY, 1, "10.00", None), (*pair, JUNE, 2, "20.00", 8)], [customer]) == 2
    assert bring([(*pair, MAY, 1, "10.00", None), (*pair, JUNE, 2, "20.00", 8)], [customer]) == 0
    assert bring([(*pair, JUNE, 2, "20.00", 9)], [customer]) == 2
    assert stored() == [(JUNE, Decimal(2), Decimal(20), Decimal(9), 7)]


@pytest.mark.parametrize(("before", "after"), [(None, 0), (0, None)])
def test_unknown_and_nothing_differ(pair, before, after):
    bring([(*pair, MAY, 1, 1, before)], [pair[0]])
    assert bring([(*pair, MAY, 1, 1, after)], [pair[0]]) == 1
    assert stored()[0][3] == after


def test_values_of_birth_are_never_written_again(pair):
    bring([(*pair, MAY, 1, 1, 1)], [pair[0]])
    PurchaseMonth.objects.for_system("test").update(lines_count=3)
    assert bring([(*pair, MAY, 1, 1, 2)], [pair[0]]) == 1
    assert stored()[0][4] == 3


def test_rows_not_concerned_stay(pair):
    bring([(*pair, MAY, 1, 1, 1)], [pair[0]])
    assert bring([], [factories.make_customer().pk]) == 0
    assert len(stored()) == 1


def test_an_upsert_deletes_nothing(pair):
    bring([(*pair, MAY, 1, 1, 1)], [pair[0]])
    assert bring([], [pair[0]], act=upsert) == 0
    assert len(stored()) == 1


def test_nobody_concerned_is_no_error():
    assert bring([], []) == 0


def test_where_nothing_is_stored_rows_are_written_straight_away_and_later_brought_in_line(pair):
    table = KeptTable("customers_purchasemonth", key=MONTHS.key, values=[*MONTHS.values, "lines_count"])

    def filled(*rows: tuple) -> list[str]:
        targets = []

        def fill(into: str) -> int:
            targets.append(into)
            return copy_rows(into, table.columns, rows)

        assert keep(table, fill, among("customer_id"), [ids_param([pair[0]])]) == len(rows)
        return targets

    assert filled((*pair, MAY, 1, 1, None, 2), (*pair, JUNE, 1, 1, None, 3)) == [table.name]
    assert filled((*pair, MAY, 2, 1, None, 2), (*pair, JUNE, 2, 1, None, 3)) == [f"staged_{table.name}"]
    assert [row[1] for row in stored()] == [2, 2]


@pytest.fixture(params=[0, 100], ids=["many", "few"])
def few(request, monkeypatch) -> int:
    """Rows as many and as few take their way: a temporary table, or parameters where the database can unfold them."""
    monkeypatch.setattr(kept, "FEW", request.param)
    return request.param


def test_rows_are_brought_in_line_with_as_many_statements_as_they_need(pair, few):
    concerned = among("customer_id"), [ids_param([pair[0]])]
    with CaptureQueriesContext(connection) as first:
        assert keep_rows(MONTHS, [(*pair, MAY, 1, Decimal("1.50"), None)], *concerned) == 1
    with CaptureQueriesContext(connection) as second:
        assert keep_rows(MONTHS, [(*pair, MAY, 1, Decimal("1.50"), None)], *concerned) == 0
    are_parameters = few and connection.vendor == "postgresql"
    assert ["TEMPORARY" in str(queries.captured_queries) for queries in (first, second)] == [False, not are_parameters]
    assert not are_parameters or len(second) == 2
    assert keep_rows(MONTHS, [(*pair, JUNE, 2, 1, None)], *concerned) == 2
    assert stored() == [(JUNE, Decimal(2), Decimal(1), None, 7)]
    assert keep_rows(MONTHS, [], *concerned) == 1
    assert stored() == []


def test_values_of_several_kinds_stand_in_one_column(pair, few):
    other = factories.make_product().pk
    rows = [(*pair, MAY, 1, Decimal("1.50"), None), (pair[0], other, MAY, Decimal("0.125"), 0, 8)]
    assert keep_rows(MONTHS, rows, among("customer_id"), [ids_param([pair[0]])]) == 2
    assert keep_rows(MONTHS, rows, among("customer_id"), [ids_param([pair[0]])]) == 0


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite holds no text to its length")
def test_a_text_that_is_too_long_is_refused_and_not_cut(few):
    table = KeptTable("customers_industrysum", key=["industry"], values=["customers_count", "revenue_12m"])
    with pytest.raises(DataError), transaction.atomic():
        keep_rows(table, [("x" * 200, 1, 1)])


def test_rows_that_are_added_leave_the_others_alone(pair, few):
    other = factories.make_customer().pk
    concerned = among("customer_id"), [ids_param([pair[0]])]
    assert add_rows(MONTHS, [(*pair, MAY, 1, 1, None)], *concerned) == 1
    assert add_rows(MONTHS, [(*pair, JUNE, 1, 1, None), (other, pair[1], MAY, 1, 1, None)], *concerned) == 2
    assert [row[0] for row in stored()] == [MAY, MAY, JUNE]
