"""Statements of the contact list beside those that all lists share (customers/imports/sql.py)."""

from customers.imports.sql import execute, link, rows

# The same key within the customer is the same person.
_FIND_BY_KEY = """
    UPDATE import_rows SET target_id = person.id FROM customers_contact person
    WHERE person.customer_id = import_rows.customer_id AND person.match_key = import_rows.match_key
"""
# So is the same name where one side has no e-mail that could tell them apart. Nobody is found twice.
_FIND_BY_NAME = """
    UPDATE import_rows SET target_id = found.person FROM (
        SELECT MIN(file_row) AS file_row, person FROM (
            SELECT one.file_row, MIN(person.id) AS person
            FROM import_rows one JOIN customers_contact person ON person.customer_id = one.customer_id AND ({same_person})
            WHERE one.target_id IS NULL AND NOT EXISTS (SELECT 1 FROM import_rows other WHERE other.target_id = person.id)
            GROUP BY one.file_row
        ) AS pairs GROUP BY person
    ) AS found
    WHERE found.file_row = import_rows.file_row
"""
_ROW_WITHOUT_EMAIL = "person.last_name = one.last_name AND person.first_name = {first_name}"
_EITHER_WITHOUT_EMAIL = """
    (one.email = '' AND person.last_name = one.last_name AND person.first_name = {first_name})
    OR (one.email <> '' AND person.email = '' AND person.match_key = one.name_key)
"""
_PLANNED = "import_rows one JOIN import_plan plan ON plan.file_row = one.file_row"
# A consent that was ever given is never given again by a list: it may have been revoked.
_NEW_CONSENT = """
    one.{channel}_basis = 'consent' AND NOT EXISTS (
        SELECT 1 FROM customers_consent given WHERE given.contact_id = plan.target AND given.channel = '{channel}'
    )
"""
_NEW_OBJECTION = """
    one.{channel}_basis = 'objection' AND NOT EXISTS (
        SELECT 1 FROM customers_contactblock block
        WHERE block.contact_id = plan.target AND block.channel IN ('', '{channel}') AND block.lifted_at IS NULL
    )
"""
_READ = """
    SELECT plan.target, one.customer_id, one.{channel}_legal, one.{channel}_granted_on FROM {planned}
    WHERE {condition} ORDER BY one.file_row
"""
_CUSTOMERS = "SELECT DISTINCT one.customer_id FROM {planned} WHERE plan.fate <> 'same' ORDER BY one.customer_id"


def find_people(*, has_email: bool, has_first_name: bool) -> None:
    """Enter into each row which known contact it means."""
    execute(_FIND_BY_KEY)
    same = _EITHER_WITHOUT_EMAIL if has_email else _ROW_WITHOUT_EMAIL
    execute(_FIND_BY_NAME.format(same_person=same.format(first_name="one.first_name" if has_first_name else "''")))


def link_basis(channel: str) -> None:
    """Count contacts as changed for whom the list brings a new consent or objection."""
    for condition in (_NEW_CONSENT, _NEW_OBJECTION):
        link(_PLANNED, condition.format(channel=channel))


def new_consents(channel: str) -> list[tuple]:
    """Contact, customer, text and day of those to be written."""
    return _read(channel, _NEW_CONSENT)


def new_objections(channel: str) -> list[tuple]:
    return _read(channel, _NEW_OBJECTION)


def customer_ids() -> list[int]:
    """Customers with a contact that was not the same as before."""
    return [pk for (pk,) in rows(_CUSTOMERS.format(planned=_PLANNED))]


def _read(channel: str, condition: str) -> list[tuple]:
    return rows(_READ.format(channel=channel, planned=_PLANNED, condition=condition.format(channel=channel)))
