"""How a post is answered: to a browser with scripts by the part that changed, to any other by a page or a redirect."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from customers.models import Customer
from innendienst.base import form_keys
from innendienst.workplace.addresses import DAY, day_url, known_kind
from innendienst.workplace.call.card import Card
from innendienst.workplace.call.context import card_context
from innendienst.workplace.call.form import CallForm
from innendienst.workplace.call.shown import shown_again
from innendienst.workplace.day.load import next_customer_id
from innendienst.workplace.day.page import day_context


def form_back(request: HttpRequest, card: Card, form: CallForm, *, status: int, **why) -> HttpResponse:
    """The same form with everything that was typed, and what is to be done about it."""
    back, kind = request.POST.get("back", ""), known_kind(request.POST.get("kind"))
    key = form_keys.fresh() if why.get("is_second") else ""
    context = {**card_context(card, shown_again(form), back=back, kind=kind, key=key), **why}
    if request.htmx:
        reply = render(request, "workplace/partials/card.html", context, status=status)
        reply["HX-Retarget"], reply["HX-Reswap"] = "#card", "innerHTML show:window:top"
        return reply
    if back == DAY:
        context = day_context(request.user, card.today, chosen_id=card.customer.pk, kind=kind, shown=context)
        return render(request, "workplace/my_day.html", {**context, "is_card": True}, status=status)
    return render(request, "workplace/call.html", context, status=status)


def not_saved(request: HttpRequest) -> HttpResponse:
    """503: the database did not take it. A page that needs none holds everything that was sent, ready to be sent again."""
    kept = [(name, value) for name in request.POST if name not in {"csrfmiddlewaretoken", "note"} for value in request.POST.getlist(name)]
    return render(request, "workplace/not_saved.html", {"kept": kept, "note": request.POST.get("note", "")}, status=503)


def go_on(request: HttpRequest, customer: Customer) -> HttpResponse:
    """After a save: Mein Tag with the next customer, or back to the page of this one."""
    if request.POST.get("back") != DAY:
        return redirect(customer)
    kind, today = known_kind(request.POST.get("kind")), timezone.localdate()
    following = next_customer_id(request.user, today, customer.pk, kind)
    if not request.htmx:
        return redirect(day_url(following, kind))
    context = day_context(request.user, today, chosen_id=following, kind=kind)
    reply = render(request, "workplace/partials/day.html", {**context, "is_card": following is not None, "is_reply": True})
    reply["HX-Push-Url"] = day_url(following, kind)
    return reply
