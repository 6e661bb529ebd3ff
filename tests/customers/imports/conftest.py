import pytest

from tests.customers.imports.lists import Importer


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
