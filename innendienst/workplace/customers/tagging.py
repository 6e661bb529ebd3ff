"""Tags for the chosen customers of the list: put on, taken off, taken back, and proposed while somebody types."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _, ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import allow
from customers.models.tags import TAG_LENGTH_MOST
from customers.tags import tag_customers, tag_names, undo_tagging
from innendienst.lib import display
from innendienst.lib.typed import parse_ids
from innendienst.workplace.customers.views import back_to_list, chosen_ids
from innendienst.workplace.fields import PlainTextField
from innendienst.workplace.notes import say_with_undo


@require_POST
@allow("customer.edit")
def customers_tag(request: HttpRequest) -> HttpResponse:
    """Put the typed tag on the chosen customers; with `off` take it off them."""
    chosen, is_on = chosen_ids(request), "off" not in request.POST
    try:
        name = " ".join(PlainTextField(label=_("Tag"), length_most=TAG_LENGTH_MOST).clean(request.POST.get("tag", "")).split())
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return back_to_list(request, request.POST)
    if not name:
        messages.error(request, _("Tag: type the word that the chosen customers are to be found by."))
    elif not chosen:
        messages.error(request, _("No customer is chosen. Tick the rows first."))
    else:
        _tag(request, chosen, name, is_on=is_on)
    return back_to_list(request, request.POST)


@require_POST
@allow("customer.edit")
def customers_tag_undo(request: HttpRequest) -> HttpResponse:
    """Take one's own act back; `acts` in the address says which."""
    count = undo_tagging(actor=request.user, event_ids=parse_ids(request.GET.get("acts", "").split(".")))
    if count:
        text = ngettext("Tags are as before for %(count)s customer.", "Tags are as before for %(count)s customers.", count)
        messages.info(request, text % {"count": display.number(count)})
    else:
        messages.error(request, _("Not undone: the tag was set too long ago, or somebody has changed it since."))
    return back_to_list(request, request.GET)


@require_safe
@allow("customer.see")
def tag_options(request: HttpRequest) -> HttpResponse:
    """The tags in use, as proposals of a field."""
    return render(request, "customers/partials/tag_options.html", {"names": tag_names(request.user)})


def _tag(request: HttpRequest, chosen: list[int], name: str, *, is_on: bool) -> None:
    done = tag_customers(actor=request.user, customer_ids=chosen, name=name, is_on=is_on)
    facts = {"tag": name, "count": display.number(done.count)}
    if not done.count:
        said = _("All of them bear the tag “%(tag)s” already.") if is_on else _("None of them bears the tag “%(tag)s”.")
        messages.info(request, said % facts)
        return
    if is_on:
        text = ngettext("Tag “%(tag)s” set for %(count)s customer.", "Tag “%(tag)s” set for %(count)s customers.", done.count)
    else:
        text = ngettext("Tag “%(tag)s” removed from %(count)s customer.", "Tag “%(tag)s” removed from %(count)s customers.", done.count)
    acts = ".".join(map(str, done.event_ids))
    say_with_undo(request, text % facts, reverse("customers:tag_undo"), acts=acts, query=request.POST.get("query"))
