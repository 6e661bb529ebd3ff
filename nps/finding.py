"""A survey by what people call it, or by what stands in an address."""

from collections.abc import Sequence

from django.db.models import IntegerField, OuterRef, Subquery, Sum

from innendienst.lib.prepared import Param, Prepared
from innendienst.lib.typed import parse_id
from nps.models import SurveyWave, WaveTally
from nps.statistics import SHOWN_FROM
from nps.tallies import ALL

_COUNTED = WaveTally.objects.filter(wave=OuterRef("pk"), dimension=ALL).order_by().values("wave").values_list(Sum("count"))
_BEGUN = Prepared(
    lambda: (
        SurveyWave.objects.begun()
        .latest_first()
        .defer("figures", "rule", "question_de", "question_en")
        .annotate(answers_count=Subquery(_COUNTED, output_field=IntegerField()))
    )
)
_ONE = Prepared(lambda: SurveyWave.objects.filter(pk=Param("wave")))


def find_wave(text: str) -> SurveyWave | None:
    """By its name, else by its id."""
    named = SurveyWave.objects.filter(name=text.strip()).first()
    return named or SurveyWave.objects.filter(pk=parse_id(text.strip())).first()


def chosen_wave(asked: str) -> tuple[SurveyWave | None, list[SurveyWave]]:
    """The survey with that id, else the latest one that says something, None without any; and all that have begun, the latest first."""
    waves = list(_BEGUN())
    known = next((wave for wave in waves if str(wave.pk) == asked), None) or _latest_telling(waves)
    if known is None:
        return None, waves
    chosen = next(iter(_ONE(wave=known.pk)))  # the list goes without figures and questions, of which one survey's are read
    return chosen, [chosen if one == chosen else one for one in waves]


def _latest_telling(waves: Sequence[SurveyWave]) -> SurveyWave | None:
    """The latest with a score, so that one which began today hides nothing; else the latest with an answer, else the latest."""
    for least in (SHOWN_FROM, 1, 0):
        for wave in waves:
            if (wave.answers_count or 0) >= least:
                return wave
    return None
