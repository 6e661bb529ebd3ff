"""Which order closes which opportunity, which has to be asked about, and what the customer bought of himself.

Source: domain guide 2.1, "closing by orders". Everything here is about the opportunities of one customer.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, auto

ASKED_MOST = 3
"""Of more orders than that nobody remembers which it was; the oldest are asked about."""


class Stage(Enum):
    UNTALKED = auto()
    """Suggested, or planned and nobody has spoken with the customer about it."""
    TALKED = auto()
    WANTED = auto()
    """The customer said that he is interested, or has a quote."""
    WON = auto()
    """He said yes; the order is awaited."""


@dataclass(frozen=True)
class Fit:
    """An order with something of what an opportunity is about, `amount` in net euros of these lines alone.

    `is_own`: its articles are those of the opportunity, not others of the same product group.
    """

    order_key: str
    order_number: str
    ordered_on: dt.date
    amount: Decimal
    product_ids: tuple[int, ...]
    is_own: bool


@dataclass(frozen=True)
class Matter:
    """An opportunity as far as orders are concerned; `agreed_on` is the day of its last step."""

    id: int
    stage: Stage
    agreed_on: dt.date


@dataclass(frozen=True)
class Verdict:
    """At most one of the three. `bought` are orders nobody can take credit for, oldest first."""

    taken: Fit | None = None
    asked: Sequence[Fit] = ()
    bought: Sequence[Fit] = ()


def judge(fits: Mapping[Matter, Sequence[Fit]], *, days: int) -> dict[int, Verdict]:
    """Opportunity id → what the orders say about it. An order may lie `days` after what was agreed, later ones are asked about."""
    claims = Counter(claim for matter, several in fits.items() if matter.stage != Stage.UNTALKED for claim in _claims(several))
    contested = {claim for claim, count in claims.items() if count > 1}
    return {matter.id: _judge(matter, sorted(several, key=_by_day), contested, days) for matter, several in fits.items()}


def _judge(matter: Matter, fits: Sequence[Fit], contested: set[tuple[str, int]], days: int) -> Verdict:
    until = matter.agreed_on + dt.timedelta(days=days)
    own = [fit for fit in fits if fit.is_own]
    if matter.stage == Stage.UNTALKED:
        return Verdict(bought=own)
    if matter.stage == Stage.WON:  # what comes so late is another order
        own = [fit for fit in own if fit.ordered_on <= until]
    if len(own) == 1 and own[0].ordered_on <= until and not contested & set(_claims(own)):
        return Verdict(taken=own[0])
    if not own and matter.stage in {Stage.WANTED, Stage.WON}:  # another article of the group may be what he chose in the end
        own = [fit for fit in fits if fit.ordered_on <= until]
    return Verdict(asked=own[:ASKED_MOST])


def _claims(fits: Sequence[Fit]) -> Iterator[tuple[str, int]]:
    return ((fit.order_key, product_id) for fit in fits if fit.is_own for product_id in fit.product_ids)


def _by_day(fit: Fit) -> tuple[dt.date, str]:
    return fit.ordered_on, fit.order_key
