"""Statements of the order list. Beside the tables of customers/imports/sql.py three more live through its run:

import_lines   the rows with their position where the list has none: counted within the order, as the file has them
import_orders  one row per order of the list, with its id once it has one
import_known   the rows whose line is stored already, and whether it differs

An article that is yet to be made stands in the rows with a negative number.
"""

from collections.abc import Iterable, Mapping, Sequence

from customers.imports.sql import analyze, execute, folded, rows, scalar, temporary, unlike
from customers.models import OrderLine
from innendienst.lib.bulk import copy_rows
from innendienst.lib.databases import is_postgresql

_LINE = [one.column for one in OrderLine._meta.concrete_fields]

_CREATE_BROKEN = "CREATE TEMPORARY TABLE import_broken (number_key varchar(40), file_row integer)"
_FIND_BROKEN = """
    INSERT INTO import_bad (file_row, code, field, value, other)
    SELECT one.file_row, 'order_incomplete', 'number', one.number, broken.file_row
    FROM import_rows one JOIN import_broken broken ON broken.number_key = one.number_key
"""
_FIND_TWO_CUSTOMERS = """
    INSERT INTO import_bad (file_row, code, field, value, other)
    SELECT one.file_row, 'two_customers', 'customer_id', one.number, (
        SELECT MIN(other.file_row) FROM import_rows other WHERE other.number_key = one.number_key AND other.customer_id <> one.customer_id
    )
    FROM import_rows one
    JOIN (
        SELECT number_key FROM import_rows GROUP BY number_key HAVING MIN(customer_id) <> MAX(customer_id)
    ) AS mixed ON mixed.number_key = one.number_key
"""
_NUMBER_LINES = """
    CREATE TEMPORARY TABLE import_lines AS
    SELECT one.*, ROW_NUMBER() OVER (PARTITION BY one.number_key ORDER BY one.file_row) AS position FROM import_rows one
"""
_GATHER_ORDERS = """
    CREATE TEMPORARY TABLE import_orders AS
    SELECT gathered.*, stored.id AS order_id, stored.id IS NULL AS is_new, stored.customer_id AS customer_before
    FROM (
        SELECT number_key, MIN(number) AS number, MIN(customer_id) AS customer_id, MIN(ordered_on) AS ordered_on, COUNT(*) AS lines_count
        FROM import_rows GROUP BY number_key
    ) AS gathered
    LEFT JOIN customers_order stored ON stored.number_key = gathered.number_key
"""
_COMPARE = """
    CREATE TEMPORARY TABLE import_known AS
    SELECT one.file_row, line.id AS line_id, line.customer_id AS customer_before, {unlike} AS differs
    FROM import_orders orders
    JOIN {lines} one ON one.number_key = orders.number_key
    JOIN customers_orderline line ON line.order_id = orders.order_id AND line.position = one.position
"""
_COUNT = "SELECT COUNT(*), COALESCE(SUM(CASE WHEN differs THEN 1 ELSE 0 END), 0) FROM import_known"
_NEW_ARTICLES = "SELECT DISTINCT product_id FROM import_rows WHERE product_id < 0"
_CREATE_ARTICLES = "CREATE TEMPORARY TABLE import_articles (number bigint, sku_key varchar(40))"
_NAME_ARTICLES = """
    UPDATE {lines} SET product_id = product.id
    FROM import_articles made JOIN customers_product product ON product.sku_key = made.sku_key
    WHERE made.number = {lines}.product_id
"""
_GONE = """
    FROM customers_orderline line JOIN import_orders orders ON orders.order_id = line.order_id AND line.position > orders.lines_count
"""
_NOT_KNOWN = "NOT EXISTS (SELECT 1 FROM import_known known WHERE known.file_row = one.file_row)"
# Who bought, or no longer bought, something else than is stored.
_CONCERNED = """
    SELECT customer_id FROM import_orders WHERE is_new
    UNION SELECT customer_id FROM import_orders WHERE customer_before <> customer_id
    UNION SELECT customer_before FROM import_orders WHERE customer_before <> customer_id
    UNION SELECT customer_before FROM import_known WHERE differs
    UNION SELECT one.customer_id FROM {lines} one JOIN import_known known ON known.file_row = one.file_row WHERE known.differs
    UNION SELECT one.customer_id FROM {lines} one JOIN import_orders orders ON orders.number_key = one.number_key
        WHERE NOT orders.is_new AND {not_known}
    {gone}
"""
_ADD_ORDERS = """
    INSERT INTO customers_order (number, number_key, customer_id, ordered_on, import_run_id)
    SELECT number, number_key, customer_id, ordered_on, %s FROM import_orders WHERE is_new ORDER BY ordered_on, number_key
"""
_NAME_ORDERS = """
    UPDATE import_orders SET order_id = stored.id FROM customers_order stored
    WHERE import_orders.is_new AND stored.number_key = import_orders.number_key
"""
_ADD_LINES = """
    INSERT INTO customers_orderline (order_id, {columns})
    SELECT orders.order_id, {values}
    FROM {lines} one
    JOIN import_orders orders ON orders.number_key = one.number_key
    WHERE {not_known}
"""
_CHANGE_LINES = """
    UPDATE customers_orderline SET {assignments}
    FROM import_known known
    JOIN {lines} one ON one.file_row = known.file_row
    WHERE known.differs AND customers_orderline.id = known.line_id
"""
# Lines that the list does not hold go with their order to its new customer.
_MOVE_LINES = """
    UPDATE customers_orderline SET customer_id = orders.customer_id FROM import_orders orders
    WHERE orders.customer_before <> orders.customer_id AND customers_orderline.order_id = orders.order_id
        AND customers_orderline.customer_id <> orders.customer_id
"""
_FOUND = """(
        SELECT orders.order_id, orders.customer_id, MIN(line.ordered_on) AS ordered_on
        FROM import_orders orders JOIN customers_orderline line ON line.order_id = orders.order_id
        WHERE NOT orders.is_new GROUP BY orders.order_id, orders.customer_id
    ) AS found"""
_ORDER_DIFFERS = """customers_order.id = found.order_id
        AND (customers_order.customer_id <> found.customer_id OR customers_order.ordered_on <> found.ordered_on)"""
_CHANGE_ORDERS = f"""
    UPDATE customers_order SET customer_id = found.customer_id, ordered_on = found.ordered_on
    FROM {_FOUND} WHERE {_ORDER_DIFFERS}
"""  # noqa: S608 - all texts are our own
_NOTE = 'INSERT INTO customers_importbefore (run_id, "table", target, before, after) SELECT %s, '
_NOTE_ORDERS = (
    f"{_NOTE} 'customers_order', customers_order.id, {{before}}, {{after}} FROM customers_order JOIN {_FOUND} ON {_ORDER_DIFFERS}"
)
_NOTE_LINES = f"""
    {_NOTE} 'customers_orderline', line.id, {{before}}, {{after}}
    FROM import_known known JOIN {{lines}} one ON one.file_row = known.file_row JOIN customers_orderline line ON line.id = known.line_id
    WHERE known.differs
"""
_NOTE_MOVED = f"""
    {_NOTE} 'customers_orderline', line.id, {{before}}, {{after}}
    FROM import_orders orders JOIN customers_orderline line ON line.order_id = orders.order_id
    WHERE orders.customer_before <> orders.customer_id AND line.customer_id <> orders.customer_id
"""
_NOTE_GONE = f"{_NOTE} 'customers_orderline', line.id, {{row}}, NULL {_GONE}"

_KEEP = """
    INSERT INTO customers_importline (run_id, file_row, line_id, is_changed, {columns})
    SELECT %s, one.file_row, known.line_id, COALESCE(known.differs, {no}), {values}
    FROM {lines} one LEFT JOIN import_known known ON known.file_row = one.file_row
"""
_LOAD = """
    INSERT INTO import_rows (file_row, {columns}) SELECT kept.file_row, {columns} FROM customers_importline kept WHERE kept.run_id = %s
"""
_FORGET = "DELETE FROM customers_importline WHERE run_id = %s"


def keep(run_id: int, lines: str, columns: Sequence[str]) -> None:
    """Write the staged lines where they outlast the connection, with the stored line that each means."""
    listed, values = ", ".join(columns), ", ".join(f"one.{name}" for name in columns)
    no = "false" if is_postgresql() else "0"
    execute(_KEEP.format(lines=lines, columns=listed, values=values, no=no), [run_id])


def load(run_id: int, columns: Sequence[str]) -> None:
    execute(_LOAD.format(columns=", ".join(columns)), [run_id])


def forget(run_id: int) -> None:
    execute(_FORGET, [run_id])


def find_broken(broken: Mapping[str, int]) -> None:
    """Note all rows of orders that could not be read as a whole (number → the row that failed)."""
    with temporary("import_broken", _CREATE_BROKEN):
        copy_rows("import_broken", ["number_key", "file_row"], broken.items())
        execute(_FIND_BROKEN)


def find_two_customers() -> None:
    execute(_FIND_TWO_CUSTOMERS)


def number_lines() -> str:
    """Count the lines within their orders; the table that has the positions."""
    execute(_NUMBER_LINES)
    analyze("import_lines")
    return "import_lines"


def gather_orders() -> None:
    execute(_GATHER_ORDERS)
    analyze("import_orders")


def compare(lines: str, compared: Sequence[str]) -> tuple[int, int]:
    """How many rows are stored already, and how many of them differ."""
    execute(_COMPARE.format(lines=lines, unlike=unlike("one", "line", compared)))
    analyze("import_known")
    known, differing = rows(_COUNT)[0]
    return int(known), int(differing)


def new_articles() -> list[int]:
    """The provisional numbers of articles that rows without errors name."""
    return [number for (number,) in rows(_NEW_ARTICLES)]


def name_articles(lines: str, made: Iterable[tuple[int, str]]) -> None:
    """Replace provisional numbers of articles by their ids."""
    with temporary("import_articles", _CREATE_ARTICLES):
        copy_rows("import_articles", ["number", "sku_key"], made)
        execute(_NAME_ARTICLES.format(lines=lines))


def count_gone() -> int:
    """How many stored lines stand beyond the end of their order in the list."""
    return int(scalar(f"SELECT COUNT(*) {_GONE}"))


def concerned(lines: str, *, are_orders_whole: bool) -> list[int]:
    """Customers whose purchases will not be the same."""
    gone = f"UNION SELECT line.customer_id {_GONE}" if are_orders_whole else ""
    return sorted(pk for (pk,) in rows(_CONCERNED.format(lines=lines, not_known=_NOT_KNOWN, gone=gone)))


def add_orders(run_id: int) -> None:
    execute(_ADD_ORDERS, [run_id])
    execute(_NAME_ORDERS)
    analyze("import_orders")


def add_lines(lines: str, columns: Sequence[str], constants: Mapping[str, object], *, has_known: bool) -> None:
    values = [f"one.{name}" for name in columns] + ["%s"] * len(constants)
    not_known = _NOT_KNOWN if has_known else "1 = 1"
    listed = ", ".join([*columns, *constants])
    execute(_ADD_LINES.format(lines=lines, columns=listed, values=", ".join(values), not_known=not_known), list(constants.values()))


def change_lines(run_id: int, lines: str, columns: Sequence[str]) -> None:
    execute(_NOTE_LINES.format(lines=lines, before=folded("line", columns), after=folded("one", columns)), [run_id])
    execute(_CHANGE_LINES.format(lines=lines, assignments=", ".join(f"{name} = one.{name}" for name in columns)))
    moved = {"before": folded("line", ["customer_id"]), "after": folded("orders", ["customer_id"])}
    execute(_NOTE_MOVED.format(**moved), [run_id])
    execute(_MOVE_LINES)


def delete_gone(run_id: int) -> None:
    execute(_NOTE_GONE.format(row=folded("line", _LINE)), [run_id])
    execute(f"DELETE FROM customers_orderline WHERE id IN (SELECT line.id {_GONE})")  # noqa: S608 - our own text


def change_orders(run_id: int) -> None:
    """Bring customer and first day of the known orders in line with their lines."""
    columns = ["customer_id", "ordered_on"]
    execute(_NOTE_ORDERS.format(before=folded("customers_order", columns), after=folded("found", columns)), [run_id])
    execute(_CHANGE_ORDERS)
