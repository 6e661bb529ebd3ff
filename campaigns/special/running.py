"""A campaign on its days: it starts, its target customers are on the call lists, it ends, and is measured.

All of it is a worker's and bears being run twice: what a step makes exists once per customer and campaign.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from decimal import Decimal

from django.db import transaction
from django.db.models import F, OuterRef, Subquery
from django.utils import timezone

from campaigns import reminders
from campaigns.models import Kind, Opportunity, OpportunityTransition
from campaigns.reasons.loading import Chances
from campaigns.reasons.suggestions import urgency_of
from campaigns.special import acts, results, target
from campaigns.special.models import Campaign, CampaignMember, OfferCondition
from campaigns.special.words import facts_of
from customers.follow_ups import holiday_state
from customers.locks import hold_all
from customers.models import CustomerFacts, FollowUp
from customers.preferences import CustomersPreferences
from customers.touched import touch
from innendienst.base import jobs, preferences
from innendienst.base.jobs import RunningJob
from innendienst.lib.batches import in_batches
from innendienst.lib.dates import next_working_day
from innendienst.lib.money import cents

State = Campaign.State
TELL, BY_DATE = "tell_campaign", "campaigns_by_date"
_WHY = "reasons of a campaign, made for its target group alone"


def run_freeze(job: RunningJob) -> None:
    """Handler of `freeze_campaign`: freeze the target group; a campaign whose day has come starts at once."""
    campaign = Campaign.objects.get(pk=job.target)
    job.result = target.freeze(campaign, job)
    by_date(timezone.localdate(), [campaign.pk])


def run_by_date(job: RunningJob) -> None:
    """Handler of `campaigns_by_date`, each morning: start and end what is to start and end, and measure what runs."""
    today = timezone.localdate()
    by_date(today)
    follow_up_trials(today)
    for campaign in Campaign.objects.filter(state__in=[State.RUNNING, State.ENDED], frozen_at__isnull=False):
        results.evaluate(campaign, today)
        job.step()


def follow_up_trials(today: dt.date) -> int:
    """Have a trial come back to its rep when it ends: so many days after the customer was interested. How many were made."""
    made_count = 0
    trial = OfferCondition.Kind.TRIAL
    for campaign in Campaign.objects.filter(state__in=[State.RUNNING, State.ENDED], conditions__kind=trial).distinct():
        days = max(one.days or 0 for one in campaign.conditions.filter(kind=trial))
        talks = OpportunityTransition.objects.filter(opportunity=OuterRef("pk"), to_state=Opportunity.State.INTERESTED).order_by("-pk")
        trying = (
            _of(campaign).filter(state=Opportunity.State.INTERESTED, owner__isnull=False).annotate(since=Subquery(talks.values("at")[:1]))
        )
        for reason in trying.exclude(since=None).select_related("owner__team"):
            due_on = next_working_day(timezone.localdate(reason.since) + dt.timedelta(days=days), holiday_state(reason.owner))
            if due_on <= today:
                made_count += _bring_back(reason, due_on)
    return made_count


def _bring_back(reason: Opportunity, due_on: dt.date) -> bool:
    """Once for this trial: one that was put off stands on a later day by now; an earlier day is that of a trial before."""
    of_it = {"origin": reminders.origin_of(reason), "kind": FollowUp.Kind.TRIAL}
    if FollowUp.objects.for_system(_WHY).filter(**of_it, due_on__gte=due_on).exists():
        return False
    FollowUp.objects.create(**of_it, customer_id=reason.customer_id, assignee=reason.owner, due_on=due_on)
    touch([reason.customer_id])
    return True


def run_close(job: RunningJob) -> None:
    """Handler of `close_campaign`: take what nobody answered off the lists."""
    _withdraw(Campaign.objects.get(pk=job.target))


def run_tell(job: RunningJob) -> None:
    """Handler of `tell_campaign`: after a new version its open reasons say what is true now."""
    campaign = Campaign.objects.get(pk=job.target)
    _open(campaign).update(facts=facts_of(campaign), deadline_on=campaign.ends_on)


def by_date(today: dt.date, ids: Sequence[int] | None = None) -> None:
    """Start approved campaigns whose first day has come, end those whose last day is over."""
    campaigns = Campaign.objects.filter(state__in=Campaign.OPEN, frozen_at__isnull=False)
    for campaign in campaigns if ids is None else campaigns.filter(pk__in=ids):
        if campaign.state == State.APPROVED and campaign.starts_on <= today:
            _start(campaign, today)
        if campaign.state == State.RUNNING and campaign.ends_on < today:
            _end(campaign, today)


@transaction.atomic
def _start(campaign: Campaign, today: dt.date) -> None:
    acts.move_by_date(campaign, State.RUNNING)
    members = CampaignMember.objects.for_system(_WHY).targeted().filter(campaign=campaign, by_phone=True).order_by("customer")
    rows = list(members.values_list("customer", "customer__owner", "abc_class"))
    has_one = set(_of(campaign).values_list("customer", flat=True))
    for several in in_batches(rows):
        batch = [row for row in several if row[0] not in has_one]
        Opportunity.objects.bulk_create(_reasons(campaign, batch, today))
        touch([row[0] for row in batch])
    jobs.request("refresh")


def _reasons(campaign: Campaign, rows: Sequence[tuple], today: dt.date) -> Iterator[Opportunity]:
    """One suggestion per customer, worth what one of his usual orders brings, as probable as such reasons are."""
    chances, facts, urgency = Chances(), facts_of(campaign), urgency_of(campaign.ends_on, today)
    ratio = Decimal(str(preferences.get(CustomersPreferences).assumed_cm_ratio))
    usual = {
        pk: (revenue, margin)
        for pk, revenue, margin in CustomerFacts.objects.for_system(_WHY)
        .filter(pk__in=[row[0] for row in rows])
        .values_list("pk", "usual_revenue", "usual_margin")
    }
    for customer_id, owner_id, abc_class in rows:
        revenue, margin = usual.get(customer_id, (None, None))
        revenue, chance = revenue or Decimal(0), chances.of(Kind.CAMPAIGN, abc_class)
        worth = revenue * ratio if margin is None else margin
        yield Opportunity(
            customer_id=customer_id, kind=Kind.CAMPAIGN, campaign=campaign, subject_key=campaign_key(campaign.pk), owner_id=owner_id,
            facts=facts, rank_value=cents(worth * chance * urgency), expected_revenue=revenue, expected_margin=margin, p_win=chance,
            urgency=urgency, suggested_on=today, deadline_on=campaign.ends_on,
        )  # fmt: skip


@transaction.atomic
def _end(campaign: Campaign, today: dt.date) -> None:
    acts.move_by_date(campaign, State.ENDED)
    _withdraw(campaign)
    results.evaluate(campaign, today)


@transaction.atomic
def _withdraw(campaign: Campaign) -> None:
    """What nobody answered goes; what is under way stays with whoever talks about it, even if he began a moment ago."""
    hold_all(_of(campaign).suggested().values_list("customer", flat=True))
    waiting = dict(_of(campaign).suggested().order_by("pk").select_for_update(no_key=True).values_list("pk", "customer"))
    _of(campaign).filter(pk__in=list(waiting)).update(state=Opportunity.State.EXPIRED, version=F("version") + 1)
    steps = {"from_state": Opportunity.State.SUGGESTED, "to_state": Opportunity.State.EXPIRED, "reason": "campaign_over"}
    OpportunityTransition.objects.bulk_create(OpportunityTransition(opportunity_id=pk, **steps) for pk in waiting)
    touch(waiting.values())
    jobs.request("refresh")


def campaign_key(campaign_id: int) -> str:
    return f"campaign:{campaign_id}"


def _of(campaign: Campaign):
    return Opportunity.objects.for_system(_WHY).filter(campaign=campaign)


def _open(campaign: Campaign):
    return _of(campaign).exclude(state__in=Opportunity.CLOSED)
