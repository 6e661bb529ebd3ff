"""A survey from its draft to its end: whom it asks and why not, mails and letters, reminder, undeliverable, deletion."""

import datetime as dt
import re

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.utils import timezone

from customers import outbox
from customers.blocks import block_contact
from customers.complaints import raise_complaint
from customers.models import ContactBlock, Message
from innendienst.base import jobs, preferences
from innendienst.base.preferences import CompanyPreferences
from nps import invitations, news, waves
from nps.answers import Given, take_answer
from nps.models import Invitation, Response, SurveyWave
from nps.sample import draw_sample
from nps.sampling import Candidate, Rule, drawn, exclusion, spokesperson
from nps.waves import WaveRefused, delete_wave, move_wave, start_wave
from tests.factories import make_listed
from tests.nps.scenes import add_answers, make_draft, make_invitation, make_person, make_wave, run_jobs, states
from tests.reading import text

TODAY = timezone.localdate
MONDAY = dt.datetime(2026, 11, 30, 9, tzinfo=dt.UTC)


# --- rules, without a database ---


def person(customer: int = 1, contact: int | None = 1, ways=("email",), **fields) -> Candidate:
    return Candidate(customer, contact, frozenset(ways), **fields)


@pytest.mark.parametrize(
    ("candidate", "reason"),
    [
        (person(), ""),
        (person(ways=()), "no_way"),
        (person(ways=("phone",)), "no_way"),
        (person(rest="rested"), "rested"),
        (person(rest="elsewhere", ways=()), "elsewhere"),
        (person(rest="rested", has_complaint=True), "complaint"),
        (person(has_complaint=True, barred="objection"), "objection"),
        (person(barred="block", is_collective=True), "collective"),
    ],
)
def test_the_weightiest_reason_excludes(candidate, reason):
    assert exclusion(candidate, Rule(ways=("email", "letter"))) == reason


def test_who_speaks_for_a_customer_is_whoever_is_reached_by_the_preferred_way():
    people = [person(contact=1, ways=("letter",)), person(contact=2, ways=("email",)), person(contact=3, ways=("email",), rest="rested")]
    assert spokesperson(people, Rule()).contact_id == 2
    assert spokesperson(people, Rule(ways=("letter", "email"))).contact_id == 1


def test_a_share_is_drawn_of_each_segment_and_the_same_for_the_same_seed():
    people = [person(customer=index, segment="A" if index < 10 else "B") for index in range(100)]
    chosen = drawn(people, Rule(share=30, seed=7))
    assert [sum(one.segment == segment for one in chosen) for segment in ("A", "B")] == [3, 27]
    assert chosen == drawn(reversed(people), Rule(share=30, seed=7))
    assert chosen != drawn(people, Rule(share=30, seed=8))


# --- with a database ---


@pytest.mark.django_db
def test_persons_asked_and_left_out_add_up(carla, carlas, anna, django_assert_max_num_queries):
    make_person("a mail", email="a@kunde.example", address=True)
    make_person("b letter", address=True, phone="")
    make_person("c phone")
    objecting = make_person("d objects", email="d@kunde.example")
    block_contact(actor=anna, customer=objecting.customer, kind=ContactBlock.Kind.OBJECTION)
    raise_complaint(actor=anna, customer=make_person("e complains").customer, title="Palette")
    make_person("f nowhere", phone="")
    make_listed("g lead", lifecycle="lead")
    make_person("h walk-in", is_collective=True)
    earlier = make_wave("früher")
    asked = make_person("i asked")
    Invitation.objects.create(
        wave=earlier, customer=asked.customer, contact=asked, state="expired", sent_on=TODAY() - dt.timedelta(days=90)
    )
    wave = make_draft(carla)
    rows = Invitation.objects.for_system("test").filter(wave=wave).order_by("customer__sort_key")
    assert list(rows.values_list("customer__name", "channel", "exclusion")) == [
        ("a mail", "email", ""), ("b letter", "letter", ""), ("c phone", "phone", ""), ("d objects", "", "objection"),
        ("e complains", "", "complaint"), ("f nowhere", "", "no_way"), ("h walk-in", "", "collective"), ("i asked", "", "rested"),
    ]  # fmt: skip
    assert rows.exclude(token_hash=None).count() == 3
    shown = text(carlas.get(f"/nps/waves/{wave.pk}/"))
    assert "Wird gefragt 3 von 8 Personen" in shown
    assert "E-Mail 1 1 sind so erreichbar Brief 1 2 sind so erreichbar Telefon 1 2 sind so erreichbar" in shown
    assert "Kürzlich gefragt 1" in shown
    with django_assert_max_num_queries(18):  # however many customers: the gate is asked about all of them at once
        draw_sample(wave.pk)


@pytest.mark.django_db
def test_a_running_survey_mails_reminds_once_and_forgets_nobody(carla, sender, anna):
    kept, objecting = make_person("a", email="a@kunde.example"), make_person("b", email="b@kunde.example")
    with time_machine.travel(MONDAY, tick=False) as clock:
        wave = make_draft(carla)
        start_wave(actor=carla, wave=wave)
        run_jobs("nps_invite")
        run_jobs("nps_invite")  # twice does no harm
        assert states(wave) == ["queued", "queued"]
        block_contact(actor=anna, customer=objecting.customer, contact=objecting, kind=ContactBlock.Kind.OBJECTION)
        clock.shift(dt.timedelta(hours=1))
        jobs.request("send_mail")
        run_jobs("send_mail")
        assert states(wave) == ["sent", "objected"]
        [sent] = mail.outbox
        assert (sent.to, sent.subject) == (["a@kunde.example"], "Ihre Meinung über Reinwerk GmbH")
        assert "Sehr geehrte Frau Dr. Weiß," in sent.body
        assert "Wischgasse 7, 01067 Dresden" in sent.body
        assert sent.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        link = sent.extra_headers["List-Unsubscribe"].strip("<>")
        assert link.endswith("/stop/")
        assert link in sent.body
        token = link.split("/s/")[1].split("/")[0]
        assert token not in repr(list(Message.objects.values_list())) + repr(list(Invitation.objects.for_system("test").values_list()))
        for day in range(1, 30):
            clock.move_to(MONDAY + dt.timedelta(days=day))
            jobs.request("nps_daily")
            run_jobs("nps_daily")
            jobs.request("send_mail")
            run_jobs("send_mail")
    asked = [each for each in mail.outbox if each.to == ["a@kunde.example"]]
    assert [each.subject.split(":")[0] for each in asked] == ["Ihre Meinung über Reinwerk GmbH", "Erinnerung"]
    rate, last_day = (each for each in mail.outbox if each.to == [carla.email])
    assert "0 von 1 erreichten Personen haben geantwortet (0,0 %)" in rate.body.replace("\xa0", " ")
    assert "Heute ist der letzte Tag" in last_day.body
    assert states(wave) == ["expired", "objected"]
    wave.refresh_from_db()
    assert wave.state == "closed"
    assert kept.customer_id


@pytest.mark.django_db
@pytest.mark.parametrize(("email", "act"), [("a@kunde.example", "queue"), ("a@kunde.example", "remind"), ("", "print")])
def test_who_answers_while_he_is_written_to_has_answered(carla, sender, email, act):
    """He answers just after he was found to be asked, while the gate is being asked about him."""
    make_person("a", email=email, address=True)
    wave = make_draft(carla)
    start_wave(actor=carla, wave=wave)
    wave.refresh_from_db()
    invitation = Invitation.objects.for_system("test").get()
    if act == "remind":
        Invitation.objects.for_system("test").update(state="sent", sent_on=TODAY() - dt.timedelta(days=8))
    answered = []

    def come_between(execute, sql, params, many, context):
        if not answered and "customers_contactblock" in sql:
            answered.append(True)
            take_answer(invitation, Given(9))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(come_between):
        match act:
            case "queue":
                run_jobs("nps_invite")
            case "remind":
                invitations.remind(TODAY())
            case "print":
                assert invitations.mark_printed(actor=carla, wave=wave, chosen=[invitation.pk]) == 0
    assert (answered, states(wave)) == ([True], ["responded"])
    jobs.request("send_mail")
    Message.objects.update(not_before=None)
    run_jobs("send_mail")
    assert mail.outbox == []


@pytest.mark.django_db
def test_whoever_made_a_survey_hears_of_answers_nobody_has_talked_about(carla, anna):
    customer = make_listed("Bäckerei Nord", owner=anna)
    with time_machine.travel(MONDAY, tick=False) as clock:
        wave = make_wave(state="open", day=TODAY(), made_by=carla)
        take_answer(make_invitation(wave, customer), Given(3, "Zu spät"))
        run_jobs("nps_tally")
        for day in range(7):
            clock.move_to(MONDAY + dt.timedelta(days=day))
            news.tell(TODAY())
            news.tell(TODAY())
            jobs.request("send_mail")
            run_jobs("send_mail")
    soon, late = (each.body.replace("\xa0", " ") for each in mail.outbox)
    assert "1 kritische Antwort ist bis Mi 02.12.2026 zu besprechen." in soon
    assert "1 kritische Antwort war bis Mi 02.12.2026 zu besprechen, und noch hat niemand mit dem Kunden gesprochen." in late
    assert f"/nps/cases/?wave={wave.pk}" in late
    assert not {"Anna", "Lang", "Bäckerei"} & set(re.findall(r"\w+", soon + late))


@pytest.mark.django_db
def test_an_address_that_is_refused_is_undeliverable(carla, sender, monkeypatch):
    make_person("a", email="a@kunde.example")
    wave = make_draft(carla)

    def refuse(self, *_args, **_named):
        raise outbox.SMTPRecipientsRefused({"a@kunde.example": (550, b"unknown")})

    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)
    with time_machine.travel(MONDAY, tick=False) as clock:
        SurveyWave.objects.update(starts_on=MONDAY.date(), ends_on=MONDAY.date())
        start_wave(actor=carla, wave=wave)
        run_jobs("nps_invite")
        clock.shift(dt.timedelta(hours=1))
        jobs.request("send_mail")
        run_jobs("send_mail")
    assert (states(wave), Message.objects.get().state) == (["bounced"], "refused")


@pytest.mark.django_db
def test_letters_are_printed_posted_and_may_come_back(carla, carlas, sender):
    make_person("Bäckerei Nord", address=True, phone="")
    wave = make_draft(carla)
    assert "läuft. 1 Brief wartet auf den Druck." in text(carlas.post(f"/nps/waves/{wave.pk}/start/", follow=True))
    sheet = carlas.get(f"/nps/waves/{wave.pk}/letters/")
    assert "Bäckerei Nord Dr. Weiß Hafenweg 1 20457 Hamburg" in text(sheet)
    [(invitation, *_rest)] = sheet.context["sheets"]
    carlas.post(f"/nps/waves/{wave.pk}/letters/", {"letter": invitation.pk})
    assert states(wave) == ["sent"]
    assert "Als unzustellbar vermerken" in text(carlas.get(f"/nps/waves/{wave.pk}/people/"))
    page = carlas.post(f"/nps/invitations/{invitation.pk}/bounced/", follow=True)
    assert "Bäckerei Nord: als unzustellbar vermerkt." in text(page)
    assert states(wave) == ["bounced"]
    carlas.post(f"/nps/invitations/{invitation.pk}/bounced/?arrived=1")
    assert states(wave) == ["sent"]


@pytest.mark.django_db
def test_a_manager_makes_starts_closes_and_renames_a_survey(carlas, sender):
    make_person("a")
    form = carlas.get("/nps/waves/new/").context["form"]
    data = {name: value for name in form.fields if (value := form[name].value()) is not None}
    page = carlas.post("/nps/waves/new/", {**data, "name": "Frühjahr"}, follow=True)
    assert "Die Personen werden gezogen." in text(page)
    wave = SurveyWave.objects.get()
    assert "Noch einmal" in text(carlas.post(f"/nps/waves/{wave.pk}/start/", follow=True)) or wave.state == "draft"
    run_jobs("nps_sample")
    edited = carlas.post(f"/nps/waves/{wave.pk}/edit/", {**data, "name": "Sommer", "share": 50, "per": "abc_class"})
    assert edited.status_code == 302
    run_jobs("nps_sample")
    assert "Befragung „Sommer“ läuft. 1 Person ist anzurufen." in text(carlas.post(f"/nps/waves/{wave.pk}/start/", follow=True))
    renamed = carlas.post(f"/nps/waves/{wave.pk}/edit/", {"name": "Herbst", "ends_on": str(TODAY() + dt.timedelta(days=3))}, follow=True)
    assert "Befragung „Herbst“ gespeichert." in text(renamed)
    assert "Befragung „Herbst“: Geschlossen." in text(carlas.post(f"/nps/waves/{wave.pk}/move/closed/", follow=True))
    carlas.post(f"/nps/waves/{wave.pk}/move/open/")
    wave.refresh_from_db()
    assert (wave.state, wave.name, wave.rule["share"], wave.transitions.count()) == ("open", "Herbst", 50, 4)
    assert "Sie meinen" not in text(carlas.get(f"/nps/waves/{wave.pk}/preview/"))
    assert carlas.post(f"/nps/waves/{wave.pk}/test/").status_code == 302
    run_jobs("send_mail")
    assert mail.outbox[0].subject == "Test: Ihre Meinung über Reinwerk GmbH"


@pytest.mark.django_db
def test_without_sender_or_people_it_does_not_start(carla, sender):
    wave = make_draft(carla)
    with pytest.raises(WaveRefused, match="nobody"):
        start_wave(actor=carla, wave=wave)
    preferences.put(CompanyPreferences, by=carla, postal_address="")
    with pytest.raises(WaveRefused, match="no_sender"):
        start_wave(actor=carla, wave=wave)
    make_person("a")
    by_phone = make_draft(carla, name="Telefon", rule=Rule(ways=("phone",)).stored())
    start_wave(actor=carla, wave=by_phone)
    by_phone.refresh_from_db()
    assert by_phone.is_open


@pytest.mark.django_db
def test_a_list_that_was_read_in_may_go_what_was_answered_stays(carla, carlas, sender):
    read_in = make_wave("Liste", {9: 3})
    run = waves.ResponseImport.objects.create(wave=read_in, file_name="a.csv", sha256="0", taken_count=3, rejected_count=0)
    Response.objects.for_system("test").filter(wave=read_in).update(response_import=run)
    assert "3 Antworten gehen endgültig" in text(carlas.get(f"/nps/waves/{read_in.pk}/delete/"))
    carlas.post(f"/nps/waves/{read_in.pk}/delete/")
    answered = make_wave("Telefon")
    add_answers(answered, {9: 1}, channel="phone")
    with pytest.raises(WaveRefused, match="answered"):
        delete_wave(actor=carla, wave=answered)
    assert list(SurveyWave.objects.values_list("name", flat=True)) == ["Telefon"]


@pytest.mark.django_db
def test_a_scheduled_survey_opens_on_its_day(carla, sender):
    make_person("a")
    wave = make_draft(carla, starts_on=TODAY() + dt.timedelta(days=2))
    start_wave(actor=carla, wave=wave)
    assert waves.open_and_close(TODAY() + dt.timedelta(days=1)) == 0
    assert waves.open_and_close(TODAY() + dt.timedelta(days=2)) == 1
    wave.refresh_from_db()
    assert wave.state == "open"
    move_wave(actor=carla, wave=wave, to_state="closed")
    assert invitations.expire(TODAY()) == 0  # it may be opened again
    assert invitations.expire(wave.ends_on + dt.timedelta(days=1)) == 1
    assert states(wave) == ["expired"]
