"""Statements of the customer list beside those that all lists share (customers/imports/sql.py)."""

from collections.abc import Collection, Mapping

from customers.duplicates.rules import REACHED_AT, same_place
from customers.imports.sql import execute, ids, link, rows

# An empty owner says nothing: whoever was made responsible here stays it. New customers without one go to the pool.
_KEEP_OWNERS = """
    UPDATE import_rows SET owner_id = known.owner_id FROM customers_customer known
    WHERE known.number_key = import_rows.number_key AND import_rows.owner_id IS NULL AND known.owner_id IS NOT NULL
"""
# What is said of a number that was merged into another one is said of the customer who stays.
_PLANNED = """
    import_rows one JOIN import_plan plan ON plan.file_row = one.file_row
    LEFT JOIN customers_customer gone ON gone.id = plan.target AND gone.merged_into_id IS NOT NULL
"""
_MEANT_HERE = "COALESCE(gone.merged_into_id, plan.target)"
_SURVIVORS = """
    SELECT DISTINCT gone.merged_into_id FROM import_plan plan JOIN customers_customer gone ON gone.id = plan.target
    WHERE plan.fate <> 'same' AND gone.merged_into_id IS NOT NULL ORDER BY 1
"""
_RENUMBERED = """
    SELECT known.id
    FROM import_rows one JOIN import_plan plan ON plan.file_row = one.file_row JOIN customers_customer known ON known.id = plan.target
    WHERE plan.fate = 'changed' AND known.phone_e164 <> '' AND known.phone_e164 <> one.phone_e164
"""
_UNBLOCKED = f"""
    one.is_blocked AND NOT EXISTS (
        SELECT 1 FROM customers_contactblock block
        WHERE block.customer_id = {_MEANT_HERE} AND block.contact_id IS NULL AND block.channel = '' AND block.lifted_at IS NULL
    )
"""  # noqa: S608 - all texts are our own
_UNKNOWN_PERSON = """
    one.contact_key <> '' AND NOT EXISTS (
        SELECT 1 FROM customers_contact person
        WHERE person.customer_id = COALESCE(gone.merged_into_id, plan.target) AND (
            person.match_key = one.contact_key OR (person.last_name = one.last_name AND person.first_name = {first_name})
        )
    )
"""
_ADD_BLOCKS = """
    INSERT INTO customers_contactblock (customer_id, {columns})
    SELECT {meant}, {values} FROM {planned} WHERE {condition} ORDER BY plan.target RETURNING id
"""
_ADD_PEOPLE = """
    INSERT INTO customers_contact (customer_id, last_name, first_name, match_key, {columns})
    SELECT {meant}, one.last_name, {first_name}, one.contact_key, {values} FROM {planned} WHERE {condition} ORDER BY plan.target
    ON CONFLICT DO NOTHING RETURNING id
"""
_ADD_FACTS = """
    INSERT INTO customers_customerfacts (customer_id, {columns})
    SELECT target, {values} FROM import_plan WHERE fate = 'new' ORDER BY target
    ON CONFLICT (customer_id) DO NOTHING
"""

_DECLARE = """
    UPDATE customers_customer SET declared_in_id = %s
    WHERE declared_in_id IS NULL AND id IN (SELECT target FROM import_plan) RETURNING id
"""

# Two numbers, one company (customers/duplicates/rules.py); the names are compared by whoever asks.
_SIMILAR = """
    SELECT one.file_row, one.number_key, one.number, one.name, known.id, known.number AS other, known.name AS other_name
    FROM import_rows one JOIN import_plan plan ON plan.file_row = one.file_row
    JOIN customers_customer known ON {same}
    WHERE plan.fate = 'new' AND known.merged_into_id IS NULL AND one.{field} <> ''
"""
_ANSWER = "customers_importanswer answer ON answer.topic = 'similar' AND answer.key = one.number_key"
_MEANT = "CAST(meant.id AS varchar(20)) = answer.said AND meant.merged_into_id IS NULL"
_NOT_KNOWN = "NOT EXISTS (SELECT 1 FROM customers_customer known WHERE known.number_key = {row}.number_key)"
_ANSWERED_SIMILAR = f"""
    SELECT one.file_row, one.number_key, one.number, one.name, answer.said, meant.id, meant.number, meant.name
    FROM import_rows one JOIN {_ANSWER} LEFT JOIN customers_customer meant ON {_MEANT}
    WHERE (answer.said = 'skip' OR meant.id IS NOT NULL) AND {_NOT_KNOWN.format(row="one")} ORDER BY one.file_row LIMIT %s
"""  # noqa: S608 - all texts are our own
_NAME_SIMILAR = f"""
    UPDATE import_rows SET number = meant.number, number_key = meant.number_key
    FROM customers_importanswer answer JOIN customers_customer meant ON {_MEANT}
    WHERE answer.topic = 'similar' AND answer.key = import_rows.number_key AND {_NOT_KNOWN.format(row="import_rows")}
"""  # noqa: S608
_SKIP_SIMILAR = f"""
    DELETE FROM import_rows WHERE {_NOT_KNOWN.format(row="import_rows")}
        AND number_key IN (SELECT answer.key FROM customers_importanswer answer WHERE answer.topic = 'similar' AND answer.said = 'skip')
"""  # noqa: S608


def similar(fields: Collection[str]) -> list[tuple[int, str, str, str, int, str, str]]:
    """Row, its number (as key and as typed) and name, and id, number and name of a customer who is reached at the same place."""
    same = [_SIMILAR.format(same=same_place(field, "known", "one"), field=field) for field in REACHED_AT if field in fields]
    return rows(" UNION ".join(same) + " ORDER BY 1, 5") if same and "postcode" in fields else []


def answered_similar(most: int) -> list[tuple]:
    """Row, its number (as key and as typed) and name, the answer, and id, number and name of the customer whom it means."""
    return rows(_ANSWERED_SIMILAR, [most])


def name_similar() -> int:
    """Rows with a new number get that of the customer whom somebody said they mean."""
    return execute(_NAME_SIMILAR)


def skip_similar() -> int:
    """Rows that somebody wanted left out go."""
    return execute(_SKIP_SIMILAR)


def declare(run_id: int) -> list[int]:
    """Note for all customers of the list in which of them they were declared existing ones; those who had not been."""
    return ids(_DECLARE, [run_id])


def survivors() -> list[int]:
    """Customers into whom changed ones of the list went."""
    return ids(_SURVIVORS)


def renumbered() -> list[int]:
    """Customers to whom the list gives another telephone number than they had."""
    return ids(_RENUMBERED, [])


def keep_owners() -> int:
    return execute(_KEEP_OWNERS)


def link_blocks() -> None:
    """Count customers as changed who are to be blocked and are not yet."""
    link(_PLANNED, _UNBLOCKED)


def link_people(*, has_first_name: bool) -> None:
    link(_PLANNED, _unknown_person(has_first_name=has_first_name))


def add_blocks(constants: Mapping[str, object]) -> list[int]:
    """The ids of those that were added."""
    return ids(
        _ADD_BLOCKS.format(meant=_MEANT_HERE, planned=_PLANNED, condition=_UNBLOCKED, **_listed(constants)), list(constants.values())
    )


def add_people(constants: Mapping[str, object], *, has_first_name: bool) -> list[int]:
    """The ids of those that were added."""
    statement = _ADD_PEOPLE.format(
        meant=_MEANT_HERE,
        planned=_PLANNED,
        condition=_unknown_person(has_first_name=has_first_name),
        first_name=_first_name(has_first_name=has_first_name),
        **_listed(constants),
    )
    return ids(statement, list(constants.values()))


def add_facts(constants: Mapping[str, object]) -> int:
    return execute(_ADD_FACTS.format(**_listed(constants)), list(constants.values()))


def _unknown_person(*, has_first_name: bool) -> str:
    return _UNKNOWN_PERSON.format(first_name=_first_name(has_first_name=has_first_name))


def _first_name(*, has_first_name: bool) -> str:
    return "one.first_name" if has_first_name else "''"


def _listed(constants: Mapping[str, object]) -> dict[str, str]:
    return {"columns": ", ".join(constants), "values": ", ".join(["%s"] * len(constants))}
