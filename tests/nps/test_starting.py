"""Starting a survey is asked once, and can be taken back as long as nobody was asked."""

import datetime as dt

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from customers.blocks import block_contact
from customers.models import ContactBlock, Message
from innendienst.base import jobs
from nps import invitations
from nps.answers import Given, enter_answer
from nps.models import Invitation, SurveyWave
from nps.sampling import Rule
from nps.waves import WaveRefused, move_wave, start_wave
from tests.nps.scenes import make_draft, make_person, run_jobs, states
from tests.reading import text

MONDAY = dt.datetime(2026, 11, 30, 9, tzinfo=dt.UTC)


def send_mails() -> None:
    jobs.request("send_mail")
    run_jobs("send_mail")


@pytest.mark.django_db
def test_before_it_starts_a_page_says_whom_it_asks_how_and_from_when_on(carla, carlas, sender):
    make_person("a", email="a@kunde.example")
    make_person("b")
    make_person("c", is_collective=True)
    wave, other = make_draft(carla), make_draft(carla, name="Telefon", rule=Rule(ways=("phone",)).stored())
    page = f"/nps/waves/{wave.pk}/start/"
    shown = text(carlas.get(page))
    assert "Wird gefragt 2 von 3 Personen E-Mail 1 Brief 0 Telefon 1" in shown
    assert "Ausgeschlossen, nach Grund Personen Sammelkonto 1" in shown
    start_wave(actor=carla, wave=other)
    overtaken = text(carlas.get(page))
    assert "Wird gefragt 0 von 3 Personen E-Mail 0 Brief 0 Telefon 0" in overtaken
    assert "Seit der Ziehung von einer anderen Befragung gefragt 2" in overtaken
    wave.refresh_from_db()
    assert wave.is_draft
    assert carlas.get(f"/nps/waves/{other.pk}/start/").status_code == 302


@pytest.mark.django_db
def test_a_start_is_taken_back_before_anything_is_sent(carla, client, sender):
    make_person("a", email="a@kunde.example")
    make_person("b")
    with time_machine.travel(MONDAY, tick=False) as clock:
        client.force_login(carla)
        wave = make_draft(carla)
        start_wave(actor=carla, wave=wave)
        run_jobs("nps_invite")
        send_mails()
        assert (mail.outbox, states(wave)) == ([], ["queued", "eligible"])  # the first mail leaves some minutes later
        assert "Start zurücknehmen" in text(client.get(wave.get_absolute_url()))
        page = client.post(f"/nps/waves/{wave.pk}/move/draft/", follow=True)
        assert "Start von „Herbst“ zurückgenommen: Niemand wurde gefragt, keine E-Mail geht hinaus." in text(page)
        assert [*Message.objects.values_list("state", flat=True)] == ["dropped"]
        run_jobs("nps_sample")
        clock.shift(dt.timedelta(hours=1))
        send_mails()
        assert (mail.outbox, states(wave)) == ([], ["eligible", "eligible"])
        start_wave(actor=carla, wave=wave)
        run_jobs("nps_invite")
        clock.shift(dt.timedelta(hours=1))
        send_mails()
    assert len(mail.outbox) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("asked", ["sent", "being sent", "entered"])
def test_what_was_sent_stays_and_the_survey_with_it(carla, client, sender, asked):
    make_person("a", email="a@kunde.example")
    make_person("b")
    with time_machine.travel(MONDAY, tick=False) as clock:
        client.force_login(carla)
        wave = make_draft(carla)
        start_wave(actor=carla, wave=wave)
        run_jobs("nps_invite")
        match asked:
            case "sent":
                clock.shift(dt.timedelta(hours=1))
                send_mails()
            case "being sent":
                Message.objects.update(state=Message.State.SENDING, lease_until=timezone.now() + dt.timedelta(minutes=1))
            case "entered":
                enter_answer(actor=carla, invitation=Invitation.objects.for_system("test").get(channel="phone"), given=Given(9))
        before = states(wave)
        with pytest.raises(WaveRefused, match="asked"):
            move_wave(actor=carla, wave=wave, to_state="draft")
        page = text(client.post(f"/nps/waves/{wave.pk}/move/draft/", follow=True))
    assert "Nicht zurückgenommen: Die ersten Personen sind schon gefragt." in page
    assert ("Start zurücknehmen" in page) == (asked == "being sent")
    assert (SurveyWave.objects.get().state, states(wave)) == ("open", before)


@pytest.mark.django_db
def test_letters_come_in_portions_and_none_stays_behind_those_that_may_not_leave(carla, carlas, anna, sender, monkeypatch):
    monkeypatch.setattr(invitations, "LETTERS_MOST", 2)
    people = [make_person(name, address=True) for name in "abcde"]
    wave = make_draft(carla, rule=Rule(ways=("letter",)).stored())
    start_wave(actor=carla, wave=wave)
    for person in people[:3]:
        block_contact(actor=anna, customer=person.customer, kind=ContactBlock.Kind.OBJECTION)
    more = make_person("f", address=True)
    Invitation.objects.create(wave=wave, customer=more.customer, contact=more, channel="letter")
    page = f"/nps/waves/{wave.pk}/letters/"
    first = carlas.get(page)
    assert [one.customer.name for one, *_rest in first.context["sheets"]] == ["d", "e"]
    assert "Insgesamt warten 6 Briefe, nach Postleitzahl geordnet. Die nächsten kommen auf diese Seite" in text(first)
    second = carlas.post(page, {"letter": [one.pk for one, *_rest in first.context["sheets"]]}, follow=True)
    assert [one.customer.name for one, *_rest in second.context["sheets"]] == ["f"]
    assert "3 weitere waren vorgesehen, dürfen heute aber nicht angeschrieben werden." in text(second)
    assert states(wave) == [*["eligible"] * 3, "sent", "sent", "eligible"]
