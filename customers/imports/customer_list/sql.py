"""Statements of the customer list beside those that all lists share (customers/imports/sql.py)."""

from collections.abc import Collection, Mapping

from customers.imports.sql import execute, ids, link, rows

# An empty owner says nothing: whoever was made responsible here stays it. New customers without one go to the pool.
_KEEP_OWNERS = """
    UPDATE import_rows SET owner_id = known.owner_id FROM customers_customer known
    WHERE known.number_key = import_rows.number_key AND import_rows.owner_id IS NULL AND known.owner_id IS NOT NULL
"""
_PLANNED = "import_rows one JOIN import_plan plan ON plan.file_row = one.file_row"
_UNBLOCKED = """
    one.is_blocked AND NOT EXISTS (
        SELECT 1 FROM customers_contactblock block
        WHERE block.customer_id = plan.target AND block.contact_id IS NULL AND block.channel = '' AND block.lifted_at IS NULL
    )
"""
_UNKNOWN_PERSON = """
    one.contact_key <> '' AND NOT EXISTS (
        SELECT 1 FROM customers_contact person
        WHERE person.customer_id = plan.target AND (
            person.match_key = one.contact_key OR (person.last_name = one.last_name AND person.first_name = {first_name})
        )
    )
"""
_ADD_BLOCKS = """
    INSERT INTO customers_contactblock (customer_id, {columns})
    SELECT plan.target, {values} FROM {planned} WHERE {condition} ORDER BY plan.target RETURNING id
"""
_ADD_PEOPLE = """
    INSERT INTO customers_contact (customer_id, last_name, first_name, match_key, {columns})
    SELECT plan.target, one.last_name, {first_name}, one.contact_key, {values} FROM {planned} WHERE {condition} ORDER BY plan.target
    RETURNING id
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

# Two numbers, one company: the same name and postcode, and the same phone or e-mail.
_SIMILAR = """
    SELECT one.file_row, one.number, known.number
    FROM import_rows one JOIN import_plan plan ON plan.file_row = one.file_row
    JOIN customers_customer known ON known.sort_key = one.sort_key AND known.postcode = one.postcode
    WHERE plan.fate = 'new' AND known.merged_into_id IS NULL AND ({same})
    ORDER BY one.file_row LIMIT %s
"""
_SAME = {
    "phone_e164": "one.phone_e164 <> '' AND known.phone_e164 = one.phone_e164",
    "email": "one.email <> '' AND LOWER(known.email) = LOWER(one.email)",
}


def similar(fields: Collection[str], most: int) -> list[tuple[int, str, str]]:
    """Row, its number and that of a stored customer, for new rows that look like a customer stored under another number."""
    same = [condition for field, condition in _SAME.items() if field in fields]
    return rows(_SIMILAR.format(same=" OR ".join(f"({one})" for one in same)), [most]) if same and "postcode" in fields else []


def declare(run_id: int) -> list[int]:
    """Note for all customers of the list in which of them they were declared existing ones; those who had not been."""
    return ids(_DECLARE, [run_id])


def keep_owners() -> int:
    return execute(_KEEP_OWNERS)


def link_blocks() -> None:
    """Count customers as changed who are to be blocked and are not yet."""
    link(_PLANNED, _UNBLOCKED)


def link_people(*, has_first_name: bool) -> None:
    link(_PLANNED, _unknown_person(has_first_name=has_first_name))


def add_blocks(constants: Mapping[str, object]) -> list[int]:
    """The ids of those that were added."""
    return ids(_ADD_BLOCKS.format(planned=_PLANNED, condition=_UNBLOCKED, **_listed(constants)), list(constants.values()))


def add_people(constants: Mapping[str, object], *, has_first_name: bool) -> list[int]:
    """The ids of those that were added."""
    statement = _ADD_PEOPLE.format(
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
