"""Plugin that makes `client.force_login(anna)` a row of a session and its cookie.

Django's signs in by all that a real sign-in does: eighteen statements, among them those of the lock-out, for each test that begins
with somebody signed in. Signing in itself is tested through its page (tests/accounts/test_sign_in.py).
"""

from importlib import import_module

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.http import HttpRequest
from django.test import Client
from django.utils.crypto import get_random_string

from accounts.models import User

_LIKE_DJANGO = Client.force_login


@pytest.fixture(scope="session", autouse=True)
def _signed_in_quickly() -> None:
    Client.force_login = _sign_in


def _sign_in(client: Client, user: User, backend: str | None = None) -> None:
    if settings.SESSION_COOKIE_NAME in client.cookies:  # somebody is signed in already: his session ends as in life
        _LIKE_DJANGO(client, user, backend)
        return
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(get_random_string(32, "abcdefghijklmnopqrstuvwxyz0123456789"))
    request.session._session_cache = {
        SESSION_KEY: user._meta.pk.value_to_string(user),
        BACKEND_SESSION_KEY: backend or client._get_backend(),
        HASH_SESSION_KEY: user.get_session_auth_hash(),
    }
    request.session.save(must_create=True)
    client._set_login_cookies(request)
