"""Template tags of the whole product: icons, euros, ages, and links that keep the rest of the query string."""

import datetime as dt
from decimal import Decimal
from functools import lru_cache

from django import template
from django.conf import settings
from django.contrib.messages.storage.base import Message
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from innendienst.lib import display

register = template.Library()

UNDO = "undo:"


@register.filter
def euros(amount: Decimal | None) -> str:
    """Net euros without cents: "1.234 €"."""
    return display.euros(amount)


@register.filter
def euros_exact(amount: Decimal | None) -> str:
    """Euros with cents: "1.234,50 €"."""
    return display.euros(amount, decimals=2)


@register.filter
def quantity(value: Decimal) -> str:
    """A quantity without useless zeros: "12", "2,5"."""
    return display.quantity(value)


@register.filter
def ago(day: dt.date | dt.datetime | None) -> str:
    """How long ago a local day or an instant was: "vor 38 Tagen"; "" without one."""
    return display.ago(_local_day(day), timezone.localdate()) if day else ""


@register.filter
def since(day: dt.date | dt.datetime | None) -> str:
    """For how long something has been so: "seit 38 Tagen"; "" without a day."""
    return display.since(_local_day(day), timezone.localdate()) if day else ""


@register.filter
def due(day: dt.date | None) -> str:
    """A day with its weekday: "Mo 30.11.2026"."""
    return display.due(day) if day else ""


@register.filter
def day(value: dt.date | dt.datetime | None) -> str:
    """A day as this language writes it: "30.11.2026", "30 Nov 2026"."""
    return display.date(_local_day(value)) if value else ""


@register.filter
def undo_url(message: Message) -> str:
    """Where a message's act is undone: from `extra_tags="undo:/calls/7/undo/"`, "" when it cannot be."""
    tags = message.extra_tags or ""
    return tags.removeprefix(UNDO) if tags.startswith(UNDO) else ""


@register.simple_tag
def icon(name: str) -> SafeString:
    """An icon of bootstrap-icons drawn into the page; it says nothing to a screen reader, the words beside it do."""
    return _icon(name)


@lru_cache(maxsize=128)
def _icon(name: str) -> SafeString:
    drawing = (settings.ICONS_DIR / f"{name}.svg").read_text(encoding="utf-8")
    inside = drawing.partition(">")[2].rpartition("</svg>")[0].strip()
    return format_html('<svg class="icon" viewBox="0 0 16 16" aria-hidden="true">{}</svg>', mark_safe(inside))  # noqa: S308 our own package's files


@register.simple_tag(takes_context=True)
def query(context: template.Context, **changes: object) -> str:
    """The page's own query string with some parameters replaced; None or "" removes one: `{% query sort="name" page=None %}`."""
    parameters = context["request"].GET.copy()
    for name, value in changes.items():
        if value is None or value == "":
            parameters.pop(name, None)
        else:
            parameters[name] = str(value)
    return f"?{parameters.urlencode()}"


@register.simple_tag(takes_context=True)
def sort_link(context: template.Context, field: str, label: str, first: str = "ascending") -> SafeString:
    """A column's name that sorts by it (`first` on the first click), and the other way round on the next; the page is again the first."""
    order = _order(context, field)
    goes_down = order == "ascending" or (not order and first == "descending")
    return _sort_link(query(context, sort=f"-{field}" if goes_down else field, page=None), str(label), order)


@lru_cache(maxsize=500)
def _sort_link(href: str, label: str, order: str) -> SafeString:
    """The same few stand above every page of a list."""
    return SafeString(render_to_string("partials/sort_link.html", {"href": href, "label": label, "order": order}).strip())


@register.simple_tag(takes_context=True)
def sort_state(context: template.Context, field: str) -> str:
    """`aria-sort` for the column's head, nothing when the list is sorted by another: `<th {% sort_state "name" %}>`."""
    order = _order(context, field)
    return format_html('aria-sort="{}"', order) if order else ""


def _order(context: template.Context, field: str) -> str:
    """The list's own default stands in the context as `sort`; the query string overrules it."""
    chosen = context["request"].GET.get("sort") or context.get("sort") or ""
    return {field: "ascending", f"-{field}": "descending"}.get(chosen, "")


def _local_day(value: dt.date | dt.datetime) -> dt.date:
    return timezone.localdate(value) if isinstance(value, dt.datetime) else value
