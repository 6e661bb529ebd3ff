"""Measures: made for oneself, changed with care, from the reasons of a survey, in one's own calendar."""

import datetime as dt
import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from campaigns.measures.models import Measure
from tests import factories
from tests.nps.scenes import add_answers, make_wave

pytestmark = pytest.mark.django_db


def test_a_measure_is_changed_over_the_version_that_was_read(carlas, carla, anna):
    today = timezone.localdate()
    values = {"title": "Nachfassen", "possibility": "reorder", "owner": anna.pk, "starts_on": "01.11.2026", "ends_on": f"{today:%d.%m.%Y}"}
    carlas.post(reverse("measures:add"), values)
    measure = Measure.objects.get()
    url = reverse("measures:detail", args=[measure.pk])
    assert carlas.post(url, {**values, "title": "Anders", "version": 1}).status_code == 302
    stale = carlas.post(url, {**values, "title": "Noch anders", "version": 1})
    assert stale.status_code == 409
    assert "Noch anders" in stale.content.decode()
    carlas.post(reverse("measures:move", args=[measure.pk]), {"state": "running"})
    measure.refresh_from_db()
    assert (measure.title, measure.state) == ("Anders", "running")
    assert measure.transitions.get().to_state == "running"


def test_a_new_measure_is_proposed_for_whoever_adds_it(carlas, carla, anna):
    form = carlas.get(reverse("measures:add")).context["form"]
    assert form["owner"].value() == carla.pk
    assert form["starts_on"].value() == f"{timezone.localdate():%d.%m.%Y}"


def test_a_reason_of_a_survey_becomes_one_measure_and_is_marked_on_the_line(client, carla, anna):
    wave = make_wave(day=timezone.localdate() - dt.timedelta(days=30))
    add_answers(wave, dict.fromkeys((3, 4, 5, 6, 9), 1), reason="Lieferung kam zu spät")
    page, url = reverse("nps:dashboard"), reverse("measures:of_reason", args=[wave.pk])
    client.force_login(anna)
    assert url not in client.get(page).content.decode()
    client.force_login(carla)
    assert url in client.get(page).content.decode()
    first, second = (client.post(url, {"group": "delivery"}) for _click in range(2))
    measure = Measure.objects.get()
    assert first.url == second.url == reverse("measures:detail", args=[measure.pk])
    assert (measure.owner, measure.starts_on) == (carla, timezone.localdate())
    assert client.post(url, {"group": "none"}).status_code == 404
    shown = client.get(page)
    assert [(mark.number, mark.decision.title) for mark in shown.context["marks"]] == [(1, measure.title)]
    assert shown.content.decode().count(first.url) == 2  # beneath the line, and beside its reason
    assert f'href="{page}?wave={wave.pk}">Befragung: Lieferung und Termine' in client.get(first.url).content.decode()
    client.post(reverse("measures:move", args=[measure.pk]), {"state": "dropped"})
    assert client.get(page).context["marks"] == []


def test_the_calendar_shows_when_ones_own_measures_are_to_be_looked_at(carlas, carla, anna):
    today = timezone.localdate()
    days = {"starts_on": today, "ends_on": today + dt.timedelta(days=20), "made_by": carla}
    mine = Measure.objects.create(title="Nachfassen", owner=carla, remind_on=today + dt.timedelta(days=7), **days)
    Measure.objects.create(title="Fremde", owner=anna, **days)
    Measure.objects.create(title="Erledigte", owner=carla, state="done", **days)
    page = carlas.post(reverse("account_calendar_make")).content.decode()
    text = Client().get(re.search(r'value="http://[^/]+(/calendar/[^"]+)"', page)[1]).content.decode().replace("\r\n ", "")
    assert re.findall(r"SUMMARY:(.+)\r", text) == ["Maßnahme ansehen: Nachfassen", "Maßnahme endet: Nachfassen"]
    assert f"DTSTART;VALUE=DATE:{mine.remind_on:%Y%m%d}" in text
    assert reverse("measures:detail", args=[mine.pk]) in text


def test_marketing_may_have_its_measures_in_a_calendar(client):
    client.force_login(factories.make_user("mia", Role.MARKETING))
    assert reverse("account_calendar_make") in client.get(reverse("account_settings")).content.decode()
