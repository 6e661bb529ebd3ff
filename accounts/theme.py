"""Light, dark or as the device has it: a matter of the device, so it is kept in a cookie and not in the account."""

from django.conf import settings
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

_COOKIE = "theme"
_ONE_YEAR = 365 * 24 * 3600


class Theme(models.TextChoices):
    DEVICE = "", _("As the device has it")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


def chosen_theme(request: HttpRequest) -> str:
    """ "light", "dark" or "" for the device's own."""
    chosen = request.COOKIES.get(_COOKIE, "")
    return chosen if chosen in Theme.values else ""


def keep_theme(response: HttpResponse, theme: str) -> None:
    if theme:
        response.set_cookie(_COOKIE, theme, max_age=_ONE_YEAR, secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax")
    else:
        response.delete_cookie(_COOKIE)
