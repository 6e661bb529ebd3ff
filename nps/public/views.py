"""The page on which customers answer, and the one on which they ask never to be asked again.

Whoever holds the link may answer; there is no session and no cookie, so there is nothing a foreign page could ride on, and the
token is not checked by CSRF. Opening a link changes nothing: mail programs open links before people do.
"""

from django.db import transaction
from django.db.models import CharField
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation

from customers.blocks import has_objected, record_objection
from customers.person_mails import company_name
from innendienst.lib.prepared import Param, Prepared
from nps import tallies, tokens
from nps.answers import NotTaken, take_answer
from nps.models import Invitation, Response, SurveyWave
from nps.public.forms import AnswerForm
from nps.public.pages import language_of, open_page, say, unknown

_WHY = "whoever holds the link sees the question it leads to"
_BY_HASH = Prepared(
    lambda: Invitation.objects.for_system(_WHY).select_related("wave", "contact").filter(token_hash=Param("token_hash", CharField()))
)
_State = Invitation.State
_OBJECTED = "survey page"


@open_page
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """The question, and what was answered before; POST stores. A number in the address (`r`) is chosen beforehand."""
    invitation = _invitation(token)
    if invitation is None:
        return unknown(request)
    with translation.override(language_of(request, invitation.contact)):
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
            return say(request, _over(invitation) if obstacle.code == "revoked" else obstacle.code)
        done = f"{reverse('survey:answer', args=[token])}?done=1{_kept_language(request)}"
        return HttpResponseRedirect(done, status=303)


@open_page
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Object to being asked: one button, or one click in the mail program (RFC 8058), which posts here."""
    invitation = _invitation(token)
    if invitation is None:
        return unknown(request)
    with translation.override(language_of(request, invitation.contact)):
        if request.method == "POST":
            _object(invitation)
        if request.method == "POST" or has_objected(customer=invitation.customer, contact=invitation.contact):
            return say(request, "stopped")
        return render(request, "nps/public/stop.html", {"company": company_name(), "token": token})


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


def _obstacle(invitation: Invitation) -> str:
    if not invitation.wave.is_open or invitation.state in {_State.EXPIRED, _State.EXCLUDED, _State.OBJECTED}:
        return _over(invitation)
    if invitation.state == _State.RESPONDED and not Response.objects.for_system(_WHY).filter(invitation=invitation).exists():
        return "final"
    return ""


def _over(invitation: Invitation) -> str:
    """Whoever objected reads that this stands; for all others the survey is over, and why is nobody's business."""
    return "stopped" if has_objected(customer=invitation.customer, contact=invitation.contact) else "closed"


def _shown(request: HttpRequest, invitation: Invitation) -> dict:
    """What was answered before, or the number that the link names."""
    known = Response.objects.for_system(_WHY).filter(invitation=invitation).first()
    asked = request.GET.get("r", "")
    if known is None:
        return {"rating": asked}
    may_call = {True: "yes", False: "no"}.get(known.may_call, "")
    return {"rating": asked or str(known.rating), "reason": known.reason, "may_call": may_call, "is_known": True}


def _kept_language(request: HttpRequest) -> str:
    return f"&lang={request.GET['lang']}" if request.GET.get("lang") in {"de", "en"} else ""


@transaction.atomic
def _object(invitation: Invitation) -> None:
    record_objection(customer=invitation.customer, contact=invitation.contact, reason=_OBJECTED)
    waiting = Invitation.objects.for_system(_WHY).waiting().filter(pk=invitation.pk)
    if waiting.update(state=_State.OBJECTED):
        tallies.ask(invitation.wave_id)
