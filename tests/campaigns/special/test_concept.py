"""From the concept to its approval: who may what, what is refused, and that what was approved changes as a new version only."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone, translation

from campaigns.models import Opportunity
from campaigns.special import acts, running
from campaigns.special.acts import ConceptRefused
from campaigns.special.models import Campaign, CampaignMember, OfferCondition
from campaigns.special.words import too_thin_text
from customers.models import Activity, Complaint, ContactBlock, CustomerFacts, Segment
from customers.touched import touch
from innendienst.base import jobs
from innendienst.lib.transitions import StateConflict, TransitionRefused
from innendienst.workplace.campaigns.forms import CampaignForm
from tests import factories
from tests.campaigns.special.scenes import TODAY, approve, make_campaign, make_members, refresh
from tests.reading import text

pytestmark = pytest.mark.django_db


def test_marketing_writes_the_management_approves_and_numbers_add_up(mia, carla, anna):
    members = make_members(120, anna)
    ContactBlock.objects.create(customer=members[0], kind="block", set_on=TODAY())
    Complaint.objects.create(customer=members[1], title="Palette", raised_on=TODAY(), raised_by=anna)
    CustomerFacts.objects.for_system("test").filter(customer=members[1]).update(open_complaints_count=1)
    CustomerFacts.objects.for_system("test").filter(customer=members[2]).update(last_contact_on=TODAY() - dt.timedelta(days=29))
    for days in (80, 70, 60, 50):  # contacted as often as the gate allows, though longer ago
        call = {"kind": "call", "direction": "outgoing", "outcome": "reached"}
        Activity.objects.create(customer=members[3], by=anna, at=timezone.now() - dt.timedelta(days=days), **call)
    campaign = make_campaign(mia)
    acts.submit(actor=mia, campaign=campaign)
    with pytest.raises(PermissionDenied):
        acts.approve(actor=mia, campaign=campaign)
    with pytest.raises(TransitionRefused):
        acts.write(actor=mia, campaign=campaign, aim="anders")
    acts.approve(actor=carla, campaign=campaign)
    jobs.run(jobs.request(acts.FREEZE, str(campaign.pk)).pk)
    campaign.refresh_from_db()
    assert campaign.counts == {"found": 120, "block": 1, "complaint": 1, "contacted": 2, "control": 12, "target": 104}
    assert campaign.state == "running"
    jobs.run(jobs.request(acts.FREEZE, str(campaign.pk)).pk)  # a second run changes nothing
    assert CampaignMember.objects.for_system("test").count() == 120
    assert Opportunity.objects.for_system("test").filter(campaign=campaign).count() == 104


@pytest.mark.parametrize("field", ["call_text", "letter_text", "mail_subject"])
def test_a_placeholder_that_nobody_fills_in_reaches_no_customer(client, mia, carla, field):
    campaign = make_campaign(mia, mail_subject="Herbst", letter_text="der Herbst ist da")
    client.force_login(mia)
    data = {"version": campaign.version, "name": campaign.name, "starts_on": "heute", "ends_on": "+20", field: "Rabatt für {Firma}"}
    refused = client.post(reverse("campaigns:concept", args=[campaign.pk]), data)
    assert refused.status_code == 422
    assert "{Firma} käme so beim Kunden an. In Texten einer Aktion gibt es keine Platzhalter" in text(refused)
    Campaign.objects.update(**{field: "Rabatt für {Firma}"})  # as it may stand there from before
    campaign.refresh_from_db()
    with pytest.raises(ConceptRefused) as error:
        acts.submit(actor=mia, campaign=campaign)
    assert (error.value.field, error.value.name) == (field, "{Firma}")
    Campaign.objects.update(state="in_approval")
    campaign.refresh_from_db()
    with pytest.raises(ConceptRefused, match="placeholder"):
        acts.approve(actor=carla, campaign=campaign)


def test_a_negative_margin_is_refused_with_its_line(client, mia, carla):
    cleaner = factories.make_product("Reiniger R10", price=Decimal(10), cost=Decimal("8.10"))
    campaign = make_campaign(mia)
    too_much = OfferCondition(kind="one_off_discount", product=cleaner, percent=Decimal(25), least_ratio=Decimal("0.05"))
    with pytest.raises(ConceptRefused) as refused:
        acts.write(actor=mia, campaign=campaign, conditions=[too_much])
    assert [(line.name, line.margin) for line in refused.value.lines] == [("Reiniger R10", Decimal("-0.600"))]
    client.force_login(mia)
    data = {"name": "Herbstaktion", "starts_on": "01.12.2026", "ends_on": "31.12.2026", "version": 1, "c0-kind": "one_off_discount",
            "c0-product": cleaner.sku, "c0-percent": "25", "c0-least": "5"}  # fmt: skip
    answer = client.post(reverse("campaigns:concept", args=[campaign.pk]), data)
    assert answer.status_code == 422
    assert "Position 1 (Reiniger R10, 25" in answer.content.decode()
    assert "höchstens 14" in answer.content.decode()
    assert "−0,60" not in answer.content.decode()  # marketing sees no margins
    client.force_login(carla)
    assert "DB −0,60" in client.post(reverse("campaigns:concept", args=[campaign.pk]), data).content.decode()
    client.force_login(mia)
    assert client.post(reverse("campaigns:concept", args=[campaign.pk]), {**data, "c0-percent": "14"}).status_code == 302
    campaign.refresh_from_db()
    assert (campaign.state, campaign.conditions.get().percent) == ("concept", Decimal(14))


def test_a_discount_on_everything_is_judged_by_what_is_sold(mia, anna):
    dear, cheap, _never_sold, freight = (
        factories.make_product(name, price=Decimal(10), cost=Decimal(cost), not_offered=name == "Fracht")
        for name, cost in (("Reiniger R10", 4), ("Tücher T2", 7), ("Restposten", 10), ("Fracht", 10))
    )
    for article in (dear, cheap, freight):
        factories.make_order(customer := factories.make_customer(owner=anna), TODAY(), (article, 1, 10))
        touch([customer.pk])
    refresh()
    campaign = make_campaign(mia)
    acts.write(actor=mia, campaign=campaign, conditions=[OfferCondition(kind="one_off_discount", percent=Decimal(30))])
    with pytest.raises(ConceptRefused) as refused:
        acts.write(actor=mia, campaign=campaign, conditions=[OfferCondition(kind="one_off_discount", percent=Decimal(40))])
    assert [line.name for line in refused.value.lines] == ["Tücher T2"]


def test_what_was_approved_changes_as_a_new_version_only(client, mia, carla, anna):
    make_members(2, anna)
    campaign = make_campaign(mia, share="0")
    approve(campaign, mia, carla)
    with pytest.raises(PermissionDenied):
        acts.write(actor=mia, campaign=campaign, call_text="anders")
    acts.write(actor=carla, campaign=campaign, call_text="jetzt mit Gratisversand")
    jobs.run(jobs.request(running.TELL, str(campaign.pk)).pk)
    latest = campaign.versions.first()
    assert (latest.number, latest.content["call_text"]) == (2, "jetzt mit Gratisversand")
    assert Opportunity.objects.for_system("test").first().facts["say"] == "jetzt mit Gratisversand"
    client.force_login(carla)
    data = {"version": campaign.version, "name": campaign.name, "starts_on": "heute", "ends_on": "+20", "call_text": "mit Zugabe"}
    saved = client.post(reverse("campaigns:concept", args=[campaign.pk]), data, follow=True)
    assert "Fassung 3 von „Herbstaktion“ gespeichert; die offenen Anlässe sagen es sofort." in text(saved)
    campaign.refresh_from_db()
    stale = Campaign.objects.get(pk=campaign.pk)
    acts.write(actor=carla, campaign=campaign, aim="neu")
    with pytest.raises(StateConflict):
        acts.write(actor=carla, campaign=stale, aim="älter")


def test_an_earlier_version_stays_readable_as_it_was_approved(client, mia, carla, anna):
    make_members(2, anna)
    campaign = make_campaign(mia, share="0", starts_on=dt.date(2026, 11, 2), letter_text="der Herbst ist da")
    cleaner = factories.make_product("Reiniger R10", price=Decimal(10), cost=Decimal(4))
    offers = [OfferCondition(kind="one_off_discount", product=cleaner, percent=Decimal(percent)) for percent in (10, 5)]
    acts.write(actor=mia, campaign=campaign, conditions=offers[:1])
    approve(campaign, mia, carla)
    acts.write(actor=carla, campaign=campaign, conditions=offers[1:], letter_text="der Winter ist da")
    client.force_login(carla)
    page = text(client.get(reverse("campaigns:detail", args=[campaign.pk])))
    before = page[page.index("Fassung 1 vom") :]
    assert f"Tage 02.11.2026–{campaign.ends_on:%d.%m.%Y} Was am Telefon" in before
    assert "der Herbst ist da" in before
    assert "einmalig 10 % auf Reiniger R10" in before.replace("\xa0", " ")
    assert "Was angeboten wird einmalig 5 % auf Reiniger R10 – bleiben 5,50 € DB je Stück, 57,9 %" in page.replace("\xa0", " ")
    client.force_login(mia)
    assert "DB je Stück" not in text(client.get(reverse("campaigns:detail", args=[campaign.pk])))


def test_the_concept_calls_its_fields_as_the_campaign_does():
    labels = {name: field.label for name, field in CampaignForm(None).fields.items() if name != "segment"}
    assert labels == {name: Campaign._meta.get_field(name).verbose_name for name in labels}
    assert labels["mail_subject"] == "Betreff von Brief und E-Mail"


def test_conditions_that_may_be_combined_are_judged_together(mia):
    cleaner = factories.make_product("Reiniger R10", price=Decimal(10), cost=Decimal("8.10"))
    campaign = make_campaign(mia)

    def conditions():
        once = OfferCondition(kind="one_off_discount", product=cleaner, percent=Decimal(10))
        steps = (OfferCondition(kind="volume_terms", product=cleaner, percent=Decimal(off), from_quantity=Decimal(off)) for off in (5, 12))
        return [once, *steps]

    acts.write(actor=mia, campaign=campaign, conditions=conditions())
    with pytest.raises(ConceptRefused) as refused:
        acts.write(actor=mia, campaign=campaign, conditions=conditions(), is_combinable=True)
    assert [(line.together, line.margin) for line in refused.value.lines] == [((1, 3), Decimal("-0.300"))]
    with translation.override("de"):
        assert "Positionen 1 + 3 zusammen (Reiniger R10, 22" in too_thin_text(refused.value.lines[0], shows_margin=True)


def test_a_small_campaign_is_written_and_approved_on_one_page(client, mia, carla, anna):
    make_members(2, anna)
    factories.make_product("Reiniger R10", sku="R10", price=10, cost=6)
    segment = Segment.objects.create(name="Alle A", criteria={"abc": ["A"]}, made_by=mia)
    url = reverse("campaigns:add")
    data = {"name": "Kleine", "starts_on": "heute", "ends_on": "+20", "call_text": "der Reiniger ist günstiger", "c0-kind": "one_off_discount",
            "c0-product": "R10", "c0-percent": "10", "segment": segment.pk, "approve": "1"}  # fmt: skip
    client.force_login(mia)
    assert 'name="approve"' not in client.get(url).content.decode()
    client.force_login(carla)
    refused = client.post(url, {**data, "c0-percent": "50"})
    assert refused.status_code == 422
    assert "höchstens 40" in refused.content.decode()
    assert "gemerkten Filter" in client.post(url, {**data, "segment": ""}).content.decode()
    assert not Campaign.objects.exists()
    assert client.post(url, data).status_code == 302
    campaign = Campaign.objects.get()
    assert (campaign.state, campaign.criteria, campaign.conditions.get().percent) == ("approved", {"abc": ["A"]}, 10)


def test_what_changed_since_it_was_shown_is_not_approved(client, mia, carla, anna):
    make_members(1, anna)
    campaign = make_campaign(mia)
    acts.submit(actor=mia, campaign=campaign)
    url = reverse("campaigns:detail", args=[campaign.pk])
    client.force_login(carla)
    shown = client.get(url).content.decode()
    assert f'name="version" value="{campaign.version}"' in shown
    seen = campaign.version
    acts.send_back(actor=carla, campaign=campaign, reason="Text fehlt")
    acts.write(actor=mia, campaign=campaign, call_text="jetzt alles zum halben Preis")
    acts.submit(actor=mia, campaign=campaign)
    approving = {"act": "approve", "version": seen}
    assert "Sehen Sie sie sich noch einmal an" in text(client.post(reverse("campaigns:act", args=[campaign.pk]), approving, follow=True))
    campaign.refresh_from_db()
    assert campaign.state == "in_approval"
    client.post(reverse("campaigns:act", args=[campaign.pk]), approving | {"version": campaign.version})
    assert Campaign.objects.get().state == "approved"


def test_who_holds_both_rights_approves_a_small_campaign_at_once(carla, anna):
    make_members(2, anna)
    campaign = make_campaign(carla, share="0.1")
    acts.approve_at_once(actor=carla, campaign=campaign)
    jobs.run(jobs.request(acts.FREEZE, str(campaign.pk)).pk)
    campaign.refresh_from_db()
    assert campaign.state == "running"
    assert campaign.counts == {"found": 2, "target": 2}  # too small for a control group
