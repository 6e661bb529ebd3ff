"""How far a customer is behind his own rhythm with a product. Plain rules.

Source: domain guide 6.4: the days since the last purchase as a multiple of his usual gap.
"""

import datetime as dt
from decimal import Decimal
from enum import StrEnum

_DUE_FROM = Decimal("1.0")
_OVERDUE_FROM = Decimal("1.5")
_LOST_ABOVE = Decimal("2.5")
"""Beyond this he has probably left: no reorder, but a matter for winning back."""


class Band(StrEnum):
    IN_RHYTHM = "in_rhythm"
    DUE = "due"
    OVERDUE = "overdue"
    LOST = "lost"


REORDER = frozenset({Band.DUE, Band.OVERDUE})
"""Where asking for a reorder makes sense."""


def band(last_on: dt.date, median_gap_days: Decimal | None, as_of: dt.date) -> Band | None:
    """The band as of a day, usually the Datenstand; None where there is no rhythm."""
    if not median_gap_days:
        return None
    ratio = (as_of - last_on).days / median_gap_days
    if ratio < _DUE_FROM:
        return Band.IN_RHYTHM
    if ratio < _OVERDUE_FROM:
        return Band.DUE
    return Band.OVERDUE if ratio <= _LOST_ABOVE else Band.LOST
