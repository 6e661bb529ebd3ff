"""Statements of the product list beside those that all lists share (customers/imports/sql.py)."""

from collections.abc import Iterable

from customers.imports.before.made import note_made
from customers.imports.sql import analyze, execute, folded, ids, link, rows
from customers.models import PriceStep, ProductRelation

_RELATION = [one.column for one in ProductRelation._meta.concrete_fields]

_NAME_GROUP = "UPDATE import_rows SET group_id = %s WHERE group_id = %s"
_KNOWN_SUCCESSOR = """
    (EXISTS (SELECT 1 FROM customers_product known WHERE known.sku_key = one.successor_key)
    OR EXISTS (SELECT 1 FROM import_rows other WHERE other.sku_key = one.successor_key))
"""
_STRANGE_SUCCESSORS = f"""
    SELECT one.file_row, one.successor_key, one.successor_key = one.sku_key FROM import_rows one
    WHERE one.successor_key <> '' AND (one.successor_key = one.sku_key OR NOT {_KNOWN_SUCCESSOR})
    ORDER BY one.file_row LIMIT %s
"""  # noqa: S608 - both texts are our own
_PLANNED = "import_rows one JOIN import_plan plan ON plan.file_row = one.file_row"
_NEW_SUCCESSOR = f"""
    one.successor_key <> '' AND one.successor_key <> one.sku_key AND {_KNOWN_SUCCESSOR} AND NOT EXISTS (
        SELECT 1 FROM customers_productrelation relation JOIN customers_product next ON next.id = relation.to_product_id
        WHERE relation.from_product_id = plan.target AND relation.kind = 'successor' AND next.sku_key = one.successor_key
    )
"""  # noqa: S608
_SUCCESSORS = f"""
    SELECT plan.target AS from_id, next.id AS to_id FROM {_PLANNED}
    JOIN customers_product next ON next.sku_key = one.successor_key AND next.id <> plan.target
"""  # noqa: S608
# A successor that somebody gave an argument to was entered by a person and stays.
_REPLACED = f"""
    kind = 'successor' AND argument = '' AND EXISTS (
        SELECT 1 FROM ({_SUCCESSORS}) AS named
        WHERE named.from_id = customers_productrelation.from_product_id AND named.to_id <> customers_productrelation.to_product_id
    )
"""  # noqa: S608
_NOTE_REPLACED = """
    INSERT INTO customers_importbefore (run_id, "table", target, before)
    SELECT %s, 'customers_productrelation', stored.id, {row} FROM customers_productrelation stored
    WHERE stored.id IN (SELECT id FROM customers_productrelation WHERE {going})
"""
_ADD_SUCCESSORS = f"""
    INSERT INTO customers_productrelation (from_product_id, to_product_id, kind, argument)
    SELECT named.from_id, named.to_id, 'successor', '' FROM ({_SUCCESSORS}) AS named WHERE true
    ON CONFLICT (from_product_id, to_product_id, kind) DO NOTHING RETURNING id
"""  # noqa: S608
_NEVER_OFFERED = """
    SELECT one.name FROM import_rows one JOIN import_plan plan ON plan.file_row = one.file_row
    WHERE plan.fate = 'new' AND one.not_offered ORDER BY one.file_row
"""
_LET_OFFER = "UPDATE import_rows SET not_offered = %s WHERE sku_key = %s"
_BUYERS = """
    SELECT DISTINCT rhythm.customer_id FROM customers_purchaserhythm rhythm WHERE rhythm.product_id IN (
        SELECT target FROM import_plan WHERE fate IN ('changed', 'linked')
        UNION
        SELECT relation.from_product_id FROM customers_productrelation relation
        JOIN import_plan plan ON plan.target = relation.to_product_id AND plan.fate IN ('changed', 'linked')
    ) ORDER BY rhythm.customer_id
"""

_STEP = [one.column for one in PriceStep._meta.concrete_fields]
_CREATE_STEPS = "CREATE TEMPORARY TABLE import_steps (file_row integer, from_quantity numeric(12, 3), price numeric(14, 2))"
_GATHER_STEPS = """
    INSERT INTO import_steps (file_row, from_quantity, price)
    SELECT file_row, from_quantity, MIN(price) FROM ({listed}) AS listed GROUP BY file_row, from_quantity
"""
_LISTED_STEP = """
    SELECT file_row, {quantity} AS from_quantity, {price} AS price FROM import_rows WHERE {quantity} > 0 AND {price} IS NOT NULL
"""
_SAME_STEP = "stored.from_quantity = step.from_quantity AND stored.price = step.price"
_OTHER_STEPS = f"""
    EXISTS (
        SELECT 1 FROM import_steps step WHERE step.file_row = one.file_row AND NOT EXISTS (
            SELECT 1 FROM customers_pricestep stored WHERE stored.product_id = plan.target AND {_SAME_STEP}
        )
    ) OR EXISTS (
        SELECT 1 FROM customers_pricestep stored WHERE stored.product_id = plan.target AND NOT EXISTS (
            SELECT 1 FROM import_steps step WHERE step.file_row = one.file_row AND {_SAME_STEP}
        )
    )
"""  # noqa: S608
_GONE_STEPS = f"""
    SELECT stored.id FROM customers_pricestep stored JOIN import_plan plan ON plan.target = stored.product_id
    WHERE NOT EXISTS (SELECT 1 FROM import_steps step WHERE step.file_row = plan.file_row AND {_SAME_STEP})
"""  # noqa: S608
_NOTE_GONE_STEPS = """
    INSERT INTO customers_importbefore (run_id, "table", target, before)
    SELECT %s, 'customers_pricestep', stored.id, {row} FROM customers_pricestep stored WHERE stored.id IN ({gone})
"""
_ADD_STEPS = """
    INSERT INTO customers_pricestep (product_id, from_quantity, price)
    SELECT plan.target, step.from_quantity, step.price FROM import_steps step JOIN import_plan plan ON plan.file_row = step.file_row
    WHERE true ON CONFLICT (product_id, from_quantity) DO NOTHING RETURNING id
"""


def name_groups(ids: dict[int, int]) -> None:
    """Replace the provisional numbers of new groups by their ids."""
    for number, pk in ids.items():
        execute(_NAME_GROUP, [pk, number])


def strange_successors(most: int) -> list[tuple[int, str, bool]]:
    """Row, number and whether it is the article itself, of successors that cannot be entered."""
    return rows(_STRANGE_SUCCESSORS, [most])


def link_successors() -> None:
    """Count articles as changed that get another successor."""
    link(_PLANNED, _NEW_SUCCESSOR)


def replace_successors(run_id: int) -> None:
    """Bring the successors in line, and note how that is taken back."""
    row = folded("stored", _RELATION)
    execute(_NOTE_REPLACED.format(row=row, going=_REPLACED), [run_id])
    execute(f"DELETE FROM customers_productrelation WHERE {_REPLACED}")  # noqa: S608
    note_made(run_id, ProductRelation, ids(_ADD_SUCCESSORS))


def gather_steps(pairs: Iterable[tuple[str, str]]) -> None:
    """The steps of the list, one a row, in a temporary table; `pairs` are their columns of quantity and price."""
    listed = " UNION ALL ".join(_LISTED_STEP.format(quantity=quantity, price=price) for quantity, price in pairs)
    execute(_CREATE_STEPS)
    execute(_GATHER_STEPS.format(listed=listed))
    execute("CREATE INDEX import_steps_row ON import_steps (file_row)")
    analyze("import_steps")


def link_steps() -> None:
    """Count articles as changed that get other steps."""
    link(_PLANNED, _OTHER_STEPS)


def replace_steps(run_id: int) -> None:
    """Bring the steps in line, and note how that is taken back."""
    execute(_NOTE_GONE_STEPS.format(row=folded("stored", _STEP), gone=_GONE_STEPS), [run_id])
    execute(f"DELETE FROM customers_pricestep WHERE id IN ({_GONE_STEPS})")  # noqa: S608
    note_made(run_id, PriceStep, ids(_ADD_STEPS))


def let_offer(keys: Iterable[str]) -> None:
    """New articles with these keys are offered, whatever their names look like."""
    for key in keys:
        execute(_LET_OFFER, [False, key])


def never_offered() -> list[str]:
    """Names of the new articles nobody will be called about."""
    return [name for (name,) in rows(_NEVER_OFFERED)]


def buyers() -> list[int]:
    """Customers who buy a changed article, or one that leads to it."""
    return [pk for (pk,) in rows(_BUYERS)]
