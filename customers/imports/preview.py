"""What a staged list would do, row by row: who is new, and which values change from what to what."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import models
from django.utils.translation import gettext as _

from accounts.models import User
from customers.imports.lists import LISTS
from customers.imports.order_list.articles import Article
from customers.imports.store import TableList
from customers.imports.what_was_read import column_names
from customers.models import Customer, ImportLine, ImportRow, ImportRun, OrderLine, Product
from innendienst.lib import display
from innendienst.lib.paging import BoundedPage, read_page

PER_PAGE = 25
NEW_SHOWN = 10
NEVER_OFFERED_MOST = 300
_WHY = "the administrator looks at an import"

Fate = ImportRow.Fate


@dataclass(frozen=True)
class Change:
    """One value: what the column is called, what is stored, and what the list says."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Row:
    """A row of the file; without `changes` only something that hangs on it is new (a person, a block, a successor)."""

    file_row: int
    title: str
    changes: Sequence[Change] = ()


def changed_rows(run: ImportRun, number: str | None) -> BoundedPage:
    """A page of the rows that change something stored."""
    if run.kind == ImportRun.List.ORDERS:
        lines = ImportLine.objects.filter(run=run, is_changed=True).order_by("file_row", "pk")
        return read_page(lines, number, PER_PAGE, lambda ids: _changed_lines(lines.filter(pk__in=ids)))
    found = ImportRow.objects.filter(run=run, fate__in=[Fate.CHANGED, Fate.LINKED]).order_by("file_row", "pk")
    return read_page(found, number, PER_PAGE, lambda ids: _changed(run, list(found.filter(pk__in=ids))))


def new_rows(run: ImportRun) -> list[Row]:
    """The first rows that are not stored yet."""
    if run.kind == ImportRun.List.ORDERS:
        return _new_lines(run, list(ImportLine.objects.filter(run=run, line_id=None).order_by("file_row")[:NEW_SHOWN]))
    named_by = LISTS[run.kind].named_by
    rows = ImportRow.objects.filter(run=run, fate=Fate.NEW).order_by("file_row")[:NEW_SHOWN]
    whose = _customer_numbers({row.data.get("customer_id") for row in rows})
    return [Row(row.file_row, _title(row.data, named_by, whose)) for row in rows]


def never_offered(run: ImportRun) -> list[Product]:
    """New articles that look like freight, packaging, fees or discounts, as they will be made unless somebody decides otherwise."""
    if run.kind == ImportRun.List.ORDERS:
        new = [Article(*said) for said in run.carried.get("articles", {}).values()]
        return [Product(sku=one.sku, name=one.name) for one in new if one.is_never_offered][:NEVER_OFFERED_MOST]
    if run.kind != ImportRun.List.PRODUCTS or any(column["field"] == "not_offered" for column in run.reading.get("columns", [])):
        return []  # where the list itself says it, nobody is asked
    is_never = models.Q(data__not_offered=True) | models.Q(data__not_offered=1)  # SQLite writes 1
    rows = ImportRow.objects.filter(is_never, run=run, fate=Fate.NEW).order_by("file_row")
    return [Product(sku=row.data["sku"], name=row.data["name"]) for row in rows[:NEVER_OFFERED_MOST]]


def written(value: object, field: models.Field, people: Mapping[int, str]) -> str:
    """A stored value as a person reads it."""
    if value is None or value == "":
        return display.UNKNOWN
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dt.date):
        return display.date(value)
    if isinstance(value, Decimal):
        return display.number(value, 2) if field.decimal_places == 2 else display.quantity(value)
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    return people.get(value, str(value)) if field.many_to_one else str(value)


def _changed(run: ImportRun, rows: list[ImportRow]) -> list[Row]:
    kind: type[TableList] = LISTS[run.kind]
    targets = _stored(kind.model, [row.target for row in rows])
    names = column_names(run)
    fields = {one.attname: one for one in kind.model._meta.concrete_fields if one.attname in names}
    people = _people(run, rows, targets.values())
    whose = _customer_numbers({row.data.get("customer_id") for row in rows})
    return [
        Row(row.file_row, _title(row.data, kind.named_by, whose), _changes(targets.get(row.target), row.data, fields, names, people))
        for row in rows
    ]


def _stored(model: type[models.Model], ids: Sequence[int | None]) -> dict[int, models.Model]:
    found = model.objects.filter(pk__in=[pk for pk in ids if pk])
    return {row.pk: row for row in (found.for_system(_WHY) if hasattr(found, "for_system") else found)}


def _people(run: ImportRun, rows: Iterable[ImportRow], targets: Iterable[models.Model]) -> dict[int, str]:
    """The names of the owners that the rows name or have."""
    if run.kind != ImportRun.List.CUSTOMERS:
        return {}
    ids = {row.data.get("owner_id") for row in rows} | {target.owner_id for target in targets}
    return {user.pk: str(user) for user in User.objects.filter(pk__in=ids - {None})}


def _changes(
    target: models.Model | None, data: Mapping, fields: Mapping[str, models.Field], names: Mapping[str, str], people: Mapping[int, str]
) -> list[Change]:
    if target is None:
        return []
    pairs = [(name, field, getattr(target, name), field.to_python(data.get(name))) for name, field in fields.items()]
    return [
        Change(names[name], written(before, field, people), written(after, field, people))
        for name, field, before, after in pairs
        if before != after
    ]


def _title(data: Mapping, named_by: Sequence[str], whose: Mapping[int, str]) -> str:
    """What the row is about; of a person or a follow-up first the number of the customer."""
    said = [str(data[name]) for name in named_by if data.get(name)]
    return " ".join(filter(None, [whose.get(data.get("customer_id", 0)), *said]))


# --- order lines -----------------------------------------------------------------------------------------------------

_LINE_FIELDS = ("customer_id", "product_id", "ordered_on", "quantity", "unit", "revenue_net", "contribution_margin", "status")


def _changed_lines(lines: Iterable[ImportLine]) -> list[Row]:
    lines = list(lines)
    stored = {line.pk: line for line in OrderLine.objects.for_system(_WHY).filter(pk__in=[one.line_id for one in lines])}
    numbers = _numbers([*lines, *stored.values()])
    return [Row(one.file_row, _line_title(one), _line_changes(stored[one.line_id], one, numbers)) for one in lines if one.line_id in stored]


def _new_lines(run: ImportRun, lines: Sequence[ImportLine]) -> list[Row]:
    numbers = _numbers(lines)
    new = {int(number): Article(*said).sku for number, said in run.carried.get("articles", {}).items()}
    articles = {**numbers["product_id"], **new}
    title = _("%(line)s: customer %(customer)s, article %(article)s")
    return [
        Row(
            one.file_row,
            title
            % {
                "line": _line_title(one),
                "customer": numbers["customer_id"].get(one.customer_id, display.UNKNOWN),
                "article": articles.get(one.product_id, display.UNKNOWN),
            },
        )
        for one in lines
    ]


def _line_changes(stored: OrderLine, line: ImportLine, numbers: Mapping[str, Mapping[int, str]]) -> list[Change]:
    fields = {one.attname: one for one in OrderLine._meta.concrete_fields}
    pairs = [(fields[name], name, getattr(stored, name), getattr(line, name)) for name in _LINE_FIELDS]
    return [
        Change(str(field.verbose_name), *(written(value, field, numbers.get(name, {})) for value in (before, after)))
        for field, name, before, after in pairs
        if after is not None and before != after
    ]


def _numbers(lines: Sequence[ImportLine | OrderLine]) -> dict[str, dict[int, str]]:
    products = Product.objects.filter(pk__in={line.product_id for line in lines})
    return {"customer_id": _customer_numbers({line.customer_id for line in lines}), "product_id": dict(products.values_list("pk", "sku"))}


def _customer_numbers(ids: set[int | None]) -> dict[int, str]:
    if not (ids := ids - {None}):
        return {}
    return dict(Customer.objects.for_system(_WHY).filter(pk__in=ids).values_list("pk", "number"))


def _line_title(line: ImportLine) -> str:
    return f"{line.number}/{line.position}" if line.position else line.number
