"""Columns that a person assigns, and lists as other programs export them."""

import os
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from customers.imports import job as import_job, uploads
from customers.imports.run import run_import
from customers.models import Contact, Customer, ImportMapping, ImportRun
from innendienst.base import jobs
from innendienst.base.models import Job
from tests.customers.imports.lists import texts, write_csv

WHY = "test"
SAMPLES = Path(os.environ.get("SHARED_DIR", settings.BASE_DIR.parent / "shared")) / "data" / "import_samples"


def _upload(client, content: str) -> str:
    form = {"mode": "strict", "file": SimpleUploadedFile("kunden.csv", content.encode())}
    return client.post(reverse("imports:upload", args=["customers"]), form).url


def _work() -> None:
    for kind in (uploads.STAGE, import_job.TAKE_OVER):
        for job in Job.objects.filter(kind=kind, state="queued"):
            jobs.run(job.pk)


def test_a_missing_column_is_assigned_and_remembered_for_the_next_such_file(admin, tmp_path):
    url = _upload(admin, "Nr. intern;Firma;Filiale\n1;Müller;Nord\n")
    _work()
    page = admin.get(url).content.decode()
    assert "In der Datei fehlt die Spalte „Kundennummer“." in page
    assert "Welche Spalte ist was" in page
    answer = admin.post(f"{url}columns/", {"column-0": "number", "column-1": "name", "column-2": ""})
    _work()
    preview = admin.get(answer.url).content.decode()
    assert answer.url != url
    assert "1 Zeile übernehmen" in preview
    assert "Filiale" in preview
    result = run_import("customers", write_csv(tmp_path / "b.csv", ["Nr. intern", "Firma", "Filiale"], ["2", "Meier", "Süd"]))
    assert (result.verdict, result.created, texts(result, "warning")) == ("accept", 1, [])
    assert Customer.objects.for_system(WHY).get().number == "2"
    assert (ImportMapping.objects.count(), ImportMapping.objects.get().by.username) == (1, "dieter")


def test_a_first_row_that_was_assigned_as_the_header_is_named_since_it_may_be_data(admin):
    url = _upload(admin, "K-1;Müller AG\nK-2;Meier\n")
    _work()
    answer = admin.post(f"{url}columns/", {"column-0": "number", "column-1": "name"})
    _work()
    assert (
        "Zeile 1 gilt als Kopfzeile, weil ihre Spalten von Hand zugeordnet sind, und wurde nicht übernommen: K-1, Müller AG. "
        "Sind das Daten, setzen Sie eine Zeile mit Überschriften darüber." in admin.get(answer.url).content.decode()
    )
    _upload(admin, "Kundennummer;Firma\nK-1;Müller AG\nK-2;Meier\n")
    _work()
    assert (ImportRun.objects.first().reading["header_row"], ImportRun.objects.first().created_count) == (1, 2)


def test_where_columns_are_not_what_is_wrong_nobody_is_asked_for_them(admin):
    url = _upload(admin, "Kundennummer;Firma\n")
    _work()
    page = admin.get(url).content.decode()
    assert "Die Datei enthält keine Zeilen, nur die Kopfzeile." in page
    assert "Welche Spalte ist was" not in page
    assert "Berichtigen Sie die Liste und lesen Sie sie neu ein." in page


def test_the_columns_of_a_preview_can_be_changed(admin):
    url = _upload(admin, "Kundennummer;Firma;Bemerkung;Ort\n1;Müller;Meißen;Dresden\n")
    _work()
    assert "Zuordnung ändern" in admin.get(url).content.decode()
    form = admin.get(f"{url}columns/").content.decode()
    assert "„Bemerkung“ wird übernommen als" in form
    answer = admin.post(f"{url}columns/", {"column-0": "number", "column-1": "name", "column-2": "town", "column-3": ""})
    _work()
    assert answer.url == url
    run = ImportRun.objects.get()
    assert [column["field"] for column in run.reading["columns"]] == ["number", "name", "town", ""]
    assert (run.state, run.verdict) == ("staged", "accept")


@pytest.mark.parametrize(
    ("chosen", "sentence"),
    [
        ({"column-0": "number", "column-1": ""}, "Keine Spalte wird als „Firma“ übernommen"),
        ({"column-0": "name", "column-1": "name"}, "Zwei Spalten werden als „Firma“ übernommen."),
    ],
)
def test_an_assignment_that_does_not_suffice_is_told(admin, chosen, sentence):
    url = _upload(admin, "Kundennummer;Firma\n1;Müller\n")
    _work()
    answer = admin.post(f"{url}columns/", chosen)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not ImportMapping.objects.exists()


def test_a_heading_that_stands_twice_is_chosen(admin):
    url = _upload(admin, "Kundennummer;Firma;PLZ;PLZ\n1;Müller;01067;20095\n")
    _work()
    answer = admin.post(f"{url}columns/", {"column-0": "number", "column-1": "name", "column-2": "", "column-3": "postcode"})
    _work()
    admin.post(f"{answer.url}confirm/", {"seen": ImportRun.objects.first().staged_at.isoformat()})
    _work()
    assert Customer.objects.for_system(WHY).get().postcode == "20095"


def test_what_is_taken_over_is_not_assigned_any_more(admin, dieter):
    run = ImportRun.objects.create(kind="customers", state="done", by=dieter)
    answer = admin.get(reverse("imports:columns", args=[run.pk]), follow=True)
    assert "lassen sich nicht (mehr) zuordnen" in answer.content.decode()


def test_who_assigns_while_somebody_else_confirms_is_told(admin, monkeypatch):
    url = _upload(admin, "Kundennummer;Firma\n1;Müller\n")
    _work()
    monkeypatch.setattr("customers.imports.acts.remember", lambda **_said: ImportRun.objects.update(state="confirmed"))
    answer = admin.post(f"{url}columns/", {"column-0": "number", "column-1": "name"}, follow=True)
    assert "lassen sich nicht (mehr) zuordnen" in answer.content.decode()


# --- headings of other programs --------------------------------------------------------------------------------------

EXPORTS = {
    "HubSpot": "Record ID | Company name | Company owner | Phone Number | City | Postal Code | Street Address | Country/Region | Industry",
    "Salesforce": "Account Number | Account Name | Account Owner | Phone | Billing City | Billing Zip/Postal Code | Billing Street | Billing Country | Industry",
    "EspoCRM": "ID | Name | Assigned User | Phone | Billing Address City | Billing Address Postal Code | Billing Address Street | Billing Address Country | Industry",
    "SuiteCRM": "ID | Name | Assigned to | Office Phone | Billing City | Billing Postal Code | Billing Street | Billing Country | Industry",
    "Odoo": "External ID | Name | Account manager | Phone | City | ZIP | Street | Country | Industry",
    "SAP": "KUNNR | NAME1 | Vertreter | TELF1 | ORT01 | PSTLZ | STRAS | LAND1 | Branche",
    "Lexware": "Kunden-Nr. | Firma | Vertreter | Telefon 1 | Ort | PLZ | Straße | Land | Branche",
}


@pytest.mark.parametrize("program", EXPORTS)
def test_customers_as_other_programs_export_them(customer_list, anna, program):
    head = [heading.strip() for heading in EXPORTS[program].split("|")]
    result = customer_list(head, ["77", "Müller", "Anna Lang", "0351 1", "Dresden", "01067", "Weg 1", "Deutschland", "Handel"])
    assert (result.verdict, [message.text for message in result.messages]) == ("accept", [])
    stored = Customer.objects.for_system(WHY).get()
    assert (stored.number, stored.name, stored.owner, stored.phone) == ("77", "Müller", anna, "0351 1")
    assert (stored.town, stored.postcode, stored.street, stored.country, stored.industry) == ("Dresden", "01067", "Weg 1", "DE", "Handel")


def test_a_column_without_values_gives_way_to_another_of_the_same_meaning(customer_list):
    assert customer_list(["Kundennummer", "Konto", "Firma"], ["", "10000", "Müller"]).created == 1
    assert Customer.objects.for_system(WHY).get().number == "10000"


def test_a_customer_without_a_company_is_called_by_his_own_name(customer_list):
    result = customer_list(["Kundennummer", "Firma", "Nachname", "Vorname"], ["1", "", "Weiß", "Eva"], ["2", "", "", ""], is_lenient=True)
    assert texts(result) == [
        "Zeile 3, Spalte „Firma“: Die Zelle ist leer, hier wird aber ein Wert gebraucht. Die Zeile wurde nicht übernommen."
    ]
    assert Customer.objects.for_system(WHY).get().name == "Eva Weiß"


@pytest.mark.skipif(not SAMPLES.exists(), reason=f"{SAMPLES} is not there")
@pytest.mark.parametrize(
    ("name", "verdict", "created"),
    [
        ("datev_extf_stammdaten_cp1252.csv", "warn", 4),
        ("odoo_res_partner.csv", "warn", 6),
        ("ladesaeulenregister_2017-09-18.xlsx", "reject", 0),
        ("ladesaeulenregister_2017-09-18_excel_de_cp1252.csv", "reject", 0),
    ],
)
def test_real_lists_get_the_answer_that_the_documentation_states(db, name, verdict, created):
    result = run_import("customers", SAMPLES / name)
    assert (result.verdict, result.created, result.rejected) == (verdict, created, 0), [message.text for message in result.messages]
    if name.startswith("datev"):
        person = Customer.objects.for_system(WHY).get(number="10000")
        assert (person.name, person.town, person.phone_e164) == ("Sabine Mustermann", "Köln", "+492211234567")
        assert Contact.objects.for_system(WHY).get(customer=person).last_name == "Mustermann"
