"""A survey by what people call it."""

from nps.models import SurveyWave


def find_wave(text: str) -> SurveyWave | None:
    """By its name, else by its id."""
    named = SurveyWave.objects.filter(name=text.strip()).first()
    if named is None and text.strip().isdecimal() and len(text) < 19:
        return SurveyWave.objects.filter(pk=int(text)).first()
    return named
