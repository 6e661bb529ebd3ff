"""Which sheet of a workbook is read."""

import pytest

from customers.imports import acts
from customers.imports.missing import missing
from customers.imports.run import run_import
from customers.models import Customer, ImportRun
from innendienst.base.models import AuditEvent
from tests import factories
from tests.customers.imports.lists import counts, texts, workbook, write_csv
from tests.customers.imports.uploading import confirm, upload, work
from tests.reading import text

WHY = "test"
HEAD = ["Kundennummer", "Firma"]
SHEETS = {"Nord": [HEAD, ["1", "Müller"]], "Süd West": [HEAD, ["2", "Meier"], ["3", "Weiß"]], "Notizen": [["Anrufen!"]]}


def _uploaded(admin, sheets=SHEETS, **options) -> str:
    url = upload(admin, workbook(sheets, **options), "kunden.xlsx").url
    work()
    return url


def _choose(admin, url: str, sheet: str) -> str:
    """The address of the run that reads it."""
    answer = admin.post(f"{url}sheet/", {"sheet": sheet})
    work()
    return answer.url


def _names() -> list[str]:
    return sorted(Customer.objects.for_system(WHY).values_list("name", flat=True))


def test_another_sheet_is_chosen_on_the_preview_and_taken_over(admin, dieter):
    url = _uploaded(admin)
    page = text(admin.get(url))
    assert "Gelesen wurde das Blatt „Nord“. Nicht gelesen: Süd West, Notizen." in page
    assert "Blatt der Arbeitsmappe Nord Süd West Notizen Dieses Blatt prüfen" in page
    assert _choose(admin, url, "Süd West") == url
    answer = admin.get(url)
    assert '<option value="Süd West" selected>' in answer.content.decode()
    assert "2 Zeilen übernehmen" in text(answer)
    assert "Nicht gelesen" not in text(answer)
    confirm(admin, url)
    work()
    assert _names() == ["Meier", "Weiß"]
    assert AuditEvent.objects.get(act="import.choose_sheet").by == dieter


def test_the_choice_stays_with_the_run_when_it_is_read_anew(admin):
    url = _uploaded(admin)
    _choose(admin, url, "Süd West")
    admin.post(f"{url}columns/", {"column-0": "number", "column-1": "name"})
    work()
    assert ImportRun.objects.get().reading["sheet"] == "Süd West"
    factories.make_customer("Anders", number="2")  # after the preview: a fresh one is due
    confirm(admin, url)
    work()
    run = ImportRun.objects.get()
    assert (run.state, run.reading["sheet"], run.reading["is_again"]) == ("staged", "Süd West", True)


def test_a_sheet_without_the_columns_is_refused_and_another_one_can_be_chosen(admin):
    refused = _choose(admin, _uploaded(admin), "Notizen")
    page = text(admin.get(refused))
    assert "Keine Kopfzeile gefunden" in page
    assert "Unverändert" not in page
    run = ImportRun.objects.get()
    assert (run.created_count, run.rows.count()) == (0, 0)  # those of the sheet that was read first
    assert "Blatt der Arbeitsmappe" in page
    again = _choose(admin, refused, "Nord")
    assert again != refused
    assert "1 Zeile übernehmen" in text(admin.get(again))


def test_after_one_sheet_was_taken_over_the_next_one_can_be_read(admin):
    url = _uploaded(admin)
    confirm(admin, url)
    work()
    second = _choose(admin, url, "Süd West")
    assert second != url
    confirm(admin, second)
    work()
    assert _names() == ["Meier", "Müller", "Weiß"]
    assert _uploaded(admin) == f"{url}?again=1"  # the file as such means its first sheet


def test_one_sheet_of_several_is_no_full_export(admin):
    for number in ("1", "2", "3"):
        factories.make_customer(number=number)
    url = _uploaded(admin)
    second = _choose(admin, url, "Süd West")
    confirm(admin, second)
    work()
    run = ImportRun.objects.get()
    assert (run.state, run.updated_count, missing(run).count()) == ("done", 2, 0)


def test_a_sheet_that_waits_already_is_answered(admin):
    url = _uploaded(admin)
    _choose(admin, url, "Süd West")
    first = _uploaded(admin)
    assert first != url
    assert _choose(admin, first, "Süd West") == url


def test_hidden_sheets_are_neither_offered_nor_read(admin):
    url = _uploaded(admin, hidden="Süd West")
    assert ImportRun.objects.get().reading["sheets"] == ["Nord", "Notizen"]
    answer = admin.post(f"{url}sheet/", {"sheet": "Süd West"}, follow=True)
    assert (
        "Die Arbeitsmappe hat kein lesbares Blatt „Süd West“. Es gibt: Nord, Notizen. Wählen Sie eines davon. "
        "Es wurde nichts übernommen." in text(answer)
    )
    assert ImportRun.objects.get().reading["sheet"] == "Nord"


def test_where_there_is_one_sheet_or_somebody_confirmed_nothing_is_chosen(admin, monkeypatch):
    url = _uploaded(admin, {"Nord": SHEETS["Nord"]})
    assert "Blatt der Arbeitsmappe" not in text(admin.get(url))
    told = "Ein anderes Blatt dieser Arbeitsmappe lässt sich nicht (mehr) lesen."
    assert told in text(admin.post(f"{url}sheet/", {"sheet": "Nord"}, follow=True))
    several = _uploaded(admin)
    monkeypatch.setattr("customers.imports.repeats.open_run", lambda _run: ImportRun.objects.update(state="confirmed") and None)
    assert told in text(admin.post(f"{several}sheet/", {"sheet": "Notizen"}, follow=True))


def test_who_chooses_in_the_same_moment_as_somebody_else_is_told(admin, dieter, monkeypatch):
    _choose(admin, _uploaded(admin), "Süd West")
    _uploaded(admin)
    monkeypatch.setattr("customers.imports.repeats.open_run", lambda _run: None)
    with pytest.raises(acts.NotNow):
        acts.choose_sheet(actor=dieter, run=ImportRun.objects.first(), sheet="Süd West")


def test_the_command_reads_the_sheet_that_is_named(db, tmp_path):
    (path := tmp_path / "kunden.xlsx").write_bytes(workbook(SHEETS))
    result = run_import("customers", path, sheet="Süd West")
    assert (result.verdict, counts(result), texts(result, "warning")) == ("accept", (2, 0, 0, 0), [])
    assert counts(run_import("customers", path, sheet="Süd West")) == (0, 0, 2, 0)
    assert run_import("customers", path).created == 1
    assert texts(run_import("customers", path, sheet="Ost")) == [
        "Die Arbeitsmappe hat kein lesbares Blatt „Ost“. Es gibt: Nord, Süd West, Notizen. Wählen Sie eines davon. "
        "Es wurde nichts übernommen."
    ]  # fmt: skip
    assert texts(run_import("customers", write_csv(tmp_path / "a.csv", HEAD, ["1", "x"]), sheet="Ost")) == [
        "Die Datei hat kein Blatt „Ost“, sie wird als Ganzes gelesen. Lesen Sie sie ein, ohne ein Blatt zu nennen. "
        "Es wurde nichts übernommen."
    ]  # fmt: skip
