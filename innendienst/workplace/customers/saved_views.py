"""The customer list as somebody likes to see it, under a name: one's own views, and those that colleagues share."""

from typing import NamedTuple

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.models import User
from accounts.permissions import allow
from innendienst.base.models import SavedView
from innendienst.lib.prepared import Param, Prepared
from innendienst.workplace.notes import say_with_undo

PAGE = "customers"
NAME_LENGTH_MOST, QUERY_LENGTH_MOST, VIEWS_MOST = 60, 1_000, 40
_OPEN = Prepared(
    lambda: (
        (SavedView.objects.filter(user=Param("user")) | SavedView.objects.filter(is_shared=True))
        .filter(page=PAGE)
        .order_by("name", "pk")
        .values_list("pk", "name", "query", "is_shared", "user")[:VIEWS_MOST]
    )
)


class View(NamedTuple):
    pk: int
    name: str
    url: str
    is_shared: bool
    is_own: bool
    is_current: bool


def views_for(user: User, query: QueryDict) -> list[View]:
    """One's own and the shared ones by name; one query."""
    current, list_url = _without_page(query), reverse("customers:list")
    return [
        View(pk, name, f"{list_url}?{kept}", is_shared, owner == user.pk, kept == current)
        for pk, name, kept, is_shared, owner in _OPEN(user=user.pk)
    ]


@require_POST
@allow("customer.see")
def view_save(request: HttpRequest) -> HttpResponse:
    """Keep the list as it stands under a name; one's own view of that name is written over. An undo says it in its address."""
    said = request.POST if "name" in request.POST else request.GET
    name = " ".join(said.get("name", "").split())
    kept = _without_page(QueryDict(said.get("query", "")))
    if not 0 < len(name) <= NAME_LENGTH_MOST or "\0" in name:
        messages.error(request, _("View: give it a name of at most %(most)s characters.") % {"most": NAME_LENGTH_MOST})
    elif len(kept) > QUERY_LENGTH_MOST:
        messages.error(request, _("View: there are too many filters to keep."))
    else:
        values = {"query": kept, "is_shared": bool(said.get("shared"))}
        SavedView.objects.update_or_create(user=request.user, page=PAGE, name=name, defaults=values)
        messages.success(request, _("View “%(name)s” saved.") % {"name": name})
    return redirect(f"{reverse('customers:list')}?{kept}")


@require_POST
@allow("customer.see")
def view_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """One's own view."""
    view = get_object_or_404(SavedView, pk=pk, user=request.user, page=PAGE)
    view.delete()
    text, shared = _("View “%(name)s” deleted.") % {"name": view.name}, "1" if view.is_shared else ""
    say_with_undo(request, text, reverse("customers:view_save"), name=view.name, query=view.query, shared=shared)
    return redirect(f"{reverse('customers:list')}?{view.query}")


def _without_page(query: QueryDict) -> str:
    rest = query.copy()
    rest.pop("page", None)
    return rest.urlencode()
