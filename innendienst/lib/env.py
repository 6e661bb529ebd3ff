"""Typed readers for environment variables. They fail loudly and name the variable."""

import os
from urllib.parse import parse_qsl, unquote, urlsplit


class EnvironmentVariableError(ValueError):
    """A variable of the environment is missing or cannot be read."""


def text(name: str, default: str | None = None) -> str:
    """The variable as it stands; without a default it must be set and not empty."""
    value = os.environ.get(name, "")
    if value:
        return value
    if default is None:
        raise EnvironmentVariableError(f"{name} is not set")
    return default


def flag(name: str, *, default: bool) -> bool:
    """True for 1, true, yes, on; False for 0, false, no, off."""
    value = os.environ.get(name, "").strip().lower()
    if not value:
        return default
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    raise EnvironmentVariableError(f"{name}={value!r} is neither yes nor no")


def whole_number(name: str, default: int) -> int:
    value = os.environ.get(name, "").strip()
    if not value:
        return default
    if not value.isdigit():
        raise EnvironmentVariableError(f"{name}={value!r} is not a whole number")
    return int(value)


def words(name: str, default: str = "") -> list[str]:
    """The comma-separated parts, blanks trimmed, empty parts dropped."""
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]


def database(name: str, default: str) -> dict[str, object]:
    """Django's connection dictionary for postgres://user:secret@host:port/name or sqlite:////folder/file.

    A PostgreSQL socket folder goes into the query: postgres:///name?host=/folder. Further parameters of the query, say
    sslmode=verify-full, go to PostgreSQL's client library as they are.
    """
    url = urlsplit(text(name, default))
    if url.scheme == "sqlite":
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": unquote(url.path)[1:]}
    if url.scheme not in {"postgres", "postgresql"}:
        raise EnvironmentVariableError(f"{name} must begin with postgres:// or sqlite://")
    query = dict(parse_qsl(url.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(url.path[1:]),
        "USER": unquote(url.username or "") or query.pop("user", ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": url.hostname or query.pop("host", ""),
        "PORT": str(url.port or ""),
        "OPTIONS": query,
    }
