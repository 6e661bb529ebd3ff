"""The upload pages and the job behind them."""

import datetime as dt

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from customers.imports import job as import_job, uploads
from customers.models import Customer, ImportRun
from innendienst.base import jobs
from innendienst.base.models import Job

WHY = "test"
GOOD = "Kundennummer;Firma;PLZ\n1;Müller;01067\n2;Meier;20095\n"
BAD = "Kundennummer;Firma;PLZ\n1;Müller;ABCDE\n2;Meier;20095\n"


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.VAR_DIR = tmp_path


@pytest.fixture
def admin(client, dieter):
    client.force_login(dieter)
    return client


def _upload(client, content: str | bytes, name: str = "kunden.csv", **fields):
    data = content.encode() if isinstance(content, str) else content
    form = {"mode": "strict", "file": SimpleUploadedFile(name, data), **fields}
    return client.post(reverse("imports:upload", args=["customers"]), form)


def _work() -> None:
    for job in Job.objects.filter(kind="import", state="queued"):
        jobs.run(job.pk)


def _files() -> list:
    folder = settings.VAR_DIR / "uploads"
    return list(folder.iterdir()) if folder.exists() else []


def test_from_the_form_to_the_result(admin, dieter):
    page = admin.get(reverse("imports:upload", args=["customers"]))
    assert "<strong>Kundennummer</strong>" in page.content.decode()
    answer = _upload(admin, GOOD)
    run = ImportRun.objects.get()
    assert (answer.status_code, answer.url) == (302, reverse("imports:run", args=[run.pk]))
    assert (run.state, run.by, run.file_name, run.is_lenient) == ("uploaded", dieter, "kunden.csv", False)
    waiting = admin.get(answer.url).content.decode()
    assert "Die Liste wartet, bis sie an der Reihe ist." in waiting
    assert 'hx-trigger="every 2s"' in waiting
    _work()
    done = admin.get(answer.url).content.decode()
    assert "Die Liste wurde übernommen." in done
    assert "every 2s" not in done
    assert sorted(Customer.objects.for_system(WHY).values_list("name", flat=True)) == ["Meier", "Müller"]
    run.refresh_from_db()
    assert (run.state, run.created_count) == ("done", 2)
    assert _files() == []
    assert "kunden.csv" in admin.get(reverse("imports:list")).content.decode()


def test_the_page_asks_again_for_its_part_alone(admin):
    url = _upload(admin, GOOD).url
    part = admin.get(url, headers={"HX-Request": "true"})
    assert part.content.decode().lstrip().startswith('<div id="outcome"')
    assert "HX-Request" in part.headers["Vary"]


def test_errors_stand_in_a_table_with_row_and_column(admin):
    url = _upload(admin, BAD).url
    _work()
    page = admin.get(url).content.decode()
    assert "Es wurde nichts übernommen. Berichtigen Sie die Liste und lesen Sie sie neu ein." in page
    assert "„ABCDE“ ist keine Postleitzahl (erwartet: 5 Ziffern)." in page
    assert '<td class="num" data-label="Zeile">2</td>' in page
    assert not Customer.objects.for_system(WHY).exists()


def test_lenient_is_chosen_in_the_form(admin):
    url = _upload(admin, BAD, mode="lenient").url
    _work()
    assert "Die Liste wurde übernommen, außer 1 fehlerhaften Zeile." in admin.get(url).content.decode()
    assert Customer.objects.for_system(WHY).count() == 1


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"<html></html>", "Webseite (HTML)"),
        (bytes.fromhex("D0CF11E0A1B11AE1") + b"x" * 600, "das alte Excel-Format .xls"),
        (b"%PDF-1.7", "keine lesbare Liste"),
    ],
)
def test_what_is_no_list_is_refused_in_the_form_and_not_kept(admin, content, sentence):
    answer = _upload(admin, content, "liste.xlsx")
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert (ImportRun.objects.count(), _files()) == (0, [])


def test_an_empty_form_says_what_is_missing(admin):
    answer = admin.post(reverse("imports:upload"), {"mode": "strict"})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["file"]


def test_a_file_that_is_too_large_is_refused_with_the_limit(admin, monkeypatch):
    monkeypatch.setattr(uploads, "MEGABYTE", 1)
    answer = _upload(admin, GOOD)
    assert f"Die Datei ist zu groß: {len(GOOD.encode())} MB; möglich sind höchstens 50 MB." in answer.content.decode()
    assert ImportRun.objects.count() == 0


@pytest.mark.parametrize(("name", "kept"), [("../../x.csv", "x.csv"), ("😀" * 210 + ".csv", "😀" * 199 + "…"), ("a\u202eb.csv", "ab.csv")])
def test_the_name_of_a_file_is_text_and_no_path(admin, name, kept):
    _upload(admin, GOOD, name)
    assert ImportRun.objects.get().file_name == kept
    assert [path.parent for path in _files()] == [settings.VAR_DIR / "uploads"]


@pytest.mark.parametrize("name", ["imports:list", "imports:upload"])
def test_a_rep_may_not_import(client, anna, name):
    client.force_login(anna)
    assert client.get(reverse(name)).status_code == 403


def test_a_rep_sees_no_result_and_uploads_nothing(client, anna, dieter):
    run = ImportRun.objects.create(kind="customers", by=dieter)
    client.force_login(anna)
    assert client.get(reverse("imports:run", args=[run.pk])).status_code == 403
    assert _upload(client, GOOD).status_code == 403
    assert (ImportRun.objects.count(), _files()) == (1, [])


def test_an_unknown_list_or_run_does_not_exist(admin):
    assert admin.get(reverse("imports:upload", args=["followups"])).status_code == 404
    assert admin.get(reverse("imports:run", args=[4711])).status_code == 404


def test_before_the_first_list_the_page_says_where_to_begin(admin):
    assert "Noch keine Liste eingelesen. Beginnen Sie mit den Kunden" in admin.get(reverse("imports:list")).content.decode()


# --- the job ---------------------------------------------------------------------------------------------------------


def test_a_job_run_twice_imports_once(admin):
    _upload(admin, GOOD)
    job = Job.objects.get(kind="import")
    jobs.run(job.pk)
    Job.objects.filter(pk=job.pk).update(state="queued")
    jobs.run(job.pk)
    run = ImportRun.objects.get()
    assert (run.state, run.created_count, run.unchanged_count) == ("done", 2, 0)


def test_a_run_that_was_killed_starts_again_and_finishes(admin):
    _upload(admin, GOOD)
    ImportRun.objects.update(state="running")
    _work()
    assert ImportRun.objects.get().state == "done"


def test_a_lost_file_stops_the_run_with_a_sentence(admin):
    url = _upload(admin, GOOD).url
    for path in _files():
        path.unlink()
    _work()
    assert "Die hochgeladene Datei ist nicht mehr da." in admin.get(url).content.decode()


def test_a_run_whose_job_was_given_up_says_so(admin):
    url = _upload(admin, GOOD).url
    Job.objects.filter(kind="import").update(state="failed")
    page = admin.get(url).content.decode()
    assert "Das Einlesen wurde nach mehreren Versuchen aufgegeben" in page
    assert "every 2s" not in page


def test_a_job_for_a_run_that_is_gone_does_nothing(admin):
    _upload(admin, GOOD)
    ImportRun.objects.all().delete()
    _work()
    assert (Job.objects.get(kind="import").state, Customer.objects.for_system(WHY).count()) == ("done", 0)


def test_what_was_said_about_rows_is_forgotten_after_30_days_and_names_after_a_year(db):
    said = [{"code": "empty", "level": "error", "row": None, "column": "", "params": {}}]
    young, old, ancient = (ImportRun.objects.create(kind="orders", file_name="a.csv", messages=said) for _age in range(3))
    for run, days in ((old, 31), (ancient, 366)):
        ImportRun.objects.filter(pk=run.pk).update(started_at=timezone.now() - dt.timedelta(days=days))
    import_job.forget_old(None)
    kept = dict(ImportRun.objects.values_list("pk", "messages"))
    assert kept == {young.pk: said, old.pk: [], ancient.pk: []}
    assert dict(ImportRun.objects.values_list("pk", "file_name")) == {young.pk: "a.csv", old.pk: "a.csv", ancient.pk: ""}
