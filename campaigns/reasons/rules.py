"""The kinds of reason that are computed. A new kind is a module with a function `suggest` and a line in RULES.

Reasons of the kind "campaign" are not computed here: whoever starts a campaign makes them for its target group, and a
recompute leaves alone every kind that has no rule.
"""

from collections.abc import Callable, Iterator

from campaigns.reasons import after_sales, cross_sell, last_call, reorder, satisfaction, up_sell, win_back
from campaigns.reasons.basis import CustomerPurchases
from campaigns.reasons.suggestions import Suggestion

RULES: dict[str, Callable[[CustomerPurchases], list[Suggestion]]] = {
    module.KIND: module.suggest for module in (last_call, reorder, after_sales, up_sell, cross_sell, win_back, satisfaction)
}
KINDS = tuple(RULES)
_YIELDS_TO = {
    reorder.KIND: (last_call.KIND,),
    up_sell.KIND: (last_call.KIND, after_sales.KIND),
    cross_sell.KIND: (after_sales.KIND, up_sell.KIND),
}
"""An article is offered for one reason: the one that says most."""


def suggest(purchases: CustomerPurchases) -> list[Suggestion]:
    """What all rules together find in one customer's purchases."""
    found = {suggestion.kind: suggestion for rule in RULES.values() for suggestion in rule(purchases)}
    return list(_once(found))


def _once(found: dict[str, Suggestion]) -> Iterator[Suggestion]:
    for kind, suggestion in found.items():
        named = {item.product_id for other in _YIELDS_TO.get(kind, ()) if other in found for item in found[other].items}
        if not named:
            yield suggestion
        elif items := [item for item in suggestion.items if item.product_id not in named]:
            yield suggestion._replace(items=items)
