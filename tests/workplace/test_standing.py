"""What stands above everything on a customer's page: how far he is as a reference, and his last answer for whom it is."""

import datetime as dt

import pytest

from nps.models import Response
from referrals.models import ReferenceCustomer
from tests import factories
from tests.nps.scenes import make_wave
from tests.reading import text

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
