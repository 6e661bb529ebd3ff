"""The question, in both languages, with the company's name in it; and what its ends mean."""

from collections.abc import Mapping

from innendienst.base import preferences
from innendienst.base.preferences import CompanyPreferences

_QUESTIONS: Mapping[str, str] = {
    "de": "Wie wahrscheinlich ist es, dass Sie {company} einem Freund oder Kollegen weiterempfehlen?",
    "en": "How likely is it that you would recommend {company} to a friend or colleague?",
}
_UNNAMED: Mapping[str, str] = {"de": "uns", "en": "us"}


def question(language: str) -> str:
    """The usual question of the Net Promoter Score; "us" while the company has no name here."""
    company = preferences.get(CompanyPreferences).name or _UNNAMED[language]
    return _QUESTIONS[language].format(company=company)


def questions() -> dict[str, str]:
    """Both, as columns of a survey."""
    return {f"question_{language}": question(language) for language in _QUESTIONS}
