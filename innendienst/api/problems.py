"""What programs are told when they get no answer: a JSON object after RFC 9457, never a page."""

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, JsonResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MEDIA_TYPE = "application/problem+json"
_PATH = "/api/v1/"
_DETAILS: dict[int, str | Promise] = {
    400: _("The question cannot be read."),
    401: _("Nobody is signed in. Sign in, then ask again."),
    403: _("Your role may not ask for this."),
    404: _("There is nothing at this address, or you may not see it."),
    405: _("This address does not answer to that method; the header Allow names those it answers to."),
    422: _("A parameter is not as it should be; errors says which."),
    500: _("It did not work out. The administration finds the reason in the log."),
}


def for_machines(view: Callable) -> Callable:
    """Mark a view that programs ask: whatever refuses a question to it says so by a problem."""
    view.is_for_machines = True  # type: ignore[attr-defined]
    return view


def is_from_machine(request: HttpRequest) -> bool:
    """Whether the question went to a marked view, or to an address of the API that does not exist."""
    match = request.resolver_match
    return getattr(match.func, "is_for_machines", False) if match else request.path.startswith(_PATH)


def problem(status: int, **more: object) -> JsonResponse:
    """The answer with this status and what it means in a sentence; `more` are further members of the object."""
    said = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": str(_DETAILS[status]), **more}
    return JsonResponse(said, status=status, content_type=MEDIA_TYPE)
