"""Pages for what went wrong: what happened, why, what now."""

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from accounts import views
from tests import factories
from tests.browser import assert_accessible, assert_no_sideways_scroll

pytestmark = pytest.mark.django_db


def test_a_page_that_does_not_exist_says_where_to_look(client, anna):
    client.force_login(anna, backend="accounts.backends.ByName")
    response = client.get("/no-such-page/")
    assert response.status_code == 404
    assert "Diese Seite gibt es nicht, oder der Kunde gehört nicht zu Ihrem Bereich." in response.content.decode()


def test_without_a_sign_in_a_missing_page_shows_no_frame(client):
    page = client.get("/no-such-page/", HTTP_ACCEPT_LANGUAGE="de").content.decode()
    assert "Diese Seite gibt es nicht" in page
    assert "side-nav-link" not in page
    assert "Datenstand" not in page


def test_what_the_role_does_not_include_is_refused_with_a_reason(client, db):
    client.force_login(factories.make_user("mia", "marketing"), backend="accounts.backends.ByName")
    response = client.get("/setup/")
    assert response.status_code == 403
    assert "Das gehört nicht zu Ihrer Rolle." in response.content.decode()


def test_a_broken_page_is_answered_in_the_readers_language(client, anna, monkeypatch):
    def broken(*_args):
        raise RuntimeError("broken on purpose")

    monkeypatch.setattr(views, "_page", broken)
    client.raise_request_exception = False
    client.force_login(anna, backend="accounts.backends.ByName")
    response = client.get("/settings/")
    page = response.content.decode()
    assert response.status_code == 500
    assert "Was vorher gespeichert war, ist sicher." in page
    assert '<html lang="de">' in page


@pytest.mark.parametrize("name", ["400.html", "500.html"])
@pytest.mark.parametrize("language", ["de", "en"])
def test_the_pages_for_a_broken_program_need_no_request_and_no_database(django_assert_num_queries, name, language):
    with django_assert_num_queries(0), translation.override(language):
        assert f'<html lang="{language}">' in render_to_string(name)


def test_the_error_pages_are_accessible(live_page, anna, complaints):
    complaints.expect("status of 404")
    complaints.expect("status of 403")
    page = live_page(anna, width=390)
    for address in ("/no-such-page/", "/setup/"):
        page.goto(address)
        assert_accessible(page)
        assert_no_sideways_scroll(page)
