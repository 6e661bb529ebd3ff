"""The preview of a list: how it was read, what would change, and what is wrong with it."""

import datetime as dt

from django.urls import reverse

from customers.models import Customer, ImportLine, ImportRun, OrderLine
from tests import factories
from tests.customers.imports.lists import write_xlsx
from tests.customers.imports.uploading import BAD, GOOD, confirm, import_list, upload, work
from tests.reading import text

WHY = "test"


def test_from_the_form_by_the_preview_to_the_result(admin, dieter):
    page = admin.get(reverse("imports:upload", args=["customers"]))
    assert "<strong>Kundennummer</strong>" in page.content.decode()
    answer = upload(admin, GOOD)
    run = ImportRun.objects.get()
    assert (answer.status_code, answer.url) == (302, reverse("imports:run", args=[run.pk]))
    assert (run.state, run.by, run.file_name, run.is_lenient) == ("uploaded", dieter, "kunden.csv", False)
    waiting = admin.get(answer.url).content.decode()
    assert "Die Liste wartet, bis sie an der Reihe ist." in waiting
    assert 'hx-trigger="load delay:800ms, every 2s"' in waiting
    work()
    preview = admin.get(answer.url).content.decode()
    assert "Geprüft, geschrieben ist noch nichts." in preview
    assert "2 Zeilen übernehmen" in preview
    assert "every 2s" not in preview
    assert not Customer.objects.for_system(WHY).exists()
    assert confirm(admin, answer.url).url == answer.url
    assert "Die Zeilen warten, bis sie an der Reihe sind." in admin.get(answer.url).content.decode()
    work()
    assert "Die Liste wurde übernommen." in admin.get(answer.url).content.decode()
    assert sorted(Customer.objects.for_system(WHY).values_list("name", flat=True)) == ["Meier", "Müller"]
    run.refresh_from_db()
    assert (run.state, run.created_count, run.confirmed_by) == ("done", 2, dieter)
    assert "kunden.csv" in admin.get(reverse("imports:list")).content.decode()


def test_the_preview_says_how_the_file_was_read_and_what_changes(admin, anna, bernd):
    import_list(admin, "Kundennummer;Firma;Umsatz;Kunde seit;Zuständig\n1;Müller;1.234,50;01.03.2020;anna\n2;Meier;;;anna\n")
    url = upload(
        admin,
        "Kundennummer;Firma;Umsatz;Kunde seit;Zuständig;Farbe\n1;Müller KG;1.300,00;02.03.2020;bernd;rot\n2;Meier;;;anna;\n3;Neu;;;;\n",
    ).url
    work()
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
        "styles": ["1.234,56"],
        "samples": ["1.300,00"],
    }
    assert "Umsatz Umsatz 1.234,56 1.300,00 Kunde seit Kunde seit TT.MM.JJJJ 02.03.2020" in text(page)
    assert "wird nicht übernommen" in page.content.decode()


def test_how_a_column_writes_its_days_stands_beside_it(admin, dieter, tmp_path):
    head = ["Kundennummer", "Firma", "Kunde seit", "Letzter Kauf"]
    rows = [["1", "Müller", dt.date(2020, 3, 1), "01.03.24"], ["2", "Meier", "2021-03-01", "20240302"]]
    url = upload(admin, write_xlsx(tmp_path / "a.xlsx", head, *rows).read_bytes(), "kunden.xlsx").url
    work()
    assert "Kunde seit Kunde seit Excel-Datum, JJJJ-MM-TT" in text(admin.get(url))
    assert "TT.MM.JJ, JJJJMMTT" in text(admin.get(f"{url}columns/"))
    dieter.language = "en"
    dieter.save()
    assert "Kunde seit Customer since Excel date, YYYY-MM-DD" in text(admin.get(url))


def test_columns_and_changes_are_called_as_the_readers_language_calls_them(admin, dieter):
    import_list(admin, "Kundennummer;Firma;Umsatz\n1;Müller;1,50\n")
    dieter.language = "en"
    dieter.save()
    url = upload(admin, "Kundennummer;Firma;Umsatz;Farbe\n1;Meier;2,50;rot\n").url
    work()
    page = text(admin.get(url))
    assert (
        "Kundennummer Customer number 1 Firma Company Meier Umsatz Revenue 1,234.56 2.50" in page or "Kundennummer Customer number" in page
    )
    assert "Company: Müller → Meier Revenue: 1.50 → 2.50" in page
    assert "Farbe not taken over rot" in page


def test_order_lines_are_previewed_with_what_changes(admin, db):
    factories.make_customer(number="1")
    order = "Auftragsnummer;Position;Kundennummer;Artikelnummer;Datum;Menge;Umsatz\n"
    import_list(admin, order + "A1;1;1;X;01.03.2024;2;10,00\n", kind="orders")
    url = upload(admin, order + "A1;1;1;X;01.03.2024;3;15,00\nA1;2;1;Y;01.03.2024;1;5,00\n", kind="orders").url
    work()
    page = admin.get(url)
    [row] = page.context["page"].rows
    assert (row.file_row, row.title, [(change.before, change.after) for change in row.changes]) == (
        2,
        "A1/1",
        [("2", "3"), ("10,00", "15,00")],
    )
    assert [row.title for row in page.context["new_rows"]] == ["A1/2: Kunde 1, Artikel Y"]
    confirm(admin, url)
    work()
    assert OrderLine.objects.for_system(WHY).count() == 2
    assert (ImportRun.objects.first().state, ImportLine.objects.count()) == ("done", 0)


def test_the_page_asks_again_for_its_part_alone(admin):
    url = upload(admin, GOOD).url
    part = admin.get(url, headers={"HX-Request": "true"})
    assert part.content.decode().lstrip().startswith('<div id="outcome"')
    assert "HX-Request" in part.headers["Vary"]


def test_errors_stand_in_a_table_with_row_and_column_and_can_be_left_out(admin):
    url = upload(admin, BAD).url
    work()
    page = admin.get(url).content.decode()
    assert "1 Zeile ist fehlerhaft. Berichtigen Sie sie und laden Sie die Liste neu hoch, oder lassen Sie sie weg." in page
    run = ImportRun.objects.get()
    assert (run.state, run.verdict, run.changing_count) == ("staged", "reject", 1)
    assert "„ABCDE“ ist keine Postleitzahl (erwartet: 5 Ziffern)." in page
    assert '<td class="num" data-label="Zeile">2</td>' in page
    confirm(admin, url)
    work()
    assert not Customer.objects.for_system(WHY).exists()
    confirm(admin, url, mode="lenient")
    work()
    assert list(Customer.objects.for_system(WHY).values_list("name", flat=True)) == ["Meier"]
    run.refresh_from_db()
    assert (run.state, run.verdict, run.rejected_count) == ("done", "warn", 1)


def test_people_are_called_by_their_customer_too(admin):
    factories.make_customer(number="K-1")
    url = upload(admin, "Kundennummer;Vorname;Nachname\nK-1;Eva;Weiß\n", kind="contacts").url
    work()
    assert [row.title for row in admin.get(url).context["new_rows"]] == ["K-1 Eva Weiß"]


def test_many_columns_that_nobody_takes_over_are_folded(admin):
    strange = [f"Feld {index}" for index in range(9)]
    url = upload(admin, f"Kundennummer;Firma;{';'.join(strange)}\n1;Müller{';' * 9}\n").url
    work()
    page = admin.get(url)
    outcome = page.context["outcome"]
    assert [column["heading"] for column, _choice in outcome.columns] == ["Kundennummer", "Firma"]
    assert [column["heading"] for column, _choice in outcome.folded_columns] == strange
    assert "9 Spalten werden nicht übernommen" in page.content.decode()


def test_a_few_columns_that_nobody_takes_over_stand_among_the_others(admin):
    url = upload(admin, "Kundennummer;Farbe;Firma\n1;rot;Müller\n").url
    work()
    outcome = admin.get(url).context["outcome"]
    assert ([column["heading"] for column, _choice in outcome.columns], outcome.folded_columns) == (["Kundennummer", "Farbe", "Firma"], [])


def test_a_list_with_a_wrong_heading_leads_to_the_mapping(admin):
    url = upload(admin, "Kundennummer;Bezeichnung der Firma\n1;Müller\n").url
    work()
    assert "Übernommen ist noch nichts: Sagen Sie unten, welche Spalte was ist" in admin.get(url).content.decode()


def test_a_cancelled_list_names_no_other_reason_and_the_list_of_imports_no_figures(admin):
    url = upload(admin, BAD).url
    work()
    page = admin.post(f"{url}cancel/", follow=True).content.decode()
    assert page.count("Das Einlesen wurde abgebrochen; übernommen wurde nichts.") == 1
    assert "deshalb wurde nichts übernommen" not in page
    assert "Geändert" not in page
    assert '<td class="num" data-label="Neu">–</td>' in admin.get(reverse("imports:list")).content.decode()
