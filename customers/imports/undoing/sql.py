"""Statements that take an import back, from its before-images (customers/imports/before).

A column goes back where it still holds what the import wrote. `image` is the before-image of a row, `target` the row itself.
"""

from collections.abc import Sequence

from customers.imports.sql import execute, ids, rows, scalar
from innendienst.lib.databases import is_postgresql

_MADE = "run_id = %s AND \"table\" = '{table}' AND before IS NULL"
_IMAGES = """
    customers_importbefore image JOIN {table} target ON target.id = image.target {unfolded}
    WHERE image.run_id = %s AND image."table" = '{table}' AND image.before IS NOT NULL AND image.after IS NOT NULL
"""
_UNFOLDED = """
    CROSS JOIN LATERAL jsonb_populate_record(NULL::{table}, image.before) old
    CROSS JOIN LATERAL jsonb_populate_record(NULL::{table}, image.after) new
"""
# On PostgreSQL the updated table cannot be joined within FROM, so that its images are found first.
_RESTORE = """
    UPDATE {table} SET {assignments}
    FROM customers_importbefore image {unfolded}
    WHERE image.run_id = %s AND image."table" = '{table}' AND image.before IS NOT NULL AND image.after IS NOT NULL
        AND {table}.id = image.target AND ({wanted})
"""
_INSERT_DELETED = """
    INSERT INTO {table} ({columns}) SELECT {values} FROM customers_importbefore image {unfolded}
    WHERE image.run_id = %s AND image."table" = '{table}' AND image.before IS NOT NULL AND image.after IS NULL
    ON CONFLICT DO NOTHING
"""
# Each later import that changed the row moved its version by one; what is beyond that was done by hand.
_EDITED_MADE = """
    SELECT target.id FROM customers_importbefore image JOIN {table} target ON target.id = image.target
    WHERE image.run_id = %s AND image."table" = '{table}' AND image.before IS NULL AND target.version <> {version} + (
        SELECT COUNT(*) FROM customers_importbefore later JOIN customers_importrun run ON run.id = later.run_id
        WHERE later."table" = '{table}' AND later.target = image.target AND later.before IS NOT NULL AND run.state = 'done'
            AND later.run_id > image.run_id
    )
"""
_RAISE_MADE = """
    UPDATE customers_importbefore SET after = {raised}
    WHERE "table" = '{table}' AND before IS NULL AND after IS NOT NULL AND run_id < %s
        AND target IN (SELECT target.id FROM {images} AND ({wanted}))
"""
_LATER = """
    SELECT later.target, MAX(later.run_id) FROM customers_importbefore later JOIN customers_importrun run ON run.id = later.run_id
    WHERE later."table" = '{table}' AND later.before IS NOT NULL AND run.state = 'done' AND later.run_id > %s AND later.target IN ({among})
    GROUP BY later.target
"""
_LINES = "SELECT id FROM customers_orderline WHERE import_run_id = %s"
_LATER_LINES = """
    SELECT DISTINCT later.target FROM customers_importbefore later
    JOIN customers_importrun run ON run.id = later.run_id JOIN customers_orderline line ON line.id = later.target
    WHERE later."table" = 'customers_orderline' AND later.before IS NOT NULL AND run.state = 'done' AND later.run_id > %s
        AND line.import_run_id = %s
"""
_DELETE_LINES = f"DELETE FROM customers_orderline WHERE import_run_id = %s AND id NOT IN ({_LATER_LINES})"  # noqa: S608 - our own text
_DELETE_ORDERS = """
    DELETE FROM customers_order
    WHERE import_run_id = %s AND NOT EXISTS (SELECT 1 FROM customers_orderline line WHERE line.order_id = customers_order.id)
"""
_BUYERS = """
    SELECT customer_id FROM customers_orderline WHERE import_run_id = %s
    UNION SELECT line.customer_id FROM customers_orderline line JOIN customers_importbefore image ON image.target = line.id
        WHERE image.run_id = %s AND image."table" = 'customers_orderline'
"""


def made_ids(run_id: int, table: str) -> list[int]:
    return ids(f"SELECT target FROM customers_importbefore WHERE {_MADE.format(table=table)} ORDER BY target", [run_id])  # noqa: S608


def edited_made(run_id: int, table: str) -> list[int]:
    """Rows that the run made and somebody changed since."""
    return ids(_EDITED_MADE.format(table=table, version=_member("image.after", "version", "integer")), [run_id])


def written_later(run_id: int, table: str) -> dict[int, int]:
    """Rows that the run made and a later import changed → that import."""
    among = f"SELECT target FROM customers_importbefore WHERE {_MADE.format(table=table)}"  # noqa: S608
    return dict(rows(_LATER.format(table=table, among=among), [run_id, run_id]))


def changed_ids(run_id: int, table: str) -> list[int]:
    """Rows that the run changed, whatever became of them."""
    return ids(f"SELECT target.id FROM {_images(table)}", [run_id])  # noqa: S608


def count_restorable(run_id: int, table: str, columns: Sequence[str]) -> int:
    """Rows in which at least one value can be put back."""
    wanted = " OR ".join(_is_undone(column, "target") for column in columns)
    return int(scalar(f"SELECT COUNT(*) FROM {_images(table)} AND ({wanted})", [run_id]))  # noqa: S608


def edited_since(run_id: int, table: str, columns: Sequence[str]) -> list[tuple[int, str]]:
    """Row and column where a value was changed again after the import."""
    found = []
    for column in columns:
        condition = f"{_changed(column)} AND {_differs(_new(column), f'target.{column}')}"
        found += [(pk, column) for pk in ids(f"SELECT target.id FROM {_images(table)} AND {condition}", [run_id])]  # noqa: S608
    return found


def restore(run_id: int, table: str, columns: Sequence[str], *, has_version: bool) -> int:
    """Put the old values back where the imported ones still stand; how many rows that changed."""
    undone = {column: _is_undone(column, table) for column in columns}
    assignments = [
        f"{column} = CASE WHEN {condition} THEN {_old(column)} ELSE {table}.{column} END" for column, condition in undone.items()
    ]
    wanted = " OR ".join(undone.values())
    if has_version:
        _raise_made(run_id, table, [_is_undone(column, "target") for column in columns])
        assignments.append(f"version = {table}.version + 1")
    statement = _RESTORE.format(table=table, assignments=", ".join(assignments), unfolded=_unfolded(table), wanted=wanted)
    return execute(statement, [run_id])


def _raise_made(run_id: int, table: str, undone: Sequence[str]) -> None:
    """Have earlier imports that made the rows expect the versions which this one and its taking back leave: nobody edited anything."""
    version = _member("after", "version", "integer")
    raised = (
        f"jsonb_set(after, '{{version}}', to_jsonb({version} + 1))" if is_postgresql() else f"json_set(after, '$.version', {version} + 1)"
    )
    for wanted in ("1 = 1", " OR ".join(undone)):
        execute(_RAISE_MADE.format(raised=raised, table=table, images=_images(table), wanted=wanted), [run_id, run_id])


def insert_deleted(run_id: int, table: str, columns: Sequence[str]) -> int:
    """Bring back the rows that the import deleted; how many."""
    values = ", ".join(_old(column) for column in columns)
    unfolded = f"CROSS JOIN LATERAL jsonb_populate_record(NULL::{table}, image.before) old" if is_postgresql() else ""
    return execute(_INSERT_DELETED.format(table=table, columns=", ".join(columns), values=values, unfolded=unfolded), [run_id])


def count_lines(run_id: int) -> int:
    return int(scalar(f"SELECT COUNT(*) FROM ({_LINES}) AS made", [run_id]))  # noqa: S608


def lines_written_later(run_id: int) -> list[int]:
    """Order lines that the run made and a later import changed."""
    return ids(_LATER_LINES, [run_id, run_id])


def delete_lines(run_id: int) -> int:
    deleted_count = execute(_DELETE_LINES, [run_id, run_id, run_id])
    execute(_DELETE_ORDERS, [run_id])
    return deleted_count


def buyers(run_id: int) -> list[int]:
    """Customers one of whose order lines the run made or changed."""
    return ids(_BUYERS, [run_id, run_id])


def _images(table: str) -> str:
    return _IMAGES.format(table=table, unfolded=_unfolded(table))


def _unfolded(table: str) -> str:
    return _UNFOLDED.format(table=table) if is_postgresql() else ""


def _is_undone(column: str, row: str) -> str:
    """Condition: the import changed the column, and the row still has what it wrote."""
    return f"({_changed(column)} AND NOT {_differs(_new(column), f'{row}.{column}')})"


def _changed(column: str) -> str:
    has = f"jsonb_exists(image.after, '{column}')" if is_postgresql() else f"json_type(image.after, '$.{column}') IS NOT NULL"
    return f"({has} AND {_differs(_old(column), _new(column))})"


def _old(column: str) -> str:
    return f"old.{column}" if is_postgresql() else f"json_extract(image.before, '$.{column}')"


def _new(column: str) -> str:
    return f"new.{column}" if is_postgresql() else f"json_extract(image.after, '$.{column}')"


def _member(column: str, name: str, kind: str) -> str:
    return f"({column} ->> '{name}')::{kind}" if is_postgresql() else f"json_extract({column}, '$.{name}')"


def _differs(one: str, other: str) -> str:
    return f"({one} {'IS DISTINCT FROM' if is_postgresql() else 'IS NOT'} {other})"
