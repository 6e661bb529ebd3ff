"""Customers who look alike: who is proposed, who is kept apart, and that it stays cheap."""

import pytest
from django.core.exceptions import PermissionDenied

from customers.duplicates.deciding import keep_apart, propose_again
from customers.duplicates.finding import likely_pairs
from customers.duplicates.rules import is_same_name
from customers.models import NotDuplicate
from customers.preferences import CustomersPreferences, Visibility
from innendienst.base import preferences
from tests.factories import make_customer, make_listed, make_user
from tests.reading import text

PLACE = {"postcode": "90402", "town": "Nürnberg", "phone": "030 23125-103", "email": ""}
LIST = "/customers/duplicates/"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Bäckerei Müller GmbH", "Baeckerei Mueller", True),
        ("Nord e. K.", "Nord", True),
        ("Müller & Söhne", "Müller Söhne GmbH & Co. KG", True),
        ("Müller Nord", "Müller Süd", False),
        ("Müller", "Müller Nord", False),
    ],
)
def test_names_are_the_same_once_spelling_and_legal_form_are_folded(one, other, same):
    assert is_same_name(one, other) is same


def make(name="Bäckerei Müller GmbH", **fields):
    return make_listed(name, **{**PLACE, **fields})


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "is_found"),
    [
        ({}, True),
        ({"name": "Baeckerei Mueller"}, True),
        ({"name": "Bäckerei Maier"}, False),
        ({"postcode": "90403"}, False),
        ({"phone": "030 23125-104"}, False),
        ({"phone": "030 23125-104", "email": "INFO@mueller.example"}, True),
        ({"phone": "", "email": ""}, False),
        ({"is_inactive": True}, True),
    ],
)
def test_the_same_name_and_postcode_and_a_shared_phone_or_mail_make_a_pair(carla, fields, is_found):
    one, other = make(email="info@mueller.example"), make(**{"email": "info@mueller.example" if "email" in fields else "", **fields})
    assert likely_pairs(carla) == ([(one.pk, other.pk)] if is_found else [])


@pytest.mark.django_db
def test_a_merged_customer_looks_like_nobody(carla):
    make(merged_into=make())
    assert likely_pairs(carla) == []


@pytest.mark.django_db
def test_of_several_each_is_paired_with_the_oldest_also_where_one_is_alike_by_mail(carla):
    first, second = make(), make(email="info@mueller.example")
    third = make(phone="030 23125-200", email="info@mueller.example")
    assert likely_pairs(carla) == [(first.pk, second.pk), (first.pk, third.pk)]


@pytest.mark.django_db
def test_who_was_kept_apart_is_not_proposed_until_that_is_taken_back(carla):
    first, second, third = make(), make(), make()
    said = keep_apart(actor=carla, one=second, other=first)
    assert keep_apart(actor=carla, one=first, other=second) == said
    assert likely_pairs(carla) == [(first.pk, third.pk)]
    keep_apart(actor=carla, one=first, other=third)
    assert likely_pairs(carla) == [(second.pk, third.pk)]
    propose_again(actor=carla, said=said)
    assert likely_pairs(carla) == [(first.pk, second.pk), (second.pk, third.pk)]


@pytest.mark.django_db
def test_nobody_is_kept_apart_by_a_rep_or_from_himself(anna, carla):
    one, other = make(), make()
    with pytest.raises(PermissionDenied):
        keep_apart(actor=anna, one=one, other=other)
    with pytest.raises(ValueError, match=str(one.pk)):
        keep_apart(actor=carla, one=one, other=one)
    assert not NotDuplicate.objects.for_system("a test counts").exists()


@pytest.mark.django_db
def test_a_pair_is_proposed_to_whoever_sees_both(dieter, anna, bernd):
    preferences.put(CustomersPreferences, by=dieter, visibility=Visibility.TEAM)
    make(owner=anna)
    make(owner=bernd)
    assert len(likely_pairs(dieter)) == 1
    assert likely_pairs(make_user("clara", "manager", team=anna.team)) == []


@pytest.mark.django_db
def test_the_page_says_why_and_remembers_that_two_are_two(carlas):
    one, other = make(number="K-1", email="info@mueller.example"), make("Baeckerei Mueller", number="K-2", email="info@mueller.example")
    said = text(carlas.get(LIST))
    assert "Bäckerei Müller GmbH K-1 · 90402 Nürnberg" in said
    assert "gleicher Name · PLZ 90402 · Telefon 030 23125-103 · E-Mail info@mueller.example" in said
    answer = carlas.post(f"{LIST}apart/", {"first": one.pk, "second": other.pk}, follow=True)
    assert "K-1 und K-2 bleiben getrennt" in text(answer)
    assert "Keine zwei Kunden sehen sich ähnlich" in text(answer)
    assert "Carla Sommer am" in text(carlas.get(LIST, {"show": "apart"}))
    part = carlas.post(f"{LIST}apart/", {"first": one.pk, "second": other.pk}, headers={"HX-Request": "true"}).content.decode()
    assert "bleiben getrennt" in part
    assert "<html" not in part
    again = NotDuplicate.objects.for_system("a test looks").get()
    assert "K-1" in text(carlas.post(f"{LIST}apart/{again.pk}/again/", follow=True))


@pytest.mark.django_db
def test_the_page_asks_as_often_for_many_pairs_as_for_one(carlas, django_assert_num_queries):
    make(), make()
    carlas.get(LIST)
    with django_assert_num_queries(7):
        carlas.get(LIST)
    for index in range(6):
        make(f"Kunde {index}"), make(f"Kunde {index}")
    with django_assert_num_queries(7):
        carlas.get(LIST)


@pytest.mark.django_db
def test_the_same_customer_twice_is_no_pair(carlas):
    customer = make_customer()
    assert carlas.post(f"{LIST}apart/", {"first": customer.pk, "second": customer.pk}).status_code == 404
    assert carlas.post(f"{LIST}apart/", {"first": customer.pk, "second": "x"}).status_code == 404
