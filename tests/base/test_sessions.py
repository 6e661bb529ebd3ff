"""Sessions read by plain SQL behave as Django's own."""

import datetime as dt

import pytest
from django.contrib.sessions.backends.db import SessionStore as DjangosStore
from django.utils import timezone

from innendienst.base import preferences
from innendienst.base.preferences import CompanyPreferences
from innendienst.base.sessions import SessionStore

pytestmark = pytest.mark.django_db


def stored(**values) -> SessionStore:
    session = SessionStore()
    session.update(values)
    session.save()
    return session


def test_what_was_saved_is_read_again_and_by_djangos_own_store_too():
    key = stored(day="Montag").session_key
    assert SessionStore(key)["day"] == DjangosStore(key)["day"] == "Montag"


@pytest.mark.parametrize("minutes", [-600, -1])
def test_an_ended_session_is_empty_and_forgets_its_key(minutes):
    session = stored(day="Montag")
    session.set_expiry(timezone.now() + dt.timedelta(minutes=minutes))
    session.save()
    ended = SessionStore(session.session_key)
    assert (ended.get("day"), ended.session_key) == (None, None)


def test_a_session_that_ends_in_a_minute_still_counts():
    session = stored(day="Montag")
    session.set_expiry(timezone.now() + dt.timedelta(minutes=1))
    session.save()
    assert SessionStore(session.session_key)["day"] == "Montag"


def test_an_unknown_key_is_an_empty_session_without_a_key():
    unknown = SessionStore("a" * 32)
    assert (dict(unknown.items()), unknown.session_key) == ({}, None)


def test_the_preferences_come_with_the_session(dieter, django_assert_num_queries):
    preferences.put(CompanyPreferences, by=dieter, name="Möbel „Süd“ & Söhne", fiscal_year_start_month=4)
    key = stored(day="Montag").session_key
    with django_assert_num_queries(1):
        assert SessionStore(key)["day"] == "Montag"
        company = preferences.get(CompanyPreferences)
    assert (company.name, company.fiscal_year_start_month, company.is_set_up) == ("Möbel „Süd“ & Söhne", 4, False)


def test_each_request_sees_the_preferences_anew(annas, anna, dieter):
    annas.get("/customers/")
    preferences.put(CompanyPreferences, by=dieter, name="Neue Firma")
    assert "Neue Firma" in annas.get("/customers/").text
