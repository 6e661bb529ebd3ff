"""The kept figures of a wave: recomputed from its answers as a whole, never adjusted, so that a second run changes nothing.

Whoever writes many answers calls `refresh` in his transaction, whoever writes one calls `ask` and leaves it to a job that serves all
who asked meanwhile. Pages read WaveTally and `SurveyWave.figures` and no answer.
"""

from decimal import Decimal

from django.db import transaction
from django.db.models import Case, Count, DecimalField, F, FloatField, Sum, Value, When
from django.db.models.functions import Cast, Least

from innendienst.base import jobs
from nps import beside
from nps.models import Response, SurveyWave, WaveTally
from nps.segments import DIMENSIONS
from nps.statistics import cap_place

TALLY = "nps_tally"
ALL = "all"
_WHY = "the figures of a wave are counted for everybody"
_KEPT = ("count", "weight", "weight_squares")

Counts = dict[tuple[str, str, int], tuple[int, float, float]]
"""(dimension, value, rating) → answers, their weights by revenue added up, and the squares of these."""


def ask(wave_id: int) -> None:
    """Have figures and cases follow soon (following.py), in the caller's transaction."""
    jobs.request(TALLY, str(wave_id), wave=wave_id)


@transaction.atomic
def refresh(wave_id: int) -> int:
    """Bring the kept figures of a wave in line with its answers; how many rows were written. A wave that is gone has none.

    The wave after it is compared with this one person by person and follows in a job of its own.
    """
    wave = SurveyWave.objects.select_for_update().filter(pk=wave_id).first()
    if wave is None:
        return 0
    counts = _counts(wave)
    written = _keep_counts(wave, counts)
    sums = {rating: (weight, squares) for (dimension, _value, rating), (_n, weight, squares) in counts.items() if dimension == ALL}
    figures = beside.figures_beside(wave, sums)
    if figures != wave.figures:
        SurveyWave.objects.filter(pk=wave.pk).update(figures=figures)
        written += 1
    if written and (after := beside.next_of_kind(wave)):
        ask(after.pk)
    return written


def _answers(wave: SurveyWave):
    return Response.objects.for_system(_WHY).filter(wave=wave).counted().order_by()


def _counts(wave: SurveyWave) -> Counts:
    weight = _weight(_cap(wave))
    sums = {"n": Count("pk"), "w": _added(Sum(weight)), "w2": _added(Sum(weight * weight))}
    found = _answers(wave).values_list("rating").annotate(**sums)
    counts = {(ALL, "", rating): tuple(kept) for rating, *kept in found}
    for dimension in DIMENSIONS:
        found = _answers(wave).values_list(dimension, "rating").annotate(**sums)
        counts |= {(dimension, value, rating): tuple(kept) for value, rating, *kept in found}
    return counts


def _cap(wave: SurveyWave) -> Decimal:
    """The revenue above which an answer weighs no more, so that one giant does not decide alone; the same for all segments."""
    weights = _answers(wave).filter(revenue_12m__gt=0).order_by("revenue_12m").values_list("revenue_12m", flat=True)
    count = weights.count()
    return weights[cap_place(count)] if count else Decimal(0)


def _weight(cap: Decimal):
    """Of one answer, exact; added up it becomes a float, so that the order of the rows does not matter."""
    money = DecimalField(max_digits=40, decimal_places=4)
    return Case(When(revenue_12m__gt=0, then=Least(F("revenue_12m"), Value(cap))), default=Value(Decimal(0)), output_field=money)


def _added(total):
    return Cast(total, FloatField())


def _keep_counts(wave: SurveyWave, counts: Counts) -> int:
    stored = {(row.dimension, row.value, row.rating): row for row in WaveTally.objects.filter(wave=wave)}
    gone = [row.pk for key, row in stored.items() if key not in counts]
    rows = [
        WaveTally(wave=wave, dimension=dimension, value=value, rating=rating, **dict(zip(_KEPT, kept, strict=True)))
        for (dimension, value, rating), kept in counts.items()
        if (row := stored.get((dimension, value, rating))) is None or (row.count, row.weight, row.weight_squares) != kept
    ]
    if gone:
        WaveTally.objects.filter(pk__in=gone).delete()
    WaveTally.objects.bulk_create(
        rows, batch_size=1_000, update_conflicts=True, unique_fields=["wave", "dimension", "value", "rating"], update_fields=_KEPT
    )
    return len(gone) + len(rows)
