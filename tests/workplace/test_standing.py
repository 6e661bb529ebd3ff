"""What stands above everything on a customer's page and on his card: how far he is as a reference, and his last answer for whom it is."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from nps.models import Response
from referrals.models import ReferenceCustomer
from tests import factories
from tests.nps.scenes import make_wave
from tests.reading import text
from tests.workplace.scenes import make_callable

pytestmark = pytest.mark.django_db
NPS = "NPS: 9 von 10 am 02.11.2026"


@pytest.fixture
def nord(anna):
    return factories.make_listed("Nord", owner=anna)


def page_for(client, user, customer) -> str:
    client.force_login(user)
    return text(client.get(customer.get_absolute_url()))


def answer(customer, day: int, rating: int, *, shows_names: bool = True, **fields) -> None:
    wave = make_wave(f"Befragung {day}", shows_names=shows_names)
    Response.objects.create(wave=wave, customer=customer, rating=rating, channel="phone", answered_on=dt.date(2026, 11, day), **fields)


def test_nothing_stands_there_where_there_is_nothing(client, anna, nord):
    page = page_for(client, anna, nord)
    assert "Referenz:" not in page
    assert "NPS:" not in page


def test_the_state_as_reference_is_told_to_everybody_the_last_answer_to_those_it_names(client, anna, bernd, carla, nord):
    ReferenceCustomer.objects.create(customer=nord, state="thinking", asked_by=anna, thinking_until=dt.date(2026, 12, 9))
    answer(nord, 1, 3)
    answer(nord, 2, 9)
    answer(nord, 3, 1, invalid_reason="test")
    answer(nord, 4, 2, shows_names=False)
    for user, is_named in ((anna, True), (carla, True), (bernd, False)):
        page = page_for(client, user, nord)
        assert "Referenz: Bedenkzeit bis 09.12.2026" in page
        assert (NPS in page) is is_named
        assert "2 von 10" not in page


def test_the_card_of_mein_tag_says_it_too_without_one_more_query(client, anna):
    customers = [make_callable(anna, name, rank=rank) for name, rank in (("Nord", 90), ("Süd", 50))]
    client.force_login(anna)
    client.get("/")
    with CaptureQueriesContext(connection) as without:
        client.get("/")
    for customer in customers:
        ReferenceCustomer.objects.create(customer=customer, state="released", asked_by=anna)
    answer(customers[0], 2, 9)
    with CaptureQueriesContext(connection) as asked:
        page = text(client.get("/"))
    assert f"Referenz: Freigegeben {NPS}" in page
    assert page.count("Referenz:") == 1
    assert len(asked) == len(without)
    assert page_for(client, anna, customers[0]).count(NPS) == 1
