"""Addresses of the API: the path of each, its right, and the operation that answers it.

The operations load with the first question. What they are made of (ninja, pydantic) would lengthen the start of every command and
worker by a fifth, and those never ask. A test holds this list against the operations.
"""

from collections.abc import Callable, Mapping
from functools import cache

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.module_loading import import_string
from django.views.decorators.cache import never_cache

from accounts.permissions import allow
from innendienst.api.problems import for_machines, problem

app_name = "api"


@cache
def operations() -> Mapping[str, Callable[..., HttpResponse]]:
    """Name of an address → what answers it."""
    patterns, _app_name, _namespace = import_string("innendienst.api.v1.api").urls
    return {pattern.name: pattern.callback for pattern in patterns}


def answered_by(name: str, capability: str) -> Callable[..., HttpResponse]:
    @for_machines
    @allow(capability)
    @never_cache
    def view(request: HttpRequest, **named: object) -> HttpResponse:
        answer = operations()[name](request, **named)
        if answer.status_code != 405:
            return answer
        refusal = problem(405)
        refusal["Allow"] = answer["Allow"]
        return refusal

    return view


urlpatterns = [
    path("openapi.json", answered_by("openapi-json", "api.describe"), name="openapi-json"),
    path("nps/waves", answered_by("nps-waves", "nps.see"), name="nps-waves"),
    path("nps/waves/<int:wave_id>", answered_by("nps-wave", "nps.see"), name="nps-wave"),
]
