"""The pages of a survey before and while it runs: whom it asks, what it writes, how far it has come."""

import datetime as dt

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _, gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import allow, allowed
from customers import outbox
from customers.imports.messages import Said, gathered, restored
from innendienst.lib import display
from innendienst.lib.transitions import StateConflict, TransitionRefused
from innendienst.templatetags.ui import UNDO
from nps import mails, resting, waves
from nps.asked import asked_by
from nps.figures import figures_of
from nps.invitations import MAILS_AFTER
from nps.models import ResponseImport, SurveyWave
from nps.wave_forms import NameForm, WaveForm
from nps.waves import WaveRefused

_State = SurveyWave.State
LISTS_MOST = 10
REFUSALS: dict[str, str | Promise] = {
    "started": gettext_lazy("Not done: this survey is started already. Somebody else was faster; the page shows how it stands now."),
    "not_drawn": gettext_lazy("Not started: the people are still being drawn. Try again in a moment."),
    "ends_early": gettext_lazy("Not done: the last day lies in the past or before the first. Choose a later one."),
    "no_sender": gettext_lazy(
        "Not started: mails and letters need the company's name and postal address. The administration enters them under Settings."
    ),
    "nobody": gettext_lazy("Not started: the rule leaves nobody who may be asked. Change the rule or the ways to ask."),
    "answered": gettext_lazy("Not deleted: customers have answered this survey. Close it instead; their answers stay."),
    "asked": gettext_lazy(
        "Not taken back: the first people have been asked already. Close the survey instead: what has not left yet stays here."
    ),
    "over": gettext_lazy("Not done: this survey is over. A survey can be opened again until its last day."),
}


@require_safe
@allow("nps.see")
def wave_list(request: HttpRequest) -> HttpResponse:
    """All surveys, those to come on top."""
    listed = figures_of(SurveyWave.objects.latest_first())
    return render(request, "nps/wave_list.html", {"listed": listed, "may_manage": allowed(request.user, "nps.manage")})


@require_safe
@allow("nps.see")
def wave_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Whom the survey asks and how far it has come; htmx asks for the numbers alone until they are drawn."""
    wave = get_object_or_404(SurveyWave, pk=pk)
    context = {"wave": wave, "asked": asked_by(wave), "may_manage": allowed(request.user, "nps.manage")}
    if request.htmx:
        return render(request, "nps/partials/asked.html", context)
    context["lists"] = _lists(wave) if context["may_manage"] else []
    context |= {"figures": figures_of([wave])[0], "may_enter": allowed(request.user, "nps.enter"), "may_delete": waves.may_delete(wave)}
    return render(request, "nps/wave_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@allow("nps.manage")
def wave_add(request: HttpRequest) -> HttpResponse:
    form = WaveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        wave = waves.create_wave(actor=request.user, rule=form.rule, **form.fields_of_wave)
        messages.success(request, _("Survey “%(wave)s” saved as a draft. Nobody is asked before you start it.") % {"wave": wave})
        return redirect(wave)
    return render(request, "nps/wave_edit.html", {"form": form, "wave": None}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@allow("nps.manage")
def wave_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """A draft as a whole; of a started survey its name and its last day."""
    wave = get_object_or_404(SurveyWave, pk=pk)
    data = request.POST or None
    form = WaveForm(data, wave=wave) if wave.is_draft else NameForm(data, wave=wave, initial={"name": wave.name, "ends_on": wave.ends_on})
    if request.method == "POST" and form.is_valid():
        try:
            if isinstance(form, WaveForm):
                waves.edit_wave(actor=request.user, wave=wave, rule=form.rule, **form.fields_of_wave)
            else:
                waves.rename_wave(actor=request.user, wave=wave, **form.cleaned_data)
        except WaveRefused as refusal:
            form.add_error(None, str(REFUSALS[refusal.code]))
        else:
            messages.success(request, _("Survey “%(wave)s” saved.") % {"wave": form.cleaned_data["name"]})
            return redirect(wave)
    return render(request, "nps/wave_edit.html", {"form": form, "wave": wave}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@allow("nps.manage")
def wave_start(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks once, and says whom the survey will ask by which way, from when on, and whom it leaves out."""
    wave = get_object_or_404(SurveyWave, pk=pk)
    if request.method != "POST":
        if not wave.is_draft or wave.sampled_at is None:
            messages.error(request, str(REFUSALS["not_drawn" if wave.is_draft else "started"]))
            return redirect(wave)
        return render(request, "nps/wave_start.html", _starting(wave))
    if _done(request, lambda: waves.start_wave(actor=request.user, wave=wave)):
        wave.refresh_from_db()
        undo = f"{UNDO}{reverse('nps:wave_move', args=[wave.pk, _State.DRAFT])}"
        if wave.is_open:
            messages.success(request, _running(wave), extra_tags=undo)
        else:
            facts = {"wave": wave, "day": display.due(wave.starts_on)}
            messages.success(request, _("Survey “%(wave)s” starts on %(day)s.") % facts, extra_tags=undo)
    return redirect(wave)


def _starting(wave: SurveyWave) -> dict:
    """The numbers of a draft as they are once it begins: people whom another survey asked meanwhile are taken off."""
    today, asked = timezone.localdate(), asked_by(wave)
    overtaken = resting.counted_by_way(wave, today)
    return {
        "wave": wave,
        "asked": asked,
        "eligible": asked.eligible - overtaken.total(),
        "ways": [(way.code, way.name, way.planned - overtaken[way.code]) for way in asked.ways],
        "overtaken": overtaken.total(),
        "first_day": max(wave.starts_on, today),
        "minutes": MAILS_AFTER // dt.timedelta(minutes=1),
    }


def _running(wave: SurveyWave) -> str:
    """That it runs, and what happens or is to be done by each of its ways."""
    planned = {way.code: way.planned for way in asked_by(wave).ways}
    letters, calls = planned["letter"], planned["phone"]
    said = [
        _("Survey “%(wave)s” is running.") % {"wave": wave},
        planned["email"] and _("Mails leave during working hours."),
        letters
        and ngettext("%(count)s letter waits to be printed.", "%(count)s letters wait to be printed.", letters)
        % {"count": display.number(letters)},
        calls
        and ngettext("%(count)s person waits to be called.", "%(count)s people wait to be called.", calls)
        % {"count": display.number(calls)},
    ]
    return " ".join(filter(None, said))


@require_POST
@allow("nps.manage")
def wave_move(request: HttpRequest, pk: int, to_state: str) -> HttpResponse:
    """Close it, open it again, call it evaluated, or a step back; each step can be taken back by the next."""
    wave = get_object_or_404(SurveyWave, pk=pk)
    before = wave.state
    if _done(request, lambda: waves.move_wave(actor=request.user, wave=wave, to_state=to_state)):
        wave.refresh_from_db()
        if before == _State.OPEN and wave.is_draft:
            messages.success(request, _("Start of “%(wave)s” taken back: nobody was asked, and no mail leaves.") % {"wave": wave})
            return redirect(wave)
        undo = f"{UNDO}{reverse('nps:wave_move', args=[wave.pk, before])}"
        messages.success(request, _("Survey “%(wave)s”: %(state)s.") % {"wave": wave, "state": wave.get_state_display()}, extra_tags=undo)
    return redirect(wave)


@require_http_methods(["GET", "HEAD", "POST"])
@allow("nps.manage")
def wave_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks once, and says what goes with it."""
    wave = get_object_or_404(SurveyWave, pk=pk)
    if request.method == "POST" and _done(request, lambda: waves.delete_wave(actor=request.user, wave=wave)):
        messages.success(request, _("Survey “%(wave)s” deleted.") % {"wave": wave.name})
        return redirect("nps:waves")
    context = {"wave": wave, "figures": figures_of([wave])[0], "may_delete": waves.may_delete(wave)}
    return render(request, "nps/wave_delete.html", context)


@require_safe
@allow("nps.manage")
def wave_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The invitation in both languages, and the answer page as it will look."""
    wave = get_object_or_404(SurveyWave, pk=pk)
    shown = []
    for language, name in (("de", "Deutsch"), ("en", "English")):
        with translation.override(language):
            words = mails.preview(wave)
            shown.append((language, name, words.subject, words.text))
    return render(request, "nps/wave_preview.html", {"wave": wave, "shown": shown})


@require_POST
@allow("nps.manage")
def wave_test_mail(request: HttpRequest, pk: int) -> HttpResponse:
    """The invitation as a mail to oneself."""
    wave = get_object_or_404(SurveyWave, pk=pk)
    if not request.user.email:
        messages.error(request, _("Not sent: you have no e-mail address here. The administration enters it with your user."))
        return redirect("nps:wave_preview", pk)
    outbox.queue_message(kind=mails.TEST, key=mails.test_key(wave, request.user.pk), user=request.user, wave=wave.pk)
    messages.success(request, _("The test is on its way to %(address)s.") % {"address": request.user.email})
    return redirect("nps:wave_preview", pk)


def _lists(wave: SurveyWave) -> list[tuple[ResponseImport, list[Said]]]:
    """The lists that were read into the survey, the latest first, with what was said about their rows."""
    runs = wave.imports.order_by("-at")[:LISTS_MOST]
    return [(run, gathered(restored(run.messages))) for run in runs]


def _done(request: HttpRequest, act) -> bool:
    """Whether the act was done; else the page says why not."""
    try:
        act()
    except WaveRefused as refusal:
        messages.error(request, str(REFUSALS[refusal.code]))
    except (StateConflict, TransitionRefused):
        messages.error(request, str(REFUSALS["started"]))
    else:
        return True
    return False
