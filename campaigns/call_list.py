"""Whom to call: one row per customer with everything that speaks for it, and from which day he may be called."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal
from json import dumps

from django.db.models import Min, QuerySet

from campaigns import sql
from campaigns.models import CallListRow, Opportunity
from campaigns.preferences import CampaignsPreferences
from customers.gate import GateAnswer, Purpose, may_contact_many
from customers.handovers import waiting_for
from customers.models import Customer, FollowUp
from customers.models.permissions import Channel
from innendienst.base import preferences
from innendienst.base.preferences import CompanyPreferences
from innendienst.lib.bulk import copy_rows
from innendienst.lib.dates import add_working_days
from innendienst.lib.kept import among, ids_param, merge, staged
from innendienst.lib.money import cents
from innendienst.lib.prepared import IdsParam, Prepared

_WHY = "the call list names every customer with a reason"
_PRESSURE = "pressure"

Lead = CallListRow.Lead


def refresh(customer_ids: Sequence[int], today: dt.date) -> Counter[str]:
    """Bring the call list rows of these customers in line with their suggestions; rows written."""
    with staged(sql.CALL_LIST) as rows:
        copy_rows(rows, sql.CALL_LIST.columns, list(_rows(customer_ids, today)))
        return Counter(CallListRow=merge(sql.CALL_LIST, rows, among("customer_id"), [ids_param(customer_ids)]))


def _rows(customer_ids: Sequence[int], today: dt.date) -> Iterator[tuple]:
    reasons = _reasons(customer_ids)
    customers = list(_CUSTOMERS(customers=reasons))
    answers = may_contact_many(customers, Channel.PHONE, Purpose.SALES, today)
    promised = dict(_FIRST_FOLLOW_UPS(customers=reasons))
    waiting = waiting_for(customers)
    for customer in customers:
        answer = answers[customer.pk]
        is_left_to_field_sales = customer.pk in waiting and waiting[customer.pk] is None
        if (answer.is_allowed or answer.rule == _PRESSURE) and not is_left_to_field_sales:
            best_first = sorted(reasons[customer.pk], key=lambda reason: -reason.rank_value)
            counted = [_counts(reason) for reason in best_first]
            most = best_first[counted.index(max(counted))].kind
            lead = most if most in Lead.values else Lead.OTHER
            callable_from = max(_waits(customer, best_first, answer, promised.get(customer.pk), waiting.get(customer.pk)))
            yield customer.pk, customer.owner_id, sum(counted), lead, _kinds(best_first), callable_from


def _counts(reason: Opportunity) -> Decimal:
    """What the call is expected to bring for the reason: a part of it may come without one."""
    matters = reason.facts.get("matters")
    return reason.rank_value if matters is None else cents(reason.rank_value * Decimal(matters))


def _reasons(customer_ids: Sequence[int]) -> dict[int, list[Opportunity]]:
    found: dict[int, list[Opportunity]] = defaultdict(list)
    for opportunity in _REASONS(customers=customer_ids):
        found[opportunity.customer_id].append(opportunity)
    return found


def _first_follow_ups() -> QuerySet:
    """Rows customer and day of his first open follow-up: before it he is not called, from then on he is on somebody's list."""
    opened = FollowUp.objects.for_system(_WHY).open().filter(customer__in=IdsParam("customers")).order_by()
    return opened.values_list("customer").annotate(first=Min("due_on"))


_CUSTOMERS = Prepared(lambda: Customer.objects.for_system(_WHY).filter(pk__in=IdsParam("customers")).select_related("facts"))
_REASONS = Prepared(lambda: Opportunity.objects.for_system(_WHY).suggested().filter(customer__in=IdsParam("customers")).order_by("pk"))
_FIRST_FOLLOW_UPS = Prepared(_first_follow_ups)


def _waits(
    customer: Customer, reasons: Sequence[Opportunity], answer: GateAnswer, promised_on: dt.date | None, wait_until: dt.date | None
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
    has_reorder = any(reason.is_due_reorder for reason in reasons)
    last_contact_on = customer.facts.last_contact_on if hasattr(customer, "facts") else None
    if has_reorder and last_contact_on is not None:
        pause = preferences.get(CampaignsPreferences).same_matter_days
        yield add_working_days(last_contact_on, pause, preferences.get(CompanyPreferences).state)
    if not has_reorder and answer.rule == _PRESSURE:
        yield dt.date.fromisoformat(answer.facts["next_on"])


def _kinds(best_first: Sequence[Opportunity]) -> str:
    most = preferences.get(CampaignsPreferences).kinds_on_row_most
    return dumps([[reason.kind, reason.facts["articles_count"], int(_whole(reason.rank_value))] for reason in best_first[:most]])


def _whole(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal(1), rounding=ROUND_HALF_UP)
