"""customers/search_tokens.py: the words by which customers are found."""

import pytest
from django.db import connection

from customers import search_tokens, word_search
from customers.models import Contact, Customer, SearchToken
from tests import factories


def _customer(**fields) -> Customer:
    given = {
        "name": "Müller & Söhne GmbH",
        "number": "K-1004",
        "town": "Köln",
        "phone_e164": "+4930231251",
        "email": "info@mueller.example",
    }
    return Customer(**{**given, **fields})


@pytest.mark.rules
def test_words_are_folded_and_legal_forms_dropped():
    words = search_tokens.words_of(_customer(), [])
    assert words == {"muller", "sohne", "koln", "k-1004", "k1004", "k", "1004", "4930231251", "info", "example"}


@pytest.mark.rules
def test_a_person_is_found_by_name_mail_and_both_numbers():
    person = Contact(
        first_name="Jörg", last_name="Weiß", email="j.weiss@firma.example", phone_e164="+49302312500", mobile_e164="+491713920011"
    )
    assert search_tokens.words_of(_customer(), [person]) - search_tokens.words_of(_customer(), []) == {
        "jorg", "weiss", "j", "firma", "49302312500", "491713920011"
    }  # fmt: skip


@pytest.mark.rules
def test_a_number_that_cannot_be_read_is_found_by_its_digits():
    assert "23125100" in search_tokens.words_of(_customer(phone_e164="", phone="23125-100"), [])


@pytest.mark.rules
def test_a_word_is_cut_to_what_the_column_holds():
    assert max(map(len, search_tokens.words_of(_customer(name="x" * 200), []))) == search_tokens.WORD_LENGTH_MOST


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite plans by other means")
def test_the_database_knows_more_common_words_than_it_would_by_itself(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT attstattarget FROM pg_attribute WHERE attrelid = 'customers_searchtoken'::regclass AND attname = 'token'")
        assert cursor.fetchone() == (1_000,)


def _stored(customer: Customer) -> set[str]:
    return set(SearchToken.objects.filter(customer=customer).values_list("token", flat=True))


def test_refresh_writes_the_words_of_customer_and_people_and_a_second_one_nothing(db):
    customer = factories.make_customer("Bäckerei Nord", number="4711", phone="030 23125-100", town="Dresden")
    factories.make_contact(customer, "Weiß", first_name="Kim")
    assert search_tokens.refresh([customer.pk]) == 7
    assert _stored(customer) == {"backerei", "nord", "4711", "dresden", "493023125100", "weiss", "kim"}
    assert search_tokens.refresh([customer.pk]) == 0


def test_refresh_removes_words_that_hold_no_longer_and_leaves_other_customers_alone(db):
    nord, other = factories.make_customer("Nord"), factories.make_customer("Süd")
    search_tokens.refresh([nord.pk, other.pk])
    before = _stored(other)
    Customer.objects.for_system("test").filter(pk=nord.pk).update(name="West")
    assert search_tokens.refresh([nord.pk]) == 2
    assert "west" in _stored(nord)
    assert "nord" not in _stored(nord)
    assert _stored(other) == before


@pytest.mark.parametrize(
    "typed", ["Mueller", "müller köln", "k1004", "K-1004", "10-2034", "030 23125100", "+49 30 23125-1", "info@mueller.example", "Weiss"]
)
def test_a_customer_is_found_however_he_is_spelled(db, typed):
    number = "10-2034" if typed == "10-2034" else "K-1004"
    customer = factories.make_customer("Müller GmbH", number=number, town="Köln", phone="(030) 23125100", email="info@mueller.example")
    factories.make_contact(customer, "Weiß")
    factories.make_customer("Schulze", phone="")
    search_tokens.refresh(Customer.objects.for_system("test").values_list("pk", flat=True))
    assert list(Customer.objects.for_system("test").matching(typed)) == [customer]


def _four_customers() -> None:
    for index, name in enumerate(["Bäckerei Nord", "Nordlicht", "Süd", "Druck Nord"]):
        factories.make_customer(name, phone=f"030 2312510{index}", town=["Dresden", "Köln"][index % 2])
    search_tokens.refresh(Customer.objects.for_system("test").values_list("pk", flat=True))


@pytest.mark.parametrize("typed", ["Nord", "Nord Dresden", "030 2312510", "Nirgends", ""])
def test_many_hits_are_the_same_whichever_way_they_are_found(db, typed):
    _four_customers()
    everybody = Customer.objects.for_system("test")
    assert list(everybody.matching_widely(typed)) == list(everybody.matching(typed))


@pytest.mark.parametrize("words", [["nord"], ["nord", "dresden"], ["nord", "dres", "backerei"], ["nirgends"]])
def test_words_alone_find_what_the_list_finds(db, words):
    _four_customers()
    for name, changes in {
        "Nord alt": {"is_inactive": True},
        "Nord doppelt": {"merged_into": Customer.objects.for_system("test").first()},
    }.items():
        factories.make_customer(name, town="Dresden", **changes)
    search_tokens.refresh(Customer.objects.for_system("test").values_list("pk", flat=True))
    listed = Customer.objects.for_system("test").filter(is_inactive=False, merged_into=None)
    expected = listed.matching(" ".join(words)).order_by("sort_key", "pk").values_list("pk", flat=True)
    assert word_search.first_found(words, 1_001) == list(expected)


def test_a_page_of_many_is_found_only_where_they_are_many(db):
    _four_customers()
    assert word_search.first_of_many("nord", 2, counted_most=3) == []
    found = word_search.first_of_many("nord", 2, counted_most=2)
    assert found == word_search.first_found(["nord"], 2)
    assert len(found) == 2
