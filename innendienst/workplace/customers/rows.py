"""One row of the customer list in finished texts, as the template tag `rows` wants it."""

import datetime as dt
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from innendienst.lib import display, phones
from innendienst.workplace.chips import Chip, chips_markup, kind_chip

COLUMNS = (
    "pk", "name", "number", "postcode", "town", "phone", "phone_e164", "phone_extension_digits", "owner_id",
    "is_inactive", "delivery_block", "facts__abc_class", "facts__revenue_12m", "facts__margin_12m", "facts__last_order_on",
    "facts__last_contact_on", "facts__open_complaints_count", "facts__is_stated", "call_list_row__kinds", "is_blocked",
)  # fmt: skip


class CustomerRow(NamedTuple):
    """What is unknown stands as "–". `where` is number and place, `dial` the attribute that makes the phone number a link."""

    pk: int
    url: str
    name: str
    number: str
    where: str
    marks: SafeString
    owner: str
    abc_class: str
    revenue: str
    margin: str
    last_order: str
    last_contact: str
    reasons: SafeString
    dial: SafeString
    phone: str
    is_stated: bool
    tags: str


def customer_row(
    values: tuple, owners: dict[int, str], list_url: str, today: dt.date, language: str | None, tags: Sequence[str] = ()
) -> CustomerRow:
    """From the values of COLUMNS, for a reader of the active `language`. What the ERP stated rather than we computed carries a star."""
    (
        pk, name, number, postcode, town, phone, phone_e164, extension_digits, owner_id,
        is_inactive, delivery_block, abc_class, revenue, margin, last_order_on,
        last_contact_on, complaints_count, is_stated, kinds, is_blocked,
    ) = values  # fmt: skip
    marks = tuple(_marks(complains=complaints_count, blocked=is_blocked, stopped=delivery_block, inactive=is_inactive))
    return CustomerRow(
        pk=pk, url=f"{list_url}{pk}/", name=name, number=number,
        where=" · ".join(filter(None, [number, f"{postcode} {town}".strip()])),
        marks=chips_markup(marks) if marks else SafeString(), owner=owners.get(owner_id, display.UNKNOWN),
        abc_class=abc_class or display.UNKNOWN,
        revenue=f"{display.euros(revenue, language=language)}{'*' if is_stated else ''}", margin=display.euros(margin, language=language),
        last_order=_ago(last_order_on, today, language), last_contact=_ago(last_contact_on, today, language),
        reasons=_reasons(tuple((kind, count) for kind, count, _value in kinds), language) if kinds else SafeString(),
        dial=_dial(phone_e164),
        phone=phones.display(phone_e164, extension_digits, phone), is_stated=bool(is_stated),
        tags=", ".join(tags),
    )  # fmt: skip


def _ago(day: dt.date | None, today: dt.date, language: str | None) -> str:
    return display.ago(day, today, language) if day else display.UNKNOWN


def _marks(*, complains: int | None, blocked: bool, stopped: bool, inactive: bool) -> Iterable[Chip]:
    if complains:
        yield Chip(gettext("Open complaint"), "bad")
    if blocked:
        yield Chip(gettext("Do not contact"), "bad")
    if stopped:
        yield Chip(gettext("Delivery stopped"), "bad")
    if inactive:
        yield Chip(gettext("Inactive"))


@lru_cache(maxsize=2_000)
def _reasons(kinds: tuple[tuple[str, int], ...], _language: str) -> SafeString:
    """The same few combinations stand in every list."""
    return chips_markup(tuple(kind_chip(kind, items_count) for kind, items_count in kinds))


@lru_cache(maxsize=20_000)
def _dial(phone_e164: str) -> SafeString:
    return format_html(' href="tel:{}"', phone_e164) if phone_e164 else SafeString()
