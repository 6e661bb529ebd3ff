"""Notes at the top of every page: asked for each minute, gone once they are read."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import allow
from innendienst.base import notifications
from innendienst.workplace.errors import asked_for_by_the_page


@require_safe
@never_cache
@asked_for_by_the_page
@allow("day.work")
def notes(request: HttpRequest) -> HttpResponse:
    return _bar(request)


@require_POST
@allow("day.work")
def note_read(request: HttpRequest, pk: int) -> HttpResponse:
    """One's own note was seen; another's is not there."""
    notifications.mark_read(request.user, pk)
    return _bar(request) if request.htmx else redirect("my_day")


def _bar(request: HttpRequest) -> HttpResponse:
    return render(request, "partials/notes.html", {"notes": notifications.shown(request.user)})
