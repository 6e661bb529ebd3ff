import datetime as dt
from decimal import Decimal

import pytest

from innendienst.lib.typed import NoSuchDay, NotTyped, TooLarge, first_line, parse_amount, parse_date, parse_id, parse_ids

pytestmark = pytest.mark.rules

MONDAY = dt.date(2026, 11, 23)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("31.12.2026", dt.date(2026, 12, 31)),
        ("31.12.26", dt.date(2026, 12, 31)),
        (" 1.2.2027 ", dt.date(2027, 2, 1)),
        ("311226", dt.date(2026, 12, 31)),
        ("31122026", dt.date(2026, 12, 31)),
        ("2026-12-31", dt.date(2026, 12, 31)),
        ("31.12.", dt.date(2026, 12, 31)),
        ("2.1.", dt.date(2027, 1, 2)),
        ("23.11.", MONDAY),
        ("heute", MONDAY),
        ("Morgen", dt.date(2026, 11, 24)),
        ("today", MONDAY),
        ("+7", dt.date(2026, 11, 30)),
    ],
)
def test_a_date_is_read_in_every_spelling_of_the_office(text, day):
    assert parse_date(text, MONDAY) == day


@pytest.mark.parametrize("text", ["31.02.2027", "31.02.", "2027-02-31", "32.01.2027", "310227", "1.13.27"])
def test_a_day_the_calendar_lacks_is_told_apart_from_gibberish(text):
    with pytest.raises(NoSuchDay):
        parse_date(text, MONDAY)


@pytest.mark.parametrize("text", ["", "gestern", "12/31/2026", "31-12-2026", "+", "bald", "2026", "１２.１２.2026x"])
def test_what_is_no_date_is_refused(text):
    with pytest.raises(NotTyped):
        parse_date(text, MONDAY)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1234,56", "1234.56"),
        ("1.234,56", "1234.56"),
        ("1.234,5", "1234.5"),
        ("1.234", "1234"),
        ("1.234.567", "1234567"),
        ("142", "142"),
        ("142 €", "142"),
        ("1 234,50 €", "1234.50"),
        ("12.50", "12.50"),
        ("0,99", "0.99"),
    ],
)
def test_a_german_amount_is_read_as_written(text, amount):
    assert parse_amount(text) == Decimal(amount)


@pytest.mark.parametrize(
    "text", ["12,34,5", "12,345", "1.23.4", "1.2", "12.3456", "-5", "1e5", "", "fünf", "1234567890", "NaN", "1,234.56"]
)
def test_an_amount_that_could_mean_two_things_or_nothing_is_refused(text):
    with pytest.raises(NotTyped):
        parse_amount(text)


def test_an_amount_with_a_digit_too_many_is_told_apart_from_gibberish():
    with pytest.raises(TooLarge):
        parse_amount("1.234.567.890")


def test_in_english_the_marks_change_places():
    assert parse_amount("1,234.56", decimal_mark=".") == Decimal("1234.56")
    assert parse_amount("1,234", decimal_mark=".") == Decimal("1234")
    with pytest.raises(NotTyped):
        parse_amount("1.234,56", decimal_mark=".")


@pytest.mark.parametrize(("text", "found"), [("17", 17), ("0", 0), ("", None), ("-1", None), ("1e3", None), ("9" * 19, None)])
def test_an_id_is_a_number_that_the_database_could_hold(text, found):
    assert parse_id(text) == found


def test_of_many_texts_the_ids_are_kept_in_their_order():
    assert parse_ids(["3", "x", "1", ""]) == [3, 1]


@pytest.mark.parametrize(
    ("text", "line"), [("", ""), (" \n", ""), ("Palette", "Palette"), ("\n  Palette fehlt\nseit Montag", "Palette fehlt")]
)
def test_the_first_line_of_a_note_is_the_first_that_says_something(text, line):
    assert first_line(text) == line
