"""Writing into a plan: cell by cell from the sheet, row by row from a form, and what a row leads to."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import allow, allowed
from campaigns.plans.acts import NothingToDo, make_campaign, make_measure
from innendienst.lib import display
from innendienst.lib.planning.book import columns_for
from innendienst.lib.planning.cells import CellConflict, PlanFrozen
from innendienst.lib.planning.columns import CellRefused, Reader, Section
from innendienst.lib.typed import parse_id
from innendienst.workplace.notes import say_with_undo
from innendienst.workplace.plans import acts
from innendienst.workplace.plans.forms import RowField, period_text, refusal, row_fields
from innendienst.workplace.plans.kinds import found_document
from innendienst.workplace.plans.sheet import Shower, ShownRow, shown_column, stored_cell
from referrals.plans.acts import NobodyNamed, make_follow_up
from referrals.plans.ratings import NothingRated, take_over


@require_POST
@allow("plan.idea")
def cell_write(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """One cell, saved on leaving it. 409 shows what somebody else wrote since it was read, 422 what cannot be read."""
    plan = found_document(request.user, kind, pk)
    row, section = _row(plan, request.POST.get("row"))
    column = section.column(request.POST.get("column", ""))
    if column is None or not column.is_free or (column.needs and not allowed(request.user, column.needs)):
        raise Http404
    reader, typed = Reader(timezone.localdate()), request.POST.get("value", "")
    context = {"row": row, "column": column, "typed": typed}
    try:
        cell = acts.write(
            actor=request.user, row=row, column=column, typed=typed, seen=parse_id(request.POST.get("version", "")) or 0, reader=reader
        )
    except CellRefused as error:
        return render(request, "plans/partials/refused.html", {**context, "text": refusal(error)}, status=422)
    except PlanFrozen:
        return render(request, "plans/partials/refused.html", {**context, "text": _("This plan was frozen meanwhile.")}, status=422)
    except CellConflict as error:
        theirs = stored_cell(error.cell)
        told = {"text": reader.shown(column, theirs.value), "typed": reader.typed(column, theirs.value), "version": theirs.version}
        context |= {"theirs": {**told, "who": Shower().who(theirs)}}
        return render(request, "plans/partials/conflict.html", context, status=409)
    shown = ShownRow(row.pk, 0, may_write=True)
    Shower().put(shown, column, stored_cell(cell) if cell else None)
    return render(request, "plans/partials/cell.html", {"row": shown, "columns": (shown_column(column),)})


@require_http_methods(["GET", "HEAD", "POST"])
@allow("plan.idea")
def row_edit(request: HttpRequest, kind: str, pk: int, row_pk: int) -> HttpResponse:
    """A row as a form: for phones, and where no script runs."""
    plan = found_document(request.user, kind, pk)
    row, section = _row(plan, str(row_pk))
    if plan.is_frozen or not acts.may_write(request.user, row):
        messages.error(request, _("This row can be read only."))
        return redirect("plans:detail", kind, pk)
    reader = Reader(timezone.localdate())
    columns = columns_for(section, acts.reading(request.user))
    typed = request.POST if request.method == "POST" else None
    cells = {cell.column: cell for cell in row.cells.all()}
    fields = list(row_fields(columns, cells, reader, typed))
    if typed is not None and _save_row(request, row, fields, reader):
        messages.success(request, _("Row saved."))
        return redirect(_sheet_url(kind, plan, row))
    status = 409 if any(one.who for one in fields) else 422 if any(one.error for one in fields) else 200
    given = [(one.title, reader.shown(one, cells[one.key].value)) for one in columns if not one.is_free and one.key in cells]
    return render(request, "plans/row_edit.html", _row_context(kind, plan, section, fields, row=row) | {"given": given}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@allow("plan.idea")
def row_add(request: HttpRequest, kind: str, pk: int, section: str) -> HttpResponse:
    """A new row, for those who may add to this section: the management to all, who sells to the ideas."""
    plan = found_document(request.user, kind, pk)
    found = plan.template.section(section)
    if found is None or found.is_closed:
        raise Http404
    if plan.is_frozen or not acts.may_add(request.user, found):
        messages.error(request, _("Nothing can be added here."))
        return redirect("plans:detail", kind, pk)
    reader = Reader(timezone.localdate())
    columns = columns_for(found, acts.reading(request.user))
    typed = request.POST if request.method == "POST" else None
    fields = list(row_fields(columns, {}, reader, typed))
    if typed is not None and (values := _stored(fields, reader)) is not None:
        row = acts.add_row(actor=request.user, document=plan, section=found, values=values)
        messages.success(request, _("Row added."))
        return redirect(_sheet_url(kind, plan, row))
    status = 422 if typed is not None else 200
    return render(request, "plans/row_edit.html", _row_context(kind, plan, found, fields), status=status)


@require_POST
@allow("plan.idea")
def row_remove(request: HttpRequest, kind: str, pk: int, row_pk: int) -> HttpResponse:
    plan = found_document(request.user, kind, pk)
    row, _section = _row(plan, str(row_pk))
    acts.remove_row(actor=request.user, row=row)
    say_with_undo(request, _("Row taken out."), reverse("plans:row_restore", args=[kind, pk, row_pk]))
    return redirect("plans:detail", kind, pk)


@require_POST
@allow("plan.idea")
def row_restore(request: HttpRequest, kind: str, pk: int, row_pk: int) -> HttpResponse:
    plan = found_document(request.user, kind, pk)
    row = get_object_or_404(plan.rows, pk=row_pk)
    acts.put_back(actor=request.user, row=row)
    messages.info(request, _("The row is back."))
    return redirect(_sheet_url(kind, plan, row))


@require_POST
@allow("plan.edit")
def row_measure(request: HttpRequest, kind: str, pk: int, row_pk: int) -> HttpResponse:
    """Make a measure of the row; the second click leads to the one there is."""
    plan = found_document(request.user, kind, pk)
    row = _row_to_become(plan, row_pk, "measure")
    try:
        measure = make_measure(actor=request.user, row=row)
    except NothingToDo:
        return _says_nothing(request, kind, plan, row)
    messages.success(request, _("Measure “%(title)s” made; it stays linked with its row.") % {"title": measure.title})
    return redirect("measures:detail", measure.pk)


@require_POST
@allow("campaign.write")
def row_campaign(request: HttpRequest, kind: str, pk: int, row_pk: int) -> HttpResponse:
    """Begin a campaign with the row; the second click leads to the one there is."""
    plan = found_document(request.user, kind, pk)
    row = _row_to_become(plan, row_pk, "campaign")
    try:
        campaign = make_campaign(actor=request.user, row=row)
    except NothingToDo:
        return _says_nothing(request, kind, plan, row)
    messages.success(request, _("Campaign “%(name)s” begun; it stays linked with its row.") % {"name": campaign.name})
    return redirect("campaigns:detail", campaign.pk)


@require_POST
@allow("followup.edit")
def row_follow_up(request: HttpRequest, kind: str, pk: int, row_pk: int) -> HttpResponse:
    """Have the row's customer come back to whoever is to ask; the second click leads to the follow-up there is."""
    plan = found_document(request.user, kind, pk)
    row = _row_to_become(plan, row_pk, "follow_up")
    try:
        follow_up = make_follow_up(actor=request.user, row=row)
    except NobodyNamed:
        return _names_nobody(request, kind, plan, row)
    facts = {"customer": follow_up.customer, "day": display.due(follow_up.due_on), "name": follow_up.assignee.full_name}
    messages.success(request, _("Follow-up of %(customer)s for %(name)s on %(day)s made; it stays linked with its row.") % facts)
    return redirect(_sheet_url(kind, plan, row))


@require_POST
@allow("reference.ask")
def row_ratings(request: HttpRequest, kind: str, pk: int, row_pk: int) -> HttpResponse:
    """Put the ratings of a row on record, as if they had been given on the customer's own page."""
    plan = found_document(request.user, kind, pk)
    row = _row_to_become(plan, row_pk, "customer")
    try:
        reference = take_over(actor=request.user, row=row)
    except NobodyNamed:
        return _names_nobody(request, kind, plan, row)
    except NothingRated:
        messages.error(request, _("Nobody has rated in this row yet. Write the points into it first."))
        return redirect(_sheet_url(kind, plan, row))
    messages.success(request, _("%(customer)s rated.") % {"customer": reference.customer})
    return redirect(_sheet_url(kind, plan, row))


def _names_nobody(request: HttpRequest, kind: str, plan: Any, row: Any) -> HttpResponse:
    messages.error(request, _("This row names no customer on record. Write his name or number into it first."))
    return redirect(_sheet_url(kind, plan, row))


def _says_nothing(request: HttpRequest, kind: str, plan: Any, row: Any) -> HttpResponse:
    messages.error(request, _("This row does not say yet what is to be done. Write it down first."))
    return redirect(_sheet_url(kind, plan, row))


def _row_to_become(plan: Any, row_pk: int, what: str) -> Any:
    """A row of a plan whose rows have a field of this name: what they become, or are about. Else it is not there."""
    row, _section = _row(plan, str(row_pk))
    if not hasattr(row, what):
        raise Http404
    return row


def _row(plan: Any, text: str | None) -> tuple[Any, Section]:
    row_pk = parse_id(text or "")
    row = get_object_or_404(plan.rows.prefetch_related("cells__edited_by"), pk=row_pk or 0, removed_at=None)
    row.document = plan
    section = plan.template.section(row.section)
    if section is None:
        raise Http404
    return row, section


def _save_row(request: HttpRequest, row: Any, fields: list[RowField], reader: Reader) -> bool:
    """Write what was changed in the form; what cannot be is marked in its field."""
    for one in fields:
        if one.value.replace("\r\n", "\n") == one.was.replace("\r\n", "\n"):
            continue
        try:
            acts.write(actor=request.user, row=row, column=one.column, typed=one.value, seen=one.version, reader=reader)
        except CellRefused as error:
            one.error = refusal(error)
        except PlanFrozen:
            one.error = _("This plan was frozen meanwhile.")
        except CellConflict as error:
            one.theirs, one.who = reader.shown(one.column, error.cell.value), Shower().who(stored_cell(error.cell)) or _("somebody")
            one.version, one.was = error.cell.version, reader.typed(one.column, error.cell.value)
        else:
            one.was = one.value
            one.version += 1
    return not any(one.error or one.who for one in fields)


def _stored(fields: list[RowField], reader: Reader) -> dict[str, str] | None:
    """The typed row as it is stored; None where a field is refused, which then says so."""
    values = {}
    for one in fields:
        try:
            values[one.name] = reader.stored(one.column, one.value)
        except CellRefused as error:
            one.error = refusal(error)
    if not any(values.values()) and not any(one.error for one in fields):
        fields[0].error = _("Write something first.")
    return None if any(one.error for one in fields) else values


def _row_context(kind: str, plan: Any, section: Section, fields: list[RowField], row: Any = None) -> dict:
    return {"kind": kind, "plan": plan, "period": period_text(plan), "section": section, "fields": fields, "row": row}


def _sheet_url(kind: str, plan: Any, row: Any) -> str:
    return f"{reverse('plans:detail', args=[kind, plan.pk])}#row-{row.pk}"
