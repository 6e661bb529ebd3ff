"""What people do with campaigns: write the concept together, approve it, start, change, end and cancel it (domain guide 2.2).

Every function checks the right, holds the campaign's row and writes in one transaction.
"""

import datetime as dt
import secrets
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.models import User
from accounts.permissions import demand
from campaigns.guide import placeholders
from campaigns.special import results
from campaigns.special.margin import PricedCondition, added_up, too_thin
from campaigns.special.models import Campaign, CampaignTransition, CampaignVersion, OfferCondition
from campaigns.special.words import condition_facts
from customers.models import Product, PurchaseRhythm
from customers.segments import PICKED, all_customers, find
from innendienst.base import audit, jobs
from innendienst.base.models import AuditEvent
from innendienst.lib.transitions import StateConflict, TransitionRefused, change_state

State = Campaign.State
PICKED_MOST = 2_000
FREEZE = "freeze_campaign"
CLOSE = "close_campaign"
STEPS: dict[str, frozenset[str]] = {
    State.DRAFT: frozenset({State.CONCEPT, State.IN_APPROVAL, State.CANCELLED}),
    State.CONCEPT: frozenset({State.IN_APPROVAL, State.CANCELLED}),
    State.IN_APPROVAL: frozenset({State.APPROVED, State.CONCEPT, State.CANCELLED}),
    State.APPROVED: frozenset({State.RUNNING, State.CANCELLED}),
    State.RUNNING: frozenset({State.ENDED, State.CANCELLED}),
    State.ENDED: frozenset({State.EVALUATED}),
}
SAID = ("call_text", "letter_text", "mail_subject")
_WRITTEN = ("name", "aim", "starts_on", "ends_on", "call_text", "letter_text", "mail_subject", "is_combinable", "budget")


class TooManyPicked(ValueError):
    """A filter finds so many better than a hand."""


class ConceptRefused(ValueError):
    """The concept cannot be saved or approved as it is: `code` says why, `lines` are conditions that leave too little.

    Of a placeholder `field` names the text and `name` what stands in braces.
    """

    def __init__(self, code: str, lines: Sequence[PricedCondition] = (), *, field: str = "", name: str = "") -> None:
        super().__init__(code)
        self.code, self.lines, self.field, self.name = code, lines, field, name


@transaction.atomic
def make(*, actor: User, campaign: Campaign) -> Campaign:
    """Begin a concept."""
    demand(actor, "campaign.write")
    campaign.owner, campaign.seed = actor, secrets.randbelow(2**31)
    campaign.save()
    return campaign


@transaction.atomic
def write(*, actor: User, campaign: Campaign, conditions: Sequence[OfferCondition] | None = None, **values: object) -> None:
    """Write the concept over the version that was read. A draft with conditions is a concept.

    What was approved is changed by whoever approves, and becomes a new version. Raises ConceptRefused for conditions that leave
    too little and for placeholders, StateConflict when somebody was faster, TransitionRefused where nothing is changed any more.
    """
    demand(actor, "campaign.write")
    is_new_version = campaign.is_open
    if is_new_version:
        demand(actor, "campaign.approve")
    elif campaign.state not in Campaign.WRITABLE:
        raise TransitionRefused(campaign.state)
    _demand_plain_words(values)
    if conditions is not None:
        _demand_margin(conditions, is_combinable=bool(values.get("is_combinable", campaign.is_combinable)))
    as_seen = Campaign.objects.filter(pk=campaign.pk, version=campaign.version, state=campaign.state)
    if as_seen.update(version=F("version") + 1, **values) == 0:
        raise StateConflict(f"campaign {campaign.pk}")
    campaign.refresh_from_db()
    if conditions is not None:
        _replace(campaign, conditions)
    if campaign.state == State.DRAFT and campaign.conditions.exists():
        _move(actor, campaign, State.CONCEPT)
    if is_new_version:
        _keep_version(actor, campaign)
        jobs.request("tell_campaign", str(campaign.pk))


@transaction.atomic
def pick(*, actor: User, campaign: Campaign, customer_ids: Sequence[int]) -> AuditEvent:
    """Add customers to the target group by hand, whatever its filter finds; the event by which this is taken back.

    Raises TransitionRefused once the campaign is handed in, TooManyPicked beyond PICKED_MOST.
    """
    demand(actor, "campaign.write")
    held = _held_writable(campaign)
    picked = list(held.criteria.get(PICKED, ()))
    known = set(picked)
    added = [pk for pk in customer_ids if pk not in known]
    if len(picked) + len(added) > PICKED_MOST:
        raise TooManyPicked(len(picked) + len(added))
    _write_picked(held, [*picked, *added])
    return audit.record("campaign.pick", by=actor, campaign=held.pk, customers=added)


@transaction.atomic
def undo_pick(*, actor: User, event: AuditEvent) -> int:
    """Take those out again whom this act of one's own added; how many were still there. Raises TransitionRefused."""
    demand(actor, "campaign.write")
    held = _held_writable(Campaign(pk=event.facts["campaign"]))
    picked, added = held.criteria.get(PICKED, ()), set(event.facts["customers"])
    stay = [pk for pk in picked if pk not in added]
    _write_picked(held, stay)
    return len(picked) - len(stay)


def _held_writable(campaign: Campaign) -> Campaign:
    held = Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)
    if held.state not in Campaign.WRITABLE:
        raise TransitionRefused(held.state)
    return held


def _write_picked(campaign: Campaign, picked: Sequence[int]) -> None:
    criteria = {key: value for key, value in campaign.criteria.items() if key != PICKED} | ({PICKED: list(picked)} if picked else {})
    Campaign.objects.filter(pk=campaign.pk).update(criteria=criteria, version=F("version") + 1)


@transaction.atomic
def submit(*, actor: User, campaign: Campaign) -> None:
    """Hand the concept to whoever approves, in the version that was read.

    Raises ConceptRefused for what is missing, StateConflict when somebody was faster.
    """
    demand(actor, "campaign.write")
    _demand_as_seen(campaign)
    if not campaign.conditions.exists() and not campaign.call_text:
        raise ConceptRefused("offer")
    _demand_sayable(campaign)
    _demand_somebody(campaign)
    _demand_margin(campaign.conditions.select_related("product", "group"), is_combinable=campaign.is_combinable)
    _move(actor, campaign, State.IN_APPROVAL)


@transaction.atomic
def send_back(*, actor: User, campaign: Campaign, reason: str) -> None:
    demand(actor, "campaign.approve")
    _move(actor, campaign, State.CONCEPT, reason)


@transaction.atomic
def approve(*, actor: User, campaign: Campaign) -> None:
    """Approve concept and target group in the version that was read; a worker freezes the group and starts the campaign when its
    day has come. Raises ConceptRefused and StateConflict as `submit` does."""
    demand(actor, "campaign.approve")
    _demand_as_seen(campaign)
    if campaign.ends_on < timezone.localdate():
        raise ConceptRefused("over")
    _demand_sayable(campaign)
    _demand_somebody(campaign)
    _demand_margin(campaign.conditions.select_related("product", "group"), is_combinable=campaign.is_combinable)
    _move(actor, campaign, State.APPROVED)
    _keep_version(actor, campaign)
    audit.record("campaign.approve", by=actor, campaign=campaign.pk)
    jobs.request(FREEZE, str(campaign.pk))


@transaction.atomic
def approve_at_once(*, actor: User, campaign: Campaign) -> None:
    """ "Kleine Aktion": whoever holds both rights hands in and approves in one step."""
    submit(actor=actor, campaign=campaign)
    approve(actor=actor, campaign=campaign)


@transaction.atomic
def cancel(*, actor: User, campaign: Campaign, reason: str) -> None:
    """End it before its time; what nobody answered yet goes from the lists."""
    demand(actor, "campaign.approve" if campaign.state in Campaign.FROZEN else "campaign.write")
    _move(actor, campaign, State.CANCELLED, reason)
    audit.record("campaign.cancel", by=actor, campaign=campaign.pk)
    jobs.request(CLOSE, str(campaign.pk))


@transaction.atomic
def note_costs(*, actor: User, campaign: Campaign, costs: Decimal) -> None:
    """What mailing and samples have cost so far; its owner hears at once how far the budget is gone."""
    demand(actor, "campaign.write")
    Campaign.objects.filter(pk=campaign.pk).update(costs=costs, version=F("version") + 1)
    results.warn_of_budget(Campaign.objects.select_related("owner").get(pk=campaign.pk))


@transaction.atomic
def conclude(*, actor: User, campaign: Campaign) -> None:
    """The owner has looked at the result."""
    demand(actor, "campaign.write")
    _move(actor, campaign, State.EVALUATED)


def margin_lines(conditions: Sequence[OfferCondition]) -> Iterator[PricedCondition]:
    """Every article of priced conditions, those of a group one by one; for everything each that is offered and was sold in a year."""
    for number, condition in enumerate(conditions, start=1):
        if not (condition.percent or condition.amount_off):
            continue
        found = _articles(condition).filter(price__gt=0)
        for pk, name, price, cost in found.values_list("pk", "name", "price", "cost"):
            yield PricedCondition(
                number, name, price, cost, condition.percent or Decimal(0), condition.amount_off or Decimal(0), condition.least_ratio,
                article=pk, is_step=condition.from_quantity is not None,
            )  # fmt: skip


def _articles(condition: OfferCondition) -> QuerySet[Product]:
    if condition.product_id or condition.group_id:
        return Product.objects.filter(Q(pk=condition.product_id) if condition.product_id else Q(group=condition.group_id))
    today = timezone.localdate()
    sold = PurchaseRhythm.objects.for_system("which articles are sold, not to whom").filter(
        product=OuterRef("pk"), last_on__gt=today - dt.timedelta(days=365)
    )
    return Product.objects.filter(Exists(sold), not_offered=False).exclude(discontinued_on__lte=today)


def _demand_as_seen(campaign: Campaign) -> None:
    """Hold its row. Raises StateConflict where somebody has changed it since."""
    stored = Campaign.objects.select_for_update(no_key=True).values_list("version", flat=True).get(pk=campaign.pk)
    if stored != campaign.version:
        raise StateConflict(f"campaign {campaign.pk}")


def _demand_sayable(campaign: Campaign) -> None:
    _demand_plain_words({name: getattr(campaign, name) for name in SAID})


def _demand_somebody(campaign: Campaign) -> None:
    if not find(all_customers(), campaign.criteria, timezone.localdate()).exists():
        raise ConceptRefused("nobody")


def _demand_plain_words(values: Mapping[str, object]) -> None:
    """No text of a campaign is filled in: a name in braces would reach the customer as it stands."""
    for field in SAID:
        try:
            placeholders.read(str(values.get(field, "")), ())
        except placeholders.UnknownPlaceholder as unknown:
            raise ConceptRefused("placeholder", field=field, name=unknown.name) from unknown


def _demand_margin(conditions: Sequence[OfferCondition], *, is_combinable: bool) -> None:
    lines = list(margin_lines(conditions))
    judged = [*lines, *added_up(lines)] if is_combinable else lines
    if thin := list(too_thin(judged)):
        raise ConceptRefused("margin", sorted(thin, key=lambda line: (len(line.together), line.position, line.margin or 0)))


def _replace(campaign: Campaign, conditions: Sequence[OfferCondition]) -> None:
    campaign.conditions.all().delete()
    for position, condition in enumerate(conditions, start=1):
        condition.pk, condition.campaign, condition.position = None, campaign, position
    OfferCondition.objects.bulk_create(conditions)


def _keep_version(actor: User, campaign: Campaign) -> None:
    last = campaign.versions.first()
    content = {name: _text(getattr(campaign, name)) for name in _WRITTEN}
    content["conditions"] = [condition_facts(one) for one in campaign.conditions.select_related("product", "group")]
    CampaignVersion.objects.create(campaign=campaign, number=last.number + 1 if last else 1, content=content, by=actor)


def _text(value: object) -> str:
    return value.isoformat() if isinstance(value, dt.date) else "" if value is None else str(value)


def _move(actor: User | None, campaign: Campaign, to_state: str, reason: str = "") -> None:
    change_state(campaign, to_state, steps=STEPS, transition=CampaignTransition(campaign=campaign, by=actor, reason=reason[:200]))


def move_by_date(campaign: Campaign, to_state: str) -> None:
    """The machine's own step, in the caller's transaction."""
    _move(None, campaign, to_state)
