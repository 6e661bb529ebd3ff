"""Saved filters over customers: their list, and making, changing and deleting one. Lists, campaigns, plans and surveys use them."""

from typing import NamedTuple

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from accounts.permissions import allow, allowed
from customers.models import Segment
from customers.segments import is_open_to
from innendienst.lib.typed import parse_id
from innendienst.workplace.customers.saved_views import views_for
from innendienst.workplace.segments.forms import CriteriaForm, SegmentForm
from innendienst.workplace.segments.sizes import criteria_words, preview, size_of


class ShownSegment(NamedTuple):
    segment: Segment
    words: list[str]


def open_segments(user: User) -> list[Segment]:
    """Those the user may use, by name; one query."""
    return [one for one in Segment.objects.select_related("made_by") if is_open_to(user, one.criteria)]


def found_segment(user: User, text: str) -> Segment | None:
    """The saved filter of an address; None where there is none, or none for this user."""
    found = Segment.objects.filter(pk=parse_id(text) or 0).first()
    return found if found and is_open_to(user, found.criteria) else None


@require_safe
@allow("customer.see")
def segment_list(request: HttpRequest) -> HttpResponse:
    shown = [ShownSegment(one, criteria_words(request.user, one.criteria)) for one in open_segments(request.user)]
    context = {
        "segments": shown,
        "saved_views": views_for(request.user, QueryDict()),
        "may_edit": allowed(request.user, "campaign.write"),
    }
    return render(request, "segments/segment_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@allow("campaign.write")
def segment_edit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """A new one, or one that is changed: whoever uses it from then on finds other customers, frozen target groups stay."""
    segment = _found(request.user, pk) if pk else Segment(made_by=request.user)
    data = request.POST if request.method == "POST" else None
    form, naming = CriteriaForm(segment.criteria, data, user=request.user), SegmentForm(data, segment=segment)
    if data is not None and form.is_valid() and naming.is_valid():
        segment.name, segment.criteria = naming.cleaned_data["segment_name"], form.criteria
        segment.save()
        messages.success(request, _("Filter “%(name)s” saved.") % {"name": segment.name})
        return redirect("segments:list")
    context = {
        "segment": segment,
        "form": form,
        "naming": naming,
        "preview": preview(size_of(request.user, segment.criteria)) if data is None else None,
    }
    return render(request, "segments/segment_edit.html", context, status=422 if data is not None else 200)


@require_safe
@allow("campaign.write")
def segment_count(request: HttpRequest) -> HttpResponse:
    """How many customers the filter finds, while it is being put together."""
    form = CriteriaForm({}, request.GET, user=request.user)
    found = preview(size_of(request.user, form.criteria)) if form.is_valid() else None
    return render(request, "segments/partials/size.html", {"preview": found})


@require_POST
@allow("campaign.write")
def segment_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Campaigns made with it keep their own copy of the filter."""
    segment = _found(request.user, pk)
    segment.delete()
    messages.success(request, _("Filter “%(name)s” deleted. Campaigns that were made with it keep theirs.") % {"name": segment.name})
    return redirect("segments:list")


def _found(user: User, pk: int) -> Segment:
    segment = get_object_or_404(Segment, pk=pk)
    if not is_open_to(user, segment.criteria):
        raise Http404
    return segment
