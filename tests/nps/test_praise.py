"""The day of the last praise on a customer's row: true after every act that writes, changes or takes away an answer."""

import datetime as dt

import pytest
from django.utils import timezone

from customers.locks import hold
from nps import praise
from nps.answers import Given, enter_answer, take_answer, undo_entry
from nps.forgetting import erase_person, forget
from nps.imports.take_over import import_answers
from nps.invalid import count_again, mark_invalid
from nps.models import Response
from nps.waves import delete_wave
from tests.factories import make_listed
from tests.nps.scenes import make_invitation, make_wave

pytestmark = pytest.mark.django_db(transaction=True)


def test_each_act_on_an_answer_keeps_the_day_of_the_last_praise(anna, carla, tmp_path):
    """After each act a count over everybody finds nothing to mend."""
    today = timezone.localdate()
    customer = make_listed(owner=anna)
    first, second, silent = (
        make_invitation(make_wave(name, state="open", day=today - dt.timedelta(days=5), shows_names=name != "Verdeckt"), customer)
        for name in ("Eins", "Zwei", "Verdeckt")
    )

    def kept() -> dt.date | None:
        assert praise.keep_all() == 0
        customer.refresh_from_db()
        return customer.praised_on

    enter_answer(actor=anna, invitation=silent, given=Given(10))
    assert kept() is None
    take_answer(first, Given(10))
    assert kept() == today
    take_answer(first, Given(3))
    assert kept() is None
    take_answer(first, Given(9))
    early = Response.objects.for_system("test").get(invitation=first)
    early.answered_on = today - dt.timedelta(days=4)
    early.save()
    entered = enter_answer(actor=anna, invitation=second, given=Given(9))
    assert kept() == today
    undo_entry(actor=anna, response=entered)
    assert praise.keep([customer.pk]) == 0
    assert kept() == early.answered_on
    mark_invalid(actor=carla, response=early, reason="test")
    assert kept() is None
    early.refresh_from_db()
    count_again(actor=carla, response=early)
    assert kept() == early.answered_on
    path = tmp_path / "liste.csv"
    path.write_text(f"Kundennummer;Bewertung;Datum\n{customer.number};10;{today:%d.%m.%Y}\n")
    listed = import_answers(path, path.name).figures.wave
    assert kept() == today
    delete_wave(actor=carla, wave=listed)
    assert kept() == early.answered_on
    take_answer(first, Given(9, is_anonymous=True))
    assert kept() is None
    enter_answer(actor=anna, invitation=second, given=Given(9))
    hold(customer.pk)
    erase_person(customer)
    assert kept() is None


def test_what_is_forgotten_is_no_praise_any_more(anna):
    today = timezone.localdate()
    wave = make_wave("Alt", state="open", day=today)
    customer = make_listed(owner=anna)
    response = enter_answer(actor=anna, invitation=make_invitation(wave, customer), given=Given(10))
    Response.objects.for_system("test").filter(pk=response.pk).update(answered_on=today - dt.timedelta(days=800))
    wave.state = "closed"
    wave.save()
    assert praise.keep_all() == 1
    forget(today)
    customer.refresh_from_db()
    assert (customer.praised_on, praise.keep_all()) == (None, 0)
