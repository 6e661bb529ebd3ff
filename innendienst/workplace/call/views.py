"""Saving a call, and taking it back."""

from django.contrib import messages
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.permissions import allow
from campaigns.answers import AnswerRefused
from customers.handovers import HandoverRefused
from customers.models import Activity
from customers.needs import NeedConflict
from customers.undo import UndoRefused
from innendienst.lib.transitions import StateConflict
from innendienst.workplace import notes
from innendienst.workplace.addresses import DAY, day_url, posted_id
from innendienst.workplace.call.answers import budget_text
from innendienst.workplace.call.conflicts import has_lost_answer, what_moved
from innendienst.workplace.call.load import load_card
from innendienst.workplace.call.opening import posted_form, returned_form
from innendienst.workplace.call.replies import form_back, go_on, not_saved
from innendienst.workplace.call.saving import AlreadySaved, ReasonsMoved, save_call, undo_call
from innendienst.workplace.call.talking import done_talking
from innendienst.workplace.handovers.asking import refusal_text
from innendienst.workplace.needs.views import conflict_text
from innendienst.workplace.reads import visible_customer


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
    except HandoverRefused as refused:
        form.add_error(None, refusal_text(str(refused), customer))
        return form_back(request, load_card(request.user, customer, timezone.localdate()), form, status=422)
    except AnswerRefused:  # the form has seen to all the rest an answer needs
        form.add_error(None, budget_text())
        return form_back(request, load_card(request.user, customer, timezone.localdate()), form, status=422)
    except NeedConflict as conflict:
        form.add_error(None, conflict_text(conflict.need))
        return form_back(request, load_card(request.user, customer, timezone.localdate()), form, status=409)
    except OperationalError:
        return not_saved(request)
    done_talking(request.user, customer)
    undo_url = reverse("call_undo", args=[saved.activity_id])
    # The key in the address tells static/js/draft.js which draft the browser may forget.
    said = notes.with_order_texts(notes.call_saved(customer, saved), form.entry.won_ids)
    notes.say_with_undo(request, said, undo_url, back=request.POST.get("back"), key=form.cleaned_data["key"])
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
    is_letter = activity.kind == Activity.Kind.LETTER
    text = _("Letter to %(customer)s undone.") if is_letter else _("Call with %(customer)s undone.")
    messages.info(request, text % {"customer": activity.customer})
    return redirect(day_url(activity.customer_id, again=pk) if is_day else activity.customer)


def _refused(request: HttpRequest, customer, **why) -> HttpResponse:
    """409: the text over the reasons as they stand now."""
    card = load_card(request.user, customer, timezone.localdate())
    return form_back(request, card, returned_form(request.user, card, request.POST), status=409, **why)
