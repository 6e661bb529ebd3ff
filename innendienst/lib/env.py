"""Typed readers for environment variables. They fail loudly and name the variable."""

import os
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit


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


def one_of(name: str, choices: tuple[str, ...], default: str) -> str:
    """One of the words, in any case; they are given in upper case."""
    value = os.environ.get(name, "").strip().upper() or default
    if value not in choices:
        raise EnvironmentVariableError(f"{name}={value!r} is none of {', '.join(choices)}")
    return value


def address(name: str, default: str | None, *schemes: str) -> str:
    """An address with a host, or with a file where the scheme ends in +socket. An error does not repeat it: it may hold a password."""
    value = text(name, default)
    url = _split(name, value)
    if url.scheme not in schemes or not (url.path if url.scheme.endswith("+socket") else url.hostname):
        raise EnvironmentVariableError(f"{name} must begin with {' or '.join(f'{scheme}://' for scheme in schemes)} and say where")
    return value


def hosts(name: str) -> list[str]:
    """Host names, comma-separated. Any host at all would let a forged header stand in the links of mails."""
    found = words(name)
    if "*" in found:
        raise EnvironmentVariableError(f"{name} must name its hosts: * is none")
    return found


def _split(name: str, value: str) -> SplitResult:
    url = urlsplit(value)
    try:
        url.port  # noqa: B018 - read where it is split, to name the variable
    except ValueError:
        raise EnvironmentVariableError(f"{name} has no number for a port; write / @ : # in a password as %2F %40 %3A %23") from None
    return url


def database(name: str, default: str) -> dict[str, object]:
    """Django's connection dictionary for postgres://user:secret@host:port/name or sqlite:////folder/file.

    A PostgreSQL socket folder goes into the query: postgres:///name?host=/folder. Further parameters of the query, say
    sslmode=verify-full, go to PostgreSQL's client library as they are.
    """
    url = _split(name, text(name, default))
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
