"""What became of a campaign: funnel, revenue and margin in its window, and the effect against the control group.

Kept in the campaign by a worker, so that its page reads one row. Orders outside the window are never counted.
"""

import datetime as dt
from dataclasses import asdict
from decimal import Decimal

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, Sum
from django.utils import timezone

from campaigns.models import Opportunity, OpportunityAnswer
from campaigns.special import sql
from campaigns.special.effect import CONTROL_LEAST, Sample, effect
from campaigns.special.models import Campaign, CampaignMember
from customers import outbox
from customers.preferences import CustomersPreferences
from innendienst.base import preferences
from innendienst.lib.money import cents

BUDGET_MAIL = "campaign_budget"
WARN_AT = (80, 100)
_WHY = "sums of a campaign, without names"
_TALKS = ("contacted", "interested", "later", "offered", "won", "lost")
_Answer = OpportunityAnswer.Answer


@transaction.atomic
def evaluate(campaign: Campaign, today: dt.date) -> dict:
    """Count anew and keep it: the same data give the same result, however often it is run."""
    until_on = min(campaign.ends_on, today)
    sql.write_purchases(campaign.pk, campaign.starts_on, until_on, preferences.get(CustomersPreferences).assumed_cm_ratio)
    samples = sql.read_samples(campaign.pk)
    discounts = discounts_given(campaign)
    target = samples.get(CampaignMember.Part.TARGET, (0, 0.0, 0.0, 0.0, 0))
    control = samples.get(CampaignMember.Part.CONTROL, (0, 0.0, 0.0, 0.0, 0))
    groups = {"target": Sample.of(*target[:3]), "control": Sample.of(*control[:3])}
    found = effect(groups["target"], groups["control"], campaign.costs) if control[0] else None  # margins are of reduced prices already
    result = {
        "until": until_on.isoformat(),
        "funnel": _funnel(campaign, target[4]),
        "revenue": round(target[3], 2),
        "margin": round(target[1], 2),
        "discounts": str(discounts),
        "costs": str(campaign.costs),
        "groups": {name: asdict(sample) for name, sample in groups.items()},
        "effect": {**asdict(found), "is_proven": found.is_proven} if found else None,
        "is_too_small": target[0] + control[0] < CONTROL_LEAST,
    }
    Campaign.objects.filter(pk=campaign.pk).update(result=result, evaluated_at=timezone.now())
    campaign.result = result
    _warn_of_budget(campaign, discounts + campaign.costs)
    return result


def discounts_given(campaign: Campaign) -> Decimal:
    """What the discounts of won opportunities have cost: the amount agreed on is what was left of the price."""
    percent = _percent_off(campaign)
    won = (
        Opportunity.objects.for_system(_WHY)
        .filter(campaign=campaign, state=Opportunity.State.WON)
        .aggregate(total=Sum("won_amount"))["total"]
    )
    return cents(won * percent / (100 - percent)) if won and percent < 100 else Decimal(0)


def _percent_off(campaign: Campaign) -> Decimal:
    """What the first condition with a price takes off, in percent; an amount as a share of its article's price."""
    for condition in campaign.conditions.select_related("product"):
        if condition.percent:
            return condition.percent
        if condition.amount_off and condition.product and condition.product.price:
            return condition.amount_off / condition.product.price * 100
    return Decimal(0)


def spent_of(campaign: Campaign) -> Decimal:
    return discounts_given(campaign) + campaign.costs


def spent_share(campaign: Campaign) -> int | None:
    """How much of the budget is gone, in whole percent; None without one."""
    return int(spent_of(campaign) * 100 / campaign.budget) if campaign.budget else None


def is_used_up(campaign: Campaign) -> bool:
    share = spent_share(campaign)
    return share is not None and share >= 100


def _funnel(campaign: Campaign, buyers: int) -> dict[str, int]:
    """Customers of the target group, each step a part of the one before but for orders, which come without a call too."""
    answers = OpportunityAnswer.objects.filter(opportunity=OuterRef("pk"))
    of_it = Opportunity.objects.for_system(_WHY).filter(campaign=campaign)
    state = Opportunity.State
    counted = of_it.annotate(
        is_contacted=Exists(answers.exclude(answer=_Answer.PLANNED)), is_reached=Exists(answers.filter(answer__in=_TALKS))
    ).aggregate(
        contacted=Count("customer", distinct=True, filter=Q(is_contacted=True)),
        reached=Count("customer", distinct=True, filter=Q(is_reached=True)),
        interested=Count("customer", distinct=True, filter=Q(state__in=[state.INTERESTED, state.OFFERED, state.WON])),
        won=Count("customer", distinct=True, filter=Q(state=state.WON)),
    )
    members = CampaignMember.objects.for_system(_WHY).targeted().filter(campaign=campaign)
    written = members.aggregate(
        target=Count("pk"), lettered=Count("pk", filter=Q(lettered_on__isnull=False)), mailed=Count("pk", filter=Q(mailed_on__isnull=False))
    )
    return {**written, **counted, "ordered": buyers}


def _warn_of_budget(campaign: Campaign, spent: Decimal) -> None:
    """A mail to the owner at 80 and at 100 % of the budget, each once; who is past both at a time gets the latter alone."""
    reached = [percent for percent in WARN_AT if campaign.budget and spent * 100 >= campaign.budget * percent]
    if reached:
        key = f"{BUDGET_MAIL}:{campaign.pk}:{reached[-1]}"
        outbox.queue_message(kind=BUDGET_MAIL, key=key, user=campaign.owner, campaign=campaign.pk, percent=reached[-1])
