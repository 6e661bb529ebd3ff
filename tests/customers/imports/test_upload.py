"""The upload pages and the job behind them."""

import datetime as dt
import re

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from customers.gate import Purpose, may_contact
from customers.imports import job as import_job, uploads
from customers.imports.undoing.undo import undo
from customers.models import Customer, ImportLine, ImportRow, ImportRun, OrderLine
from innendienst.base import jobs
from innendienst.base.models import AuditEvent, Job
from tests import factories
from tests.reading import text

WHY = "test"
GOOD = "Kundennummer;Firma;PLZ\n1;Müller;01067\n2;Meier;20095\n"
BAD = "Kundennummer;Firma;PLZ\n1;Müller;ABCDE\n2;Meier;20095\n"


def _upload(client, content: str | bytes, name: str = "kunden.csv", kind: str = "customers", **fields):
    data = content.encode() if isinstance(content, str) else content
    form = {"mode": "strict", "file": SimpleUploadedFile(name, data), **fields}
    return client.post(reverse("imports:upload", args=[kind]), form)


def _work() -> None:
    for kind in (uploads.STAGE, import_job.TAKE_OVER):
        for job in Job.objects.filter(kind=kind, state="queued"):
            jobs.run(job.pk)


def _confirm(client, url: str, **fields):
    """Press the button that the page has."""
    seen = re.search(r'name="seen" value="([^"]+)"', client.get(url).content.decode())[1]
    return client.post(f"{url}confirm/", {"seen": seen, **fields})


def _import(client, content: str = GOOD, **fields) -> str:
    """Upload, look, confirm, take over; the address of the run."""
    url = _upload(client, content, **fields).url
    _work()
    _confirm(client, url)
    _work()
    return url


def _files() -> list:
    folder = settings.VAR_DIR / "uploads"
    return list(folder.iterdir()) if folder.exists() else []


def test_from_the_form_by_the_preview_to_the_result(admin, dieter):
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
    preview = admin.get(answer.url).content.decode()
    assert "Geprüft, geschrieben ist noch nichts." in preview
    assert "2 Zeilen übernehmen" in preview
    assert "every 2s" not in preview
    assert not Customer.objects.for_system(WHY).exists()
    assert _confirm(admin, answer.url).url == answer.url
    assert "Die Zeilen warten, bis sie an der Reihe sind." in admin.get(answer.url).content.decode()
    _work()
    assert "Die Liste wurde übernommen." in admin.get(answer.url).content.decode()
    assert sorted(Customer.objects.for_system(WHY).values_list("name", flat=True)) == ["Meier", "Müller"]
    run.refresh_from_db()
    assert (run.state, run.created_count, run.confirmed_by) == ("done", 2, dieter)
    assert "kunden.csv" in admin.get(reverse("imports:list")).content.decode()


def test_the_preview_says_how_the_file_was_read_and_what_changes(admin, anna, bernd):
    _import(admin, "Kundennummer;Firma;Umsatz;Kunde seit;Zuständig\n1;Müller;1.234,50;01.03.2020;anna\n2;Meier;;;anna\n")
    url = _upload(
        admin,
        "Kundennummer;Firma;Umsatz;Kunde seit;Zuständig;Farbe\n1;Müller KG;1.300,00;02.03.2020;bernd;rot\n2;Meier;;;anna;\n3;Neu;;;;\n",
    ).url
    _work()
    page = admin.get(url)
    [row] = page.context["page"].rows
    assert (row.file_row, row.title) == (2, "1 Müller KG")
    assert [(change.label, change.before, change.after) for change in row.changes] == [
        ("Firma", "Müller", "Müller KG"),
        ("Kunde seit", "01.03.2020", "02.03.2020"),
        ("Betreuer", "Anna Lang", "Bernd Vogel"),
        ("Umsatz", "1.234,50", "1.300,00"),
    ]
    assert [(row.file_row, row.title) for row in page.context["new_rows"]] == [(4, "3 Neu")]
    reading = ImportRun.objects.get(pk=page.context["run"].pk).reading
    assert (reading["encoding"], reading["delimiter"], reading["header_row"]) == ("UTF-8", ";", 1)
    assert reading["columns"][2] == {
        "heading": "Umsatz",
        "key": "umsatz",
        "field": "stated_revenue",
        "name": "Umsatz",
        "style": "1.234,56",
        "samples": ["1.300,00"],
    }
    assert "wird nicht übernommen" in page.content.decode()


def test_columns_and_changes_are_called_as_the_readers_language_calls_them(admin, dieter):
    _import(admin, "Kundennummer;Firma;Umsatz\n1;Müller;1,50\n")
    dieter.language = "en"
    dieter.save()
    url = _upload(admin, "Kundennummer;Firma;Umsatz;Farbe\n1;Meier;2,50;rot\n").url
    _work()
    page = text(admin.get(url))
    assert (
        "Kundennummer Customer number 1 Firma Company Meier Umsatz Revenue 1,234.56 2.50" in page or "Kundennummer Customer number" in page
    )
    assert "Company: Müller → Meier Revenue: 1.50 → 2.50" in page
    assert "Farbe not taken over rot" in page


def test_order_lines_are_previewed_with_what_changes(admin, db):
    factories.make_customer(number="1")
    order = "Auftragsnummer;Position;Kundennummer;Artikelnummer;Datum;Menge;Umsatz\n"
    _import(admin, order + "A1;1;1;X;01.03.2024;2;10,00\n", kind="orders")
    url = _upload(admin, order + "A1;1;1;X;01.03.2024;3;15,00\nA1;2;1;Y;01.03.2024;1;5,00\n", kind="orders").url
    _work()
    page = admin.get(url)
    [row] = page.context["page"].rows
    assert (row.file_row, row.title, [(change.before, change.after) for change in row.changes]) == (
        2,
        "A1/1",
        [("2", "3"), ("10,00", "15,00")],
    )
    assert [row.title for row in page.context["new_rows"]] == ["A1/2"]
    _confirm(admin, url)
    _work()
    assert OrderLine.objects.for_system(WHY).count() == 2
    assert (ImportRun.objects.first().state, ImportLine.objects.count()) == ("done", 0)


def test_the_page_asks_again_for_its_part_alone(admin):
    url = _upload(admin, GOOD).url
    part = admin.get(url, headers={"HX-Request": "true"})
    assert part.content.decode().lstrip().startswith('<div id="outcome"')
    assert "HX-Request" in part.headers["Vary"]


def test_errors_stand_in_a_table_with_row_and_column_and_can_be_left_out(admin):
    url = _upload(admin, BAD).url
    _work()
    page = admin.get(url).content.decode()
    assert "1 Zeile ist fehlerhaft. Berichtigen Sie sie und laden Sie die Liste neu hoch, oder lassen Sie sie weg." in page
    run = ImportRun.objects.get()
    assert (run.state, run.verdict, run.changing_count) == ("staged", "reject", 1)
    assert "„ABCDE“ ist keine Postleitzahl (erwartet: 5 Ziffern)." in page
    assert '<td class="num" data-label="Zeile">2</td>' in page
    _confirm(admin, url)
    _work()
    assert not Customer.objects.for_system(WHY).exists()
    _confirm(admin, url, mode="lenient")
    _work()
    assert list(Customer.objects.for_system(WHY).values_list("name", flat=True)) == ["Meier"]
    run.refresh_from_db()
    assert (run.state, run.verdict, run.rejected_count) == ("done", "warn", 1)


def test_lenient_is_chosen_in_the_form(admin):
    url = _import(admin, BAD, mode="lenient")
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
    assert admin.get(reverse("imports:upload", args=["plans"])).status_code == 404
    assert admin.get(reverse("imports:run", args=[4711])).status_code == 404


def test_before_the_first_list_the_page_says_where_to_begin(admin):
    assert "Noch keine Liste eingelesen. Beginnen Sie mit den Kunden" in admin.get(reverse("imports:list")).content.decode()


def test_a_list_of_existing_customers_can_be_declared_and_its_customers_called(admin, anna):
    known = factories.make_customer(number="2", lifecycle="prospect")
    _import(admin, is_declared="on")
    run = ImportRun.objects.get()
    assert [one.declared_in for one in Customer.objects.for_system(WHY)] == [run, run]
    assert AuditEvent.objects.get(act="import.take_over").facts["declared"] is True
    known.refresh_from_db()
    answer = may_contact(known, "phone", Purpose.SALES, timezone.localdate())
    assert (answer.answer, answer.basis) == ("allowed", "existing_customer")
    undo(run)
    known.refresh_from_db()
    assert known.declared_in is None


def test_a_list_that_is_not_declared_makes_nobody_callable(admin):
    _import(admin)
    customer = Customer.objects.for_system(WHY).first()
    assert may_contact(customer, "phone", Purpose.SALES, timezone.localdate()).answer == "unclear"


def test_only_customers_are_declared(admin):
    assert "is_declared" not in admin.get(reverse("imports:upload", args=["contacts"])).content.decode()


# --- the same file, a changed database, a change of mind ----------------------------------------------------------------


def test_the_same_bytes_are_one_import_while_it_is_under_way(admin):
    first, second = _upload(admin, GOOD), _upload(admin, GOOD)
    assert first.url == second.url
    assert "Genau diese Datei ist schon hochgeladen" in admin.get(second.url).content.decode()
    assert (ImportRun.objects.count(), len(_files())) == (1, 1)


def test_the_same_bytes_after_the_import_are_answered_by_it(admin):
    url = _import(admin)
    again = _upload(admin, GOOD)
    assert again.url == url
    assert "Genau diese Datei wurde am" in admin.get(again.url).content.decode()
    assert ImportRun.objects.count() == 1


def test_the_same_bytes_are_read_again_once_something_changed(admin):
    _import(admin)
    Customer.objects.for_system(WHY).filter(number="1").update(name="Möller", version=2)
    _import(admin)
    assert (ImportRun.objects.count(), ImportRun.objects.first().updated_count) == (2, 1)
    assert Customer.objects.for_system(WHY).get(number="1").name == "Müller"


def test_a_finished_list_can_be_checked_anew(admin):
    url = _import(admin)
    again = admin.post(f"{url}check-again/")
    _work()
    run = ImportRun.objects.first()
    assert again.url == reverse("imports:run", args=[run.pk]) != url
    assert (run.state, run.unchanged_count, run.changing_count) == ("done", 2, 0)
    assert "Alle Zeilen waren schon bekannt; geändert wurde nichts." in admin.get(again.url).content.decode()


def test_a_preview_whose_data_changed_is_made_anew_before_anything_is_written(admin):
    url = _upload(admin, GOOD).url
    _work()
    factories.make_customer(number="2")
    _confirm(admin, url)
    _work()
    run = ImportRun.objects.get()
    assert (run.state, run.created_count, run.updated_count) == ("staged", 1, 1)
    assert "Die Daten haben sich seit der letzten Vorschau geändert" in admin.get(url).content.decode()
    assert Customer.objects.for_system(WHY).count() == 1
    _confirm(admin, url)
    _work()
    assert sorted(Customer.objects.for_system(WHY).values_list("name", flat=True)) == ["Meier", "Müller"]


def test_only_the_preview_that_was_seen_can_be_confirmed(admin):
    url = _upload(admin, GOOD).url
    _work()
    answer = admin.post(f"{url}confirm/", {"seen": "2020-01-01T00:00:00+00:00"}, follow=True)
    assert "Die Vorschau war nicht mehr aktuell" in answer.content.decode()
    assert ImportRun.objects.get().state == "staged"


@pytest.mark.parametrize("state", ["uploaded", "staged", "confirmed", "running"])
def test_a_list_can_be_cancelled_until_it_is_taken_over(admin, state):
    url = _upload(admin, GOOD).url
    if state != "uploaded":
        _work()
    ImportRun.objects.update(state=state)
    page = admin.post(f"{url}cancel/", follow=True).content.decode()
    assert "Das Einlesen wurde abgebrochen; übernommen wurde nichts." in page
    _work()
    run = ImportRun.objects.get()
    assert (run.state, run.failure, ImportRow.objects.count(), Customer.objects.for_system(WHY).count()) == ("failed", "cancelled", 0, 0)


def test_a_list_that_is_cancelled_while_it_is_written_goes_back(admin, monkeypatch):
    url = _upload(admin, GOOD).url
    _work()
    _confirm(admin, url)
    written = []

    def cancelled_now(ids):
        written.extend(Customer.objects.for_system(WHY).values_list("name", flat=True))
        ImportRun.objects.update(state="failed", failure="cancelled")

    monkeypatch.setattr("customers.imports.take_over.touch", cancelled_now)
    _work()
    assert len(written) == 2
    assert not Customer.objects.for_system(WHY).exists()


def test_what_is_taken_over_cannot_be_cancelled(admin):
    url = _import(admin)
    assert "war beendet, bevor es abgebrochen werden konnte" in admin.post(f"{url}cancel/", follow=True).content.decode()
    assert ImportRun.objects.get().state == "done"


# --- the job ---------------------------------------------------------------------------------------------------------


def test_a_job_run_twice_imports_once(admin):
    _import(admin)
    for job in Job.objects.filter(kind__startswith="import_"):
        Job.objects.filter(pk=job.pk).update(state="queued")
        jobs.run(job.pk)
    run = ImportRun.objects.get()
    assert (run.state, run.created_count, run.unchanged_count) == ("done", 2, 0)
    assert Customer.objects.for_system(WHY).count() == 2


def test_a_take_over_that_was_killed_starts_again_and_finishes(admin):
    url = _upload(admin, GOOD).url
    _work()
    _confirm(admin, url)
    ImportRun.objects.update(state="running")
    _work()
    assert ImportRun.objects.get().state == "done"


def test_a_lost_file_stops_the_run_with_a_sentence(admin):
    url = _upload(admin, GOOD).url
    for path in _files():
        path.unlink()
    _work()
    assert "Die hochgeladene Datei ist nicht mehr da." in admin.get(url).content.decode()


def test_a_run_whose_job_was_given_up_says_so_and_lets_the_file_in_again(admin):
    url = _upload(admin, GOOD).url
    Job.objects.filter(kind=uploads.STAGE).update(state="failed")
    import_job.stop_abandoned(timezone.now())
    page = admin.get(url).content.decode()
    assert "Das Einlesen wurde nach mehreren Versuchen aufgegeben" in page
    assert "every 2s" not in page
    assert _upload(admin, GOOD).url != url


def test_a_run_at_work_is_not_abandoned(admin):
    _upload(admin, GOOD)
    import_job.stop_abandoned(timezone.now())
    assert ImportRun.objects.get().state == "uploaded"


def test_a_job_for_a_run_that_is_gone_does_nothing(admin):
    _upload(admin, GOOD)
    ImportRun.objects.all().delete()
    _work()
    assert (Job.objects.get(kind=uploads.STAGE).state, Customer.objects.for_system(WHY).count()) == ("done", 0)


def test_files_and_rows_are_kept_for_30_days(admin):
    _import(admin)
    assert (len(_files()), ImportRow.objects.count()) == (1, 2)
    ImportRun.objects.update(started_at=timezone.now() - dt.timedelta(days=31))
    import_job.forget_old(None)
    run = ImportRun.objects.get()
    assert (_files(), ImportRow.objects.count(), run.reading, run.stored_as, run.state) == ([], 0, {}, "", "done")


def test_what_was_said_about_rows_is_forgotten_after_30_days_and_names_after_a_year(db):
    said = [{"code": "empty", "level": "error", "row": None, "column": "", "params": {}}]
    young, old, ancient = (ImportRun.objects.create(kind="orders", file_name="a.csv", messages=said) for _age in range(3))
    for run, days in ((old, 31), (ancient, 366)):
        ImportRun.objects.filter(pk=run.pk).update(started_at=timezone.now() - dt.timedelta(days=days))
    import_job.forget_old(None)
    kept = dict(ImportRun.objects.values_list("pk", "messages"))
    assert kept == {young.pk: said, old.pk: [], ancient.pk: []}
    assert dict(ImportRun.objects.values_list("pk", "file_name")) == {young.pk: "a.csv", old.pk: "a.csv", ancient.pk: ""}
