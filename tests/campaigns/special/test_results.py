"""What came of a campaign: orders in its window, the effect against the control group, discounts and budget."""

import datetime as dt
import io
from decimal import Decimal

import openpyxl
import pytest
from django.urls import reverse

from campaigns import acts as opportunity_acts
from campaigns.models import Opportunity
from campaigns.special import acts, results
from campaigns.special.models import Campaign, CampaignMember, OfferCondition
from customers.models import Message
from tests import factories
from tests.campaigns.special.scenes import TODAY, approve, make_campaign, make_members

pytestmark = pytest.mark.django_db


def test_the_result_counts_orders_in_the_window_and_compares_all_members(client, mia, carla, anna):
    members = make_members(200, anna)
    campaign = make_campaign(mia, share="0.5", budget=Decimal(1000))
    product = factories.make_product(group=factories.make_group(), price=10, cost=4)
    acts.write(actor=mia, campaign=campaign, conditions=[OfferCondition(kind="one_off_discount", product=product, percent=Decimal(10))])
    approve(campaign, mia, carla)
    won = Opportunity.objects.for_system("test").filter(campaign=campaign).first()
    Opportunity.objects.for_system("test").filter(pk=won.pk).update(state="won", won_amount=Decimal(90), won_on=TODAY())
    parts = dict(CampaignMember.objects.for_system("test").values_list("customer", "part"))
    for number, member in enumerate(members):
        revenue = (100 if parts[member.pk] == "target" else 50) + number % 5
        factories.make_order(member, TODAY(), (product, 1, revenue))
        factories.make_order(member, TODAY() - dt.timedelta(days=1), (product, 1, 999))  # before the window
    acts.note_costs(actor=mia, campaign=campaign, costs=Decimal(850))
    campaign.refresh_from_db()
    first = results.evaluate(campaign, TODAY())
    assert results.evaluate(campaign, TODAY()) == first
    effect = first["effect"]
    assert first["groups"]["target"]["n"] + first["groups"]["control"]["n"] == 200
    assert effect["is_proven"]
    assert effect["per_customer"] == pytest.approx(20, abs=0.5)  # 40 % of 50 € more
    # the discounts stand in the margins of the orders already
    assert effect["total"] == pytest.approx(effect["per_customer"] * first["groups"]["target"]["n"] - 850, abs=0.01)
    client.force_login(carla)
    page = client.get(reverse("campaigns:detail", args=[campaign.pk])).content.decode()
    assert "Wirkung belegt" in page
    assert ">0\xa0€</text>" in page
    assert "Gewährte Rabatte: 10\xa0€, weitere Kosten: 850\xa0€." in page
    assert "80 % des Budgets sind ausgegeben" in page
    assert "Wirkung belegt" in texts_of(client.get(reverse("campaigns:result", args=[campaign.pk])))
    client.force_login(mia)
    page = client.get(reverse("campaigns:detail", args=[campaign.pk])).content.decode()
    assert "Wirkung belegt" not in page
    told = texts_of(client.get(reverse("campaigns:result", args=[campaign.pk])))
    assert "Im Zeitraum bestellt" in told
    assert not {"Wirkung belegt", "Deckungsbeitrag"} & told
    assert [message.key for message in Message.objects.filter(kind="campaign_budget")] == [f"campaign_budget:{campaign.pk}:80"]


def test_discounts_are_counted_by_the_conditions_for_what_was_ordered(mia, anna):
    cleaner, cloth = (factories.make_product(name, price=Decimal(100), cost=Decimal(10)) for name in ("Reiniger R10", "Tücher T2"))
    campaign = make_campaign(mia)
    offers = ((cleaner, 10, None), (cloth, 20, None), (cloth, 50, Decimal(9)))
    terms = [OfferCondition(kind="volume_terms", product=goods, percent=Decimal(off), from_quantity=least) for goods, off, least in offers]
    acts.write(actor=mia, campaign=campaign, conditions=terms)
    order = factories.make_order(
        customer := factories.make_customer(owner=anna), TODAY(), (cloth, 2, 160), (factories.make_product(), 1, 500)
    )
    won = {"kind": "campaign", "state": "won", "campaign": campaign, "won_on": TODAY(), "suggested_on": TODAY(), "rank_value": 1}
    for amount, number in ((660, order.number), (90, "")):
        Opportunity.objects.create(customer=customer, won_amount=amount, order_number=number, expected_revenue=1, p_win="0.2", **won)
    assert results.discounts_given(campaign) == 40 + 10  # a fifth of the cloths, nothing of the rest; the first where no order is known


@pytest.mark.parametrize(("costs", "told"), [(79, []), (80, [80]), (100, [100]), (140, [100])])
def test_the_owner_is_told_once_how_far_the_budget_is_gone(mia, costs, told):
    campaign = make_campaign(mia, budget=Decimal(100), costs=Decimal(costs))
    for _morning in range(2):
        results.evaluate(campaign, TODAY())
    assert [message.facts["percent"] for message in Message.objects.filter(kind="campaign_budget")] == told


def test_the_owner_is_told_when_the_cost_is_recorded(mia, carla, anna):
    make_members(1, anna)
    campaign = make_campaign(mia, share="0", budget=Decimal(100))
    acts.write(actor=mia, campaign=campaign, conditions=[OfferCondition(kind="one_off_discount", percent=Decimal(10))])
    approve(campaign, mia, carla)

    def told() -> list[int]:
        return [message.facts["percent"] for message in Message.objects.filter(kind="campaign_budget").order_by("pk")]

    acts.note_costs(actor=mia, campaign=campaign, costs=Decimal(79))
    assert told() == []
    for costs in (80, 60, 85):  # noted wrongly, corrected, grown
        acts.note_costs(actor=mia, campaign=campaign, costs=Decimal(costs))
    assert told() == [80]
    opportunity_acts.win(
        actor=anna, opportunity=Opportunity.objects.for_system("test").get(), amount=Decimal(180)
    )  # 20 € less than its price
    assert told() == [80, 100]
    results.evaluate(Campaign.objects.get(), TODAY())
    assert told() == [80, 100]


def texts_of(file) -> set[str]:
    return {str(one.value) for row in openpyxl.load_workbook(io.BytesIO(file.content)).active.iter_rows() for one in row}
