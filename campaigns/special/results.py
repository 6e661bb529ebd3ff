"""What became of a campaign: funnel, revenue and margin in its window, and the effect against the control group.

Kept in the campaign by a worker, so that its page reads one row. Orders outside the window are never counted.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import asdict
from decimal import Decimal

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone

from campaigns.models import Opportunity, OpportunityAnswer
from campaigns.special import sql
from campaigns.special.effect import CONTROL_LEAST, Sample, effect
from campaigns.special.models import Campaign, CampaignMember, OfferCondition
from customers import outbox
from customers.models import OrderLine, Product
from customers.preferences import CustomersPreferences
from innendienst.base import preferences
from innendienst.lib.folding import business_key
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
    _warn(campaign, discounts + campaign.costs)
    return result


def discounts_given(campaign: Campaign) -> Decimal:
    """What the discounts of won opportunities have cost: the amount agreed on is what was left of the price.

    Where the order is known each of its articles by the conditions for it, else by the first condition, which is what was offered.
    """
    conditions = [one for one in campaign.conditions.select_related("product") if one.percent or one.amount_off]
    if not conditions:
        return Decimal(0)
    won = list(
        Opportunity.objects.for_system(_WHY)
        .filter(campaign=campaign, state=Opportunity.State.WON)
        .values_list("customer", "order_number", "won_amount")
    )
    ordered = _ordered((customer, business_key(number)) for customer, number, _amount in won if number)
    offered = next(filter(None, (_share_off(one, one.product) for one in conditions)), Decimal(0))
    total = Decimal(0)
    for customer, number, amount in won:
        if lines := ordered.get((customer, business_key(number))):
            total += sum(_taken_off(line.revenue_net, _off_article(campaign, conditions, line)) for line in lines)
        else:
            total += _taken_off(amount, offered)
    return cents(total)


def _ordered(numbers: Iterable[tuple[int, str]]) -> dict[tuple[int, str], list[OrderLine]]:
    """Customer and number of an order → its lines that count."""
    found: dict[tuple[int, str], list[OrderLine]] = {pair: [] for pair in numbers}
    if found:
        lines = OrderLine.objects.for_system(_WHY).filter(
            status__in=OrderLine.COUNTED, order__number_key__in={key for _customer, key in found}
        )
        for line in lines.select_related("order", "product"):
            if (pair := (line.customer_id, line.order.number_key)) in found:
                found[pair].append(line)
    return found


def _off_article(campaign: Campaign, conditions: Iterable[OfferCondition], line: OrderLine) -> Decimal:
    """What the conditions for the article of a line take off, in percent: the best one, or all where they may be combined; 0 for none."""
    once, steps = [Decimal(0)], [Decimal(0)]
    for one in conditions:
        is_for_it = one.product_id in (None, line.product_id) and one.group_id in (None, line.product.group_id)
        if is_for_it and line.quantity >= (one.from_quantity or 0):
            (steps if one.from_quantity else once).append(_share_off(one, line.product))
    return sum(once) + max(steps) if campaign.is_combinable else max(*once, *steps)


def _share_off(condition: OfferCondition, product: Product | None) -> Decimal:
    """In percent of the price; an amount is a share of its article's price."""
    if condition.percent:
        return condition.percent
    return condition.amount_off / product.price * 100 if condition.amount_off and product and product.price else Decimal(0)


def _taken_off(left: Decimal, percent: Decimal) -> Decimal:
    return left * percent / (100 - percent) if percent < 100 else Decimal(0)


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
    return {**written_to(campaign), **counted, "ordered": buyers}


def written_to(campaign: Campaign) -> dict[str, int]:
    """The funnel's first steps as they are this moment: a letter that was handed out is not counted the next morning only. One query."""
    members = CampaignMember.objects.for_system(_WHY).targeted().filter(campaign=campaign)
    return members.aggregate(
        target=Count("pk"), lettered=Count("pk", filter=Q(lettered_on__isnull=False)), mailed=Count("pk", filter=Q(mailed_on__isnull=False))
    )


def warn_of_budget(campaign: Campaign) -> None:
    """A mail to the owner at 80 and at 100 % of the budget, each once, in the transaction of whatever has cost something.

    Who is past both at a time gets the latter alone.
    """
    if campaign.budget:
        _warn(campaign, spent_of(campaign))


def _warn(campaign: Campaign, spent: Decimal) -> None:
    reached = [percent for percent in WARN_AT if campaign.budget and spent * 100 >= campaign.budget * percent]
    if reached:
        key = f"{BUDGET_MAIL}:{campaign.pk}:{reached[-1]}"
        outbox.queue_message(kind=BUDGET_MAIL, key=key, user=campaign.owner, campaign=campaign.pk, percent=reached[-1])
