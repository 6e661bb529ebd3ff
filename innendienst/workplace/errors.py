"""Pages for what went wrong, problems for programs, and how nothing that was typed gets lost on the way."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views import defaults

from innendienst.api.problems import is_from_machine, problem

ENDED = "ended"
"""In the address of the sign-in: the session ended under an open page, whose scripts have kept what was typed."""

# Fields in which people write; everything else in a form is chosen, or secret.
_WRITTEN = ("note", "title", "text", "comment", "explanation", "argument")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return problem(400) if is_from_machine(request) else defaults.bad_request(request, exception)


def refused(request: HttpRequest, exception: Exception) -> HttpResponse:
    return problem(403) if is_from_machine(request) else defaults.permission_denied(request, exception)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return problem(404) if is_from_machine(request) else defaults.page_not_found(request, exception)


def broken(request: HttpRequest) -> HttpResponse:
    return problem(500) if is_from_machine(request) else defaults.server_error(request)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form from before the last sign-in or from elsewhere: refused, with its text to take along."""
    if is_from_machine(request):
        return problem(403)
    return render(request, "403_csrf.html", {"kept": kept_text(request), "back_url": page_before(request)}, status=403)


def asked_for_by_the_page(view: Callable) -> Callable:
    """Mark a view that open pages ask for by themselves: once the session has ended, nobody is sent away from what he is typing."""
    view.is_asked_for_by_the_page = True
    return view


class SignInRequired(LoginRequiredMiddleware):
    """Sends to the sign-in; a form sent after the session ended comes back with its text instead of being swallowed."""

    def handle_no_permission(self, request: HttpRequest, view_func) -> HttpResponse:
        if is_from_machine(request):
            return problem(401)
        if getattr(view_func, "is_asked_for_by_the_page", False):
            return HttpResponse(status=401)
        back_url = page_before(request)
        if request.htmx:
            # Without this htmx would follow the redirect and put the sign-in page into a part of this one.
            response = HttpResponse(status=401)
            sign_in_url = redirect_to_login(back_url, self.get_login_url(view_func)).url
            response["HX-Redirect"] = f"{sign_in_url}&{ENDED}=1"
            return response
        if request.method in {"GET", "HEAD"}:
            return super().handle_no_permission(request, view_func)
        sign_in_url = redirect_to_login(back_url, resolve_url(self.get_login_url(view_func))).url
        return render(request, "401.html", {"kept": kept_text(request), "sign_in_url": sign_in_url}, status=401)


def page_for_forms_alone(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Where a form alone is taken, whoever opens the address (a tab that was restored) sees a page with a way out, not a blank one."""

    def respond(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.status_code != 405 or request.method != "GET" or is_from_machine(request) or not request.user.is_authenticated:
            return response
        page = render(request, "404.html", status=405)
        page["Allow"] = response["Allow"]
        return page

    return respond


def kept_text(request: HttpRequest) -> str:
    """What somebody wrote into the refused form, field by field; "" when there is nothing to keep."""
    written = (value for name, value in request.POST.items() if name.rpartition("-")[2].endswith(_WRITTEN))
    return "\n\n".join(value.strip() for value in written if value.strip())


def page_before(request: HttpRequest) -> str:
    """The path of the page this request came from, where it is one of ours; else the start page."""
    came_from = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(came_from, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        return "/"
    parts = urlsplit(came_from)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path or "/"
