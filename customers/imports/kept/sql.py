"""Staged rows from one transaction to the next: out of the temporary table into ImportRow, and back when they are taken over.

Between the two stands JSON, so that one table serves every list; order lines have a typed one (order_list/sql.py).
"""

from collections.abc import Iterator, Sequence

from customers.imports.sql import execute, folded, rows, scalar
from innendienst.lib.databases import is_postgresql

_CHUNK = 2_000

_KEEP = """
    INSERT INTO customers_importrow (run_id, file_row, fate, target, version, data)
    SELECT %s, one.file_row, plan.fate, plan.target, {version}, {data}
    FROM import_rows one JOIN import_plan plan ON plan.file_row = one.file_row LEFT JOIN {table} target ON target.id = plan.target
    ORDER BY one.file_row
"""
_LOAD = """
    INSERT INTO import_rows (file_row, {columns})
    SELECT kept.file_row, {values} FROM customers_importrow kept {unfolded} WHERE kept.run_id = %s
"""
_UNFOLDED = "CROSS JOIN LATERAL jsonb_populate_record(NULL::import_rows, kept.data) one"
# A row that writes nothing may have been edited in between, as long as it still writes nothing.
_COUNT_STALE = """
    SELECT COUNT(*) FROM customers_importrow kept
    LEFT JOIN import_plan plan ON plan.file_row = kept.file_row
    LEFT JOIN {table} target ON target.id = plan.target
    WHERE kept.run_id = %s AND (
        plan.fate IS NULL OR plan.fate <> kept.fate OR COALESCE(plan.target, 0) <> COALESCE(kept.target, 0)
        OR (kept.fate <> 'same' AND COALESCE({version}, 0) <> COALESCE(kept.version, 0))
    )
"""
_SETTLE = """
    UPDATE customers_importrow SET target = plan.target, version = {version}
    FROM import_plan plan JOIN {table} target ON target.id = plan.target
    WHERE customers_importrow.run_id = %s AND customers_importrow.fate <> 'same' AND plan.file_row = customers_importrow.file_row
"""
_COUNT_KEPT = "SELECT COUNT(*) FROM customers_importrow WHERE run_id = %s"
_COUNT_MOVED = """
    SELECT COUNT(*) FROM customers_importrow kept LEFT JOIN {table} target ON target.id = kept.target
    WHERE kept.run_id = %s AND (target.id IS NULL OR target.version <> kept.version)
"""


def keep(run_id: int, table: str, columns: Sequence[str], version: str) -> None:
    """Write the rows of the temporary table, with what was planned for them, into ImportRow."""
    execute(_KEEP.format(table=table, data=folded("one", columns), version=_number(version)), [run_id])


def load(run_id: int, columns: Sequence[str]) -> None:
    """Bring the kept rows back into the temporary table, which has the same columns."""
    values = [f"one.{name}" if is_postgresql() else f"json_extract(kept.data, '$.{name}')" for name in columns]
    unfolded = _UNFOLDED if is_postgresql() else ""
    execute(_LOAD.format(columns=", ".join(columns), values=", ".join(values), unfolded=unfolded), [run_id])


def count_stale(run_id: int, table: str, version: str) -> int:
    """How many rows would now be taken over otherwise than the preview said."""
    return int(scalar(_COUNT_STALE.format(table=table, version=_number(version)), [run_id]))


def settle(run_id: int, table: str, version: str) -> None:
    """Enter the ids of created rows and the versions that writing gave."""
    execute(_SETTLE.format(table=table, version=_number(version)), [run_id])


def count_kept(run_id: int) -> int:
    return int(scalar(_COUNT_KEPT, [run_id]))


def count_moved(run_id: int, table: str) -> int:
    """How many rows of the table are no longer as the run left them."""
    return int(scalar(_COUNT_MOVED.format(table=table), [run_id]))


def faults() -> list[tuple[int, str]]:
    """Row and messages (JSON) of those noted in import_faults."""
    return rows("SELECT file_row, messages FROM import_faults ORDER BY file_row")


def bad_rows(most: int) -> Iterator[tuple[int, str, str, str, int | None]]:
    """Row, code, field, value and other row of those noted in import_bad, by row."""
    statement = "SELECT file_row, code, field, value, other FROM import_bad ORDER BY file_row, code LIMIT %s OFFSET %s"
    for start in range(0, most, _CHUNK):
        found = rows(statement, [_CHUNK, start])
        yield from found
        if len(found) < _CHUNK:
            return


def _number(version: str) -> str:
    """A bare NULL has no type of its own."""
    return f"CAST({version} AS integer)"
