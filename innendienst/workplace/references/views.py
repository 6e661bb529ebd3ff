"""The list of references and its workbook."""

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from accounts.models import User
from accounts.permissions import allow
from customers.models.companies import AbcClass
from innendienst.lib import downloads
from innendienst.workplace.references.filters import STATES, ReferenceFilter
from innendienst.workplace.references.listing import export_head, export_rows, known_sort, read_references
from referrals.models import ReferenceCustomer, UseKind

RESULTS = "results"


@require_safe
@vary_on_headers("HX-Request", "HX-Target")
@allow("customer.see")
def reference_list(request: HttpRequest) -> HttpResponse:
    """The references of customers this person may see, narrowed and sorted by the address."""
    filters, sort = _filters(request.user, request.GET), known_sort(request.GET.get("sort"))
    chosen = filters.form.cleaned_data
    context = {
        "page": read_references(filters.qs, sort=sort, number=request.GET.get("page")),
        "chosen": chosen,
        "is_filtered": any(chosen.values()),
        "sort": sort,
        "query": request.GET.urlencode(),
        "states": STATES,
        "kinds": UseKind.choices,
        "sizes": AbcClass.choices,
    }
    part = "#results" if request.htmx.target == RESULTS else ""
    return render(request, f"references/reference_list.html{part}", context)


@require_safe
@allow("customer.see")
def reference_export(request: HttpRequest) -> HttpResponse:
    """What the list shows as a workbook."""
    filters = _filters(request.user, request.GET)
    rows = export_rows(filters.qs, sort=known_sort(request.GET.get("sort")))
    name = _("References %(day)s.xlsx") % {"day": timezone.localdate().isoformat()}
    return downloads.table(name, _("References"), export_head(), rows)


def _filters(user: User, query: QueryDict) -> ReferenceFilter:
    filters = ReferenceFilter(query, queryset=ReferenceCustomer.objects.visible_to(user), user=user)
    filters.form.is_valid()  # fills cleaned_data; what cannot be read filters nothing
    return filters
