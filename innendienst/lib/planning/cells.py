"""Writing into a planning document: no cell is overwritten that the writer has not seen."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from django.db import IntegrityError, transaction
from django.db.models import CharField, F, Max
from django.db.models.functions import Cast
from django.utils import timezone

from innendienst.lib.planning.columns import Column, Kind, Reader, Section
from innendienst.lib.planning.models import Binder, PlanCell, PlanDocument, PlanRow
from innendienst.lib.prepared import Param, Prepared


class PlanFrozen(RuntimeError):
    """The document was frozen: it is read and copied, not changed."""


class CellConflict(RuntimeError):
    """Somebody else changed the cell since it was read; `cell` is what it says now."""

    def __init__(self, cell: PlanCell) -> None:
        super().__init__(f"cell {cell.pk}")
        self.cell = cell


def rows_of(document: PlanDocument) -> list[Any]:
    """The rows that stand, with their cells and who wrote them, in their order: two queries however many."""
    found = document.rows.filter(removed_at=None).prefetch_related("cells__edited_by")
    return list(found.order_by("section", "position", "pk"))


class CellText(NamedTuple):
    """What a cell says, and who wrote it when (None: nobody, it is bound).

    `written_at` is the instant as the database spells it (`instant_of` reads it): a page has hundreds of cells and few instants, and
    making a datetime of each costs more than reading the cells.
    """

    value: str
    version: int
    edited_by_id: int | None
    written_at: str


def instant_of(written_at: str) -> dt.datetime:
    found = dt.datetime.fromisoformat(written_at)
    return found if found.tzinfo else found.replace(tzinfo=dt.UTC)


def texts_of(document: PlanDocument) -> dict[int, dict[str, CellText]]:
    """Row id → column → text, of the rows that stand: one query without a model instance per cell, for pages that only show them."""
    found: dict[int, dict[str, CellText]] = defaultdict(dict)
    for row_id, column, *rest in _standing_texts(document.rows.model)(document=document.pk):
        found[row_id][column] = CellText(*rest)
    return found


def standing_rows(document: PlanDocument) -> list[Any]:
    """The rows that stand, in their order, without their cells: one query."""
    rows = list(_standing_rows(document.rows.model)(document=document.pk))
    for row in rows:
        row.document = document
    return rows


@cache
def _standing_texts(rows: type[Any]) -> Prepared:
    cells = rows.cells.rel.related_model._base_manager
    columns = ("row", "column", "value", "version", "edited_by", Cast("edited_at", CharField()))
    return Prepared(lambda: cells.filter(row__document=Param("document"), row__removed_at=None).order_by().values_list(*columns))


@cache
def _standing_rows(rows: type[Any]) -> Prepared:
    return Prepared(lambda: rows._base_manager.filter(document=Param("document"), removed_at=None).order_by("section", "position", "pk"))


@transaction.atomic
def write_cell(row: PlanRow, column: str, value: str, *, seen: int, by) -> PlanCell | None:
    """Put a stored text into a free cell that had version `seen` (0: it was empty and never written); None where nothing changes.

    The same text written by two people is no conflict. Raises CellConflict and PlanFrozen.
    """
    _demand_open(_document_of(row))
    cells = type(row).cells.rel.related_model._base_manager
    standing = cells.filter(row=row, column=column).select_related("edited_by").first()
    if (standing.value if standing else "") == value:
        return standing
    now = timezone.now()
    if standing is None:
        if seen:
            raise CellConflict(cells.model(row=row, column=column, value="", version=0, edited_at=now))
        try:
            with transaction.atomic():
                return cells.create(row=row, column=column, value=value, edited_by=by, edited_at=now)
        except IntegrityError:
            raise CellConflict(cells.select_related("edited_by").get(row=row, column=column)) from None
    changed = cells.filter(pk=standing.pk, version=seen).update(value=value, version=F("version") + 1, edited_by=by, edited_at=now)
    if not changed:
        raise CellConflict(cells.select_related("edited_by").get(pk=standing.pk))
    return cells.select_related("edited_by").get(pk=standing.pk)


@transaction.atomic
def start(document: PlanDocument, *, by) -> None:
    """Give a new document the rows its template begins with."""
    for section in document.template.sections:
        for values in section.starts_with:
            add_row(document, section, {key: str(value) for key, value in values.items()}, by=by)


@transaction.atomic
def add_row(document: PlanDocument, section: Section, values: Mapping[str, str], *, by, file_key: str = "") -> Any:
    """Append a row with these stored texts. Raises PlanFrozen."""
    _demand_open(document)
    last = document.rows.filter(section=section.key).aggregate(last=Max("position"))["last"] or 0
    row = document.rows.create(section=section.key, position=last + 1, made_by=by, file_key=file_key)
    _fill(row, values, by)
    return row


def _fill(row: PlanRow, values: Mapping[str, str], by) -> None:
    cells, now = type(row).cells.rel.related_model, timezone.now()
    cells._base_manager.bulk_create(
        cells(row=row, column=column, value=value, edited_by=by, edited_at=now) for column, value in values.items() if value
    )


def remove_row(row: PlanRow) -> None:
    """Take a row out; `put_back` undoes it. Raises PlanFrozen."""
    _change(row, removed_at=timezone.now())


def put_back(row: PlanRow) -> None:
    _change(row, removed_at=None)


def _change(row: PlanRow, **values: object) -> None:
    with transaction.atomic():
        _demand_open(_document_of(row))
        type(row)._base_manager.filter(pk=row.pk).update(**values)


@transaction.atomic
def refresh(document: PlanDocument, bind: Binder) -> int:
    """Write what the data say now into the bound cells and stamp the document; how many cells changed. Raises PlanFrozen.

    What the data say of a free cell is a proposal: it follows the data until a person writes there.
    """
    _demand_open(document)
    rows = rows_of(document)
    wanted = {key: value for key, value in bind(document, rows).items() if value}
    standing = {(row.pk, cell.column): cell for row in rows for cell in row.cells.all()}
    bound = {(row.pk, column.key) for row in rows for column in _filled_columns(document, row, wanted)}
    changed = [key for key in bound if (standing[key].value if key in standing else "") != wanted.get(key, "")]
    if changed:
        _write_bound(rows, changed, wanted, standing)
    document.as_of = timezone.now()
    document.save(update_fields=["as_of"])
    return len(changed)


def _write_bound(rows: Sequence[Any], changed: Iterable[tuple[int, str]], wanted: Mapping, standing: Mapping) -> None:
    cells, now = type(rows[0]).cells.rel.related_model, timezone.now()
    new, old = [], []
    for key in changed:
        if key in standing:
            cell = standing[key]
            cell.value, cell.version, cell.edited_at = wanted.get(key, ""), cell.version + 1, now
            old.append(cell)
        else:
            new.append(cells(row_id=key[0], column=key[1], value=wanted[key], edited_at=now))
    cells._base_manager.bulk_create(new)
    cells._base_manager.bulk_update(old, ["value", "version", "edited_at"])


def _filled_columns(document: PlanDocument, row: PlanRow, wanted: Mapping) -> Iterator[Column]:
    """The bound columns, and the free ones about which the data say something, or said, and no person did."""
    section = document.template.section(row.section)
    written = {cell.column: cell.edited_by_id is not None for cell in row.cells.all()}
    for column in section.columns if section else ():
        is_proposed = column.is_free and not written.get(column.key) and (column.key in written or (row.pk, column.key) in wanted)
        if column.is_bound or is_proposed:
            yield column


@transaction.atomic
def freeze(document: PlanDocument, bind: Binder, *, by) -> Any:
    """Bring the bound cells up to date, keep the document as it stands and let nobody change it any more. Raises PlanFrozen."""
    refresh(document, bind)
    snapshot = document.snapshots.create(by=by, content=_content(document))
    document.frozen_at = timezone.now()
    document.save(update_fields=["frozen_at"])
    return snapshot


def _content(document: PlanDocument) -> dict[str, dict[str, str]]:
    """Row id → column → the text as it is read today: labels and names may change, what was decided does not."""
    reader, found = Reader(timezone.localdate()), {}
    for row in rows_of(document):
        section, values = document.template.section(row.section), row.values
        columns = section.columns if section else ()
        found[str(row.pk)] = {column.key: reader.shown(column, values.get(column.key, "")) for column in columns}
    return found


@transaction.atomic
def copy_rows(source: PlanDocument, target: PlanDocument, *, by, move: Callable[[dt.date], dt.date]) -> None:
    """Take over the free cells of all rows but logs; `move` gives the day of the copy. What the rows led to stays with the old document."""
    for row in rows_of(source):
        section = target.template.section(row.section)
        if section is None or section.is_log:
            continue
        columns = {column.key: column for column in section.columns if not column.is_bound}
        values = {key: _copied(columns[key], value, move) for key, value in row.values.items() if key in columns and value}
        add_row(target, section, values, by=by)


def _copied(column: Column, value: str, move: Callable[[dt.date], dt.date]) -> str:
    return move(dt.date.fromisoformat(value)).isoformat() if column.kind == Kind.DATE else column.copies_as or value


def _document_of(row: PlanRow) -> PlanDocument:
    return row.document  # type: ignore[attr-defined] # every concrete row has one


def _demand_open(document: PlanDocument) -> None:
    """Whoever froze it meanwhile was first: the row is read again, and held."""
    held = type(document)._base_manager.select_for_update(no_key=True).filter(pk=document.pk, frozen_at=None)
    if not held.values_list("pk", flat=True).first():
        raise PlanFrozen(document.pk)
