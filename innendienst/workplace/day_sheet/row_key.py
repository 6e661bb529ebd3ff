"""What a row of the sheet carries unseen: whose day it is, the customer, and what the gate and the reasons were.

It is signed: a row that comes back can be filled in, but not turned into another customer's.
"""

import uuid
from dataclasses import asdict, dataclass

from django.core import signing

_SALT = "innendienst.day_sheet"
KEPT_SECONDS = 14 * 24 * 3600
"""So old a sheet may be when it comes back. One-time keys are kept longer (innendienst/housekeeping.py)."""
_NAMESPACE = uuid.UUID("9a3c2c0e-5d5f-4c39-9a51-5a7f0a7a4b11")


class UnknownRow(ValueError):
    """The row's key was changed, or is too old."""


@dataclass(frozen=True)
class RowKey:
    """`day` is an ISO date; `reasons` are ids of opportunities with the versions seen, best first; `gate` is the gate's signed answer."""

    user: int
    day: str
    customer: int
    contact: int | None
    gate: str
    reasons: list[list[int]]

    def signed(self) -> str:
        return signing.dumps(asdict(self), salt=_SALT, compress=True)

    def form_key(self, round_number: int = 0) -> uuid.UUID:
        """The same for this customer on this person's day, however often the sheet was taken along; another one after an undo."""
        return uuid.uuid5(_NAMESPACE, f"{self.user}:{self.day}:{self.customer}:{round_number}")


def read_key(text: str) -> RowKey:
    """Raises UnknownRow."""
    try:
        return RowKey(**signing.loads(text, salt=_SALT, max_age=KEPT_SECONDS))
    except (signing.BadSignature, TypeError) as error:
        raise UnknownRow(text[:20]) from error
