"""A planning document as its page shows it: sections, heads, cells in finished texts. Three queries, and one per list of choices.

A filled plan has a thousand cells: what is done for each of them is as little as can be.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import Any, NamedTuple

from django.template.defaultfilters import linebreaksbr
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import allowed
from innendienst.lib import display
from innendienst.lib.planning.book import columns_for
from innendienst.lib.planning.cells import CellText, instant_of, standing_rows, texts_of
from innendienst.lib.planning.columns import Column, Kind, Reader, Section
from innendienst.lib.prepared import IdsParam, Prepared
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


class RowGroup(NamedTuple):
    is_stored: bool
    may_write: bool
    has_lead: bool
    rows: list[ShownRow]


class ShownMaking(NamedTuple):
    """What a row can be made into; `address` has the place of the row's own."""

    label: str
    address: str


@dataclass(frozen=True)
class ShownSection:
    """`heads` are its columns; `columns` the same for the markup of cells."""

    section: Section
    heads: tuple[Column, ...]
    columns: tuple[ShownColumn, ...]
    rows: Sequence[ShownRow]
    may_add: bool = False
    makings: tuple[ShownMaking, ...] = ()
    choices: Sequence[tuple[str, Sequence[Option]]] = ()
    blank_rows: range = range(0)

    @property
    def groups(self) -> list[RowGroup]:
        """Its rows in their order, neighbours of the same markup together."""
        found = groupby(self.rows, key=lambda row: (row.is_stored, row.may_write, row.has_lead))
        return [RowGroup(*flags, list(rows)) for flags, rows in found]

    @property
    def has_acts(self) -> bool:
        """Whether something can be done with its rows beside writing."""
        can_remove = not self.section.is_closed
        return any(row.is_stored and (row.has_lead or self.makings or (row.may_write and can_remove)) for row in self.rows)


@cache
def shown_column(column: Column) -> ShownColumn:
    marks = {"num": column.is_number, "plan-lead": column.leads, "plan-date": column.kind == Kind.DATE}
    ground = "plan-free" if column.is_free else "plan-bound"
    look = " ".join([ground, *(mark for mark, holds in marks.items() if holds)])
    return ShownColumn(column.key, look, column.is_free, *(f"{{{name}}}" for name in _names(column)))


@cache
def _names(column: Column) -> tuple[str, ...]:
    """What a row calls the values of this column."""
    return tuple(f"{column.key}_{part}" for part in ("text", "typed", "version", "who"))


class Shower:
    """Puts what is stored into the rows of one page: what many cells share is found once."""

    def __init__(self, names: Mapping[int, str] | None = None) -> None:
        """`names` are those of people who wrote, by id; without them they are asked for one by one."""
        self.reader = Reader(timezone.localdate())
        self._today, self._names = timezone.localdate(), names
        self._whos: dict[tuple[int, str], str] = {}

    def put(self, row: ShownRow, column: Column, stored: CellText | None) -> None:
        """Give the row the texts of a cell; `stored` None is one that nobody wrote."""
        values, (text_name, typed_name, version_name, who_name) = row.__dict__, _names(column)
        if stored is None:
            values[text_name] = values[typed_name] = values[who_name] = ""
            values[version_name] = "0"
            return
        text = self.reader.shown(column, stored.value)
        values[text_name] = linebreaksbr(text, autoescape=True) if "\n" in text else text
        if column.is_free:
            values[typed_name] = self.reader.typed(column, stored.value)
            values[version_name] = str(stored.version)
            values[who_name] = self.who(stored)

    def who(self, stored: CellText) -> str:
        """ "Bernd Vogel, heute 14:05"; "" for what nobody wrote."""
        if stored.edited_by_id is None:
            return ""
        key = stored.edited_by_id, stored.written_at
        if key not in self._whos:
            at = timezone.localtime(instant_of(stored.written_at))
            names = names_of([stored.edited_by_id]) if self._names is None else self._names
            facts = {"name": names[stored.edited_by_id], "day": display.ago(at.date(), self._today), "time": f"{at:%H:%M}"}
            self._whos[key] = _("%(name)s, %(day)s %(time)s") % facts
        return self._whos[key]


_WRITERS = Prepared(lambda: User.objects.filter(pk__in=IdsParam("ids")).only("username", "first_name", "last_name"))


def names_of(ids: Iterable[int]) -> dict[int, str]:
    return {user.pk: user.full_name for user in _WRITERS(ids=set(ids))}


def load_sheet(user: User, kind: PlanKind, document: Any) -> list[ShownSection]:
    """All sections, with the columns that this reader may see and what he can make of their rows."""
    rows, texts = standing_rows(document), texts_of(document)
    shower = Shower(names_of(cell.edited_by_id for cells in texts.values() for cell in cells.values() if cell.edited_by_id))
    frozen, leads = _frozen_texts(document), kind.leads(document)
    base = reverse("plans:detail", args=[kind.template.code, document.pk])
    shown = []
    for section in document.template.sections:
        columns = tuple(columns_for(section, acts.reading(user)))
        shown_rows = []
        for number, row in enumerate((row for row in rows if row.section == section.key), start=1):
            may_write = not document.is_frozen and acts.may_write(user, row)
            one = ShownRow(row.pk, number, f"{base}rows/{row.pk}/", leads.get(row.pk, ("", "")), may_write=may_write)
            stored = texts.get(row.pk, {})
            for column in columns:
                shower.put(one, column, stored.get(column.key))
            if document.is_frozen:
                kept = frozen.get(str(row.pk), {})
                one.__dict__.update((f"{column.key}_text", kept.get(column.key, "")) for column in columns)
            shown_rows.append(one)
        chosen = [column for column in columns if column.kind == Kind.CHOICE and column.is_free]
        shown.append(
            ShownSection(
                section,
                columns,
                tuple(map(shown_column, columns)),
                shown_rows,
                may_add=not (document.is_frozen or section.is_closed) and acts.may_add(user, section),
                makings=() if document.is_frozen else _makings(user, kind, section),
                choices=[(column.key, [Option(*one) for one in shower.reader.options(column).items()]) for column in chosen],
            )
        )
    return shown


def _makings(user: User, kind: PlanKind, section: Section) -> tuple[ShownMaking, ...]:
    """Addresses of a row's acts begin with its own (urls.py), which is put in with its other values."""
    found = [one for one in kind.makings if one.section == section.key and allowed(user, one.needs)]
    return tuple(ShownMaking(str(one.label), f"{{url}}{_path(one.url_name, kind.template.code)}") for one in found)


@cache
def _path(url_name: str, code: str) -> str:
    """What follows the row's own address."""
    return reverse(url_name, args=[code, 0, 0]).rsplit("/rows/0/", 1)[1]


def blank_sheet(kind: PlanKind) -> list[ShownSection]:
    """The template for the pen: its fixed rows, and empty ones."""
    shower, shown = Shower({}), []
    for section in kind.template.sections:
        columns = tuple(columns_for(section, lambda _needed: True))
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
    return CellText(cell.value, cell.version, cell.edited_by_id, cell.edited_at.isoformat())


def _frozen_texts(document: Any) -> Mapping[str, Mapping[str, str]]:
    snapshot = document.snapshots.first() if document.is_frozen else None
    return snapshot.content if snapshot else {}
