"""Money as the database adds it up: net euros with two decimals."""

from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Expression, F, Q, Sum
from django.db.models.functions import Round

CENT = Decimal("0.01")


def money_sum(field: str, filter: Q | None = None) -> Expression:  # noqa: A002 - Django's own word for it
    """The sum of a money column, rounded to cents: SQLite adds floating point and drifts otherwise."""
    return Round(Sum(F(field), filter=filter), precision=2)


def cents(amount: Decimal) -> Decimal:
    """`amount` rounded half away from zero to two decimals."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)
