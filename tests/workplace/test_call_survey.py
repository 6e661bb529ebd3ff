"""A running survey's question in the call form: only for whom it asks, stored and undone with the call."""

import pytest
from django.urls import reverse

from innendienst.base import form_keys
from nps.models import Invitation, Response
from tests.nps.scenes import make_invitation, make_wave
from tests.reading import text
from tests.workplace.scenes import make_callable

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(anna) -> Invitation:
    customer = make_callable(anna, "Bäckerei Nord")
    return make_invitation(
        make_wave("Herbst", state="open"), customer, customer.contacts.get(), channel="phone", state="eligible", sent_on=None
    )


def post(client, invitation: Invitation, **said):
    data = {
        "key": form_keys.fresh(), "customer": invitation.customer_id, "contact": invitation.contact_id, "outcome": "reached",
        "direction": "incoming", "next": "none", "back": "customer", **said,
    }  # fmt: skip
    return client.post(reverse("call_save"), data, follow=True)


def test_the_answer_is_stored_with_the_call_and_undone_with_it(annas, asked):
    shown = text(annas.get(f"/?customer={asked.customer_id}"))
    assert "Befragung läuft: Herr Müller fragen" in shown
    post(annas, asked, nps_rating="4", nps_reason="Zu langsam")
    response = Response.objects.for_system("test").get()
    assert (response.rating, response.reason, response.channel, response.activity.outcome) == (4, "Zu langsam", "phone", "reached")
    annas.post(reverse("call_undo", args=[response.activity_id]))
    asked.refresh_from_db()
    assert (Response.objects.for_system("test").count(), asked.state) == (0, "eligible")


def test_sent_twice_the_answer_is_one_and_nothing_is_refused(annas, asked):
    key = form_keys.fresh()
    for _time in range(2):
        page = post(annas, asked, key=key, nps_rating="4", nps_reason="Zu langsam")
        assert (page.status_code, Response.objects.for_system("test").count()) == (200, 1)
    assert post(annas, asked, key=key, nps_rating="5").status_code == 409


def test_a_rating_of_somebody_else_or_off_the_scale_comes_back(annas, asked):
    page = post(annas, asked, nps_rating="9", contact="")
    assert (page.status_code, "Die Befragung fragt Herr Müller." in text(page)) == (422, True)
    assert "„11“ ist keine ganze Zahl von 1 bis 10." in text(post(annas, asked, nps_rating="11"))
    assert "niemand erreicht" in text(post(annas, asked, nps_rating="9", outcome="not_reached", direction="outgoing"))
    assert Response.objects.for_system("test").count() == 0


def test_without_a_running_survey_there_is_no_field(annas, asked):
    asked.wave.state = "closed"
    asked.wave.save()
    assert "nps_rating" not in annas.get(f"/?customer={asked.customer_id}").content.decode()
