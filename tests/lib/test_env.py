"""Variables of the environment are read by type, and a wrong one is named."""

import pytest

from innendienst.lib import env

pytestmark = pytest.mark.rules


def test_a_missing_variable_without_default_is_named(monkeypatch):
    monkeypatch.delenv("SECRET_KEY", raising=False)
    with pytest.raises(env.EnvironmentVariableError, match="SECRET_KEY is not set"):
        env.text("SECRET_KEY")


def test_an_empty_variable_counts_as_missing(monkeypatch):
    monkeypatch.setenv("X", "")
    assert env.text("X", "default") == "default"


@pytest.mark.parametrize(("text", "value"), [("1", True), ("Yes", True), (" on ", True), ("0", False), ("FALSE", False), ("", True)])
def test_flags_are_read_in_their_usual_spellings(monkeypatch, text, value):
    monkeypatch.setenv("X", text)
    assert env.flag("X", default=True) is value


def test_a_flag_that_is_neither_yes_nor_no_is_refused(monkeypatch):
    monkeypatch.setenv("DEBUG", "maybe")
    with pytest.raises(env.EnvironmentVariableError, match="DEBUG='maybe'"):
        env.flag("DEBUG", default=False)


def test_whole_numbers_are_read_and_everything_else_refused(monkeypatch):
    monkeypatch.setenv("X", " 12 ")
    assert env.whole_number("X", 5) == 12
    monkeypatch.setenv("X", "12.5")
    with pytest.raises(env.EnvironmentVariableError, match=r"12\.5"):
        env.whole_number("X", 5)


def test_words_are_split_at_commas_without_blanks_and_empty_parts(monkeypatch):
    monkeypatch.setenv("X", "a.example, b.example ,,")
    assert env.words("X") == ["a.example", "b.example"]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("sqlite:////srv/data/app.sqlite3", {"ENGINE": "django.db.backends.sqlite3", "NAME": "/srv/data/app.sqlite3"}),
        (
            "postgres://anna:ge%40heim@db.example:5433/app",
            {
                "ENGINE": "django.db.backends.postgresql",
                "NAME": "app",
                "USER": "anna",
                "PASSWORD": "ge@heim",
                "HOST": "db.example",
                "PORT": "5433",
                "OPTIONS": {},
            },
        ),
        (
            "postgres:///app?host=/run/pg&user=app",
            {
                "ENGINE": "django.db.backends.postgresql",
                "NAME": "app",
                "USER": "app",
                "PASSWORD": "",
                "HOST": "/run/pg",
                "PORT": "",
                "OPTIONS": {},
            },
        ),
        (
            "postgres://anna@db.example/app?sslmode=verify-full&sslrootcert=/etc/ssl/db.pem",
            {
                "ENGINE": "django.db.backends.postgresql",
                "NAME": "app",
                "USER": "anna",
                "PASSWORD": "",
                "HOST": "db.example",
                "PORT": "",
                "OPTIONS": {"sslmode": "verify-full", "sslrootcert": "/etc/ssl/db.pem"},
            },
        ),
    ],
)
def test_a_database_is_named_by_one_address(monkeypatch, url, expected):
    monkeypatch.setenv("DATABASE_URL", url)
    assert env.database("DATABASE_URL", "") == expected


def test_an_unknown_kind_of_database_is_refused(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "mysql://x")
    with pytest.raises(env.EnvironmentVariableError, match="postgres:// or sqlite://"):
        env.database("DATABASE_URL", "")
