"""A single letter: through the gate, on record, printed after DIN 5008, and the pause that selling has after it."""

import datetime as dt

import pytest
import time_machine
from django.urls import reverse

from customers.gate import Purpose, gate_text, may_contact
from customers.models import Activity, ContactBlock
from customers.models.permissions import Channel
from innendienst.base import form_keys, preferences
from innendienst.base.preferences import CompanyPreferences
from tests.factories import make_contact
from tests.workplace.scenes import make_callable

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 11, 23)


@pytest.fixture(autouse=True)
def _monday():
    with time_machine.travel(dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def nord(anna):
    return make_callable(anna, "Nord", street="Hafenstr. 1", postcode="01067", town="Dresden")


def said(**more) -> dict:
    return {"key": form_keys.fresh(), "purpose": "sales", "subject": "Neue Preise", "text": "Erster Absatz.\n\nZweiter.", **more}


def letters() -> list[Activity]:
    return list(Activity.objects.for_system("test").standing().filter(kind="letter"))


def test_a_letter_is_logged_once_and_stands_ready_on_paper(annas, anna, nord, dieter):
    preferences.put(CompanyPreferences, by=dieter, name="Muster GmbH", postal_address="Weg 1\n04109 Leipzig")
    contact = make_contact(nord, "Weiß", salutation="ms", title="Dr.", first_name="Eva")
    url, data = reverse("customers:letter", args=[nord.pk]), said(contact=contact.pk)
    page = annas.post(url, data, follow=True).text
    annas.post(url, data)
    [letter] = letters()
    assert (letter.contact, letter.note, letter.gate_answer["basis"]) == (contact, "Neue Preise\n\nErster Absatz.\n\nZweiter.", "letter")
    for text in ("Muster GmbH · Weg 1 · 04109 Leipzig", "Nord<br>Frau Dr. Eva Weiß<br>Hafenstr. 1<br>01067 Dresden<br>", "Sehr geehrte Frau Dr. Weiß,",
                 "<p>Zweiter.</p>", "23.11.2026", "Sie können der Werbung jederzeit widersprechen"):  # fmt: skip
        assert text in page
    assert reverse("letter_print", args=[letter.pk]) in annas.get(nord.get_absolute_url()).text


def test_a_selling_letter_lets_selling_rest_and_is_no_talk(annas, anna, nord):
    annas.post(reverse("customers:letter", args=[nord.pk]), said())
    assert may_contact(nord, Channel.PHONE, Purpose.SALES, TODAY).rule == "pressure"
    nord.facts.refresh_from_db()
    assert nord.facts.last_contact_on == TODAY - dt.timedelta(days=38)
    [letter] = letters()
    annas.post(reverse("call_undo", args=[letter.pk]))
    assert letters() == []
    assert annas.get(reverse("letter_print", args=[letter.pk])).status_code == 404
    annas.post(reverse("customers:letter", args=[nord.pk]), said(purpose="service"))
    assert may_contact(nord, Channel.PHONE, Purpose.SALES, TODAY).is_allowed
    assert "Widerspr" not in annas.get(reverse("letter_print", args=[letters()[0].pk])).text


def test_against_an_objection_nothing_is_written_and_the_text_stays(annas, nord):
    ContactBlock.objects.create(customer=nord, kind="objection", set_on=TODAY)
    answer = annas.post(reverse("customers:letter", args=[nord.pk]), said())
    assert answer.status_code == 422
    assert gate_text(may_contact(nord, Channel.LETTER, Purpose.SALES, TODAY)) in answer.text
    assert "Erster Absatz." in answer.text
    assert letters() == []


def test_within_the_pause_a_basis_is_stated_first(annas, nord):
    url = reverse("customers:letter", args=[nord.pk])
    annas.post(url, said())
    answer = annas.post(url, said())
    assert "Rechtsgrundlage klären" in answer.text
    annas.post(url, said(legal_reason="inquiry"))
    assert [letter.gate_answer["basis"] for letter in letters()] == ["letter", "inquiry"]


@pytest.mark.parametrize("missing", ["subject", "text"])
def test_an_empty_letter_is_none(annas, nord, missing):
    assert annas.post(reverse("customers:letter", args=[nord.pk]), said(**{missing: " "})).status_code == 422
    assert letters() == []
