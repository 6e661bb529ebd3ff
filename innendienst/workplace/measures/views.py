"""Measures: the list, one of them with what came of it, and changing it."""

from decimal import Decimal
from typing import NamedTuple

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import allow, allowed
from campaigns.measures import acts
from campaigns.measures.models import Measure, Possibility
from campaigns.plans.figures import Results
from innendienst.lib import display
from innendienst.lib.paging import read_page
from innendienst.lib.transitions import StateConflict, TransitionRefused
from innendienst.workplace.measures.forms import MeasureForm
from innendienst.workplace.measures.reasons import survey_link

PER_PAGE = 50
State = Measure.State
OPEN, DUE, ALL = "", "due", "all"


class Goal(NamedTuple):
    """An aim beside what was reached, in finished texts; `gap` is what is missing or beyond."""

    label: str
    aim: str
    actual: str
    gap: str


@require_safe
@allow("plan.see")
def measure_list(request: HttpRequest) -> HttpResponse:
    """Measures of one's own teams, those to be looked at first."""
    today, which = timezone.localdate(), request.GET.get("show", OPEN)
    visible = Measure.objects.visible_to(request.user).select_related("owner", "team")
    found = {DUE: visible.due(today), ALL: visible}.get(which, visible.open())
    if request.GET.get("mine"):
        found = found.filter(owner=request.user)
    page = read_page(found.order_by("ends_on", "pk"), request.GET.get("page"), PER_PAGE)
    for measure in page.rows:
        measure.is_due = measure.state in Measure.OPEN and bool(
            measure.ends_on < today or (measure.remind_on and measure.remind_on <= today)
        )
    context = {
        "page": page,
        "which": which,
        "is_mine": bool(request.GET.get("mine")),
        "shown": [(OPEN, _("Open ones")), (DUE, _("Due")), (ALL, _("All"))],
        "may_edit": allowed(request.user, "plan.edit"),
    }
    return render(request, "measures/measure_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@allow("plan.edit")
def measure_add(request: HttpRequest) -> HttpResponse:
    form = MeasureForm(
        None, request.POST if request.method == "POST" else None, user=request.user, shows_margin=allowed(request.user, "margin.see")
    )
    if form.is_bound and form.is_valid():
        measure = acts.make(actor=request.user, measure=Measure(**form.cleaned_data))
        messages.success(request, _("Measure “%(title)s” made.") % {"title": measure.title})
        return redirect("measures:detail", measure.pk)
    return render(request, "measures/measure_add.html", {"form": form}, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@allow("plan.see")
def measure_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """What was decided, and what came of it so far; whoever may, changes it here."""
    measure = _found(request, pk)
    shows_margin = allowed(request.user, "margin.see")
    may_change = acts.may_change(request.user, measure)
    form = MeasureForm(measure, request.POST if request.method == "POST" else None, user=request.user, shows_margin=shows_margin)
    if form.is_bound and form.is_valid() and request.POST.get("version") == str(measure.version):
        try:
            acts.change(actor=request.user, measure=measure, **form.cleaned_data)
        except StateConflict:
            return _changed_meanwhile(request, measure, form)
        messages.success(request, _("Measure saved."))
        return redirect("measures:detail", pk)
    if form.is_bound and form.is_valid():
        return _changed_meanwhile(request, measure, form)
    return render(
        request, "measures/measure_detail.html", _context(measure, form, may_change, shows_margin), status=422 if form.is_bound else 200
    )


@require_POST
@allow("plan.see")
def measure_move(request: HttpRequest, pk: int) -> HttpResponse:
    measure = _found(request, pk)
    try:
        acts.move(actor=request.user, measure=measure, to_state=request.POST.get("state", ""))
    except (StateConflict, TransitionRefused):
        messages.error(request, _("Somebody moved this measure meanwhile. Look at it again."))
    else:
        messages.success(request, _("Measure “%(title)s”: %(state)s.") % {"title": measure.title, "state": measure.get_state_display()})
    return redirect("measures:detail", pk)


def _changed_meanwhile(request: HttpRequest, measure: Measure, form: MeasureForm) -> HttpResponse:
    measure.refresh_from_db()
    form.add_error(None, _("Somebody changed this measure while you were writing. Your text is still here; saving once more puts it in."))
    shows_margin = allowed(request.user, "margin.see")
    return render(request, "measures/measure_detail.html", _context(measure, form, True, shows_margin), status=409)


def _context(measure: Measure, form: MeasureForm, may_change: bool, shows_margin: bool) -> dict:
    row = measure.plan_rows.select_related("document").first()
    return {
        "measure": measure,
        "form": form,
        "may_change": may_change,
        "goals": _goals(measure, shows_margin=shows_margin),
        "steps": [(state, State(state).label) for state in State.values if state in acts.STEPS[measure.state]],
        "survey": survey_link(measure),
        "plan_url": f"{reverse('plans:detail', args=['sales', row.document_id])}#row-{row.pk}" if row else "",
        "history": [(step, State(step.to_state).label) for step in measure.transitions.select_related("by").order_by("-pk")],
        "is_over": measure.state in Measure.OPEN and measure.ends_on < timezone.localdate(),
    }


def _goals(measure: Measure, *, shows_margin: bool) -> list[Goal]:
    """Aim and result of each goal; the figures are those of all reasons of the possibility in the team, not of one person."""
    until_on = min(measure.ends_on, max(timezone.localdate(), measure.starts_on))
    brought = Results(measure.team, measure.starts_on, until_on).of(Possibility(measure.possibility).kinds, measure.starts_on, until_on)
    rows = [
        _goal(pgettext("plan", "Contacts"), measure.goal_contacts, brought.contacts, display.number),
        _goal(_("Orders"), measure.goal_orders, brought.orders, display.number),
        _goal(_("Revenue"), measure.goal_revenue, brought.revenue, display.euros),
    ]
    return [*rows, _goal(_("Margin"), measure.goal_margin, brought.margin, display.euros)] if shows_margin else rows


def _goal(label: str, aim: Decimal | int | None, actual: Decimal | int | None, write) -> Goal:
    gap = display.UNKNOWN if aim is None or actual is None else ("+" if actual > aim else "") + write(actual - aim)
    texts = (display.UNKNOWN if value is None else write(value) for value in (aim, actual))
    return Goal(label, *texts, gap)


def _found(request: HttpRequest, pk: int) -> Measure:
    return get_object_or_404(Measure.objects.visible_to(request.user).select_related("owner", "team", "made_by"), pk=pk)
