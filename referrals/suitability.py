"""How well a customer suits as a reference, and what his recommendation may bring: points out of 100, with their parts.

Domain guide 6.6 and 6.7. A missing rating makes the score unknown, never zero; a gate hides it and says why. A right moment adds
no points, it sets the date. Plain rules, no Django.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

RATING_MOST = 3
_FLAG_SHARES = (Decimal(0), Decimal("0.6"), Decimal("0.8"), Decimal(1))
_NAMED_LEAST = 2
_UNKNOWN_RECORD = Decimal("0.3")
PROMOTER_LEAST, PASSIVE_LEAST = 9, 7
CONNECTED_LEAST = 2
"""Whoever is rated so, or better, could name others."""


class Gate(StrEnum):
    """Why nobody asks a customer now."""

    COMPLAINT = "complaint"
    DETRACTOR = "detractor"
    BLOCKED = "blocked"
    DECLINED = "declined"
    STOPPED = "stopped"


@dataclass(frozen=True)
class Traits:
    """What is known of a customer; ratings 0 to 3, None where nobody has rated, `last_rating` his last answer in a survey."""

    open_minded: int | None = None
    well_disposed: int | None = None
    well_connected: int | None = None
    flags_count: int = 0
    is_regular: bool = False
    last_rating: int | None = None
    named_count: int = 0
    won_count: int = 0


@dataclass(frozen=True)
class Part:
    """`points` of at most `most`; None: not rated."""

    key: str
    points: Decimal | None
    most: int


@dataclass(frozen=True)
class Score:
    parts: tuple[Part, ...]

    @property
    def value(self) -> int | None:
        """0 to 100, rounded half up; None while a part is not rated."""
        points = [part.points for part in self.parts if part.points is not None]
        if len(points) < len(self.parts):
            return None
        return int(sum(points, Decimal(0)).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def suitability(traits: Traits) -> Score:
    """How well he suits as a reference customer."""
    return Score(
        (
            _rated("open_minded", traits.open_minded, 20),
            _rated("well_disposed", disposition(traits), 20),
            _rated("well_connected", traits.well_connected, 20),
            Part("role_model", 25 * _flags_share(traits), 25),
            Part("regular", Decimal(15 if traits.is_regular else 0), 15),
        )
    )


def recommendation(traits: Traits) -> Score:
    """What asking him for a recommendation may bring."""
    record = Decimal(traits.won_count) / traits.named_count if traits.named_count >= _NAMED_LEAST else _UNKNOWN_RECORD
    return Score(
        (
            _rated("well_connected", traits.well_connected, 40),
            _rated("well_disposed", disposition(traits), 30),
            Part("record", 20 * record, 20),
            Part("role_model", 10 * _flags_share(traits), 10),
        )
    )


def disposition(traits: Traits) -> int | None:
    """How well disposed he is: by his own last answer where that was good, else as colleagues see it."""
    if traits.last_rating is not None and traits.last_rating >= PROMOTER_LEAST:
        return 3
    if traits.last_rating is not None and traits.last_rating >= PASSIVE_LEAST:
        return 2
    return traits.well_disposed


def _rated(key: str, rating: int | None, most: int) -> Part:
    return Part(key, None if rating is None else Decimal(most * rating) / RATING_MOST, most)


def _flags_share(traits: Traits) -> Decimal:
    return _FLAG_SHARES[min(traits.flags_count, len(_FLAG_SHARES) - 1)]
