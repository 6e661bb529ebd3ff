"""The absences of a team: whoever leads it enters a deputy for a colleague who cannot do it himself any more."""

from django import forms
from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from accounts.forms import AbsenceForm
from accounts.models import Absence, User
from accounts.permissions import allow, demand
from innendienst.base import audit


class ColleagueForm(forms.Form):
    user = forms.ModelChoiceField(label=gettext_lazy("Who is absent"), queryset=User.objects.none())

    def __init__(self, people: QuerySet[User], data=None) -> None:
        super().__init__(data)
        self.fields["user"].queryset = people
        self.fields["user"].empty_label = _("Who is absent?")


def led_by(user: User) -> QuerySet[User]:
    """Whose deputies the user names: his team's, without a team everybody's."""
    people = User.objects.active().exclude(pk=user.pk)
    return people.filter(team=user.team_id) if user.team_id else people


@require_http_methods(["GET", "HEAD", "POST"])
@allow("absence.manage")
def absence_list(request: HttpRequest) -> HttpResponse:
    people = led_by(request.user)
    is_sent = request.method == "POST"
    colleague_form = ColleagueForm(people, request.POST if is_sent else None)
    absent = colleague_form.cleaned_data["user"] if is_sent and colleague_form.is_valid() else None
    absence_form = AbsenceForm(request.POST if is_sent else None, instance=Absence(user=absent))
    absence_form.fields["deputy"].empty_label = _("Who stands in?")
    if absent is not None and absence_form.is_valid():
        absence = _add(request.user, absence_form)
        text = _("Absence saved. %(deputy)s stands in for %(name)s.") % {"deputy": absence.deputy, "name": absent}
        messages.success(request, text)
        warn_of_absent_deputy(request, absence)
        return redirect("absence_list")
    today = timezone.localdate()
    absences = Absence.objects.filter(user__in=people, until_on__gte=today).select_related("user", "deputy").order_by("from_on", "pk")
    context = {"absences": absences, "colleague_form": colleague_form, "absence_form": absence_form, "today": today}
    return render(request, "accounts/absences.html", context, status=422 if is_sent else 200)


@require_POST
@allow("absence.manage")
def absence_end(request: HttpRequest, pk: int) -> HttpResponse:
    """He is back: the absence goes."""
    absence = get_object_or_404(Absence.objects.filter(user__in=led_by(request.user)).select_related("user"), pk=pk)
    name = absence.user.full_name
    _remove(request.user, absence)
    messages.success(request, _("Absence of %(name)s removed.") % {"name": name})
    return redirect("absence_list")


def warn_of_absent_deputy(request: HttpRequest, absence: Absence) -> None:
    """Name a deputy who is away himself on some of these days: nobody stands in for both."""
    away = Absence.objects.filter(user=absence.deputy_id, from_on__lte=absence.until_on, until_on__gte=absence.from_on)
    if away.exists():
        text = _("%(deputy)s is absent too on some of these days; then nobody has these customers and follow-ups.")
        messages.warning(request, text % {"deputy": absence.deputy})


@transaction.atomic
def _add(actor: User, form: AbsenceForm) -> Absence:
    demand(actor, "absence.manage")
    absence = form.save()
    audit.record("absence.add", by=actor, user=absence.user_id, deputy=absence.deputy_id)
    return absence


@transaction.atomic
def _remove(actor: User, absence: Absence) -> None:
    demand(actor, "absence.manage")
    audit.record("absence.remove", by=actor, user=absence.user_id, deputy=absence.deputy_id)
    absence.delete()
