"""Bringing the suggestions in the database in line with those just found: only what differs is written.

A suggestion that nobody touched goes when its grounds are gone. One with a history (talked about, answered and taken back)
expires instead. All functions answer the rows they wrote per table.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from json import dumps

from django.db.models import DateField, Exists, F, OuterRef, QuerySet

from campaigns import sql
from campaigns.models import Kind, Opportunity, OpportunityAnswer, OpportunityTransition
from campaigns.preferences import CampaignsPreferences
from campaigns.reasons.loading import Buyer
from campaigns.reasons.rules import KINDS
from campaigns.reasons.suggestions import Valued
from innendienst.base import preferences
from innendienst.lib.kept import add_rows, among, ids_param, keep_rows
from innendienst.lib.prepared import IdsParam, Param, Prepared

Found = Mapping[Buyer, Sequence[Valued]]
COMPUTED_KEY = "-"
"""A suggestion of the rules is about all goods of its kind."""
Key = tuple[int, str]
"""Customer and kind: what a suggestion exists once for."""


def expire_old(customer_ids: Sequence[int], today: dt.date) -> Counter[str]:
    """Close suggestions that nobody took up for so long that they are stale; their articles rest. A last call stays to the last day."""
    chosen = preferences.get(CampaignsPreferences)
    stale = _STALE(customers=customer_ids, until=today - dt.timedelta(days=chosen.suggestion_days))
    return _expire(list(stale), "not_taken_up", rests_until=today + dt.timedelta(days=chosen.expired_rest_days))


def store(customer_ids: Sequence[int], found: Found, today: dt.date) -> Counter[str]:
    """Make the suggestions of these customers those found, at most one per buyer and kind."""
    wanted = {(buyer.id, valued.kind): valued for buyer, several in found.items() for valued in several}
    written = _withdraw(customer_ids, wanted)
    if not wanted:
        return written
    suggestions = list(_suggestion_rows(found))
    written["Opportunity"] += add_rows(sql.suggestions_of(today), suggestions, among("customer_id"), [ids_param(customer_ids)])
    stored = {(customer_id, kind): pk for pk, customer_id, kind in _keys(customer_ids)}
    items = list(_item_rows(wanted, stored))
    written["OpportunityItem"] += keep_rows(sql.ITEMS, items, among("opportunity_id"), [ids_param(list(stored.values()))])
    return written


def _withdraw(customer_ids: Sequence[int], wanted: Mapping[Key, Valued]) -> Counter[str]:
    """Take back the suggestions whose grounds are gone."""
    gone = [pk for pk, customer_id, kind in _keys(customer_ids) if (customer_id, kind) not in wanted]
    if not gone:
        return Counter()
    of_it = {"opportunity": OuterRef("pk")}
    has_history = Exists(OpportunityTransition.objects.filter(**of_it)) | Exists(OpportunityAnswer.objects.filter(**of_it))
    held = list(_suggested().filter(has_history, pk__in=gone).values_list("pk", flat=True))
    written = _expire(held, "grounds_gone", rests_until=None)
    _count, deleted = _suggested().filter(pk__in=gone).delete()
    return written + Counter({label.removeprefix("campaigns."): count for label, count in deleted.items()})


def _expire(ids: Sequence[int], reason: str, *, rests_until: dt.date | None) -> Counter[str]:
    if not ids:
        return Counter()
    Opportunity.objects.for_system("the machine's own step").filter(pk__in=ids).update(
        state=Opportunity.State.EXPIRED, rests_until=rests_until, version=F("version") + 1
    )
    steps = [
        OpportunityTransition(opportunity_id=pk, from_state=Opportunity.State.SUGGESTED, to_state=Opportunity.State.EXPIRED, reason=reason)
        for pk in ids
    ]
    OpportunityTransition.objects.bulk_create(steps)
    return Counter(Opportunity=len(ids), OpportunityTransition=len(ids))


def _suggested() -> QuerySet:
    """Those that rules make; reasons of other kinds are left to whoever made them."""
    return Opportunity.objects.for_system("suggestions are computed").suggested().filter(kind__in=KINDS)


def _keys(customer_ids: Sequence[int]) -> QuerySet:
    return _KEYS(customers=customer_ids)


_KEYS = Prepared(lambda: _suggested().filter(customer__in=IdsParam("customers")).values_list("pk", "customer", "kind"))
_STALE = Prepared(
    lambda: (
        _suggested()
        .exclude(kind=Kind.LAST_CALL)
        .filter(customer__in=IdsParam("customers"), suggested_on__lte=Param("until", DateField()))
        .values_list("pk", flat=True)
    )
)


def _suggestion_rows(found: Found) -> Iterator[tuple]:
    for buyer, several in found.items():
        for valued in several:
            yield (
                buyer.id, valued.kind, COMPUTED_KEY, buyer.owner_id, dumps(valued.facts), valued.rank_value,
                valued.revenue, valued.margin, valued.chance, valued.urgency, valued.deadline_on,
            )  # fmt: skip


def _item_rows(wanted: Mapping[Key, Valued], stored: Mapping[Key, int]) -> Iterator[tuple]:
    for key, valued in wanted.items():
        for position, item in enumerate(valued.items, start=1):
            yield stored[key], item.product_id, position, dumps(item.facts), item.revenue, item.margin
