"""In a real browser: a manager reads a list in, sees the figures and takes the workbook along."""

import pytest
import python_calamine as calamine
from playwright.sync_api import expect

from tests.browser import assert_accessible, assert_no_sideways_scroll
from tests.nps.scenes import DAY, A, B, add_answers, make_wave

LIST = "Bewertung;Grund\n" + "9;Freundliche Beratung\n" * 12 + "10;Preis ist gut\n" * 9 + "3;Lieferung kam zu spät\n" * 4


def test_a_list_becomes_figures_and_leaves_as_a_workbook(live_page, carla):
    page = live_page(carla)
    page.goto("/nps/")
    expect(page.get_by_text("Noch keine Befragung.")).to_be_visible()
    page.get_by_role("link", name="Ausgefüllte Mappe einlesen").click()
    page.get_by_label("Datei").set_input_files({"name": "herbst.csv", "mimeType": "text/csv", "buffer": LIST.encode()})
    page.get_by_role("button", name="Ausgefüllte Mappe einlesen").click()
    expect(page.get_by_text("25 Antworten in „herbst“ übernommen.")).to_be_visible()
    expect(page.locator(".nps-figure").first).to_have_text("+68")
    expect(page.get_by_text("kleine Fallzahl (n = 25)")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Arbeitsmappe laden").click()
    assert calamine.load_workbook(download.value.path()).sheet_names[0] == "Anleitung"


@pytest.mark.parametrize("options", [{}, {"is_dark": True}, {"width": 390}], ids=["light", "dark", "phone"])
def test_every_page_of_the_surveys_is_accessible(live_page, carla, options):
    make_wave("Frühjahr 2026", A, day=DAY.replace(month=3))
    wave = make_wave("Herbst 2026", B)
    add_answers(wave, {10: 6, 3: 2}, industry="Gastronomie", reason="Lieferung kam zu spät")
    page = live_page(carla, **options)
    for address in ("/nps/", "/nps/answers/?group=detractor", "/nps/import/"):
        page.goto(address)
        assert_accessible(page)
        assert_no_sideways_scroll(page)
