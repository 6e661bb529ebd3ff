"""Business settings with their defaults in code: one frozen dataclass per app, deviations in the Preference table."""

import contextvars
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import TypeVar

from django.db import transaction
from django.http import HttpRequest, HttpResponse

from innendienst.base import audit, sql
from innendienst.base.models import Preference

_stored: contextvars.ContextVar[dict[str, dict[str, object]] | None] = contextvars.ContextVar("stored", default=None)

Section = TypeVar("Section")


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
    stored = _stored.get()
    if stored is None:
        stored = keep(sql.stored_preferences())
    known = {field.name for field in fields(section)}
    return replace(section(), **{key: value for key, value in stored.get(section.section, {}).items() if key in known})


def keep(rows: sql.Stored) -> dict[str, dict[str, object]]:
    """Have the rest of the request or job go by what was just read: section → key → value."""
    stored: dict[str, dict[str, object]] = {}
    for name, key, value in rows:
        stored.setdefault(name, {})[key] = value
    _stored.set(stored)
    return stored


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
    _stored.set(None)


def fresh_preferences(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: each request sees the preferences as they stand when it begins."""

    def middleware(request: HttpRequest) -> HttpResponse:
        forget()
        return get_response(request)

    return middleware
