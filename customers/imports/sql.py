"""The statements all lists share. Four temporary tables live through a run (that of orders has more):

import_rows   the cleaned rows of the file, one column per field; `file_row` is the row as Excel counts
import_faults rows that cannot be taken, and the messages that say why
import_bad    rows that only the whole list or the database could show to be wrong, and why
import_plan   for each row its target in the database (NULL where there is none yet) and its fate: new, changed, linked (only
              something that hangs on it is new) or same

The same text runs on both databases unless a helper says otherwise. Names of tables and columns are our own.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress

from django.db import DatabaseError, connection

from innendienst.lib.databases import analyze_outgrown, is_postgresql

_TABLES = ("import_rows", "import_faults", "import_bad", "import_plan", "import_lines", "import_orders", "import_known", "import_steps")
_IMPORT_LOCK = 7_360_441  # any number nobody else uses

_CREATE_BAD = """
    CREATE TEMPORARY TABLE import_bad (file_row integer, code varchar(20), field varchar(40), value varchar(200), other integer)
"""
# A group of rows with one key: if all say the same, those after the first are too many; if not, none of them counts.
_FIND_DOUBLES = """
    INSERT INTO import_bad (file_row, code, field, value, other)
    SELECT file_row, CASE WHEN unlike_row IS NULL THEN 'repeated' ELSE 'contradiction' END, %s, {shown},
        CASE WHEN differs = 1 OR unlike_row IS NULL THEN first_row ELSE unlike_row END
    FROM (
        SELECT one.*, first.file_row AS first_row, CASE WHEN {unlike} THEN 1 ELSE 0 END AS differs,
            MIN(CASE WHEN {unlike} THEN one.file_row END) OVER (PARTITION BY first.file_row) AS unlike_row
        FROM import_rows one
        JOIN (SELECT {key}, MIN(file_row) AS file_row FROM import_rows GROUP BY {key} HAVING COUNT(*) > 1) grouped ON {grouped}
        JOIN import_rows first ON first.file_row = grouped.file_row
    ) AS doubles
    WHERE unlike_row IS NOT NULL OR file_row > first_row
"""
_SMALL_SAMPLES = "SET LOCAL default_statistics_target = 10"
_OTHER_TABLE_FROM = 0.2
"""A fifth of the rows are new."""
_PLAN = """
    CREATE TEMPORARY TABLE import_plan AS
    SELECT one.file_row, target.id AS target,
        CASE WHEN target.id IS NULL THEN 'new' WHEN {unlike} THEN 'changed' ELSE 'same' END AS fate
    FROM import_rows one LEFT JOIN {table} target ON {match}
"""
_INSERT = """
    INSERT INTO {table} ({columns})
    SELECT {values} FROM import_rows one JOIN import_plan plan ON plan.file_row = one.file_row
    WHERE plan.fate = 'new' ORDER BY one.file_row
"""
_UPDATE = """
    UPDATE {table} SET {assignments}, version = {table}.version + 1
    FROM import_rows one JOIN import_plan plan ON plan.file_row = one.file_row
    WHERE plan.target = {table}.id AND plan.fate = 'changed'
"""
_NAME_NEW = """
    UPDATE import_plan SET target = target.id
    FROM import_rows one JOIN {table} target ON {match}
    WHERE one.file_row = import_plan.file_row AND import_plan.fate = 'new'
"""
_FOLLOW_MERGES = """
    UPDATE import_rows SET customer_id = gone.merged_into_id FROM customers_customer gone
    WHERE gone.id = import_rows.customer_id AND gone.merged_into_id IS NOT NULL
"""
_LINK = "UPDATE import_plan SET fate = 'linked' WHERE fate = 'same' AND file_row IN (SELECT one.file_row FROM {source} WHERE {condition})"


@contextmanager
def staged(columns: Mapping[str, str]) -> Iterator[str]:
    """The name of an empty temporary table with these columns (name → type) after `file_row`; all tables of the run go with it.

    Stands outside of any transaction of ours, so that nobody waits while a file is read; a killed run leaves nothing.
    """
    _drop()
    listed = ", ".join(f"{name} {kind}" for name, kind in columns.items())
    execute(f"CREATE TEMPORARY TABLE import_rows (file_row integer, {listed})")
    execute("CREATE TEMPORARY TABLE import_faults (file_row integer, messages text)")
    try:
        yield "import_rows"
    finally:
        with suppress(DatabaseError):  # a broken connection has dropped them already
            _drop()


def one_at_a_time() -> None:
    """Wait until no other import writes: two that create the same customer would clash. SQLite has one writer anyway."""
    if is_postgresql():
        execute("SELECT pg_advisory_xact_lock(%s)", [_IMPORT_LOCK])
        # Sums and joins over a whole list fit into memory more often than with the server's careful default, and a small
        # sample says enough about rows that are read as a whole.
        execute("SET LOCAL work_mem = '64MB'")
        execute(_SMALL_SAMPLES)


def is_free() -> bool:
    """Keep imports from writing until the end of the transaction; False where one is writing just now. SQLite has one writer anyway."""
    return not is_postgresql() or bool(scalar("SELECT pg_try_advisory_xact_lock(%s)", [_IMPORT_LOCK]))


def follow_merges() -> int:
    """Let rows that name a customer who has gone into another one meanwhile name that one; how many."""
    return execute(_FOLLOW_MERGES)


def prepare() -> None:
    """Statistics of the staged rows, without which PostgreSQL plans for a handful of them, and the table of bad ones."""
    analyze("import_rows")
    execute(_CREATE_BAD)


def analyze(table: str) -> None:
    """Tell PostgreSQL what a temporary table holds; nobody else does."""
    if is_postgresql():
        execute(f"ANALYZE {table}")


def count_anew(table: str, written: int) -> None:
    """Statistics of one of the product's tables after so many rows were written into it, where that makes it another table.

    With the server's own precision, since these statistics stay.
    """
    if is_postgresql():
        execute("SET LOCAL default_statistics_target = DEFAULT")
        analyze_outgrown(table, written, _OTHER_TABLE_FROM)
        execute(_SMALL_SAMPLES)


@contextmanager
def temporary(table: str, create: str) -> Iterator[None]:
    execute(create)
    yield
    execute(f"DROP TABLE {table}")


def count_rows() -> int:
    return int(scalar("SELECT COUNT(*) FROM import_rows"))


def find_doubles(key: Sequence[str], shown: str, columns: Sequence[str]) -> None:
    """Note rows that share a key; `shown` is the field that a message quotes."""
    execute(
        _FIND_DOUBLES.format(
            key=", ".join(key),
            grouped=" AND ".join(f"grouped.{name} = one.{name}" for name in key),
            unlike=unlike("one", "first", columns),
            shown=as_text(shown),
        ),
        [shown],
    )


def count_bad() -> int:
    return int(scalar("SELECT COUNT(DISTINCT file_row) FROM import_bad"))


def remove_bad() -> None:
    execute("DELETE FROM import_rows WHERE file_row IN (SELECT file_row FROM import_bad)")


def plan(table: str, match: str, compared: Sequence[str]) -> None:
    """Decide the fate of each row; `match` joins `one` (the row) with `target` (of the table).

    Not counted (PostgreSQL) or without an index (SQLite), all of the plan is gone through once for each row that is compared with it.
    """
    execute(_PLAN.format(table=table, match=match, unlike=unlike("one", "target", compared) if compared else "1 = 0"))
    if is_postgresql():
        analyze("import_plan")
    else:
        execute("CREATE INDEX import_plan_row ON import_plan (file_row)")


def link(source: str, condition: str, params: Sequence[object] = ()) -> None:
    """Count rows as changed on which something is to be hung; `source` starts with `import_rows one`."""
    execute(_LINK.format(source=source, condition=condition), params)


def fates() -> dict[str, int]:
    return dict(rows("SELECT fate, COUNT(*) FROM import_plan GROUP BY fate"))


def insert(table: str, columns: Sequence[str], constants: Mapping[str, object]) -> int:
    """Write the new rows; `constants` are values that all of them get."""
    values = [f"one.{name}" for name in columns] + ["%s"] * len(constants)
    statement = _INSERT.format(table=table, columns=", ".join([*columns, *constants]), values=", ".join(values))
    return execute(statement, list(constants.values()))


def update(table: str, columns: Sequence[str]) -> int:
    """Write the changed rows over the stored ones, as their next version."""
    return execute(_UPDATE.format(table=table, assignments=", ".join(f"{name} = one.{name}" for name in columns))) if columns else 0


def name_new(table: str, match: str) -> None:
    """Enter the ids of the rows just inserted into the plan."""
    execute(_NAME_NEW.format(table=table, match=match))


def made_ids() -> list[int]:
    """The targets of the new rows, once they are entered in the plan."""
    return [pk for (pk,) in rows("SELECT target FROM import_plan WHERE fate = 'new' ORDER BY target")]


def written_ids() -> list[int]:
    """The targets of all rows that were not the same as before."""
    return [pk for (pk,) in rows("SELECT DISTINCT target FROM import_plan WHERE fate <> 'same' ORDER BY target")]


def unlike(one: str, other: str, columns: Sequence[str]) -> str:
    """Condition: the two differ in one of the columns; NULL equals NULL."""
    differs = "IS DISTINCT FROM" if is_postgresql() else "IS NOT"
    return "(" + " OR ".join(f"{one}.{name} {differs} {other}.{name}" for name in columns) + ")"


def folded(row: str, columns: Sequence[str]) -> str:
    """These columns of a row as a JSON object."""
    build = "jsonb_build_object" if is_postgresql() else "json_object"
    return f"{build}(" + ", ".join(f"'{name}', {row}.{name}" for name in columns) + ")"


def as_text(column: str) -> str:
    return f"CAST({column} AS varchar(200))"


def execute(statement: str, params: Sequence[object] | None = None) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return cursor.rowcount


def rows(statement: str, params: Sequence[object] | None = None) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return cursor.fetchall()


def ids(statement: str, params: Sequence[object] | None = None) -> list[int]:
    """The first column of what the statement answers."""
    return [pk for (pk, *_rest) in rows(statement, params)]


def scalar(statement: str, params: Sequence[object] | None = None) -> object:
    return rows(statement, params)[0][0]


def _drop() -> None:
    for table in _TABLES:
        execute(f"DROP TABLE IF EXISTS {table}")
