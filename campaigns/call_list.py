"""Whom to call: one row per customer with everything that speaks for it, and from which day he may be called."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from json import dumps
from typing import Any, NamedTuple

from django.db.models import Min, QuerySet

from campaigns import sql
from campaigns.models import CallListRow, Opportunity
from campaigns.models.kinds import due_count
from campaigns.preferences import CampaignsPreferences
from customers.gate import GateAnswer, Purpose, may_contact_many
from customers.handovers import waiting_for
from customers.models import Customer, FollowUp
from customers.models.permissions import Channel
from innendienst.base import preferences
from innendienst.base.preferences import CompanyPreferences
from innendienst.lib.dates import add_working_days
from innendienst.lib.kept import among, ids_param, keep_rows
from innendienst.lib.money import cents
from innendienst.lib.prepared import IdsParam, Prepared

_WHY = "the call list names every customer with a reason"
_PRESSURE = "pressure"

Lead = CallListRow.Lead
_LEADS = frozenset(Lead.values)


class _Reason(NamedTuple):
    """What the call list needs to know of a suggestion."""

    kind: str
    rank_value: Decimal
    suggested_on: dt.date
    facts: Mapping[str, Any]


def refresh(customer_ids: Sequence[int], today: dt.date) -> Counter[str]:
    """Bring the call list rows of these customers in line with their suggestions; rows written."""
    rows = list(_rows(customer_ids, today))
    return Counter(CallListRow=keep_rows(sql.CALL_LIST, rows, among("customer_id"), [ids_param(customer_ids)]))


def _rows(customer_ids: Sequence[int], today: dt.date) -> Iterator[tuple]:
    reasons = _reasons(customer_ids)
    answers = may_contact_many(reasons, Channel.PHONE, Purpose.SALES, today)
    promised = dict(_FIRST_FOLLOW_UPS(customers=reasons))
    waiting = waiting_for(reasons)
    for pk, owner_id, last_contact_on in _CUSTOMERS(customers=reasons):
        answer = answers[pk]
        is_left_to_field_sales = pk in waiting and waiting[pk] is None
        if (answer.is_allowed or answer.rule == _PRESSURE) and not is_left_to_field_sales:
            best_first = sorted(reasons[pk], key=lambda reason: (-reason.rank_value, reason.kind))
            counted = [_counts(reason) for reason in best_first]
            most = best_first[counted.index(max(counted))].kind
            lead = most if most in _LEADS else Lead.OTHER.value
            callable_from = max(_waits(last_contact_on, best_first, answer, promised.get(pk), waiting.get(pk)))
            yield pk, owner_id, sum(counted), lead, _kinds(best_first), callable_from


def _counts(reason: _Reason) -> Decimal:
    """What the call is expected to bring for the reason: a part of it may come without one."""
    matters = reason.facts.get("matters")
    return reason.rank_value if matters is None else cents(reason.rank_value * Decimal(matters))


def _reasons(customer_ids: Sequence[int]) -> dict[int, list[_Reason]]:
    found: dict[int, list[_Reason]] = defaultdict(list)
    for customer_id, *reason in _REASONS(customers=customer_ids):
        found[customer_id].append(_Reason._make(reason))
    return found


def _first_follow_ups() -> QuerySet:
    """Rows customer and day of his first open follow-up: before it he is not called, from then on he is on somebody's list."""
    opened = FollowUp.objects.for_system(_WHY).open().filter(customer__in=IdsParam("customers")).order_by()
    return opened.values_list("customer").annotate(first=Min("due_on"))


_CUSTOMERS = Prepared(
    lambda: Customer.objects.for_system(_WHY).filter(pk__in=IdsParam("customers")).values_list("pk", "owner", "facts__last_contact_on")
)
_REASONS = Prepared(
    lambda: (
        Opportunity.objects.for_system(_WHY)
        .suggested()
        .filter(customer__in=IdsParam("customers"))
        .order_by()
        .values_list("customer", *_Reason._fields)
    )
)
_FIRST_FOLLOW_UPS = Prepared(_first_follow_ups)


def _waits(
    last_contact_on: dt.date | None,
    reasons: Sequence[_Reason],
    answer: GateAnswer,
    promised_on: dt.date | None,
    wait_until: dt.date | None,
) -> Iterator[dt.date]:
    """The days before which something speaks against a call; where nothing ever did, the day of the first reason alone.

    Contact pressure (domain guide U-7) exempts due reorders, not those whose quantity merely falls: for them a shorter pause
    after the last talk is enough. Whom field sales asks to wait for is called from that day on.
    """
    yield min(reason.suggested_on for reason in reasons)
    if promised_on is not None:
        yield promised_on
    if wait_until is not None:
        yield wait_until
    has_reorder = any(due_count(reason.kind, reason.facts) for reason in reasons)
    if has_reorder and last_contact_on is not None:
        pause = preferences.get(CampaignsPreferences).same_matter_days
        yield add_working_days(last_contact_on, pause, preferences.get(CompanyPreferences).state)
    if not has_reorder and answer.rule == _PRESSURE:
        yield dt.date.fromisoformat(answer.facts["next_on"])


def _kinds(best_first: Sequence[_Reason]) -> str:
    most = preferences.get(CampaignsPreferences).kinds_on_row_most
    return dumps([[reason.kind, reason.facts["articles_count"], int(_whole(reason.rank_value))] for reason in best_first[:most]])


def _whole(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal(1), rounding=ROUND_HALF_UP)
