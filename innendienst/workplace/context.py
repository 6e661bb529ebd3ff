"""What the frame around each page shows: navigation, Datenstand, company, theme."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from accounts.permissions import allowed
from accounts.theme import chosen_theme
from customers.preferences import CustomersPreferences
from customers.sql import last_order_on
from innendienst.base import preferences
from innendienst.base.preferences import CompanyPreferences
from innendienst.lib.dates import working_days_between


@dataclass(frozen=True)
class Section:
    """An entry of the navigation; `capability` decides who sees it."""

    url_name: str
    label: str | Promise
    icon: str
    capability: str
    more: tuple[str, ...] = ()
    """Beginnings of further addresses that belong to it."""

    @cached_property
    def url(self) -> str:
        return reverse(self.url_name)


SECTIONS = (
    Section("my_day", _("My day"), "calendar-check", "day.work"),
    Section("handovers:list", _("Hand-overs"), "signpost-split", "field.work"),
    Section("customers:list", _("Customers"), "people", "customer.see"),
    Section("opportunities:list", _("Opportunities"), "bullseye", "customer.see"),
    Section("campaigns:list", _("Campaigns"), "megaphone", "campaign.see"),
    Section("references:list", pgettext_lazy("navigation", "References"), "award", "customer.see", ("/referrals/",)),
    Section("nps:dashboard", "NPS", "graph-up", "nps.see"),
    Section("plans:list", _("Planning"), "clipboard-check", "plan.see"),
    Section("admin:index", _("Administration"), "gear", "admin.use"),
)


@dataclass(frozen=True)
class Entry:
    section: Section
    url: str
    is_current: bool


class Frame:
    """Everything the frame may show, read from the database only when a template asks for it."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @property
    def theme(self) -> str:
        return chosen_theme(self._request)

    @property
    def company(self) -> str:
        return preferences.get(CompanyPreferences).name

    @property
    def may_set_up(self) -> bool:
        return allowed(self._request.user, "setup.run")

    @property
    def may_name_deputies(self) -> bool:
        return allowed(self._request.user, "absence.manage")

    @property
    def is_reminded(self) -> bool:
        """Whether the page asks each minute what falls due."""
        return allowed(self._request.user, "day.work")

    @cached_property
    def navigation(self) -> tuple[Entry, ...]:
        return tuple(self._entries())

    def _entries(self) -> Iterator[Entry]:
        for section in SECTIONS:
            if allowed(self._request.user, section.capability):
                url, path = section.url, self._request.path
                yield Entry(section, url, is_current=path == url if url == "/" else path.startswith((url, *section.more)))

    @cached_property
    def data_state(self) -> "DataAge | None":
        """How old the orders are; None before the first order list."""
        day = last_order_on()
        return DataAge(day) if day else None


class DataAge:
    """The Datenstand, and what its age means for the reasons to call."""

    def __init__(self, last_order_on: dt.date) -> None:
        self.last_order_on = last_order_on

    @property
    def working_days(self) -> int:
        return working_days_between(self.last_order_on, timezone.localdate(), preferences.get(CompanyPreferences).state)

    @property
    def is_stale(self) -> bool:
        return self.working_days > preferences.get(CustomersPreferences).stale_after_days

    @property
    def lets_reorders_rest(self) -> bool:
        return self.working_days > preferences.get(CustomersPreferences).rest_after_days


def shell(request: HttpRequest) -> dict:
    return {"frame": Frame(request)}
