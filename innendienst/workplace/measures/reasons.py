"""Measures for what customers named as their reason: made from the figures of a survey in one click, told to its page."""

import datetime as dt

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.models import User
from accounts.permissions import allow
from campaigns.measures import acts
from campaigns.measures.models import Measure
from innendienst.lib.dates import add_months
from innendienst.lib.prepared import Param, Prepared
from nps.decided import Decision
from nps.models import SurveyWave
from nps.reasons import GROUPS

_PREFIX = "nps:"
_MONTHS = 3
"""As long as a measure takes unless somebody says otherwise: a quarter, until the next survey may show it."""
_OF_ALL = Prepared(lambda: _of_surveys(Measure.objects.all()))
_OF_TEAM = Prepared(lambda: _of_surveys(Measure.objects.concerning(Param("team"), Param("person"))))


@require_POST
@allow("plan.edit")
def of_reason(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the measure for a reason that a survey's answers name; the second click leads to the one there is."""
    wave, group = get_object_or_404(SurveyWave, pk=pk), request.POST.get("group", "")
    if group not in GROUPS or group == "none":
        raise Http404
    today = timezone.localdate()
    proposed = Measure(
        title=_("%(reason)s: do better (%(wave)s)") % {"reason": GROUPS[group], "wave": wave.name},
        owner=request.user, starts_on=today, ends_on=add_months(today, _MONTHS) - dt.timedelta(days=1),
        origin=f"{_PREFIX}{wave.pk}:{group}",
    )  # fmt: skip
    measure, is_new = acts.make_once(actor=request.user, measure=proposed)
    if is_new:
        messages.success(request, _("Measure “%(title)s” made. Say below who does what until when.") % {"title": measure.title})
    return redirect("measures:detail", measure.pk)


def tell(user: User) -> list[Decision]:
    """What was decided because of answers, as far as the user may see it."""
    found = _OF_TEAM(team=user.team_id, person=user.pk) if user.team_id else _OF_ALL()  # as Measure.objects.visible_to
    return [_decision(measure) for measure in found]


def _of_surveys(measures: QuerySet[Measure]) -> QuerySet[Measure]:
    return measures.filter(origin__startswith=_PREFIX).exclude(state=Measure.State.DROPPED)


def survey_link(measure: Measure) -> tuple[str, str] | None:
    """Address of the survey that a measure comes from, and the reason in words; None for other measures."""
    if not measure.origin.startswith(_PREFIX):
        return None
    wave_id, group = _parts(measure)
    return f"{reverse('nps:dashboard')}?wave={wave_id}", str(GROUPS.get(group, group))


def _decision(measure: Measure) -> Decision:
    wave_id, group = _parts(measure)
    url = reverse("measures:detail", args=[measure.pk])
    return Decision(wave_id, group, measure.starts_on, measure.title, measure.get_state_display(), url)


def _parts(measure: Measure) -> tuple[int, str]:
    wave_id, _colon, group = measure.origin.removeprefix(_PREFIX).partition(":")
    return int(wave_id), group
