"""The demo's surveys: there is something to see on the NPS page, and it is the same each time."""

import datetime as dt

import pytest

from innendienst.demo.surveys import write_surveys
from nps.figures import figures_of, trend
from nps.models import Response, SurveyWave
from tests.factories import make_customer

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

TODAY = dt.date(2026, 11, 27)


def test_two_surveys_with_a_change_that_is_not_proven():
    for _index in range(130):
        make_customer(industry="Gastronomie")
    write_surveys(20, TODAY)
    figures = figures_of(SurveyWave.objects.order_by("starts_on"))
    assert [(one.wave.name, one.n) for one in figures] == [("Kundenbefragung Frühjahr 2026", 110), ("Kundenbefragung Herbst 2026", 120)]
    assert not trend(figures)[1].change.is_proven
    first = list(Response.objects.for_system("test").order_by("pk").values_list("customer", "rating", "reason"))
    Response.objects.for_system("test").delete()
    SurveyWave.objects.all().delete()
    write_surveys(20, TODAY)
    assert list(Response.objects.for_system("test").order_by("pk").values_list("customer", "rating", "reason")) == first
