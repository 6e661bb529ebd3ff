"""The first version of the API: who may ask, how it refuses, and its description.

Before an operation runs, the middleware has asked for a sign-in and for the capability that its address carries (urls.py), as for
every page. `SIGN_INS` are the ways to say who one is, as the description tells them; a further one has to put its person into
`request.user` ahead of that middleware.
"""

from http import HTTPStatus

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.security import django_auth

from innendienst.api import nps, problems

SIGN_INS = [django_auth]


class Api(NinjaAPI):
    def get_openapi_schema(self, **_options: object) -> OpenAPISchema:
        """The description with the addresses as they are here, and refusals under the media type they have."""
        document = super().get_openapi_schema(path_prefix=reverse("api:openapi-json").removesuffix("openapi.json"))
        for operations in document["paths"].values():
            for operation in operations.values():
                for status, answer in operation["responses"].items():
                    if status >= HTTPStatus.BAD_REQUEST:
                        answer["content"] = {problems.MEDIA_TYPE: answer["content"]["application/json"]}
        return document


# No page to try it out on: Swagger UI and ReDoc write styles into the page, which the content security policy refuses.
_ABOUT = "What the pages show, for programs: with the same rights, unrounded, texts in the language of whoever asks."
api = Api(title="Innendienst", version="1", description=_ABOUT, auth=SIGN_INS, docs_url=None, docs_decorator=require_GET)
api.add_router("nps", nps.router, tags=["NPS"])


def _invalid(_request: HttpRequest, error: ValidationError) -> HttpResponse:
    errors = [{"parameter": str(one["loc"][-1]), "message": one["msg"]} for one in error.errors]
    return problems.problem(422, errors=errors)


for _kind, _status in ((Http404, 404), (PermissionDenied, 403), (AuthenticationError, 401)):
    api.add_exception_handler(_kind, lambda _request, _error, status=_status: problems.problem(status))
api.add_exception_handler(ValidationError, _invalid)
