"""Saved filters: made with a live count, used by the list of customers, and an NPS group that is not for everybody's eyes."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from customers.models import Segment
from customers.segments import all_customers, find
from nps.customer_groups import condition
from nps.models import Response
from tests import factories
from tests.nps.scenes import make_wave

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


@pytest.fixture
def mia(db):
    return factories.make_user("mia", Role.MARKETING, first_name="Mia", last_name="Wolf")


def answer(wave, customer, rating: int, days_ago: int) -> None:
    day = TODAY() - dt.timedelta(days=days_ago)
    Response.objects.create(wave=wave, customer=customer, rating=rating, channel="phone", answered_on=day)


@pytest.fixture
def answers(anna):
    """Three customers: was a detractor and is a promoter, a detractor, one whose answer was not to be seen by name."""
    customers = [factories.make_listed(f"Kunde {number}", owner=anna) for number in (1, 2, 3)]
    named, unnamed = make_wave("Mit Namen", shows_names=True), make_wave("Ohne Namen", shows_names=False)
    for wave, customer, rating, days_ago in ((named, 0, 3, 60), (named, 0, 9, 5), (named, 1, 6, 5), (unnamed, 2, 10, 5)):
        answer(wave, customers[customer], rating, days_ago)
    return customers


def numbers(client, segment) -> list[str]:
    page = client.get(reverse("customers:list"), {"segment": segment.pk}).context["page"]
    return [row.number for row in page.rows]


def test_the_latest_named_answer_says_to_which_group_a_customer_belongs(answers):
    found = [
        set(all_customers().filter(condition(codes))) for codes in (["promoter"], ["detractor"], ["promoter", "detractor"], ["passive"])
    ]
    assert found == [{answers[0]}, {answers[1]}, {answers[0], answers[1]}, set()]


def test_a_filter_is_made_counted_used_and_deleted(client, mia, anna):
    inside, outside = factories.make_listed(postcode="01067", owner=anna), factories.make_listed(postcode="30159", owner=anna)
    client.force_login(mia)
    counted = client.get(reverse("segments:count"), {"region": "01"}).content.decode()
    assert '<p class="figure">1</p>' in counted
    assert client.post(reverse("segments:add"), {"region": "01"}).status_code == 422  # without a name
    unknown = client.post(reverse("segments:add"), {"segment_name": "x", "p0-how": "bought", "p0-product": "zzz"}).content.decode()
    assert ("es gibt keinen Artikel „zzz“" in unknown, "Wählen Sie einen Artikel oder eine Gruppe" in unknown) == (True, False)
    client.post(reverse("segments:add"), {"region": "01", "segment_name": "Sachsen"})
    segment = Segment.objects.get()
    assert (segment.criteria, segment.made_by) == ({"region": "01"}, mia)
    assert list(find(all_customers(), segment.criteria, TODAY())) == [inside]
    client.post(reverse("segments:edit", args=[segment.pk]), {"region": "30", "segment_name": "Sachsen"})
    client.force_login(anna)
    assert numbers(client, segment) == [outside.number]
    page = client.get(reverse("customers:list"), {"segment": segment.pk}).content.decode()
    assert 'name="segment" value="' in page  # a further filter keeps it
    assert "Sachsen" in page
    assert client.get(reverse("customers:list"), {"segment": "x"}).context["page"].rows == []
    client.force_login(mia)
    client.post(reverse("segments:delete", args=[segment.pk]))
    assert not Segment.objects.exists()


def test_an_nps_group_is_for_those_alone_who_may_see_names(client, carla, mia, anna, answers):
    client.force_login(carla)
    client.post(reverse("segments:add"), {"nps": ["promoter"], "abc": ["C"], "segment_name": "Promotoren"})
    segment = Segment.objects.get()
    assert segment.criteria == {"abc": ["C"], "nps": ["promoter"]}
    assert numbers(client, segment) == [answers[0].number]
    assert "NPS-Gruppe: Promotoren" in client.get(reverse("segments:list")).content.decode()
    for other in (mia, anna):
        client.force_login(other)
        assert numbers(client, segment) == []
        assert "Promotoren" not in client.get(reverse("segments:list")).content.decode()
    client.force_login(mia)
    assert client.post(reverse("segments:delete", args=[segment.pk])).status_code == 404
    assert "NPS" not in client.get(reverse("segments:add")).context["form"].as_p()
    counted = client.get(reverse("segments:count"), {"nps": ["promoter"]}).content.decode()
    assert '<p class="figure">3</p>' in counted  # what she may not choose filters nothing
