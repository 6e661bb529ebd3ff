"""Statements of the list of follow-ups beside those that all lists share (customers/imports/sql.py)."""

from customers.imports.sql import execute, ids

_ASSIGN = "UPDATE import_rows SET assignee_id = %s WHERE assignee_id IS NULL"
_CUSTOMERS = """
    SELECT DISTINCT one.customer_id FROM import_rows one JOIN import_plan plan ON plan.file_row = one.file_row
    WHERE plan.fate <> 'same' ORDER BY one.customer_id
"""


def assign_to(user_id: int) -> None:
    """Rows of customers without an owner are his who brought the list."""
    execute(_ASSIGN, [user_id])


def customer_ids() -> list[int]:
    """Customers with a new follow-up."""
    return ids(_CUSTOMERS)
