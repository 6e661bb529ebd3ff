"""Freezing a target group: who is in, who is out and why, and whom the campaign leaves alone to be measured against.

Done by a worker: the gate is asked for thousands of customers at a time, then all is written in one transaction. A killed run
leaves nothing and begins anew.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from campaigns.preferences import CampaignsPreferences
from campaigns.special.effect import draw_control, proposed_share
from campaigns.special.models import Campaign, CampaignMember
from customers.gate import Purpose, may_contact_everybody
from customers.models import Customer
from customers.models.companies import AbcClass
from customers.models.permissions import Channel
from customers.same_reach.together import reached_together
from customers.segments import Criteria, all_customers, find, measure
from innendienst.base import preferences
from innendienst.base.jobs import RunningJob
from innendienst.lib.batches import in_batches

Part, Reason = CampaignMember.Part, CampaignMember.Reason
_BATCH = 2_000
_WHY = "who belongs to a campaign, by the gate"
_BLOCKED = frozenset({"block", "objection"})


def proposed_control(criteria: Criteria) -> Decimal:
    """The share of the control group that is proposed for what a filter finds; one query."""
    return proposed_share(measure(find(all_customers(), criteria, timezone.localdate())).count)


def freeze(campaign: Campaign, job: RunningJob | None = None) -> dict[str, int]:
    """Write the members of an approved campaign once; how many of each part and reason."""
    if campaign.frozen_at:
        return campaign.counts
    today = timezone.localdate()
    ids = list(find(all_customers(), campaign.criteria, today).order_by("pk").values_list("pk", flat=True))
    members: list[CampaignMember] = []
    for batch in in_batches(ids, _BATCH):
        members += _judged(campaign, batch, today)
        if job is not None:
            job.step(looked_at=len(members), of=len(ids))
    classes = {member.customer_id: member.abc_class for member in members if member.part == Part.TARGET}
    together = reached_together(list(classes)) if campaign.control_share else []  # who is called hears of it, under whatever number
    control = draw_control(classes, campaign.control_share, campaign.seed, together)
    for member in members:
        if member.customer_id in control:
            member.part = Part.CONTROL
    return _store(campaign, members)


def _judged(campaign: Campaign, ids: Sequence[int], today: dt.date) -> Iterator[CampaignMember]:
    customers = list(Customer.objects.for_system(_WHY).filter(pk__in=ids).select_related("facts"))
    answers = may_contact_everybody(customers, (), Purpose.SALES, today)
    chosen = preferences.get(CampaignsPreferences)
    for customer in customers:
        phone, letter = (answers[customer.pk, None][channel] for channel in (Channel.PHONE, Channel.LETTER))
        by_phone = bool(customer.phone_e164 and phone.is_allowed)
        by_letter = bool(customer.street and customer.town and letter.is_allowed)
        facts = customer.facts if hasattr(customer, "facts") else None
        reason = _reason(customer, facts, phone, letter, by_phone or by_letter, today, chosen)
        yield CampaignMember(
            campaign=campaign, customer=customer, part=Part.EXCLUDED if reason else Part.TARGET, reason=reason,
            abc_class=facts.abc_class if facts else AbcClass.C, by_phone=by_phone and not reason, by_letter=by_letter and not reason,
        )  # fmt: skip


def _reason(customer: Customer, facts, phone, letter, is_reachable: bool, today: dt.date, chosen: CampaignsPreferences) -> str:
    """Why he is left out, the weightiest first; "" where he is in."""
    if customer.delivery_block or customer.dunning_level >= chosen.dunning_level_stops:
        return Reason.STOPPED
    if phone.rule in _BLOCKED and letter.rule in _BLOCKED:
        return Reason.BLOCK
    if facts and facts.open_complaints_count:
        return Reason.COMPLAINT
    if facts and facts.last_contact_on and facts.last_contact_on > today - dt.timedelta(days=chosen.campaign_pause_days):
        return Reason.CONTACTED
    if is_reachable:
        return ""
    has_way = bool(customer.phone_e164 or (customer.street and customer.town))
    if not has_way:
        return Reason.NO_CHANNEL
    rules = {phone.rule, letter.rule}
    return Reason.BLOCK if rules & _BLOCKED else Reason.CONTACTED if "pressure" in rules else Reason.NO_BASIS


@transaction.atomic
def _store(campaign: Campaign, members: Sequence[CampaignMember]) -> dict[str, int]:
    held = Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)
    if held.frozen_at or held.state != Campaign.State.APPROVED:
        return held.counts
    CampaignMember.objects.bulk_create(members, batch_size=_BATCH)
    counted = Counter(member.reason if member.part == Part.EXCLUDED else member.part for member in members)
    counts = {str(name): count for name, count in counted.items()} | {"found": len(members)}
    campaign.frozen_at, campaign.counts = timezone.now(), counts
    campaign.save(update_fields=["frozen_at", "counts"])
    return counts
