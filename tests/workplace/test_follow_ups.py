"""Follow-ups on pages: change and hand on, in one's own calendar, and deputies whom the management names."""

import datetime as dt
import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import AccessToken, Role
from customers.models import FollowUp
from tests.factories import make_absence, make_customer, make_user
from tests.workplace.scenes import make_follow_up

pytestmark = pytest.mark.django_db


@pytest.fixture
def follow_up(anna):
    return make_follow_up(
        make_customer("Bäckerei; Nord, Müller", owner=anna), anna, timezone.localdate(), note="Preis", due_time=dt.time(14)
    )


def stored() -> FollowUp:
    return FollowUp.objects.for_system("test").get()


def test_a_follow_up_is_given_to_a_colleague_with_a_time(annas, bernd, follow_up):
    url = reverse("follow_up_change", args=[follow_up.pk])
    assert 'value="14:00"' in annas.get(url).content.decode()
    annas.post(url, {"due_on": "+7", "due_time": "15:30", "note": "Menge", "person": bernd.pk})
    assert (stored().assignee, stored().due_time, stored().note) == (bernd, dt.time(15, 30), "Menge")


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"due_on": "31.02."}, "gibt es nicht"),
        ({"person": "999"}, "jemanden, der hier arbeitet"),
        ({"due_time": "25:00"}, "erwartet wird 14:05"),
    ],
)
def test_what_cannot_be_comes_back_with_the_text(annas, anna, follow_up, said, why):
    given = {"due_on": "+7", "person": anna.pk, "note": "Mein Text", **said}
    answer = annas.post(reverse("follow_up_change", args=[follow_up.pk]), given)
    assert answer.status_code == 422
    assert why in answer.content.decode()
    assert "Mein Text" in answer.content.decode()
    assert stored().note == "Preis"


def test_a_colleagues_follow_up_is_not_found_the_management_may_change_it(client, bernd, carla, follow_up):
    url = reverse("follow_up_change", args=[follow_up.pk])
    client.force_login(bernd)
    assert client.get(url).status_code == 404
    client.force_login(carla)
    client.post(url, {"due_on": "+1", "person": bernd.pk})
    assert stored().assignee == bernd


def make_address(annas) -> str:
    page = annas.post(reverse("account_calendar_make")).content.decode()
    return re.search(r'value="http://[^/]+(/calendar/[^"]+)"', page)[1]


def test_the_calendar_knows_what_is_due_and_needs_no_sign_in(annas, follow_up):
    address = make_address(annas)
    feed = Client().get(address)
    text = feed.content.decode().replace("\r\n ", "")
    assert feed["Content-Type"].startswith("text/calendar")
    assert "SUMMARY:Wiedervorlage: Bäckerei\\; Nord\\, Müller\r\n" in text
    assert f"DTSTART:{follow_up.due_at:%Y%m%dT%H%M%SZ}\r\n" in text
    assert max(len(line.encode()) for line in feed.content.decode().split("\r\n")) <= 75
    assert "Preis" not in text  # what was agreed does not lie in other people's clouds


def test_an_address_is_shown_once_replaced_by_a_new_one_and_taken_away(annas, anna, follow_up):
    first = make_address(annas)
    assert first not in annas.get(reverse("account_settings")).content.decode()
    second = make_address(annas)
    assert [Client().get(address).status_code for address in (first, second)] == [404, 200]
    annas.post(reverse("account_calendar_revoke"))
    assert (Client().get(second).status_code, AccessToken.objects.count()) == (404, 0)


def test_whoever_has_left_reads_nothing_any_more(annas, anna, follow_up):
    address = make_address(annas)
    anna.is_active = False
    anna.save(update_fields=["is_active"])
    assert Client().get(address).status_code == 404


def test_who_leads_a_team_names_a_deputy_for_whoever_is_ill(client, anna, bernd, team_north):
    lead = make_user("lead", Role.MANAGER, team=team_north)
    client.force_login(lead)
    today = timezone.localdate()
    days = {"from_on": today.isoformat(), "until_on": (today + dt.timedelta(days=3)).isoformat(), "deputy": lead.pk}
    client.post(reverse("absence_list"), {"user": anna.pk, **days})
    assert [(absence.deputy, absence.until_on) for absence in anna.absences.all()] == [(lead, today + dt.timedelta(days=3))]
    refused = client.post(reverse("absence_list"), {"user": bernd.pk, **days})
    assert (refused.status_code, bernd.absences.count()) == (422, 0)
    others = make_absence(bernd, anna, today, today)
    assert client.post(reverse("absence_end", args=[others.pk])).status_code == 404
    client.post(reverse("absence_end", args=[anna.absences.get().pk]))
    assert not anna.absences.exists()


def test_a_deputy_can_do_what_he_gets_and_whoever_is_away_himself_is_named(client, anna, bernd, team_north):
    lead, uwe = make_user("lead", Role.MANAGER, team=team_north), make_user("uwe", team=team_north, first_name="Uwe", last_name="Krüger")
    make_user("nora", Role.MARKETING)
    client.force_login(lead)
    form = client.get(reverse("absence_list")).context["absence_form"]
    assert (set(form.fields["deputy"].queryset), form.fields["deputy"].empty_label) == ({anna, bernd, uwe, lead}, "Wer vertritt?")
    today = timezone.localdate()
    make_absence(uwe, bernd, today + dt.timedelta(days=3), today + dt.timedelta(days=9))
    days = {"from_on": today.isoformat(), "until_on": (today + dt.timedelta(days=3)).isoformat()}
    said = client.post(reverse("absence_list"), {"user": anna.pk, "deputy": uwe.pk, **days}, follow=True).content.decode()
    assert "Uwe Krüger ist in diesen Tagen selbst abwesend" in said
