"""A survey by what people call it."""

from innendienst.lib.typed import parse_id
from nps.models import SurveyWave


def find_wave(text: str) -> SurveyWave | None:
    """By its name, else by its id."""
    named = SurveyWave.objects.filter(name=text.strip()).first()
    return named or SurveyWave.objects.filter(pk=parse_id(text.strip())).first()
