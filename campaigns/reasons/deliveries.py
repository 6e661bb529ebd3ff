"""Which deliveries of an article still stand: what came back is deducted from the youngest before it."""

from collections.abc import Sequence
from decimal import Decimal

from campaigns.reasons.basis import Day


def standing(days: Sequence[Day]) -> list[Day]:
    """The days on which something went out that the customer still has, oldest first; `days` come in the order of their dates."""
    stack: list[Day] = []
    for day in days:
        if day.quantity > 0:
            stack.append(day)
        else:
            _take_back(stack, -day.quantity)
    return stack


def delivered(days: Sequence[Day]) -> list[Day]:
    """Those of the standing days of which at least a part has reached him."""
    return [day for day in standing(days) if day.delivered > 0]


def _take_back(stack: list[Day], quantity: Decimal) -> None:
    while stack and quantity > 0:
        youngest = stack.pop()
        if youngest.quantity > quantity:
            stack.append(youngest._replace(quantity=youngest.quantity - quantity))
        quantity -= youngest.quantity
