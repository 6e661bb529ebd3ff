"""Marketing and the management make a campaign, a rep sells from it, it ends, and its page says what it brought."""

import datetime as dt

from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from campaigns.models import Opportunity
from campaigns.special import acts, running
from campaigns.special.models import Campaign
from innendienst.base import jobs
from tests import factories
from tests.campaigns.special.scenes import make_members


def test_a_campaign_from_concept_to_effect(live_page, complaints, mia, carla, anna):
    complaints.expect("status of 422")
    make_members(120, anna)
    product = factories.make_product("Reiniger R10", sku="R10", price=10, cost=6)
    hers = live_page(mia)
    hers.goto(reverse("campaigns:add"))
    for name, text in {"name": "Herbstaktion", "starts_on": "heute", "ends_on": "+20", "call_text": "der Reiniger ist günstiger"}.items():
        hers.locator(f"[name={name}]").fill(text)
    hers.locator("[name=c0-kind]").select_option("one_off_discount")
    hers.locator("[name=c0-product]").fill("R10")
    hers.locator("[name=c0-percent]").fill("50")
    hers.get_by_role("button", name="Konzept beginnen").click()
    expect(hers.get_by_text("Senken Sie den Rabatt auf höchstens 40 %")).to_be_visible()
    hers.locator("[name=c0-percent]").fill("10")
    hers.get_by_role("button", name="Konzept beginnen").click()
    hers.get_by_role("link", name="Zielgruppe festlegen").click()
    hers.get_by_label("A", exact=True).check()
    expect(hers.locator("#target-count .figure").first).to_have_text("40")
    hers.get_by_label("A", exact=True).uncheck()
    expect(hers.locator("#target-count .figure").first).to_have_text("120")
    hers.locator("[name=control]").select_option("10")
    hers.get_by_role("button", name="Zielgruppe festlegen").click()
    hers.get_by_role("button", name="Zur Freigabe geben").click()
    expect(hers.get_by_text("Die Vertriebsleitung sieht es sich an.")).to_be_visible()
    campaign = Campaign.objects.get()
    url = reverse("campaigns:detail", args=[campaign.pk])
    his = live_page(carla)
    his.goto(url)
    his.get_by_role("button", name="Freigeben", exact=True).click()
    jobs.run(jobs.request(acts.FREEZE, str(campaign.pk)).pk)
    his.goto(url)
    expect(his.locator(".campaign-total td")).to_have_text("108")
    jobs.run(jobs.request("refresh").pk)
    reps = live_page(anna)
    reps.goto("/")
    called = reps.locator("#card h2").inner_text()
    expect(reps.locator("#card .why").first).to_contain_text("„Herbstaktion“ bis")
    expect(reps.locator("[data-call-form][data-is-ready]")).to_be_visible()
    reps.keyboard.press("5")
    reps.get_by_label("Betrag netto in Euro").fill("450")
    reps.keyboard.press("Control+Enter")
    expect(reps.locator("#messages")).to_contain_text(called)
    expect(reps.locator("#card h2")).not_to_have_text(called)
    sold = Opportunity.objects.for_system("test").get(campaign=campaign, state="won")
    assert (sold.customer.name, sold.won_amount, sold.owner) == (called, 450, anna)
    factories.make_order(sold.customer, timezone.localdate(), (product, 50, 450))
    running.by_date(timezone.localdate() + dt.timedelta(days=21))
    his.goto(url)
    expect(his.get_by_text("Wirkung nicht belegt")).to_be_visible()
    expect(his.get_by_text("mit 95 % Sicherheit zwischen")).to_be_visible()
    his.get_by_role("button", name="Ergebnis ausgewertet").click()
    expect(his.locator(".page-head .chip")).to_have_text("Ausgewertet")
