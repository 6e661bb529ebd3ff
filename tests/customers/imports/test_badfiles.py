"""Forty bad customer files of the shared folder against the answers expected of them, lenient and strict."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse

from accounts.models import Role
from customers.imports import job as import_job, uploads
from customers.imports.messages import restored
from customers.imports.run import ImportResult, run_import
from customers.models import Contact, Customer, ImportBefore, ImportRow, ImportRun, SearchToken
from innendienst.base import jobs
from innendienst.base.models import Job
from innendienst.lib.folding import business_key
from tests import factories

GENERATOR = Path(os.environ.get("SHARED_DIR", settings.BASE_DIR.parent / "shared")) / "badfiles" / "make_badfiles.py"
VERDICTS = {"accept": "accept", "accept-with-warnings": "warn", "reject": "reject"}
FIELDS = {
    "Firma": "name",
    "Straße": "street",
    "PLZ": "postcode",
    "Ort": "town",
    "Telefon": "phone",
    "E-Mail": "email",
    "Branche": "industry",
}
_WHY = "test"

pytestmark = [pytest.mark.one_database, pytest.mark.skipif(not GENERATOR.exists(), reason=f"{GENERATOR} is not there")]


@dataclass(frozen=True)
class Files:
    folder: Path
    columns: list[str]
    expected: dict[str, dict]


@pytest.fixture(scope="session")
def files(tmp_path_factory) -> Files:
    folder = tmp_path_factory.mktemp("badfiles")
    subprocess.run([sys.executable, str(GENERATOR), str(folder)], check=True, capture_output=True)
    said = json.loads((folder / "expectations.json").read_text(encoding="utf-8"))
    return Files(folder, said["columns"], said["files"])


@pytest.fixture
def users(team_north):
    return [factories.make_user("a.lang", team=team_north), factories.make_user("b.vogel", Role.REP, team=team_north)]


@pytest.fixture(params=["command", "admin"])
def importer(request, client, dieter, settings, tmp_path) -> Callable[..., ImportResult]:
    """Imports one file, in one go or by upload, preview and confirmation."""
    settings.VAR_DIR = tmp_path
    if request.param == "command":
        return partial(run_import, "customers")
    client.force_login(dieter)
    return partial(_import_by_hand, client)


def _import_by_hand(client, path: Path, *, is_lenient: bool) -> ImportResult:
    file = SimpleUploadedFile(path.name, path.read_bytes())
    form = {"file": file, "mode": "lenient" if is_lenient else "strict"}
    answer = client.post(reverse("imports:upload", args=["customers"]), form)
    if answer.status_code == 422:
        return ImportResult("reject", None, 0, 0, 0, 0, [_Said(text) for text in answer.context["form"].errors["file"]], 0)
    _work(uploads.STAGE)
    run = ImportRun.objects.get()
    assert client.get(answer.url).status_code == 200
    if run.state == "staged":
        client.post(f"{answer.url}confirm/", {"seen": run.staged_at.isoformat()})
    _work(import_job.TAKE_OVER)
    run.refresh_from_db()
    assert client.get(answer.url).status_code == 200
    counts = (run.created_count, run.updated_count, run.unchanged_count) if run.state == "done" else (0, 0, 0)
    return ImportResult(run.verdict, run.pk, *counts, run.rejected_count, restored(run.messages), 0)


@dataclass(frozen=True)
class _Said:
    """What the form says of a file that is refused at once."""

    text: str
    level: str = "error"
    row: int | None = None


def _work(kind: str) -> None:
    for job in Job.objects.filter(kind=kind, state="queued"):
        jobs.run(job.pk)


def _attempt(importer, path: Path, check, *, is_lenient: bool) -> list[str]:
    """What `check` finds wrong after the import of one file, which is then undone."""
    with transaction.atomic():
        wrong = check(importer(path, is_lenient=is_lenient))
        transaction.set_rollback(True)
    return wrong


def test_every_bad_file_gets_the_answer_expected_of_it(files, users, importer):
    def check(expected: dict):
        return lambda result: [*_wrong_answer(result, expected), *_wrong_rows(result, expected), *_wrong_cells(result, expected)]

    found = {
        name: wrong
        for name, expected in files.expected.items()
        if (wrong := _attempt(importer, files.folder / name, check(expected), is_lenient=True))
    }
    assert found == {}


def test_a_strict_import_takes_nothing_of_a_file_with_bad_rows(files, users, importer):
    def check(result: ImportResult) -> list[str]:
        is_untouched = not Customer.objects.for_system(_WHY).exists()
        return [] if result.verdict == "reject" and is_untouched else [f"{result.verdict}, {result.created} rows"]

    with_bad_rows = [name for name, expected in files.expected.items() if expected["bad_rows"]]
    found = {name: wrong for name in with_bad_rows if (wrong := _attempt(importer, files.folder / name, check, is_lenient=False))}
    assert found == {}
    assert len(with_bad_rows) > 5


def _wrong_answer(result: ImportResult, expected: dict) -> list[str]:
    verdicts = [VERDICTS[one] for one in (expected["verdict"], *expected["also_ok"])]
    text = " ".join(message.text for message in result.messages).lower()
    is_plain = result.verdict == "accept" and not result.messages
    wrong = [] if result.verdict in verdicts else [f"verdict {result.verdict}: {text}"]
    if expected["keywords"] and not is_plain and not any(word in text for word in expected["keywords"]):
        wrong.append(f"none of {expected['keywords']} in: {text}")
    return wrong


def _wrong_rows(result: ImportResult, expected: dict) -> list[str]:
    count = Customer.objects.for_system(_WHY).count()
    if result.verdict == "reject":
        return [f"{count} rows of a refused file"] if count else []
    named = {message.row for message in result.messages if message.level == "error"}
    wrong = [] if count == expected["good_rows"] else [f"{count} rows instead of {expected['good_rows']}"]
    return wrong if named == set(expected["bad_rows"]) else [*wrong, f"rows {named} named instead of {expected['bad_rows']}"]


def _wrong_cells(result: ImportResult, expected: dict) -> list[str]:
    stored = json.dumps(
        [list(model.objects.for_system(_WHY).values()) for model in (Customer, Contact)]
        + [list(model.objects.values()) for model in (SearchToken, ImportRun, ImportRow, ImportBefore)],
        default=str, ensure_ascii=False,
    )  # fmt: skip
    wrong = [f"{text!r} is stored" for text in expected["forbid"] if json.dumps(text, ensure_ascii=False)[1:-1] in stored]
    for row, cells in expected["cells"].items() if result.verdict != "reject" else ():
        customer = _customer_of(int(row), cells)
        wrong += [f"row {row}: {name} {got!r}" for name, value in cells.items() if (got := _stored(customer, name)) != value]
    return wrong


def _customer_of(row: int, cells: dict) -> Customer:
    """The generator numbers its customers from K-1001 in row 2."""
    number = cells.get("Kundennummer", f"K-{999 + row}")
    return Customer.objects.for_system(_WHY).get(number_key=business_key(number))


def _stored(customer: Customer, column: str) -> object:
    if column == "Kundennummer":
        return customer.number
    if column == "Umsatz Vorjahr":
        return float(customer.stated_revenue_before)
    if column == "Letzter Kauf":
        return customer.stated_last_order_on.isoformat()
    return getattr(customer, FIELDS[column])
