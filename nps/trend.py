"""The line of the surveys of one kind: each with the one before it, and whether the change is proven."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from innendienst.lib.dates import add_months
from nps.figures import WaveFigures, figures_of
from nps.models import SurveyWave
from nps.statistics import SHOWN_FROM, Change, Tally, change, net_promoter_score

STEPS_MOST = 12


@dataclass(frozen=True)
class Step:
    """A wave in the line of all. `change` is None for the first one and after a break of scale. `line` ends with this wave."""

    figures: WaveFigures
    before: WaveFigures | None
    line: Sequence[WaveFigures]
    has_new_scale: bool = False

    @cached_property
    def year(self) -> Tally:
        """The answers of the four quarters up to this wave, back to a change of scale."""
        wave, total = self.figures.wave, Tally()
        year_ago = add_months(wave.starts_on, -12)
        for one in reversed(self.line):
            if one.wave.scale_min != wave.scale_min or one.wave.starts_on <= year_ago:
                break
            total += one.tally
        return total

    @property
    def year_score(self) -> Fraction | None:
        """Of a year's waves together; None where that would be this wave alone or too few answers."""
        if self.year.n == self.figures.n or self.year.n < SHOWN_FROM:
            return None
        return net_promoter_score(self.year)

    @cached_property
    def change(self) -> Change | None:
        if self.before is None or not (self.figures.is_shown and self.before.is_shown):
            return None
        return change(self.before.tally, self.figures.tally)


def trend(figures: Sequence[WaveFigures]) -> list[Step]:
    """Waves, the earliest first, each with the one before it; a change of scale begins anew."""
    steps: list[Step] = []
    for one in figures:
        before = steps[-1].figures if steps else None
        is_broken = before is not None and before.wave.scale_min != one.wave.scale_min
        steps.append(Step(one, None if is_broken else before, figures[: len(steps) + 1], has_new_scale=is_broken))
    return steps


def line_of(kind: str) -> list[Step]:
    """All surveys of a kind that have begun, the earliest first. Two queries."""
    return trend(figures_of(SurveyWave.objects.begun().filter(kind=kind).latest_first().reverse()))


def excerpt(steps: Sequence[Step], wave: SurveyWave) -> list[Step]:
    """As many steps as a chart bears: the latest ones, or those up to `wave` where it lies further back."""
    own = next(index for index, step in enumerate(steps) if step.figures.wave == wave)
    start = max(len(steps) - STEPS_MOST, 0)
    if own < start:
        start = max(own + 1 - STEPS_MOST, 0)
    return list(steps[start : start + STEPS_MOST])
