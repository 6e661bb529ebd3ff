"""What a call is about, for the contact gate: a customer may be called for goods like those he bought (domain guide U-5).

The reasons that we find lie in his own purchases, or in what he told us of his need: they match by themselves. A campaign does
not: its conditions say which goods it is about.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from django.db.models.functions import Coalesce

from campaigns.models import Kind, Opportunity
from campaigns.special.models import OfferCondition


def topics(reasons: Mapping[int, Sequence[Opportunity]]) -> dict[int, frozenset[int]]:
    """Customer id → product groups that a call to him is about, for those to whom only campaigns lead; one query, or none.

    Left out is whoever is called for another reason too, and to whom a campaign leads that offers everything, or goods without a group.
    """
    led = {pk: {each.campaign_id for each in several} for pk, several in reasons.items() if several and all(map(_is_campaign, several))}
    if not led:
        return {}
    groups = defaultdict(set)
    conditions = OfferCondition.objects.filter(campaign__in=set().union(*led.values())).order_by()
    for campaign_id, group_id in conditions.values_list("campaign", Coalesce("group", "product__group")):
        groups[campaign_id].add(group_id)
    about = {pk: frozenset(group for campaign_id in campaigns for group in groups[campaign_id] or {None}) for pk, campaigns in led.items()}
    return {pk: topic for pk, topic in about.items() if None not in topic}


def _is_campaign(opportunity: Opportunity) -> bool:
    return opportunity.kind == Kind.CAMPAIGN
