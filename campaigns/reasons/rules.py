"""The kinds of reason that are computed. A new kind is a module with a `suggest` and a line here."""

from collections.abc import Callable

from campaigns.reasons import cross_sell, reorder
from campaigns.reasons.basis import CustomerPurchases
from campaigns.reasons.suggestions import Suggestion

RULES: tuple[Callable[[CustomerPurchases], list[Suggestion]], ...] = (reorder.suggest, cross_sell.suggest)
