"""The own settings page."""

from django.conf import settings as django_settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import tokens
from accounts.absences import warn_of_absent_deputy
from accounts.forms import AbsenceForm, SettingsForm
from accounts.models import Absence, AccessToken
from accounts.permissions import allow, allowed
from accounts.theme import chosen_theme, keep_theme


@require_http_methods(["GET", "HEAD", "POST"])
@allow("self.edit")
def settings(request: HttpRequest) -> HttpResponse:
    form = SettingsForm(request.POST or None, instance=request.user, initial={"theme": chosen_theme(request)})
    if request.method == "POST" and form.is_valid():
        form.save()
        with translation.override(form.cleaned_data["language"]):
            messages.success(request, _("Settings saved."))
        response = redirect("account_settings")
        keep_theme(response, form.cleaned_data["theme"])
        return response
    return _page(request, form, AbsenceForm(instance=Absence(user=request.user)))


@require_POST
@allow("self.edit")
def absence_add(request: HttpRequest) -> HttpResponse:
    absence_form = AbsenceForm(request.POST, instance=Absence(user=request.user))
    if not absence_form.is_valid():
        form = SettingsForm(instance=request.user, initial={"theme": chosen_theme(request)})
        return _page(request, form, absence_form)
    absence = absence_form.save()
    messages.success(request, _("Absence saved. %(deputy)s stands in for you.") % {"deputy": absence.deputy})
    warn_of_absent_deputy(request, absence)
    return redirect("account_settings")


@require_POST
@allow("self.edit")
def absence_remove(request: HttpRequest, pk: int) -> HttpResponse:
    get_object_or_404(Absence, pk=pk, user=request.user).delete()
    messages.success(request, _("Absence removed."))
    return redirect("account_settings")


@require_POST
@allow("self.edit")
def calendar_make(request: HttpRequest) -> HttpResponse:
    """A secret address for one's calendar, shown this once."""
    secret = tokens.make(actor=request.user, purpose=AccessToken.Purpose.CALENDAR)
    form = SettingsForm(instance=request.user, initial={"theme": chosen_theme(request)})
    address = f"{django_settings.BASE_URL}{reverse('calendar_feed', args=[secret])}"
    return _page(request, form, AbsenceForm(instance=Absence(user=request.user)), calendar_url=address)


@require_POST
@allow("self.edit")
def calendar_revoke(request: HttpRequest) -> HttpResponse:
    tokens.revoke(actor=request.user, purpose=AccessToken.Purpose.CALENDAR)
    messages.success(request, _("The calendar's address opens nothing any more."))
    return redirect("account_settings")


def _page(request: HttpRequest, form: SettingsForm, absence_form: AbsenceForm, **more) -> HttpResponse:
    today = timezone.localdate()
    context = {
        "form": form,
        "absence_form": absence_form,
        "absences": request.user.absences.filter(until_on__gte=today).select_related("deputy"),
        "calendar": request.user.tokens.filter(purpose=AccessToken.Purpose.CALENDAR).first(),
        "has_follow_ups": allowed(request.user, "followup.edit") or allowed(request.user, "plan.edit"),
        **more,
        "deputyships": request.user.deputyships.filter(until_on__gte=today).select_related("user"),
    }
    is_refused = form.errors or absence_form.errors
    return render(request, "accounts/settings.html", context, status=422 if is_refused else 200)
