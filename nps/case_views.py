"""Closing the loop: the answers somebody has to talk about, for those who may know whose they are."""

from django import forms
from django.contrib import messages
from django.db.models import OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import allow, allowed
from innendienst.lib.paging import read_page
from innendienst.lib.transitions import StateConflict, TransitionRefused
from innendienst.templatetags.ui import UNDO
from nps.case_acts import close_case, reopen_case
from nps.models import Case, CaseTransition, SurveyWave

PER_PAGE = 25
SENTENCE_LENGTH_MOST = 200
_KINDS = {Case.Kind.DETRACTOR.value: gettext_lazy("Detractors"), Case.Kind.PASSIVE.value: gettext_lazy("Passives")}
_CLOSING = CaseTransition.objects.filter(case=OuterRef("pk"), to_state=Case.State.CLOSED).order_by("-pk").values("reason")[:1]


class ClosingForm(forms.Form):
    sentence = forms.CharField(
        max_length=SENTENCE_LENGTH_MOST,
        error_messages={"required": gettext_lazy("Not closed: say in one sentence what came of it.")},
    )


@require_safe
@allow("nps.see")
def case_list(request: HttpRequest) -> HttpResponse:
    """Open cases, the most urgent first; `wave`, `kind` and `all` stand in the address. What does not count is nobody's case."""
    shows_all = request.GET.get("all") == "1"
    wave = SurveyWave.objects.filter(pk=request.GET["wave"]).first() if request.GET.get("wave", "").isdecimal() else None
    kind = request.GET.get("kind", "")
    named = Case.objects.named_to(request.user).filter(response__invalid_reason="").annotate(outcome=Subquery(_CLOSING))
    found = named.select_related("customer__owner", "response__invitation__contact", "complaint")
    if not shows_all:
        found = found.waiting()
    if wave:
        found = found.filter(response__wave=wave)
    if kind in _KINDS:
        found = found.filter(kind=kind)
    page = read_page(found.order_by("due_on", "pk"), request.GET.get("page"), PER_PAGE)
    context = {
        "page": page,
        "shows_all": shows_all,
        "kinds": _KINDS,
        "kind": kind,
        "wave": wave,
        "may_close": allowed(request.user, "call.log"),
        "today": timezone.localdate(),
    }
    return render(request, "nps/cases.html", context)


@require_POST
@allow("call.log")
def case_close(request: HttpRequest, pk: int) -> HttpResponse:
    """What came of it, in one sentence."""
    case = _found(request, pk)
    form = ClosingForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(form.errors["sentence"]))
        return _back(request)
    try:
        close_case(actor=request.user, case=case, sentence=form.cleaned_data["sentence"])
    except (StateConflict, TransitionRefused):
        messages.error(request, _("Not closed: somebody has closed it already."))
    else:
        undo = f"{UNDO}{reverse('nps:case_reopen', args=[pk])}?{request.GET.urlencode()}"
        messages.success(request, _("%(customer)s: closed.") % {"customer": case.customer}, extra_tags=undo)
    return _back(request)


@require_POST
@allow("call.log")
def case_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    case = _found(request, pk)
    try:
        reopen_case(actor=request.user, case=case)
    except (StateConflict, TransitionRefused):
        messages.error(request, _("Not opened: it is open already."))
    else:
        messages.info(request, _("%(customer)s: open again.") % {"customer": case.customer})
    return _back(request)


def _back(request: HttpRequest) -> HttpResponse:
    """To the list as it was narrowed."""
    return redirect(f"{reverse('nps:cases')}?{request.GET.urlencode()}")


def _found(request: HttpRequest, pk: int) -> Case:
    return get_object_or_404(Case.objects.named_to(request.user).select_related("customer"), pk=pk)
