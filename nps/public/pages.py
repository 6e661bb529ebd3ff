"""What pages have in common that customers open by a link: open to all, kept by no browser, and one thing said at a time."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from customers.models import Contact
from customers.person_mails import company_name
from nps.public.guesses import count_guess

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
    "objected": (
        _("Your objection stands"),
        _("From now on you get nothing more from us that advertises. Whatever concerns your orders is not affected."), 200,
    ),
    "stopped": (
        _("You will not be asked again"),
        _("Your objection stands: no more surveys, and no mails, letters and calls that advertise. Your orders are not affected."), 200,
    ),
}  # fmt: skip

View = Callable[[HttpRequest, str], HttpResponse]


def open_page(view: View) -> View:
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


def say(request: HttpRequest, code: str) -> HttpResponse:
    """A page with one thing to say. Links that ended and links that were taken back look alike."""
    title, text, status = _SAID[code]
    return render(request, "nps/public/said.html", {"title": title, "text": text, "company": company_name()}, status=status)


def unknown(request: HttpRequest) -> HttpResponse:
    return say(request, "unknown" if count_guess(request) else "too_many")


def language_of(request: HttpRequest, contact: Contact | None) -> str:
    """What the reader chose, else that of the person who was asked."""
    chosen = request.GET.get("lang", "")
    if chosen in {"de", "en"}:
        return chosen
    language = contact.language if contact else "de"
    return language if language in {"de", "en"} else "en"
