"""The columns of the customer who stays: chosen one by one where the two differ, and the stricter one where it is about a limit."""

import datetime as dt
from collections.abc import Collection

from customers.models import Customer
from customers.models.companies import FieldWord
from innendienst.lib.folding import sort_key

CHOSEN: dict[str, tuple[str, ...]] = {
    "name": ("name",),
    "street": ("street",),
    "postcode": ("postcode",),
    "town": ("town",),
    "country": ("country",),
    "phone": ("phone", "phone_e164", "phone_extension_digits"),
    "email": ("email",),
    "industry": ("industry",),
    "group_number": ("group_number",),
    "lifecycle": ("lifecycle",),
    "customer_since": ("customer_since",),
    "owner": ("owner_id",),
    "field_owner": ("field_owner_id",),
}
"""Field → the columns that are written with it."""
_STATED = ("stated_revenue", "stated_margin", "stated_revenue_before", "stated_last_order_on", "stated_abc_class")
_UNSOLD = (Customer.Lifecycle.LEAD, Customer.Lifecycle.PROSPECT)


def differing(kept: Customer, gone: Customer) -> list[str]:
    """Fields in which the two differ and both say something, or the one that goes does."""
    return [name for name, columns in CHOSEN.items() if _says(gone, columns[0]) and getattr(kept, columns[0]) != getattr(gone, columns[0])]


def proposed(kept: Customer, gone: Customer) -> set[str]:
    """Fields that are better taken from the customer that goes: the other one is silent, or has not bought yet, or known him less long."""
    better = {name for name in differing(kept, gone) if not _says(kept, CHOSEN[name][0])}
    if kept.lifecycle in _UNSOLD and gone.lifecycle not in _UNSOLD:
        better.add("lifecycle")
    if kept.customer_since and gone.customer_since and gone.customer_since < kept.customer_since:
        better.add("customer_since")
    return better


def merged(kept: Customer, gone: Customer, taken: Collection[str]) -> dict[str, object]:
    """Column → value of the customer who stays; `taken` are the fields taken from the one that goes."""
    values: dict[str, object] = {column: getattr(gone, column) for name in taken for column in CHOSEN[name]}
    if "name" in taken:
        values["sort_key"] = sort_key(gone.name)
    return values | _strictest(kept, gone) | _stated(kept, gone)


def stays(one: Customer, other: Customer) -> bool:
    """Whether the first one is the better proposal of the two: in use, bought already, bought last, known longer."""
    return _weight(one) > _weight(other)


def _weight(customer: Customer) -> tuple:
    facts = getattr(customer, "facts", None)
    bought_on = (facts.last_order_on if facts else None) or customer.stated_last_order_on or dt.date.min
    return not customer.is_inactive, customer.lifecycle not in _UNSOLD, bought_on, -customer.pk


def _strictest(kept: Customer, gone: Customer) -> dict[str, object]:
    """What stops selling or calling stops it for both; inactive is who is so under both numbers."""
    days = [day for day in (kept.wait_until, gone.wait_until) if day is not None]
    words = {kept.field_word, gone.field_word}
    word = next((said for said in (FieldWord.WAIT, FieldWord.MAY_CALL) if said in words), "")
    return {
        "wants_visit": kept.wants_visit or gone.wants_visit,
        "delivery_block": kept.delivery_block or gone.delivery_block,
        "dunning_level": max(kept.dunning_level, gone.dunning_level),
        "is_collective": kept.is_collective or gone.is_collective,
        "is_inactive": kept.is_inactive and gone.is_inactive,
        "field_word": word,
        "wait_until": max(days) if days and word == FieldWord.WAIT else None,
        "declared_in_id": kept.declared_in_id or gone.declared_in_id,
    }


def _stated(kept: Customer, gone: Customer) -> dict[str, object]:
    """What the ERP states of the number that goes, where it states nothing of the other."""
    return {} if any(_says(kept, name) for name in _STATED) else {name: getattr(gone, name) for name in _STATED}


def _says(customer: Customer, column: str) -> bool:
    return getattr(customer, column) not in {None, ""}
