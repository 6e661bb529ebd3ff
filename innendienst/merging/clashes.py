"""Where both customers have what there may be once: which of the two stands, and when a person has to settle it first."""

from enum import StrEnum

from django.db.models import Q, QuerySet

from accounts.models import User
from campaigns.models import Campaign, CampaignMember, Kind, Opportunity, OpportunityTransition
from customers.models import Customer, Handover, ImportAnswer, Need
from customers.segments import PICKED
from innendienst.merging.moves import Moves
from referrals.models import ReferenceCustomer

MERGED = "merged"
"""The reason on record of an opportunity that ends because the surviving customer has the same."""
_WHY = "rows of two customers that are merged"
_RATED = (ReferenceCustomer.State.CANDIDATE, ReferenceCustomer.State.QUALIFIED)
_ENDED = {ReferenceCustomer.State.DECLINED, ReferenceCustomer.State.WITHDRAWN, ReferenceCustomer.State.EXPIRED}
_TOLD = ("supplier", "yearly_need", "contract_until", "told_on", "told_to_id", "activity_id", "before")


class Refusal(StrEnum):
    """What stands between two customers who are to be one."""

    SAME = "same"
    GONE = "gone"
    IMPORT = "import"
    HANDOVERS = "handovers"
    REFERENCES = "references"
    OTHER_WAY = "other_way"


def refusals(kept: Customer, gone: Customer) -> list[Refusal]:
    """What a person has to settle first."""
    found = []
    opened = Handover.objects.for_system(_WHY).open().filter(customer__in=[kept, gone])
    if opened.values("customer").distinct().count() == 2:
        found.append(Refusal.HANDOVERS)
    references = _references(kept, gone)
    if len(references) == 2 and not _is_rated_only(references[gone.pk]):
        if _is_rated_only(references[kept.pk]):
            found.append(Refusal.OTHER_WAY)
        elif not {one.state for one in references.values()} <= _ENDED:
            found.append(Refusal.REFERENCES)
    return found


def settle(moves: Moves, actor: User, kept: Customer, gone: Customer) -> None:
    """Make room for what follows: opportunities about the same end, as do reasons of campaigns that leave the surviving customer
    alone; the need told last stands, a mere rating gives way to the other one, campaigns that named him and remembered answers
    lead on."""
    ending = {one.pk: one for one in [*_second_ones(kept, gone), *_of_campaigns_without(kept, gone)]}
    for opportunity in ending.values():
        step = OpportunityTransition(
            opportunity=opportunity, by=actor, from_state=opportunity.state, to_state=Opportunity.State.EXPIRED, reason=MERGED
        )
        moves.change(opportunity, state=Opportunity.State.EXPIRED)
        moves.make(step)
    told = {need.group_id: need for need in Need.objects.for_system(_WHY).filter(customer=kept)}
    for need in Need.objects.for_system(_WHY).filter(customer=gone, group__in=list(told)):
        if need.told_on > told[need.group_id].told_on:
            moves.change(told[need.group_id], **{name: getattr(need, name) for name in _TOLD})
    references = _references(kept, gone)
    if len(references) == 2 and _is_rated_only(references[gone.pk]):
        moves.delete(ReferenceCustomer.objects.for_system(_WHY).filter(customer=gone))
    for campaign in Campaign.objects.filter(frozen_at=None, criteria__has_key=PICKED):
        picked = campaign.criteria[PICKED]
        if gone.pk in picked:
            moves.change(campaign, criteria=campaign.criteria | {PICKED: [pk for pk in dict.fromkeys([*picked, kept.pk]) if pk != gone.pk]})
    for answer in ImportAnswer.objects.filter(topic=ImportAnswer.Topic.SIMILAR, said=str(gone.pk)):
        moves.change(answer, said=str(kept.pk))


def _second_ones(kept: Customer, gone: Customer) -> list[Opportunity]:
    """Of two that are open about the same the one less far along, of two as far that of the customer that goes.

    Computed suggestions are none of them: they go by themselves.
    """
    opened = Opportunity.objects.for_system(_WHY).exclude(state__in=Opportunity.CLOSED).order_by("pk")
    taken_up = opened.exclude(~Q(kind=Kind.CAMPAIGN), state=Opportunity.State.SUGGESTED)
    theirs = {(one.kind, one.subject_key): one for one in taken_up.filter(customer=kept)}
    pairs = [(theirs.get((one.kind, one.subject_key)), one) for one in taken_up.filter(customer=gone)]
    return [min(one, other, key=_how_far) for other, one in pairs if other is not None]


def _of_campaigns_without(kept: Customer, gone: Customer) -> QuerySet[Opportunity]:
    """Reasons that nobody has talked about, of campaigns in whose control group or outside of which the surviving customer is."""
    left_alone = CampaignMember.objects.for_system(_WHY).filter(customer=kept).exclude(part=CampaignMember.Part.TARGET)
    untouched = [Opportunity.State.SUGGESTED, Opportunity.State.PLANNED]
    return Opportunity.objects.for_system(_WHY).filter(customer=gone, state__in=untouched, campaign__in=left_alone.values("campaign"))


def _how_far(opportunity: Opportunity) -> int:
    return Opportunity.State.values.index(opportunity.state)


def _references(kept: Customer, gone: Customer) -> dict[int, ReferenceCustomer]:
    return {one.customer_id: one for one in ReferenceCustomer.objects.for_system(_WHY).filter(customer__in=[kept, gone])}


def _is_rated_only(reference: ReferenceCustomer) -> bool:
    return reference.state in _RATED and not reference.scopes.exists()
