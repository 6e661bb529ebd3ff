"""Own settings and own absences."""

import datetime as dt

import pytest
from django.utils import timezone

from accounts.forms import SettingsForm
from accounts.models import Absence, User
from tests import factories
from tests.browser import assert_accessible, assert_no_sideways_scroll

pytestmark = pytest.mark.django_db

SETTINGS = {"language": "de", "theme": "", "phone_extension": "21", "daily_list_length": "20"}


def in_days(count: int) -> dt.date:
    return timezone.localdate() + dt.timedelta(days=count)


def absence(deputy, first: int, last: int) -> dict:
    return {"from_on": in_days(first).isoformat(), "until_on": in_days(last).isoformat(), "deputy": deputy.pk}


def test_settings_are_kept(annas, anna):
    annas.post("/settings/", SETTINGS)
    anna.refresh_from_db()
    assert (anna.daily_list_length, anna.phone_extension, anna.wants_digest, anna.language) == (20, "21", False, "de")


def test_the_language_changes_at_once(annas):
    page = annas.post("/settings/", {**SETTINGS, "language": "en"}, follow=True).content.decode()
    assert '<html lang="en">' in page
    assert "Settings saved." in page


@pytest.mark.parametrize("length", ["4", "61", "-1", "viele", ""])
def test_a_list_is_five_to_sixty_long(annas, anna, length):
    response = annas.post("/settings/", {**SETTINGS, "daily_list_length": length, "language": "en"})
    anna.refresh_from_db()
    assert response.status_code == 422
    assert (anna.daily_list_length, anna.language) == (15, "de")
    assert '<html lang="de">' in response.content.decode()


def test_a_phone_extension_has_digits_only(annas):
    assert "Eine Durchwahl besteht nur aus Ziffern." in annas.post("/settings/", {**SETTINGS, "phone_extension": "abc"}).content.decode()


def test_saving_settings_leaves_alone_what_the_administration_changed_meanwhile(anna):
    form = SettingsForm(SETTINGS, instance=User.objects.get(pk=anna.pk))
    assert form.is_valid()
    User.objects.filter(pk=anna.pk).update(is_active=False, role="marketing", phone_extension="99")
    form.save()
    anna.refresh_from_db()
    assert (anna.is_active, anna.role, anna.phone_extension) == (False, "marketing", "21")


def test_nobody_changes_his_own_role_or_team(annas, anna, team_south):
    before = (anna.role, anna.team_id)
    annas.post("/settings/", {**SETTINGS, "role": "admin", "team": team_south.pk, "is_active": ""})
    anna.refresh_from_db()
    assert (anna.role, anna.team_id, anna.is_active) == (*before, True)


def test_who_does_not_call_is_not_asked_for_a_list_length(client, team_north):
    client.force_login(factories.make_user("mia", "marketing"), backend="accounts.backends.ByName")
    assert "daily_list_length" not in client.get("/settings/").content.decode()
    assert client.post("/settings/", {"language": "de", "theme": "", "phone_extension": ""}).status_code == 302


@pytest.mark.parametrize(("theme", "mark"), [("dark", ' data-theme="dark"'), ("light", ' data-theme="light"'), ("", "")])
def test_the_theme_belongs_to_the_device(annas, theme, mark):
    annas.cookies["theme"] = "dark"
    page = annas.post("/settings/", {**SETTINGS, "theme": theme}, follow=True).content.decode()
    assert f'<html lang="de"{mark}>' in page


def test_a_made_up_theme_is_passed_over(annas):
    annas.cookies["theme"] = '"><script>'
    assert '<html lang="de">' in annas.get("/settings/").content.decode()


def test_an_absence_is_entered_and_removed(annas, anna, bernd):
    page = annas.post("/settings/absences/", absence(bernd, 1, 5), follow=True).content.decode()
    kept = Absence.objects.get()
    assert (kept.user, kept.deputy, kept.from_on, kept.until_on) == (anna, bernd, in_days(1), in_days(5))
    assert "Abwesenheit gespeichert. Bernd Vogel vertritt Sie." in page
    annas.post(f"/settings/absences/{kept.pk}/remove/")
    assert not Absence.objects.exists()


def test_the_deputy_sees_whom_he_stands_in_for(client, anna, bernd):
    factories.make_absence(anna, bernd, in_days(-1), in_days(1))
    client.force_login(bernd, backend="accounts.backends.ByName")
    page = client.get("/settings/").content.decode()
    assert "Sie vertreten" in page
    assert "Anna Lang" in page


@pytest.mark.parametrize(
    ("first", "last", "sentence"),
    [
        (5, 1, "Der letzte Tag liegt vor dem ersten."),
        (-5, -1, "Diese Tage sind schon vorbei."),
        (12, 20, "Diese Tage überschneiden sich mit einer Abwesenheit, die schon eingetragen ist."),
    ],
)
def test_days_that_cannot_be_are_refused(annas, anna, bernd, first, last, sentence):
    factories.make_absence(anna, bernd, in_days(10), in_days(12))
    response = annas.post("/settings/absences/", absence(bernd, first, last))
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert Absence.objects.count() == 1


def test_nobody_is_his_own_deputy_and_a_former_colleague_is_none(annas, anna, bernd):
    bernd.is_active = False
    bernd.save()
    for deputy in (anna, bernd):
        assert annas.post("/settings/absences/", absence(deputy, 1, 2)).status_code == 422
    assert not Absence.objects.exists()


def test_the_absence_of_a_colleague_does_not_exist_for_me(annas, anna, bernd):
    theirs = factories.make_absence(bernd, anna, in_days(1), in_days(2))
    assert annas.post(f"/settings/absences/{theirs.pk}/remove/").status_code == 404
    assert annas.get(f"/settings/absences/{theirs.pk}/remove/").status_code == 405
    assert Absence.objects.count() == 1


@pytest.mark.parametrize("width", [1440, 390])
def test_the_settings_page_is_accessible_and_fits(live_page, anna, bernd, width):
    factories.make_absence(anna, bernd, in_days(1), in_days(2))
    page = live_page(anna, width=width, is_dark=width == 390)
    page.goto("/settings/")
    assert_accessible(page)
    assert_no_sideways_scroll(page)


def test_the_menu_opens_and_closes_by_keyboard(live_page, anna):
    page = live_page(anna)
    page.goto("/settings/")
    summary = page.locator(".top .menu summary")
    summary.focus()
    page.keyboard.press("Enter")
    page.locator(".top .menu-items").wait_for(state="visible")
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    page.locator(".top .menu-items").wait_for(state="hidden")
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
