"""The kept figures of a wave: recomputed from its answers as a whole, never adjusted, so that a second run changes nothing.

Whoever writes many answers calls `refresh` in his transaction, whoever writes one calls `ask` and leaves it to a job that serves all
who asked meanwhile. Pages read WaveTally and `SurveyWave.figures` and no answer.
"""

from collections import Counter
from dataclasses import asdict

from django.db import transaction
from django.db.models import Count

from innendienst.base import jobs
from innendienst.base.jobs import RunningJob
from nps.models import Invitation, Response, SurveyWave, WaveTally
from nps.reasons import groups_of
from nps.segments import DIMENSIONS
from nps.statistics import group_of, per_customer, weighted

TALLY = "nps_tally"
ALL = "all"
_WHY = "the figures of a wave are counted for everybody"

Counts = dict[tuple[str, str, int], int]
"""(dimension, value, rating) → answers."""


def ask(wave_id: int) -> None:
    """Have the figures follow soon, in the caller's transaction."""
    jobs.request(TALLY, str(wave_id), wave=wave_id)


def run_tally(job: RunningJob) -> None:
    """Handler of `nps_tally`."""
    job.result = {"written": refresh(int(job.args["wave"]))}


@transaction.atomic
def refresh(wave_id: int) -> int:
    """Bring the kept figures of a wave in line with its answers; how many rows were written. A wave that is gone has none."""
    wave = SurveyWave.objects.select_for_update().filter(pk=wave_id).first()
    if wave is None:
        return 0
    written = _keep_counts(wave, _counts(wave))
    figures = _figures(wave)
    if figures != wave.figures:
        SurveyWave.objects.filter(pk=wave.pk).update(figures=figures)
        written += 1
    return written


def _answers(wave: SurveyWave):
    return Response.objects.for_system(_WHY).filter(wave=wave).order_by()


def _counts(wave: SurveyWave) -> Counts:
    counts = {(ALL, "", rating): count for rating, count in _answers(wave).values_list("rating").annotate(count=Count("pk"))}
    for dimension in DIMENSIONS:
        grouped = _answers(wave).values_list(dimension, "rating").annotate(count=Count("pk"))
        counts |= {(dimension, value, rating): count for value, rating, count in grouped}
    return counts


def _keep_counts(wave: SurveyWave, counts: Counts) -> int:
    stored = {(row.dimension, row.value, row.rating): row for row in WaveTally.objects.filter(wave=wave)}
    gone = [row.pk for key, row in stored.items() if key not in counts]
    rows = [
        WaveTally(wave=wave, dimension=dimension, value=value, rating=rating, count=count)
        for (dimension, value, rating), count in counts.items()
        if (row := stored.get((dimension, value, rating))) is None or row.count != count
    ]
    if gone:
        WaveTally.objects.filter(pk__in=gone).delete()
    WaveTally.objects.bulk_create(
        rows, batch_size=1_000, update_conflicts=True, unique_fields=["wave", "dimension", "value", "rating"], update_fields=["count"]
    )
    return len(gone) + len(rows)


def _asked(wave: SurveyWave) -> dict[str, int]:
    """How many the invitation reached, and how many of them answered; nobody where the answers come from a list.

    Once nobody can tell any more who was asked (forgetting.py), the numbers stay as they were.
    """
    if wave.figures.get("asked") and not Invitation.objects.for_system(_WHY).filter(wave=wave).exists():
        return wave.figures["asked"]
    states = Invitation.objects.for_system(_WHY).filter(wave=wave, state__in=Invitation.ASKED, sent_on__isnull=False).order_by()
    counts = dict(states.values_list("state").annotate(count=Count("pk")))
    return {"delivered": sum(counts.values()), "answered": counts.get(Invitation.State.RESPONDED, 0)}


def _figures(wave: SurveyWave) -> dict:
    """What no tally holds: reasons per group of answerers, and the two further scores."""
    reasons: Counter[tuple[str, str]] = Counter()
    weights: list[tuple[float, int]] = []
    customers: list[tuple[int, int]] = []
    columns = ("rating", "reason", "customer", "revenue_12m")
    for rating, reason, customer, revenue in _answers(wave).order_by("pk").values_list(*columns).iterator(chunk_size=5_000):
        group = group_of(rating)
        reasons.update((group, found) for found in groups_of(reason))
        if revenue is not None:
            weights.append((float(revenue), rating))
        if customer is not None:
            customers.append((customer, rating))
    by_revenue, by_customer = weighted(weights), per_customer(customers)
    return {
        "asked": _asked(wave),
        "reasons": [[group, found, count] for (group, found), count in sorted(reasons.items())],
        "weighted": asdict(by_revenue) if by_revenue else None,
        "per_customer": {"score": float(by_customer[0]), "customers": by_customer[1]} if by_customer else None,
    }
