"""Bringing opportunities in line with the orders: what a recompute does before it looks for reasons anew.

Nothing is written where the orders say what they said before, so a second run writes nothing. An order that was taken back or
cancelled opens again what it closed.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal

from django.db.models import Max
from django.db.models.functions import TruncDate

from campaigns.models import Kind, Opportunity, OpportunityTransition, OrderMatch
from campaigns.orders import closing
from campaigns.orders.fitting import Fit, Matter, Stage, Verdict, judge
from campaigns.orders.sql import Sold, read_sold, read_unsettled
from campaigns.preferences import CampaignsPreferences
from customers.models import OrderLine
from innendienst.base import preferences
from innendienst.lib.money import money_sum

STANDS_AFTER_DAYS = 35
"""Imports are taken back within 30 days: an order older than that stays what it is."""

_WHY = "orders close opportunities"
_State, _Match = Opportunity.State, OrderMatch.State
_FALLING = "falling"


def refresh(customer_ids: Sequence[int], today: dt.date, before: dt.date) -> Counter[str]:
    """Compare what was suggested and talked about with what these customers ordered before a day; rows written."""
    known = _Known(read_unsettled(customer_ids, today - dt.timedelta(days=STANDS_AFTER_DAYS)))
    written = Counter(OrderMatch=known.follow_orders())
    sold = list(read_sold(customer_ids, before))
    if not sold and not known.asked:
        return written
    fits = _fits(sold, known)
    verdicts = judge(fits, days=preferences.get(CampaignsPreferences).order_days)
    written["OrderMatch"] += known.ask({pk: verdict.asked for pk, verdict in verdicts.items()})
    return written + _close(verdicts)


class _Known:
    """The matches that are not settled: asked about, refused, or with an order that changed."""

    def __init__(self, ids: Sequence[int]) -> None:
        found = OrderMatch.objects.filter(pk__in=ids).select_related("opportunity__customer") if ids else ()
        self._matches = list(found)
        self.asked = [match for match in self._matches if match.state == _Match.ASKED]
        self.refused = {(match.opportunity_id, match.order_key) for match in self._matches if match.state == _Match.REFUSED}

    def follow_orders(self) -> int:
        """Give back what orders closed that are gone, and keep to the amounts of those that changed; how many matches."""
        closing_ones = [match for match in self._matches if match.state in {_Match.TAKEN, _Match.BOUGHT}]
        amounts = _amounts(closing_ones) if closing_ones else {}
        for match in closing_ones:
            amount = amounts.get(match.pk)
            if amount is None or (amount <= 0 and match.state == _Match.TAKEN):
                closing.give_back(match, None, closing.ORDER_GONE)
                OrderMatch.objects.filter(pk=match.pk).delete()
                continue
            OrderMatch.objects.filter(pk=match.pk).update(amount=amount)
            if match.state == _Match.TAKEN:
                won = Opportunity.objects.for_system(_WHY).filter(pk=match.opportunity_id, order_number=match.order_number)
                won.filter(state=_State.WON).update(won_amount=amount)
        return len(closing_ones)

    def ask(self, wanted: Mapping[int, Sequence[Fit]]) -> int:
        """Ask about these orders and no others; how many questions were put, changed or dropped."""
        asked = {(match.opportunity_id, match.order_key): match for match in self.asked}
        new, changed = [], []
        for opportunity_id, fit in ((pk, fit) for pk, several in wanted.items() for fit in several):
            match = asked.pop((opportunity_id, fit.order_key), None)
            if match is None:
                new.append(closing.new_match(Opportunity(pk=opportunity_id), fit, _Match.ASKED))
            elif (match.amount, match.product_ids) != (fit.amount, list(fit.product_ids)):
                match.amount, match.product_ids = fit.amount, list(fit.product_ids)
                changed.append(match)
        OrderMatch.objects.bulk_create(new)
        OrderMatch.objects.bulk_update(changed, ["amount", "product_ids"])
        if asked:
            OrderMatch.objects.filter(pk__in=[match.pk for match in asked.values()]).delete()
        return len(new) + len(changed) + len(asked)


def _close(verdicts: Mapping[int, Verdict]) -> Counter[str]:
    closed = {pk: verdict for pk, verdict in verdicts.items() if verdict.taken or verdict.bought}
    if not closed:
        return Counter()
    rows = Opportunity.objects.for_system(_WHY).filter(pk__in=closed).order_by("customer_id", "pk")
    bought = []
    for opportunity in rows.prefetch_related("items"):
        verdict = closed[opportunity.pk]
        if verdict.taken:
            before = closing.take(opportunity, verdict.taken, None)
            closing.new_match(opportunity, verdict.taken, _Match.TAKEN, before).save()
            continue
        of_him = {product_id for fit in verdict.bought for product_id in fit.product_ids}
        is_about_customer = opportunity.kind == Kind.WIN_BACK
        items = [item for item in opportunity.items.all() if is_about_customer or item.product_id in of_him]
        bought.append(closing.Bought(opportunity, items, verdict.bought[0]))
    closing.close_bought(bought)
    return Counter(Opportunity=len(closed), OpportunityTransition=len(closed), OrderMatch=len(closed))


def _fits(sold: Sequence[Sold], known: _Known) -> dict[Matter, list[Fit]]:
    """Opportunities with the orders that fit them, lines of an order together; without what nobody can have meant."""
    ids = {row.opportunity_id for row in sold}
    rows = Opportunity.objects.for_system(_WHY).filter(pk__in=ids).prefetch_related("items") if ids else ()
    opportunities = {row.pk: row for row in rows}
    spoken_for = _spoken_for(opportunities.values())
    lines: dict[tuple[int, str, bool], list[Sold]] = defaultdict(list)
    for row in sold:
        opportunity = opportunities[row.opportunity_id]
        is_taken = (opportunity.customer_id, row.order_key, row.product_id) in spoken_for
        if not is_taken and (row.opportunity_id, row.order_key) not in known.refused and _reaches(opportunity, row):
            is_own = row.is_own and opportunity.facts.get("why") != _FALLING  # one order is no proof that he buys as before
            lines[row.opportunity_id, row.order_key, is_own].append(row)
    stepped_on = _last_steps(ids)
    fits: dict[Matter, list[Fit]] = {matter: [] for matter in (_matter(row, stepped_on) for row in opportunities.values())}
    by_id = {matter.id: several for matter, several in fits.items()}
    for (opportunity_id, _key, is_own), of_order in lines.items():
        fit = _fit(of_order, is_own=is_own)
        if fit.amount > 0:
            by_id[opportunity_id].append(fit)
    return fits


def _matter(opportunity: Opportunity, stepped_on: Mapping[int, dt.date]) -> Matter:
    if opportunity.state == _State.WON:
        return Matter(opportunity.pk, Stage.WON, opportunity.won_on)
    if opportunity.talked_on is None:
        return Matter(opportunity.pk, Stage.UNTALKED, opportunity.suggested_on)
    stage = Stage.WANTED if opportunity.state in {_State.INTERESTED, _State.OFFERED} else Stage.TALKED
    return Matter(opportunity.pk, stage, stepped_on.get(opportunity.pk, opportunity.talked_on))


def _fit(lines: Sequence[Sold], *, is_own: bool) -> Fit:
    first = min(lines, key=lambda line: line.ordered_on)
    amount = sum((line.revenue for line in lines), Decimal(0))
    product_ids = tuple(sorted(line.product_id for line in lines))
    return Fit(first.order_key, first.order_number, first.ordered_on, amount, product_ids, is_own)


def _reaches(opportunity: Opportunity, sold: Sold) -> bool:
    """Whoever was to take more at a better price has not done so with less."""
    steps = (item.facts.get("step") for item in opportunity.items.all() if item.product_id == sold.product_id)
    return not sold.is_own or all(step is None or sold.quantity >= Decimal(step) for step in steps)


def _spoken_for(opportunities: Collection[Opportunity]) -> set[tuple[int, str, int]]:
    """Customer, order and article that another opportunity of his has for itself."""
    taken = OrderMatch.objects.filter(
        opportunity__customer__in={one.customer_id for one in opportunities}, state__in=[_Match.TAKEN, _Match.BOUGHT]
    )
    rows = taken.values_list("opportunity__customer", "order_key", "product_ids") if opportunities else ()
    return {(customer_id, key, product_id) for customer_id, key, product_ids in rows for product_id in product_ids}


def _last_steps(opportunity_ids: Collection[int]) -> dict[int, dt.date]:
    steps = OpportunityTransition.objects.filter(opportunity__in=opportunity_ids).order_by().values_list("opportunity")
    return dict(steps.annotate(last=Max(TruncDate("at")))) if opportunity_ids else {}


def _amounts(matches: Sequence[OrderMatch]) -> dict[int, Decimal]:
    """Match → what its order brings of its articles today; none for an order that is gone."""
    lines = OrderLine.objects.for_system(_WHY).filter(
        order__number_key__in={match.order_key for match in matches}, status__in=OrderLine.COUNTED
    )
    rows = lines.order_by().values_list("customer", "order__number_key", "product").annotate(revenue=money_sum("revenue_net"))
    found: dict[tuple[int, str], dict[int, Decimal]] = defaultdict(dict)
    for customer_id, key, product_id, revenue in rows:
        found[customer_id, key][product_id] = revenue
    return dict(_sums(matches, found))


def _sums(matches: Sequence[OrderMatch], found: Mapping[tuple[int, str], Mapping[int, Decimal]]) -> Iterator[tuple[int, Decimal]]:
    for match in matches:
        of_order = found[match.opportunity.customer_id, match.order_key]
        if brought := [of_order[product_id] for product_id in match.product_ids if product_id in of_order]:
            yield match.pk, sum(brought, Decimal(0))
