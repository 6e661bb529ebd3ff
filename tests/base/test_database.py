"""The run really uses the database it says."""

import os

import pytest
from django.db import connection


@pytest.mark.django_db
def test_the_tests_run_on_the_database_that_was_asked_for():
    assert connection.vendor == {"postgres": "postgresql", "sqlite": "sqlite"}[os.environ["TEST_DB"]]
