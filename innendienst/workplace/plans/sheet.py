"""A planning document as its page shows it: sections, heads, cells in finished texts. Two queries, and one per list of choices."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.models import User
from innendienst.lib import display
from innendienst.lib.planning.book import columns_for
from innendienst.lib.planning.cells import rows_of
from innendienst.lib.planning.columns import Column, Kind, Reader, Section
from innendienst.workplace.plans import acts
from innendienst.workplace.plans.kinds import PlanKind


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
    """`lead` is (address, words) of what the row became, None before."""

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
    can_lead: bool
    choices: Sequence[tuple[str, Sequence[tuple[str, str]]]]
    blank_rows: range = range(0)

    @property
    def has_acts(self) -> bool:
        """Whether something can be done with its rows beside writing."""
        return bool(self.rows) and (self.can_lead or not self.section.is_closed) and any(row.pk for row in self.rows)


def load_sheet(user: User, kind: PlanKind, document: Any, *, shows_margin: bool, leading: Mapping[str, str]) -> list[ShownSection]:
    """All sections. `leading` names the sections whose rows can become something more."""
    reader, rows, now = Reader(timezone.localdate()), rows_of(document), timezone.now()
    frozen = _frozen_texts(document)
    leads = _leads(kind, document)
    shown = []
    for section in document.template.sections:
        columns = columns_for(section, shows_margin=shows_margin)
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
                may_add=not (document.is_frozen or section.is_closed) and acts.may_add(user, section.key),
                can_lead=section.key in leading,
                choices=[(one.key, tuple(reader.options(one).items())) for one in columns if one.kind == Kind.CHOICE and one.is_free],
            )
        )
    return shown


def blank_sheet(kind: PlanKind) -> list[ShownSection]:
    """The template for the pen: its fixed rows, and empty ones."""
    reader, shown = Reader(timezone.localdate()), []
    for section in kind.template.sections:
        columns = columns_for(section, shows_margin=True)
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
        shown.append(ShownSection(section, columns, rows, False, False, (), blank))
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


def _leads(kind: PlanKind, document: Any) -> dict[int, tuple[str, str]]:
    """Row → address of what it became, and what that is with its state."""
    found = {}
    for name, url_name in kind.leads:
        for row in document.rows.exclude(**{name: None}).select_related(name):
            thing = getattr(row, name)
            text = f"{capfirst(thing._meta.verbose_name)}: {thing.get_state_display()}"
            found[row.pk] = (reverse(url_name, args=[thing.pk]), text)
    return found
