"""The administration's pages for lists: what came in, a new one, and what became of it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from accounts.permissions import allow
from customers.imports.forms import UploadForm
from customers.imports.lists import LISTS
from customers.imports.messages import Refused
from customers.imports.progress import outcome_of
from customers.imports.uploads import receive
from customers.models import ImportRun
from innendienst.lib.paging import read_page

PER_PAGE = 50


@require_safe
@allow("import.run")
def import_list(request: HttpRequest) -> HttpResponse:
    page = read_page(ImportRun.objects.select_related("by"), request.GET.get("page"), PER_PAGE)
    return render(request, "imports/import_list.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
@allow("import.run")
def import_upload(request: HttpRequest, kind: str = ImportRun.List.CUSTOMERS) -> HttpResponse:
    if kind not in LISTS:
        raise Http404
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            run = receive(actor=request.user, kind=kind, file=form.cleaned_data["file"], is_lenient=form.is_lenient)
        except Refused as refusal:
            form.add_error("file", refusal.message.text)
        else:
            return redirect("imports:run", run.pk)
    context = {"form": form, "kind": kind, "kinds": ImportRun.List.choices, "columns": LISTS[kind]().columns.columns}
    return render(request, "imports/import_upload.html", context, status=422 if form.errors else 200)


@require_safe
@vary_on_headers("HX-Request")
@allow("import.run")
def import_run(request: HttpRequest, pk: int) -> HttpResponse:
    """What became of a list; the part alone answers the page that asks every two seconds until it is finished."""
    run = get_object_or_404(ImportRun.objects.select_related("by"), pk=pk)
    template = "imports/partials/outcome.html" if request.htmx else "imports/import_run.html"
    return render(request, template, {"run": run, "outcome": outcome_of(run)})
