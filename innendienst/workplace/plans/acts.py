"""What people do with planning documents of any kind: the right is checked here, the writing is lib/planning's."""

import datetime as dt
from typing import Any

from django.db import transaction

from accounts.models import User
from accounts.permissions import allowed, demand
from innendienst.base import audit
from innendienst.lib.dates import add_months
from innendienst.lib.planning import cells
from innendienst.lib.planning.columns import Column, Reader, Section
from innendienst.workplace.plans.kinds import PlanKind

OPEN_TO_IDEAS = "B"
"""The section of a template to which everybody who sells may add rows."""


@transaction.atomic
def make(*, actor: User, kind: PlanKind, document: Any) -> Any:
    """A new document with the rows of its template and its bound cells filled."""
    demand(actor, "plan.edit")
    document.owner = actor
    document.save()
    cells.start(document, by=actor)
    cells.refresh(document, kind.bind)
    return document


@transaction.atomic
def copy(*, actor: User, kind: PlanKind, source: Any) -> Any:
    """The document for the period that follows, as long as this one: free cells as they are, days moved along."""
    demand(actor, "plan.edit")
    starts_on, ends_on = following(source.starts_on, source.ends_on)
    target = kind.document(starts_on=starts_on, ends_on=ends_on, team=source.team, owner=actor, copied_from=source)
    target.save()
    cells.copy_rows(source, target, by=actor, shift=starts_on - source.starts_on)
    cells.refresh(target, kind.bind)
    return target


def following(starts_on: dt.date, ends_on: dt.date) -> tuple[dt.date, dt.date]:
    """The period after this one: as many whole months where it is made of such, else as many days."""
    after = ends_on + dt.timedelta(days=1)
    months = (after.year - starts_on.year) * 12 + after.month - starts_on.month
    if months and add_months(starts_on, months) == after:
        return after, add_months(after, months) - dt.timedelta(days=1)
    return after, after + (ends_on - starts_on)


def write(*, actor: User, row: Any, column: Column, typed: str, seen: int, reader: Reader) -> Any:
    """Put what was typed into a free cell. Raises CellRefused, CellConflict, PlanFrozen."""
    if not may_write(actor, row):
        demand(actor, "plan.edit")
    return cells.write_cell(row, column.key, reader.stored(column, typed), seen=seen, by=actor)


def may_write(actor: User, row: Any) -> bool:
    """Who plans writes every row; whoever added an idea goes on writing that one."""
    return allowed(actor, "plan.edit") or (row.made_by_id == actor.pk and may_add(actor, row.section))


def may_add(actor: User, section_key: str) -> bool:
    return allowed(actor, "plan.edit") or (section_key == OPEN_TO_IDEAS and allowed(actor, "plan.idea"))


def add_row(*, actor: User, document: Any, section: Section, values: dict[str, str]) -> Any:
    """Append a row with stored texts to a section that takes more. Raises PlanFrozen."""
    assert not section.is_closed, section.key
    if not may_add(actor, section.key):
        demand(actor, "plan.edit")
    return cells.add_row(document, section, values, by=actor)


def remove_row(*, actor: User, row: Any) -> None:
    if not may_write(actor, row):
        demand(actor, "plan.edit")
    cells.remove_row(row)


def put_back(*, actor: User, row: Any) -> None:
    if not may_write(actor, row):
        demand(actor, "plan.edit")
    cells.put_back(row)


def refresh(*, actor: User, kind: PlanKind, document: Any) -> int:
    demand(actor, "plan.see")
    return cells.refresh(document, kind.bind)


@transaction.atomic
def freeze(*, actor: User, kind: PlanKind, document: Any) -> None:
    demand(actor, "plan.edit")
    cells.freeze(document, kind.bind, by=actor)
    audit.record("plan.freeze", by=actor, plan=document.pk, template=kind.template.code)
