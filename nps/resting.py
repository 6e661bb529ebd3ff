"""The rest between two surveys: nobody is asked by two at once, nor again before the rest is over.

Drawing leaves out whom another survey keeps (sample.py). A sample may be older than that: it is looked at once more when the survey
begins to run, one survey after the other, and before each mail and letter leaves.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping

from django.db.models import Count, Q

from innendienst.base import preferences
from nps import tallies
from nps.models import Invitation, SurveyWave
from nps.preferences import NpsPreferences
from nps.querysets import InvitationQuerySet

_WHY = "whom another survey asks is left out, whoever sees him"
_Exclusion = Invitation.Exclusion


def resting(customer_ids: Iterable[int], wave: SurveyWave, today: dt.date) -> dict[tuple[int, int | None], str]:
    """Why these people, by customer id and contact id, are not asked by this survey: "rested" or "elsewhere"."""
    people: dict[tuple[int, int | None], str] = {}
    for reason, others in _others(wave, today).items():
        for person in others.filter(customer__in=customer_ids).values_list("customer", "contact"):
            people.setdefault(person, reason)
    return people


def leave_out(wave: SurveyWave, today: dt.date) -> None:
    """Exclude from a survey that begins to run whom another one keeps. The caller holds all surveys."""
    for reason, others in _others(wave, today).items():
        _exclude(_planned(wave).filter(_same_people(others)), reason)


def leave_out_asked(today: dt.date) -> int:
    """Exclude from the surveys that run whom another one was faster to ask; how many that are."""
    left_out = 0
    for wave in SurveyWave.objects.filter(state=SurveyWave.State.OPEN):
        if found := _exclude(_planned(wave).filter(was_asked(wave, today)), _Exclusion.RESTED):
            tallies.ask(wave.pk)
            left_out += found
    return left_out


def counted_by_way(wave: SurveyWave, today: dt.date) -> Counter[str]:
    """How many of a draft's sample would be left out if it began now, by the way that was planned."""
    kept = Q()
    for others in _others(wave, today).values():
        kept |= _same_people(others)
    rows = _planned(wave).filter(kept).order_by().values_list("channel").annotate(count=Count("pk"))
    return Counter(dict(rows))


def was_asked(wave: SurveyWave, today: dt.date) -> Q:
    """The invitations to people whom another survey has asked within the rest."""
    return _same_people(_others(wave, today)[_Exclusion.RESTED])


def _others(wave: SurveyWave, today: dt.date) -> Mapping[str, InvitationQuerySet]:
    """The invitations of other surveys that keep their people out of this one, by the reason, the weightier first."""
    stored = preferences.get(NpsPreferences)
    is_relationship = wave.kind == SurveyWave.Kind.RELATIONSHIP
    days = stored.relationship_rest_days if is_relationship else stored.transactional_rest_days
    others = Invitation.objects.for_system(_WHY).exclude(wave=wave).order_by()
    return {
        _Exclusion.RESTED: others.filter(sent_on__gt=today - dt.timedelta(days=days)),
        _Exclusion.ELSEWHERE: others.filter(wave__state=SurveyWave.State.OPEN, state__in=Invitation.PLANNED),
    }


def _same_people(others: InvitationQuerySet) -> Q:
    people = others.exclude(contact=None).values("contact")
    return Q(contact__in=people) | Q(contact=None, customer__in=others.filter(contact=None).values("customer"))


def _planned(wave: SurveyWave) -> InvitationQuerySet:
    return Invitation.objects.for_system(_WHY).filter(wave=wave, state__in=Invitation.PLANNED)


def _exclude(found: InvitationQuerySet, reason: str) -> int:
    return found.update(state=Invitation.State.EXCLUDED, exclusion=reason)
