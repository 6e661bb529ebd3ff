"""What the pages, the workbook and the command say about a wave, read from its kept figures."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import cached_property

from django.db.models import CharField, Count

from innendienst.lib.prepared import IdsParam, Param, Prepared
from nps.models import SurveyWave, WaveTally
from nps.segments import place_of, value_name
from nps.statistics import (
    SHOWN_FROM,
    SMALL_UNTIL,
    Interval,
    Tally,
    Weighted,
    finite_half_width,
    interval,
    net_promoter_score,
    shown_cells,
    standard_error,
    weighted_sums,
)
from nps.tallies import ALL

_ALL_COUNTS = Prepared(lambda: WaveTally.objects.filter(wave__in=IdsParam("waves"), dimension=ALL).values_list("wave", "rating", "count"))
_BY_VALUE = Prepared(
    lambda: WaveTally.objects.filter(wave=Param("wave"), dimension=Param("dimension", CharField())).values_list(
        "value", "rating", "count", "weight", "weight_squares"
    )
)
_VALUES = Prepared(
    lambda: (
        WaveTally.objects.filter(wave=Param("wave"))
        .exclude(dimension=ALL)
        .values_list("dimension")
        .annotate(values=Count("value", distinct=True))
    )
)
RATE_LEAST = Fraction(1, 5)
"""Below it the page says that a low rate flatters the score."""
Counts = Mapping[int, int]
"""Rating → answers."""


@dataclass(frozen=True)
class WaveFigures:
    """A wave and how many answers it has per rating."""

    wave: SurveyWave
    counts: Counts

    @cached_property
    def tally(self) -> Tally:
        return Tally.of(self.counts)

    @property
    def n(self) -> int:
        return self.tally.n

    @property
    def is_shown(self) -> bool:
        """Below five answers a score would tell who said what."""
        return self.n >= SHOWN_FROM

    @property
    def is_small(self) -> bool:
        return self.n <= SMALL_UNTIL

    @property
    def score(self) -> Fraction | None:
        return net_promoter_score(self.tally)

    @property
    def interval(self) -> Interval | None:
        return interval(self.tally)

    @property
    def standard_error(self) -> float | None:
        return standard_error(self.tally)

    @property
    def finite_half_width(self) -> float | None:
        """Half of the range among all who could be asked; None where that is not known."""
        population = self.wave.figures.get("asked", {}).get("population", 0)
        return finite_half_width(self.tally, population) if population else None


@dataclass(frozen=True)
class Cell:
    """One value of a breakdown. `tally` is None where it must not be shown; `n` is always known."""

    value: str
    name: str
    n: int
    tally: Tally | None
    weighted: Weighted | None = None
    """By revenue; None too where nobody's revenue is known."""

    @property
    def score(self) -> Fraction | None:
        return net_promoter_score(self.tally) if self.tally else None

    @property
    def interval(self) -> Interval | None:
        return interval(self.tally) if self.tally else None

    @property
    def is_too_small(self) -> bool:
        """Hidden for itself, and not only to protect another one."""
        return self.n < SHOWN_FROM


@dataclass(frozen=True)
class ReasonCount:
    group: str
    counts: Mapping[str, int] = field(default_factory=dict)
    """promoter, passive, detractor → answers that name it."""

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def rounded(value: Fraction | float | None, places: int = 0) -> Decimal | None:
    """As it is printed: half away from zero."""
    if value is None:
        return None
    exact = Decimal(value.numerator) / Decimal(value.denominator) if isinstance(value, Fraction) else Decimal(value)
    return exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def figures_of(waves: Iterable[SurveyWave]) -> list[WaveFigures]:
    """The waves with their counts, in their order; one query."""
    listed = list(waves)
    counts: dict[int, dict[int, int]] = defaultdict(dict)
    for wave_id, rating, count in _ALL_COUNTS(waves=[wave.pk for wave in listed]):
        counts[wave_id][rating] = count
    return [WaveFigures(wave, counts[wave.pk]) for wave in listed]


def tallies_by(wave: SurveyWave, dimension: str) -> dict[str, Tally]:
    """Value of a segment → counts, however small. One query."""
    counts: dict[str, dict[int, int]] = defaultdict(dict)
    rows = WaveTally.objects.filter(wave=wave, dimension=dimension)
    for value, rating, count in rows.values_list("value", "rating", "count"):
        counts[value][rating] = count
    return {value: Tally.of(ratings) for value, ratings in counts.items()}


def breakdown(wave: SurveyWave, dimension: str) -> list[Cell]:
    """The values of one segment in their own order, else the largest first; what is too small is there without its figures. One query."""
    counts: dict[str, dict[int, int]] = defaultdict(dict)
    weights: dict[str, dict[int, tuple[float, float]]] = defaultdict(dict)
    for value, rating, count, *sums in _BY_VALUE(wave=wave.pk, dimension=dimension):
        counts[value][rating], weights[value][rating] = count, tuple(sums)
    tallies = {value: Tally.of(ratings) for value, ratings in counts.items()}
    shown = shown_cells({value: tally.n for value, tally in tallies.items()})
    cells = [
        Cell(value, value_name(dimension, value), tally.n, tally, weighted_sums(weights[value]))
        if value in shown
        else Cell(value, value_name(dimension, value), tally.n, None)
        for value, tally in tallies.items()
    ]
    return sorted(cells, key=lambda cell: (place_of(dimension, cell.value), -cell.n, cell.name))


def dividing_dimensions(wave: SurveyWave) -> set[str]:
    """Those segments that tell anything about the wave: with more than one value, of which unknown may be one."""
    return {dimension for dimension, values in _VALUES(wave=wave.pk) if values > 1}


def response_rate(wave: SurveyWave) -> Fraction | None:
    """Those who answered of those whom the question reached; None where nobody was asked by the program."""
    asked = wave.figures.get("asked", {})
    return Fraction(asked["answered"], asked["delivered"]) if asked.get("delivered") else None


def reasons(wave: SurveyWave) -> list[ReasonCount]:
    """What the answers name, what most detractors name first; those without a reason last."""
    counts: dict[str, dict[str, int]] = defaultdict(dict)
    for group, found, count in wave.figures.get("reasons", []):
        counts[found][group] = count
    listed = [ReasonCount(found, by_group) for found, by_group in counts.items()]
    return sorted(listed, key=lambda one: (one.group == "none", -one.counts.get("detractor", 0), -one.total, one.group))
