"""A plan leaves as a workbook and comes back: changed cells are found by their row's id, nothing is overwritten unseen."""

import hashlib
import json
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _, ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from accounts.permissions import allow, allowed
from customers.imports.messages import Refused
from customers.imports.reading import demand_list, open_sheets
from innendienst.base import audit, preferences
from innendienst.base.preferences import CompanyPreferences
from innendienst.lib import display, downloads, file_store
from innendienst.lib.planning.book import CellChange, CellComplaint, HeadingsMissing, read_section, write_book
from innendienst.lib.planning.cells import CellConflict, PlanFrozen, rows_of
from innendienst.lib.planning.columns import CellRefused, Reader, Section
from innendienst.workplace.plans import acts
from innendienst.workplace.plans.forms import period_text, refusal
from innendienst.workplace.plans.kinds import found_document, known_kind
from innendienst.workplace.plans.sheet import Shower, stored_cell

FILE_SIZE_MOST = 10 * 1024 * 1024


@require_safe
@allow("plan.see")
def plan_export(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """The plan as a workbook, to be filled on the way and read back."""
    plan = found_document(request.user, kind, pk)
    head = [
        (_("Company"), preferences.get(CompanyPreferences).name),
        (_("Team"), str(plan.team) if plan.team else _("whole house")),
        (_("Period"), period_text(plan)),
        (_("Written by"), plan.owner.full_name),
        (_("As of"), f"{timezone.localtime(plan.as_of):%d.%m.%Y %H:%M}" if plan.as_of else display.UNKNOWN),
    ]
    answer = _book(request.user, plan.template, head, rows_of(plan), f"{plan.template.title} {plan.starts_on.isoformat()}.xlsx")
    audit.record("plan.export", by=request.user, plan=plan.pk, template=kind)
    return answer


@require_safe
@allow("plan.see")
def blank_export(request: HttpRequest, kind: str) -> HttpResponse:
    """The template without anything in it."""
    template = known_kind(kind).template
    return _book(request.user, template, [], [], f"{template.title}.xlsx")


def _book(user: User, template, head, rows, name: str) -> HttpResponse:
    reader, reading = Reader(timezone.localdate()), acts.reading(user)
    return downloads.workbook(name, lambda target: write_book(target, template, head, rows, reader, reading))


@dataclass
class Taken:
    """What a filled workbook brought: how many cells and rows, its new lines that are rows already, and a sentence for each cell
    that was left alone."""

    changed: int = 0
    added: int = 0
    known: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)


@require_POST
@allow("plan.edit")
def plan_import(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Take over what was filled in; what could not be is named, cell by cell."""
    plan = found_document(request.user, kind, pk)
    file = request.FILES.get("file")
    if file is None or file.size > FILE_SIZE_MOST:
        messages.error(request, _("Choose the workbook of this plan, at most 10 MB."))
        return redirect("plans:detail", kind, pk)
    try:
        with tempfile.TemporaryDirectory() as folder:
            stored_as, _digest = file_store.write(Path(folder), file.chunks())
            taken = take_over(request.user, plan, file_store.path(Path(folder), stored_as))
    except Refused as error:
        messages.error(request, error.message.sentence)
        return redirect("plans:detail", kind, pk)
    except NotThisPlan:
        messages.error(
            request, _("This is no workbook of this plan. Download the plan as Excel, fill that one in and choose it. Nothing changed.")
        )
        return redirect("plans:detail", kind, pk)
    except HeadingsMissing as error:
        messages.error(request, _missing(error))
        return redirect("plans:detail", kind, pk)
    except PlanFrozen:
        messages.error(request, _("This plan is frozen. Copy it to a new period to change something."))
        return redirect("plans:detail", kind, pk)
    audit.record("plan.import", by=request.user, plan=pk, template=kind, changed=taken.changed, added=taken.added)
    said = _said(taken)
    if not taken.left:
        messages.success(request, said)
        return redirect("plans:detail", kind, pk)
    return render(request, "plans/plan_import.html", {"kind": kind, "plan": plan, "taken": taken, "said": said}, status=409)


def _missing(error: HeadingsMissing) -> str:
    facts = {"sheet": error.sheet, "column": error.column}
    if error.column:
        return (
            _("Sheet %(sheet)s: the column “%(column)s” is missing. Put it back, or download the plan as Excel once more. Nothing changed.")
            % facts
        )
    return _("Sheet %(sheet)s: its headings are missing. Put them back, or download the plan as Excel once more. Nothing changed.") % facts


def _said(taken: Taken) -> str:
    known = " " + _("Taken over before already: %(lines)s.") % {"lines": "; ".join(taken.known)} if taken.known else ""
    if not (taken.changed or taken.added):
        return _("Nothing in the file differs from the plan.") + known
    cells = ngettext("%(count)s cell changed", "%(count)s cells changed", taken.changed) % {"count": display.number(taken.changed)}
    rows = ngettext("%(count)s row added", "%(count)s rows added", taken.added) % {"count": display.number(taken.added)}
    return f"{cells}, {rows}.{known}"


class NotThisPlan(ValueError):
    """A list of something else, or another plan."""


@transaction.atomic
def take_over(actor: User, plan: Any, path: Path) -> Taken:
    """Write the changes of a workbook in one transaction. A new line that has become a row before changes that row.

    Raises Refused for what cannot be read, NotThisPlan for what has none of the plan's sheets or rows, HeadingsMissing, and PlanFrozen.
    """
    demand_list(path)
    type(plan)._base_manager.select_for_update(no_key=True).get(pk=plan.pk)  # of two clicks the second finds the rows of the first
    reader, taken, complaints = Reader(timezone.localdate()), Taken(), list[CellComplaint]()
    rows = {row.pk: row for row in rows_of(plan)}
    known = {section.key: section for section in plan.template.sections}
    with open_sheets(path) as sheets:
        found = [(known.get(str(sheet.about().get("sheet", ""))), sheet) for sheet in sheets]
        if not any(section for section, _sheet in found):
            raise NotThisPlan(path.name)
        changes = [
            (section, list(read_section(section, sheet.rows(), reader, complaints))) for section, sheet in found if section is not None
        ]
    _demand_known_rows([one for _section, of_section in changes for one in of_section], rows, path)
    unread = {(one.section.key, one.line) for one in complaints if one.row_id is None}
    for section, of_section in changes:
        written = [one for one in of_section if _may_change(actor, one) and (section.key, one.line) not in unread]
        _write(actor, plan, section, written, rows, reader, taken)
    taken.left += [_place(one) + refusal(CellRefused(one.column, one.text)) + _new_row_left(one) for one in complaints]
    return taken


def _demand_known_rows(changes: list[CellChange], rows: dict, path: Path) -> None:
    ids = {one.row_id for one in changes} - {None}
    if ids and not ids & rows.keys():
        raise NotThisPlan(path.name)


def _new_row_left(complaint: CellComplaint) -> str:
    """A new row is added with all its cells or not at all, so that the mended file does not add it twice."""
    return "" if complaint.row_id is not None else " " + _("The new row was not added. Mend the cell and choose the file once more.")


def _may_change(actor: User, change: CellChange) -> bool:
    return not change.column.needs or allowed(actor, change.column.needs)


def _write(actor: User, plan: Any, section: Section, changes: list[CellChange], rows: dict, reader: Reader, taken: Taken) -> None:
    for change in changes:
        if change.row_id is not None:
            _write_known(actor, change, rows, reader, taken)
    if section.is_closed:
        return
    known = dict(plan.rows.filter(section=section.key).exclude(file_key="").values_list("file_key", "pk"))
    for key, of_line in _new_rows(changes):
        if key in known:
            taken.known.append(_("sheet %(sheet)s, row %(line)s") % {"sheet": section.key, "line": of_line[0].line})
            if row := rows.get(known[key]):  # one that was taken out stays out
                _write_taken(actor, row, of_line, rows, reader, taken)
        else:
            values = {one.column.key: one.value for one in of_line}
            acts.add_row(actor=actor, document=plan, section=section, values=values, file_key=key)
            taken.added += 1


def _write_taken(actor: User, row: Any, of_line: list[CellChange], rows: dict, reader: Reader, taken: Taken) -> None:
    """What the file says by now of a row that came from it; what somebody changed since in the page stays."""
    for change in of_line:
        seen = 1 if change.column.key in row.values else 0
        _write_known(actor, replace(change, row_id=row.pk, seen=seen), rows, reader, taken)


def _write_known(actor: User, change: CellChange, rows: dict, reader: Reader, taken: Taken) -> None:
    row = rows.get(change.row_id)
    if row is None or row.section != change.section.key:
        if change.value:
            taken.left.append(
                _place(change) + _("the row is no longer in the plan. To add it once more, copy its words into an empty row.")
            )
        return
    if row.values.get(change.column.key, "") == change.value:
        return
    typed = reader.typed(change.column, change.value)
    try:
        acts.write(actor=actor, row=row, column=change.column, typed=typed, seen=change.seen, reader=reader)
    except CellConflict as error:
        facts = {"who": Shower().who(stored_cell(error.cell)) or _("somebody"), "theirs": reader.shown(change.column, error.cell.value)}
        text = _("changed by %(who)s since the file was made, it says “%(theirs)s”. The file says “%(mine)s”.")
        taken.left.append(_place(change) + text % {**facts, "mine": reader.shown(change.column, change.value)})
    else:
        taken.changed += 1


def _new_rows(changes: list[CellChange]) -> Iterator[tuple[str, list[CellChange]]]:
    """Key and cells of each new line. A line without a key, or with that of a line it was copied from, is known by what it says."""
    by_line: dict[int, list[CellChange]] = {}
    for change in changes:
        if change.row_id is None and change.value:
            by_line.setdefault(change.line, []).append(change)
    used, same = set[str](), Counter[str]()
    for of_line in by_line.values():
        key = of_line[0].key
        if not key or key in used:
            said = json.dumps([[one.column.key, one.value] for one in of_line])
            same[said] += 1
            key = hashlib.sha256(f"{same[said]}:{said}".encode()).hexdigest()[:32]
        used.add(key)
        yield key, of_line


def _place(one: CellChange | CellComplaint) -> str:
    facts = {"sheet": one.section.key, "line": one.line, "column": one.column.title}
    return _("Sheet %(sheet)s, row %(line)s, column “%(column)s”: ") % facts
