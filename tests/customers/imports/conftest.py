import pytest
from django.test import Client

from tests.customers.imports.lists import Importer


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path) -> None:
    """Uploaded files lie in a folder of this test."""
    settings.VAR_DIR = tmp_path / "var"


@pytest.fixture
def admin(dieters) -> Client:
    """The administrator's browser."""
    return dieters


@pytest.fixture
def customer_list(db, tmp_path) -> Importer:
    return Importer(tmp_path, "customers")


@pytest.fixture
def contact_list(db, tmp_path) -> Importer:
    return Importer(tmp_path, "contacts")


@pytest.fixture
def product_list(db, tmp_path) -> Importer:
    return Importer(tmp_path, "products")


@pytest.fixture
def order_list(db, tmp_path) -> Importer:
    return Importer(tmp_path, "orders")
