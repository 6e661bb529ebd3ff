"""Two who do the same with a campaign at the same moment."""

import datetime as dt

import pytest
from django.db import connection
from django.utils import timezone

from campaigns import acts as opportunity_acts
from campaigns.models import Opportunity
from campaigns.special import running
from campaigns.special.letters import hand_out
from campaigns.special.models import Campaign, CampaignMember
from tests.campaigns.special.scenes import make_campaign, make_members
from tests.concurrency import both

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one writer in at a time"),
]


def test_of_two_clicks_one_alone_hands_a_letter_out(mia, anna):
    campaign = make_campaign(mia, letter_text="der Herbst ist da")
    Campaign.objects.update(state="running")
    for member in make_members(2, anna):
        CampaignMember.objects.create(campaign=campaign, customer=member, part="target", abc_class="A", by_letter=True)
    first, second = both(*[lambda: hand_out(actor=mia, campaign=campaign)] * 2)
    assert (len(first), len(second)) == (2, 0)


def test_an_answer_given_while_the_campaign_ends_stands(mia, anna):
    (member,) = make_members(1, anna)
    campaign = make_campaign(mia, days=0)
    Campaign.objects.update(state="approved", frozen_at=timezone.now())
    CampaignMember.objects.create(campaign=campaign, customer=member, part="target", abc_class="A", by_phone=True)
    running.by_date(campaign.starts_on)
    reason = Opportunity.objects.for_system("test").get()
    tomorrow = campaign.ends_on + dt.timedelta(days=1)
    both(lambda: opportunity_acts.contact(actor=anna, opportunity=reason), lambda: running.by_date(tomorrow))
    reason.refresh_from_db()
    assert (reason.state, [step.to_state for step in reason.transitions.all()]) == ("contacted", ["contacted"])
    assert Campaign.objects.get().state == "ended"
