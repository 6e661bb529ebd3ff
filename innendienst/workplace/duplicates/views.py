"""Customers who are likely one: found, kept apart, and shown again."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from accounts.permissions import allow
from customers.duplicates.deciding import keep_apart, propose_again
from customers.duplicates.finding import likely_pairs
from customers.models import Customer, NotDuplicate
from innendienst.lib.typed import parse_id
from innendienst.workplace.duplicates.merging import merges_seen_by
from innendienst.workplace.duplicates.rows import apart_rows, merge_rows, pair_rows
from innendienst.workplace.notes import say_with_undo

PER_PAGE = 25
LIKELY, APART, MERGED = "likely", "apart", "merged"
SHOWN = ((LIKELY, gettext_lazy("Likely duplicates")), (MERGED, gettext_lazy("Merged")), (APART, gettext_lazy("No duplicates")))


@require_safe
@allow("customer.merge")
def duplicate_list(request: HttpRequest) -> HttpResponse:
    """Pairs that look alike, those that were merged, or those of whom somebody said that they are two."""
    asked = request.GET.get("show")
    asked = asked if asked in {APART, MERGED} else LIKELY
    find, load = _LISTS[asked]
    page = Paginator(find(request.user), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": load(page.object_list),
        "shown": asked,
        "choices": [(code, label, code == asked) for code, label in SHOWN],
    }
    return render(request, "duplicates/duplicate_list.html", context)


@require_POST
@allow("customer.merge")
def duplicate_apart(request: HttpRequest) -> HttpResponse:
    """Remember that two customers are two; the list puts the answer in the place of their row, and need not be found anew."""
    one, other = (_customer(request.user, request.POST.get(name, "")) for name in ("first", "second"))
    if one.pk == other.pk:
        raise Http404
    said = keep_apart(actor=request.user, one=one, other=other)
    text = _("%(one)s and %(other)s are kept apart and not proposed any more.") % {"one": one.number, "other": other.number}
    undo_url = reverse("customers:duplicate_again", args=[said.pk])
    if request.htmx:
        return render(request, "duplicates/partials/kept_apart.html", {"text": text, "undo_url": undo_url})
    say_with_undo(request, text, undo_url)
    return redirect("customers:duplicates")


@require_POST
@allow("customer.merge")
def duplicate_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Propose two again that somebody kept apart."""
    propose_again(actor=request.user, said=get_object_or_404(_kept_apart(request.user), pk=pk))
    messages.info(request, _("The two are proposed again where they still look alike."))
    return redirect("customers:duplicates")


def _kept_apart(user: User):
    """Pairs kept apart both of which the user may see, youngest first."""
    others = Customer.objects.visible_to(user).values("pk")
    return NotDuplicate.objects.visible_to(user).filter(other__in=others).select_related("by").order_by("-pk")


def _merged(user: User):
    return merges_seen_by(user).filter(undone_at=None)


_LISTS = {LIKELY: (likely_pairs, pair_rows), APART: (_kept_apart, apart_rows), MERGED: (_merged, merge_rows)}


def _customer(user: User, text: str) -> Customer:
    return get_object_or_404(Customer.objects.visible_to(user).filter(merged_into=None), pk=parse_id(text))
