"""Plugin that empties the database after a test that committed: only tables that hold rows, by deleting them.

Django's way truncates all hundred tables and then makes its content types and permissions anew, half a second per test.
"""

import pytest
from django.db import connection
from django.test import TransactionTestCase

_KEPT = {"django_content_type", "auth_permission", "django_migrations"}


@pytest.fixture(scope="session", autouse=True)
def _emptied_quickly() -> None:
    TransactionTestCase._fixture_teardown = lambda _case: _empty()


def _empty() -> None:
    tables = sorted({*connection.introspection.django_table_names(only_existing=True, include_views=False)} - _KEPT)
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {table})" for table in tables))
        statements = [f"DELETE FROM {table}" for (table,) in cursor.fetchall()]
        if connection.vendor == "postgresql":
            statements = ["SET session_replication_role = replica", *statements, "RESET session_replication_role"]
        with connection.constraint_checks_disabled():
            for statement in statements:
                cursor.execute(statement)
