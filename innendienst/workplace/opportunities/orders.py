"""Orders of the ERP on the page of an opportunity: which one closed it, and whether it was one of those that might have."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.models import User
from accounts.permissions import allow
from campaigns.models import Opportunity, OrderMatch
from campaigns.orders import answering
from customers.models import Order, Product
from customers.undo import UndoRefused
from innendienst.lib import display
from innendienst.lib.transitions import StateConflict
from innendienst.workplace.notes import say_with_undo

State = OrderMatch.State
_ACTS = {"yes": answering.confirm, "no": answering.refuse}


@dataclass(frozen=True)
class Match:
    """An order that fits, in finished texts; `url` is "" where the ERP has it no more."""

    row: OrderMatch
    articles: str
    amount: str
    url: str

    @property
    def is_asked(self) -> bool:
        return self.row.state == State.ASKED


def load_matches(user: User, opportunity: Opportunity) -> list[Match]:
    """The orders that closed it or may have, oldest first; those that were refused are left out."""
    rows = list(opportunity.order_matches.exclude(state=State.REFUSED))
    if not rows:
        return []
    names = dict(Product.objects.filter(pk__in={pk for row in rows for pk in row.product_ids}).values_list("pk", "name"))
    orders = Order.objects.visible_to(user).filter(customer=opportunity.customer_id, number_key__in=[row.order_key for row in rows])
    ids = dict(orders.values_list("number_key", "pk"))
    return [_match(opportunity, row, [names[pk] for pk in row.product_ids if pk in names], ids.get(row.order_key)) for row in rows]


def _match(opportunity: Opportunity, row: OrderMatch, names: Sequence[str], order_id: int | None) -> Match:
    url = reverse("customers:order", args=[opportunity.customer_id, order_id]) if order_id else ""
    return Match(row, ", ".join(names), display.euros(row.amount, decimals=2), url)


@require_POST
@allow("opportunity.answer")
def match_answer(request: HttpRequest, pk: int, match: int) -> HttpResponse:
    """Yes, it is the order; or no, it is another one."""
    row, say = _found(request, pk, match), _ACTS.get(request.POST.get("said", ""))
    if say is None:
        raise Http404
    try:
        say(actor=request.user, match=row)
    except StateConflict:
        messages.error(request, _("Order %(number)s: somebody answered this already.") % {"number": row.order_number})
        return redirect("opportunities:detail", pk)
    facts = {"number": row.order_number, "customer": row.opportunity.customer}
    text = _("%(customer)s: won by order %(number)s.") if say is answering.confirm else _("Order %(number)s is not asked about again.")
    say_with_undo(request, text % facts, reverse("opportunities:match_undo", args=[pk, match]))
    return redirect("opportunities:detail", pk)


@require_POST
@allow("opportunity.answer")
def match_undo(request: HttpRequest, pk: int, match: int) -> HttpResponse:
    """Ask again, while one's own answer is fresh."""
    row = _found(request, pk, match)
    try:
        answering.undo(actor=request.user, match=row)
    except UndoRefused:
        messages.error(request, _("Not undone: it is more than two minutes ago, or somebody went on with it."))
    else:
        messages.info(request, _("Order %(number)s is asked about again.") % {"number": row.order_number})
    return redirect("opportunities:detail", pk)


def _found(request: HttpRequest, pk: int, match: int) -> OrderMatch:
    visible = Opportunity.objects.visible_to(request.user).filter(pk=pk)
    return get_object_or_404(OrderMatch.objects.filter(opportunity__in=visible).select_related("opportunity__customer"), pk=match)
