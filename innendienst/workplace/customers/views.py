"""The customers' pages: the list with its acts on many, and the page of one customer."""

from pathlib import Path
from typing import NamedTuple

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, ngettext
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from accounts.models import User, full_name
from accounts.permissions import CAPABILITIES, allow, allowed
from campaigns import day_list
from campaigns.models import Kind
from campaigns.reasons.rules import RULES
from customers.filters import UNASSIGNED
from customers.models import Customer
from customers.models.companies import AbcClass
from customers.owners import assign_owner, undo_assign
from customers.querysets import CustomerQuerySet
from innendienst.base import audit
from innendienst.lib import display, downloads
from innendienst.lib.excel import write_table
from innendienst.lib.prepared import Prepared
from innendienst.lib.typed import parse_id, parse_ids
from innendienst.workplace.customers.columns import choices, shown_columns
from innendienst.workplace.customers.export import export_head, export_rows, money_columns
from innendienst.workplace.customers.listing import PER_PAGE, CustomerListFilter, known_sort, read_customers
from innendienst.workplace.customers.narrowings import narrowings
from innendienst.workplace.customers.saved_views import views_for
from innendienst.workplace.notes import say_with_undo

RESULTS = "results"
COMPUTED_KINDS = tuple((kind.value, kind.label) for kind in Kind if kind in RULES)
"""The other kinds come with features still to be built: nobody should look for what cannot be there."""


_USERS = Prepared(lambda: User.objects.values_list("pk", "first_name", "last_name", "username", "role", "is_active"))


class Person(NamedTuple):
    pk: int
    name: str
    may_own: bool


class Option(NamedTuple):
    """A person in a choice; `mark` is "selected" or empty."""

    pk: int
    name: str
    mark: str


@require_safe
@vary_on_headers("HX-Request", "HX-Target")
@allow("customer.see")
def customer_list(request: HttpRequest) -> HttpResponse:
    """All customers this person may see, narrowed and sorted by the address."""
    filters = _filters(request.user, request.GET)
    sort = known_sort(request.GET.get("sort"))
    people = _people()
    owners = {person.pk: person.name for person in people}
    names = {str(pk): name for pk, name in owners.items()}
    shows_margin = allowed(request.user, "margin.see")
    shown = shown_columns(request.GET.getlist("columns"), shows_margin=shows_margin)
    chosen = filters.form.cleaned_data
    page = read_customers(filters, sort=sort, number=request.GET.get("page"), owners=owners, shows_tags=shown.tags)
    context = {
        "filters": filters,
        "chosen": chosen,
        "is_filtered": any(chosen.values()),
        "is_narrowed": any(value for name, value in chosen.items() if name != "q"),
        "page": page,
        "sort": sort,
        "query": request.GET.urlencode(),
        "narrowings": list(narrowings(chosen, request.GET, names, request.user)),
        "kinds": COMPUTED_KINDS,
        "abc_classes": AbcClass,
        "has_stated": any(row.is_stated for row in page.rows),
        "owners": _options(people, chosen.get("owner", "")),
        "columns": shown,
        "column_choices": tuple(choices(shown, shows_margin=shows_margin)),
        "kept_query": [(name, value) for name, values in request.GET.lists() for value in values if name not in {"columns", "page"}],
        "chosen_columns": request.GET.getlist("columns"),
        "saved_views": views_for(request.user, request.GET),
        "may_plan": allowed(request.user, "followup.edit"),
        "may_tag": allowed(request.user, "customer.edit"),
        "may_assign": allowed(request.user, "customer.assign"),
        "may_campaign": allowed(request.user, "campaign.write"),
        "may_merge": allowed(request.user, "customer.merge"),
        "may_pick": allowed(request.user, "day.work"),
    }
    part = "#results" if request.htmx.target == RESULTS else ""
    return render(request, f"customers/customer_list.html{part}", context)


@require_safe
@allow("customer.see")
def customer_export(request: HttpRequest) -> HttpResponse:
    """The list as it is narrowed, sorted and laid out, as a workbook."""
    filters, sort, today = _filters(request.user, request.GET), known_sort(request.GET.get("sort")), timezone.localdate()
    shown = shown_columns(request.GET.getlist("columns"), shows_margin=allowed(request.user, "margin.see"))
    owners = {person.pk: person.name for person in _people()}
    written: list[int] = []

    def write(target: Path) -> None:
        rows = export_rows(filters, sort=sort, shown=shown, owners=owners, today=today)
        written.append(write_table(target, _("Customers"), export_head(shown), rows, money_columns(shown)))

    answer = downloads.workbook(_("Customers %(day)s.xlsx") % {"day": today.isoformat()}, write)
    chosen = sorted(name for name, value in filters.form.cleaned_data.items() if value)
    audit.record("customer.export", by=request.user, rows=written[0], filters=chosen)
    return answer


@require_POST
@allow("customer.assign")
def owner_assign(request: HttpRequest) -> HttpResponse:
    """Give the chosen customers, or all that the filter finds, to one person or back to the pool."""
    owner, is_known = _posted_owner(request.POST.get("owner", ""))
    chosen = chosen_ids(request)
    if not is_known:
        messages.error(request, _("Choose who is to look after these customers."))
    elif not chosen:
        messages.error(request, _("No customer is chosen. Tick the rows first."))
    else:
        assigned = assign_owner(actor=request.user, customer_ids=chosen, owner=owner)
        facts = {"count": display.number(assigned.count), "owner": owner.full_name if owner else _("the pool")}
        text = ngettext("%(count)s customer assigned to %(owner)s.", "%(count)s customers assigned to %(owner)s.", assigned.count)
        acts = ".".join(map(str, assigned.event_ids))
        say_with_undo(request, text % facts, reverse("customers:assign_undo"), acts=acts, query=request.POST.get("query"))
    return back_to_list(request, request.POST)


@require_POST
@allow("customer.assign")
def owner_assign_undo(request: HttpRequest) -> HttpResponse:
    """Take an assignment of one's own back; `acts` in the address says which."""
    count = undo_assign(actor=request.user, event_ids=parse_ids(request.GET.get("acts", "").split(".")))
    if count:
        text = ngettext(
            "%(count)s customer is back with the former owner.", "%(count)s customers are back with their former owners.", count
        )
        messages.info(request, text % {"count": display.number(count)})
    else:
        messages.error(request, _("Not undone: the assignment is too long ago, or somebody has changed it since."))
    return back_to_list(request, request.GET)


@require_POST
@allow("day.work")
def customers_pick(request: HttpRequest) -> HttpResponse:
    """Put the chosen customers onto one's own list of today; `one` is the button in a row."""
    ids = parse_ids(request.POST.getlist("one")) or chosen_ids(request)
    if len(ids) > PER_PAGE:
        return refuse_many(request, len(ids), PER_PAGE)
    customers = list(Customer.objects.visible_to(request.user).filter(pk__in=ids))
    for customer in customers:
        day_list.add(request.user, timezone.localdate(), customer)
    if not customers:
        messages.error(request, _("No customer is chosen. Tick the rows first."))
    else:
        text = ngettext("%(count)s customer is on your list for today.", "%(count)s customers are on your list for today.", len(customers))
        messages.success(request, text % {"count": len(customers)})
    return back_to_list(request, request.POST)


def _people() -> list[Person]:
    """Everybody by name; whoever left still stands at the customers he had."""
    return [
        Person(pk, full_name(first_name, last_name, username), is_active and role in CAPABILITIES["day.work"])
        for pk, first_name, last_name, username, role, is_active in _USERS()
    ]


def _options(people: list[Person], chosen_id: str) -> list[Option]:
    """Who can look after customers, for a choice."""
    return [Option(person.pk, person.name, "selected" if str(person.pk) == chosen_id else "") for person in people if person.may_own]


def _filters(user: User, query: QueryDict) -> CustomerListFilter:
    """What cannot be read filters nothing."""
    return CustomerListFilter(query, queryset=Customer.objects.visible_to(user), user=user)


def chosen_ids(request: HttpRequest) -> list[int]:
    """The ticked customers, or all that the posted filter finds."""
    if request.POST.get("all"):
        found: CustomerQuerySet = _filters(request.user, QueryDict(request.POST.get("query", ""))).qs
        return list(found.order_by("pk").values_list("pk", flat=True))
    return parse_ids(request.POST.getlist("chosen"))


def refuse_many(request: HttpRequest, count: int, most: int) -> HttpResponse:
    """The list again: an act on these would be too much at once, and none on a part of them is done instead."""
    text = _("Nothing was done: that goes for %(most)s customers at most, %(count)s are chosen. Narrow the filter or tick rows.")
    messages.error(request, text % {"most": display.number(most), "count": display.number(count)})
    return back_to_list(request, request.POST)


def _posted_owner(text: str) -> tuple[User | None, bool]:
    """The person chosen, and whether the choice was one: nobody is a choice too."""
    if text == UNASSIGNED:
        return None, True
    callers = User.objects.active().filter(role__in=CAPABILITIES["day.work"])
    found = callers.filter(pk=parse_id(text)).first()
    return found, found is not None


def back_to_list(request: HttpRequest, said: QueryDict) -> HttpResponse:
    """The list as it was narrowed when the act was done; `said` holds its address as `query`."""
    query = QueryDict(said.get("query", "")).urlencode()
    return redirect(f"{reverse('customers:list')}?{query}" if query else "customers:list")
