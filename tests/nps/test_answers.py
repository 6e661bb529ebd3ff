"""The page customers answer on: nothing stored by opening it, one answer per person, changed, without a name, objected, over."""

import datetime as dt
import logging

import pytest
import time_machine
from django.utils import timezone

from customers.gate import Purpose, may_contact
from customers.models import ContactBlock, FollowUp
from innendienst.lib.discreet import HideLinks
from innendienst.workplace.call.entry import CallEntry
from innendienst.workplace.call.saving import save_call, undo_call
from nps import cases, tokens
from nps.answers import Given, take_answer
from nps.invalid import count_again, mark_invalid
from nps.models import Case, Invitation, Response, ResponseChange
from nps.signals import response_recorded
from tests.factories import make_contact, make_listed
from tests.nps.scenes import answer, make_invitation, make_person, make_wave, run_jobs
from tests.reading import text
from tests.workplace.scenes import make_reason

_WHY = "test"


def address(invitation: Invitation) -> str:
    return f"/s/{tokens.make(invitation.nonce)}/"


def responses():
    return Response.objects.for_system(_WHY)


@pytest.fixture
def asked(anna) -> Invitation:
    """Somebody at a customer of Anna's who was written to today."""
    customer = make_listed("Bäckerei Nord", owner=anna, industry="Gastronomie")
    wave = make_wave(state="open", day=timezone.localdate())
    return make_invitation(wave, customer, make_contact(customer, email="weiss@kunde.example"))


# --- without a database ---


@pytest.mark.parametrize(
    ("typed", "found"),
    [("{}", True), ("{}.", True), ("3D{}", True), ("=3D{}", True), ("{} ", True), ("{}x", False), ("abc", False), ("", False)],
)
def test_a_link_is_mended_where_a_mail_program_broke_it(typed, found):
    token = tokens.make("nonce")
    assert tokens.mended(typed.format(token)) == (token if found else "")
    assert tokens.mended(typed.format(token).upper()) == (token if found else "")
    assert len(token) * 5 == 160


def test_no_link_stands_in_a_log():
    record = logging.LogRecord("django.request", logging.WARNING, "", 0, "Gone: %s", ("/s/abcdef/stop/",), None)
    HideLinks().filter(record)
    assert record.getMessage() == "Gone: /s/…/stop/"


# --- with a database ---


@pytest.mark.django_db
def test_opening_the_link_chooses_a_number_and_tells_nobody(client, asked):
    page = client.get(f"{address(asked)}?r=9")
    assert 'value="9" checked' in page.content.decode()
    assert page["Referrer-Policy"] == "no-referrer"
    assert "Set-Cookie" not in page.headers
    assert "<script" not in page.content.decode()


@pytest.mark.django_db
def test_an_answer_is_stored_and_may_be_changed_until_the_survey_closes(client, asked, anna):
    page = client.post(f"{address(asked)}?r=3", {"rating": "9", "reason": "Freundlich", "may_call": "yes"}, follow=True)
    assert "Danke, Ihre Antwort ist gespeichert." in text(page)
    stored = responses().get()
    assert (stored.rating, stored.reason, stored.may_call, stored.channel, stored.industry) == (
        9,
        "Freundlich",
        True,
        "email",
        "Gastronomie",
    )
    client.post(address(asked), {"rating": "8", "reason": "Doch teuer"})
    client.post(address(asked), {"rating": "8", "reason": "Doch teuer"})
    stored.refresh_from_db()
    assert (stored.rating, list(ResponseChange.objects.values_list("rating", "reason"))) == (8, [(9, "Freundlich")])
    asked.wave.state = "closed"
    asked.wave.save()
    assert client.post(address(asked), {"rating": "1"}).status_code == 410
    over = client.get(address(asked))
    assert (over.status_code, "Diese Befragung ist vorbei" in text(over)) == (410, True)
    assert responses().get().rating == 8


@pytest.mark.django_db
@pytest.mark.parametrize("rating", ["0", "11", "7.5", "１０", "", "100000000000000000000", "-1", "x"])
def test_what_is_no_rating_is_refused_and_the_words_come_back(client, asked, rating):
    page = client.post(address(asked), {"rating": rating, "reason": "<script>{{ 1 }}"})
    assert (page.status_code, responses().count()) == (422, 0)
    assert "Wählen Sie eine ganze Zahl von 1 bis 10." in text(page)
    assert "&lt;script&gt;{{ 1 }}" in page.content.decode()


@pytest.mark.django_db
def test_two_ratings_a_long_reason_and_a_machine_are_not_taken(client, asked):
    assert client.post(address(asked), {"rating": ["7", "8"]}).status_code == 422
    assert "möglich sind 2.000" in text(client.post(address(asked), {"rating": "7", "reason": "x" * 2_001}))
    assert "Danke" in text(client.post(address(asked), {"rating": "7", "website": "https://spam.example"}))
    assert responses().count() == 0


@pytest.mark.django_db
def test_without_a_name_nothing_leads_back_and_it_is_final(client, asked, anna):
    client.post(address(asked), {"rating": "2", "reason": "Zu spät"})
    run_jobs("nps_tally")
    assert Case.objects.for_system(_WHY).count() == 1
    client.post(address(asked), {"rating": "3", "reason": "Zu spät", "anonymous": "on", "may_call": "yes"})
    stored = responses().get()
    leading_back = (
        stored.invitation,
        stored.customer,
        stored.answered_at,
        stored.industry,
        stored.region,
        stored.recorded_by,
        stored.may_call,
    )
    assert leading_back == (None, None, None, "", "", None, None)
    assert (stored.rating, stored.is_anonymous, stored.answered_on) == (3, True, timezone.localdate())
    assert (Case.objects.for_system(_WHY).count(), FollowUp.objects.for_system(_WHY).count()) == (0, 0)
    page = client.post(address(asked), {"rating": "10"})
    assert (page.status_code, "ohne Ihren Namen gespeichert" in text(page)) == (200, True)
    assert "Zu spät" not in text(client.get(address(asked)))
    assert responses().get().rating == 3


@pytest.mark.django_db
def test_one_click_objects_at_once(client, asked):
    assert "Nicht mehr fragen" in text(client.get(f"{address(asked)}stop/"))
    page = client.post(f"{address(asked)}stop/", {"List-Unsubscribe": "One-Click"})
    assert "Sie werden nicht mehr gefragt" in text(page)
    client.post(f"{address(asked)}stop/")
    block = ContactBlock.objects.for_system(_WHY).get()
    assert (block.kind, block.contact, block.set_by) == ("objection", asked.contact, None)
    assert not may_contact(asked.contact, "email", Purpose.SURVEY, timezone.localdate()).is_allowed
    asked.refresh_from_db()
    assert asked.state == "objected"
    for page in (client.get(address(asked)), client.post(address(asked), {"rating": "9"}), client.get(f"{address(asked)}stop/")):
        assert (page.status_code, "Ihr Widerspruch gilt: keine Befragungen" in text(page)) == (200, True)
    assert responses().count() == 0


@pytest.mark.django_db
def test_links_that_ended_and_links_that_were_taken_back_look_alike(client, asked):
    closed = make_invitation(make_wave("alt"), make_listed("Café Süd"))
    asked.state = Invitation.State.EXCLUDED
    asked.save()
    revoked = client.get(address(asked))
    assert (revoked.status_code, text(revoked)) == (410, text(client.get(address(closed))))


@pytest.mark.django_db
def test_whoever_objects_after_his_answer_reads_that_it_stands(client, asked):
    client.post(address(asked), {"rating": "9"})
    client.post(f"{address(asked)}stop/")
    assert "Ihr Widerspruch gilt" in text(client.get(f"{address(asked)}stop/"))
    asked.wave.state = "closed"
    asked.wave.save()
    assert "Ihr Widerspruch gilt" in text(client.get(address(asked)))


@pytest.mark.django_db
def test_whoever_guesses_links_has_to_wait_and_known_links_do_not(client, asked):
    found = [client.get(f"/s/{tokens.make(str(index))}/").status_code for index in range(22)]
    assert found == [404] * 20 + [429] * 2
    assert client.post(address(asked), {"rating": "9"}).status_code == 303


@pytest.mark.django_db
def test_the_page_speaks_the_persons_language(client, asked):
    asked.contact.language = "en"
    asked.contact.save()
    page = client.get(address(asked))
    assert ('<html lang="en"' in page.content.decode(), "Send answer" in text(page)) == (True, True)
    assert "Antwort senden" in text(client.get(f"{address(asked)}?lang=de"))


@pytest.mark.django_db
def test_a_critical_answer_is_not_called_overdue_while_its_days_run(client, asked, anna):
    with time_machine.travel(dt.datetime(2026, 11, 30, 9, tzinfo=dt.UTC), tick=False):
        client.post(address(asked), {"rating": "3", "reason": "Zu spät."})
        run_jobs("nps_tally")
    with time_machine.travel(dt.datetime(2026, 12, 1, 9, tzinfo=dt.UTC), tick=False):
        client.force_login(anna)
        card = text(client.get(f"/?customer={asked.customer_id}"))
    assert "Anruf bis Mi 02.12.2026" in card
    assert "überfällig" not in card


def test_a_critical_answer_falls_due_for_the_owner_and_a_call_settles_it(client, asked, anna):
    with time_machine.travel(dt.datetime(2026, 11, 30, 9, tzinfo=dt.UTC), tick=False):
        client.post(address(asked), {"rating": "3", "reason": "Zu spät."})
        run_jobs("nps_tally")
        case, due = Case.objects.for_system(_WHY).get(), FollowUp.objects.for_system(_WHY).get()
        assert (case.kind, case.due_on, due.assignee, due.kind, due.due_on) == (
            "detractor",
            dt.date(2026, 12, 2),
            anna,
            "nps_case",
            dt.date(2026, 11, 30),
        )
        client.force_login(anna)
        card = text(client.get(f"/?customer={asked.customer_id}"))
        assert "Bewertung 3 von 10 am 30.11.2026, Grund: „Zu spät“. Anruf bis Mi 02.12.2026." in card
        reached = CallEntry("reached", None, direction="incoming")
        saved = save_call(anna, asked.customer, "00000000-0000-4000-8000-000000000001", reached)
        case.refresh_from_db()
        assert (case.state, case.activity_id) == ("contacted", saved.activity_id)
        undo_call(actor=anna, activity=case.activity)
        case.refresh_from_db()
        assert (case.state, FollowUp.objects.for_system(_WHY).open().count()) == ("open", 1)
        page = client.post(f"/nps/cases/{case.pk}/close/?kind=detractor&all=1", {"sentence": "Gutschrift"}, follow=True)
        assert "Bäckerei Nord: abgeschlossen." in text(page)
        assert ([one.outcome for one in page.context["page"].rows], page.context["kind"]) == (["Gutschrift"], "detractor")
        case.refresh_from_db()
        assert (case.state, FollowUp.objects.for_system(_WHY).open().count()) == ("closed", 0)


@pytest.mark.django_db
@pytest.mark.parametrize(("outcome", "state", "waiting"), [("reached", "contacted", ["own"]), ("not_reached", "open", ["nps_case", "own"])])
def test_whoever_is_reached_on_a_day_off_is_not_called_about_his_answer_on_monday(client, asked, anna, outcome, state, waiting):
    with time_machine.travel(dt.datetime(2026, 11, 28, 9, tzinfo=dt.UTC), tick=False):  # a Saturday
        client.post(address(asked), {"rating": "3"})
        run_jobs("nps_tally")
        FollowUp.objects.create(customer=asked.customer, assignee=anna, due_on=dt.date(2026, 11, 30))
        save_call(anna, asked.customer, "00000000-0000-4000-8000-000000000001", CallEntry(outcome, None, direction="incoming"))
        assert Case.objects.for_system(_WHY).get().state == state
        assert sorted(FollowUp.objects.for_system(_WHY).open().values_list("kind", flat=True)) == waiting


@pytest.mark.django_db
def test_a_call_about_an_answer_begins_with_thanks_and_a_question_and_sells_nothing(client, asked, anna):
    asked.contact.salutation = "Frau"
    asked.contact.save()
    make_reason(asked.customer)
    client.post(address(asked), {"rating": "3"})
    run_jobs("nps_tally")
    client.force_login(anna)
    said = client.get(f"/?customer={asked.customer_id}").context["card"].said
    assert said.sentence == (
        f"Guten Tag {asked.contact.addressed_name}, danke für Ihre offene Antwort auf unsere Befragung. "
        "Was ist für Sie schiefgelaufen, und was sollen wir besser machen?"
    )
    assert (said.argument, said.objections) == ("", ())


@pytest.mark.django_db
def test_cases_open_once_and_only_for_answers_to_be_talked_about(anna, django_assert_max_num_queries):
    wave = make_wave(state="open", day=timezone.localdate())
    people = [make_invitation(wave, make_listed(f"Kunde {index}", owner=anna)) for index in range(6)]
    for invitation, rating in zip(people, (1, 6, 8, 9, 3, 2), strict=True):
        take_answer(invitation, Given(rating))
    take_answer(people[4], Given(10))
    take_answer(people[5], Given(2, is_anonymous=True))
    silent = make_wave("Verdeckt", state="open", shows_names=False)
    take_answer(make_invitation(silent, people[0].customer), Given(1))
    answer(wave, make_listed("Aus der Liste"), 1)
    with django_assert_max_num_queries(20):  # however many answers
        assert cases.open_missing(wave.pk) == 3
    assert cases.open_missing(wave.pk) == cases.open_missing(silent.pk) == 0
    opened = Case.objects.for_system(_WHY).order_by("pk")
    assert list(opened.values_list("response__rating", "kind", "state")) == [
        (1, "detractor", "open"), (6, "detractor", "open"), (8, "passive", "open"),
    ]  # fmt: skip
    assert sorted(FollowUp.objects.for_system(_WHY).values_list("origin", flat=True)) == sorted(map(cases.origin_of, opened))


@pytest.mark.django_db
def test_an_answer_that_does_not_count_opens_no_case_when_it_is_changed(asked, anna, carla):
    take_answer(asked, Given(9))
    mark_invalid(actor=carla, response=responses().get(), reason="test")
    take_answer(asked, Given(2))
    run_jobs("nps_tally")
    assert Case.objects.for_system(_WHY).count() == 0
    count_again(actor=carla, response=responses().get())
    assert Case.objects.for_system(_WHY).count() == 1


@pytest.mark.django_db
def test_a_case_is_shown_to_those_the_invitation_named(client, asked, anna, bernd, carla):
    client.post(address(asked), {"rating": "3", "reason": "Zu spät"})
    run_jobs("nps_tally")

    def seen(user) -> bool:
        client.force_login(user)
        shown = text(client.get("/nps/cases/")) + text(client.get(f"/?customer={asked.customer_id}"))
        return "Zu spät" in shown

    assert [seen(user) for user in (anna, bernd, carla)] == [True, False, True]


@pytest.mark.django_db
def test_promoters_are_announced_with_the_first_day_on_which_to_ask_for_more(asked):
    heard = []

    def hear(sender, response, moment_on, **_more):
        heard.append((response.rating, moment_on))

    response_recorded.connect(hear)
    try:
        with time_machine.travel(dt.datetime(2026, 12, 3, 9, tzinfo=dt.UTC), tick=False):
            take_answer(asked, Given(7))
            run_jobs("nps_tally")
            assert Case.objects.for_system(_WHY).get().kind == "passive"
            take_answer(asked, Given(10))
    finally:
        response_recorded.disconnect(hear)
    assert heard == [(7, None), (10, dt.date(2026, 12, 8))]
    assert Case.objects.for_system(_WHY).count() == 0


@pytest.mark.django_db
def test_answers_by_phone_are_entered_row_by_row(annas, asked, anna):
    other = make_invitation(asked.wave, make_listed("Café Süd", owner=anna), channel="phone", state="eligible", sent_on=None)
    third = make_invitation(asked.wave, make_listed("Hotel Ost", owner=anna), channel="phone", state="eligible", sent_on=None)
    url = f"/nps/waves/{asked.wave.pk}/phone/"
    shown = text(annas.get(url))
    assert ("Café Süd" in shown, "Hotel Ost" in shown, "Bäckerei Nord" in shown) == (True, True, False)
    assert "Bäckerei Nord" in text(annas.get(f"{url}?q=Bäckerei"))
    unknown = make_person("Ohne Nummer", phone="", owner=anna)
    make_invitation(asked.wave, unknown.customer, unknown, state="eligible", sent_on=None)
    assert "Keine Telefonnummer bekannt" in text(annas.get(f"{url}?q=Ohne"))
    typed = {"row": [other.pk, third.pk], f"rating-{other.pk}": "9", f"reason-{other.pk}": "Nett", f"rating-{third.pk}": "12"}
    page = annas.post(url, {**typed, "channel": "phone"})
    assert (page.status_code, "1 Antwort eingetragen." in text(page), "„12“ ist keine ganze Zahl" in text(page)) == (422, True, True)
    stored = responses().get()
    assert (stored.rating, stored.channel, stored.recorded_by, stored.customer) == (9, "phone", anna, other.customer)
    page = annas.post(url, {"row": [third.pk], f"reason-{third.pk}": "Nett", "channel": "phone"})
    assert (page.status_code, "Die Bewertung fehlt. Tragen Sie eine ganze Zahl von 1 bis 10 ein" in text(page)) == (422, True)
    assert "1 Antwort zurückgenommen." in text(annas.post(f"{url}undo/?answers={stored.pk}", follow=True))
    other.refresh_from_db()
    assert (responses().count(), other.state) == (0, "eligible")
    annas.post(url, {"row": [third.pk], f"declined-{third.pk}": "1"})
    third.refresh_from_db()
    assert third.state == "expired"
    annas.post(url, {"row": [asked.pk], f"rating-{asked.pk}": "7", "channel": "letter"})
    assert responses().get().channel == "letter"
    annas.post(address(asked), {"rating": "8"})
    again = annas.post(url, {"row": [asked.pk], f"rating-{asked.pk}": "1"})
    assert "hat schon geantwortet" in text(again)
    assert responses().get().rating == 8
