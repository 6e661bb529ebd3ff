"""A survey by what people call it, or by what stands in an address."""

from innendienst.lib.prepared import Param, Prepared
from innendienst.lib.typed import parse_id
from nps.models import SurveyWave

_BEGUN = Prepared(lambda: SurveyWave.objects.begun().latest_first().defer("figures", "rule", "question_de", "question_en"))
_ONE = Prepared(lambda: SurveyWave.objects.filter(pk=Param("wave")))


def find_wave(text: str) -> SurveyWave | None:
    """By its name, else by its id."""
    named = SurveyWave.objects.filter(name=text.strip()).first()
    return named or SurveyWave.objects.filter(pk=parse_id(text.strip())).first()


def chosen_wave(asked: str) -> tuple[SurveyWave | None, list[SurveyWave]]:
    """The survey with that id, else the latest one that has begun, None without any; and all of them, the latest first."""
    waves = list(_BEGUN())
    known = next((wave for wave in waves if str(wave.pk) == asked), waves[0] if waves else None)
    if known is None:
        return None, waves
    chosen = next(iter(_ONE(wave=known.pk)))  # the list goes without figures and questions, of which one survey's are read
    return chosen, [chosen if one == chosen else one for one in waves]
