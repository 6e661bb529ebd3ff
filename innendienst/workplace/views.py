"""Mein Tag, and saving a call."""

from django.contrib import messages
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from accounts.permissions import allow, allowed
from customers.calls import UndoRefused
from customers.models import Activity
from innendienst.first_hour.state import next_step
from innendienst.lib.transitions import StateConflict
from innendienst.workplace import notes
from innendienst.workplace.addresses import day_url, known_kind, posted_id
from innendienst.workplace.call_forms import posted_form, returned_form
from innendienst.workplace.calls import AlreadySaved, ReasonsMoved, save_call, undo_call
from innendienst.workplace.card import load_card
from innendienst.workplace.conflicts import has_lost_answer, what_moved
from innendienst.workplace.pages import day_context, fresh_card, visible_customer
from innendienst.workplace.replies import DAY, form_back, go_on, not_saved


@require_safe
@never_cache
@vary_on_headers("HX-Request")
@allow("customer.see")
def my_day(request: HttpRequest) -> HttpResponse:
    """The list of today and the card of one customer; those who do not call start with the customers."""
    user, today = request.user, timezone.localdate()
    if not allowed(user, "day.work"):
        return redirect("customers:list")
    if allowed(user, "setup.run") and (setup_url := next_step()):
        return redirect(setup_url)
    kind = known_kind(request.GET.get("kind"))
    chosen_id = posted_id(request.GET["customer"]) if "customer" in request.GET else None
    again = _undone_call(request)
    if chosen_id is not None and request.htmx and request.htmx.target == "card":
        shown = fresh_card(user, visible_customer(user, chosen_id), today, back=DAY, kind=kind, again=again)
        return render(request, "workplace/partials/card.html", shown)
    context = day_context(user, today, chosen_id=chosen_id, kind=kind, again=again)
    return render(request, "workplace/my_day.html", {**context, "is_card": chosen_id is not None})


@require_http_methods(["GET", "HEAD", "POST"])
@allow("call.log")
def call_save(request: HttpRequest) -> HttpResponse:
    """Save a call. Whoever comes by GET signed in again on the way: the browser has kept his text for the card."""
    if request.method != "POST":
        return redirect("my_day")
    customer = visible_customer(request.user, posted_id(request.POST.get("customer")))
    form = posted_form(request.user, customer, request.POST, timezone.localdate())
    if not form.is_valid():
        return form_back(request, load_card(request.user, customer, timezone.localdate()), form, status=422)
    if has_lost_answer(request.POST, {opportunity.pk for opportunity in form.opportunities}):
        return _refused(request, customer, moved=[])
    try:
        saved = save_call(request.user, customer, form.cleaned_data["key"], form.entry)
    except ReasonsMoved as moved:
        return _refused(request, customer, moved=what_moved(request.user, moved.opportunity_ids, request.POST))
    except AlreadySaved:
        return _refused(request, customer, is_second=True)
    except OperationalError:
        return not_saved(request)
    undo_url = reverse("call_undo", args=[saved.activity_id])
    # The key in the address tells static/js/draft.js which draft the browser may forget.
    notes.say_with_undo(request, notes.call_saved(customer, saved), undo_url, back=request.POST.get("back"), key=form.cleaned_data["key"])
    return go_on(request, customer)


@require_POST
@allow("call.log")
def call_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a call of one's own back; its text returns to the form."""
    activity = get_object_or_404(Activity.objects.visible_to(request.user).select_related("customer"), pk=pk, by=request.user)
    is_day = request.GET.get("back") == DAY
    try:
        undo_call(actor=request.user, activity=activity)
    except (UndoRefused, StateConflict):
        messages.error(
            request, _("Not undone: the call is older than two minutes, or somebody went on with it. Correct it by a further call.")
        )
        return redirect(day_url(activity.customer_id) if is_day else activity.customer)
    messages.info(request, _("Call with %(customer)s undone.") % {"customer": activity.customer})
    return redirect(day_url(activity.customer_id, again=pk) if is_day else activity.customer)


def _undone_call(request: HttpRequest) -> Activity | None:
    """An undone call of one's own whose text goes back into the form."""
    if "again" not in request.GET:
        return None
    own = Activity.objects.visible_to(request.user).filter(by=request.user, voided_at__isnull=False)
    return own.filter(pk=posted_id(request.GET["again"]), customer=posted_id(request.GET.get("customer"))).first()


def _refused(request: HttpRequest, customer, **why) -> HttpResponse:
    """409: the text over the reasons as they stand now."""
    card = load_card(request.user, customer, timezone.localdate())
    return form_back(request, card, returned_form(request.user, card, request.POST), status=409, **why)
