"""Customers chosen in the list go into a campaign, beside whom its filter finds, and come out again."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from campaigns.special import acts
from campaigns.special.models import Campaign
from customers.models import Customer, Segment
from customers.segments import all_customers, find
from innendienst.base.models import AuditEvent
from innendienst.lib.transitions import TransitionRefused
from tests.factories import make_listed
from tests.reading import text

pytestmark = pytest.mark.django_db
PICK = "/customers/campaign/"


@pytest.fixture
def campaign(carla) -> Campaign:
    today = timezone.localdate()
    return acts.make(actor=carla, campaign=Campaign(name="Herbst", starts_on=today, ends_on=today + dt.timedelta(days=9)))


def found(campaign: Campaign) -> set[Customer]:
    campaign.refresh_from_db()
    return set(find(all_customers(), campaign.criteria, timezone.localdate()))


def test_chosen_customers_belong_to_the_target_group_beside_those_of_the_filter(carlas, carla, campaign):
    a_customer, picked = make_listed("A", facts={"abc_class": "A"}), make_listed("B", facts={"abc_class": "B"})
    others = make_listed("C", facts={"abc_class": "C"}), make_listed("Inaktiv", is_inactive=True)
    assert "In eine Aktion" in text(carlas.get("/customers/"))
    asked = carlas.post(PICK, {"chosen": [picked.pk, others[1].pk]})
    assert "2 Kunden gewählt" in text(asked)
    assert "Herbst Entwurf" in text(asked)
    answer = carlas.post(PICK, {"chosen": [picked.pk, others[1].pk], "campaign": campaign.pk, "query": "abc=B"}, follow=True)
    assert answer.redirect_chain == [("/customers/?abc=B", 302)]
    assert "2 Kunden in „Herbst“ aufgenommen" in text(answer)
    assert found(campaign) == {picked}
    acts.write(actor=carla, campaign=campaign, criteria={**campaign.criteria, "abc": ["A"]})
    assert found(campaign) == {a_customer, picked}
    assert "von Hand gewählt: 2 Kunden" in text(carlas.get(reverse("campaigns:detail", args=[campaign.pk])))
    undo = reverse("customers:campaign_pick_undo")
    assert "2 Kunden aus der Aktion genommen" in text(
        carlas.post(f"{undo}?act={AuditEvent.objects.get(act='campaign.pick').pk}", follow=True)
    )
    assert found(campaign) == {a_customer}
    assert "Nicht rückgängig gemacht" in text(carlas.post(f"{undo}?act=999999", follow=True))


def test_the_page_of_the_target_group_keeps_them_until_they_are_unticked(carlas, carla, campaign):
    picked = make_listed("B", facts={"abc_class": "B"})
    acts.pick(actor=carla, campaign=campaign, customer_ids=[picked.pk])
    campaign.refresh_from_db()
    url = reverse("campaigns:target", args=[campaign.pk])
    assert "Von Hand gewählt" in text(carlas.get(url))
    typed = {"version": campaign.version, "abc": "A", "picked": "stay", "segment_name": "Nur A"}
    assert carlas.post(url, typed).status_code == 302
    campaign.refresh_from_db()
    assert campaign.criteria == {"abc": ["A"], "picked": [picked.pk]}
    assert Segment.objects.get(name="Nur A").criteria == {"abc": ["A"]}
    count = reverse("campaigns:target_count", args=[campaign.pk])
    assert "1" in text(carlas.get(count, {"abc": "A", "picked": "stay"}))
    assert carlas.post(url, {"version": campaign.version, "abc": "A"}).status_code == 302
    campaign.refresh_from_db()
    assert campaign.criteria == {"abc": ["A"]}


def test_a_new_campaign_opens_as_a_draft_and_the_next_one_has_another_name(carlas):
    customer = make_listed("A")
    for _again in range(2):
        answer = carlas.post(PICK, {"chosen": customer.pk, "campaign": "new"})
        made = Campaign.objects.first()
        assert answer["Location"] == reverse("campaigns:concept", args=[made.pk])
        assert found(made) == {customer}
    assert Campaign.objects.values("name").distinct().count() == 2
    Campaign.objects.filter(pk=Campaign.objects.last().pk).update(name="Herbst")
    for _again in range(2):
        carlas.post(PICK, {"chosen": customer.pk, "campaign": "new"})
    assert Campaign.objects.values("name").distinct().count() == 4


def test_a_campaign_that_was_handed_in_takes_nobody_and_reps_choose_nobody(carla, anna, client, campaign):
    customer = make_listed("A")
    Campaign.objects.filter(pk=campaign.pk).update(state="in_approval")
    with pytest.raises(TransitionRefused):
        acts.pick(actor=carla, campaign=campaign, customer_ids=[customer.pk])
    with pytest.raises(PermissionDenied):
        acts.pick(actor=anna, campaign=campaign, customer_ids=[customer.pk])
    client.force_login(carla)
    assert client.post(PICK, {"chosen": customer.pk, "campaign": campaign.pk}).status_code == 404
    assert "Kein Kunde ist ausgewählt" in text(client.post(PICK, {}, follow=True))
    client.force_login(anna)
    assert "In eine Aktion" not in text(client.get("/customers/"))


def test_all_of_a_filter_go_in_at_once(carlas, campaign):
    wanted = {make_listed("A", postcode="90402"), make_listed("B", postcode="90402")}
    make_listed("C", postcode="10115")
    asked = carlas.post(PICK, {"all": "1", "query": "place=90402"}).content.decode()
    ids = ".".join(str(customer.pk) for customer in sorted(wanted, key=lambda one: one.pk))
    assert f'name="ids" value="{ids}"' in asked
    carlas.post(PICK, {"ids": ids, "campaign": campaign.pk})
    assert found(campaign) == wanted


def test_more_than_a_hand_can_choose_is_a_filter(carlas, campaign):
    customer = make_listed("A")
    Campaign.objects.filter(pk=campaign.pk).update(criteria={"picked": list(range(10_000, 10_000 + acts.PICKED_MOST))})
    answer = carlas.post(PICK, {"chosen": customer.pk, "campaign": campaign.pk})
    assert answer.status_code == 422
    assert "Höchstens 2.000 Kunden" in text(answer)
