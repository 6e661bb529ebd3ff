"""The planning documents: their list, the sheet, and what is done with a document as a whole."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import allow, allowed
from innendienst.lib import display
from innendienst.lib.planning.cells import PlanFrozen
from innendienst.workplace.plans import acts
from innendienst.workplace.plans.forms import PlanForm, next_quarter, period_text
from innendienst.workplace.plans.kinds import KINDS, found_document, known_kind
from innendienst.workplace.plans.sheet import blank_sheet, load_sheet


@require_http_methods(["GET", "HEAD", "POST"])
@allow("plan.see")
def plan_list(request: HttpRequest) -> HttpResponse:
    """All plans this person may see, the youngest period first, and a new one for whoever plans."""
    form = PlanForm(request.POST if request.method == "POST" else None)
    kind = known_kind(request.POST.get("kind", "sales"))
    if form.is_bound and form.is_valid():
        document = acts.make(actor=request.user, kind=kind, document=kind.document(**form.cleaned_data))
        messages.success(request, _("Plan for %(period)s made.") % {"period": period_text(document)})
        return redirect("plans:detail", kind.template.code, document.pk)
    plans = [
        (code, one.template, list(one.document.objects.visible_to(request.user).select_related("team", "owner")[:100]))
        for code, one in KINDS.items()
    ]
    context = {
        "plans": plans,
        "form": form,
        "empty": PlanForm(),
        "chosen": kind.template.code,
        "proposed": [f"{day:%d.%m.%Y}" for day in next_quarter(timezone.localdate())],
        "may_edit": allowed(request.user, "plan.edit"),
        "may_see_nps": allowed(request.user, "nps.manage"),
    }
    return render(request, "plans/plan_list.html", context, status=422 if form.is_bound else 200)


@require_safe
@allow("plan.see")
def plan_detail(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """The document as a sheet."""
    plan = found_document(request.user, kind, pk)
    context = {
        "kind": kind,
        "plan": plan,
        "period": period_text(plan),
        "sections": load_sheet(request.user, known_kind(kind), plan),
        "may_edit": allowed(request.user, "plan.edit"),
        "next_period": "–".join(display.date(day) for day in acts.following(plan.starts_on, plan.ends_on)),
    }
    return render(request, "plans/plan_detail.html", context)


@require_safe
@allow("plan.see")
def plan_blank(request: HttpRequest, kind: str) -> HttpResponse:
    """The template for the pen, to be printed."""
    known = known_kind(kind)
    return render(request, "plans/plan_blank.html", {"template": known.template, "sections": blank_sheet(known)})


@require_POST
@allow("plan.see")
def plan_refresh(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Fill the bound cells anew."""
    plan = found_document(request.user, kind, pk)
    try:
        count = acts.refresh(actor=request.user, kind=known_kind(kind), document=plan)
    except PlanFrozen:
        return _is_frozen(request, kind, plan)
    text = ngettext("%(count)s figure has changed.", "%(count)s figures have changed.", count)
    messages.success(request, text % {"count": display.number(count)} if count else _("All figures are as they were."))
    return redirect("plans:detail", kind, pk)


@require_POST
@allow("plan.edit")
def plan_freeze(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Keep the document as it stands; from then on it is read only."""
    plan = found_document(request.user, kind, pk)
    try:
        acts.freeze(actor=request.user, kind=known_kind(kind), document=plan)
    except PlanFrozen:
        return _is_frozen(request, kind, plan)
    messages.success(request, _("The plan for %(period)s is frozen. Copy it to a new period to go on.") % {"period": period_text(plan)})
    return redirect("plans:detail", kind, pk)


@require_POST
@allow("plan.edit")
def plan_copy(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """The same for the period that follows, once: the second click leads to the copy there is."""
    copied, is_new = acts.copy(actor=request.user, kind=known_kind(kind), source=found_document(request.user, kind, pk))
    said = _("Copied to %(period)s; the days have moved along.")
    if not is_new:
        said = _("This plan was copied to %(period)s before; this is the copy.")
    messages.add_message(request, messages.SUCCESS if is_new else messages.INFO, said % {"period": period_text(copied)})
    return redirect("plans:detail", kind, copied.pk)


def _is_frozen(request: HttpRequest, kind: str, plan: Any) -> HttpResponse:
    messages.error(request, _("This plan was frozen on %(day)s. Copy it to a new period to change something.") % _frozen_on(plan))
    return redirect(reverse("plans:detail", args=[kind, plan.pk]))


def _frozen_on(plan: Any) -> dict[str, str]:
    plan.refresh_from_db(fields=["frozen_at"])
    return {"day": display.date(timezone.localdate(plan.frozen_at))}
