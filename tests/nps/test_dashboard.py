"""The pages of the surveys: figures, names, workbook out and list in."""

import datetime as dt
import io
import re

import pytest
import python_calamine as calamine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from innendienst.base.models import AuditEvent
from innendienst.lib.dates import add_months
from nps import cases, tallies
from nps.figures import Cell, breakdown, figures_of
from nps.models import Case, Response, SurveyWave
from nps.shown import WeightedRow, weighted_rows
from nps.statistics import Tally, weighted_sums
from nps.trend import trend
from tests.factories import make_contact, make_customer
from tests.nps.scenes import DAY, A, B, add_answers, answer, make_invitation, make_wave, run_jobs
from tests.reading import text

pytestmark = pytest.mark.django_db


def test_without_a_survey_it_says_how_to_begin(carlas):
    shown = text(carlas.get("/nps/"))
    assert "Noch keine Befragung." in shown
    assert "Ausgefüllte Mappe einlesen" in shown


def test_score_range_and_change_stand_in_front(carlas):
    make_wave("Frühjahr", A, day=DAY.replace(month=3))
    make_wave("Herbst", B)
    shown = text(carlas.get("/nps/"))
    assert "+40 liegt mit 95 % Sicherheit zwischen +27 und +51" in shown
    assert "+15 zur Vorwelle: nicht gesichert" in shown
    assert "z = +1,60, p = 0,110" in shown


def test_a_survey_that_just_began_leaves_the_last_one_with_a_score_in_front(carlas):
    make_wave("Herbst", A)
    begun = make_wave("Winter", {9: 4}, day=DAY.replace(month=11), state="open")
    assert carlas.get("/nps/").context["wave"].name == "Herbst"
    assert carlas.get("/nps/answers/").context["wave"].name == "Herbst"
    assert carlas.get(f"/nps/?wave={begun.pk}").context["wave"] == begun
    add_answers(begun, {8: 1})
    assert carlas.get("/nps/").context["wave"] == begun


def test_another_scale_breaks_the_line(carlas):
    make_wave("Frühjahr", A, day=DAY.replace(month=3), scale_min=0)
    make_wave("Herbst", B)
    page = carlas.get("/nps/")
    assert "Die Vorwelle hat eine andere Skala" in text(page)
    assert (len(page.context["dots"]), page.context["joints"]) == (2, [])


def test_many_surveys_leave_room_for_the_figures(carlas):
    waves = [make_wave(f"Welle {index}", A, day=DAY + dt.timedelta(days=index)) for index in range(20)]
    page = carlas.get("/nps/")
    assert [row.name for row in page.context["step_rows"]] == [wave.name for wave in waves[8:]]
    assert page.context["step_rows"][0].change == "0, nicht gesichert"
    assert [link.name for link in page.context["older"]] == [wave.name for wave in waves[11::-1]]
    assert '<details class="nps-older"><summary>Ältere Befragungen' in page.content.decode()
    chosen = carlas.get(f"/nps/?wave={waves[5].pk}")
    assert [row.name for row in chosen.context["step_rows"]] == [wave.name for wave in waves[:12]]
    assert chosen.context["step"].figures.wave == waves[5]
    assert '<details class="nps-older" open>' in chosen.content.decode()


def test_a_survey_that_has_just_begun_does_not_pass_for_a_list(carlas):
    wave = make_wave(state="open")
    shown = carlas.get("/nps/")
    assert "Noch ist niemand erreicht." in text(shown)
    assert f'href="{wave.get_absolute_url()}">Stand der Befragung' in shown.content.decode()


def test_fewer_than_five_answers_show_no_score_but_the_course_so_far(carlas):
    few = make_wave("Herbst", {10: 4})
    shown = text(carlas.get("/nps/"))
    assert "Ab 5 Antworten steht hier ein Wert." in shown
    assert ("+100" in shown, "Verlauf" in shown) == (False, False)
    make_wave("Frühjahr", A, day=DAY.replace(month=3))
    shown = text(carlas.get(f"/nps/?wave={few.pk}"))
    assert "Herbst 1–10 4 – – unter 5 Antworten" in shown
    assert "Verteilung" not in shown


def test_small_cells_and_what_would_betray_them_are_hidden(carlas):
    wave = make_wave()
    for industry, count in (("Maschinenbau", 9), ("Gastronomie", 6), ("Pflege", 2)):
        add_answers(wave, {10: count}, industry=industry)
    page = carlas.get("/nps/?by=industry")
    assert [(row.name, row.score) for row in page.context["cell_rows"]] == [("Maschinenbau", "+100"), ("Gastronomie", "–"), ("Pflege", "–")]
    assert "Gastronomie verborgen, sonst ergäbe sich eine kleinere Gruppe aus der Summe 6 – –" in text(page)
    assert "Pflege unter 5 Antworten 2 – –" in text(page)


def test_classes_and_ages_stand_in_their_own_order(carlas):
    wave = make_wave()
    for abc_class, age, count in (("C", "1-3", 9), ("", "", 8), ("B", "10+", 6), ("A", "0-1", 7)):
        add_answers(wave, {10: count}, abc_class=abc_class, customer_age=age)
    assert [row.name for row in carlas.get("/nps/?by=abc_class").context["cell_rows"]] == ["A", "B", "C", "unbekannt"]
    ages = ["unter 1 Jahr", "1 bis 3 Jahre", "10 Jahre und mehr", "unbekannt"]
    assert [row.name for row in carlas.get("/nps/?by=customer_age").context["cell_rows"]] == ages


def test_the_questions_to_the_database_do_not_grow_with_answers_or_surveys(carlas):
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            carlas.get("/nps/?by=industry")
        return len(queries)

    wave = make_wave("eins")
    add_answers(wave, {10: 6}, industry="Pflege")
    carlas.get("/nps/")
    before = count()
    for index in range(4):
        add_answers(make_wave(f"weitere {index}"), {10: 9, 3: 9}, industry=f"Branche {index}")
    add_answers(wave, {9: 50}, industry="Pflege")
    assert count() == before


def test_a_segment_with_a_single_value_is_not_offered(carlas):
    wave = make_wave()
    add_answers(wave, {10: 6}, industry="Pflege", list_segment="Hotline")
    assert carlas.get("/nps/").context["dimensions"] == []
    add_answers(wave, {3: 6}, list_segment="Hotline")
    assert [link.href for link in carlas.get("/nps/").context["dimensions"]] == ["?by=industry"]


def test_the_list_of_answers_says_whose_it_is_and_leads_to_the_others(carlas):
    wave = make_wave()
    answer(wave, make_customer("Bäckerei Nord"), 3, reason="Lieferung zu spät")
    answer(wave, make_customer("Gasthof Süd"), 9)
    page = carlas.get(f"/nps/answers/?wave={wave.pk}&group=detractor")
    assert "Alle Promotoren Passive Detraktoren Bewertung Kunde" in text(page)
    assert re.findall(r'aria-current="page">([^<]+)</a>', page.content.decode())[-1] == "Detraktoren"
    assert "Gasthof Süd" not in text(page)
    everybody = f"?wave={wave.pk}"
    assert f'href="{everybody}"' in page.content.decode()
    shown = text(carlas.get(f"/nps/answers/{everybody}"))
    assert ("Gasthof Süd" in shown, "Bäckerei Nord" in shown) == (True, True)
    assert "Bewertung: 9" in text(carlas.get(f"/nps/answers/{everybody}&rating=9"))


def test_numbers_of_segments_and_reasons_open_their_names(carlas):
    wave = make_wave()
    for index in range(6):
        answer(
            wave,
            make_customer(f"Küche {index}", industry="Gastronomie & Hotel"),
            3,
            reason="Preis zu hoch" if index else "Zu spät geliefert",
        )
        answer(wave, make_customer(f"Werk {index}", industry="Maschinenbau"), 9)
    page = carlas.get("/nps/?by=industry").content.decode()
    segment, reason = (re.search(rf'href="([^"]*{part}[^"]*)"', page)[1].replace("&amp;", "&") for part in ("value=Gastro", "about=price"))
    shown = carlas.get(segment)
    assert sorted(one.customer.name for one in shown.context["page"].rows) == [f"Küche {index}" for index in range(6)]
    assert shown.context["narrowed"] == [("value", "Branche", "Gastronomie & Hotel")]
    shown = carlas.get(reason)
    assert sorted(one.customer.name for one in shown.context["page"].rows) == [f"Küche {index}" for index in range(1, 6)]
    assert carlas.get("/nps/answers/?by=industry&value=x%00&about=x&rating=999").status_code == 200


def test_the_number_of_critical_answers_opens_as_many(carlas):
    wave = make_wave(counts={9: 5})
    for index, rating in enumerate((1, 3, 6, 7, 8)):
        customer = make_customer(f"Kunde {index}")
        answer(wave, customer, rating, invitation=make_invitation(wave, customer))
    cases.open_missing(wave.pk)
    Case.objects.for_system("test").filter(response__rating=1).update(state="contacted")
    Response.objects.for_system("test").filter(rating=3).update(invalid_reason="twice")
    page = carlas.get("/nps/")
    link = re.search(r'href="(/nps/cases/[^"]+)">2</a>', page.content.decode())[1].replace("&amp;", "&")
    assert [one.response.rating for one in carlas.get(link).context["page"].rows] == [1, 6]


def test_what_is_invalid_does_not_count_and_is_told(carlas, anna):
    wave = make_wave(counts={9: 5})
    customer = make_customer("Bäckerei Nord", owner=anna)
    wrong = answer(wave, customer, 1, invitation=make_invitation(wave, customer))
    cases.open_missing(wave.pk)
    assert figures_of([wave])[0].n == 6
    page = carlas.post(f"/nps/answers/{wrong.pk}/invalid/", {"reason": "wrong_person"}, follow=True)
    assert "Zählt nicht: von jemandem, der nicht gefragt war" in text(page)
    run_jobs("nps_tally")
    assert (figures_of([wave])[0].n, figures_of([wave])[0].score) == (5, 100)
    assert "1 weitere ist als ungültig vermerkt und zählt nicht" in text(carlas.get("/nps/"))
    assert not Case.objects.for_system("test").exists()
    assert AuditEvent.objects.get(act="nps.invalid").facts == {"wave": wave.pk, "answer": wrong.pk, "reason": "wrong_person"}
    carlas.post(f"/nps/answers/{wrong.pk}/valid/")
    carlas.post(f"/nps/answers/{wrong.pk}/valid/")
    assert "wählen Sie" in text(carlas.post(f"/nps/answers/{wrong.pk}/invalid/", {"reason": "bad mood"}, follow=True))
    run_jobs("nps_tally")
    assert (figures_of([wave])[0].n, Case.objects.for_system("test").count()) == (6, 1)


def test_segments_have_the_second_figure_too(carlas):
    wave = make_wave()
    add_answers(wave, {10: 5}, industry="Pflege", revenue_12m=100)
    add_answers(wave, {3: 1}, industry="Pflege", revenue_12m=400)
    add_answers(wave, {10: 14}, industry="Druck", revenue_12m=100)
    cells = {cell.value: cell.weighted for cell in breakdown(wave, "industry")}
    assert {value: one.score for value, one in cells.items()} == {"Pflege": pytest.approx(100 * (500 - 100) / 600), "Druck": 100}
    shown = text(carlas.get("/nps/?by=industry"))
    assert "Pflege +67 +67 ± 60 6" in shown
    wave.refresh_from_db()
    assert wave.figures["weighted"]["score"] == pytest.approx(100 * 1_800 / 2_000)


def test_a_weighted_figure_bears_its_range_and_few_equal_answers_give_none():
    def row(*weights: tuple[float, float]) -> WeightedRow:
        weighted = weighted_sums({9: weights[0], 3: weights[1]})
        return next(weighted_rows([Cell("a", "A", 10, Tally.of({9: 5, 3: 5}), weighted)]))

    assert (row((50.0, 500.0), (50.0, 500.0)).weighted, row((50.0, 500.0), (50.0, 500.0)).error) == ("0", " ± 62")
    assert (row((90.0, 8_100.0), (1.0, 1.0)).weighted, row((90.0, 8_100.0), (1.0, 1.0)).effective_n) == ("–", "1")


def test_the_same_people_are_compared_person_by_person(carlas):
    contacts = [make_contact(make_customer(f"Kunde {index}")) for index in range(30)]
    for name, day, ratings in (("eins", DAY, [3] * 15 + [9] * 15), ("zwei", DAY + dt.timedelta(days=90), [8] * 15 + [9] * 14 + [3])):
        wave = make_wave(name, day=day)
        for contact, rating in zip(contacts, ratings, strict=True):
            invitation = make_invitation(wave, contact.customer, contact, state="responded")
            Response.objects.create(
                wave=wave, invitation=invitation, customer=contact.customer, rating=rating, channel="email", answered_on=day
            )
        tallies.refresh(wave.pk)
    shown = text(carlas.get("/nps/"))
    assert "+43,3 (n = 30), z = +3,50, p = 0,000: gesichert" in shown


def test_surveys_of_occasions_have_a_value_of_four_quarters(carlas):
    for quarter in range(6):
        make_wave(f"Q{quarter}", {10: 6, 3: quarter}, day=add_months(DAY, 3 * quarter), kind="transactional")
    steps = trend(figures_of(SurveyWave.objects.order_by("starts_on")))
    assert [step.year.n for step in steps] == [6, 13, 21, 30, 34, 38]
    page = carlas.get("/nps/")
    assert [row.year for row in page.context["step_rows"]] == ["–", "+85", "+71", "+60", "+41", "+26"]
    assert "4 Quartale" in text(page)


def test_names_are_for_the_owner_and_the_management(client, anna, bernd, carla, dieter):
    wave = make_wave()
    answer(wave, make_customer("Bäckerei Nord", owner=anna), 3)
    answer(make_wave("verdeckt", shows_names=False), make_customer("Geheim GmbH", owner=anna), 3)

    def seen(user, wave_pk: int) -> bool:
        client.force_login(user)
        response = client.get(f"/nps/answers/?wave={wave_pk}&group=detractor")
        shown = text(response)
        return "Bäckerei Nord" in shown or "Geheim GmbH" in shown

    assert [seen(user, wave.pk) for user in (anna, bernd, carla, dieter)] == [True, False, True, False]
    assert not any(seen(user, SurveyWave.objects.get(name="verdeckt").pk) for user in (anna, carla))


def test_a_list_is_read_and_its_workbook_leaves(carlas):
    file = SimpleUploadedFile("herbst.csv", b"Bewertung\n9\n9\n10\n3\n8\n")
    page = carlas.post("/nps/import/", {"file": file}, follow=True)
    assert "5 Antworten in „herbst“ übernommen." in text(page)
    wave = SurveyWave.objects.get(name="herbst")
    workbook = carlas.get(f"/nps/{wave.pk}/workbook/")
    sheets = calamine.load_workbook(io.BytesIO(workbook.content)).sheet_names
    assert sheets == ["Anleitung", "Befragung", "Auswertung", "Segmente", "Wellen", "Diagramm", "Übersicht"]
    assert AuditEvent.objects.get(act="nps.export").facts == {"wave": wave.pk, "rows": 5}
    assert calamine.load_workbook(io.BytesIO(carlas.get("/nps/blank/").content)).sheet_names == sheets


def test_what_could_not_be_read_is_said_on_the_page(carlas):
    page = carlas.post("/nps/import/", {"file": SimpleUploadedFile("herbst.csv", b"Bewertung\n9\nx\n")})
    assert (page.status_code, "„x“ ist keine ganze Zahl von 1 bis 10" in text(page)) == (200, True)
    survey = text(carlas.get(SurveyWave.objects.get().get_absolute_url()))
    assert "herbst.csv" in survey
    assert "1 Antwort übernommen, 1 Zeile nicht" in survey
    assert "„x“ ist keine ganze Zahl von 1 bis 10" in survey
    refused = carlas.post("/nps/import/", {"file": SimpleUploadedFile("leer.csv", b"Firma\nA\n")})
    assert (refused.status_code, SurveyWave.objects.count()) == (422, 1)


def test_counting_again_writes_nothing():
    wave = make_wave(counts=A)
    assert tallies.refresh(wave.pk) == 0
    assert tallies.refresh(0) == 0
