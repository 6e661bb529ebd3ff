"""Kept tables: bring what is stored in line with what was just computed, and write only rows that differ.

The computed rows stand in a temporary table of the same columns (`staged`), filled by copy_rows or by a statement; a few go along
with the statement instead (`given`), since making a table costs more than all they bring. `merge` then inserts, updates and
deletes set-wise. Where nothing is stored yet, many are written straight away. A second run over unchanged data writes nothing,
which is why the caller gets the number of written rows. All of it runs inside the caller's transaction. Names of tables and
columns come from our own code.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from json import dumps
from typing import NamedTuple

from django.db import connection

from innendienst.lib.bulk import copy_rows
from innendienst.lib.databases import is_postgresql

FEW = 100
"""So many rows go as parameters of the statement that takes them."""


@dataclass(frozen=True)
class KeptTable:
    """What `merge` needs to know of a table: the columns that identify a row and those that are computed.

    `only` is the condition of the unique index where that covers a part of the rows, and limits the work to them.
    `born_with` are values that a new row gets and that no later run changes.
    """

    name: str
    key: Sequence[str]
    values: Sequence[str]
    only: str = "1 = 1"
    born_with: Mapping[str, object] = field(default_factory=dict)

    @property
    def columns(self) -> list[str]:
        return [*self.key, *self.values]


class Source(NamedTuple):
    """Computed rows: what stands for them after FROM, with its parameters, and the name of that."""

    name: str
    text: str
    params: Sequence[object] = ()

    @classmethod
    def of_table(cls, name: str) -> "Source":
        return cls(name, name)


def among(column: str) -> str:
    """SQL condition that `column` is one of the ids given by `ids_param` as one parameter."""
    return f"{column} = ANY(%s::bigint[])" if is_postgresql() else f"{column} IN (SELECT value FROM json_each(%s))"


def ids_param(ids: Sequence[int]) -> str:
    """Many ids as one parameter. Written out, because the driver takes ten times as long over a list of Python."""
    return f"{{{','.join(map(str, ids))}}}" if is_postgresql() else dumps(list(ids))


def listed_ids() -> str:
    """SQL that gives the ids of `ids_param` as rows, column `id`."""
    return "SELECT unnest(%s::bigint[]) AS id" if is_postgresql() else "SELECT value AS id FROM json_each(%s)"


@contextmanager
def staged(table: KeptTable) -> Iterator[str]:
    """The name of an empty temporary table with the columns of `table`; it is gone after the block."""
    name = f"staged_{table.name}"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE {name} AS SELECT {_listed(table.columns)} FROM {table.name} WHERE 1 = 0")
        yield name
        # Not in a finally: an error undoes the whole transaction, and this table with it.
        cursor.execute(f"DROP TABLE {name}")


@contextmanager
def given(table: KeptTable, rows: Sequence[Sequence]) -> Iterator[Source]:
    """`rows`, values in the order of the columns of `table`, as long as the block lasts."""
    if _are_few(rows):
        columns = zip(*rows, strict=True) if rows else [()] * len(table.columns)
        arrays = ", ".join(f"%s::{_column_types(table.name)[column]}[]" for column in table.columns)
        yield Source("given", f"unnest({arrays}) AS given ({_listed(table.columns)})", [_as_texts(column) for column in columns])
        return
    with staged(table) as name:
        copy_rows(name, table.columns, rows)
        yield Source.of_table(name)


def keep(table: KeptTable, fill: Callable[[str], int], concerned: str, params: Sequence[object]) -> int:
    """Make the rows of `table` that meet the condition `concerned` those that `fill` writes; how many were written.

    `fill` gets the name of a table with the columns of `table`, writes into it and says how many rows. For a table without
    `born_with` and with whole keys.
    """
    if not _has_any(table, concerned, params):
        return fill(table.name)
    with staged(table) as rows:
        fill(rows)
        return merge(table, Source.of_table(rows), concerned, params)


def keep_rows(table: KeptTable, rows: Sequence[Sequence], concerned: str = "1 = 1", params: Sequence[object] = ()) -> int:
    """Make the rows of `table` that meet the condition `concerned` equal to `rows`, values in the order of its columns; how many
    were written."""
    return _bring(table, rows, concerned, params, merge)


def add_rows(table: KeptTable, rows: Sequence[Sequence], concerned: str = "1 = 1", params: Sequence[object] = ()) -> int:
    """The same, but what is not among `rows` stays."""
    return _bring(table, rows, concerned, params, upsert)


def merge(table: KeptTable, source: Source, concerned: str, params: Sequence[object]) -> int:
    """Make the rows of `table` that meet the condition `concerned` equal to those of `source`; how many were written."""
    written = upsert(table, source, concerned, params)
    if _has_more(table, source, concerned, params):
        written += _delete_gone(table, source, concerned, params)
    return written


def upsert(table: KeptTable, source: Source, concerned: str, params: Sequence[object]) -> int:
    """Insert the rows of `source` that are missing and update those that differ; EXCEPT also finds NULL equal to NULL."""
    columns = _listed(table.columns)
    born_with = "".join(f", %s AS {column}" for column in table.born_with)
    stored = f"SELECT {columns} FROM {table.name} WHERE {table.only} AND {concerned}"
    statement = f"""
        INSERT INTO {table.name} ({_listed([*table.columns, *table.born_with])})
        SELECT {columns}{born_with} FROM (SELECT {columns} FROM {source.text} EXCEPT {stored}) AS differing
        WHERE true
        ON CONFLICT ({_listed(table.key)}) WHERE {table.only}
        DO UPDATE SET {", ".join(f"{column} = excluded.{column}" for column in table.values)}
    """
    return _write(statement, [*table.born_with.values(), *source.params, *params])


def _bring(table: KeptTable, rows: Sequence[Sequence], concerned: str, params: Sequence[object], into: Callable[..., int]) -> int:
    """Many straight into the table where it has nothing of the kind yet."""
    if not _are_few(rows) and not _has_any(table, f"{table.only} AND {concerned}", params):
        born_with = tuple(table.born_with.values())
        return copy_rows(table.name, [*table.columns, *table.born_with], [(*row, *born_with) for row in rows])
    with given(table, rows) as source:
        return into(table, source, concerned, params)


def _are_few(rows: Sequence[Sequence]) -> bool:
    """Whether they can go as parameters: SQLite knows no arrays, and makes a temporary table in no time."""
    return is_postgresql() and len(rows) <= FEW


def _as_texts(values: Iterable[object]) -> list[str | None]:
    """Written out, as COPY writes them: the driver takes no list of Decimal and int, and the statement says what they are."""
    return [None if value is None else str(value) for value in values]


@cache
def _column_types(name: str) -> dict[str, str]:
    """The types of a table's columns as PostgreSQL writes them.

    With the places of a number, since others would differ from what is stored. Without the length of a text: a cast would cut
    silently what the table refuses.
    """
    statement = """
        SELECT attname, format_type(atttypid, CASE WHEN typcategory = 'S' THEN NULL ELSE atttypmod END)
        FROM pg_attribute JOIN pg_type ON pg_type.oid = atttypid
        WHERE attrelid = %s::regclass AND attnum > 0
    """
    with connection.cursor() as cursor:
        cursor.execute(statement, [name])
        return dict(cursor.fetchall())


def _has_any(table: KeptTable, concerned: str, params: Sequence[object]) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT EXISTS (SELECT 1 FROM {table.name} WHERE {concerned})", params)
        return bool(cursor.fetchone()[0])


def _has_more(table: KeptTable, source: Source, concerned: str, params: Sequence[object]) -> bool:
    """Whether rows are gone: after the upsert `table` holds all that `source` has, so counting says it, and counting is quick."""
    statement = f"SELECT (SELECT COUNT(*) FROM {table.name} WHERE {table.only} AND {concerned}) > (SELECT COUNT(*) FROM {source.text})"
    with connection.cursor() as cursor:
        cursor.execute(statement, [*params, *source.params])
        return bool(cursor.fetchone()[0])


def _delete_gone(table: KeptTable, source: Source, concerned: str, params: Sequence[object]) -> int:
    """Delete the rows that `source` no longer has."""
    if not is_postgresql():  # SQLite would read the whole source for each row
        _write(f"CREATE INDEX IF NOT EXISTS {source.name}_key ON {source.name} ({_listed(table.key)})", [])
    same = " AND ".join(f"{source.name}.{column} = {table.name}.{column}" for column in table.key)
    statement = f"""
        DELETE FROM {table.name}
        WHERE {table.only} AND {concerned} AND NOT EXISTS (SELECT 1 FROM {source.text} WHERE {same})
    """
    return _write(statement, [*params, *source.params])


def _write(statement: str, params: Sequence[object]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return cursor.rowcount


def _listed(columns: Sequence[str]) -> str:
    return ", ".join(columns)
