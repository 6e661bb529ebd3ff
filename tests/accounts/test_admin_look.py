"""The administration in our frame, light and dark."""

import datetime as dt
import threading

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection, transaction
from django.forms import modelform_factory

from accounts.admin import UserChangeForm
from accounts.models import Absence, Team, User
from innendienst.base.models import AuditEvent
from tests.browser import assert_accessible, assert_no_sideways_scroll
from tests.factories import make_user

PAGES = ("/admin/", "/admin/accounts/user/", "/admin/accounts/user/add/", "/admin/customers/customer/", "/admin/customers/complaint/")


@pytest.mark.parametrize("width", [1440, 390])
def test_the_administration_is_accessible_and_fits(live_page, dieter, width):
    page = live_page(dieter, width=width, is_dark=width == 390)
    for address in PAGES:
        page.goto(address)
        assert_accessible(page)
        assert_no_sideways_scroll(page)


def test_the_administration_wears_the_frame_and_leaves_out_what_nobody_uses(client, dieter):
    client.force_login(dieter)
    page = client.get("/admin/").content.decode()
    assert 'class="side-nav"' in page
    assert "/admin/accounts/team/" in page
    for gone in ("/admin/auth/group/", "/admin/account/emailaddress/", "/admin/axes/accesslog/"):
        assert gone not in page


@pytest.mark.parametrize("width", [1440, 390])
def test_nothing_of_the_start_page_is_cut(live_page, dieter, width):
    page = live_page(dieter, width=width)
    page.goto("/admin/")
    for text in page.locator("#content .module").first.locator("th, td").all():
        assert text.evaluate("cell => cell.getBoundingClientRect().right <= innerWidth && cell.scrollWidth <= cell.clientWidth + 1")
    assert page.get_by_role("link", name="Erste Schritte").first.bounding_box()["height"] < 30


def test_an_absence_is_told_in_german_and_offers_no_removal_of_who_stands_in(client, dieter, anna, bernd):
    Absence.objects.create(user=anna, deputy=bernd, from_on=dt.date(2026, 12, 18), until_on=dt.date(2027, 1, 4))
    client.force_login(dieter)
    page = client.get(f"/admin/accounts/user/{anna.pk}/change/").text
    assert "Anna Lang 18.12.2026–04.01.2027" in page
    assert "delete_id_absences-0-deputy" not in page


def test_messages_of_the_administration_speak_like_the_rest(client, dieter, team_north):
    client.force_login(dieter)
    page = client.post("/admin/accounts/team/add/", {"name": "Ost", "state": ""}, follow=True).text
    assert "“ angelegt." in page
    refused = client.post("/admin/accounts/team/add/", {"name": ""}).text
    assert "Nicht gespeichert: Eine Angabe unten fehlt oder passt nicht." in refused
    assert "erfolgreich" not in page


def test_an_admin_adds_a_user_who_then_signs_in(client, dieter, team_north):
    client.force_login(dieter)
    entered = {
        "username": "elif", "usable_password": "true", "password1": "mehr-Kaffee-2026", "password2": "mehr-Kaffee-2026",
        "first_name": "Elif", "last_name": "Kaya", "email": "elif@innendienst.example", "role": "rep", "team": team_north.pk,
        "absences-TOTAL_FORMS": "0", "absences-INITIAL_FORMS": "0",
    }  # fmt: skip
    refused = client.post("/admin/accounts/user/add/", {**entered, "team": ""})
    assert "Innendienst und Außendienst brauchen ein Team." in refused.content.decode()
    assert client.post("/admin/accounts/user/add/", entered).status_code == 302
    again = client.post("/admin/accounts/user/add/", {**entered, "username": "ELIF"}).content.decode()
    assert "Dieser Benutzername ist bereits vergeben." in again
    assert "Diese E-Mail-Adresse hat schon ein anderer Benutzer." in again
    client.logout()
    signed_in = client.post("/accounts/login/", {"login": "elif", "password": "mehr-Kaffee-2026"})
    assert signed_in["Location"] == "/"


def changed(client, user, **more):
    entered = {
        "username": user.username, "is_active": "on", "first_name": user.first_name, "last_name": user.last_name, "email": user.email,
        "language": "de", "role": user.role, "team": user.team_id or "", "daily_list_length": "15",
        "absences-TOTAL_FORMS": "0", "absences-INITIAL_FORMS": "0",
    }  # fmt: skip
    answer = client.post(f"/admin/accounts/user/{user.pk}/change/", {**entered, **more})
    user.refresh_from_db()
    return answer


@pytest.mark.django_db
@pytest.mark.parametrize("change", [{"role": "manager"}, {"is_active": ""}])
def test_the_last_administrator_keeps_the_role(client, dieter, change):
    client.force_login(dieter)
    assert "Dies ist das letzte Konto der Verwaltung." in changed(client, dieter, **change).content.decode()
    assert (dieter.role, dieter.is_active) == ("admin", True)
    make_user("dora", "admin")
    assert changed(client, dieter, **change)["Location"] == "/admin/accounts/user/"
    assert (dieter.role, dieter.is_active) != ("admin", True)


@pytest.mark.django_db
def test_a_rep_keeps_a_team(client, dieter, anna):
    client.force_login(dieter)
    assert "Innendienst und Außendienst brauchen ein Team." in changed(client, anna, team="").content.decode()
    changed(client, anna, role="manager", team="")
    assert (anna.role, anna.team) == ("manager", None)


def acts() -> list[tuple]:
    """What stands on the audit log, and nothing of it on Django's own."""
    assert not LogEntry.objects.exists()
    return list(AuditEvent.objects.order_by("pk").values_list("act", "by__username", "facts"))


@pytest.mark.django_db
def test_who_changed_an_account_is_on_the_audit_log_without_anybodys_name(client, dieter, anna):
    client.force_login(dieter)
    changed(client, anna, wants_digest="on")  # as it was: nothing to record
    changed(client, anna, wants_digest="on", role="manager", last_name="Meyer")
    passwords = {"password1": "mehr-Kaffee-2026", "password2": "mehr-Kaffee-2026", "usable_password": "true"}
    client.post(f"/admin/accounts/user/{anna.pk}/password/", passwords)
    assert acts() == [
        ("user.edit", "dieter", {"user": anna.pk, "fields": ["last_name", "role"]}),
        ("user.edit", "dieter", {"user": anna.pk, "fields": ["password"]}),
    ]


@pytest.mark.django_db
def test_teams_come_and_go_on_the_audit_log(client, dieter):
    client.force_login(dieter)
    client.post("/admin/accounts/team/add/", {"name": "West", "state": "NW"})
    west = Team.objects.get()
    client.post(f"/admin/accounts/team/{west.pk}/delete/", {"post": "yes"})
    assert acts() == [
        ("team.create", "dieter", {"team": west.pk, "fields": ["name", "state"]}),
        ("team.delete", "dieter", {"team": west.pk}),
    ]


@pytest.mark.django_db
def test_nobody_is_deleted(client, dieter):
    client.force_login(dieter)
    assert client.post(f"/admin/accounts/user/{dieter.pk}/delete/", {"post": "yes"}).status_code == 403
    assert User.objects.filter(pk=dieter.pk).exists()


def demotion(user: User) -> UserChangeForm:
    form = modelform_factory(User, form=UserChangeForm, fields=("role", "team", "is_active"))
    return form({"role": "manager", "team": "", "is_active": "on"}, instance=user)


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one writer in at a time")
def test_of_two_administrators_who_take_the_role_from_each_other_one_keeps_it(dieter):
    dora, accepted = make_user("dora", "admin"), []

    def demote_dieter() -> None:
        with transaction.atomic():
            accepted.append(demotion(dieter).is_valid())
        connection.close()

    second = threading.Thread(target=demote_dieter)
    with transaction.atomic():
        first = demotion(dora)
        accepted.append(first.is_valid())
        first.save()
        second.start()
        second.join(0.3)
    second.join(20)
    assert accepted == [True, False]
