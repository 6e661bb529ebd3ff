"""customers/imports/customer_list: companies from a list."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.models import Role
from customers.imports.run import run_import
from customers.models import Contact, ContactBlock, Customer, CustomerFacts, SearchToken, Touched
from tests import factories
from tests.customers.imports.lists import counts, texts, write_csv, write_xlsx

WHY = "test"


def _customer(number: str) -> Customer:
    return Customer.objects.for_system(WHY).get(number=number)


def _blocks(**conditions):
    return ContactBlock.objects.for_system(WHY).filter(**conditions)


def _people(number: str) -> list[str]:
    return [person.full_name for person in Contact.objects.for_system(WHY).filter(customer__number=number)]


def test_every_column_finds_its_place(customer_list, anna):
    result = customer_list.from_text("""
        Kundennummer | Firma       | Straße     | PLZ   | Ort     | Land | Telefon        | E-Mail           | Branche | ABC-Klasse | Kunde seit | Betreuer   | Umsatz   | Deckungsbeitrag | Umsatz Vorjahr | Letzter Kauf | Liefersperre | Mahnstufe | Inaktiv | Konzern | Sammelkunde
        000123       | Müller GmbH | Hauptstr 1 | 01067 | Dresden | DE   | 030 23125-100  | info@mu.example  | Handel  | a          | 01.03.2015 | Lang, Anna | 1.234,56 | 400             | 1.000          | 01.02.2024   | ja           | 2         | nein    | G-7     | x
    """)
    assert (result.verdict, counts(result)) == ("accept", (1, 0, 0, 0))
    found = _customer("000123")
    assert {name: getattr(found, name) for name in ("number_key", "name", "sort_key", "street", "postcode", "town", "country", "email", "industry", "stated_abc_class", "group_number", "dunning_level", "lifecycle")} == {
        "number_key": "000123", "name": "Müller GmbH", "sort_key": "muller gmbh", "street": "Hauptstr 1", "postcode": "01067", "town": "Dresden",
        "country": "DE", "email": "info@mu.example", "industry": "Handel", "stated_abc_class": "A", "group_number": "G-7", "dunning_level": 2,
        "lifecycle": "active",
    }  # fmt: skip
    assert (found.phone, found.phone_e164, found.phone_extension_digits) == ("030 23125-100", "+493023125100", 3)
    assert (found.customer_since, found.stated_last_order_on) == (dt.date(2015, 3, 1), dt.date(2024, 2, 1))
    assert (found.stated_revenue, found.stated_margin, found.stated_revenue_before) == (Decimal("1234.56"), Decimal(400), Decimal(1000))
    assert (found.owner, found.delivery_block, found.is_inactive, found.is_collective) == (anna, True, False, True)


def test_a_new_customer_can_be_found_and_listed_at_once(customer_list):
    customer_list(["Kundennummer", "Firma"], ["K-1", "Bäckerei Nord"])
    assert [customer.number for customer in Customer.objects.for_system(WHY).matching("baeckerei")] == ["K-1"]
    assert CustomerFacts.objects.for_system(WHY).get(customer__number="K-1").revenue_12m == 0
    assert Touched.objects.filter(customer__number="K-1").exists()


@pytest.mark.parametrize("spelled", ["anna", "ANNA", "anna@innendienst.example", "Lang, Anna", "lang,anna", "Anna Lang"])
def test_the_owner_may_be_named_in_many_ways(customer_list, anna, bernd, spelled):
    customer_list(["Kundennummer", "Firma", "Zuständig"], ["1", "a", spelled])
    assert _customer("1").owner == anna


def test_a_new_customer_without_owner_goes_to_the_pool_and_a_known_one_keeps_his(customer_list, anna):
    factories.make_customer("Alt", number="1", owner=anna)
    result = customer_list(["Kundennummer", "Firma", "Betreuer"], ["1", "Alt", ""], ["2", "Neu", ""])
    assert (_customer("1").owner, _customer("2").owner) == (anna, None)
    assert counts(result) == (1, 0, 1, 0)
    assert texts(result, "note") == ["1 bekannter Kunde hat in der Liste keinen Betreuer und behält den bisherigen."]


def test_an_unknown_owner_is_an_error_with_row_and_column(customer_list, anna):
    result = customer_list(["Kundennummer", "Firma", "Betreuer"], ["1", "a", "anna"], ["2", "b", "gibt.es.nicht"])
    assert result.verdict == "reject"
    assert texts(result)[1:] == [
        "Zeile 3, Spalte „Betreuer“: „gibt.es.nicht“ ist niemand, der Kunden betreuen kann. "
        "Erwartet: Benutzername, E-Mail oder „Name, Vorname“. Die Zeile wurde nicht übernommen."
    ]
    assert not Customer.objects.for_system(WHY).exists()


def test_nobody_becomes_owner_whose_role_does_not_call_or_who_left(customer_list, team_north):
    factories.make_user("feld", Role.FIELD_SALES, team=team_north)
    factories.make_user("weg", team=team_north, is_active=False)
    result = customer_list(["Kundennummer", "Firma", "Betreuer"], ["1", "a", "feld"], ["2", "b", "weg"])
    assert [message.row for message in result.messages if message.row] == [2, 3]


def test_two_people_of_one_name_are_a_question(customer_list, anna, team_south):
    factories.make_user("anna2", first_name="Anna", last_name="Lang", team=team_south)
    result = customer_list(["Kundennummer", "Firma", "Betreuer"], ["1", "a", "Lang, Anna"], is_lenient=True)
    assert [message.code for message in result.messages if message.row] == ["ambiguous_owner"]


def test_the_same_list_again_changes_nothing(customer_list, anna):
    rows = (
        ["Kundennummer", "Firma", "PLZ", "Telefon", "Betreuer", "Vorname", "Nachname", "Umsatz", "Letzter Kauf", "Werbesperre"],
        ["1", "Müller", "1067", "(030) 23125/100", "anna", "Kim", "Weiß", "1.234,5", "31.12.2024", "ja"],
        ["2", "Meier", "", "", "", "", "", "", "", ""],
    )
    assert counts(customer_list(*rows)) == (2, 0, 0, 0)
    before = _everything()
    result = customer_list(*rows)
    assert (result.verdict, counts(result)) == ("accept", (0, 0, 2, 0))
    assert _everything() == before


def _everything() -> list:
    kept = [Customer, Contact, ContactBlock, CustomerFacts]
    return [list(model.objects.for_system(WHY).order_by("pk").values()) for model in kept] + [
        list(SearchToken.objects.order_by("pk").values())
    ]


def test_only_what_differs_is_written_as_the_next_version(customer_list):
    customer_list(["Kundennummer", "Firma", "Ort"], ["1", "Müller", "Köln"], ["2", "Meier", "Bonn"], ["3", "Schulz", "Ulm"])
    Touched.objects.all().delete()
    result = customer_list(["Kundennummer", "Firma", "Ort"], ["1", "Müller", "Köln"], ["2", "Meier", "Berlin"], ["4", "Neu", "Hof"])
    assert counts(result) == (1, 1, 1, 0)
    assert [_customer(number).version for number in "123"] == [1, 2, 1]
    assert _customer("2").town == "Berlin"
    assert sorted(Touched.objects.values_list("customer__number", flat=True)) == ["2", "4"]
    assert [customer.number for customer in Customer.objects.for_system(WHY).matching("berlin")] == ["2"]
    assert not Customer.objects.for_system(WHY).matching("bonn").exists()


def test_columns_that_the_list_lacks_leave_what_is_stored(customer_list, anna):
    customer_list(["Kundennummer", "Firma", "Ort", "Telefon", "Betreuer"], ["1", "Müller", "Köln", "030 23125100", "anna"])
    customer_list(["Kundennummer", "Firma"], ["1", "Müller & Söhne"])
    found = _customer("1")
    assert (found.name, found.town, found.phone_e164, found.owner) == ("Müller & Söhne", "Köln", "+493023125100", anna)


def test_numbers_are_compared_without_case_and_blanks_but_with_zeros(customer_list):
    customer_list(["Kundennummer", "Firma"], ["k-1004", "a"])
    result = customer_list(["Kundennummer", "Firma"], [" K-1004 ", "a"], ["000123", "b"], ["123", "c"])
    assert counts(result) == (2, 1, 0, 0)
    assert _customer("K-1004").number_key == "k-1004"


def test_a_first_contact_is_made_once_and_never_changed(customer_list):
    rows = (["Kundennummer", "Firma", "Vorname", "Nachname"], ["1", "a", "Kim", "Weiß"], ["2", "b", "", ""], ["3", "c", "", "Groß"])
    customer_list(*rows)
    assert [_people(number) for number in "123"] == [["Kim Weiß"], [], ["Groß"]]
    person = Contact.objects.for_system(WHY).get(last_name="Weiß")
    Contact.objects.for_system(WHY).filter(pk=person.pk).update(email="kim@a.example", match_key="kim@a.example")
    assert counts(customer_list(*rows)) == (0, 0, 3, 0)
    result = customer_list(rows[0], ["1", "a", "Jo", "Neu"])
    assert counts(result) == (0, 1, 0, 0)
    assert _people("1") == ["Kim Weiß", "Jo Neu"]
    assert [customer.number for customer in Customer.objects.for_system(WHY).matching("neu")] == ["1"]


def test_a_block_is_set_and_never_lifted(customer_list, dieter):
    rows = (["Kundennummer", "Firma", "Werbesperre"], ["1", "a", "ja"], ["2", "b", ""])
    result = customer_list(*rows, by=dieter)
    assert texts(result, "note") == ["1 neue Werbesperre wurde gesetzt."]
    assert [(block.customer.number, block.kind, block.channel, block.set_by, block.reason) for block in _blocks()] == [
        ("1", "block", "", dieter, "customers.csv")
    ]
    assert counts(customer_list(rows[0], ["1", "a", "nein"], ["2", "b", ""])) == (0, 0, 2, 0)
    assert _blocks(lifted_at=None).count() == 1
    assert counts(customer_list(["Kundennummer", "Firma"], ["1", "a"])) == (0, 0, 1, 0)
    assert _blocks(lifted_at=None).count() == 1


def test_a_block_that_was_lifted_is_set_again_when_the_erp_still_says_so(customer_list):
    rows = (["Kundennummer", "Firma", "Werbesperre"], ["1", "a", "ja"])
    customer_list(*rows)
    _blocks().update(lifted_at=timezone.now())
    assert counts(customer_list(*rows)) == (0, 1, 0, 0)
    assert _blocks(lifted_at=None).count() == 1


def test_strict_writes_nothing_when_one_row_is_bad(customer_list):
    result = customer_list(["Kundennummer", "Firma", "PLZ"], ["1", "a", "01067"], ["2", "b", "ABCDE"])
    assert (result.verdict, counts(result)) == ("reject", (0, 0, 0, 1))
    assert texts(result) == [
        "1 Zeile ist fehlerhaft, deshalb wurde nichts übernommen. Berichtigen Sie sie, oder lassen Sie fehlerhafte Zeilen weg.",
        "Zeile 3, Spalte „PLZ“: „ABCDE“ ist keine Postleitzahl (erwartet: 5 Ziffern). Die Zeile wurde nicht übernommen.",
    ]
    assert not Customer.objects.for_system(WHY).exists()
    assert not Touched.objects.exists()


def test_lenient_takes_the_good_rows_and_names_the_bad_ones(customer_list):
    result = customer_list(["Kundennummer", "Firma", "Umsatz"], ["1", "a", "5"], ["2", "", "viel"], ["3", "c", "7,5"], is_lenient=True)
    assert (result.verdict, counts(result)) == ("warn", (2, 0, 0, 1))
    assert sorted((message.row, message.column, message.code) for message in result.messages) == [
        (3, "Firma", "missing"),
        (3, "Umsatz", "not_a_number"),
    ]
    assert _customer("3").stated_revenue == Decimal("7.50")


def test_a_preview_tells_what_would_be_done_and_writes_nothing(customer_list):
    rows = (["Kundennummer", "Firma", "Werbesperre"], ["1", "a", "ja"], ["2", "b", ""])
    customer_list(rows[0], ["1", "alt", ""])
    before = _everything()
    result = customer_list(*rows, is_preview=True)
    assert (result.verdict, result.run_id, counts(result)) == ("accept", None, (1, 1, 0, 0))
    assert _everything() == before


def test_a_row_twice_is_one_customer_and_both_rows_are_named(customer_list):
    result = customer_list(["Kundennummer", "Firma"], ["1", "a"], ["2", "b"], ["1", "a"], is_lenient=True)
    assert counts(result) == (2, 0, 0, 1)
    assert texts(result) == [
        "Zeile 4, Spalte „Kundennummer“: Doppelt: Die Zeile wiederholt Zeile 2 („1“). Die Zeile wurde nicht übernommen."
    ]


def test_one_number_with_two_companies_counts_for_neither(customer_list):
    result = customer_list(["Kundennummer", "Firma"], ["K-1", "a"], ["2", "b"], ["k-1", "c"], ["K-1", "a"], is_lenient=True)
    assert counts(result) == (1, 0, 0, 3)
    assert [(message.row, message.code, message.params["other"]) for message in result.messages] == [
        (2, "contradiction", 4),
        (4, "contradiction", 2),
        (5, "contradiction", 4),
    ]


def test_windows_1252_with_umlauts(tmp_path, customer_list):
    write_csv(customer_list.path, ["Kundennummer", "Firma", "Straße"], ["1", "Größe & Söhne", "Weißstraße 1"], encoding="cp1252")
    result = run_import("customers", customer_list.path)
    assert (result.verdict, texts(result, "note")) == (
        "accept",
        ["Die Datei ist nicht UTF-8; sie wurde als Windows-1252 gelesen, wie deutsches Excel sie speichert."],
    )
    assert (_customer("1").name, _customer("1").street) == ("Größe & Söhne", "Weißstraße 1")


def test_an_excel_list_with_numbers_and_dates(tmp_path, customer_list):
    path = write_xlsx(
        tmp_path / "kunden.xlsx",
        ["Kundennummer", "Firma", "PLZ", "Umsatz", "Letzter Kauf"],
        [4711, "Müller", 1067, 1234.5, dt.date(2024, 12, 31)],
        before=[["Kundenliste"], []],
    )
    result = run_import("customers", path)
    assert (result.verdict, counts(result)) == ("accept", (1, 0, 0, 0))
    found = _customer("4711")
    assert (found.postcode, found.stated_revenue, found.stated_last_order_on) == ("01067", Decimal("1234.50"), dt.date(2024, 12, 31))
    assert texts(result, "note") == [
        "Die Kopfzeile wurde in Zeile 3 gefunden; die Zeilen darüber wurden weggelassen.",
        "Zeile 4, Spalte „PLZ“: Der Postleitzahl 1067 fehlte die führende Null; ergänzt zu 01067.",
    ]


def test_a_list_in_english(customer_list):
    customer_list(["Customer number", "Company", "Revenue", "Last purchase"], ["1", "a", "1,234.50", "2024-12-31"])
    assert _customer("1").stated_revenue == Decimal("1234.50")


def test_a_new_number_for_a_company_that_is_known_is_a_warning(customer_list):
    head = ["Kundennummer", "Firma", "PLZ", "Telefon", "E-Mail"]
    customer_list(head, ["1", "Müller GmbH", "01067", "0351 12345", "info@m.example"], ["2", "Meier", "01067", "0351 99999", ""])
    result = customer_list(
        head, ["3", "Mueller GmbH", "01067", "", "INFO@m.example"], ["4", "MÜLLER GmbH", "01067", "(0351) 12345", ""],
        ["5", "Müller GmbH", "20095", "0351 12345", ""], ["6", "Meier", "01067", "", ""],
    )  # fmt: skip
    assert (result.verdict, result.created) == ("warn", 4)
    assert [(message.row, message.params["other"]) for message in result.messages] == [(2, "1"), (3, "1")]
    assert "sieht aber aus wie Kunde 1" in result.messages[0].text
