"""What pages of other apps show of references: how far the promoters of a survey have come, and who reads the overview."""

from django import template

from accounts.models import User
from accounts.permissions import allowed
from nps.models import SurveyWave
from nps.statistics import SHOWN_FROM
from referrals.promoters import promoters_of

register = template.Library()


@register.filter
def may_oversee(user: User) -> bool:
    return allowed(user, "reference.release")


@register.inclusion_tag("references/partials/promoters.html")
def promoters(wave: SurveyWave, count: int) -> dict:
    """From promoters to references and recommenders; `count` answers are promoters'. Nothing where so few would be known by name."""
    is_shown = wave.shows_names and count >= SHOWN_FROM
    return {"count": count, "way": promoters_of(wave) if is_shown else None}
