"""The demo's surveys: there is something to see on the NPS page, and it is the same each time."""

import datetime as dt

import pytest

from customers.models import FollowUp
from innendienst.demo.running_survey import write_running_survey
from innendienst.demo.staff import DEFAULT_SIGN_IN
from innendienst.demo.surveys import write_surveys
from nps.asked import asked_by
from nps.figures import figures_of
from nps.models import Case, Invitation, Response, SurveyWave
from nps.trend import trend
from tests.factories import make_contact, make_customer, make_team, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

TODAY = dt.date(2026, 11, 27)


def test_two_surveys_with_a_change_that_is_not_proven():
    for _index in range(130):
        make_customer(industry="Gastronomie")
    write_surveys(20, TODAY)
    figures = figures_of(SurveyWave.objects.order_by("starts_on"))
    assert [(one.wave.name, one.n) for one in figures] == [("Kundenbefragung Herbst 2025", 110), ("Kundenbefragung Frühjahr 2026", 120)]
    assert not trend(figures)[1].change.is_proven
    first = list(Response.objects.for_system("test").order_by("pk").values_list("customer", "rating", "reason"))
    Response.objects.for_system("test").delete()
    SurveyWave.objects.all().delete()
    write_surveys(20, TODAY)
    assert list(Response.objects.for_system("test").order_by("pk").values_list("customer", "rating", "reason")) == first


def test_a_running_survey_with_answers_on_the_way(carla):
    anna = make_user(DEFAULT_SIGN_IN, team=make_team("Nord"))
    for index in range(300):
        customer = make_customer(f"Kunde {index}", owner=anna, street="Weg 1", postcode="01067", town="Dresden")
        make_contact(customer)
    write_running_survey(20, TODAY)
    wave = SurveyWave.objects.get()
    asked = asked_by(wave)
    assert (wave.name, wave.state, asked.total, asked.eligible) == ("Kundenbefragung Herbst 2026", "open", 300, 42)
    assert dict(asked.excluded) == {str(Invitation.Exclusion.NOT_DRAWN.label): 258}
    assert figures_of([wave])[0].n == asked.answered >= 10
    waiting = Case.objects.for_system("test").waiting().select_related("response")
    assert {case.kind for case in waiting} >= {"detractor"}
    assert FollowUp.objects.for_system("test").open().filter(assignee=anna, kind="nps_case").exists()
