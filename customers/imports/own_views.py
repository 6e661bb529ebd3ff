"""One's own follow-ups from an Excel list: the same way as every list, for its person alone."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import allow
from customers.imports import views
from customers.imports.forms import UploadForm
from customers.imports.lists import LISTS
from customers.imports.rights import own_runs
from customers.models import ImportRun
from innendienst.lib.paging import read_page

KIND = ImportRun.List.FOLLOW_UPS

View = Callable[..., HttpResponse]


@require_safe
@allow("import.own")
def own_list(request: HttpRequest) -> HttpResponse:
    page = read_page(own_runs(request.user).select_related("by"), request.GET.get("page"), views.PER_PAGE)
    return render(request, "imports/import_list.html", {"page": page, "is_own": True})


@require_http_methods(["GET", "HEAD", "POST"])
@allow("import.own")
def own_upload(request: HttpRequest, kind: str = KIND) -> HttpResponse:
    form = UploadForm(KIND, request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        said = {"kind": KIND, "is_lenient": form.is_lenient, "is_own": True}
        if answer := views.take_upload(request, form, **said):
            return answer
    context = {"form": form, "kind": KIND, "is_own": True, "columns": LISTS[KIND]().columns.columns}
    return render(request, "imports/import_upload.html", context, status=422 if form.errors else 200)


def _own(view: View, *methods: str) -> View:
    """The administration's page about a list, where the list is the person's own; another's does not exist."""

    @wraps(view)
    def own_view(request: HttpRequest, pk: int) -> HttpResponse:
        get_object_or_404(own_runs(request.user), pk=pk)
        return view(request, pk)

    return allow("import.own")(require_http_methods(methods)(own_view))


_READ, _FORM = ("GET", "HEAD"), ("GET", "HEAD", "POST")

own_run = _own(views.import_run, *_READ)
own_errors = _own(views.import_errors, *_READ)
own_columns = _own(views.import_columns, *_FORM)
own_undo = _own(views.import_undo, *_FORM)
own_confirm = _own(views.import_confirm, "POST")
own_cancel = _own(views.import_cancel, "POST")
own_sheet = _own(views.import_sheet, "POST")
own_answer = _own(views.import_answer, "POST")
own_check_again = _own(views.import_check_again, "POST")
