"""An administrator imports a list in a real browser, with the worker behind it."""

from django.urls import reverse
from playwright.sync_api import expect

from customers.models import Customer
from tests.browser import assert_accessible
from tests.customers.imports.lists import write_csv


def test_a_list_is_uploaded_looked_at_and_taken_over(live_page, worker, dieter, live_server, settings, tmp_path):
    settings.VAR_DIR = tmp_path
    path = write_csv(tmp_path / "kunden.csv", ["Kundennummer", "Firma", "PLZ"], ["1", "Müller", "01067"], ["2", "Meier", "ABCDE"])
    page = live_page(dieter)
    page.goto(f"{live_server.url}{reverse('imports:list')}")
    page.get_by_role("link", name="Liste einlesen").first.click()
    page.get_by_label("Datei").set_input_files(path)
    page.get_by_label("Diese Zeilen weglassen, die übrigen übernehmen").check()
    page.get_by_role("button", name="Liste einlesen").click()
    expect(page.get_by_text("Geprüft, geschrieben ist noch nichts.")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="1 Zeile übernehmen").click()
    expect(page.get_by_text("Die Liste wurde übernommen, außer 1 fehlerhaften Zeile.")).to_be_visible()
    assert_accessible(page)
    row = page.get_by_role("row").filter(has_text="keine Postleitzahl")
    expect(row.get_by_role("cell").nth(1)).to_have_text("PLZ")
    assert list(Customer.objects.for_system("test").values_list("name", flat=True)) == ["Müller"]
