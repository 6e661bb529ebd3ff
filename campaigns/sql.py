"""The kept tables of this app as innendienst/lib/kept.py writes them."""

import datetime as dt
from dataclasses import replace

from campaigns.models import Opportunity
from innendienst.lib.kept import KeptTable

SUGGESTIONS = KeptTable(
    "campaigns_opportunity",
    key=["customer_id", "kind"],
    values=[
        "owner_id", "facts", "rank_value", "expected_revenue", "expected_margin", "p_win", "urgency", "deadline_on",
    ],
    only=f"state = '{Opportunity.State.SUGGESTED.value}'",
)  # fmt: skip
ITEMS = KeptTable(
    "campaigns_opportunityitem",
    key=["opportunity_id", "product_id"],
    values=["position", "facts", "expected_revenue", "expected_margin"],
)
CALL_LIST = KeptTable(
    "campaigns_calllistrow",
    key=["customer_id"],
    values=["owner_id", "rank_value", "kinds", "callable_from"],
)
WIN_RATES = KeptTable(
    "campaigns_winrate",
    key=["kind", "abc_class"],
    values=["wins_count", "closed_count"],
)


def suggestions_of(today: dt.date) -> KeptTable:
    """Suggestions, new ones made today."""
    return replace(
        SUGGESTIONS,
        born_with={
            "state": Opportunity.State.SUGGESTED.value,
            "subject_key": "-",
            "suggested_on": today,
            "tries_count": 0,
            "lost_reason": "",
            "version": 1,
        },
    )
