"""The kinds of reason that are computed. A new kind is a module with a function `suggest` and a line in RULES."""

from collections.abc import Callable

from campaigns.reasons import cross_sell, reorder
from campaigns.reasons.basis import CustomerPurchases
from campaigns.reasons.suggestions import Suggestion

RULES: dict[str, Callable[[CustomerPurchases], list[Suggestion]]] = {
    "reorder": reorder.suggest,
    "cross_sell": cross_sell.suggest,
}


def suggest(purchases: CustomerPurchases) -> list[Suggestion]:
    """What all rules together find in one customer's purchases."""
    return [suggestion for rule in RULES.values() for suggestion in rule(purchases)]
