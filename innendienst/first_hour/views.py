"""The first hour of an installation: the company's data, then a list of what comes next."""

from dataclasses import asdict

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import allow
from innendienst.base import preferences
from innendienst.base.preferences import CompanyPreferences
from innendienst.first_hour.forms import CompanyForm
from innendienst.first_hour.state import next_step, steps


@require_safe
@allow("setup.run")
def first_hour(request: HttpRequest) -> HttpResponse:
    if next_step() is not None:
        return redirect("first_hour_company")
    return render(request, "first_hour/steps.html", {"steps": steps()})


@require_http_methods(["GET", "HEAD", "POST"])
@allow("setup.run")
def company(request: HttpRequest) -> HttpResponse:
    known = preferences.get(CompanyPreferences)
    form = CompanyForm(request.POST or None, initial=asdict(known))
    if request.method == "POST" and form.is_valid():
        preferences.put(CompanyPreferences, by=request.user, is_set_up=True, **form.cleaned_data)
        messages.success(request, _("Company data saved."))
        return redirect("first_hour")
    return render(request, "first_hour/company.html", {"form": form, "is_new": not known.is_set_up}, status=422 if form.errors else 200)
