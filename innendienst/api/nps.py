"""Surveys and their figures for other programs: those of the dashboard and the workbook, unrounded, and nobody's name.

Below five answers nothing but their number is told, as everywhere (nps/statistics.py).
"""

import datetime as dt
from typing import Annotated, Self

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field, Query, Router, Schema

from innendienst.api.schemas import refusals
from nps.figures import WaveFigures, figures_of, response_rate
from nps.models import SurveyWave
from nps.trend import Step, line_of

ROWS, ROWS_MOST = 50, 100
OFFSET_MOST = 100_000
router = Router()


class Interval(Schema):
    """The adjusted-Wald range at 95 %, in points."""

    low: float
    high: float


class Wave(Schema):
    id: int
    name: str
    kind: SurveyWave.Kind
    state: SurveyWave.State
    starts_on: dt.date
    ends_on: dt.date
    scale_min: Annotated[
        int, Field(description="The scale begins with 0 or 1 and ends with 10. Scores of different scales are not comparable.")
    ]
    n: Annotated[int, Field(description="Answers that count. Below five the figures of the answers are null.")]
    promoters: Annotated[int | None, Field(description="9 and 10")]
    passives: Annotated[int | None, Field(description="7 and 8")]
    detractors: Annotated[int | None, Field(description="6 and less")]
    score: Annotated[float | None, Field(description="Net Promoter Score in points from −100 to +100")]
    standard_error: Annotated[float | None, Field(description="Of the score, in points")]
    interval: Interval | None
    reached: Annotated[
        int | None, Field(description="People whom the question reached; null while that is nobody, and for a list that was read in")
    ]
    response_rate: Annotated[float | None, Field(description="Those who answered of those reached, 0 to 1")]

    @classmethod
    def of(cls, figures: WaveFigures, **more: object) -> Self:
        wave, tally, span = figures.wave, figures.tally, figures.interval
        told = {
            "promoters": tally.promoters, "passives": tally.passives, "detractors": tally.detractors, "score": figures.score,
            "standard_error": figures.standard_error, "interval": span and {"low": span.low, "high": span.high},
        }  # fmt: skip
        return cls(
            id=wave.pk, name=wave.name, kind=wave.kind, state=wave.state, starts_on=wave.starts_on, ends_on=wave.ends_on,
            scale_min=wave.scale_min, n=figures.n, reached=wave.figures.get("asked", {}).get("delivered") or None,
            response_rate=response_rate(wave), **(told if figures.is_shown else dict.fromkeys(told)), **more,
        )  # fmt: skip


class Change(Schema):
    """From the survey before, of the same kind and scale. Not proven means that chance may have brought it."""

    since: Annotated[int, Field(description="The id of the survey before")]
    points: float
    z: float
    p: float
    is_proven: bool


class WaveInLine(Wave):
    change: Annotated[
        Change | None,
        Field(description="null for the first survey or scale, and where one of the two surveys has fewer than five answers"),
    ]

    @classmethod
    def at(cls, step: Step) -> Self:
        found = step.change and step.before and {
            "since": step.before.wave.pk, "points": step.change.points, "z": step.change.z, "p": step.change.p,
            "is_proven": step.change.is_proven,
        }  # fmt: skip
        return cls.of(step.figures, change=found)


class Waves(Schema):
    count: Annotated[int, Field(description="Of all surveys, not of those on this page")]
    items: list[Wave]


@router.get(
    "/waves",
    response={200: Waves, **refusals(422)},
    url_name="nps-waves",
    operation_id="list_nps_waves",
    summary="Surveys, the latest first",
)
def waves(
    request: HttpRequest,
    limit: Annotated[int, Query(ge=1, le=ROWS_MOST)] = ROWS,
    offset: Annotated[int, Query(ge=0, le=OFFSET_MOST)] = 0,
):
    found = SurveyWave.objects.latest_first()
    return {"count": found.count(), "items": [Wave.of(one) for one in figures_of(found[offset : offset + limit])]}


@router.get(
    "/waves/{int:wave_id}",
    response={200: WaveInLine, **refusals(404)},
    url_name="nps-wave",
    operation_id="get_nps_wave",
    summary="One survey, with its change since the one before",
)
def wave(request: HttpRequest, wave_id: int):
    found = get_object_or_404(SurveyWave, pk=wave_id)
    line = line_of(found.kind)
    return WaveInLine.at(next((step for step in line if step.figures.wave == found), Step(figures_of([found])[0], None, ())))
