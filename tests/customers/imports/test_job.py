"""The job behind the upload pages."""

import datetime as dt

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from customers.imports import job as import_job, uploads
from customers.models import Customer, ImportRow, ImportRun
from innendienst.base import jobs
from innendienst.base.models import Job
from tests.customers.imports.uploading import GOOD, confirm, files, import_list, upload, work

WHY = "test"


def test_a_job_run_twice_imports_once(admin):
    import_list(admin)
    for job in Job.objects.filter(kind__startswith="import_"):
        Job.objects.filter(pk=job.pk).update(state="queued")
        jobs.run(job.pk)
    run = ImportRun.objects.get()
    assert (run.state, run.created_count, run.unchanged_count) == ("done", 2, 0)
    assert Customer.objects.for_system(WHY).count() == 2


def test_a_take_over_that_was_killed_starts_again_and_finishes(admin):
    url = upload(admin, GOOD).url
    work()
    confirm(admin, url)
    ImportRun.objects.update(state="running")
    work()
    assert ImportRun.objects.get().state == "done"


def test_who_cancels_while_rows_are_written_leaves_them_to_the_worker_who_has_them_locked(admin):
    url = upload(admin, GOOD).url
    work()
    confirm(admin, url)
    ImportRun.objects.update(state="running")
    assert "Das Einlesen wurde abgebrochen; übernommen wurde nichts." in admin.post(f"{url}cancel/", follow=True).content.decode()
    run = ImportRun.objects.get()
    assert (run.state, run.failure, run.rows.count()) == ("failed", "cancelled", 2)
    work()
    assert (run.rows.count(), Customer.objects.for_system(WHY).count()) == (0, 0)


def test_rows_of_a_take_over_that_was_given_up_are_forgotten(admin):
    upload(admin, GOOD)
    work()
    ImportRun.objects.update(state="running")
    Job.objects.update(state="failed")
    import_job.stop_abandoned(timezone.now())
    run = ImportRun.objects.get()
    assert (run.state, run.failure, run.rows.count()) == ("failed", "error", 0)


def test_a_database_that_lets_nobody_cancel_while_it_writes_is_explained(admin, monkeypatch):
    url = upload(admin, GOOD).url
    monkeypatch.setattr("customers.imports.acts.cancel", lambda **_said: (_ for _ in ()).throw(OperationalError("database is locked")))
    monkeypatch.setattr("customers.imports.views.is_postgresql", lambda: False)
    page = admin.post(f"{url}cancel/", follow=True).content.decode()
    assert "Die Zeilen werden gerade geschrieben; das lässt sich hier nicht unterbrechen." in page


def test_a_lost_file_stops_the_run_with_a_sentence(admin):
    url = upload(admin, GOOD).url
    for path in files():
        path.unlink()
    work()
    assert "Die hochgeladene Datei ist nicht mehr da." in admin.get(url).content.decode()


def test_a_run_whose_job_was_given_up_says_so_and_lets_the_file_in_again(admin):
    url = upload(admin, GOOD).url
    Job.objects.filter(kind=uploads.STAGE).update(state="failed")
    import_job.stop_abandoned(timezone.now())
    page = admin.get(url).content.decode()
    assert "Das Einlesen wurde nach mehreren Versuchen aufgegeben" in page
    assert "every 2s" not in page
    assert upload(admin, GOOD).url != url


def test_a_run_at_work_is_not_abandoned(admin):
    upload(admin, GOOD)
    import_job.stop_abandoned(timezone.now())
    assert ImportRun.objects.get().state == "uploaded"


def test_a_job_for_a_run_that_is_gone_does_nothing(admin):
    upload(admin, GOOD)
    ImportRun.objects.all().delete()
    work()
    assert (Job.objects.get(kind=uploads.STAGE).state, Customer.objects.for_system(WHY).count()) == ("done", 0)


def test_files_and_rows_are_kept_for_30_days(admin):
    import_list(admin)
    assert (len(files()), ImportRow.objects.count()) == (1, 2)
    ImportRun.objects.update(started_at=timezone.now() - dt.timedelta(days=31))
    import_job.forget_old(None)
    run = ImportRun.objects.get()
    assert (files(), ImportRow.objects.count(), run.reading, run.stored_as, run.state) == ([], 0, {}, "", "done")


def test_what_was_said_about_rows_is_forgotten_after_30_days_and_names_after_a_year(db):
    said = [{"code": "empty", "level": "error", "row": None, "column": "", "params": {}}]
    young, old, ancient = (ImportRun.objects.create(kind="orders", file_name="a.csv", messages=said) for _age in range(3))
    for run, days in ((old, 31), (ancient, 366)):
        ImportRun.objects.filter(pk=run.pk).update(started_at=timezone.now() - dt.timedelta(days=days))
    import_job.forget_old(None)
    kept = dict(ImportRun.objects.values_list("pk", "messages"))
    assert kept == {young.pk: said, old.pk: [], ancient.pk: []}
    assert dict(ImportRun.objects.values_list("pk", "file_name")) == {young.pk: "a.csv", old.pk: "a.csv", ancient.pk: ""}


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite counts the steps of its statements")
def test_taking_over_four_times_as_many_rows_takes_about_four_times_as_many_steps(admin):
    few, many = (_steps_of_take_over(admin, first=start, count=count) for start, count in ((0, 400), (10_000, 1_600)))
    assert many < 6 * few


def _steps_of_take_over(admin, *, first: int, count: int) -> int:
    """Of a new list, in thousands."""
    rows = (f"{number};Firma {number};01067\n" for number in range(first, first + count))
    url = upload(admin, "Kundennummer;Firma;PLZ\n" + "".join(rows)).url
    work()
    confirm(admin, url)
    steps = []
    connection.connection.set_progress_handler(lambda: steps.append(1) and None, 1_000)
    work()
    connection.connection.set_progress_handler(None, 0)
    assert ImportRun.objects.latest("pk").created_count == count
    return len(steps)
