"""The customer list: a page of rows by a fixed number of queries, however many customers there are."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

import django_filters
from django.db.models import Exists, F, OuterRef
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy as _

from campaigns.models import Kind, Opportunity
from customers.filters import CustomerFilter
from customers.models import ContactBlock
from customers.querysets import CustomerQuerySet
from innendienst.lib import phones
from innendienst.lib.paging import BoundedPage, read_page
from innendienst.workplace.chips import Chip, kind_chip

PER_PAGE = 50
DEFAULT_SORT = "name"

_COLUMNS = (
    "pk", "name", "number", "postcode", "town", "phone", "phone_e164", "phone_extension_digits", "owner_id",
    "is_inactive", "delivery_block", "facts__abc_class", "facts__revenue_12m", "facts__margin_12m", "facts__last_order_on",
    "facts__last_contact_on", "facts__open_complaints_count", "facts__is_stated", "call_list_row__kinds", "is_blocked",
)  # fmt: skip


# A block of the whole company; that of one person is shown with him.
_BLOCKED = Exists(
    ContactBlock.objects.for_system("a mark on a row already visible").filter(customer=OuterRef("pk"), contact=None, lifted_at=None)
)

SORTS = {
    "name": "sort_key",
    "revenue": "facts__revenue_12m",
    "last_order": "facts__last_order_on",
    "last_contact": "facts__last_contact_on",
}


class CustomerListFilter(CustomerFilter):
    """The customers' own filters and the reason they are called for."""

    reason = django_filters.ChoiceFilter(label=_("Reason"), choices=Kind.choices, method="filter_reason")

    def filter_reason(self, queryset: CustomerQuerySet, _name: str, kind: str) -> CustomerQuerySet:
        reasons = Opportunity.objects.visible_to(self.user).on_the_table().filter(kind=kind)
        return queryset.filter(call_list_row__isnull=False, pk__in=reasons.values("customer"))


@dataclass(frozen=True, slots=True)
class CustomerRow:
    """`pk` is text, so that no template groups its digits."""

    pk: str
    url: str
    name: str
    number: str
    postcode: str
    town: str
    phone: str
    dial: str
    owner: str
    marks: list[Chip]
    abc_class: str
    revenue: Decimal | None
    margin: Decimal | None
    is_stated: bool
    last_order_on: dt.date | None
    last_contact_on: dt.date | None
    reasons: list[Chip]


def read_rows(found: CustomerQuerySet, *, sort: str, number: str | None, owners: dict[int, str]) -> BoundedPage:
    """The chosen page as CustomerRow objects. `owners` are the names of all users by id."""
    rows = _sorted(found, sort).annotate(is_blocked=_BLOCKED).values_list(*_COLUMNS)
    page = read_page(rows, number, PER_PAGE, counted=found)
    list_url = reverse("customers:list")
    return replace(page, rows=[_row(values, owners, list_url) for values in page.rows])


def known_sort(text: str | None) -> str:
    """The sort order asked for in an address; the list's own where it is none."""
    return text if text and text.removeprefix("-") in SORTS else DEFAULT_SORT


def _sorted(found: CustomerQuerySet, sort: str) -> CustomerQuerySet:
    """In the order asked for. Whoever never ordered or was never spoken with counts as the longest ago.

    Sorted by a figure the list starts from the facts, along their index; a customer made a moment ago has none yet and joins
    with the next refresh.
    """
    name = sort.removeprefix("-")
    if name == "name":
        return found.order_by("-sort_key", "-pk") if sort.startswith("-") else found.order_by("sort_key", "pk")
    figure = F(SORTS[name])
    with_facts = found.filter(facts__isnull=False)
    if sort.startswith("-"):
        return with_facts.order_by(figure.desc(nulls_last=True), "-facts")
    return with_facts.order_by(figure.asc(nulls_first=True), "facts")


def _row(values: tuple, owners: dict[int, str], list_url: str) -> CustomerRow:
    (
        pk, name, number, postcode, town, phone, phone_e164, extension_digits, owner_id,
        is_inactive, delivery_block, abc_class, revenue, margin, last_order_on,
        last_contact_on, complaints_count, is_stated, kinds, is_blocked,
    ) = values  # fmt: skip
    return CustomerRow(
        pk=str(pk), url=f"{list_url}{pk}/", name=name, number=number, postcode=postcode, town=town,
        phone=phones.display(phone_e164, extension_digits, phone), dial=phone_e164,
        owner=owners.get(owner_id, ""),
        marks=list(_marks(complains=complaints_count, blocked=is_blocked, stopped=delivery_block, inactive=is_inactive)),
        abc_class=abc_class or "", revenue=revenue, margin=margin, is_stated=bool(is_stated),
        last_order_on=last_order_on, last_contact_on=last_contact_on,
        reasons=[kind_chip(kind, items_count) for kind, items_count, _value in kinds or ()],
    )  # fmt: skip


def _marks(*, complains: int | None, blocked: bool, stopped: bool, inactive: bool) -> Iterable[Chip]:
    if complains:
        yield Chip(gettext("Open complaint"), "bad")
    if blocked:
        yield Chip(gettext("Do not contact"), "bad")
    if stopped:
        yield Chip(gettext("Delivery stopped"), "bad")
    if inactive:
        yield Chip(gettext("Inactive"))
