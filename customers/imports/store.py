"""From the temporary table into the tables: what all lists have in common.

A store is asked in this order: `types` (which temporary table it needs), then in one transaction `find_bad` and `plan`, which
changes nothing that is kept. Taken over at once, `write` and `keep_written` follow. Where a person looks at the preview first it is
`keep`, and in a later transaction `load`, `plan`, `is_stale`, `write` and `settle`.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from django.db import connection, models

from customers.imports import sql
from customers.imports.answers import Question
from customers.imports.before import sql as before_sql
from customers.imports.columns import ListColumns
from customers.imports.kept import sql as kept_sql
from customers.imports.messages import Message
from customers.models import ImportRun


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
    is_declared: bool = False

    def as_json(self) -> dict:
        """What `facts_of` needs to know after the reading."""
        return {"fields": list(self.fields), "headings": dict(self.headings)}


def facts_of(run: ImportRun, today: dt.date) -> RunFacts:
    """As they were when the run's rows were staged."""
    known = run.carried["facts"]
    return RunFacts(known["fields"], known["headings"], today, file_name=run.file_name, by_id=run.by_id, is_declared=run.is_declared)


@dataclass(frozen=True)
class Counts:
    created: int
    updated: int
    unchanged: int


class Store(Protocol):
    facts: RunFacts
    notes: list[Message]
    """What there is to say about the rows; `plan` and `write` add to it."""

    def types(self) -> dict[str, str]:
        """Column → database type of the temporary table."""

    def find_bad(self) -> None:
        """Note rows that contradict each other or the database (sql.py: import_bad)."""

    def plan(self) -> Counts:
        """Compare with what is stored."""

    def write(self, run_id: int) -> Iterable[int]:
        """Bring the tables in line and note how it can be taken back; the customers whose data changed."""

    def keep(self, run_id: int) -> None:
        """Write the staged rows where they outlast the connection."""

    def keep_written(self, run_id: int) -> None:
        """Keep of rows that are written already what undoing and comparing need."""

    def load(self, run_id: int) -> None:
        """Fill the temporary table with the rows that were kept."""

    def is_stale(self, run: ImportRun) -> bool:
        """Whether rows would be taken over otherwise than was planned when they were kept."""

    def settle(self, run_id: int) -> None:
        """Note in the kept rows what `write` made of them."""


class ListKind(Protocol):
    """A list that can be imported, made anew for each run."""

    columns: ListColumns

    def store(self, facts: RunFacts) -> Store: ...

    def carried(self) -> dict:
        """What was learned while reading and is needed for writing, as JSON."""

    def resume(self, carried: Mapping) -> None:
        """Know again what was carried from the reading."""

    def questions(self) -> list[Question]:
        """What a person is asked about the list once it was read, also what was answered before."""

    def is_untouched(self, run: ImportRun) -> bool:
        """Whether nothing that the run wrote or found has changed since it was taken over."""


class TableStore:
    """A list each of whose rows is one row of a table, found again by a key.

    `helpers` are fields of other models that are staged beside the table's own; `born_with` are own fields that only a new row
    gets, because later a person decides about them. `match` joins a row (`one`) with a stored one (`target`), `new_match` those
    just inserted where that differs. `version` is NULL for a table whose rows have none.
    """

    model: type[models.Model]
    key: Sequence[str]
    match: str
    shown: str
    new_match: str = ""
    helpers: Mapping[str, models.Field] = {}
    version: str = "target.version"
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

    def keep(self, run_id: int) -> None:
        kept_sql.keep(run_id, self.table, ["file_row", *self.facts.fields], self.version)

    def keep_written(self, run_id: int) -> None:
        self.keep(run_id)

    def load(self, run_id: int) -> None:
        kept_sql.load(run_id, self.facts.fields)

    def is_stale(self, run: ImportRun) -> bool:
        return kept_sql.count_stale(run.pk, self.table, self.version) > 0

    def settle(self, run_id: int) -> None:
        kept_sql.settle(run_id, self.table, self.version)

    def link(self) -> None:
        """Turn the fate of rows on which something else is to be hung (sql.link)."""

    def write_rows(self, run_id: int) -> None:
        """Insert and update, and enter the new ids into the plan."""
        before_sql.note_changed(run_id, self.table, self.compared)
        sql.insert(self.table, self.own, defaults(self.model, without=self.own))
        sql.update(self.table, self.compared)
        sql.name_new(self.table, self.new_match or self.match)
        before_sql.note_new(run_id, self.table, self.version)


class TableList:
    """A list whose store is a TableStore and learns nothing while it is read. `named_by` are the fields by which a row is called."""

    model: type[models.Model]
    named_by: Sequence[str]

    def carried(self) -> dict:
        return {}

    def resume(self, carried: Mapping) -> None:
        """Nothing was carried."""

    def questions(self) -> list[Question]:
        return []

    def is_untouched(self, run: ImportRun) -> bool:
        return kept_sql.count_kept(run.pk) == run.read_count and not self._count_moved(run)

    def _count_moved(self, run: ImportRun) -> int:
        """Rows of the table that are no longer as the run left them; without a version nobody can tell, and it does not matter."""
        has_version = "version" in {one.name for one in self.model._meta.concrete_fields}
        return kept_sql.count_moved(run.pk, self.model._meta.db_table) if has_version else 0


def counts(fates: Mapping[str, int]) -> Counts:
    return Counts(fates.get("new", 0), fates.get("changed", 0) + fates.get("linked", 0), fates.get("same", 0))


def defaults(model: type[models.Model], *, without: Collection[str]) -> dict[str, object]:
    """Column → value of a new row for the columns that are not given; the database itself knows no defaults."""
    given = {one.column: one for one in model._meta.concrete_fields if not one.primary_key and one.column not in without}
    return {column: one.get_db_prep_save(one.get_default(), connection) for column, one in given.items()}


def db_type(one: models.Field) -> str:
    return one.db_type(connection)
