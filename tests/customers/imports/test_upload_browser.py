"""An administrator imports a list in a real browser, with the worker behind it."""

from django.urls import reverse
from playwright.sync_api import expect

from customers.models import Customer
from tests.browser import assert_accessible, assert_no_sideways_scroll
from tests.customers.imports.lists import write_csv, write_xlsx

HEAD = ["Nr. intern", "Firma", "PLZ", "Umsatz", "Bemerkung"]


def test_a_clean_list_takes_three_clicks(live_page, worker, dieter, tmp_path):
    path = write_csv(tmp_path / "kunden.csv", ["Kundennummer", "Firma"], ["1", "Müller"])
    page = live_page(dieter)
    page.goto(reverse("imports:upload"))
    page.get_by_label("Datei").set_input_files(path)  # 1
    page.get_by_role("button", name="Liste einlesen").click()  # 2
    page.get_by_role("button", name="1 Zeile übernehmen").click()  # 3
    expect(page.get_by_text("Die Liste wurde übernommen.")).to_be_visible()
    assert [one.name for one in Customer.objects.for_system("test")] == ["Müller"]


def test_an_excel_list_with_a_mapping_correction_three_errors_and_undo(live_page, worker, dieter, tmp_path):
    rows = [
        ["1", "Müller", "01067", 10.5, ""],
        ["2", "Meier", "ABCDE", 1.0, ""],
        ["3", "Weiß", "01067", "viel", ""],
        ["", "Lang", "01067", 2.0, ""],
    ]
    path = write_xlsx(tmp_path / "kunden.xlsx", HEAD, *rows)
    page = live_page(dieter)
    page.goto(reverse("imports:list"))
    page.get_by_role("link", name="Liste einlesen").first.click()
    assert_accessible(page)
    page.get_by_label("Datei").set_input_files(path)
    page.get_by_role("button", name="Liste einlesen").click()
    expect(page.get_by_text("In der Datei fehlt die Spalte „Kundennummer“.")).to_be_visible()
    assert_accessible(page)
    page.get_by_label("„Nr. intern“ wird übernommen als").select_option("Kundennummer")
    page.get_by_role("button", name="Mit dieser Zuordnung prüfen").click()
    expect(page.get_by_text("3 Zeilen sind fehlerhaft.")).to_be_visible()
    assert_accessible(page)
    row = page.get_by_role("row").filter(has_text="keine Postleitzahl")
    expect(row.get_by_role("cell").nth(1)).to_have_text("PLZ")
    assert not Customer.objects.for_system("test").exists()
    page.get_by_role("button", name="1 fehlerfreie Zeile übernehmen").click()
    expect(page.get_by_text("Die Liste wurde übernommen, außer 3 fehlerhaften Zeilen.")).to_be_visible()
    assert_accessible(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Fehlerdatei laden").click()
    assert download.value.suggested_filename.endswith(".xlsx")
    assert [one.name for one in Customer.objects.for_system("test")] == ["Müller"]
    page.get_by_role("link", name="Einlesen zurücknehmen").click()
    expect(page.get_by_text("Werden entfernt", exact=True)).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="Einlesen zurücknehmen").click()
    expect(page.get_by_text("entfernte Zeilen 1, alte Werte wiederhergestellt in 0.")).to_be_visible()
    assert_accessible(page)
    assert not Customer.objects.for_system("test").exists()


def test_the_preview_fits_a_phone_and_works_without_scripts(live_page, worker, dieter, tmp_path):
    path = write_csv(
        tmp_path / "kunden.csv",
        ["Kundennummer", "Firma", "Straße", "Farbe"],
        *([str(i), f"Müller Söhne GmbH {i}", "Lange Straße 1", "x"] for i in range(20)),
    )
    page = live_page(dieter, width=390, has_scripts=False)
    page.goto(reverse("imports:upload"))
    page.get_by_label("Datei").set_input_files(path)
    page.get_by_role("button", name="Liste einlesen").click()
    for _try in range(100):
        if page.get_by_role("button", name="20 Zeilen übernehmen").count():
            break
        page.reload()
    assert_no_sideways_scroll(page)
    page.get_by_role("button", name="20 Zeilen übernehmen").click()
    expect(page.get_by_text("Kunden").first).to_be_visible()
