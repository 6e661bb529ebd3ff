"""Business settings with their defaults in code: one frozen dataclass per app, deviations in the Preference table."""

import contextvars
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from typing import Any, TypeVar

from django.db import transaction
from django.http import HttpRequest, HttpResponse

from innendienst.base import audit, sql
from innendienst.base.models import Preference

Section = TypeVar("Section")


@dataclass(frozen=True)
class _Read:
    """What was read, section → key → value, and the sections that were put together from it so far."""

    stored: dict[str, dict[str, object]]
    sections: dict[type, Any] = field(default_factory=dict)


_read: contextvars.ContextVar[_Read | None] = contextvars.ContextVar("read", default=None)


@dataclass(frozen=True)
class CompanyPreferences:
    """The company that runs this installation."""

    section = "company"

    name: str = ""
    state: str = ""  # Bundesland as its two letters, for public holidays; "" = nationwide ones only
    fiscal_year_start_month: int = 1
    is_set_up: bool = False
    postal_address: str = ""
    """Stands under every mail and letter to customers."""


def get(section: type[Section]) -> Section:
    """The preferences of one app as they stand; all deviations are read once per request or job."""
    read = _read.get() or keep(sql.stored_preferences())
    if section not in read.sections:
        known = {field.name for field in fields(section)}
        deviating = read.stored.get(section.section, {})
        read.sections[section] = section(**{key: value for key, value in deviating.items() if key in known})
    return read.sections[section]


def keep(rows: sql.Stored) -> _Read:
    """Have the rest of the request or job go by what was just read."""
    read = _Read({})
    for name, key, value in rows:
        read.stored.setdefault(name, {})[key] = value
    _read.set(read)
    return read


@transaction.atomic
def put(section: type, *, by, **values) -> None:
    """Store deviations and record who changed which keys."""
    known = {field.name for field in fields(section)}
    if unknown := set(values) - known:
        raise KeyError(f"{section.__name__} has no {', '.join(sorted(unknown))}")
    for key, value in values.items():
        Preference.objects.update_or_create(section=section.section, key=key, defaults={"value": value})
    audit.record("preferences.change", by=by, section=section.section, keys=sorted(values))
    forget()


def forget() -> None:
    """Have the next `get` read the table again: at the start of each request and job."""
    _read.set(None)


def fresh_preferences(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: each request sees the preferences as they stand when it begins."""

    def middleware(request: HttpRequest) -> HttpResponse:
        forget()
        return get_response(request)

    return middleware
