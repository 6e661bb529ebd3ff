"""Which of the two databases is behind the connection, for statements that each of them says in its own way."""

from django.db import connection


def is_postgresql() -> bool:
    return connection.vendor == "postgresql"
