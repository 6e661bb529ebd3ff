"""Closing opportunities by orders, and opening them again where an order goes: the steps of the machine and of whoever answers it.

The caller holds the customer. What a match closed it remembers in `before`, as JSON.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F

from accounts.models import User
from campaigns import reminders
from campaigns.models import Kind, Opportunity, OpportunityItem, OpportunityTransition, OrderMatch
from campaigns.moving import SecondOpportunity, move, refuse_second
from campaigns.orders.fitting import Fit
from campaigns.preferences import CampaignsPreferences
from campaigns.reasons.loading import WHOLE
from innendienst.base import preferences
from innendienst.lib.money import cents

ORDERED, BOUGHT_UNASKED, ORDER_GONE = "ordered", "bought_unasked", "order_gone"
"""Reasons on record of the machine's steps."""

State = Opportunity.State
_WHY = "orders close opportunities"
_AGREED = ("won_amount", "won_on", "rests_until", "order_number")
_REPEATING = frozenset({Kind.REORDER})
"""Kinds whose rule knows by itself when the next order is due: what was bought need not rest."""


def take(opportunity: Opportunity, fit: Fit, actor: User | None) -> dict:
    """Mark it won by this order; what was agreed in the talk gives way to what was ordered. Answers what it was before."""
    before = {"state": opportunity.state, **{name: _as_json(getattr(opportunity, name)) for name in _AGREED}}
    changes: dict = {"won_amount": fit.amount, "order_number": fit.order_number}
    if opportunity.state != State.WON:
        before["settled"] = reminders.settle(opportunity, None)
        changes |= {"won_on": fit.ordered_on, "rests_until": _rest(fit.ordered_on)}
    steps = {opportunity.state: frozenset({State.WON})}
    move(actor, opportunity, State.WON, steps, None, ORDERED, changes)
    return before


def give_back(match: OrderMatch, actor: User | None, reason: str) -> None:
    """Open what the match closed again, as far as nobody went on with it since; the match itself is left to the caller."""
    opportunity, before = match.opportunity, dict(match.before)
    if opportunity.order_number != match.order_number:
        return
    if "split_from" in before:
        _join(opportunity, before["split_from"])
        return
    if opportunity.state not in {State.WON, State.EXPIRED}:
        return
    settled, to_state = before.pop("settled", []), before.pop("state")
    try:
        refuse_second(opportunity, to_state, opportunity.subject_key)
    except SecondOpportunity:  # it is talked about anew already
        Opportunity.objects.for_system(_WHY).filter(pk=opportunity.pk).update(order_number="", version=F("version") + 1)
        return
    move(actor, opportunity, to_state, {opportunity.state: frozenset({to_state})}, None, reason, before)
    reminders.bring_back(settled)


@dataclass(frozen=True)
class Bought:
    """Articles of an opportunity that the customer bought of himself, with the order that has the first of them."""

    opportunity: Opportunity
    items: Sequence[OpportunityItem]
    fit: Fit

    @property
    def is_all_of_planned(self) -> bool:
        """A suggestion stays to be filled anew by the rules; a planned one of which nothing is left closes as a whole."""
        is_whole = self.opportunity.kind in WHOLE or len(self.items) == len(self.opportunity.items.all())
        return self.opportunity.state == State.PLANNED and is_whole


def close_bought(several: Sequence[Bought]) -> int:
    """Close what was bought without a call, credited to nobody; how many opportunities that were."""
    split = [bought for bought in several if not bought.is_all_of_planned]
    for bought in several:
        if bought.is_all_of_planned:
            _close_planned(bought)
    closed = Opportunity.objects.bulk_create(_split_off(bought) for bought in split)
    moved = []
    for bought, part in zip(split, closed, strict=True):
        for item in bought.items:
            item.opportunity = part
            moved.append(item)
        if bought.opportunity.state == State.PLANNED:
            _lessen(bought.opportunity, part, -1)
    OpportunityItem.objects.bulk_update(moved, ["opportunity"])
    OpportunityTransition.objects.bulk_create(
        OpportunityTransition(opportunity=part, from_state=bought.opportunity.state, to_state=State.EXPIRED, reason=BOUGHT_UNASKED)
        for bought, part in zip(split, closed, strict=True)
    )
    OrderMatch.objects.bulk_create(
        new_match(part, bought.fit, OrderMatch.State.BOUGHT, {"split_from": bought.opportunity.pk})
        for bought, part in zip(split, closed, strict=True)
    )
    return len(several)


def new_match(opportunity: Opportunity, fit: Fit, state: str, before: dict | None = None) -> OrderMatch:
    """The match of an order, not stored yet."""
    return OrderMatch(
        opportunity=opportunity, order_key=fit.order_key, order_number=fit.order_number, ordered_on=fit.ordered_on, amount=fit.amount,
        product_ids=list(fit.product_ids), state=state, before=before or {},
    )  # fmt: skip


def _close_planned(bought: Bought) -> None:
    opportunity, fit = bought.opportunity, bought.fit
    before = {"state": opportunity.state, "rests_until": None, "order_number": "", "is_bought_unasked": False}
    before["settled"] = reminders.settle(opportunity, None)
    changes = {"order_number": fit.order_number, "is_bought_unasked": True, "rests_until": _rest_unasked(opportunity, fit)}
    move(None, opportunity, State.EXPIRED, {State.PLANNED: frozenset({State.EXPIRED})}, None, BOUGHT_UNASKED, changes)
    new_match(opportunity, fit, OrderMatch.State.BOUGHT, before).save()


def _split_off(bought: Bought) -> Opportunity:
    """The closed part of an opportunity; what the whole was worth falls to it by its share of the revenue."""
    whole, items = bought.opportunity, bought.items
    revenue = sum((item.expected_revenue for item in items), Decimal(0)) if items else whole.expected_revenue
    margins = [item.expected_margin for item in items if item.expected_margin is not None]
    share = revenue / whole.expected_revenue if whole.expected_revenue else Decimal(0)
    about_all = {name: value for name, value in whole.facts.items() if name not in {"articles_count", "falling_count"}}
    return Opportunity(
        customer_id=whole.customer_id, kind=whole.kind, state=State.EXPIRED, is_bought_unasked=True, subject_key=whole.subject_key,
        facts={**about_all, "articles_count": len(items)}, expected_revenue=revenue,
        expected_margin=sum(margins, Decimal(0)) if items and len(margins) == len(items) else None,
        rank_value=cents(whole.rank_value * share), p_win=whole.p_win, urgency=whole.urgency, suggested_on=whole.suggested_on,
        deadline_on=whole.deadline_on, rests_until=_rest_unasked(whole, bought.fit), order_number=bought.fit.order_number,
    )  # fmt: skip


def _join(part: Opportunity, whole_id: int) -> None:
    """Undo `_split_off`: a planned whole that nobody talked about gets its articles back, a suggestion is found anew by the rules."""
    whole = Opportunity.objects.for_system(_WHY).filter(pk=whole_id, state=State.PLANNED, talked_on=None).first()
    if whole is not None:
        held = whole.items.values("product")
        part.items.exclude(product__in=held).update(opportunity=whole)
        _lessen(whole, part, 1)
    part.delete()


def _lessen(whole: Opportunity, part: Opportunity, sign: int) -> None:
    """Deduct what a part is worth from the whole it was split off, or add it again."""
    count = whole.facts.get("articles_count", 0) + sign * part.facts["articles_count"]
    margin = None
    if whole.expected_margin is not None and part.expected_margin is not None:
        margin = whole.expected_margin + sign * part.expected_margin
    Opportunity.objects.for_system(_WHY).filter(pk=whole.pk).update(
        facts={**whole.facts, "articles_count": count},
        expected_revenue=F("expected_revenue") + sign * part.expected_revenue,
        expected_margin=margin,
        rank_value=F("rank_value") + sign * part.rank_value,
        version=F("version") + 1,
    )


def _rest_unasked(opportunity: Opportunity, fit: Fit) -> dt.date | None:
    return None if opportunity.kind in _REPEATING else _rest(fit.ordered_on)


def _rest(ordered_on: dt.date) -> dt.date:
    return ordered_on + dt.timedelta(days=preferences.get(CampaignsPreferences).won_rest_days)


def _as_json(value: object) -> object:
    return value if value is None or isinstance(value, str) else str(value)
