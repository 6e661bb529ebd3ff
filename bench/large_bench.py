"""What large lists cost: ten million order lines, half a million customers, taking thirty thousand rows back, and
django-import-export beside ours where it is installed.

Floors: parsing the file and a COPY of as many bare rows (lines), a fifth of the cost of five times as many rows (customers),
the import itself (taking back).
"""

import csv
import random
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from bench import customer_bench, product
from bench.figures import Figure, compared
from bench.import_bench import MEMORY_MOST_MIB, floor_of_lines, import_file
from bench.postgres import Postgres
from bench.product import progress

LINES, LINES_PER_ORDER = 10_000_000, 10
CUSTOMERS, PRODUCTS = 20_000, 5_000
FEW, MANY = 100_000, 500_000
TAKEN_BACK = 30_000
BESIDE_ROWS = 10_000
LINES_MOST, LINEAR_MOST, UNDO_MOST, DEFAULT_LEAST, BULK_LEAST = 4, 1.2, 3, 10, 5
_ORDER_HEADINGS = ["Belegnr", "Position", "Datum", "Kundennummer", "Artikelnummer", "Menge", "Nettowert"]


def measure(lines: int = LINES) -> Iterator[Figure]:
    with product.installed() as database:
        folder = database.folder / "lists"
        folder.mkdir()
        import_file("customers", _customers(folder / "customers.csv", 0, CUSTOMERS), database)
        yield from _taken_back(database, folder)
        yield from _beside(database, folder)
        yield from _linear(database, folder)
        yield from _lines(database, folder, lines)


def _lines(database: Postgres, folder: Path, count: int) -> Iterator[Figure]:
    """Orders of ten lines each, from customers and of products that exist."""
    products = ([f"A{index:05d}", f"Reiniger {index}"] for index in range(PRODUCTS))
    import_file("products", _csv(folder / "products.csv", ["Artikelnummer", "Bezeichnung"], products), database)
    path = _csv(folder / "orders.csv", _ORDER_HEADINGS, _order_rows(count))
    progress(f"{path.stat().st_size / 2**20:.0f} MiB of order lines written")
    cost = import_file("orders", path, database)
    product.settle()
    floor = floor_of_lines(path, database)
    yield compared(f"import {count:,} order lines: processor time", cost.cpu, floor.cpu, LINES_MOST, "s")
    yield compared(f"import {count:,} order lines: time", cost.wall, floor.wall, LINES_MOST, "s")
    yield Figure(f"import {count:,} order lines: memory", cost.peak, None, None, MEMORY_MOST_MIB, "MiB")
    path.unlink()


def _order_rows(count: int) -> Iterator[list[object]]:
    chance = random.Random(2)
    for order in range(count // LINES_PER_ORDER):
        customer, day = f"G{chance.randrange(CUSTOMERS):06d}", f"{order % 28 + 1:02d}.{order % 12 + 1:02d}.{2022 + order % 3}"
        for position in range(1, LINES_PER_ORDER + 1):
            product_number, quantity = f"A{chance.randrange(PRODUCTS):05d}", chance.randrange(1, 20)
            yield [f"B{order:07d}", position, day, customer, product_number, quantity, f"{quantity * 12},50"]


def _taken_back(database: Postgres, folder: Path) -> Iterator[Figure]:
    """Thirty thousand rows of which half are new and half changed."""
    first = CUSTOMERS - TAKEN_BACK // 2
    cost = import_file("customers", _customers(folder / "more.csv", first, first + TAKEN_BACK, town="Leipzig"), database)
    from customers.models import ImportRun

    run = ImportRun.objects.latest("pk")
    if (run.created_count, run.updated_count) != (TAKEN_BACK // 2, TAKEN_BACK // 2):
        raise RuntimeError(f"{run.created_count} new, {run.updated_count} changed")
    undone = customer_bench.cost_of("take back", lambda: product.manage("undo_import", str(run.pk)), database)
    yield compared(f"take back {TAKEN_BACK:,} rows against their import: processor", undone, cost.cpu, UNDO_MOST, "s")


def _linear(database: Postgres, folder: Path) -> Iterator[Figure]:
    """Five times as many rows take five times as long; memory is that of reading, in a process of its own."""
    small = import_file("customers", customer_bench.write(folder / "few.xlsx", FEW, "K"), database)
    large = import_file("customers", customer_bench.write(folder / "many.xlsx", MANY, "L"), database)
    yield compared(f"{MANY:,} customers XLSX, a fifth of it", large.cpu * FEW / MANY, small.cpu, LINEAR_MOST, "s")
    yield Figure(f"{FEW:,} customers XLSX: memory", small.peak, None, None, MEMORY_MOST_MIB, "MiB")
    yield Figure(f"{MANY:,} customers XLSX: memory", large.peak, None, None, None, "MiB")


def _beside(database: Postgres, folder: Path) -> Iterator[Figure]:
    """The same ten thousand rows by django-import-export, row by row as it comes and in its bulk mode."""
    if find_spec("import_export") is None:
        progress("left out: django-import-export is not installed (pip install django-import-export)")
        return
    path = customer_bench.write(folder / "beside.xlsx", BESIDE_ROWS, "M")
    ours = customer_bench.cost_of("ours", lambda: customer_bench.take_in(path, BESIDE_ROWS), database)
    for name, is_bulk, least in (("default", False, DEFAULT_LEAST), ("bulk", True, BULK_LEAST)):
        theirs = customer_bench.cost_of(name, lambda is_bulk=is_bulk: _their_import(path, is_bulk=is_bulk), database)
        yield compared(f"{BESIDE_ROWS:,} customers against import-export, {name}", ours, theirs, 1 / least, "s")


def _their_import(path: Path, *, is_bulk: bool) -> None:
    """Read by tablib, checked by the models' own rules, keyed by number; into the very tables, other numbers each time.

    A customer and his first contact come of each row, as in our import. Search words, old values and counts are left out.
    """
    import tablib
    from import_export import fields, resources
    from import_export.widgets import ForeignKeyWidget

    from customers.models import Contact, Customer
    from innendienst.lib import phones
    from innendienst.lib.folding import business_key, sort_key

    why = "measured beside ours"

    class Shared:
        use_bulk = is_bulk

    class Checked(resources.ModelResource):
        def validate_instance(self, instance, import_validation_errors=None, validate_unique=True):
            """Each value as our import checks it; who stands twice the database tells."""
            instance.clean_fields()

    class CustomerResource(Checked):
        class Meta(Shared):
            model = Customer
            fields = (
                "number", "number_key", "name", "sort_key", "street", "postcode", "town", "email", "phone", "phone_e164", "industry",
                "stated_revenue", "stated_abc_class",
            )  # fmt: skip
            import_id_fields = ("number_key",)

        def get_queryset(self):
            return Customer.objects.for_system(why)

    class OfCustomer(ForeignKeyWidget):
        def get_queryset(self, value, row, *args, **kwargs):
            return Customer.objects.for_system(why)

    class ContactResource(Checked):
        customer = fields.Field("customer", "number_key", OfCustomer(Customer, "number_key"))

        class Meta(Shared):
            model = Contact
            fields = ("customer", "first_name", "last_name", "email", "match_key")
            import_id_fields = ("match_key",)

        def get_queryset(self):
            return Contact.objects.for_system(why)

    companies = tablib.Dataset(headers=CustomerResource.Meta.fields)
    people = tablib.Dataset(headers=["number_key", *ContactResource.Meta.fields[1:]])
    for row in customer_bench.parsed(path):
        number, dialled = f"{'U' if is_bulk else 'E'}{row[0]}", phones.parse(row[8])
        companies.append([number, business_key(number), row[1], sort_key(row[1]), *row[2:5], row[7], dialled.raw, dialled.e164, *row[9:]])
        people.append([business_key(number), row[5], row[6], row[7], f"{number} {row[7]}"])
    for resource, rows in ((CustomerResource(), companies), (ContactResource(), people)):
        result = resource.import_data(rows, raise_errors=True)
        if result.totals["new"] != BESIDE_ROWS:
            raise RuntimeError(f"import-export made {result.totals}")


def _customers(path: Path, first: int, end: int, town: str = "Dresden") -> Path:
    rows = ([f"G{index:06d}", f"Gebäudedienst {index} GmbH", "01067", town, f"0351 {100_000 + index}"] for index in range(first, end))
    return _csv(path, ["Kundennummer", "Firma", "PLZ", "Ort", "Telefon"], rows)


def _csv(path: Path, headings: list[str], rows: Iterator[list[object]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(headings)
        writer.writerows(rows)
    return path
