"""The target group: counted while it is put together, frozen at approval, and what the page says of it."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaigns.special import acts
from campaigns.special.models import Campaign
from customers.models import ContactBlock, Segment
from customers.touched import touch
from innendienst.base import jobs
from tests import factories
from tests.campaigns.special.scenes import TODAY, approve, make_campaign, make_members, refresh
from tests.reading import text

pytestmark = pytest.mark.django_db


def test_a_share_that_finds_too_few_stays_noted_and_the_page_says_what_happens(client, mia, carla, anna):
    make_members(2, anna)
    campaign = make_campaign(mia, share="0")
    client.force_login(mia)
    url = reverse("campaigns:target", args=[campaign.pk])
    page = text(client.post(url, {"version": campaign.version, "control": "20", "abc": ["A"]}, follow=True))
    campaign.refresh_from_db()
    assert campaign.control_share == Decimal("0.2")
    assert "Zu klein für eine Kontrollgruppe: Unter 100 Kunden bewiese sie nichts. Alle werden angesprochen" in page
    assert "Die gewählten 20 % bleiben vermerkt und gelten" in page
    # another filter chosen in the concept leaves it as it is
    segment = Segment.objects.create(name="Alle B", criteria={"abc": ["B"]}, made_by=mia)
    data = {"version": campaign.version, "name": campaign.name, "starts_on": "heute", "ends_on": "+20", "segment": segment.pk}
    assert client.post(reverse("campaigns:concept", args=[campaign.pk]), data).status_code == 302
    campaign.refresh_from_db()
    assert (campaign.criteria, campaign.control_share) == ({"abc": ["B"]}, Decimal("0.2"))


def test_a_target_group_without_customers_is_said_and_not_approved(client, mia, carla, anna):
    make_members(1, anna)
    campaign = make_campaign(mia)
    client.force_login(mia)
    saved = client.post(reverse("campaigns:target", args=[campaign.pk]), {"version": campaign.version, "abc": ["B"]}, follow=True)
    assert "Der Filter findet keinen Kunden. Fassen Sie ihn weiter" in text(saved)
    act = reverse("campaigns:act", args=[campaign.pk])
    assert "Niemand wäre anzusprechen. Legen Sie zuerst die Zielgruppe fest." in text(
        client.post(act, {"act": "submit", "version": 2}, follow=True)
    )
    Campaign.objects.update(state="in_approval")
    client.force_login(carla)
    assert "Niemand wäre anzusprechen." in text(client.post(act, {"act": "approve", "version": 2}, follow=True))
    assert Campaign.objects.get().state == "in_approval"


def test_the_page_waits_for_the_target_group_to_be_frozen_and_shows_it_by_itself(client, mia, carla, anna):
    make_members(1, anna)
    campaign = make_campaign(mia)
    acts.submit(actor=mia, campaign=campaign)
    acts.approve(actor=carla, campaign=campaign)
    client.force_login(carla)
    url, asking = reverse("campaigns:detail", args=[campaign.pk]), {"HX-Request": "true"}
    assert 'id="freezing"' in client.get(url, headers=asking).content.decode()
    jobs.run(jobs.request(acts.FREEZE, str(campaign.pk)).pk)
    assert client.get(url, headers=asking).headers["HX-Refresh"] == "true"


def test_a_target_group_of_which_nobody_is_left_is_said(client, mia, carla, anna):
    members = make_members(2, anna)
    ContactBlock.objects.bulk_create(ContactBlock(customer=one, kind="block", set_on=TODAY()) for one in members)
    campaign = make_campaign(mia)
    approve(campaign, mia, carla)
    assert campaign.counts == {"found": 2, "block": 2}
    client.force_login(carla)
    page = text(client.get(reverse("campaigns:detail", args=[campaign.pk])))
    assert "Es bleibt niemand, der anzusprechen wäre" in page
    assert "Zu klein für eine Kontrollgruppe" not in page


def test_the_filter_counts_by_kept_sums_while_it_is_put_together(client, mia, anna, django_assert_max_num_queries):
    members = make_members(4, anna)
    cleaner = factories.make_product("Reiniger R10")
    factories.make_order(members[0], TODAY() - dt.timedelta(days=400), (cleaner, 1, 10))
    factories.make_order(members[1], TODAY() - dt.timedelta(days=10), (cleaner, 1, 10))
    touch([member.pk for member in members])
    refresh()
    campaign = make_campaign(mia)
    client.force_login(mia)
    url = reverse("campaigns:target_count", args=[campaign.pk])

    def count(**query) -> str:
        with django_assert_max_num_queries(12):
            return client.get(url, query).content.decode()

    for how, expected in (("bought", 1), ("never", 2), ("not_since", 1)):
        assert f'<p class="figure">{expected}</p>' in count(**{"p0-how": how, "p0-product": cleaner.sku, "p0-months": "12"})
    assert '<p class="figure">4</p>' in count(region="01-09")
    assert '<p class="figure">0</p>' in count(region="30")
    assert "lässt sich noch nicht lesen" in count(region="Sachsen")
    answer = client.post(
        reverse("campaigns:target", args=[campaign.pk]), {"version": 1, "abc": ["A"], "segment_name": "A-Kunden", "control": ""}
    )
    assert answer.status_code == 302
    campaign.refresh_from_db()
    assert campaign.criteria == {"abc": ["A"]}


def test_opening_the_target_group_counts_its_filter_once(client, mia, anna):
    make_members(2, anna)
    campaign = make_campaign(mia, criteria={"abc": ["A"]})
    client.force_login(mia)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(reverse("campaigns:target", args=[campaign.pk])).status_code == 200
    assert sum("class_A" in one["sql"] for one in queries) == 1
