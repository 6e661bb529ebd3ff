"""customers/imports/contact_list: the people of known customers."""

import datetime as dt

import pytest
from django.utils import timezone

from customers.imports.cells import Noted
from customers.imports.contact_list import legal
from customers.models import Consent, Contact, ContactBlock, Customer, Touched
from tests import factories
from tests.customers.imports.lists import counts, texts

WHY = "test"
HEAD = ["Kundennummer", "Vorname", "Nachname", "E-Mail"]


@pytest.fixture
def nord(db) -> Customer:
    return factories.make_customer("Bäckerei Nord", number="K-1")


def _people(customer: Customer) -> list[Contact]:
    return list(Contact.objects.for_system(WHY).filter(customer=customer).order_by("pk"))


def test_every_column_finds_its_place(contact_list, nord):
    result = contact_list.from_text("""
        Kundennummer | Anrede | Titel | Vorname | Nachname | Funktion | Telefon       | Mobil       | E-Mail           | Herkunft
        k-1          | Frau   | Dr.   | Kim     | Weiß     | Einkauf  | 030 23125-110 | 0171 3920011 | Kim@Nord.example | Messe 2025
    """)
    assert (result.verdict, counts(result)) == ("accept", (1, 0, 0, 0))
    [person] = _people(nord)
    assert (person.salutation, person.full_name, person.role, person.source) == ("ms", "Dr. Kim Weiß", "Einkauf", "Messe 2025")
    assert (person.phone_e164, person.phone_extension_digits, person.mobile_e164) == ("+493023125110", 3, "+491713920011")
    assert (person.email, person.match_key) == ("Kim@Nord.example", "kim@nord.example")
    assert list(Customer.objects.for_system(WHY).matching("weiss")) == [nord]
    assert Touched.objects.filter(customer=nord).exists()


def test_the_same_list_again_changes_nothing(contact_list, nord):
    rows = (
        ["Kundennummer", "Vorname", "Nachname", "E-Mail", "Rechtsgrundlage Telefon", "Rechtsgrundlage E-Mail"],
        ["K-1", "Kim", "Weiß", "kim@nord.example", "Einwilligung vom 03.11.2024", "Widerspruch"],
        ["K-1", "", "Groß", "", "Bestandskunde", ""],
    )
    assert counts(contact_list(*rows)) == (2, 0, 0, 0)
    before = _everything()
    Touched.objects.all().delete()
    assert counts(contact_list(*rows)) == (0, 0, 2, 0)
    assert _everything() == before
    assert not Touched.objects.exists()


def _everything() -> list:
    return [list(model.objects.for_system(WHY).order_by("pk").values()) for model in (Contact, Consent, ContactBlock)]


def test_an_unknown_customer_is_an_error(contact_list, nord):
    result = contact_list(HEAD, ["K-1", "Kim", "Weiß", ""], ["K-9", "Jo", "Neu", ""])
    assert texts(result)[1] == (
        "Zeile 3, Spalte „Kundennummer“: Einen Kunden mit der Nummer „K-9“ gibt es nicht. Lesen Sie zuerst die Kunden ein. Die Zeile wurde nicht übernommen."
    )
    assert _people(nord) == []


def test_people_of_a_merged_customer_belong_to_the_one_that_stays(contact_list, nord):
    factories.make_customer(number="K-0", merged_into=nord)
    contact_list(HEAD, ["K-0", "Kim", "Weiß", ""])
    assert [person.last_name for person in _people(nord)] == ["Weiß"]


def test_a_person_is_found_again_by_mail_when_the_name_changed(contact_list, nord):
    contact_list(HEAD, ["K-1", "Kim", "Weiß", "kim@nord.example"])
    assert counts(contact_list(HEAD, ["K-1", "Kim", "Groß", "KIM@nord.example"])) == (0, 1, 0, 0)
    assert [(person.last_name, person.version) for person in _people(nord)] == [("Groß", 2)]


def test_a_person_known_by_name_gets_the_mail_address(contact_list, nord):
    factories.make_contact(nord, "Weiß", first_name="Kim", match_key="kim weiss")
    assert counts(contact_list(HEAD, ["K-1", "Kim", "Weiß", "kim@nord.example"])) == (0, 1, 0, 0)
    assert [(person.email, person.match_key) for person in _people(nord)] == [("kim@nord.example", "kim@nord.example")]


def test_a_list_without_mail_finds_a_person_known_by_mail_and_keeps_the_address(contact_list, nord):
    contact_list(HEAD, ["K-1", "Kim", "Weiß", "kim@nord.example"])
    rows = (["Kundennummer", "Vorname", "Nachname", "Funktion"], ["K-1", "Kim", "Weiß", "Leitung"])
    assert counts(contact_list(*rows)) == (0, 1, 0, 0)
    assert counts(contact_list(*rows)) == (0, 0, 1, 0)
    assert [(person.role, person.email, person.match_key) for person in _people(nord)] == [
        ("Leitung", "kim@nord.example", "kim@nord.example")
    ]


def test_two_of_one_name_are_two_people_and_nobody_is_found_twice(contact_list, nord):
    factories.make_contact(nord, "Weiß", first_name="Kim", match_key="kim weiss")
    rows = (HEAD, ["K-1", "Kim", "Weiß", "eins@nord.example"], ["K-1", "Kim", "Weiß", "zwei@nord.example"])
    assert counts(contact_list(*rows)) == (1, 1, 0, 0)
    assert counts(contact_list(*rows)) == (0, 0, 2, 0)
    assert [person.email for person in _people(nord)] == ["eins@nord.example", "zwei@nord.example"]


def test_the_same_person_twice_in_the_list_is_one(contact_list, nord):
    result = contact_list(HEAD, ["K-1", "Kim", "Weiß", ""], ["k-1", "Kim", "Weiß", ""], is_lenient=True)
    assert counts(result) == (1, 0, 0, 1)
    assert [message.code for message in result.messages] == ["repeated"]


def test_consents_come_with_day_and_proof_and_are_never_given_again(contact_list, nord, dieter):
    rows = (["Kundennummer", "Nachname", "Rechtsgrundlage Telefon"], ["K-1", "Weiß", "Einwilligung vom 03.11.2024"])
    contact_list(*rows, by=dieter)
    consent = Consent.objects.for_system(WHY).get()
    assert (consent.channel, timezone.localdate(consent.granted_at), consent.recorded_by) == ("phone", dt.date(2024, 11, 3), dieter)
    assert consent.proof == "contacts.csv: Einwilligung vom 03.11.2024"
    Consent.objects.for_system(WHY).update(revoked_at=timezone.now())
    assert counts(contact_list(*rows)) == (0, 0, 1, 0)
    assert Consent.objects.for_system(WHY).count() == 1


def test_an_objection_becomes_a_block_that_no_list_lifts(contact_list, nord):
    head = ["Kundennummer", "Nachname", "Rechtsgrundlage E-Mail"]
    result = contact_list(head, ["K-1", "Weiß", "Widerspruch 01.02.2025"])
    assert texts(result, "note") == ["1 neue Werbesperre wurde gesetzt."]
    block = ContactBlock.objects.for_system(WHY).get()
    assert (block.kind, block.channel, block.set_on, block.contact) == ("objection", "email", dt.date(2025, 2, 1), _people(nord)[0])
    contact_list(head, ["K-1", "Weiß", "Einwilligung"])
    assert ContactBlock.objects.for_system(WHY).filter(lifted_at=None).count() == 1


def test_a_legal_basis_nobody_understands_enters_nothing_and_says_so(contact_list, nord):
    result = contact_list(["Kundennummer", "Nachname", "Rechtsgrundlage Telefon"], ["K-1", "Weiß", "mal sehen"])
    assert texts(result, "note") == [
        "Zeile 2, Spalte „Rechtsgrundlage Telefon“: „mal sehen“ sagt weder Einwilligung noch Widerspruch; für diesen Weg wurde nichts eingetragen."
    ]
    assert not Consent.objects.for_system(WHY).exists()


@pytest.mark.rules
@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Einwilligung", "consent"),
        ("Double-Opt-In 2024", "consent"),
        ("Widerspruch", "objection"),
        ("keine Werbung", "objection"),
        ("Opt-out", "objection"),
        ("Bestandskunde", ""),
        ("§ 7 Abs. 3 UWG", ""),
        ("keine Einwilligung", ""),
        ("", ""),
    ],
)
def test_words_of_a_legal_basis(typed, found):
    assert legal.basis(typed) == found


@pytest.mark.rules
def test_a_legal_basis_with_a_strange_date_has_none():
    assert [legal.granted_on(typed) for typed in ("Einwilligung 31.02.2024", "Einwilligung", "DOI 2024-11-03")] == [
        None,
        None,
        "2024-11-03",
    ]
    assert isinstance(legal.basis("vielleicht"), Noted)
