"""In a real browser: a manager reads a list in, sees the figures and takes the workbook along."""

import re

import pytest
import python_calamine as calamine
from django.utils import timezone
from playwright.sync_api import expect

from customers.models import FollowUp, Message
from innendienst.base import jobs, preferences
from innendienst.base.preferences import CompanyPreferences
from nps import cases
from tests.browser import assert_accessible, assert_no_sideways_scroll
from tests.nps.scenes import DAY, A, B, add_answers, answer, make_invitation, make_person, make_wave, run_jobs

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


@pytest.mark.parametrize("width", [1440, 390])
def test_every_page_of_the_surveys_is_accessible(live_page, carla, width):
    make_wave("Frühjahr 2026", A, day=DAY.replace(month=3))
    wave = make_wave("Herbst 2026", B)
    add_answers(wave, {10: 6, 3: 2}, industry="Gastronomie", reason="Lieferung kam zu spät")
    running = make_wave("Winter", state="open")
    contact = make_person("Bäckerei Nord", owner=carla)
    make_invitation(running, contact.customer, contact, channel="phone", state="eligible", sent_on=None)
    answer(wave, contact.customer, 3, reason="Zu spät", invitation=make_invitation(wave, contact.customer, contact))
    cases.open_missing(wave.pk)
    page = live_page(carla, width=width)
    survey = f"/nps/waves/{running.pk}/"
    addresses = ("/nps/", "/nps/answers/?group=detractor", "/nps/import/", "/nps/cases/", "/nps/waves/", "/nps/waves/new/")
    for address in (*addresses, survey, f"{survey}phone/", f"{survey}people/", f"{survey}preview/"):
        page.goto(address)
        assert_accessible(page, in_dark_too=True)
        assert_no_sideways_scroll(page)


def test_from_the_question_to_a_changed_figure(live_page, anna, carla, dieter, settings, tmp_path):
    settings.EMAIL_BACKEND, settings.EMAIL_FILE_PATH = "django.core.mail.backends.filebased.EmailBackend", str(tmp_path)
    preferences.put(CompanyPreferences, by=dieter, name="Reinwerk GmbH", postal_address="Wischgasse 7, 01067 Dresden", is_set_up=True)
    make_wave("Frühjahr", A, day=DAY.replace(month=3))
    for index in range(6):
        make_person(f"Kunde {index}", email=f"kunde{index}@kunde.example", owner=anna)
    page = live_page(carla)
    page.goto("/nps/")
    page.get_by_role("link", name="Befragung anlegen").click()
    page.locator("[name=name]").fill("Winter")
    page.get_by_role("button", name="Befragung speichern").click()
    run_jobs("nps_sample")
    page.get_by_role("link", name="Noch einmal nachsehen").click()
    expect(page.get_by_text("6 sind so erreichbar").first).to_be_visible()
    page.get_by_role("link", name="Befragung starten").click()
    assert_accessible(page, in_dark_too=True)
    page.get_by_role("button", name="Befragung starten").click()
    expect(page.get_by_text("Befragung „Winter“ läuft.")).to_be_visible()
    run_jobs("nps_invite")
    Message.objects.update(not_before=None)  # whatever the hour
    jobs.request("send_mail")
    run_jobs("send_mail")
    mails = "".join(file.read_text() for file in tmp_path.iterdir())
    links = list(dict.fromkeys(re.findall(r"http://[^\s]+/s/([a-z2-7]{32})/\?r=9", mails)))
    assert len(links) == 6

    for link, rating in zip(links, (9, 10, 2, 9, 8), strict=False):
        phone = live_page(width=390, has_scripts=False)
        phone.goto(f"/s/{link}/?r=9")
        assert_no_sideways_scroll(phone)
        phone.get_by_role("radio", name=str(rating), exact=True).check(force=True)
        if rating == 2:
            phone.get_by_label("Was ist der wichtigste Grund").fill("Lieferung kam zu spät")
        phone.get_by_role("button", name="Antwort senden").click()
        expect(phone.get_by_text("Danke, Ihre Antwort ist gespeichert.")).to_be_visible()
        phone.context.close()
    run_jobs("nps_tally")

    page.goto("/nps/")
    expect(page.locator(".nps-figure").first).to_have_text("+40")
    expect(page.get_by_text("Rücklauf 83,3 % von 6 erreichten Personen")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Arbeitsmappe laden").click()
    assert len(calamine.load_workbook(download.value.path()).get_sheet_by_name("Befragung").to_python()) > 5
    FollowUp.objects.for_system("whatever the day").update(due_on=timezone.localdate())
    day = live_page(anna)
    day.goto("/")
    expect(day.locator("#list").get_by_text("Kritische Antwort").first).to_be_visible()
    day.locator("#list .call-row-name").first.click()
    expect(day.get_by_text("Bewertung 2 von 10").first).to_be_visible()
    answering = live_page(width=390)
    answering.goto(f"/s/{links[5]}/?r=9")
    assert_accessible(answering)
