"""customers/imports/cells.py, amounts.py and days.py: what a single cell means."""

import datetime as dt

import pytest

from customers.imports import amounts, cells, countries, days
from customers.imports.amounts import NumberColumn, Style
from customers.imports.cells import CellError, Noted, Words
from customers.imports.files.basics import Flaw

pytestmark = pytest.mark.rules

TODAY = dt.date(2026, 11, 23)


def _code(find, *args, **kwargs) -> str:
    with pytest.raises(CellError) as caught:
        find(*args, **kwargs)
    return caught.value.code


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ("  Müller GmbH ", "Müller GmbH"),
        ("Mu\u0308ller & So\u0308hne", "Müller & Söhne"),
        ("Müller\u00a0GmbH", "Müller GmbH"),
        ('Hof "Süd"\nTor 3', 'Hof "Süd"\nTor 3'),
        ("=1+1", "=1+1"),
        ("Bäckerei 🥨", "Bäckerei 🥨"),
        (4711.0, "4711"),
        (12.5, "12.5"),
        (dt.date(2026, 12, 31), "31.12.2026"),
        ("", ""),
    ],
)
def test_text_is_kept_as_it_stands(raw, kept):
    assert cells.text(raw, longest=40) == kept


@pytest.mark.parametrize(
    ("raw", "kept"),
    [("Null\u200bbreit", "Nullbreit"), ("Rechnung\u202efdp.exe", "Rechnungfdp.exe"), ("\x07Glocke", "Glocke"), ("_x0007_Glocke", "Glocke")],
)
def test_invisible_characters_go_with_a_note(raw, kept):
    found = cells.text(raw, longest=40)
    assert isinstance(found, Noted)
    assert (found.value, found.code) == (kept, "invisible_characters")


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("x" * 41, "too_long"),
        ("a\0b", "control_characters"),
        (Flaw.ERROR_VALUE, "error_value"),
        (Flaw.FORMULA_WITHOUT_VALUE, "formula_without_value"),
    ],
)
def test_text_that_cannot_be_kept(raw, code):
    assert _code(cells.text, raw, longest=40) == code


@pytest.mark.parametrize(
    ("raw", "kept"), [("000123", "000123"), (" K-1 ", "K-1"), (4711.0, "4711"), ("E12", "E12"), ("12E", "12E"), ("12E3X", "12E3X")]
)
def test_a_business_number_keeps_its_zeros(raw, kept):
    assert cells.number_text(raw, longest=40) == kept


@pytest.mark.parametrize(("raw", "code"), [("4,93511E+11", "digits_gone"), ("1.2E+15", "digits_gone"), ("K-\x0712", "control_characters")])
def test_a_business_number_that_lost_something_is_refused(raw, code):
    assert _code(cells.number_text, raw, longest=40) == code


def test_a_phone_number_shortened_by_excel_is_refused_and_never_quoted():
    with pytest.raises(CellError) as caught:
        cells.phone("4,93511E+11")
    assert (caught.value.code, caught.value.params) == ("digits_gone", {})


def test_a_phone_cell_without_a_digit_is_kept_and_pointed_out():
    noted = cells.phone(" keine ")
    assert (noted.value, noted.code, noted.params) == ("keine", "not_a_phone", {"value": "keine"})
    assert (cells.phone("0711 / 123-45"), cells.phone("")) == ("0711 / 123-45", "")


@pytest.mark.parametrize("raw", ["einkauf@firma.example", " Kim.Weiß@firma.example ", "mailto:a@b.example", ""])
def test_mail_addresses(raw):
    assert cells.email(raw) == raw.strip().removeprefix("mailto:")


@pytest.mark.parametrize("raw", ["keine.mail", "a@b", "a b@firma.example", "a@firma.example; b@firma.example", "@firma.example"])
def test_what_is_no_mail_address(raw):
    assert _code(cells.email, raw) == "not_an_email"


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ("ja", True),
        ("X", True),
        ("1", True),
        (1.0, True),
        ("WAHR", True),
        ("nein", False),
        ("", False),
        ("0", False),
        (0.0, False),
        ("FALSCH", False),
    ],
)
def test_flags(raw, said):
    assert cells.flag(raw) is said


def test_a_flag_that_says_neither():
    assert _code(cells.flag, "vielleicht") == "not_a_flag"


def test_words_are_known_however_they_are_spelled():
    kinds = Words.of({"device": "Gerät Maschine", "service": "Dienst_Leistung"})
    assert [cells.one_of(raw, kinds, "blank") for raw in ("GERAT", "gerät", "Dienst-Leistung", "")] == [
        "device",
        "device",
        "service",
        "blank",
    ]
    with pytest.raises(CellError) as caught:
        cells.one_of("Auto", kinds, "")
    assert caught.value.params == {"value": "Auto", "known": ["Gerät", "Dienst Leistung"]}


@pytest.mark.parametrize(
    ("raw", "country", "kept"),
    [
        ("01067", "DE", "01067"),
        ("D-01067", "DE", "01067"),
        ("1010", "AT", "1010"),
        ("CH-8001", "CH", "8001"),
        ("SW1A 1AA", "GB", "SW1A 1AA"),
        ("", "DE", ""),
    ],
)
def test_postcodes(raw, country, kept):
    assert cells.postcode(raw, country) == kept


def test_a_german_postcode_gets_its_zero_back_with_a_note():
    found = cells.postcode("1067")
    assert (found.value, found.code, found.params) == ("01067", "postcode_zero", {"value": "1067", "now": "01067"})


@pytest.mark.parametrize(("raw", "country", "digits"), [("ABCDE", "DE", 5), ("123", "DE", 5), ("01067", "AT", 4)])
def test_what_is_no_postcode(raw, country, digits):
    with pytest.raises(CellError) as caught:
        cells.postcode(raw, country)
    assert (caught.value.code, caught.value.params) == ("not_a_postcode", {"value": raw, "digits": digits})


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("", "DE"),
        ("Deutschland", "DE"),
        ("D", "DE"),
        ("Österreich", "AT"),
        ("Oesterreich", "AT"),
        ("ch", "CH"),
        ("United Kingdom", "GB"),
        ("NZ", "NZ"),
    ],
)
def test_countries(raw, code):
    assert countries.country(raw) == code


def test_a_country_nobody_knows():
    assert _code(countries.country, "Entenhausen") == "unknown_country"


# --- numbers ---------------------------------------------------------------------------------------------------------


def _column(*values, places: int = 2) -> NumberColumn:
    return NumberColumn(places, 12, lambda: values)


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        ("1.234,56", "1234.56"), ("1234,56", "1234.56"), ("1\u202f234,56 €", "1234.56"), ("EUR 1.234,56", "1234.56"), ("-5,5", "-5.50"),
        ("5,5-", "-5.50"), ("\N{MINUS SIGN}5,5", "-5.50"), ("+7", "7.00"), ("1.234.567", "1234567.00"), ("0,005", "0.01"), (1234.5, "1234.50"),
        (15.299999999999999, "15.30"), ("", None), ("  ", None),
    ],
)  # fmt: skip
def test_german_numbers(raw, number):
    assert _column("1.000,00")(raw) == number


@pytest.mark.parametrize(
    ("raw", "number"), [("1,234.56", "1234.56"), ("1234.5", "1234.50"), ("1'234.56", "1234.56"), ("1,234", "1234.00"), ("1.234", "1.23")]
)
def test_english_numbers(raw, number):
    assert _column("7.5")(raw) == number


@pytest.mark.parametrize(
    ("values", "number"),
    [
        (["1.234"], "1234.00"),
        (["1.234", "2,5"], "1234.00"),
        (["1.234", "2.5"], "1.23"),
        (["1.234", "7", "", "1,234.50"], "1.23"),
        (["1.234", "0.500"], "1.23"),
    ],
)
def test_the_column_decides_what_a_cell_alone_does_not_say(values, number):
    assert _column(*values)("1.234") == number


def test_the_column_is_read_at_most_once():
    asked = []
    column = NumberColumn(2, 12, lambda: asked.append(1) or ["1,5"])
    assert [column("3"), column("1.234"), column("2.000"), column("1,5")] == ["3.00", "1234.00", "2000.00", "1.50"]
    assert asked == [1]


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("viel", "not_a_number"),
        ("12,34,5", "not_a_number"),
        ("WAHR", "not_a_number"),
        ("1.23.4", "not_a_number"),
        ("--5", "not_a_number"),
        (1e308, "number_too_large"),
        ("1" * 13, "number_too_large"),
        ("1,234.56", "number_style"),
    ],
)
def test_what_is_no_number_of_a_german_column(raw, code):
    column = _column()
    column("1,5")
    assert _code(column, raw) == code


def test_a_column_without_a_clear_number_is_german():
    assert amounts.column_style(["1.234", "", "x", 5.0]) is Style.GERMAN


@pytest.mark.parametrize(("raw", "number"), [("0010", 10), (10.0, 10), ("", None), ("7", 7)])
def test_whole_numbers(raw, number):
    assert amounts.whole(raw, 0, 100) == number


@pytest.mark.parametrize("raw", ["1,5", 1.5, "-1", "101", "eins", "9" * 30])
def test_what_is_no_whole_number_within_bounds(raw):
    assert _code(amounts.whole, raw, 0, 100) == "not_whole"


# --- days ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "raw",
    [
        "31.12.2024",
        "31.12.24",
        "2024-12-31",
        "20241231",
        "31.12.2024 14:05",
        "2024-12-31T14:05:00",
        "31. 12. 2024",
        45657.0,
        "45657",
        dt.date(2024, 12, 31),
        dt.datetime.fromisoformat("2024-12-31 14:05"),
    ],
)
def test_days_however_they_are_written(raw):
    assert days.day(raw, latest=TODAY) == "2024-12-31"


def test_a_column_knows_how_its_days_were_written():
    read = days.DayColumn(latest=TODAY)
    for raw in ("", "2024-12-31", "31.12.2024", 45657.0, "31.12.24", "20241231", "30.12.2024"):
        read(raw)
    assert read.styles == ["YYYY-MM-DD", "DD.MM.YYYY", "Excel date", "DD.MM.YY", "YYYYMMDD"]


@pytest.mark.parametrize(
    ("values", "read", "style"),
    [
        (["05/06/2024", "12/31/2024"], ["2024-05-06", "2024-12-31"], "MM/DD/YYYY"),
        (["05/06/2024 9:30 AM", "", "4/15/24"], ["2024-05-06", None, "2024-04-15"], "MM/DD/YYYY"),
        (["05/06/2024", "31/12/2024"], ["2024-06-05", "2024-12-31"], "DD/MM/YYYY"),
    ],
)
def test_days_with_slashes_are_read_where_the_column_allows_one_order_only(values, read, style):
    column = days.DayColumn(latest=TODAY, values=lambda: values)
    assert [column(raw) for raw in values] == read
    assert column.styles == [style]


@pytest.mark.parametrize("values", [["05/06/2024", "7/8/2024"], ["31/12/2024", "12/31/2024"], ["13/13/2024"]])
def test_days_with_slashes_are_no_guess(values):
    column = days.DayColumn(latest=TODAY, values=lambda: values)
    assert {_code(column, raw) for raw in values} == {"date_order"}


def test_a_macs_workbook_counts_from_1904():
    assert days.day(44925.0, is_1904=True) == "2026-12-31"


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("31.02.2024", "no_such_day"),
        ("29.02.2027", "no_such_day"),
        ("29.02.", "date_without_year"),
        ("24.12", "date_without_year"),
        ("gestern", "not_a_date"),
        ("12/31/2026", "date_order"),
        ("05/06/2026", "date_order"),
        ("24.11.2026", "date_in_future"),
        ("01.01.1850", "date_too_early"),
        ("123", "not_a_date"),
        (1.5, "not_a_date"),
        ("32.01.2024", "no_such_day"),
    ],
)
def test_what_is_no_day(raw, code):
    assert _code(days.day, raw, latest=TODAY) == code


@pytest.mark.parametrize(("raw", "day"), [("01.01.70", "1970-01-01"), ("01.01.69", "2069-01-01"), ("", None)])
def test_two_figures_mean_the_year_nearest_to_a_business_life(raw, day):
    assert days.day(raw) == day
