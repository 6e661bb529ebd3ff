"""A campaign on its days: it starts, it ends, trials come back, budget and days are reminded of."""

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import translation

from campaigns import acts as opportunity_acts
from campaigns.acts import Offer
from campaigns.answers import AnswerRefused
from campaigns.call_guide import say
from campaigns.evidence import sentence
from campaigns.measures.models import Measure
from campaigns.models import Opportunity, Quote
from campaigns.special import acts, running
from campaigns.special.models import Campaign, OfferCondition
from customers.follow_ups import snooze
from customers.models import FollowUp, Message
from innendienst.workplace.campaigns import reminders
from tests import factories
from tests.campaigns.special.scenes import TODAY, approve, make_campaign, make_members, refresh
from tests.reading import text
from tests.workplace.scenes import call_data

pytestmark = pytest.mark.django_db


def test_it_starts_and_ends_by_date_and_what_nobody_answered_goes(mia, carla, anna):
    members = make_members(3, anna)
    campaign = make_campaign(mia, share="0", days=5)
    Campaign.objects.filter(pk=campaign.pk).update(starts_on=TODAY() + dt.timedelta(days=2))
    campaign.refresh_from_db()
    approve(campaign, mia, carla)
    assert campaign.state == "approved"
    running.by_date(TODAY() + dt.timedelta(days=2))
    running.by_date(TODAY() + dt.timedelta(days=2))
    reasons = Opportunity.objects.for_system("test").filter(campaign=campaign)
    assert reasons.count() == 3
    assert sentence(reasons.first(), TODAY()).startswith("„Herbstaktion“ bis ")
    assert say(reasons.first(), None).sentence == "Guten Tag, bis Ende des Monats gibt es den Reiniger günstiger"
    interested = reasons.get(customer=members[0])
    answer = opportunity_acts.contact(actor=anna, opportunity=interested)
    assert Opportunity.objects.for_system("test").get(pk=interested.pk).subject_key == f"campaign:{campaign.pk}"
    opportunity_acts.undo(actor=anna, answers=[answer])
    opportunity_acts.contact(actor=anna, opportunity=Opportunity.objects.for_system("test").get(pk=interested.pk))
    running.by_date(TODAY() + dt.timedelta(days=6))
    states = dict(reasons.values_list("customer", "state"))
    assert [states[member.pk] for member in members] == ["contacted", "expired", "expired"]
    campaign.refresh_from_db()
    assert (campaign.state, campaign.result["funnel"]["contacted"]) == ("ended", 1)


def test_two_campaigns_may_speak_to_one_customer_and_are_told_apart(client, mia, carla, anna):
    make_members(1, anna)
    for name in ("Herbstaktion", "Winteraktion"):
        approve(make_campaign(mia, share="0", name=name), mia, carla)
    refresh()
    assert Opportunity.objects.for_system("test").suggested().filter(kind="campaign").count() == 2
    client.force_login(anna)
    page = text(client.get("/"))
    form = page.split("Nicht erreicht", 1)[1]
    assert ("Aktion: Herbstaktion" in form, "Aktion: Winteraktion" in form) == (True, True)


def test_the_end_of_a_trial_comes_back_to_the_rep_once(mia, carla, anna):
    make_members(1, anna)
    campaign = make_campaign(mia, share="0")
    acts.write(
        actor=mia, campaign=campaign, conditions=[OfferCondition(kind="trial", product=factories.make_product("Saugroboter"), days=14)]
    )
    approve(campaign, mia, carla)
    reason = Opportunity.objects.for_system("test").get()
    opportunity_acts.interest(actor=anna, opportunity=reason)
    assert running.follow_up_trials(TODAY() + dt.timedelta(days=13)) == 0
    assert [running.follow_up_trials(TODAY() + dt.timedelta(days=17)) for _run in range(2)] == [1, 0]
    follow_up = FollowUp.objects.for_system("test").get(kind="trial")
    assert (follow_up.assignee, follow_up.customer_id) == (anna, reason.customer_id)
    snooze(actor=anna, follow_up=follow_up, due_on=TODAY() + dt.timedelta(days=30))
    assert running.follow_up_trials(TODAY() + dt.timedelta(days=18)) == 0


def test_without_budget_the_management_alone_offers(client, mia, carla, anna):
    make_members(1, anna)
    campaign = make_campaign(mia, share="0", budget=Decimal(100))
    approve(campaign, mia, carla)
    acts.note_costs(actor=mia, campaign=campaign, costs=Decimal(100))
    sent = Offer(number="AN-1", sent_on=TODAY(), valid_until=None, net_amount=Decimal(500))
    reason = Opportunity.objects.for_system("test").get()
    with pytest.raises(AnswerRefused, match="budget"):
        opportunity_acts.offer(actor=anna, opportunity=reason, sent=sent)
    client.force_login(anna)
    said = {f"reason-{reason.pk}-answer": "offered", f"reason-{reason.pk}-amount": "500"}
    refused = client.post(reverse("call_save"), call_data(reason.customer, outcome="interested", **said))
    assert refused.status_code == 422
    assert "Das Budget dieser Aktion ist aufgebraucht" in text(refused)
    assert not Quote.objects.exists()
    opportunity_acts.offer(actor=carla, opportunity=Opportunity.objects.for_system("test").get(), sent=sent)


def test_owners_are_reminded_once_on_the_day(mia, anna):
    start = dt.date(2027, 3, 1)  # a Monday
    make_campaign(mia, starts_on=start, ends_on=dt.date(2027, 3, 31))
    spans = {"starts_on": start, "ends_on": dt.date(2027, 3, 31), "made_by": mia}
    Measure.objects.create(title="Nachfassen", owner=anna, remind_on=dt.date(2027, 2, 22), **spans)
    days = [dt.date(2027, 2, 15) + dt.timedelta(days=number) for number in range(14)]
    assert sum(reminders.remind(day) for day in [*days, *days]) == 2
    told = {message.kind: mails_of(message) for message in Message.objects.all()}
    assert set(told) == {"campaign_reminder", "measure_reminder"}
    assert "„Herbstaktion“ beginnt am 01.03.2027" in told["campaign_reminder"]


def mails_of(message: Message) -> str:
    with translation.override("de"):
        return {"campaign_reminder": reminders.render_campaign, "measure_reminder": reminders.render_measure}[message.kind](message).text
