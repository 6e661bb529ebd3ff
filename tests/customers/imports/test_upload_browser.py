"""An administrator imports a list in a real browser, with the worker behind it."""

from django.urls import reverse
from playwright.sync_api import expect

from customers.models import Customer
from tests import factories
from tests.browser import assert_accessible, assert_no_sideways_scroll
from tests.customers.imports.lists import workbook, write_csv, write_xlsx

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


def test_what_a_list_asks_and_what_follows_from_it_is_accessible(live_page, worker, dieter, anna, tmp_path):
    factories.make_customer("Müller GmbH", number="1", postcode="01067", phone="0351 1234")
    factories.make_customer("Fehlt KG", number="9")
    page = live_page(dieter)
    head = ["Kundennummer", "Firma", "PLZ", "Telefon", "Betreuer"]
    rows = [["1", "Müller GmbH", "01067", "0351 1234", "anna"], ["7", "Mueller GmbH", "01067", "0351 1234", "Frau Niemand"]]
    _preview(page, "customers", write_csv(tmp_path / "a.csv", head, *rows))
    expect(page.get_by_role("heading", name="Was die Liste offen lässt")).to_be_visible()
    assert_accessible(page, in_dark_too=True)
    orders = ["Auftragsnummer", "Kundennummer", "Artikelnummer", "Bezeichnung", "Datum", "Menge", "Umsatz", "Belegart"]
    kinds = [["A1", "1", "F", "Frachtkosten", "01.03.2024", "1", "5,00", kind] for kind in ("Auftrag", "Rechnung")]
    _preview(page, "orders", write_csv(tmp_path / "o.csv", orders, *kinds))
    expect(page.get_by_text("Welche Belegarten zählen?")).to_be_visible()
    assert_accessible(page, in_dark_too=True)
    (book := tmp_path / "s.xlsx").write_bytes(
        workbook({"Nord": [head[:2], ["5", "Abel"]], "Süd": [head[:2], ["6", "Berg"], ["7", "Çelik"]]})
    )
    _preview(page, "customers", book)
    assert_accessible(page, in_dark_too=True)
    page.get_by_label("Blatt der Arbeitsmappe").select_option("Süd")
    page.get_by_role("button", name="Dieses Blatt prüfen").click()
    expect(page.get_by_role("button", name="2 Zeilen übernehmen")).to_be_visible()
    _preview(page, "products", write_csv(tmp_path / "p.csv", ["Artikelnummer", "Bezeichnung"], ["F", "Frachtkosten"]))
    expect(page.get_by_label("Frachtkosten")).to_be_checked()
    assert_accessible(page, in_dark_too=True)
    _preview(page, "customers", write_csv(tmp_path / "b.csv", head[:2], ["1", "Müller GmbH"], ["2", "Neu AG"]))
    page.get_by_role("button", name="übernehmen").click()
    expect(page.get_by_text("Die Liste wurde übernommen.")).to_be_visible()
    result = page.url
    assert_accessible(page, in_dark_too=True)
    for link in ("Ansehen, wer fehlt", "Neue Kunden verteilen"):
        page.goto(result)
        page.get_by_role("link", name=link).click()
        assert_accessible(page, in_dark_too=True)
        assert_no_sideways_scroll(page)


def _preview(page, kind: str, path) -> None:
    page.goto(reverse("imports:upload", args=[kind]))
    page.get_by_label("Datei").set_input_files(path)
    page.get_by_role("button", name="Liste einlesen").click()
    expect(page.get_by_role("heading", name="So wurde die Datei gelesen")).to_be_visible()
