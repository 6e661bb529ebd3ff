"""A telephone system opens the right customer by the caller's number."""

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories import make_contact, make_customer
from tests.workplace.scenes import make_follow_up

pytestmark = pytest.mark.django_db
URL = "/api/v1/calls/incoming"


@pytest.fixture
def customer(anna):
    found = make_customer("Bäckerei Nord", owner=anna, phone="030 23125-0")
    make_contact(found, "Weiß", phone="0152 28817386")
    return found


@pytest.mark.parametrize("number", ["+493023125 0", "030/23125-0", "0049 30 231250", "+49 152 28817386", "030 23125-417"])
def test_in_any_spelling_by_a_person_and_by_an_unknown_extension(annas, customer, number):
    answer = annas.get(URL, {"number": number})
    assert answer.url == f"/customers/{customer.pk}/?direction=incoming#call-note"


def test_the_page_it_opens_is_the_form_for_a_call_from_him(annas, customer):
    page = annas.get(annas.get(URL, {"number": "+4930231250"}).url).content.decode()
    assert 'name="direction" value="incoming" checked' in page


def test_several_or_none_lead_to_the_search(annas, anna, customer):
    make_customer("Bäckerei Süd", owner=anna, phone="030 23125-0")
    assert annas.get(URL, {"number": "030231250"}).url == f"{reverse('search')}?q=030231250"
    assert annas.get(URL, {"number": "04066969999"}).url.startswith(reverse("search"))


def test_machines_get_what_is_known_and_a_missing_number_is_said(annas, customer):
    answer = annas.get(URL, {"number": "030231250"}, headers={"Accept": "application/json"})
    assert [(one["name"], one["id"]) for one in answer.json()["customers"]] == [("Bäckerei Nord", customer.pk)]
    assert annas.get(URL, {"number": "anonym"}).status_code == 400


def test_who_asked_to_be_called_back_may_be_without_another_reason(annas, anna):
    stranger = make_customer("Unbekannt GmbH")
    make_follow_up(stranger, anna, timezone.localdate(), kind="callback")
    assert '<option value="callback" selected>' in annas.get(stranger.get_absolute_url()).content.decode()
