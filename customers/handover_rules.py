"""When the checklist of a hand-over is ticked beforehand: a proposal that whoever asks may change."""

import datetime as dt

NEW_FOR = dt.timedelta(days=180)
NOT_YET_KNOWN = frozenset({"lead", "prospect", "new"})
"""Lifecycles of those who have not bought for long, or not at all."""


def is_new(lifecycle: str, *, first_order_on: dt.date | None, customer_since: dt.date | None, today: dt.date) -> bool:
    """Whether he is a customer since half a year at most; what the ERP states counts where it reaches further back than the orders."""
    known = [day for day in (first_order_on, customer_since) if day]
    return lifecycle in NOT_YET_KNOWN or (bool(known) and today - min(known) <= NEW_FOR)


def proposed_criteria(*, is_new: bool, needs_demo: bool, has_field_owner: bool) -> list[str]:
    """Codes of the checklist (customers.models.handovers.Criterion), in its order; none where a call will do."""
    ticks = {"on_site": needs_demo, "new_customer": is_new, "key_customer": has_field_owner}
    return [code for code, is_ticked in ticks.items() if is_ticked]
