"""What a wave says and how sure it is: score, interval, proven change, weighting, and which cells may be shown.

Plain arithmetic over counts. The score is exact; what needs a root is computed in the same order as the formulas of the
workbook (nps/workbook), so that page and sheet agree to the last digit. Rounding belongs to whoever displays it.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Self

from innendienst.lib.certainty import Z95

PROMOTER_FROM = 9
DETRACTOR_UNTIL = 6
RATING_MOST = 10
GROUP_LIMITS = {
    "promoter": (PROMOTER_FROM, RATING_MOST),
    "passive": (DETRACTOR_UNTIL + 1, PROMOTER_FROM - 1),
    "detractor": (0, DETRACTOR_UNTIL),
}
"""Group → its lowest and its highest rating."""
SHOWN_FROM = 5
SMALL_UNTIL = 29

CAP_SHARE = 0.95

_ADDED_PER_GROUP = 0.75
_ADDED = 4 * _ADDED_PER_GROUP


@dataclass(frozen=True)
class Tally:
    """How many answers fell into each group."""

    promoters: int = 0
    passives: int = 0
    detractors: int = 0

    @classmethod
    def of(cls, counts: Mapping[int, int]) -> Self:
        """From rating → count; whole ratings up to 10, whatever the scale begins with."""
        promoters = sum(count for rating, count in counts.items() if rating >= PROMOTER_FROM)
        detractors = sum(count for rating, count in counts.items() if rating <= DETRACTOR_UNTIL)
        return cls(promoters, sum(counts.values()) - promoters - detractors, detractors)

    def __add__(self, other: Self) -> Self:
        return type(self)(self.promoters + other.promoters, self.passives + other.passives, self.detractors + other.detractors)

    @property
    def n(self) -> int:
        return self.promoters + self.passives + self.detractors


@dataclass(frozen=True)
class Interval:
    """The 95 % range in points from −100 to +100."""

    low: float
    high: float


@dataclass(frozen=True)
class Change:
    """From one wave to the next: `points` exact, z and the two-sided p of the adjusted-Wald test."""

    points: Fraction
    z: float
    p: float

    @property
    def is_proven(self) -> bool:
        """Whether chance alone would bring such a change in fewer than 5 of 100 cases."""
        return abs(self.z) >= Z95


@dataclass(frozen=True)
class Paired(Change):
    """A change measured on `n` people who answered both times."""

    n: int


@dataclass(frozen=True)
class Weighted:
    """A score in which each answer counts with its weight. `effective_n` is how many equal answers would say as much."""

    score: float
    standard_error: float
    effective_n: float


def group_of(rating: int) -> str:
    """ "promoter", "passive" or "detractor"."""
    if rating >= PROMOTER_FROM:
        return "promoter"
    return "detractor" if rating <= DETRACTOR_UNTIL else "passive"


def sign_of(rating: int) -> int:
    """+1 for a promoter, 0, −1 for a detractor."""
    return (rating >= PROMOTER_FROM) - (rating <= DETRACTOR_UNTIL)


def net_promoter_score(tally: Tally) -> Fraction | None:
    """Share of promoters minus share of detractors, in points from −100 to +100.

    None when nobody has answered, because "no answers" is not a score of zero. Source: Reichheld, HBR 12/2003.
    """
    return Fraction(100 * (tally.promoters - tally.detractors), tally.n) if tally.n else None


def standard_error(tally: Tally) -> float | None:
    """Of the score, in points; None without answers."""
    if not tally.n:
        return None
    p, d = tally.promoters / tally.n, tally.detractors / tally.n
    return 100 * math.sqrt(max(p + d - (p - d) ** 2, 0.0) / tally.n)


def interval(tally: Tally) -> Interval | None:
    """The adjusted-Wald range: three quarters of an answer added to each end of the scale, one and a half to the middle.

    Good for few answers too, and not symmetric about the score. None without answers.
    """
    if not tally.n:
        return None
    centre, error = _adjusted(tally)
    return Interval(max(-100.0, 100 * (centre - Z95 * error)), min(100.0, 100 * (centre + Z95 * error)))


def change(before: Tally, after: Tally) -> Change | None:
    """Between two waves of different people; None when one of them has no answers."""
    first, second = net_promoter_score(before), net_promoter_score(after)
    if first is None or second is None:
        return None
    (centre1, error1), (centre2, error2) = _adjusted(before), _adjusted(after)
    z = (centre2 - centre1) / math.sqrt(error1**2 + error2**2)
    return Change(second - first, z, _two_sided(z))


def finite_half_width(tally: Tally, population: int) -> float | None:
    """Half of the simple 95 % range where `population` people could have answered: the more of them did, the narrower it is.

    None without answers. It says nothing about those who would rather not answer.
    """
    error = standard_error(tally)
    if error is None or population < tally.n:
        return None
    return Z95 * error * math.sqrt((population - tally.n) / (population - 1)) if population > 1 else 0.0


def paired_change(pairs: Mapping[tuple[int, int], int]) -> Paired | None:
    """Of the same people in two waves: from (rating before, rating after) → people. None for fewer than two of them.

    Each person's own difference of +1, 0 and −1: what sets people apart from each other does not blur it. Without any spread among the
    differences z is 0 where nobody moved, else endless.
    """
    steps: Counter[int] = Counter()
    for (before, after), people in pairs.items():
        steps[sign_of(after) - sign_of(before)] += people
    n = steps.total()
    if n < 2:
        return None
    total = sum(step * people for step, people in steps.items())
    squares = sum(people * (step - total / n) ** 2 for step, people in steps.items())
    error = math.sqrt(squares / (n - 1) / n)
    z = total / n / error if error else math.copysign(math.inf, total) if total else 0.0
    return Paired(Fraction(100 * total, n), z, _two_sided(z), n)


def cap_place(count: int) -> int:
    """Which of so many sorted weights, counted from 0, is the most that one may weigh, so that one giant does not decide alone."""
    return max(math.ceil(CAP_SHARE * count) - 1, 0)


def weighted_sums(sums: Mapping[int, tuple[float, float]]) -> Weighted | None:
    """A second figure, never instead of the first: from rating → (sum of the weights, sum of their squares), larger ones cut to the cap.

    None when no answer has a weight above zero.
    """
    total = math.fsum(weight for weight, _squares in sums.values())
    if total <= 0:
        return None
    mean = math.fsum(weight * sign_of(rating) for rating, (weight, _squares) in sums.items()) / total
    error = math.fsum(squares * (sign_of(rating) - mean) ** 2 for rating, (_weight, squares) in sums.items())
    all_squares = math.fsum(squares for _weight, squares in sums.values())
    return Weighted(100 * mean, 100 * math.sqrt(error) / total, total**2 / all_squares)


def per_customer(voices: Iterable[tuple[int, int]]) -> tuple[Fraction, int] | None:
    """From (sum of +1, 0 and −1, answers) of each customer: the score when he is one voice, and how many there are. None without any."""
    alike = Counter(voices)
    if not alike:
        return None
    total = sum((Fraction(signs, answers) * count for (signs, answers), count in alike.items()), Fraction(0))
    return 100 * total / alike.total(), alike.total()


def shown_cells(cells: Mapping[str, int], least: int = SHOWN_FROM) -> frozenset[str]:
    """The cells of a breakdown whose figures may be shown: at least `least` answers each.

    What is left out must not follow from the total: while the hidden ones together have fewer than `least` answers, the
    smallest shown one is hidden too. Cells without answers hide nothing and show nothing.
    """
    filled = sorted(((count, name) for name, count in cells.items() if count), key=lambda cell: (cell[0], cell[1]))
    hidden = [count for count, _name in filled if count < least]
    shown = [(count, name) for count, name in filled if count >= least]
    while shown and 0 < sum(hidden) < least:
        hidden.append(shown.pop(0)[0])
    return frozenset(name for _count, name in shown)


def _adjusted(tally: Tally) -> tuple[float, float]:
    """Centre and standard error as shares, after adding three answers."""
    n = tally.n + _ADDED
    p, d = (tally.promoters + _ADDED_PER_GROUP) / n, (tally.detractors + _ADDED_PER_GROUP) / n
    centre = p - d
    return centre, math.sqrt((p + d - centre**2) / n)


def _two_sided(z: float) -> float:
    return math.erfc(abs(z) / math.sqrt(2))
