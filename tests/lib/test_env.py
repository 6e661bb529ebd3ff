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


@pytest.mark.parametrize("url", ["postgres://anna:ge/heim@db.example/app", "postgres://anna@db.example:99999/app"])
def test_a_database_whose_address_cannot_be_taken_apart_is_named_without_its_password(monkeypatch, url):
    monkeypatch.setenv("DATABASE_URL", url)
    with pytest.raises(env.EnvironmentVariableError, match="DATABASE_URL has no number for a port") as refused:
        env.database("DATABASE_URL", "")
    assert "geh" not in str(refused.value)


def test_a_word_of_a_list_is_read_in_any_case_and_others_are_refused(monkeypatch):
    levels = ("INFO", "WARNING")
    assert env.one_of("LOG_LEVEL", levels, "WARNING") == "WARNING"
    monkeypatch.setenv("LOG_LEVEL", " info")
    assert env.one_of("LOG_LEVEL", levels, "WARNING") == "INFO"
    monkeypatch.setenv("LOG_LEVEL", "loud")
    with pytest.raises(env.EnvironmentVariableError, match="LOG_LEVEL='LOUD' is none of INFO, WARNING"):
        env.one_of("LOG_LEVEL", levels, "WARNING")


@pytest.mark.parametrize("url", ["redis://broker.example:6379/1", "redis+socket:///run/redis.sock"])
def test_an_address_is_taken_as_it_stands(monkeypatch, url):
    monkeypatch.setenv("X", url)
    assert env.address("X", None, "redis", "redis+socket") == url


@pytest.mark.parametrize("url", ["broker.example:6379", "https://broker.example", "redis://", "redis:///1", "redis+socket://"])
def test_an_address_of_another_kind_or_without_a_place_is_refused(monkeypatch, url):
    monkeypatch.setenv("X", url)
    with pytest.raises(env.EnvironmentVariableError, match=r"X must begin with redis:// or redis\+socket://"):
        env.address("X", None, "redis", "redis+socket")


def test_hosts_have_names(monkeypatch):
    monkeypatch.setenv("X", "a.example,b.example")
    assert env.hosts("X") == ["a.example", "b.example"]
    monkeypatch.setenv("X", "a.example,*")
    with pytest.raises(env.EnvironmentVariableError, match="X must name its hosts"):
        env.hosts("X")
