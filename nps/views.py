"""The pages of the surveys: figures from kept sums, names behind them as far as allowed, workbook out, lists in."""

import tempfile
from pathlib import Path

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from accounts.permissions import allow, allowed
from customers.imports.messages import gathered
from innendienst.base import audit
from innendienst.lib import display, downloads, file_store
from nps.decided import decisions, making_url_name
from nps.drawing import bars, marks, points
from nps.figures import RATE_LEAST, breakdown, dividing_dimensions, figures_of, reasons, response_rate
from nps.finding import chosen_wave
from nps.forms import UploadForm
from nps.imports.take_over import ListResult, import_answers
from nps.loop import loop_of
from nps.models import SurveyWave
from nps.reasons import GROUPS
from nps.segments import DIMENSIONS
from nps.shown import cell_rows, dots, grid_lines, joints, links, rating_rows, step_rows, weighted_rows
from nps.trend import excerpt, trend
from nps.workbook.writing import write_blank, write_wave

RECENT = 8


@require_safe
@allow("nps.see")
def dashboard(request: HttpRequest) -> HttpResponse:
    """One survey and the line of all; `wave` and `by` stand in the address. The same number of queries however many answers."""
    wave, waves = chosen_wave(request.GET.get("wave", ""))
    may_manage = allowed(request.user, "nps.manage")
    if wave is None:
        return render(request, "nps/dashboard.html", {"waves": waves, "may_manage": may_manage})
    same_kind = [one for one in reversed(waves) if one.kind == wave.kind]
    steps = excerpt(trend(figures_of(same_kind)), wave)
    rate = response_rate(wave)
    step = next(one for one in steps if one.figures.wave == wave)
    has_years = wave.kind == SurveyWave.Kind.TRANSACTIONAL and any(one.year_score is not None for one in steps)
    known = dividing_dimensions(wave)
    dimension = request.GET.get("by") if request.GET.get("by") in known else next((one for one in DIMENSIONS if one in known), "")
    cells = breakdown(wave, dimension) if dimension else []
    placed, grid = points(steps)
    wave_links = links("wave", [(one.pk, one.name) for one in waves], wave.pk, request.GET)
    decided = decisions(request.user)
    made = {one.group: one for one in decided if one.wave_id == wave.pk}
    context = {
        "waves": waves,
        "recent": wave_links[:RECENT],
        "older": wave_links[RECENT:],
        "is_old": wave in waves[RECENT:],
        "wave": wave,
        "may_manage": may_manage,
        "figures": step.figures,
        "rate": rate,
        "loop": loop_of(wave, timezone.localdate()),
        "is_low": rate is not None and rate < RATE_LEAST,
        "step": step,
        "has_more": len(same_kind) > len(steps),
        "step_rows": list(step_rows(steps, has_years=has_years)),
        "rating_rows": list(rating_rows(bars(step.figures), wave, step.figures.n)),
        "joints": joints(placed),
        "dots": list(dots(placed)),
        "marks": marks(placed, decided),
        "has_years": has_years,
        "grid": grid_lines(grid),
        "dimensions": links("by", [(one, name) for one, name in DIMENSIONS.items() if one in known], dimension, request.GET),
        "dimension": dimension,
        "cell_rows": list(cell_rows(cells, wave, dimension)),
        "weighted_rows": list(weighted_rows(cells)) if wave.figures.get("weighted") else [],
        "reasons": [(one.group, GROUPS[one.group], one, made.get(one.group)) for one in reasons(wave) if one.group in GROUPS],
        "decide_url": reverse(making_url_name(), args=[wave.pk]) if making_url_name() and allowed(request.user, "plan.edit") else "",
    }
    return render(request, "nps/dashboard.html", context)


@require_safe
@allow("nps.manage")
def workbook(request: HttpRequest, pk: int) -> HttpResponse:
    """The survey as a workbook; each one that leaves is on record."""
    wave = get_object_or_404(SurveyWave, pk=pk)

    def write(target: Path) -> None:
        count = write_wave(target, wave, reader=_person(request))
        audit.record("nps.export", by=request.user, wave=wave.pk, rows=count)

    return downloads.workbook(f"nps-{slugify(wave.name) or wave.pk}.xlsx", write)


@require_safe
@allow("nps.manage")
def blank_workbook(request: HttpRequest) -> HttpResponse:
    """For pen and paper, or to be filled in and read back."""
    scale_min = 0 if request.GET.get("scale") == "0" else 1
    return downloads.workbook("nps-" + _("blank") + ".xlsx", lambda target: write_blank(target, scale_min))


@require_http_methods(["GET", "HEAD", "POST"])
@allow("nps.manage")
def upload(request: HttpRequest) -> HttpResponse:
    """Read a filled workbook or a list; what could not be taken is named on the same page."""
    form = UploadForm(request.POST or None, request.FILES or None)
    result = None
    if request.method == "POST" and form.is_valid():
        result = _take(form, _person(request))
        if result.figures and not result.rejected:
            messages.success(request, _taken(result))
            return redirect(f"{reverse('nps:dashboard')}?wave={result.figures.wave.pk}")
    said = gathered(result.messages) if result else []
    is_refused = bool(form.errors) or (result is not None and result.figures is None)
    context = {"form": form, "result": result, "said": said, "taken": _taken(result) if result and result.figures else ""}
    return render(request, "nps/upload.html", context, status=422 if is_refused else 200)


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # the middleware lets nobody else in
    return request.user


def _take(form: UploadForm, by: User) -> ListResult:
    file: UploadedFile = form.cleaned_data["file"]
    with tempfile.TemporaryDirectory() as folder:
        stored_as, _digest = file_store.write(Path(folder), file.chunks())
        name = Path(file.name or "").name
        return import_answers(
            file_store.path(Path(folder), stored_as), name, by=by, wave=form.cleaned_data["wave"], scale_min=form.cleaned_data["scale"]
        )


def _taken(result: ListResult) -> str:
    facts = {"count": display.number(result.taken), "wave": result.figures.wave if result.figures else ""}
    return ngettext("%(count)s answer taken into “%(wave)s”.", "%(count)s answers taken into “%(wave)s”.", result.taken) % facts
