"""When the checklist of a hand-over is ticked beforehand: a proposal that whoever asks may change."""

import datetime as dt
from collections.abc import Iterable, Mapping
from types import MappingProxyType

NEW_FOR = dt.timedelta(days=180)
ANSWERED_WITHIN_DAYS = 2
"""Working days field sales has to accept unless a plan says otherwise (domain guide 2.1)."""
INSIDE_SALES = "inside_sales"
"""Who speaks to the customer, where it is not field sales."""
_NO_RULES: Mapping[str, str] = MappingProxyType({})
NOT_YET_KNOWN = frozenset({"lead", "prospect", "new"})
"""Lifecycles of those who have not bought for long, or not at all."""


def is_new(lifecycle: str, *, first_order_on: dt.date | None, customer_since: dt.date | None, today: dt.date) -> bool:
    """Whether he is a customer since half a year at most; what the ERP states counts where it reaches further back than the orders."""
    known = [day for day in (first_order_on, customer_since) if day]
    return lifecycle in NOT_YET_KNOWN or (bool(known) and today - min(known) <= NEW_FOR)


def proposed_criteria(
    *, is_new: bool, needs_demo: bool, has_field_owner: bool, wants_visit: bool = False, speakers: Mapping[str, str] = _NO_RULES
) -> list[str]:
    """Codes of the checklist (customers.models.handovers.Criterion), in its order; none where a call will do.

    `speakers` are the rules agreed on in the plan, code → who speaks to the customer: what inside sales keeps is not ticked.
    """
    ticks = {
        "expects_visit": wants_visit and "expects_visit" in speakers,
        "on_site": needs_demo, "new_customer": is_new, "key_customer": has_field_owner,
    }  # fmt: skip
    return [code for code, is_ticked in ticks.items() if is_ticked and speakers.get(code) != INSIDE_SALES]


def answered_within(days_agreed: Mapping[str, int], criteria: Iterable[str]) -> int:
    """Working days field sales has to answer: the shortest that was agreed for one of the ticks, else the usual."""
    return min((days_agreed[code] for code in criteria if days_agreed.get(code)), default=ANSWERED_WITHIN_DAYS)
