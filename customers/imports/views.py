"""The administration's pages for lists: what came in, a new one, its preview, and what became of it."""

from django.contrib import messages
from django.db import OperationalError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from accounts.permissions import allow
from customers.imports import acts, preview
from customers.imports.forms import LENIENT, AnswersForm, MappingForm, UploadForm
from customers.imports.lists import LISTS
from customers.imports.messages import Refused
from customers.imports.missing import missing, set_inactive
from customers.imports.progress import outcome_of
from customers.imports.results import already_imported, counts_again
from customers.imports.undoing.undo import NotUndoable, foresee
from customers.imports.uploads import Received, check_again, errors_of, receive
from customers.models import ImportRun
from innendienst.lib import display
from innendienst.lib.databases import is_postgresql
from innendienst.lib.folding import business_key
from innendienst.lib.paging import read_page

PER_PAGE = 50
AGAIN = "again"
"""In the address of an import: its file was just brought once more, and the figures are those of that."""


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
    form = UploadForm(kind, request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        said = {"is_lenient": form.is_lenient, "is_declared": form.declares}
        if answer := take_upload(request, form, kind=kind, **said):
            return answer
    context = {"form": form, "kind": kind, "kinds": ImportRun.List.choices, "columns": LISTS[kind]().columns.columns}
    return render(request, "imports/import_upload.html", context, status=422 if form.errors else 200)


def take_upload(request: HttpRequest, form: UploadForm, **said) -> HttpResponse | None:
    """To the import of the file in a valid form; None where it is refused, which the form then says."""
    try:
        return _to_run(request, receive(actor=request.user, file=form.cleaned_data["file"], **said))
    except Refused as refusal:
        form.add_error("file", refusal.message.text)
        return None


@require_safe
@vary_on_headers("HX-Request")
@allow("import.run")
def import_run(request: HttpRequest, pk: int) -> HttpResponse:
    """A list at whatever stage it is; the part alone answers the page that asks every two seconds while a worker is at it."""
    run = get_object_or_404(ImportRun.objects.select_related("by", "confirmed_by"), pk=pk)
    if run.state == ImportRun.State.DONE and AGAIN in request.GET:
        again = counts_again(run)
        run.created_count, run.updated_count, run.unchanged_count = again.created, again.updated, again.unchanged
    outcome = outcome_of(run)
    context = {"run": run, "outcome": outcome, "preview_key": acts.preview_key(run), **_preview(request, run)}
    if outcome.can_be_assigned and run.state == ImportRun.State.FAILED:
        context["form"] = MappingForm(run)
    template = "imports/partials/outcome.html" if request.htmx else "imports/import_run.html"
    return render(request, template, context)


@require_POST
@allow("import.run")
def import_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    run = get_object_or_404(ImportRun, pk=pk)
    is_lenient = run.is_lenient or request.POST.get("mode") == LENIENT
    try:
        seen, offered = request.POST.get("seen", ""), _offered(request, run)
        acts.confirm(actor=request.user, run=run, seen=seen, is_lenient=is_lenient, offered=offered)
    except acts.NotNow:
        messages.warning(request, _("The preview was not current any more; nothing was taken over. Look at what stands here now."))
    return _to_page(request, "run", run.pk)


@require_safe
@allow("import.run")
def import_errors(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The rejected rows as a workbook; gone after 30 days."""
    run = get_object_or_404(ImportRun, pk=pk)
    if not outcome_of(run).has_errors_file:
        raise Http404
    return FileResponse(errors_of(run).open("rb"), as_attachment=True, filename=_("Errors of import %(pk)s.xlsx") % {"pk": run.pk})


@require_POST
@allow("import.run")
def import_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    run = get_object_or_404(ImportRun, pk=pk)
    try:
        acts.cancel(actor=request.user, run=run)
    except acts.NotNow:
        messages.warning(request, _("The import had ended before it could be cancelled."))
    except OperationalError:
        if is_postgresql():
            raise
        # SQLite lets nobody else write meanwhile.
        messages.warning(
            request, _("The rows are being written, which cannot be interrupted here. Once they are, the import can be undone.")
        )
    return _to_page(request, "run", run.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@allow("import.run")
def import_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """What taking an import back would do, and the button that does it."""
    run = get_object_or_404(ImportRun, pk=pk)
    try:
        if request.method == "POST":
            acts.take_back(actor=request.user, run=run)
            return _to_page(request, "run", run.pk)
        return render(request, "imports/import_undo.html", {"run": run, "foreseen": foresee(run)})
    except (acts.NotNow, NotUndoable):
        messages.warning(request, _("This import cannot be taken back (any more)."))
        return _to_page(request, "run", run.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@allow("import.run")
def import_missing(request: HttpRequest, pk: int) -> HttpResponse:
    """The customers whom a full export lacks, and the button that sets them inactive."""
    run = get_object_or_404(ImportRun, pk=pk)
    found = missing(run)
    if request.method == "POST" or not (count := found.count()):
        set_count = set_inactive(actor=request.user, run=run) if request.method == "POST" else 0
        text = ngettext("%(count)s customer was set inactive.", "%(count)s customers were set inactive.", set_count)
        messages.info(request, text % {"count": display.number(set_count)} if set_count else _("No customer is missing from this list."))
        return _to_page(request, "run", run.pk)
    page = read_page(found, request.GET.get("page"), PER_PAGE)
    return render(request, "imports/import_missing.html", {"run": run, "page": page, "count": count})


@require_http_methods(["GET", "HEAD", "POST"])
@allow("import.run")
def import_columns(request: HttpRequest, pk: int) -> HttpResponse:
    """Which column of the file means what."""
    run = get_object_or_404(ImportRun, pk=pk)
    try:
        if not outcome_of(run).can_be_assigned:
            raise acts.NotNow(run.pk)
        form = MappingForm(run, request.POST if request.method == "POST" else None)
        if form.is_bound and form.is_valid():
            run = acts.assign_columns(actor=request.user, run=run, fields=form.chosen)
            return _to_page(request, "run", run.pk)
    except acts.NotNow:
        messages.warning(request, _("The columns of this list cannot be assigned (any more)."))
        return _to_page(request, "run", run.pk)
    return render(request, "imports/import_columns.html", {"run": run, "form": form}, status=422 if form.errors else 200)


@require_POST
@allow("import.run")
def import_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """Another sheet of the workbook is read."""
    run = get_object_or_404(ImportRun, pk=pk)
    try:
        if not outcome_of(run).can_choose_sheet:
            raise acts.NotNow(run.pk)
        run = acts.choose_sheet(actor=request.user, run=run, sheet=request.POST.get("sheet", ""))
    except acts.NotNow:
        messages.warning(request, _("Another sheet of this workbook cannot be read (any more)."))
    except Refused as refusal:
        messages.error(request, refusal.message.text)
    return _to_page(request, "run", run.pk)


@require_POST
@allow("import.run")
def import_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """What the list left open, answered: it is read anew with that."""
    run = get_object_or_404(ImportRun, pk=pk)
    form = AnswersForm(run, request.POST)
    try:
        if not form.is_valid():
            raise acts.NotNow(run.pk)
        acts.answer(actor=request.user, run=run, said=form.said)
    except acts.NotNow:
        messages.warning(request, _("The list asks something else by now, or nothing any more. Look at what stands here now."))
    return _to_page(request, "run", run.pk)


@require_POST
@allow("import.run")
def import_check_again(request: HttpRequest, pk: int) -> HttpResponse:
    run = get_object_or_404(ImportRun, pk=pk)
    try:
        return _to_run(request, check_again(actor=request.user, run=run))
    except Refused as refusal:
        messages.error(request, refusal.message.text)
        return _to_page(request, "run", run.pk)


def _to_page(request: HttpRequest, name: str, *args: object) -> HttpResponse:
    """A page of the same desk: that of the administration, or that of one's own lists."""
    return redirect(reverse(f"imports:{name}", args=args, current_app=request.resolver_match.namespace))


def _to_run(request: HttpRequest, received: Received) -> HttpResponse:
    """To the run that answers an upload, with a word about it where it is not a new one."""
    if received.is_known and received.run.state == ImportRun.State.DONE:
        messages.info(request, already_imported(received.run).sentence)
        return redirect(f"{_to_page(request, 'run', received.run.pk).url}?{AGAIN}=1")
    if received.is_known:
        messages.info(request, _("This very file was uploaded already; this is its import."))
    return _to_page(request, "run", received.run.pk)


def _preview(request: HttpRequest, run: ImportRun) -> dict:
    if run.state != ImportRun.State.STAGED:
        return {}
    return {
        "page": preview.changed_rows(run, request.GET.get("page")),
        "new_rows": preview.new_rows(run),
        "never_offered": preview.never_offered(run),
        "answers": AnswersForm(run),
    }


def _offered(request: HttpRequest, run: ImportRun) -> set[str]:
    """Keys of the articles whose tick the person took away; none where the page did not ask."""
    if "articles" not in request.POST:
        return set()
    ticked = set(request.POST.getlist("not_offered"))
    return {business_key(one.sku) for one in preview.never_offered(run) if one.sku not in ticked}
