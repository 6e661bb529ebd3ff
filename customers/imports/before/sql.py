"""Before-images: what taking over changes and makes, written with the change itself (ImportBefore)."""

from collections.abc import Sequence

from customers.imports.sql import execute, folded

_NOTE_CHANGED = """
    INSERT INTO customers_importbefore (run_id, "table", target, before, after)
    SELECT %s, '{table}', target.id, {before}, {after}
    FROM import_rows one JOIN import_plan plan ON plan.file_row = one.file_row JOIN {table} target ON target.id = plan.target
    WHERE plan.fate = 'changed'
"""
_NOTE_NEW = """
    INSERT INTO customers_importbefore (run_id, "table", target, after)
    SELECT %s, '{table}', target.id, {after} FROM import_plan plan JOIN {table} target ON target.id = plan.target WHERE plan.fate = 'new'
"""


def note_changed(run_id: int, table: str, columns: Sequence[str]) -> None:
    """Before the update: the columns of the rows that change, as they are and as they will be."""
    if columns:
        execute(_NOTE_CHANGED.format(table=table, before=folded("target", columns), after=folded("one", columns)), [run_id])


def note_new(run_id: int, table: str, version: str) -> None:
    """After the insert: the new rows with their version, if they have one, which tells whether somebody edited them since."""
    after = "NULL" if version == "NULL" else folded("target", ["version"])
    execute(_NOTE_NEW.format(table=table, after=after), [run_id])
