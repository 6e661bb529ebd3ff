"""The page on which customers answer, and the one on which they ask never to be asked again.

Whoever holds the link may answer; there is no session and no cookie, so there is nothing a foreign page could ride on, and the
token is not checked by CSRF. Opening a link changes nothing: mail programs open links before people do.
"""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.db.models import CharField
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.cache import add_never_cache_headers
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from customers.blocks import record_objection
from innendienst.lib.prepared import Param, Prepared
from nps import tallies, tokens
from nps.answers import NotTaken, take_answer
from nps.mails import company_name
from nps.models import Invitation, Response, SurveyWave
from nps.public.forms import AnswerForm
from nps.public.guesses import count_guess

_WHY = "whoever holds the link sees the question it leads to"
_BY_HASH = Prepared(
    lambda: Invitation.objects.for_system(_WHY).select_related("wave", "contact").filter(token_hash=Param("token_hash", CharField()))
)
_State = Invitation.State
_OBJECTED = "survey page"
_SAID: dict[str, tuple[str | Promise, str | Promise, int]] = {
    "unknown": (
        _("This link leads nowhere"),
        _("Perhaps a part of it is missing. Open it once more from the mail, or type it from the letter."), 404,
    ),
    "too_many": (_("Please wait a minute"), _("Too many unknown links were opened from here. Then try again."), 429),
    "too_often": (_("Please wait an hour"), _("This answer was changed very often. What you sent before is stored."), 429),
    "closed": (_("This survey is over"), _("Your answer can no longer be taken or changed. Thank you for your interest."), 410),
    "final": (
        _("Thank you for your answer"),
        _("It was stored without your name. Nobody can tell which one it is, so it cannot be changed."), 200,
    ),
    "thanks": (_("Thank you for your answer"), "", 200),
    "stopped": (
        _("You will not be asked again"),
        _("Your objection stands from now on, for mails, letters and calls that advertise."), 200,
    ),
}  # fmt: skip

View = Callable[[HttpRequest, str], HttpResponse]


def _open_page(view: View) -> View:
    """A page for whoever has the link: not kept by browsers, its address told to nobody, in the reader's language."""

    @csrf_exempt
    @login_not_required
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def opened(request: HttpRequest, token: str) -> HttpResponse:
        response = view(request, token)
        add_never_cache_headers(response)
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return opened


@_open_page
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """The question, and what was answered before; POST stores. A number in the address (`r`) is chosen beforehand."""
    invitation = _invitation(token)
    if invitation is None:
        return _unknown(request)
    with translation.override(_language(request, invitation)):
        if obstacle := _obstacle(invitation):
            return say(request, obstacle)
        form = AnswerForm(invitation.wave, request.POST if request.method == "POST" else None)
        if not form.is_bound:
            return _page(request, invitation.wave, _shown(request, invitation), token=token)
        if form.is_trapped:
            return say(request, "thanks")
        if not form.is_valid():
            return _page(request, invitation.wave, form.data.dict(), token=token, errors=form.errors, status=422)
        try:
            take_answer(invitation, form.given)
        except NotTaken as obstacle:
            return say(request, "closed" if obstacle.code == "revoked" else obstacle.code)
        done = f"{reverse('survey:answer', args=[token])}?done=1{_kept_language(request)}"
        return HttpResponseRedirect(done, status=303)


@_open_page
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Object to being asked: one button, or one click in the mail program (RFC 8058), which posts here."""
    invitation = _invitation(token)
    if invitation is None:
        return _unknown(request)
    with translation.override(_language(request, invitation)):
        if request.method == "POST":
            _object(invitation)
        if request.method == "POST" or invitation.state == _State.OBJECTED:
            return say(request, "stopped")
        return render(request, "nps/public/stop.html", {"company": company_name(), "token": token})


def say(request: HttpRequest, code: str) -> HttpResponse:
    """A page with one thing to say. Links that ended and links that were taken back look alike."""
    title, text, status = _SAID[code]
    return render(request, "nps/public/said.html", {"title": title, "text": text, "company": company_name()}, status=status)


def preview_page(request: HttpRequest, wave: SurveyWave) -> HttpResponse:
    """The answer page as it will look, without a way to send."""
    return _page(request, wave, {}, is_preview=True)


def _page(request: HttpRequest, wave: SurveyWave, values: dict, *, token: str = "", status: int = 200, **more) -> HttpResponse:
    language = translation.get_language() or "de"
    context = {
        "wave": wave,
        "company": company_name(),
        "question": wave.question(language),
        "values": values,
        "token": token,
        "language": language,
        "other_language": "de" if language == "en" else "en",
        "is_done": request.GET.get("done") == "1" and values.get("is_known"),
        "errors": {},
        **more,
    }
    return render(request, "nps/public/answer.html", context, status=status)


def _invitation(token: str) -> Invitation | None:
    mended = tokens.mended(token)
    if not mended:
        return None
    return next(iter(_BY_HASH(token_hash=tokens.digest(mended))), None)


def _unknown(request: HttpRequest) -> HttpResponse:
    return say(request, "unknown" if count_guess(request) else "too_many")


def _obstacle(invitation: Invitation) -> str:
    if not invitation.wave.is_open or invitation.state in {_State.EXPIRED, _State.EXCLUDED, _State.OBJECTED}:
        return "closed"
    if invitation.state == _State.RESPONDED and not Response.objects.for_system(_WHY).filter(invitation=invitation).exists():
        return "final"
    return ""


def _shown(request: HttpRequest, invitation: Invitation) -> dict:
    """What was answered before, or the number that the link names."""
    known = Response.objects.for_system(_WHY).filter(invitation=invitation).first()
    asked = request.GET.get("r", "")
    if known is None:
        return {"rating": asked}
    may_call = {True: "yes", False: "no"}.get(known.may_call, "")
    return {"rating": asked or str(known.rating), "reason": known.reason, "may_call": may_call, "is_known": True}


def _language(request: HttpRequest, invitation: Invitation) -> str:
    """What the reader chose, else that of the person who was asked."""
    chosen = request.GET.get("lang", "")
    if chosen in {"de", "en"}:
        return chosen
    language = invitation.contact.language if invitation.contact else "de"
    return language if language in {"de", "en"} else "en"


def _kept_language(request: HttpRequest) -> str:
    return f"&lang={request.GET['lang']}" if request.GET.get("lang") in {"de", "en"} else ""


@transaction.atomic
def _object(invitation: Invitation) -> None:
    record_objection(customer=invitation.customer, contact=invitation.contact, reason=_OBJECTED)
    waiting = Invitation.objects.for_system(_WHY).waiting().filter(pk=invitation.pk)
    if waiting.update(state=_State.OBJECTED):
        tallies.ask(invitation.wave_id)
