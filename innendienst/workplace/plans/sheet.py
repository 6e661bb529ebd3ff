"""A planning document as its page shows it: sections, heads, cells in finished texts. Two queries, and one per list of choices."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import allowed
from innendienst.lib import display
from innendienst.lib.planning.book import columns_for
from innendienst.lib.planning.cells import rows_of
from innendienst.lib.planning.columns import Column, Kind, Reader, Section
from innendienst.workplace.plans import acts
from innendienst.workplace.plans.kinds import Making, PlanKind


class ShownCell(NamedTuple):
    """`typed` is what a field for it begins with; `who` says who wrote it last, "" for nobody. `look` are classes."""

    column: str
    text: str
    typed: str
    version: int
    is_free: bool
    look: str
    who: str


@dataclass(frozen=True)
class ShownRow:
    """`lead` is (address, words) of what the row became or stems from, None without."""

    pk: int
    number: int
    cells: Sequence[ShownCell]
    may_write: bool
    lead: tuple[str, str] | None


@dataclass(frozen=True)
class ShownSection:
    section: Section
    columns: Sequence[Column]
    rows: Sequence[ShownRow]
    may_add: bool
    makings: Sequence[Making]
    choices: Sequence[tuple[str, Sequence[tuple[str, str]]]]
    blank_rows: range = range(0)

    @property
    def has_acts(self) -> bool:
        """Whether something can be done with its rows beside writing."""
        return any(row.pk and (row.lead or self.makings or (row.may_write and not self.section.is_closed)) for row in self.rows)


def load_sheet(user: User, kind: PlanKind, document: Any) -> list[ShownSection]:
    """All sections, with the columns that this reader may see and what he can make of their rows."""
    reader, rows, now = Reader(timezone.localdate()), rows_of(document), timezone.now()
    frozen = _frozen_texts(document)
    leads = kind.leads(document)
    shown = []
    for section in document.template.sections:
        columns = columns_for(section, acts.reading(user))
        of_section = [row for row in rows if row.section == section.key]
        shown.append(
            ShownSection(
                section,
                columns,
                [
                    ShownRow(
                        row.pk,
                        number,
                        _cells(row, columns, reader, now, frozen.get(str(row.pk))),
                        not document.is_frozen and acts.may_write(user, row),
                        leads.get(row.pk),
                    )
                    for number, row in enumerate(of_section, start=1)
                ],
                may_add=not (document.is_frozen or section.is_closed) and acts.may_add(user, section),
                makings=[] if document.is_frozen else _makings(user, kind, section),
                choices=[(one.key, tuple(reader.options(one).items())) for one in columns if one.kind == Kind.CHOICE and one.is_free],
            )
        )
    return shown


def _makings(user: User, kind: PlanKind, section: Section) -> list[Making]:
    return [one for one in kind.makings if one.section == section.key and allowed(user, one.needs)]


def blank_sheet(kind: PlanKind) -> list[ShownSection]:
    """The template for the pen: its fixed rows, and empty ones."""
    reader, shown = Reader(timezone.localdate()), []
    for section in kind.template.sections:
        columns = columns_for(section, lambda _needed: True)
        fixed = [one for one in columns if one.is_fixed]
        rows = [
            ShownRow(
                0,
                number,
                [_blank(column, reader.shown(column, str(values.get(column.key, ""))) if column in fixed else "") for column in columns],
                False,
                None,
            )
            for number, values in enumerate(section.starts_with if fixed else (), start=1)
        ]
        blank = range(0 if rows else section.blank_rows)
        shown.append(ShownSection(section, columns, rows, False, (), (), blank))
    return shown


def one_cell(row: Any, column: Column, cell: Any, reader: Reader, now: dt.datetime) -> ShownCell:
    """A cell as it stands after it was written; `cell` None is empty."""
    value = cell.value if cell else ""
    look = ("plan-free" if column.is_free else "plan-bound") + (" num" if column.is_number else "") + (" plan-lead" if column.leads else "")
    look += " plan-date" if column.kind == Kind.DATE else ""
    typed = reader.typed(column, value) if column.is_free else ""
    return ShownCell(
        column.key,
        reader.shown(column, value),
        typed,
        cell.version if cell else 0,
        column.is_free,
        look,
        who_text(cell, now) if cell else "",
    )


def who_text(cell: Any, now: dt.datetime) -> str:
    """ "Bernd Vogel, heute 14:05"; "" for what nobody wrote."""
    if cell.edited_by is None:
        return ""
    at = timezone.localtime(cell.edited_at)
    facts = {"name": cell.edited_by.full_name, "day": display.ago(at.date(), timezone.localdate(now)), "time": f"{at:%H:%M}"}
    return _("%(name)s, %(day)s %(time)s") % facts


def _cells(row: Any, columns: Sequence[Column], reader: Reader, now: dt.datetime, frozen: Mapping[str, str] | None) -> list[ShownCell]:
    cells = {cell.column: cell for cell in row.cells.all()}
    shown = [one_cell(row, column, cells.get(column.key), reader, now) for column in columns]
    return [cell._replace(text=frozen.get(cell.column, ""), is_free=False) for cell in shown] if frozen is not None else shown


def _blank(column: Column, text: str) -> ShownCell:
    return ShownCell(column.key, text, "", 0, False, "", "")


def _frozen_texts(document: Any) -> Mapping[str, Mapping[str, str]]:
    snapshot = document.snapshots.first() if document.is_frozen else None
    return snapshot.content if snapshot else {}
