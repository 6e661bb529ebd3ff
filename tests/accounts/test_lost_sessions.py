"""A session that ended while somebody was typing: nothing is written, and the text comes back."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db

NOTE = "Will im Januar zwölf Kanister, Herr Müller ruft zurück.\nZweite Zeile <b>."
FORM = {"phone_extension": "", "note": NOTE, "complaint_title": "Kanne undicht", "outcome": "reached", "csrfmiddlewaretoken": "x" * 64}
GERMAN = {"HTTP_ACCEPT_LANGUAGE": "de"}
PAGE = "http://testserver/customers/7/?tab=1"


def test_a_form_sent_after_the_session_ended_comes_back_with_its_text(client):
    response = client.post("/settings/", FORM, HTTP_REFERER=PAGE, **GERMAN)
    page = response.content.decode()
    assert response.status_code == 401
    assert "Nicht gespeichert: Ihre Anmeldung ist beim Schreiben abgelaufen." in page
    assert "zwölf Kanister" in page
    assert "Zweite Zeile &lt;b&gt;." in page
    assert "Kanne undicht" in page
    assert "reached" not in page
    assert 'href="/accounts/login/?next=/customers/7/%3Ftab%3D1"' in page


def test_a_page_asked_for_without_a_session_leads_to_the_sign_in_and_back(client):
    response = client.get("/settings/")
    assert (response.status_code, response["Location"]) == (302, "/accounts/login/?next=/settings/")


@pytest.mark.parametrize("method", ["get", "post"])
def test_htmx_is_told_to_leave_the_page_instead_of_swapping_the_sign_in_into_it(client, method):
    response = getattr(client, method)("/settings/", HTTP_HX_REQUEST="true", HTTP_HX_CURRENT_URL=PAGE)
    assert response.status_code == 401
    assert response["HX-Redirect"] == "/accounts/login/?next=/customers/7/%3Ftab%3D1&ended=1"
    assert response.content == b""


@pytest.mark.parametrize("came_from", ["https://evil.example/customers/", "//evil.example", "javascript:alert(1)", ""])
def test_the_way_back_never_leads_to_a_foreign_host(client, came_from):
    response = client.post("/settings/", FORM, HTTP_REFERER=came_from, **GERMAN)
    assert 'href="/accounts/login/?next=/"' in response.content.decode()


def test_a_form_of_an_earlier_sign_in_comes_back_with_its_text(anna):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(anna, backend="accounts.backends.ByName")
    response = strict.post("/settings/", FORM, HTTP_REFERER=PAGE)
    page = response.content.decode()
    assert response.status_code == 403
    assert "Dieses Formular gehört zu einer früheren Anmeldung" in page
    assert "zwölf Kanister" in page
    assert 'href="/customers/7/?tab=1"' in page


def test_a_password_is_never_shown_again(client):
    strict = Client(enforce_csrf_checks=True)
    page = strict.post("/accounts/login/", {"login": "anna", "password": "geheim-geheim"}, **GERMAN).content.decode()
    assert "geheim-geheim" not in page
    assert "Ihr Text" not in page
