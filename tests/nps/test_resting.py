"""Two surveys at the same time: nobody is asked by both."""

import datetime as dt
import threading

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.utils import timezone

from innendienst.base import jobs
from innendienst.base.models import Job
from nps import invitations, resting
from nps.models import Invitation
from nps.sampling import Rule
from nps.waves import WaveRefused, move_wave, start_wave
from tests.nps.scenes import make_draft, make_person, make_wave, run_jobs, states
from tests.reading import text

MONDAY = dt.datetime(2026, 11, 30, 9, tzinfo=dt.UTC)
BY_PHONE = Rule(ways=("phone",)).stored()


def reasons(wave) -> list[str]:
    rows = Invitation.objects.for_system("test").filter(wave=wave).order_by("customer__sort_key")
    return list(rows.values_list("exclusion", flat=True))


@pytest.mark.django_db
def test_whom_a_running_survey_is_to_ask_no_other_one_draws(carla, carlas):
    make_person("a")
    start_wave(actor=carla, wave=make_draft(carla, rule=BY_PHONE))
    make_person("b")
    second = make_draft(carla, name="Zweite", rule=BY_PHONE)
    assert reasons(second) == ["elsewhere", ""]
    assert "Von einer anderen laufenden Befragung gefragt 1" in text(carlas.get(second.get_absolute_url()))


@pytest.mark.django_db
def test_of_two_samples_with_the_same_people_the_survey_that_runs_first_asks_them(carla):
    make_person("a")
    first, second = make_draft(carla, rule=BY_PHONE), make_draft(carla, name="Zweite", rule=BY_PHONE)
    start_wave(actor=carla, wave=first)
    with pytest.raises(WaveRefused, match="nobody"):
        start_wave(actor=carla, wave=second)
    make_person("b")
    third = make_draft(carla, name="Dritte", rule=BY_PHONE)
    later = make_draft(carla, name="Vierte", rule=BY_PHONE)
    start_wave(actor=carla, wave=third)
    assert (states(third), reasons(third)) == (["excluded", "eligible"], ["elsewhere", ""])
    move_wave(actor=carla, wave=third, to_state="closed")
    start_wave(actor=carla, wave=later)
    third.refresh_from_db()
    move_wave(actor=carla, wave=third, to_state="open")
    assert (reasons(later), reasons(third)) == (["elsewhere", ""], ["elsewhere", "elsewhere"])


@pytest.mark.django_db(transaction=True)
def test_two_surveys_started_at_once_ask_a_person_once(carla):
    make_person("a")
    drafts = [make_draft(carla, rule=BY_PHONE), make_draft(carla, name="Zweite", rule=BY_PHONE)]
    gate, refused = threading.Barrier(2), []

    def start(wave) -> None:
        try:
            gate.wait(10)
            start_wave(actor=carla, wave=wave)
        except WaveRefused as refusal:
            refused.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=start, args=(wave,)) for wave in drafts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    for wave in drafts:
        wave.refresh_from_db()
    assert (refused, sorted(wave.state for wave in drafts)) == (["nobody"], ["draft", "open"])


@pytest.mark.django_db
def test_whom_another_survey_asked_meanwhile_gets_no_mail(carla, sender):
    """As after a merge: both surveys run, and both have the person."""
    contact = make_person("a", email="a@kunde.example")
    with time_machine.travel(MONDAY, tick=False) as clock:
        wave = make_draft(carla)
        start_wave(actor=carla, wave=wave)
        run_jobs("nps_invite")
        other = make_wave("früher", state="open")
        Invitation.objects.create(wave=other, customer=contact.customer, contact=contact, state="sent", sent_on=timezone.localdate())
        clock.shift(dt.timedelta(hours=1))
        jobs.request("send_mail")
        run_jobs("send_mail")
    assert (mail.outbox, states(wave), reasons(wave)) == ([], ["excluded"], ["rested"])


@pytest.mark.django_db
@pytest.mark.parametrize(("way", "address"), [("letter", "letters"), ("phone", "phone")])
def test_whom_another_survey_asked_meanwhile_is_neither_printed_nor_called(carla, carlas, sender, way, address):
    contact = make_person("Bäckerei Nord", address=True)
    wave = make_draft(carla, rule=Rule(ways=(way,)).stored())
    start_wave(actor=carla, wave=wave)
    page = f"/nps/waves/{wave.pk}/{address}/"
    assert "Bäckerei Nord" in text(carlas.get(page))
    other = make_wave("früher", state="open")
    Invitation.objects.create(wave=other, customer=contact.customer, contact=contact, state="sent", sent_on=timezone.localdate())
    assert "Bäckerei Nord" not in text(carlas.get(page))
    wave.refresh_from_db()
    assert invitations.letters(wave) == []
    run_jobs("nps_tally")
    assert resting.leave_out_asked(timezone.localdate()) == 1
    assert (states(wave), reasons(wave)) == (["excluded"], ["rested"])
    assert Job.objects.get(kind="nps_tally", finished_at=None).target == str(wave.pk)  # its figures follow
