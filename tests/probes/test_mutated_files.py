"""Files with bytes changed, cut or moved: each is taken, taken with remarks or refused, never half, never with an error of ours.

Scaled down in the test run; `make probes` does it in full (PROBE_MUTATIONS=150).
"""

import io
import os
import random
import resource
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from time import monotonic

import pytest
import xlsxwriter
from django.conf import settings
from django.db import transaction

from customers.imports.run import run_import
from customers.models import Customer, ImportRun
from tests.customers.imports.lists import write_csv, write_xlsx

MUTATIONS = int(os.environ.get("PROBE_MUTATIONS", "24"))
SEED = int(os.environ.get("PROBE_SEED", "7"))
SECONDS_MOST, MEMORY_MOST_MIB = 30, 400
UNPACKED_MOST = 20 << 20
GENERATOR = Path(os.environ.get("SHARED_DIR", settings.BASE_DIR.parent / "shared")) / "badfiles" / "make_badfiles.py"
HEAD = ["Kundennummer", "Firma", "Straße", "PLZ", "Ort", "Telefon", "E-Mail", "Umsatz", "Kunde seit"]
_WHY = "test"

pytestmark = [pytest.mark.django_db, pytest.mark.one_database, pytest.mark.timeout(60 + 10 * MUTATIONS)]


def _rows() -> list[list[object]]:
    return [
        [
            f"K-{i}",
            f"Müller & Söhne {i}",
            f"Lange Straße {i}",
            "01067",
            "Köln",
            f"0221 {1000 + i}",
            f"a{i}@b.example",
            10.5 * i,
            "01.03.2020",
        ]
        for i in range(40)
    ]


@pytest.fixture(scope="module")
def corpus(tmp_path_factory) -> list[Path]:
    """Lists as they come, and where the shared folder is there its forty bad ones."""
    folder = tmp_path_factory.mktemp("corpus")
    written = [[f"{cell}".replace(".", ",") if isinstance(cell, float) else cell for cell in row] for row in _rows()]
    paths = [
        write_csv(folder / "utf8.csv", HEAD, *written), write_csv(folder / "cp1252.csv", HEAD, *written, encoding="cp1252"),
        write_csv(folder / "utf16.csv", HEAD, *written, encoding="utf-16", delimiter="\t"), write_xlsx(folder / "plain.xlsx", HEAD, *_rows()),
        _rich_workbook(folder / "rich.xlsx"),
    ]  # fmt: skip
    if GENERATOR.exists():
        (bad := folder / "bad").mkdir()
        subprocess.run([sys.executable, str(GENERATOR), str(bad)], check=True, capture_output=True)
        paths += sorted(path for path in bad.iterdir() if path.suffix in {".csv", ".xlsx"} and 1 < path.stat().st_size < 2 << 20)
    return paths


def _rich_workbook(path: Path) -> Path:
    """Formulas, merged cells, dates, a padded number, a hidden sheet: every part that is looked at."""
    with xlsxwriter.Workbook(str(path), {"default_date_format": "dd.mm.yyyy"}) as book:
        page, padded = book.add_worksheet("Kunden"), book.add_format({"num_format": "000000"})
        page.merge_range("A1:D1", "Kundenliste")
        page.write_row(1, 0, HEAD)
        for number, row in enumerate(_rows(), start=2):
            page.write_row(number, 0, row)
            page.write(number, 0, number, padded)
            page.write_formula(number, 7, "=1+1", None, 2)
        book.add_worksheet("Alt").hide()
    return path


def _flip(content: bytearray, chance: random.Random) -> bytearray:
    for _count in range(chance.randrange(1, 12)):
        content[chance.randrange(len(content))] = chance.randrange(256)
    return content


def _cut(content: bytearray, chance: random.Random) -> bytearray:
    return content[: chance.randrange(1, len(content))]


def _drop(content: bytearray, chance: random.Random) -> bytearray:
    start = chance.randrange(len(content))
    return content[:start] + content[start + chance.randrange(1, 200) :]


def _double(content: bytearray, chance: random.Random) -> bytearray:
    start = chance.randrange(len(content))
    return content[:start] + content[start : start + chance.randrange(1, 200)] + content[start:]


def _flip_unpacked(content: bytearray, chance: random.Random) -> bytearray:
    """Change bytes within the parts of a workbook, whose checksums fit again: these reach the parsers."""
    packed = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(bytes(content))) as archive, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as changed:
            if sum(part.file_size for part in archive.infolist()) > UNPACKED_MOST:  # a bomb: nothing that a test should unpack
                return _flip(content, chance)
            parts = {name: bytearray(archive.read(name)) for name in archive.namelist()}
            chosen = chance.choice([name for name, part in parts.items() if part])
            for name, part in parts.items():
                changed.writestr(name, bytes(_flip(part, chance) if name == chosen else part))
    except (zipfile.BadZipFile, zlib.error, RuntimeError, EOFError):
        return _flip(content, chance)
    return bytearray(packed.getvalue())


MUTATE: tuple[Callable[[bytearray, random.Random], bytearray], ...] = (_flip, _cut, _drop, _double, _flip_unpacked, _flip_unpacked)


def test_whatever_happens_to_the_bytes_of_a_list_it_is_taken_or_refused(corpus, tmp_path):
    chance = random.Random(SEED)
    wrong, before = [], resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    for number in range(MUTATIONS):
        source, mutate = chance.choice(corpus), chance.choice(MUTATE)
        path = tmp_path / f"{number}{source.suffix}"
        path.write_bytes(mutate(bytearray(source.read_bytes()), chance))
        started = monotonic()
        wrong += [f"{number} {source.name} {mutate.__name__}: {what}" for what in _judge(path)]
        if (seconds := monotonic() - started) > SECONDS_MOST:
            wrong.append(f"{number} {source.name}: {seconds:.0f} s")
    assert wrong == []
    # What the reading child may take is its limit; this is the process that listens to it.
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 - before < MEMORY_MOST_MIB


def _judge(path: Path) -> list[str]:
    """What is wrong with the answer; the import is undone."""
    with transaction.atomic():
        try:
            result = run_import("customers", path, is_lenient=True)
        except Exception as error:  # any at all: this is what the probe looks for
            transaction.set_rollback(True)
            return [repr(error)]
        counts = Customer.objects.for_system(_WHY).count(), ImportRun.objects.count()
        taken = 0 if result.verdict == "reject" else result.created
        wrong = [] if counts == (taken, 1) else [f"{result.verdict} with {counts[0]} rows in {counts[1]} runs, said {taken}"]
        if result.verdict == "reject" and not any(one.level == "error" and one.text for one in result.messages):
            wrong.append("refused without a word")
        transaction.set_rollback(True)
    return wrong
