"""What an upload costs: 100,000 customers as XLSX, from the file to what can be searched, in the steps of the worker.

REF is the same by the shortest code that still does the work: calamine, clean values, a check for numbers that stand twice, and an
upsert of whole rows in one transaction. The floor leaves the work out: calamine, and a COPY into a table with the same indexes.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path

import xlsxwriter

from bench import cost
from bench.figures import Figure, compared
from bench.postgres import Postgres
from bench.product import progress

ROWS = 100_000
REF_MOST, FLOOR_AIM = 3, 6
HEADINGS = ("Kundennummer", "Firma", "Straße", "PLZ", "Ort", "Vorname", "Nachname", "E-Mail", "Telefon", "Branche", "Umsatz", "ABC-Klasse")
_NAMES = (
    "Müller",
    "Schmidt",
    "Schneider",
    "Fischer",
    "Weber",
    "Meyer",
    "Wagner",
    "Becker",
    "Schulz",
    "Hoffmann",
    "Schäfer",
    "Koch",
    "Wolf",
)
_TRADES = ["Bau", "Handel", "Pflege", "Metall", "Druck", "Gastronomie"]


def measure(database: Postgres, folder: Path) -> list[Figure]:
    path = write(folder / "customers.xlsx", ROWS)
    ref = cost_of("REF", lambda: _reference(path), database)
    floor = cost_of("parse + COPY", lambda: _floor(path), database)
    ours = cost_of("stage and take over", lambda: take_in(path, ROWS), database)
    return [
        compared(f"{ROWS:,} customers XLSX against REF: processor", ours, ref, REF_MOST, "s"),
        compared("the same against parse + COPY: processor", ours, floor, FLOOR_AIM, "s"),
    ]


def write(path: Path, count: int, prefix: str = "K") -> Path:
    """The same list each time; text as text and numbers as numbers, as Excel saves them."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        sheet = book.add_worksheet("Kunden")
        for number, row in enumerate(chain([HEADINGS], _rows(count, prefix))):
            sheet.write_row(number, 0, row)
    return path


def _rows(count: int, prefix: str) -> Iterator[tuple]:
    chance = random.Random(1)
    for index in range(count):
        name, last = chance.choice(_NAMES), chance.choice(_NAMES)
        yield (
            f"{prefix}{index:06d}", f"{name} {chance.choice(_TRADES)} {index} GmbH", f"Lange Straße {index % 200}",
            f"{chance.randrange(1001, 99999):05d}", "Dresden", "Eva", last, f"info@firma{index}.example", f"0351 {100_000 + index}",
            chance.choice(_TRADES), chance.randrange(0, 10_000_000) / 100, chance.choice("ABC"),
        )  # fmt: skip


def take_in(path: Path, count: int) -> None:
    """Upload, stage, confirm and take over in this process, as web and worker do it; `count` new customers are expected."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    from accounts.models import Role, User
    from customers.imports import acts, job as import_job
    from customers.imports.uploads import STAGE, receive
    from customers.models import ImportRun
    from innendienst.base import jobs
    from innendienst.base.models import Job

    admin, _made = User.objects.get_or_create(username="bench", defaults={"role": Role.ADMIN})
    file = SimpleUploadedFile(path.name, path.read_bytes())
    run = receive(actor=admin, kind=ImportRun.List.CUSTOMERS, file=file, is_lenient=False).run
    jobs.run(Job.objects.get(kind=STAGE, target=str(run.pk)).pk)
    run.refresh_from_db()
    acts.confirm(actor=admin, run=run, seen=acts.preview_key(run), is_lenient=False)
    jobs.run(Job.objects.get(kind=import_job.TAKE_OVER, target=str(run.pk)).pk)
    run.refresh_from_db()
    if (run.state, run.created_count) != (ImportRun.State.DONE, count):
        raise RuntimeError(f"{run.state}: {run.created_count} created, {run.messages[:1]}")


def _reference(path: Path) -> None:
    """Into a copy of the table, so that the import finds its own empty."""
    from django.db import connection, transaction

    rows = [_cleaned(row) for row in parsed(path)]
    if len({row["number_key"] for row in rows}) != len(rows):
        raise RuntimeError("a number stands twice")
    names = list(rows[0])
    listed, kept = ", ".join(names), ", ".join(f"{name} = excluded.{name}" for name in names if name != "number_key")
    statement = (
        f"INSERT INTO bench_reference ({listed}) VALUES ({', '.join(['%s'] * len(names))}) ON CONFLICT (number_key) DO UPDATE SET {kept}"
    )
    with _copied_table("bench_reference"), transaction.atomic(), connection.cursor() as cursor:
        for start in range(0, len(rows), 1_000):
            cursor.executemany(statement, [tuple(row.values()) for row in rows[start : start + 1_000]])


def _floor(path: Path) -> None:
    from django.db import transaction

    from innendienst.lib.bulk import copy_rows

    columns = ["number", "name", "street", "postcode", "town", "email", "phone", "industry", "number_key"]
    rows = [[*row[:5], *row[7:10], row[0]] for row in parsed(path)]
    with _copied_table("bench_floor"), transaction.atomic():
        copy_rows("bench_floor", columns, rows)


def parsed(path: Path) -> list[list]:
    from python_calamine import CalamineWorkbook

    return CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()[1:]


def _cleaned(row: Sequence) -> dict[str, object]:
    from innendienst.lib import phones
    from innendienst.lib.folding import business_key, sort_key

    number, name, street, postcode, town, _first, _last, email, phone, industry, revenue, abc_class = row
    dialled = phones.parse(phone)
    return {
        "number": number.strip(), "number_key": business_key(number), "name": name.strip(), "sort_key": sort_key(name),
        "street": street.strip(), "postcode": postcode.strip(), "town": town.strip(), "email": email.strip(), "phone": dialled.raw,
        "phone_e164": dialled.e164, "industry": industry.strip(), "stated_revenue": f"{revenue:.2f}", "stated_abc_class": abc_class,
    }  # fmt: skip


@contextmanager
def _copied_table(name: str) -> Iterator[None]:
    """A table like that of the customers, with its indexes; columns that are not given may be empty."""
    from django.db import connection

    from customers.models import Customer

    table = Customer._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE {name} (LIKE {table} INCLUDING INDEXES INCLUDING IDENTITY)")
        for one in Customer._meta.concrete_fields:
            if not one.primary_key and not one.null:
                cursor.execute(f"ALTER TABLE {name} ALTER COLUMN {one.column} DROP NOT NULL")
        yield
        cursor.execute(f"DROP TABLE {name}")


def cost_of(name: str, act: Callable[[], object], database: Postgres) -> float:
    """Processor seconds, those of the database server included."""
    seconds = cost.cost_of(act, database).cpu
    progress(f"{name}: {seconds:.1f} s")
    return seconds
