"""Mails of a campaign: to those alone who agreed, each person and address once, and not one after an objection."""

import datetime as dt
import io

import openpyxl
import pytest
import time_machine
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from campaigns.special import mailing, results
from campaigns.special.models import CampaignMember
from customers import objection_links
from customers.gate import Purpose, may_contact
from customers.models import Consent, Contact, ContactBlock, Message
from customers.person_mails import sending_times
from innendienst.base import jobs, preferences
from innendienst.base.preferences import CompanyPreferences
from tests import factories
from tests.campaigns.special.scenes import TODAY, agree_to_mails, approve, make_campaign, make_members
from tests.nps.scenes import run_jobs
from tests.reading import text

pytestmark = pytest.mark.django_db
MONDAY = dt.datetime(2026, 11, 30, 9, tzinfo=dt.UTC)
WORDS = {"mail_subject": "Reiniger zum Herbstpreis", "letter_text": "bis Monatsende kostet der Reiniger 10 % weniger."}


@pytest.fixture
def clock():
    with time_machine.travel(MONDAY, tick=False) as clock:
        yield clock


@pytest.fixture
def sender(clock, dieter):
    preferences.put(CompanyPreferences, by=dieter, name="Reinwerk GmbH", postal_address="Wischgasse 7, 01067 Dresden")


def make_person(customer, email: str, **fields) -> Contact:
    contact = factories.make_contact(customer, email=email, **fields)
    agree_to_mails(contact)
    return contact


def send(client, campaign) -> str:
    page = client.post(reverse("campaigns:mails", args=[campaign.pk]), follow=True)
    run_jobs(mailing.SEND)
    return text(page)


def deliver(clock) -> None:
    clock.shift(dt.timedelta(hours=1))
    jobs.request("send_mail")
    run_jobs("send_mail")


def test_each_person_and_address_gets_one_mail_and_an_objection_stops_it(client, clock, sender, mia, carla, anna):
    reached, objecting, twin, silent = make_members(4, anna)
    weiss = make_person(reached, "weiss@kunde.example", salutation="ms", title="Dr.", last_name="Weiß")
    late = make_person(objecting, "late@kunde.example")
    make_person(twin, "Weiss@kunde.example")  # the same mailbox at a second company
    factories.make_contact(silent, email="silent@kunde.example")
    campaign = make_campaign(mia, share="0", **WORDS)
    approve(campaign, mia, carla)
    client.force_login(mia)
    assert "3 Personen der Zielgruppe haben in E-Mails eingewilligt" in text(client.get(reverse("campaigns:mails", args=[campaign.pk])))
    assert "Die E-Mails gehen während der Arbeitszeit hinaus" in send(client, campaign)
    send(client, campaign)  # a second click does no harm
    assert mailing.counts(campaign) == {"queued": 2}
    ContactBlock.objects.create(customer=objecting, contact=late, kind="objection", set_on=timezone.localdate())
    deliver(clock)
    [sent] = mail.outbox
    assert (sent.to, sent.subject) == (["weiss@kunde.example"], "Reiniger zum Herbstpreis")
    assert sent.body.startswith("Sehr geehrte Frau Dr. Weiß,\n\nbis Monatsende kostet")
    assert "Reinwerk GmbH\nWischgasse 7, 01067 Dresden" in sent.body
    link = sent.extra_headers["List-Unsubscribe"].strip("<>")
    assert (link in sent.body, sent.extra_headers["List-Unsubscribe-Post"]) == (True, "List-Unsubscribe=One-Click")
    assert mailing.counts(campaign) == {"sent": 1, "dropped": 1}
    members = CampaignMember.objects.for_system("test").exclude(mailed_on=None)
    assert list(members.values_list("customer", "mailed_on")) == [(reached.pk, timezone.localdate())]
    assert results.evaluate(campaign, timezone.localdate())["funnel"]["mailed"] == 1

    client.logout()
    path = link[link.index("/s/") :]
    assert "Der Werbung widersprechen" in text(client.get(path))
    assert may_contact(weiss, "email", Purpose.SALES, timezone.localdate()).rule == "pressure"  # opening the link says nothing
    assert "Ihr Widerspruch gilt" in text(client.post(path, {"List-Unsubscribe": "One-Click"}))
    assert "Ihr Widerspruch gilt" in text(client.get(path))
    assert may_contact(weiss, "email", Purpose.SALES, timezone.localdate()).rule == "objection"


def test_a_mail_that_came_to_nothing_leaves_the_customer_to_a_colleague(client, sender, mia, carla, anna):
    [member] = make_members(1, anna)
    kim, lee = (make_person(member, f"{name}@kunde.example", last_name=name) for name in ("kim", "lee"))
    campaign = make_campaign(mia, share="0", **WORDS)
    approve(campaign, mia, carla)
    client.force_login(mia)
    send(client, campaign)
    Message.objects.update(state="failed")
    for _click in range(2):
        send(client, campaign)
    assert list(Message.objects.order_by("pk").values_list("contact", "state")) == [(kim.pk, "failed"), (lee.pk, "queued")]


def test_mails_leave_behind_those_that_wait_whatever_they_are_about(clock, anna):
    person = factories.make_contact(factories.make_customer(owner=anna))
    assert next(sending_times()) == MONDAY
    waiting = {"kind": "survey_invitation", "contact": person, "not_before": MONDAY + dt.timedelta(hours=1)}
    Message.objects.create(key="waiting", **waiting)
    Message.objects.create(key="gone", state="sent", **waiting | {"not_before": MONDAY + dt.timedelta(hours=2)})
    times = sending_times()  # 200 in an hour
    assert [next(times) - MONDAY for _mail in range(2)] == [dt.timedelta(hours=1, seconds=18), dt.timedelta(hours=1, seconds=36)]


@pytest.mark.parametrize("broken", ["x", "{pk}-", "{pk}-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "{other}-{secret}", "-{secret}", "²-{secret}"])
def test_a_link_that_we_did_not_make_objects_for_nobody(client, anna, broken):
    contact = factories.make_contact(factories.make_customer(owner=anna))
    secret = objection_links.make(contact).partition("-")[2]
    token = broken.format(pk=contact.pk, other=contact.pk + 1, secret=secret)
    assert client.post(reverse("objection", args=[token])).status_code == 404
    assert not ContactBlock.objects.for_system("test").exists()
    assert objection_links.contact_of(f" {objection_links.make(contact).upper()}.") == contact


def test_nothing_is_sent_without_words_sender_and_a_running_campaign(client, clock, dieter, mia, carla, anna):
    make_person(make_members(1, anna)[0], "a@kunde.example")
    campaign = make_campaign(mia, share="0", starts_on=timezone.localdate() + dt.timedelta(days=1))
    approve(campaign, mia, carla)
    client.force_login(mia)
    assert "während die Aktion läuft" in send(client, campaign)
    type(campaign).objects.update(state="running")
    assert "fehlt der Betreff oder der Text" in send(client, campaign)
    type(campaign).objects.update(**WORDS)
    assert "Name oder Anschrift des Unternehmens fehlt" in send(client, campaign)
    preferences.put(CompanyPreferences, by=dieter, name="Reinwerk GmbH", postal_address="Wischgasse 7, 01067 Dresden")
    send(client, campaign)
    type(campaign).objects.update(state="ended")  # between the click and the mail
    deliver(clock)
    assert (mail.outbox, mailing.counts(campaign)) == ([], {"dropped": 1})


def test_a_test_goes_to_oneself_and_its_link_leads_nowhere(client, clock, sender, mia, carla, anna):
    make_members(1, anna)
    campaign = make_campaign(mia, share="0", **WORDS)
    approve(campaign, mia, carla)
    client.force_login(mia)
    client.post(reverse("campaigns:mail_test", args=[campaign.pk]))
    deliver(clock)
    [sent] = mail.outbox
    assert (sent.to, sent.subject) == ([mia.email], "Test: Reiniger zum Herbstpreis")
    assert client.get("/s/stop/x/").status_code == 404
    assert Message.objects.get().contact is None


def test_mails_go_to_those_alone_who_agreed(client, mia, carla, anna):
    agreed, withdrawn, objected, silent = make_members(4, anna)
    people = {one.pk: factories.make_contact(one, email=f"kauf@{one.number}.example") for one in (agreed, withdrawn, objected, silent)}
    consent = {"channel": "email", "text_version": "1", "proof": "Formular", "granted_at": timezone.now()}
    for one, revoked_at in ((agreed, None), (withdrawn, timezone.now()), (objected, None)):
        Consent.objects.create(customer=one, contact=people[one.pk], revoked_at=revoked_at, **consent)
    campaign = make_campaign(mia, share="0")
    approve(campaign, mia, carla)
    ContactBlock.objects.create(customer=objected, contact=people[objected.pk], kind="objection", set_on=TODAY())
    client.force_login(mia)
    sheet = openpyxl.load_workbook(io.BytesIO(client.post(reverse("campaigns:mail_list", args=[campaign.pk])).content)).active
    assert [row[3].value for row in sheet.iter_rows(min_row=2)] == [people[agreed.pk].email]
