"""A letter or mail of a campaign is a contact: through the gate, on record, in the history, and selling rests after it. Once."""

import datetime as dt
import io

import openpyxl
import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from campaigns.models import CallListRow
from campaigns.special import letters, mail_list, mailing, results
from campaigns.special.models import CampaignMember
from customers.gate import Answer, GateAnswer, Purpose, may_contact
from customers.letters import LetterRefused
from customers.mailings import Addressed, record_mailing
from customers.models import Activity, ContactBlock, Customer
from innendienst.base import jobs, preferences
from innendienst.base.preferences import CompanyPreferences
from tests import factories
from tests.campaigns.special.scenes import agree_to_mails, approve, make_campaign, make_members, refresh
from tests.nps.scenes import run_jobs
from tests.reading import text

pytestmark = pytest.mark.django_db
MONDAY = dt.datetime(2026, 11, 30, 9, tzinfo=dt.UTC)
WORDS = {"mail_subject": "Reiniger zum Herbstpreis", "letter_text": "der Herbst ist da"}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(MONDAY, tick=False) as clock:
        yield clock


def contacts() -> list[Activity]:
    return list(Activity.objects.for_system("test").standing().order_by("customer"))


def by_phone(customer) -> GateAnswer:
    return may_contact(customer, "phone", Purpose.SALES, timezone.localdate())


def hand_out(client, campaign, **data) -> set[str]:
    """The numbers of those in the file."""
    answer = client.post(reverse("campaigns:letters", args=[campaign.pk]), data)
    if "spreadsheet" not in answer.headers.get("Content-Type", ""):
        return set()
    return {row[0].value for row in openpyxl.load_workbook(io.BytesIO(answer.content)).active.iter_rows(min_row=2)}


def test_a_letter_is_on_record_with_the_gates_answer_and_selling_rests_after_it(client, mia, carla, anna):
    member, *_others = members = make_members(2, anna)
    campaign, winter = (make_campaign(mia, share="0", name=name, **WORDS) for name in ("Herbstaktion", "Winteraktion"))
    for one in (campaign, winter):
        approve(one, mia, carla)
    client.force_login(mia)
    results.evaluate(campaign, timezone.localdate())
    hand_out(client, campaign)
    assert "Brief geschrieben 2 100" in text(client.get(reverse("campaigns:detail", args=[campaign.pk])))  # at once
    letter, _other = contacts()
    assert (letter.kind, letter.customer, letter.by, letter.note) == ("mailshot", member, mia, "Herbstaktion: Reiniger zum Herbstpreis")
    assert (letter.gate_answer["answer"], letter.gate_answer["rule"]) == ("allowed", "letter")
    assert (by_phone(member).rule, by_phone(member).facts) == ("pressure", {"next_on": "2026-12-14"})
    assert hand_out(client, winter) == set()
    member.facts.refresh_from_db()
    assert member.facts.last_contact_on is None  # nobody has spoken with him
    refresh()
    assert {row.callable_from for row in CallListRow.objects.for_system("test").filter(customer__in=members)} == {dt.date(2026, 12, 14)}
    client.force_login(carla)
    page = text(client.get(member.get_absolute_url()))
    assert "30.11.2026 Brief zur Aktion Herbstaktion: Reiniger zum Herbstpreis" in page
    assert "Brief zur Aktion" in text(client.get(reverse("customers:documents", args=[member.pk])))


def test_the_same_letters_handed_out_again_count_once(client, mia, carla, anna, clock):
    members = make_members(2, anna)
    campaign = make_campaign(mia, share="0", **WORDS)
    approve(campaign, mia, carla)
    client.force_login(mia)
    numbers = {member.number for member in members}
    assert hand_out(client, campaign) == numbers
    assert hand_out(client, campaign) == set()
    assert hand_out(client, campaign, again="1") == numbers
    ContactBlock.objects.create(customer=members[0], kind="objection", set_on=timezone.localdate())
    printed = client.get(f"{reverse('campaigns:letter_print', args=[campaign.pk])}")
    assert printed.content.decode().count('<article class="letter"') == 1  # the pause spares the same letter, an objection does not
    assert len(contacts()) == 2


def test_a_second_letter_weeks_later_is_a_contact_of_its_own_and_rests_after_a_call(mia, carla, anna, clock):
    called, other = make_members(2, anna)
    campaign = make_campaign(mia, share="0", days=60, **WORDS)
    approve(campaign, mia, carla)
    assert len(letters.hand_out(actor=mia, campaign=campaign)) == 2
    clock.shift(dt.timedelta(days=2))
    assert letters.hand_out(actor=mia, campaign=campaign, again=True) == []  # the first one lets them rest
    clock.shift(dt.timedelta(days=26))
    Activity.objects.create(customer=called, by=anna, outcome="reached", at=timezone.now() - dt.timedelta(days=1))
    assert [letter.number for letter in letters.hand_out(actor=mia, campaign=campaign, again=True)] == [other.number]
    days = [timezone.localdate(one.at) for one in contacts() if (one.customer, one.kind) == (other, "mailshot")]
    assert sorted(days) == [MONDAY.date(), MONDAY.date() + dt.timedelta(days=28)]
    assert by_phone(other).rule == "pressure"


def test_a_list_of_addresses_weeks_later_is_a_contact_of_its_own_and_rests_after_a_call(mia, carla, anna, clock):
    called, other = make_members(2, anna)
    for number, member in enumerate((called, other)):
        make_person(member, f"{number}@kunde.example")
    campaign = make_campaign(mia, share="0", days=60, **WORDS)
    approve(campaign, mia, carla)
    assert len(mail_list.addressees(actor=mia, campaign=campaign)) == 2
    clock.shift(dt.timedelta(days=28))
    Activity.objects.create(customer=called, by=anna, outcome="reached", at=timezone.now() - dt.timedelta(days=1))
    for _export in range(2):
        assert [one.number for one in mail_list.addressees(actor=mia, campaign=campaign)] == [other.number]
    assert sorted(one.customer_id for one in contacts() if one.kind == "mail") == [called.pk, other.pk, other.pk]


def test_an_address_stands_once_in_the_list_and_a_colleague_takes_its_place(mia, carla, anna):
    first, second, third = make_members(3, anna)
    for member in (first, second, third):
        make_person(member, "Kim@kunde.example")
    make_person(second, "lee@kunde.example")
    campaign = make_campaign(mia, share="0", **WORDS)
    approve(campaign, mia, carla)
    listed = mail_list.addressees(actor=mia, campaign=campaign)
    assert {(one.number, one.email) for one in listed} == {(first.number, "Kim@kunde.example"), (second.number, "lee@kunde.example")}
    assert sorted(one.customer_id for one in contacts()) == [first.pk, second.pk]


def test_nobody_in_a_list_of_addresses_is_left_out_because_of_those_before_him(mia, carla, anna, monkeypatch):
    members = make_members(2, anna)
    for number, member in enumerate(members):
        make_person(member, f"{number}@kunde.example")
    Customer.objects.for_system("test").update(phone_e164="+4935112345")
    campaign = make_campaign(mia, share="0", **WORDS)
    approve(campaign, mia, carla)
    monkeypatch.setattr(mail_list, "in_batches", lambda rows: ([row] for row in rows))
    assert len(mail_list.addressees(actor=mia, campaign=campaign)) == 2


def test_many_letters_are_put_on_record_in_as_many_queries_as_few(mia, carla, anna):
    counted = []
    for count in (1, 7):
        make_members(count, anna)
        campaign = make_campaign(mia, share="0", name=f"Aktion {count}", **WORDS)
        approve(campaign, mia, carla)
        with CaptureQueriesContext(connection) as queries:
            assert len(letters.hand_out(actor=mia, campaign=campaign)) == count
        counted.append(len(queries))
    assert counted[0] == counted[1]


def test_nobody_is_put_on_record_whom_the_gate_refuses(mia, anna):
    allowed, refused = make_members(2, anna)
    answers = {allowed.pk: GateAnswer(Answer.ALLOWED, "letter", "letter"), refused.pk: GateAnswer(Answer.DENIED, "objection")}
    with pytest.raises(LetterRefused, match="objection"):
        record_mailing(
            by_id=mia.pk, kind="mailshot", about="Herbst", addressed=[Addressed(pk, None, answer) for pk, answer in answers.items()]
        )
    assert contacts() == []


def make_person(customer, email: str):
    contact = factories.make_contact(customer, email=email, last_name=email)
    agree_to_mails(contact)
    return contact


def test_a_mail_that_was_sent_is_a_contact_and_one_person_of_a_customer_gets_it(client, mia, carla, anna, dieter, clock):
    preferences.put(CompanyPreferences, by=dieter, name="Reinwerk GmbH", postal_address="Wischgasse 7, 01067 Dresden")
    [member] = make_members(1, anna)
    buyer, _engineer = make_person(member, "einkauf@kunde.example"), make_person(member, "technik@kunde.example")
    campaign = make_campaign(mia, share="0", **WORDS)
    approve(campaign, mia, carla)
    client.force_login(mia)
    for _click in range(2):
        client.post(reverse("campaigns:mails", args=[campaign.pk]))
        run_jobs(mailing.SEND)
    assert contacts() == []  # what waits has reached nobody yet
    clock.shift(dt.timedelta(hours=1))
    jobs.request("send_mail")
    run_jobs("send_mail")
    assert [one.to for one in mail.outbox] == [["einkauf@kunde.example"]]
    [sent] = contacts()
    assert (sent.kind, sent.contact, sent.by, sent.gate_answer["basis"]) == ("mail", buyer, mia, "consent")
    assert by_phone(member).rule == "pressure"
    client.force_login(anna)
    assert "E-Mail zur Aktion · einkauf@kunde.example (Mia Wolf) Herbstaktion: Reiniger zum Herbstpreis" in text(
        client.get(member.get_absolute_url())
    )


def test_whoever_stands_in_a_list_of_addresses_counts_as_written_to_once(client, mia, carla, anna, dieter):
    preferences.put(CompanyPreferences, by=dieter, name="Reinwerk GmbH", postal_address="Wischgasse 7, 01067 Dresden")
    [member] = make_members(1, anna)
    make_person(member, "einkauf@kunde.example")
    campaign = make_campaign(mia, share="0", **WORDS)
    approve(campaign, mia, carla)
    client.force_login(mia)
    for _click in range(2):
        file = client.post(reverse("campaigns:mail_list", args=[campaign.pk])).content
        assert openpyxl.load_workbook(io.BytesIO(file)).active["D2"].value == "einkauf@kunde.example"
    assert [(one.kind, one.gate_answer["basis"]) for one in contacts()] == [("mail", "consent")]
    assert CampaignMember.objects.for_system("test").get().mailed_on == timezone.localdate()
    client.post(reverse("campaigns:mails", args=[campaign.pk]))
    run_jobs(mailing.SEND)
    assert mailing.counts(campaign) == {}
