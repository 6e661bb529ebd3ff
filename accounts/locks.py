"""Whom the sign-in lock counts against: one account at one address, however its name was typed."""

from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest

from accounts.models import User

_NAME_LENGTH_MOST = 254


def account_name(request: HttpRequest, credentials: dict | None = None) -> str:
    """The user name of the account meant by a name in any case or by an e-mail address; what was typed when there is none.

    Else each way of writing a name would get its own ten attempts.
    """
    given = credentials or {}
    typed = str(given.get("username") or given.get("login") or request.POST.get("login", "")).strip()[:_NAME_LENGTH_MOST]
    names = User.objects.filter(Q(username__iexact=typed) | Q(email__iexact=typed)).order_by("pk")
    return names.values_list("username", flat=True).first() or typed.lower()


def client_address(request: HttpRequest) -> str | None:
    """The address of the browser: behind `PROXY_COUNT` own proxies the one that the outermost of them has seen.

    Entries further left in X-Forwarded-For come from the browser itself and are not believed.
    """
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
    if settings.PROXY_COUNT and len(hops) >= settings.PROXY_COUNT:
        return hops[-settings.PROXY_COUNT]
    return request.META.get("REMOTE_ADDR")
