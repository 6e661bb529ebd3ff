"""What happens around each request: the language of its reader, and the demand for a capability."""

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from accounts.permissions import allowed

# Views of installed packages that bring their own checks: sign-in for everybody, the admin by its own has_permission.
_OWN_CHECKS = (
    "allauth.account.views",
    "django.contrib.admin.",
    "django.contrib.auth.admin",
    "innendienst.admin_site",
    "django.contrib.staticfiles",
    "django.views.i18n",
)

GetResponse = Callable[[HttpRequest], HttpResponse]


def language(get_response: GetResponse) -> GetResponse:
    """The signed-in person's language; for everybody else what the browser asks for, German in doubt."""

    def middleware(request: HttpRequest) -> HttpResponse:
        user = request.user
        code = user.language if user.is_authenticated else translation.get_language_from_request(request)
        with translation.override(code):
            request.LANGUAGE_CODE = code
            response = get_response(request)
            response.headers.setdefault("Content-Language", code)
            return response

    return middleware


class RequireCapability:
    """Refuses a view that carries no capability, and a user whose role lacks it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable, args: tuple, kwargs: dict) -> None:
        if not getattr(view, "login_required", True) or view.__module__.startswith(_OWN_CHECKS):
            return
        capability = getattr(view, "capability", None)
        if capability is None or not allowed(request.user, capability):
            raise PermissionDenied(capability or "no capability")


require_capability = RequireCapability
