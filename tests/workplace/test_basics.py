"""Basic data put right from the customer's page: by whoever hears it, and nobody overwrites anybody unseen."""

import datetime as dt
import uuid
from html import unescape

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from customers import editing
from customers.gate import Purpose, may_contact
from customers.models import Contact, ContactBlock, Customer, SearchToken
from innendienst.base import presence
from tests.factories import make_contact, make_customer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _afternoon():
    with time_machine.travel(dt.datetime(2026, 11, 23, 13, 5, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def nord(db) -> Customer:
    return make_customer("Nord", street="Hafenstr. 1", town="Dresden")


def edit(client, customer, **said):
    return client.post(reverse("customers:edit", args=[customer.pk]), {"version": 1, "street": "Hafenstr. 1", "town": "Dresden", **said})


def test_a_changed_number_is_stored_with_what_follows_from_it(annas, nord):
    assert edit(annas, nord, phone="0351 12345-60").status_code == 302
    stored = Customer.objects.for_system("test").get()
    assert (stored.phone_e164, stored.version, stored.name) == ("+493511234560", 2, "Nord")
    assert SearchToken.objects.filter(token__contains="1234560").exists()


def test_who_was_slower_sees_both_versions_and_chooses_field_by_field(annas, bernd, nord):
    faster = Customer.objects.for_system("test").get()
    faster.phone, faster.street = "0351 999", "Hafenstr. 2"
    editing.save_customer(actor=bernd, customer=faster)
    answer = edit(annas, nord, phone="0351 111", street="Hafenstr. 1")
    assert answer.status_code == 409
    conflict = answer.context["conflict"]
    assert conflict.said == "Bernd Vogel hat diesen Eintrag um 14:05 Uhr geändert, während Sie ihn bearbeitet haben."
    shown = [(one.label, one.mine_shown, one.theirs_shown) for one in conflict.differences]
    assert shown == [("Straße", "Hafenstr. 1", "Hafenstr. 2"), ("Telefon", "0351 111", "0351 999")]
    assert Customer.objects.for_system("test").get().phone == "0351 999"
    assert edit(annas, nord, version=conflict.version, phone="0351 111", street="Hafenstr. 2").status_code == 302
    stored = Customer.objects.for_system("test").get()
    assert (stored.phone, stored.street, stored.town) == ("0351 111", "Hafenstr. 2", "Dresden")


def test_a_manager_is_not_told_who_was_faster(carlas, bernd, nord):
    editing.save_customer(actor=bernd, customer=Customer.objects.for_system("test").get())
    answer = edit(carlas, nord, phone="0351 111")
    assert answer.context["conflict"].said == "Jemand anderes hat diesen Eintrag geändert, während Sie ihn bearbeitet haben."


def test_people_are_added_and_changed_once_each(annas, nord):
    url = reverse("customers:contact_add", args=[nord.pk])
    said = {"last_name": "Weiß", "first_name": "Eva", "salutation": "ms", "language": "de", "phone": "0351 12345-61"}
    assert annas.post(url, said).status_code == 302
    again = annas.post(url, said)
    assert again.status_code == 422
    assert "Diese Person ist bei diesem Kunden schon erfasst." in again.text
    person = Contact.objects.for_system("test").get()
    assert (person.phone_e164, person.customer) == ("+493511234561", nord)
    changed = annas.post(reverse("customers:contact_edit", args=[person.pk]), {**said, "version": 1, "role": "Einkauf"})
    assert changed.status_code == 302
    assert Contact.objects.for_system("test").get().role == "Einkauf"


def test_a_customer_of_nobodys_sight_does_not_exist(annas, nord):
    other = make_contact(nord)
    assert annas.get(reverse("customers:contact_edit", args=[other.pk + 1])).status_code == 404


@pytest.mark.one_database
def test_a_colleague_sees_who_talks_until_the_call_is_saved_and_nothing_without_a_broker(redis_socket, client, anna, bernd, carla, nord):
    presence._silent_until = 0.0
    url = reverse("call_talking", args=[nord.pk])

    def seen_by(user) -> str:
        client.force_login(user)
        return client.get(url).text.strip()

    client.force_login(bernd)
    assert client.post(url).status_code == 204
    assert "Bernd Vogel spricht gerade mit diesem Kunden." in seen_by(anna)
    assert "Jemand aus dem Team spricht gerade mit diesem Kunden." in seen_by(carla)
    assert seen_by(bernd) == ""
    presence.leave(f"customer:{nord.pk}", anna.pk)  # not hers to end
    assert "Bernd Vogel" in seen_by(anna)
    presence.leave(f"customer:{nord.pk}", bernd.pk)
    assert seen_by(anna) == ""


# --- a "no" to advertising ---


@pytest.mark.parametrize(
    ("channel", "allowed"),
    [("email", {"phone": True, "letter": True}), ("phone", {"phone": False, "letter": True}), ("", {"phone": False, "letter": False})],
)
def test_whoever_hears_a_no_records_it_for_the_person_and_the_channel(annas, anna, channel, allowed):
    customer = make_customer(owner=anna, stated_last_order_on=timezone.localdate())
    person, colleague = make_contact(customer, "Weiß"), make_contact(customer, "Voß")
    url = reverse("customers:objection", args=[customer.pk])
    assert f'href="{url}?contact={person.pk}"' in annas.get(customer.get_absolute_url()).text
    assert f'value="{person.pk}" selected' in annas.get(url, {"contact": person.pk}).text
    page = annas.post(url, {"contact": person.pk, "channel": channel, "reason": "will keine Werbung"}, follow=True)
    name = {"email": "E-Mail", "phone": "Telefon", "": "auf jedem Weg"}[channel]
    assert f"Widerspruch von Weiß eingetragen: {name}." in page.text
    asked = {way: may_contact(person, way, Purpose.SALES, timezone.localdate()).is_allowed for way in allowed}
    assert asked == allowed
    assert may_contact(colleague, "phone", Purpose.SALES, timezone.localdate()).is_allowed
    block = ContactBlock.objects.for_system("test").get()
    assert (block.kind, block.channel, block.reason, block.set_by) == ("objection", channel, "will keine Werbung", anna)


def test_a_company_objects_as_a_whole_and_a_stranger_for_nobody(annas, anna):
    customer, other = make_customer(owner=anna), make_customer()
    url = reverse("customers:objection", args=[customer.pk])
    for nobody in ({"contact": make_contact(other).pk}, {}):
        assert annas.post(url, nobody).status_code == 422
    annas.post(url, {"contact": "company", "channel": ""})
    assert ContactBlock.objects.for_system("test").get().contact is None
    assert may_contact(customer, "letter", Purpose.SALES, timezone.localdate()).rule == "objection"


# --- somebody calls whom nobody knows ---


def test_who_calls_and_is_unknown_is_put_on_record_from_the_search_and_the_call_begins(annas, anna):
    found = annas.get(reverse("search"), {"q": "030 23125-77"}).text
    url = f"{reverse('customers:prospect_add')}?q=030%2023125-77"
    assert f'href="{url}"' in found
    assert "Neuen Interessenten anlegen" in found
    assert 'value="030 23125-77"' in annas.get(url).text
    said = {"key": uuid.uuid4(), "name": "Café Löwe", "phone": "030 23125-77", "town": "Köln", "salutation": "ms", "last_name": "Groß"}
    answer = annas.post(reverse("customers:prospect_add"), said)
    assert annas.post(reverse("customers:prospect_add"), said).url == answer.url  # sent twice, it is there once
    added = Customer.objects.for_system("test").get()
    assert answer.url == f"/customers/{added.pk}/?direction=incoming#call-note"
    assert (added.number, added.lifecycle, added.owner, added.phone_e164) == (f"I-{added.pk}", "prospect", anna, "+49302312577")
    assert [(one.salutation, one.last_name) for one in added.contacts.all()] == [("ms", "Groß")]
    assert may_contact(added, "phone", Purpose.SALES, timezone.localdate()).rule == "no_basis"


@pytest.mark.parametrize(
    ("said", "complaint"),
    [
        ({"name": "Café Löwe", "town": "Köln"}, "Steht schon da: Café Löwe (K-7). Suchen Sie nach der Nummer."),
        ({"name": "Café Löwe"}, "Steht schon da: Café Löwe (K-7). Suchen Sie nach der Nummer."),
        (
            {"name": "Anders", "phone": "0221 4710-1"},
            "Café Löwe (K-7) hat diese Telefonnummer. Kreuzen Sie „Weitere Firma“ an, wenn es eine andere ist.",
        ),
        ({"name": "Anders", "first_name": "Ina"}, "Nachname: Tragen Sie ihn ein, oder lassen Sie den Vornamen weg."),
        ({}, "Dieses Feld ist zwingend erforderlich."),
    ],
)
def test_a_prospect_who_is_known_already_or_half_named_is_refused(annas, said, complaint):
    make_customer("Café Löwe", number="K-7", town="Köln", phone="0221 4710-1")
    answer = annas.post(reverse("customers:prospect_add"), {"key": uuid.uuid4(), **said})
    assert (answer.status_code, complaint in unescape(answer.text)) == (422, True)
    assert Customer.objects.for_system("test").count() == 1


@pytest.mark.parametrize("said", [{"phone": "0221 4710-1", "is_another": "on"}, {"name": "Café Löwe", "town": "Bonn"}])
def test_another_company_of_the_same_number_or_name_is_put_on_record(annas, said):
    make_customer("Café Löwe", number="K-7", town="Köln", phone="0221 4710-1")
    assert annas.post(reverse("customers:prospect_add"), {"key": uuid.uuid4(), "name": "Anders", **said}).status_code == 302
    assert Customer.objects.for_system("test").count() == 2
