"""Cells of planning documents: one spelling whatever was typed, and periods that follow each other."""

import datetime as dt

import pytest
from django.utils import translation

from innendienst.lib.planning.columns import CellRefused, Column, Kind, Reader
from innendienst.workplace.plans.acts import following

TODAY = dt.date(2026, 11, 30)
CHOICES = [("do", "umsetzen"), ("wait", "zurückstellen")]


@pytest.mark.parametrize(
    ("kind", "typed", "stored", "shown"),
    [
        (Kind.TEXT, "  Anrufe\r\nnach Lieferung ", "Anrufe\nnach Lieferung", "Anrufe\nnach Lieferung"),
        (Kind.DATE, "311226", "2026-12-31", "31.12.2026"),
        (Kind.DATE, "+7", "2026-12-07", "07.12.2026"),
        (Kind.MONEY, "1.234,5 €", "1234.50", "1.234,50\u00a0€"),
        (Kind.MONEY, "−80", "-80.00", "−80\u00a0€"),
        (Kind.COUNT, "1.200", "1200", "1.200"),
        (Kind.HOURS, "2,50", "2.5", "2,5"),
        (Kind.HOURS, "10", "10", "10"),
        (Kind.CHOICE, "Umsetzen", "do", "umsetzen"),
        (Kind.CHOICE, "wait", "wait", "zurückstellen"),
        (Kind.TEXT, "Umsetzen", "do", "umsetzen"),  # words a document begins with
        (Kind.MONEY, "   ", "", ""),
    ],
)
def test_a_cell_is_stored_in_one_spelling_and_can_be_typed_again(kind, typed, stored, shown):
    column, reader = Column("any", "Spalte", kind, CHOICES), Reader(TODAY)
    with translation.override("de"):
        assert reader.stored(column, typed) == stored
        assert reader.shown(column, stored) == shown
        assert reader.stored(column, reader.typed(column, stored)) == stored


@pytest.mark.parametrize(
    ("kind", "typed"),
    [(Kind.DATE, "31.02."), (Kind.MONEY, "abc"), (Kind.COUNT, "2,5 Kunden"), (Kind.CHOICE, "vielleicht"), (Kind.TEXT, "x" * 2001), (Kind.TEXT, "\0")],
)  # fmt: skip
def test_what_a_column_does_not_take_is_refused(kind, typed):
    with translation.override("de"), pytest.raises(CellRefused):
        Reader(TODAY).stored(Column("any", "Spalte", kind, CHOICES), typed)


@pytest.mark.parametrize(
    ("first", "last", "next_first", "next_last"),
    [
        ("2027-01-01", "2027-03-31", "2027-04-01", "2027-06-30"),
        ("2026-12-01", "2026-12-31", "2027-01-01", "2027-01-31"),
        ("2027-01-04", "2027-01-15", "2027-01-16", "2027-01-27"),
    ],
)
def test_the_next_period_is_as_long_in_months_or_else_in_days(first, last, next_first, next_last):
    assert following(dt.date.fromisoformat(first), dt.date.fromisoformat(last)) == tuple(
        map(dt.date.fromisoformat, (next_first, next_last))
    )
