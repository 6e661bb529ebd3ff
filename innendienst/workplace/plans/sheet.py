"""A planning document as its page shows it: sections, heads, cells in finished texts. Three queries, and one per list of choices.

A filled plan has a thousand cells: what is done for each of them is as little as can be.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from django.template.defaultfilters import linebreaksbr
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import allowed
from innendienst.lib import display
from innendienst.lib.planning.book import columns_for
from innendienst.lib.planning.cells import CellText, texts_of
from innendienst.lib.planning.columns import Column, Kind, Reader, Section
from innendienst.workplace.plans import acts
from innendienst.workplace.plans.kinds import PlanKind


class ShownColumn(NamedTuple):
    """A column as the cells' markup needs it: `text`, `typed`, `version` and `who` are the places into which a row's values go."""

    key: str
    look: str
    is_free: bool
    text: str
    typed: str
    version: str
    who: str


class Option(NamedTuple):
    value: str
    label: str


class ShownRow:
    """A row whose attributes are what its markup has places for: those of its cells (ShownColumn), and of the row itself.

    `url` is that of its form, `lead_url` and `lead_text` of what the row became. `flags` choose the markup.
    """

    def __init__(self, pk: int, number: int, url: str = "", lead: tuple[str, str] = ("", ""), *, may_write: bool = False) -> None:
        self.pk, self.number, self.url = str(pk), str(number), url
        self.lead_url, self.lead_text = lead
        self.is_stored, self.may_write, self.has_lead = bool(pk), may_write, bool(lead[0])

    @property
    def alone(self) -> tuple["ShownRow"]:
        """For the tag `rows`, whose markup this row chooses."""
        return (self,)


@dataclass(frozen=True)
class ShownSection:
    """`heads` are its columns; `columns` the same for the markup of cells. `has_acts`: something can be done with its rows."""

    section: Section
    heads: tuple[Column, ...]
    columns: tuple[ShownColumn, ...]
    rows: Sequence[ShownRow]
    may_add: bool = False
    can_lead: bool = False
    choices: Sequence[tuple[str, Sequence[Option]]] = ()
    blank_rows: range = range(0)

    @property
    def has_acts(self) -> bool:
        return (self.can_lead or not self.section.is_closed) and any(row.is_stored for row in self.rows)


@cache
def shown_column(column: Column) -> ShownColumn:
    marks = {"num": column.is_number, "plan-lead": column.leads, "plan-date": column.kind == Kind.DATE}
    ground = "plan-free" if column.is_free else "plan-bound"
    look = " ".join([ground, *(mark for mark, holds in marks.items() if holds)])
    return ShownColumn(column.key, look, column.is_free, *(f"{{{column.key}_{part}}}" for part in ("text", "typed", "version", "who")))


class Shower:
    """Puts what is stored into the rows of one page: what many cells share is found once."""

    def __init__(self, names: Mapping[int, str] | None = None) -> None:
        """`names` are those of people who wrote, by id; without them they are asked for one by one."""
        self.reader = Reader(timezone.localdate())
        self._today, self._names = timezone.localdate(), names
        self._whos: dict[tuple[int, dt.datetime], str] = {}

    def put(self, row: ShownRow, column: Column, stored: CellText | None) -> None:
        """Give the row the texts of a cell; `stored` None is one that nobody wrote."""
        values, key, value = row.__dict__, column.key, stored.value if stored else ""
        text = self.reader.shown(column, value) if value else ""
        values[f"{key}_text"] = linebreaksbr(text, autoescape=True) if "\n" in text else text
        if column.is_free:
            values[f"{key}_typed"] = self.reader.typed(column, value) if value else ""
            values[f"{key}_version"] = str(stored.version) if stored else "0"
            values[f"{key}_who"] = self.who(stored) if stored else ""

    def who(self, stored: CellText) -> str:
        """ "Bernd Vogel, heute 14:05"; "" for what nobody wrote."""
        if stored.edited_by_id is None:
            return ""
        key = stored.edited_by_id, stored.edited_at.replace(second=0, microsecond=0)
        if key not in self._whos:
            at = timezone.localtime(stored.edited_at)
            names = names_of([stored.edited_by_id]) if self._names is None else self._names
            facts = {"name": names[stored.edited_by_id], "day": display.ago(at.date(), self._today), "time": f"{at:%H:%M}"}
            self._whos[key] = _("%(name)s, %(day)s %(time)s") % facts
        return self._whos[key]


def names_of(ids: Iterable[int]) -> dict[int, str]:
    return {user.pk: user.full_name for user in User.objects.filter(pk__in=set(ids))}


def load_sheet(user: User, kind: PlanKind, document: Any, *, shows_margin: bool, leading: Collection[str]) -> list[ShownSection]:
    """All sections. `leading` names the sections whose rows can become something more."""
    rows, texts = list(document.rows.filter(removed_at=None).order_by("section", "position", "pk")), texts_of(document)
    shower = Shower(names_of(cell.edited_by_id for cells in texts.values() for cell in cells.values() if cell.edited_by_id))
    frozen, leads = _frozen_texts(document), _leads(kind, rows)
    may_lead = allowed(user, "plan.edit") and not document.is_frozen
    base = reverse("plans:detail", args=[kind.template.code, document.pk])
    shown = []
    for section in document.template.sections:
        columns = tuple(columns_for(section, shows_margin=shows_margin))
        shown_rows = []
        for number, row in enumerate((row for row in rows if row.section == section.key), start=1):
            may_write = not document.is_frozen and acts.may_write(user, row)
            one = ShownRow(row.pk, number, f"{base}rows/{row.pk}/", leads.get(row.pk, ("", "")), may_write=may_write)
            stored, kept = texts.get(row.pk, {}), frozen.get(str(row.pk), {})
            for column in columns:
                shower.put(one, column, stored.get(column.key))
                if document.is_frozen:
                    one.__dict__[f"{column.key}_text"] = kept.get(column.key, "")
            shown_rows.append(one)
        chosen = [column for column in columns if column.kind == Kind.CHOICE and column.is_free]
        shown.append(
            ShownSection(
                section,
                columns,
                tuple(map(shown_column, columns)),
                shown_rows,
                may_add=not (document.is_frozen or section.is_closed) and acts.may_add(user, section.key),
                can_lead=section.key in leading and may_lead,
                choices=[(column.key, [Option(*one) for one in shower.reader.options(column).items()]) for column in chosen],
            )
        )
    return shown


def blank_sheet(kind: PlanKind) -> list[ShownSection]:
    """The template for the pen: its fixed rows, and empty ones."""
    shower, shown = Shower({}), []
    for section in kind.template.sections:
        columns = tuple(columns_for(section, shows_margin=True))
        fixed = {column for column in columns if column.is_fixed}
        rows = []
        for number, values in enumerate(section.starts_with if fixed else (), start=1):
            row = ShownRow(0, number)
            for column in columns:
                row.__dict__[f"{column.key}_text"] = shower.reader.shown(column, str(values.get(column.key, ""))) if column in fixed else ""
            rows.append(row)
        blank = range(0 if rows else section.blank_rows)
        shown.append(ShownSection(section, columns, tuple(map(shown_column, columns)), rows, blank_rows=blank))
    return shown


def stored_cell(cell: Any) -> CellText:
    return CellText(cell.value, cell.version, cell.edited_by_id, cell.edited_at)


def _frozen_texts(document: Any) -> Mapping[str, Mapping[str, str]]:
    snapshot = document.snapshots.first() if document.is_frozen else None
    return snapshot.content if snapshot else {}


def _leads(kind: PlanKind, rows: Sequence[Any]) -> dict[int, tuple[str, str]]:
    """Row → address of what it became, and what that is with its state; a query for each kind of thing that some became."""
    found = {}
    for name, url_name in kind.leads:
        ids = {getattr(row, f"{name}_id"): row.pk for row in rows if getattr(row, f"{name}_id")}
        things = rows[0]._meta.get_field(name).related_model._base_manager.in_bulk(list(ids)) if ids else {}
        for pk, thing in things.items():
            text = f"{capfirst(thing._meta.verbose_name)}: {thing.get_state_display()}"
            found[ids[pk]] = (reverse(url_name, args=[pk]), text)
    return found
