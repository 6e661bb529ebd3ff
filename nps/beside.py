"""What is kept of a wave beside its tallies, as `SurveyWave.figures`: what no count by segment and rating tells.

How many were asked and reached, what the words are about, the further scores, what does not count, and the change of those people who
answered the wave before too.
"""

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict

from django.db.models import Case, Count, Q, Sum, Value, When

from nps.models import Invitation, Response, SurveyWave
from nps.statistics import DETRACTOR_UNTIL, PROMOTER_FROM, SMALL_UNTIL, group_of, paired_change, per_customer, weighted_sums

_WHY = "the figures of a wave are counted for everybody"
_EARLIER = "invitation__contact__nps_invitations"


def figures_beside(wave: SurveyWave, sums: Mapping[int, tuple[float, float]]) -> dict:
    """From the answers and invitations as they are; `sums` are the weights by rating (statistics.weighted_sums)."""
    by_revenue, by_customer = weighted_sums(sums), per_customer(_voices(wave))
    return {
        "asked": _asked(wave),
        "reasons": _reasons(wave),
        "weighted": asdict(by_revenue) if by_revenue else None,
        "per_customer": {"score": float(by_customer[0]), "customers": by_customer[1]} if by_customer else None,
        "invalid": Response.objects.for_system(_WHY).filter(wave=wave).exclude(invalid_reason="").count(),
        "paired": _paired(wave),
    }


def next_of_kind(wave: SurveyWave) -> SurveyWave | None:
    """The wave that is compared with this one."""
    later = Q(starts_on__gt=wave.starts_on) | Q(starts_on=wave.starts_on, pk__gt=wave.pk)
    return SurveyWave.objects.begun().filter(later, kind=wave.kind).order_by("starts_on", "pk").first()


def _before(wave: SurveyWave) -> SurveyWave | None:
    """The wave this one is compared with; None after a change of scale."""
    earlier = Q(starts_on__lt=wave.starts_on) | Q(starts_on=wave.starts_on, pk__lt=wave.pk)
    found = SurveyWave.objects.begun().filter(earlier, kind=wave.kind).latest_first().first()
    return found if found and found.scale_min == wave.scale_min else None


def _answers(wave: SurveyWave):
    return Response.objects.for_system(_WHY).filter(wave=wave).counted().order_by()


def _asked(wave: SurveyWave) -> dict[str, int]:
    """How many the invitation reached, how many of them answered, and how many could be asked; nobody where the answers are a list.

    Once nobody can tell any more who was asked (forgetting.py), the numbers stay as they were.
    """
    invitations = Invitation.objects.for_system(_WHY).filter(wave=wave)
    if wave.figures.get("asked") and not invitations.exists():
        return wave.figures["asked"]
    reached = Q(state__in=Invitation.ASKED, sent_on__isnull=False)
    return invitations.aggregate(
        delivered=Count("pk", filter=reached),
        answered=Count("pk", filter=reached & Q(state=Invitation.State.RESPONDED)),
        population=Count("pk", filter=~Q(state=Invitation.State.EXCLUDED) | Q(exclusion=Invitation.Exclusion.NOT_DRAWN)),
    )


def _reasons(wave: SurveyWave) -> list[list]:
    """[group of answerers, group of reasons, answers]."""
    counts: Counter[tuple[str, str]] = Counter()
    for rating, groups, count in _answers(wave).values_list("rating", "reason_groups").annotate(count=Count("pk")):
        for found in groups.split():
            counts[group_of(rating), found] += count
    return [[group, found, count] for (group, found), count in sorted(counts.items())]


def _voices(wave: SurveyWave):
    """(sum of +1, 0 and −1, answers) of each customer."""
    sign = Case(When(rating__gte=PROMOTER_FROM, then=Value(1)), When(rating__lte=DETRACTOR_UNTIL, then=Value(-1)), default=Value(0))
    by_customer = _answers(wave).filter(customer__isnull=False).values("customer")
    return by_customer.annotate(signs=Sum(sign), count=Count("pk")).values_list("signs", "count")


def _paired(wave: SurveyWave) -> dict | None:
    """The change of those who answered the wave before too; None for few, and once nobody knows any more who answered."""
    before = _before(wave)
    if before is None:
        return None
    both = _answers(wave).filter(**{f"{_EARLIER}__wave": before, f"{_EARLIER}__response__invalid_reason": ""})
    pairs = both.values_list(f"{_EARLIER}__response__rating", "rating").annotate(count=Count("pk"))
    found = paired_change({(first, second): count for first, second, count in pairs})
    if found is None or found.n <= SMALL_UNTIL or math.isinf(found.z):
        return None
    return {"n": found.n, "points": float(found.points), "z": found.z, "p": found.p, "is_proven": found.is_proven}
