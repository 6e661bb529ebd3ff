"""kill -9 of the worker in the middle of an import: all rows or none, finished after the restart, nothing twice.

Scaled down in the test run; `make probes` does it in full (PROBE_KILLS=50 PROBE_ROWS=20000 PROBE_UPLOADS=10).
"""

import os
import random
import sqlite3
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.customers.imports.lists import write_csv
from tests.processes.installation import DATABASE, Installation, copy_to

KILLS, ROWS = int(os.environ.get("PROBE_KILLS", "1")), int(os.environ.get("PROBE_ROWS", "1500"))
SEED = int(os.environ.get("PROBE_SEED", "7"))
DONE_WITHIN_SECONDS = 120
PARALLEL = int(os.environ.get("PROBE_UPLOADS", "3"))
BELL_SECONDS = 5
"""The machine is not taken from the one that works."""

_UPLOAD = """
from django.core.files.uploadedfile import SimpleUploadedFile
from accounts.models import User
from customers.imports.uploads import receive
admin = User.objects.get(username="probe")
print(receive(actor=admin, kind="customers", file=SimpleUploadedFile("a.csv", open({path!r}, "rb").read()), is_lenient=False).run.pk)
"""
_CONFIRM = """
from accounts.models import User
from customers.imports import acts
from customers.models import ImportRun
run = ImportRun.objects.get(pk={run})
acts.confirm(actor=User.objects.get(username="probe"), run=run, seen=acts.preview_key(run), is_lenient=False)
"""
_ADMIN = "from tests import factories; factories.make_user('probe', role='admin')"
_CUSTOMERS = "SELECT number, name, sort_key, postcode, town, phone, phone_e164, version FROM customers_customer ORDER BY number"
_AROUND = """
    SELECT (SELECT COUNT(*) FROM customers_contact), (SELECT COUNT(*) FROM customers_customerfacts),
        (SELECT COUNT(*) FROM customers_searchtoken), (SELECT COUNT(*) FROM customers_contact WHERE customer_id NOT IN (SELECT id FROM customers_customer))
"""

pytestmark = [pytest.mark.processes, pytest.mark.timeout(60 + 120 * KILLS)]


def _list(folder: Path) -> Path:
    head = ["Kundennummer", "Firma", "PLZ", "Ort", "Telefon", "Nachname"]
    rows = ([f"K{i:06d}", f"Müller {i}", "01067", "Dresden", f"0351 {1000 + i % 50}", f"Weiß{i}"] for i in range(ROWS))
    return write_csv(folder / "kunden.csv", head, *rows)


def _installation(folder: Path, prepared: Path) -> Installation:
    folder.mkdir()
    copy_to(folder, prepared)
    return Installation(folder)


def _shell(installation: Installation, program: str) -> str:
    return installation.manage("shell", "-v0", "-c", program).stdout.strip()


def _tables(installation: Installation) -> tuple:
    return installation.rows(_CUSTOMERS), installation.rows(_AROUND)


def _state(installation: Installation, run: int) -> str:
    return installation.value(f"SELECT state FROM customers_importrun WHERE id = {run}")


def _confirm_when_staged(installation: Installation, run: int, seconds: float, woken: threading.Event) -> None:
    """Wait for the preview, confirm it, wait for the end; once a worker was killed the minute's tick is not waited for."""
    deadline, next_bell, is_confirmed = time.monotonic() + seconds, 0.0, False
    while (state := _state(installation, run)) != "done":
        assert time.monotonic() < deadline, f"{state}\n{installation.log()}"
        if state == "staged" and not is_confirmed:
            _shell(installation, _CONFIRM.format(run=run))
            is_confirmed = True
        if woken.is_set() and time.monotonic() > next_bell:
            installation.let_leases_run_out()
            installation.ring()
            next_bell = time.monotonic() + BELL_SECONDS
        time.sleep(0.2)


@pytest.fixture
def undisturbed(tmp_path, prepared) -> tuple:
    installation = _installation(tmp_path / "undisturbed", prepared)
    installation.manage("import_list", "customers", str(_list(tmp_path)))
    return _tables(installation)


def test_a_worker_killed_at_any_point_leaves_all_rows_or_none_and_the_next_finishes(tmp_path, prepared, undisturbed):
    points, longest = random.Random(SEED), 2.0
    assert len(undisturbed[0]) == ROWS
    for number in range(KILLS):
        installation = _installation(tmp_path / f"kill{number}", prepared)
        try:
            _shell(installation, _ADMIN)
            installation.start()
            seconds = _kill_once(installation, _list(tmp_path), points.uniform(0, longest))
            longest = max(longest, seconds)
            assert _tables(installation) == undisturbed
            assert installation.rows("SELECT state, created_count FROM customers_importrun") == [("done", ROWS)]
        finally:
            installation.clean_up()


def _kill_once(installation: Installation, path: Path, point: float) -> float:
    """Import with a kill after so many seconds; how long it took."""
    run = int(_shell(installation, _UPLOAD.format(path=str(path))))
    counts, woken, started = [], threading.Event(), time.monotonic()

    def kill() -> None:
        installation.worker("bulk").kill()
        counts.append(installation.value("SELECT COUNT(*) FROM customers_customer"))
        woken.set()

    timer = threading.Timer(point, kill)
    timer.start()
    _confirm_when_staged(installation, run, point + DONE_WITHIN_SECONDS, woken)
    timer.join()
    assert counts[0] in (0, ROWS)
    return time.monotonic() - started


def test_many_uploads_of_one_file_at_once_are_one_import(tmp_path, prepared):
    installation = _installation(tmp_path / "parallel", prepared)
    _shell(installation, _ADMIN)
    path, answers = _list(tmp_path), []
    threads = [
        threading.Thread(target=lambda: answers.append(_shell(installation, _UPLOAD.format(path=str(path))))) for _ in range(PARALLEL)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(answers), len(set(answers))) == (PARALLEL, 1)
    with closing(sqlite3.connect(installation.folder / DATABASE)) as connection:
        assert connection.execute("SELECT COUNT(*) FROM customers_importrun").fetchone() == (1,)
        assert connection.execute("SELECT COUNT(*) FROM base_job WHERE kind = 'import_stage'").fetchone() == (1,)
    assert len(list((installation.folder / "uploads").iterdir())) == 1
