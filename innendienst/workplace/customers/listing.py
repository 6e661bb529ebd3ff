"""The customer list: a page of rows by a fixed number of queries, however many customers there are."""

from collections.abc import Callable, Sequence

import django_filters
from django.db.models import Exists, F, OuterRef
from django.db.models.expressions import Expression
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy as _

from campaigns.models import Kind, Opportunity
from customers.filters import CustomerFilter
from customers.models import ContactBlock, Customer
from customers.models.permissions import Channel
from customers.querysets import CustomerQuerySet, day_or_never
from customers.segments import find
from customers.tags import tags_of
from customers.word_search import first_found, first_of_many
from innendienst.lib.paging import COUNTED_MOST, BoundedPage, read_page
from innendienst.lib.prepared import IdsParam, Prepared
from innendienst.workplace.customers.rows import COLUMNS, CustomerRow, customer_row
from innendienst.workplace.segments.views import found_segment

PER_PAGE = 50
DEFAULT_SORT = "name"
_Load = Callable[[Sequence[int]], Sequence[CustomerRow]]

# Nobody there may be called; the block of one person, or of mail alone, is shown on the customer's page.
_COMPANY_BLOCKS = ContactBlock.objects.for_system("a mark on a row already visible").filter(contact=None, lifted_at=None)
_BLOCKED = Exists(_COMPANY_BLOCKS.filter(customer=OuterRef("pk"), channel__in=["", Channel.PHONE]))
_SHOWN = Prepared(
    lambda: (
        Customer.objects.for_system("rows found by visible_to")
        .filter(pk__in=IdsParam("ids"))
        .annotate(is_blocked=_BLOCKED)
        .order_by()
        .values_list(*COLUMNS)
    )
)

SORTS: dict[str, tuple[Expression, Expression]] = {
    "name": (F("sort_key"), F("pk")),
    "revenue": (F("facts__revenue_12m"), F("facts__customer")),
    "last_order": (day_or_never("facts__last_order_on"), F("facts__customer")),
    "last_contact": (day_or_never("facts__last_contact_on"), F("facts__customer")),
}


class CustomerListFilter(CustomerFilter):
    """The customers' own filters, the reason they are called for, and a saved filter."""

    reason = django_filters.ChoiceFilter(label=_("Reason"), choices=Kind.choices, method="filter_reason")
    segment = django_filters.CharFilter(label=_("Saved filter"), method="filter_segment")

    def filter_reason(self, queryset: CustomerQuerySet, _name: str, kind: str) -> CustomerQuerySet:
        reasons = Opportunity.objects.visible_to(self.user).on_the_table().filter(kind=kind)
        return queryset.filter(call_list_row__isnull=False, pk__in=reasons.values("customer"))

    def filter_segment(self, queryset: CustomerQuerySet, _name: str, text: str) -> CustomerQuerySet:
        segment = found_segment(self.user, text)
        return find(queryset, segment.criteria, timezone.localdate()) if segment else queryset.none()


def read_customers(
    filters: CustomerListFilter, *, sort: str, number: str | None, owners: dict[int, str], shows_tags: bool = False
) -> BoundedPage:
    """The chosen page of CustomerRow. `owners` are the names of users by id; tags are read only where they are shown.

    The page's customers are found first, along an index, and only they are joined with what the list shows.
    """
    order, list_url, today, language = _order(sort), reverse("customers:list"), timezone.localdate(), get_language()

    def load(ids: Sequence[int]) -> list[CustomerRow]:
        shown, tags = shown_values(ids), tags_of(ids) if shows_tags else {}
        return [customer_row(shown[pk], owners, list_url, today, language, tags.get(pk, ())) for pk in ids]

    if sort.removeprefix("-") != "name":
        # Runs along an index of the facts; a customer made a moment ago has none yet and joins at the next refresh.
        found = filters.qs
        return read_page(found.filter(facts__isnull=False).order_by(*order), number, PER_PAGE, load, unsorted=found)
    if filters.is_words_alone and sort == DEFAULT_SORT and number in {None, "", "1"}:
        return _read_first_by_words(filters.words, load)
    return _read_many(filters, order, number, load) or read_page(filters.qs.order_by(*order), number, PER_PAGE, load)


def _read_first_by_words(words: list[str], load: _Load) -> BoundedPage:
    """The first page of what words alone find, the usual search."""
    many = first_of_many(words[0], PER_PAGE + 1, COUNTED_MOST) if len(words) == 1 else []
    ids = many or first_found(words, COUNTED_MOST + 1)
    count = COUNTED_MOST + 1 if many else len(ids)
    return BoundedPage(load(ids[:PER_PAGE]), 1, PER_PAGE, count, has_next=len(ids) > PER_PAGE, counted_most=COUNTED_MOST)


def _read_many(filters: CustomerListFilter, order: list[Expression], number: str | None, load: _Load) -> BoundedPage | None:
    """The page where a single word finds more than anybody counts, else None.

    Only the page itself is read then in the order of names, which is quick, while a thousand are not. Words that must meet leave few.
    """
    if len(filters.words) != 1:
        return None
    found = filters.found_widely(COUNTED_MOST).order_by(*order)
    page = read_page(found, number, PER_PAGE, load, found_count=COUNTED_MOST + 1)
    return page if page.rows else None


def found_ids(filters: CustomerListFilter, sort: str) -> list[int]:
    """The customers that the filter finds, in its order; one without figures is missing where they sort."""
    found = filters.qs if sort.removeprefix("-") == "name" else filters.qs.filter(facts__isnull=False)
    return list(found.order_by(*_order(sort)).values_list("pk", flat=True))


def shown_values(ids: Sequence[int]) -> dict[int, tuple]:
    """Customer id → the values of COLUMNS, of customers found by visible_to; one query."""
    return {values[0]: values for values in _SHOWN(ids=ids)}


def known_sort(text: str | None) -> str:
    """The sort order asked for in an address; the list's own where it is none."""
    return text if text and text.removeprefix("-") in SORTS else DEFAULT_SORT


def _order(sort: str) -> list[Expression]:
    terms = SORTS[sort.removeprefix("-")]
    return [term.desc() if sort.startswith("-") else term.asc() for term in terms]
