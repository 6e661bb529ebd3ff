"""Mein Tag: the day's list, and the card of the chosen row."""

import datetime as dt

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from accounts.models import User
from accounts.permissions import allow, allowed
from customers.models import Activity
from innendienst.first_hour.state import next_step
from innendienst.workplace import reads
from innendienst.workplace.addresses import DAY, known_kind, posted_id
from innendienst.workplace.call.answers import DISMISSED_REASONS
from innendienst.workplace.call.card import Card
from innendienst.workplace.call.context import fresh_card
from innendienst.workplace.call.load import load_card
from innendienst.workplace.day.empty import what_else
from innendienst.workplace.day.load import MyDay, load_my_day
from innendienst.workplace.day.rows import row_views


@require_safe
@never_cache
@vary_on_headers("HX-Request")
@allow("customer.see")
def my_day(request: HttpRequest) -> HttpResponse:
    """The list of today and the card of one customer; those who do not call start with their hand-overs or the customers."""
    user, today = request.user, timezone.localdate()
    if not allowed(user, "day.work"):
        return redirect("handovers:list" if allowed(user, "field.work") else "customers:list")
    if allowed(user, "setup.run") and (setup_url := next_step()):
        return redirect(setup_url)
    kind = known_kind(request.GET.get("kind"))
    chosen_id = posted_id(request.GET["customer"]) if "customer" in request.GET else None
    again = _undone_call(request)
    if chosen_id is not None and request.htmx and request.htmx.target == "card":
        card = load_card(user, reads.visible_customer(user, chosen_id), today)
        shown = fresh_card(user, card, back=DAY, kind=kind, again=again)
        return render(request, "workplace/partials/card.html", shown)
    context = day_context(user, today, chosen_id=chosen_id, kind=kind, again=again)
    return render(request, "workplace/my_day.html", {**context, "is_card": chosen_id is not None})


def day_context(
    user: User, today: dt.date, *, chosen_id: int | None, kind: str, shown: dict | None = None, again: Activity | None = None
) -> dict:
    """The whole of Mein Tag. `shown` is a card that stands already: a form that came back with complaints."""
    day = load_my_day(user, today)
    rows = day.of_kind(kind)
    chosen_id = chosen_id or (rows[0].customer.pk if rows else None)
    if shown is None and chosen_id:
        shown = fresh_card(user, _card_of(user, day, chosen_id), back=DAY, kind=kind, again=again)
    empty = {} if rows or kind else {"what_else": what_else(user, day)}
    frame = {"day_url": reverse("my_day"), "day_open_count": len(day.rows), "dismissed_reasons": DISMISSED_REASONS}
    frame["asked_count"] = reads.asked_count(user) if day.is_asked else 0
    return {**frame, "day": day, "rows": row_views(rows, chosen_id, kind), "chosen_id": chosen_id, "kind": kind, **empty, **(shown or {})}


def _card_of(user: User, day: MyDay, customer_id: int) -> Card:
    """The card of a customer on the list, or of any other who may be seen."""
    row = day.row_of(customer_id)
    if row is None:
        return load_card(user, reads.visible_customer(user, customer_id), day.today)
    if row.customer.owner_id == user.pk:
        row.customer.owner = user
    reads.mark(row.customer)
    return load_card(user, row.customer, day.today, row)


def _undone_call(request: HttpRequest) -> Activity | None:
    """An undone call of one's own whose text goes back into the form."""
    if "again" not in request.GET:
        return None
    own = Activity.objects.visible_to(request.user).filter(by=request.user, voided_at__isnull=False)
    return own.filter(pk=posted_id(request.GET["again"]), customer=posted_id(request.GET.get("customer"))).first()
