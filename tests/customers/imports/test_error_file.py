"""The rows that were rejected come back as a workbook, with the reason."""

from io import BytesIO

import python_calamine as calamine
from django.urls import reverse

from customers.imports.run import run_import
from customers.models import Customer, ImportRun
from tests.customers.imports.lists import texts, write_csv, write_xlsx

HEAD = ["Kundennummer", "Firma", "PLZ", "Umsatz"]


def _errors(client, dieter) -> list[list]:
    client.force_login(dieter)
    answer = client.get(reverse("imports:errors", args=[ImportRun.objects.get().pk]))
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    return calamine.load_workbook(BytesIO(b"".join(answer.streaming_content))).get_sheet_by_index(0).to_python()


def test_rejected_rows_come_with_their_cells_as_typed_and_their_reasons(db, client, dieter, tmp_path):
    rows = [["01", "=1+1", "ABCDE", "x"], ["2", "Meier", "01067", "1,5"], ["3", "Weiß", "01067", "2,5"], ["3", "Weiss", "01067", "2,5"]]
    run_import("customers", write_csv(tmp_path / "a.csv", HEAD, *rows), is_lenient=True)
    head, *found = _errors(client, dieter)
    assert head == [*HEAD, "Grund der Ablehnung"]
    assert [row[:4] for row in found] == [rows[0], rows[2], rows[3]]
    assert found[0][4] == (
        "Umsatz: „x“ ist keine Zahl (erwartet zum Beispiel: 1.234,56). PLZ: „ABCDE“ ist keine Postleitzahl (erwartet: 5 Ziffern)."
    )
    assert "Widerspruch: „3“ steht auch in Zeile 5" in found[1][4]


def test_an_error_file_is_corrected_and_imported_as_it_is(db, client, dieter, tmp_path):
    run_import("customers", write_xlsx(tmp_path / "a.xlsx", HEAD, ["1", "Müller", "ABCDE", 12.5]))
    head, row = _errors(client, dieter)
    assert row[:4] == ["1", "Müller", "ABCDE", 12.5]
    result = run_import("customers", write_xlsx(tmp_path / "b.xlsx", head, [*row[:2], "01067", *row[3:]]))
    assert (result.verdict, texts(result, "warning")) == ("accept", [])
    assert Customer.objects.for_system("test").get().stated_revenue == 12.5


def test_without_errors_there_is_no_error_file(db, client, dieter, tmp_path):
    run_import("customers", write_csv(tmp_path / "a.csv", HEAD, ["1", "Müller", "01067", "1"]))
    client.force_login(dieter)
    assert client.get(reverse("imports:errors", args=[ImportRun.objects.get().pk])).status_code == 404
    assert "Fehlerdatei laden" not in client.get(reverse("imports:run", args=[ImportRun.objects.get().pk])).content.decode()
