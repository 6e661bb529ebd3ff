"""What people do with planning documents of any kind: the right is checked here, the writing is lib/planning's."""

import datetime as dt
from functools import partial
from typing import Any

from django.db import transaction

from accounts.models import User
from accounts.permissions import allowed, demand
from innendienst.base import audit
from innendienst.lib.dates import add_months
from innendienst.lib.planning import cells
from innendienst.lib.planning.book import Reading
from innendienst.lib.planning.columns import Column, Reader, Section
from innendienst.workplace.plans.kinds import PlanKind


@transaction.atomic
def make(*, actor: User, kind: PlanKind, document: Any) -> Any:
    """A new document with the rows of its template and its bound cells filled."""
    demand(actor, "plan.edit")
    document.owner = actor
    document.save()
    cells.start(document, by=actor)
    kind.bring_up_to_date(document)
    return document


@transaction.atomic
def copy(*, actor: User, kind: PlanKind, source: Any) -> tuple[Any, bool]:
    """The document for the period that follows, as long as this one: free cells as they are, days moved along, nothing begun yet.

    Made once: where there is one already it is that one, and False.
    """
    demand(actor, "plan.edit")
    kind.document._base_manager.select_for_update(no_key=True).get(pk=source.pk)  # the second of two clicks finds the first one's copy
    if standing := source.copies.first():
        return standing, False
    starts_on, ends_on = following(source.starts_on, source.ends_on)
    target = kind.document(starts_on=starts_on, ends_on=ends_on, team=source.team, owner=actor, copied_from=source)
    target.save()
    months = _whole_months(source.starts_on, source.ends_on)

    def moved(day: dt.date) -> dt.date:
        return add_months(day, months) if months else day + (starts_on - source.starts_on)

    cells.copy_rows(source, target, by=actor, move=moved)
    kind.bring_up_to_date(target)
    return target, True


def following(starts_on: dt.date, ends_on: dt.date) -> tuple[dt.date, dt.date]:
    """The period after this one: as many whole months where it is made of such, else as many days."""
    after = ends_on + dt.timedelta(days=1)
    if months := _whole_months(starts_on, ends_on):
        return after, add_months(after, months) - dt.timedelta(days=1)
    return after, after + (ends_on - starts_on)


def _whole_months(starts_on: dt.date, ends_on: dt.date) -> int:
    """How many months the period is long; 0 where it is not made of whole ones."""
    after = ends_on + dt.timedelta(days=1)
    months = (after.year - starts_on.year) * 12 + after.month - starts_on.month
    return months if months and add_months(starts_on, months) == after else 0


def write(*, actor: User, row: Any, column: Column, typed: str, seen: int, reader: Reader) -> Any:
    """Put what was typed into a free cell. Raises CellRefused, CellConflict, PlanFrozen."""
    if not may_write(actor, row):
        demand(actor, "plan.edit")
    return cells.write_cell(row, column.key, reader.stored(column, typed), seen=seen, by=actor)


def may_write(actor: User, row: Any) -> bool:
    """Who plans writes every row; whoever added one where ideas are taken goes on writing that one."""
    if allowed(actor, "plan.edit"):
        return True
    section = row.document.template.section(row.section)
    return row.made_by_id == actor.pk and section is not None and may_add(actor, section)


def may_add(actor: User, section: Section) -> bool:
    return allowed(actor, "plan.edit") or (section.takes_ideas and allowed(actor, "plan.idea"))


def reading(user: User) -> Reading:
    """What columns this reader may see."""
    return partial(allowed, user)


def add_row(*, actor: User, document: Any, section: Section, values: dict[str, str], file_key: str = "") -> Any:
    """Append a row with stored texts to a section that takes more. Raises PlanFrozen."""
    assert not section.is_closed, section.key
    if not may_add(actor, section):
        demand(actor, "plan.edit")
    return cells.add_row(document, section, values, by=actor, file_key=file_key)


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
    return kind.bring_up_to_date(document)


@transaction.atomic
def freeze(*, actor: User, kind: PlanKind, document: Any) -> None:
    demand(actor, "plan.edit")
    cells.freeze(document, kind.bind, by=actor)
    audit.record("plan.freeze", by=actor, plan=document.pk, template=kind.template.code)
