"""Figures and days as a reader sees them, in both languages."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import translation
from django.utils.formats import date_format

from innendienst.lib import display

TODAY = dt.date(2026, 11, 23)


def before(days: int) -> dt.date:
    return TODAY - dt.timedelta(days=days)


@pytest.mark.parametrize(
    ("amount", "german", "english"),
    [
        ("1234", "1.234 €", "1,234 €"),
        ("1234.49", "1.234 €", "1,234 €"),
        ("1234.5", "1.235 €", "1,235 €"),
        ("0", "0 €", "0 €"),
        ("-0.4", "0 €", "0 €"),
        ("-1234567.8", "\N{MINUS SIGN}1.234.568 €", "\N{MINUS SIGN}1,234,568 €"),
    ],
)
def test_euros_have_no_cents_and_a_real_minus(amount, german, english):
    for language, expected in (("de", german), ("en", english)):
        with translation.override(language):
            assert display.euros(Decimal(amount)) == expected.replace(" ", display.NBSP)


def test_euros_with_cents():
    with translation.override("de"):
        assert display.euros(Decimal("-1234.505"), decimals=2) == f"\N{MINUS SIGN}1.234,51{display.NBSP}€"


def test_an_unknown_amount_is_a_dash():
    assert display.euros(None) == "–"


@pytest.mark.parametrize(
    ("days", "german", "english"),
    [
        (0, "heute", "today"),
        (1, "gestern", "yesterday"),
        (2, "vor 2 Tagen", "2 days ago"),
        (59, "vor 59 Tagen", "59 days ago"),
        (60, "vor 2 Monaten", "2 months ago"),
        (75, "vor 2 Monaten", "2 months ago"),
        (77, "vor 3 Monaten", "3 months ago"),
        (365, "vor 12 Monaten", "12 months ago"),
        (700, "vor 23 Monaten", "23 months ago"),
        (731, "vor 2 Jahren", "2 years ago"),
        (1080, "vor 2 Jahren", "2 years ago"),
        (1100, "vor 3 Jahren", "3 years ago"),
    ],
)
def test_how_long_ago(days, german, english):
    for language, expected in (("de", german), ("en", english)):
        with translation.override(language):
            assert display.ago(before(days), TODAY) == expected


@pytest.mark.parametrize(
    ("days", "german", "english"),
    [
        (0, "seit heute", "since today"),
        (1, "seit gestern", "since yesterday"),
        (38, "seit 38 Tagen", "for 38 days"),
        (61, "seit 2 Monaten", "for 2 months"),
        (800, "seit 2 Jahren", "for 2 years"),
        (-2, "ab 25.11.2026", f"from 25{display.NBSP}Nov{display.NBSP}2026"),
    ],
)
def test_since_when(days, german, english):
    for language, expected in (("de", german), ("en", english)):
        with translation.override(language):
            assert display.since(before(days), TODAY) == expected


@pytest.mark.parametrize(
    ("quantity", "unit", "german", "english"),
    [
        ("12", "Kanister", "12 Kanister", "12 Kanister"),
        ("2.5", "kg", "2,5 kg", "2.5 kg"),
        ("1200", "Stück", "1.200 Stück", "1,200 Stück"),
        (Decimal("100"), "", "100", "100"),
        (Decimal("12.000"), "Karton", "12 Karton", "12 Karton"),
        ("0.125", "t", "0,125 t", "0.125 t"),
    ],
)
def test_quantities_carry_their_unit_in_the_readers_figures(quantity, unit, german, english):
    with translation.override("de"):
        assert display.quantity(quantity, unit) == german
    with translation.override("en"):
        assert display.quantity(quantity, unit) == english


def test_a_day_to_come_is_written_as_a_date():
    with translation.override("de"):
        assert display.ago(before(-7), TODAY) == "30.11.2026"


def test_a_due_day_names_its_weekday():
    with translation.override("de"):
        assert display.due(dt.date(2026, 11, 30)) == f"Mo{display.NBSP}30.11.2026"
    with translation.override("en"):
        assert display.due(dt.date(2026, 11, 30)) == "Mon 30 Nov 2026".replace(" ", display.NBSP)


def test_templates_write_english_days_and_times_alike():
    with translation.override("en"):
        written = date_format(dt.datetime(2026, 11, 9, 13, 2), "SHORT_DATETIME_FORMAT")  # noqa: DTZ001 - only its writing counts
    assert written == "9 Nov 2026, 13:02"
