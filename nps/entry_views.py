"""Pages for those who ask by phone and on paper, and for those who print and post."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import allow
from customers.models import Customer
from customers.person_mails import greeting
from customers.undo import UndoRefused
from innendienst.lib import display
from innendienst.lib.paging import read_page
from innendienst.lib.typed import parse_id
from innendienst.templatetags.ui import UNDO
from nps import invitations, resting, tokens
from nps.answers import undo_entry
from nps.entry import enter_rows, rows_of
from nps.mails import words_for
from nps.models import Channel, Invitation, Response, SurveyWave
from nps.public.views import preview_page

PER_PAGE, PEOPLE_PER_PAGE = 25, 50
_PAPER = {Channel.PHONE: Channel.PHONE, Channel.LETTER: Channel.LETTER}


@require_http_methods(["GET", "HEAD", "POST"])
@allow("nps.enter")
def phone(request: HttpRequest, pk: int) -> HttpResponse:
    """The fast grid: who is still to be asked, a number and a reason each, all rows saved at once."""
    wave = get_object_or_404(SurveyWave, pk=pk)
    channel = _PAPER.get(request.POST.get("channel") or request.GET.get("channel"), Channel.PHONE)
    text = request.GET.get("q", "").strip()[:80]
    page = read_page(_waiting(request, wave, channel, text), request.GET.get("page"), PER_PAGE)
    entered = None
    if request.method == "POST":
        posted = [found for value in request.POST.getlist("row")[:PER_PAGE] if (found := parse_id(value))]
        listed = _named(Invitation.objects.visible_to(request.user).filter(wave=wave, pk__in=posted)).order_by("customer__sort_key", "pk")
        entered = enter_rows(request.user, wave, listed, request.POST, channel)
        _say(request, wave, entered.response_ids, entered.declined_count)
        if not any(row.error for row in entered.rows):
            return redirect(request.get_full_path())
    context = {
        "wave": wave,
        "rows": entered.rows if entered else rows_of(page.rows),
        "page": page,
        "channel": channel,
        "channels": [Channel.PHONE, Channel.LETTER],
        "text": text,
    }
    return render(request, "nps/phone.html", context, status=422 if entered else 200)


@require_POST
@allow("nps.enter")
def entry_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back what one has just entered."""
    wave = get_object_or_404(SurveyWave, pk=pk)
    asked = [found for value in request.GET.get("answers", "").split(",")[:PER_PAGE] if (found := parse_id(value))]
    answers = list(Response.objects.visible_to(request.user).filter(wave=wave, pk__in=asked, invitation__isnull=False))
    if not answers:
        raise Http404
    try:
        for response in answers:
            undo_entry(actor=request.user, response=response)
    except UndoRefused:
        messages.error(request, _("Not undone: it is older than two minutes, or somebody else entered it."))
    else:
        messages.info(
            request, ngettext("%(count)s answer taken back.", "%(count)s answers taken back.", len(answers)) % {"count": len(answers)}
        )
    return redirect("nps:phone", wave.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@allow("nps.manage")
def letters(request: HttpRequest, pk: int) -> HttpResponse:
    """The next letters, a sheet each; ticked off once they are on their way, and then come the next ones."""
    wave = get_object_or_404(SurveyWave, pk=pk)
    if request.method == "POST":
        chosen = [found for value in request.POST.getlist("letter") if (found := parse_id(value))]
        count = invitations.mark_printed(actor=request.user, wave=wave, chosen=chosen)
        said = ngettext("%(count)s letter is on its way.", "%(count)s letters are on their way.", count)
        messages.success(request, said % {"count": display.number(count)})
        return redirect("nps:letters", pk)
    sheets = [
        (one, greeting(one.contact), words_for(wave, one.contact, tokens.make(one.nonce)), tokens.make(one.nonce))
        for one in invitations.letters(wave)
    ]
    waiting = invitations.waiting_letters(wave).count()
    is_last = len(sheets) < invitations.LETTERS_MOST
    context = {"wave": wave, "sheets": sheets, "waiting": waiting, "later": waiting - len(sheets), "is_last": is_last}
    return render(request, "nps/letters.html", context)


@require_safe
@allow("nps.manage")
def people(request: HttpRequest, pk: int) -> HttpResponse:
    """Whom the survey asks, and why not; what came back is marked here."""
    wave = get_object_or_404(SurveyWave, pk=pk)
    text, state = request.GET.get("q", "").strip()[:80], request.GET.get("state", "")
    found = _search(_named(Invitation.objects.visible_to(request.user).filter(wave=wave)), request, text)
    if state in Invitation.State.values:
        found = found.filter(state=state)
    page = read_page(found.order_by("customer__sort_key", "pk"), request.GET.get("page"), PEOPLE_PER_PAGE)
    context = {"wave": wave, "page": page, "text": text, "state": state, "states": Invitation.State.choices}
    return render(request, "nps/people.html", context)


@require_POST
@allow("nps.manage")
def bounced(request: HttpRequest, pk: int) -> HttpResponse:
    """What was sent came back, or did arrive after all."""
    invitation = get_object_or_404(Invitation.objects.visible_to(request.user).select_related("customer"), pk=pk)
    is_back = request.GET.get("arrived") == "1"
    mark = invitations.unmark_bounced if is_back else invitations.mark_bounced
    if mark(actor=request.user, invitation=invitation):
        undo = f"{UNDO}{reverse('nps:bounced', args=[pk])}{'' if is_back else '?arrived=1'}"
        said = _("%(customer)s: marked as arrived.") if is_back else _("%(customer)s: marked as undeliverable.")
        messages.success(request, said % {"customer": invitation.customer}, extra_tags=undo)
    else:
        messages.error(request, _("Not marked: it has not left yet, or it was answered."))
    return redirect("nps:invitations", invitation.wave_id)


@require_safe
@allow("nps.manage")
def wave_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The answer page as customers will see it."""
    return preview_page(request, get_object_or_404(SurveyWave, pk=pk))


def _waiting(request: HttpRequest, wave: SurveyWave, channel: str, text: str):
    """On paper anybody may answer; by phone those are called whose way it is, and searched among all."""
    if not wave.is_open:
        return Invitation.objects.visible_to(request.user).none()
    found = _named(Invitation.objects.visible_to(request.user).filter(wave=wave).waiting())
    found = _search(found, request, text)
    if not text:
        found = found.filter(channel=channel).exclude(resting.was_asked(wave, timezone.localdate()))
    return found.order_by("customer__sort_key", "pk")


def _search(found, request: HttpRequest, text: str):
    return found.filter(customer__in=Customer.objects.visible_to(request.user).matching(text).values("pk")) if text else found


def _named(found):
    return found.select_related("customer__facts", "contact")


def _say(request: HttpRequest, wave: SurveyWave, response_ids: list[int], declined_count: int) -> None:
    if response_ids:
        undo = f"{UNDO}{reverse('nps:entry_undo', args=[wave.pk])}?answers={','.join(map(str, response_ids))}"
        said = ngettext("%(count)s answer entered.", "%(count)s answers entered.", len(response_ids)) % {"count": len(response_ids)}
        messages.success(request, said, extra_tags=undo)
    if declined_count:
        said = ngettext("%(count)s person would rather not answer.", "%(count)s people would rather not answer.", declined_count)
        messages.info(request, said % {"count": declined_count})
