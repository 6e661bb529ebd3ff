"""From the temporary table into the tables: what all lists have in common.

A store is asked in this order: `types` (which temporary table it needs), then in one transaction `find_bad`, `plan` and, unless
it is a preview, `write`. `plan` changes nothing that is kept, so a preview tells what an import would do.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from django.db import connection, models

from customers.imports import sql
from customers.imports.columns import ListColumns
from customers.imports.messages import Message


@dataclass(frozen=True)
class RunFacts:
    """What a store must know of the run: the fields it gets, in their order, how the file calls them, and who imports what.

    `broken` are things that stand in several rows (ListColumns.whole_by) one of which could not be read, with that row.
    """

    fields: Sequence[str]
    headings: Mapping[str, str]
    today: dt.date
    broken: Mapping[str, int] = field(default_factory=dict)
    file_name: str = ""
    by_id: int | None = None


@dataclass(frozen=True)
class Counts:
    created: int
    updated: int
    unchanged: int


class Store(Protocol):
    notes: list[Message]
    """What there is to say about the rows; complete after `write`."""

    def types(self) -> dict[str, str]:
        """Column → database type of the temporary table."""

    def find_bad(self) -> None:
        """Note rows that contradict each other or the database (sql.py: import_bad)."""

    def plan(self) -> Counts:
        """Compare with what is stored."""

    def write(self) -> Iterable[int]:
        """Bring the tables in line; the customers whose data changed."""


class ListKind(Protocol):
    """A list that can be imported, made anew for each run."""

    columns: ListColumns

    def store(self, facts: RunFacts) -> Store: ...


class TableStore:
    """A list each of whose rows is one row of a table, found again by a key.

    `helpers` are fields of other models that are staged beside the table's own; `born_with` are own fields that only a new row
    gets, because later a person decides about them. `match` joins a row (`one`) with a stored one (`target`), `new_match` those
    just inserted where that differs.
    """

    model: type[models.Model]
    key: Sequence[str]
    match: str
    shown: str
    new_match: str = ""
    helpers: Mapping[str, models.Field] = {}
    born_with: Collection[str] = ()

    def __init__(self, facts: RunFacts) -> None:
        self.facts = facts
        self.notes: list[Message] = []
        own = {one.column for one in self.model._meta.concrete_fields}
        self.own = [name for name in facts.fields if name in own and name not in self.helpers]
        self.compared = [name for name in self.own if name not in self.born_with]

    @property
    def table(self) -> str:
        return self.model._meta.db_table

    def types(self) -> dict[str, str]:
        fields = {one.column: one for one in self.model._meta.concrete_fields} | dict(self.helpers)
        return {name: db_type(fields[name]) for name in self.facts.fields}

    def find_bad(self) -> None:
        sql.find_doubles(self.key, self.shown, self.facts.fields)

    def plan(self) -> Counts:
        sql.plan(self.table, self.match, self.compared)
        self.link()
        return counts(sql.fates())

    def link(self) -> None:
        """Turn the fate of rows on which something else is to be hung (sql.link)."""

    def write_rows(self) -> None:
        """Insert and update, and enter the new ids into the plan."""
        sql.insert(self.table, self.own, defaults(self.model, without=self.own))
        sql.update(self.table, self.compared)
        sql.name_new(self.table, self.new_match or self.match)


def counts(fates: Mapping[str, int]) -> Counts:
    return Counts(fates.get("new", 0), fates.get("changed", 0) + fates.get("linked", 0), fates.get("same", 0))


def defaults(model: type[models.Model], *, without: Collection[str]) -> dict[str, object]:
    """Column → value of a new row for the columns that are not given; the database itself knows no defaults."""
    given = {one.column: one for one in model._meta.concrete_fields if not one.primary_key and one.column not in without}
    return {column: one.get_db_prep_save(one.get_default(), connection) for column, one in given.items()}


def db_type(one: models.Field) -> str:
    return one.db_type(connection)
