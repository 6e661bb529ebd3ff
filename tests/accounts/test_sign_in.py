"""Signing in and out, the lock, a new password by mail: through the pages a person uses."""

import datetime as dt
import re

import pytest
from allauth.account.models import EmailAddress
from axes.models import AccessAttempt
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from tests.browser import assert_accessible, assert_no_sideways_scroll, sign_in

pytestmark = pytest.mark.django_db

LOGIN = "/accounts/login/"
PASSWORD = "geheim-geheim"
NEW_PASSWORD = "mehr-Kaffee-2026"
GERMAN = {"HTTP_ACCEPT_LANGUAGE": "de"}


@pytest.fixture(autouse=True)
def _no_earlier_attempts():
    """The sign-in library counts posts in the cache, which outlives a test."""
    cache.clear()


def attempt(client: Client, login: str, password: str = PASSWORD, address: str = "10.0.0.1", **extra):
    return client.post(LOGIN, {"login": login, "password": password}, REMOTE_ADDR=address, **GERMAN, **extra)


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


@pytest.mark.parametrize("login", ["anna", "ANNA", " anna ", "anna@innendienst.example", "Anna@Innendienst.example"])
def test_the_name_in_any_case_and_the_mail_address_sign_in(client, anna, login):
    response = attempt(client, login)
    assert response.status_code == 302
    assert response["Location"] == "/"
    assert client.session["_auth_user_id"] == str(anna.pk)


def test_sign_in_goes_on_to_the_page_that_was_asked_for(client, anna):
    asked = client.get("/settings/")
    assert asked["Location"] == f"{LOGIN}?next=/settings/"
    page = client.get(asked["Location"]).content.decode()
    assert '<input type="hidden" name="next" value="/settings/"' in page
    response = client.post(LOGIN, {"login": "anna", "password": PASSWORD, "next": "/settings/"})
    assert response["Location"] == "/settings/"


def test_sign_in_does_not_lead_to_a_foreign_host(client, anna):
    response = client.post(LOGIN, {"login": "anna", "password": PASSWORD, "next": "https://evil.example/"})
    assert response["Location"] == "/"


@pytest.mark.parametrize("login", ["anna", "anna@innendienst.example", "nobody", "nobody@innendienst.example"])
def test_a_wrong_password_and_an_unknown_name_get_the_same_sentence(client, anna, login):
    page = attempt(client, login, "falsch-falsch").content.decode()
    assert "Nicht angemeldet: Name und Passwort passen nicht zusammen." in page
    assert not is_signed_in(client)


def test_ten_wrong_passwords_lock_the_account_at_this_address_only(client, anna, bernd):
    for _ in range(10):
        response = attempt(client, "anna", "falsch-falsch")
    assert response.status_code == 429
    assert attempt(client, "anna").status_code == 429
    assert "Warten Sie 15 Minuten" in attempt(client, "anna").content.decode()
    assert attempt(client, "anna", address="10.0.0.2").status_code == 302
    assert attempt(Client(), "bernd").status_code == 302


def test_nine_wrong_passwords_do_not_lock(client, anna):
    for _ in range(9):
        assert attempt(client, "anna", "falsch-falsch").status_code == 200
    assert attempt(client, "anna").status_code == 302


def test_other_ways_of_writing_a_name_bring_no_further_attempts(client, anna):
    ways = ["anna", "Anna", "ANNA", "anna@innendienst.example", "ANNA@innendienst.example"]
    for n in range(10):
        attempt(client, ways[n % len(ways)], "falsch-falsch")
    assert [attempt(client, way).status_code for way in ways] == [429] * 5


def test_an_unknown_name_is_locked_like_a_known_one(client, db):
    codes = [attempt(client, "nobody", "falsch-falsch").status_code for _ in range(10)]
    assert codes == [200] * 9 + [429]


def test_the_lock_ends_after_a_quarter_of_an_hour(client, anna):
    for _ in range(10):
        attempt(client, "anna", "falsch-falsch")
    AccessAttempt.objects.update(attempt_time=timezone.now() - dt.timedelta(minutes=16))
    assert attempt(client, "anna").status_code == 302


def test_behind_one_own_proxy_the_lock_counts_per_browser(client, anna, settings):
    settings.PROXY_COUNT = settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for n in range(10):
        attempt(client, "anna", "falsch-falsch", address="127.0.0.1", HTTP_X_FORWARDED_FOR=f"9.9.9.{n}, 10.0.0.1")
    assert attempt(client, "anna", address="127.0.0.1", HTTP_X_FORWARDED_FOR="10.0.0.1").status_code == 429
    assert attempt(client, "anna", address="127.0.0.1", HTTP_X_FORWARDED_FOR="10.0.0.2").status_code == 302


def test_what_came_past_the_outer_proxy_counts_by_the_address_it_came_from(client, anna, settings):
    settings.PROXY_COUNT = settings.ALLAUTH_TRUSTED_PROXY_COUNT = 2
    for n in range(10):
        attempt(client, "anna", "falsch-falsch", address="10.0.0.7", HTTP_X_FORWARDED_FOR=f"9.9.9.{n}")
    assert attempt(client, "anna", address="10.0.0.7", HTTP_X_FORWARDED_FOR="9.9.9.99").status_code == 429


def test_a_forwarded_address_is_not_believed_without_a_proxy(client, anna):
    for n in range(10):
        attempt(client, "anna", "falsch-falsch", HTTP_X_FORWARDED_FOR=f"9.9.9.{n}")
    assert attempt(client, "anna", HTTP_X_FORWARDED_FOR="9.9.9.99").status_code == 429


def test_a_session_ends_twelve_hours_after_the_sign_in_whatever_is_done_in_it(client, anna):
    attempt(client, "anna")
    started = Session.objects.get().expire_date
    assert abs(started - timezone.now() - dt.timedelta(hours=12)) < dt.timedelta(minutes=1)
    session = client.session
    session["something"] = "changed"
    session.save()
    assert Session.objects.get().expire_date == started


def test_a_switched_off_account_does_not_get_in_and_its_session_ends(client, anna):
    client.force_login(anna, backend="accounts.backends.ByName")
    User.objects.filter(pk=anna.pk).update(is_active=False)
    assert client.get("/settings/").status_code == 302
    other = Client()
    assert attempt(other, "anna")["Location"] == "/accounts/inactive/"
    assert not is_signed_in(other)


def test_signing_out_takes_a_post(client, anna):
    client.force_login(anna, backend="accounts.backends.ByName")
    client.get("/accounts/logout/")
    assert is_signed_in(client)
    assert client.post("/accounts/logout/")["Location"] == LOGIN
    assert not is_signed_in(client)


def test_nobody_signs_up(client, db):
    page = client.get("/accounts/signup/", **GERMAN).content.decode()
    assert "Konten legt die Verwaltung Ihrer Firma an." in page
    client.post("/accounts/signup/", {"username": "eve", "email": "eve@innendienst.example", "password1": NEW_PASSWORD})
    assert not User.objects.exists()


@pytest.mark.parametrize("address", ["/accounts/email/", "/accounts/confirm-email/", "/accounts/login/code/confirm/"])
def test_pages_of_the_sign_in_library_that_we_do_not_offer_are_not_there(client, anna, address):
    client.force_login(anna, backend="accounts.backends.ByName")
    assert client.get(address).status_code == 404


def test_the_administration_uses_the_same_sign_in(client, dieter):
    asked = client.get("/admin/", follow=True)
    assert asked.redirect_chain[-1][0] == f"{LOGIN}?next=/admin/"
    signed_in = client.post(LOGIN, {"login": "dieter", "password": PASSWORD, "next": "/admin/"}, follow=True)
    assert signed_in.redirect_chain == [("/admin/", 302)]
    assert "/admin/accounts/user/add/" in signed_in.content.decode()


def test_a_rep_is_refused_by_the_administration(client, anna):
    client.force_login(anna, backend="accounts.backends.ByName")
    response = client.get("/admin/", follow=True)
    assert response.status_code == 403
    assert "Das gehört nicht zu Ihrer Rolle." in response.content.decode()


class TestNewPasswordByMail:
    def link(self, client: Client, email: str = "anna@innendienst.example") -> str:
        client.post("/accounts/password/reset/", {"email": email}, **GERMAN)
        return re.search(r"http://testserver(/\S+)", mail.outbox[-1].body)[1]

    def set_password(self, client: Client, link: str, password: str = NEW_PASSWORD):
        form_url = client.get(link)["Location"]
        return client.post(form_url, {"password1": password, "password2": password}, **GERMAN)

    def test_the_link_sets_a_new_password_that_signs_in(self, client, anna):
        assert self.set_password(client, self.link(client))["Location"] == reverse("account_reset_password_from_key_done")
        assert not is_signed_in(client)
        assert attempt(client, "anna", NEW_PASSWORD).status_code == 302
        assert attempt(Client(), "anna", PASSWORD).status_code == 200

    def test_opening_the_link_does_not_use_it_up(self, client, anna):
        link = self.link(client)
        for _ in range(3):
            assert Client().get(link).status_code == 302
        assert self.set_password(client, link).status_code == 302

    def test_the_link_works_once(self, client, anna):
        link = self.link(client)
        self.set_password(client, link)
        page = Client().get(link, **GERMAN).content.decode()
        assert "Dieser Link wurde schon benutzt oder ist älter als 24 Stunden." in page

    def test_a_new_password_ends_the_other_sessions(self, client, anna):
        elsewhere = Client()
        attempt(elsewhere, "anna")
        self.set_password(client, self.link(client))
        assert elsewhere.get("/settings/").status_code == 302

    def test_an_unknown_address_gets_the_same_page_and_no_mail(self, client, anna):
        pages = [
            client.post("/accounts/password/reset/", {"email": email}, **GERMAN)
            for email in ("anna@innendienst.example", "eve@innendienst.example")
        ]
        assert pages[0]["Location"] == pages[1]["Location"] == "/accounts/password/reset/done/"
        assert [message.to for message in mail.outbox] == [["anna@innendienst.example"]]

    def test_a_switched_off_account_gets_no_mail(self, client, anna):
        User.objects.filter(pk=anna.pk).update(is_active=False)
        client.post("/accounts/password/reset/", {"email": "anna@innendienst.example"})
        assert mail.outbox == []

    def test_the_mail_speaks_its_readers_language(self, client, anna, bernd):
        User.objects.filter(pk=bernd.pk).update(language="en", first_name="Bernd & Co")
        self.link(client)
        self.link(client, "bernd@innendienst.example")
        assert [message.subject for message in mail.outbox] == ["Neues Passwort für Innendienst", "New password for Innendienst"]
        assert mail.outbox[0].body.startswith("Guten Tag Anna Lang,")
        assert mail.outbox[1].body.startswith("Hello Bernd & Co Vogel,")

    def test_after_a_change_of_address_the_old_one_opens_nothing(self, client, anna):
        self.set_password(client, self.link(client))
        attempt(client, "anna", NEW_PASSWORD)
        User.objects.filter(pk=anna.pk).update(email="anna.neu@innendienst.example")
        mail.outbox.clear()
        Client().post("/accounts/password/reset/", {"email": "anna@innendienst.example"})
        assert mail.outbox == []
        assert not EmailAddress.objects.exists()

    def test_two_different_passwords_are_refused_in_formal_german(self, client, anna):
        form_url = client.get(self.link(client))["Location"]
        response = client.post(form_url, {"password1": NEW_PASSWORD, "password2": "anders-anders"}, **GERMAN)
        assert "Die beiden Passwörter sind nicht gleich." in response.content.decode()


def test_the_own_password_changes_with_the_old_one_and_stays_signed_in(client, anna):
    attempt(client, "anna")
    wrong = {"oldpassword": "falsch-falsch", "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    assert "Das ist nicht Ihr bisheriges Passwort." in client.post("/accounts/password/change/", wrong).content.decode()
    response = client.post("/accounts/password/change/", {**wrong, "oldpassword": PASSWORD}, follow=True)
    assert response.redirect_chain == [("/settings/", 302)]
    assert "Ihr Passwort ist geändert." in response.content.decode()


@pytest.mark.parametrize(("language", "title"), [("de", "Anmelden"), ("en", "Sign in")])
def test_the_sign_in_speaks_the_browsers_language(client, db, language, title):
    page = client.get(LOGIN, HTTP_ACCEPT_LANGUAGE=language).content.decode()
    assert f'<html lang="{language}">' in page
    assert f"<title>{title} · Innendienst</title>" in page


def test_too_many_requests_for_a_new_password_are_refused(client, anna):
    codes = [client.post("/accounts/password/reset/", {"email": "anna@innendienst.example"}, **GERMAN).status_code for _ in range(6)]
    assert codes == [302] * 5 + [429]
    assert len(mail.outbox) == 5


def test_anna_signs_in_with_a_browser(live_page, anna):
    page = live_page()
    sign_in(page, anna)
    page.goto("/settings/")
    assert page.locator(".top .menu summary").inner_text().strip() == "Anna Lang"


@pytest.mark.parametrize("width", [1440, 390])
def test_the_pages_before_the_sign_in_are_accessible(live_page, db, width):
    page = live_page(width=width, is_dark=width == 390)
    for address in (LOGIN, "/accounts/password/reset/key/1-x-y/"):
        page.goto(address)
        assert_accessible(page)
        assert_no_sideways_scroll(page)
