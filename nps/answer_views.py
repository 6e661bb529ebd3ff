"""Who stands behind a number, and what does not count."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import allow, allowed
from innendienst.lib.paging import read_page
from innendienst.templatetags.ui import UNDO
from nps.finding import chosen_wave
from nps.invalid import count_again, mark_invalid
from nps.models import Response
from nps.reasons import GROUPS
from nps.segments import DIMENSIONS, value_name
from nps.statistics import GROUP_LIMITS

PER_PAGE = 50
INVALID = "invalid"
_GROUPS = {"promoter": gettext_lazy("Promoters"), "passive": gettext_lazy("Passives"), "detractor": gettext_lazy("Detractors")}


@require_safe
@allow("nps.see")
def answers(request: HttpRequest) -> HttpResponse:
    """The answers behind a number whose names this person may see, the newest first.

    `group` (of raters, or "invalid"), `rating`, `about` (a group of reasons), `by` with `value` (a segment) stand in the address.
    """
    wave, _waves = chosen_wave(request.GET.get("wave", ""))
    named = Response.objects.named_to(request.user).filter(wave=wave).select_related("customer")
    group = request.GET.get("group", "")
    found, narrowed = _narrowed(request, named.exclude(invalid_reason="") if group == INVALID else named.counted())
    if group in GROUP_LIMITS:
        found = found.filter(rating__range=GROUP_LIMITS[group])
    context = {
        "wave": wave,
        "page": read_page(found.order_by("-answered_on", "-pk"), request.GET.get("page"), PER_PAGE),
        "groups": _GROUPS,
        "group": group,
        "narrowed": narrowed,
        "has_invalid": bool(wave and wave.figures.get("invalid")) or group == INVALID,
        "may_mark": allowed(request.user, "nps.manage"),
        "invalid_reasons": Response.Invalid.choices,
    }
    return render(request, "nps/answers.html", context)


@require_POST
@allow("nps.manage")
def invalid(request: HttpRequest, pk: int) -> HttpResponse:
    """Leave an answer out of the figures for a reason."""
    response = _found(request, pk)
    reason = request.POST.get("reason", "")
    if reason not in Response.Invalid.values:
        messages.error(request, _("Not left out: choose why this answer does not count."))
    elif mark_invalid(actor=request.user, response=response, reason=reason):
        undo = f"{UNDO}{reverse('nps:valid', args=[pk])}"
        messages.success(request, _("The answer is left out of the figures. They follow in a moment."), extra_tags=undo)
    else:
        messages.info(request, _("This answer was left out already."))
    return redirect(f"{reverse('nps:answers')}?wave={response.wave_id}&group={INVALID}")


@require_POST
@allow("nps.manage")
def valid(request: HttpRequest, pk: int) -> HttpResponse:
    """An answer counts after all."""
    response = _found(request, pk)
    if count_again(actor=request.user, response=response):
        messages.success(request, _("The answer counts again. The figures follow in a moment."))
    else:
        messages.info(request, _("This answer counts already."))
    return redirect(f"{reverse('nps:answers')}?wave={response.wave_id}")


def _found(request: HttpRequest, pk: int) -> Response:
    return get_object_or_404(
        Response.objects.named_to(request.user).select_related("wave", "customer__owner", "invitation__contact"), pk=pk
    )


def _narrowed(request: HttpRequest, found: QuerySet) -> tuple[QuerySet, list[tuple[str, str, str]]]:
    """The answers that the address narrows down to, and by what: name of the parameter, what it is about, its value."""
    rating, about, by, value = (request.GET.get(name, "") for name in ("rating", "about", "by", "value"))
    narrowed = []
    if rating.isdecimal() and len(rating) < 3:
        found = found.filter(rating=int(rating))
        narrowed.append(("rating", _("Rating"), str(int(rating))))
    if about in GROUPS:
        found = found.about(about)
        narrowed.append(("about", _("Reason"), str(GROUPS[about])))
    if by in DIMENSIONS and "value" in request.GET:
        found = found.filter(**{by: value.replace("\0", "")})
        narrowed.append(("value", str(DIMENSIONS[by]), value_name(by, value)))
    return found, narrowed
