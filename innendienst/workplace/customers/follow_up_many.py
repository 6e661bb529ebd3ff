"""A follow-up for each of many customers of the list, and taking them back."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _, ngettext
from django.views.decorators.http import require_POST

from accounts.permissions import allow
from customers.follow_ups import NOTE_LENGTH_MOST, plan_follow_up, take_back_many
from customers.models import Customer
from innendienst.base import form_keys
from innendienst.lib import display
from innendienst.workplace.customers.views import back_to_list, chosen_ids, refuse_many
from innendienst.workplace.fields import ComingDayField, PlainTextField
from innendienst.workplace.notes import say_with_undo

CUSTOMERS_MOST = 200


@require_POST
@allow("followup.edit")
def follow_up_many(request: HttpRequest) -> HttpResponse:
    """Have the chosen customers come back on a day to the person who asks."""
    try:
        due_on = ComingDayField(required=True).clean(request.POST.get("due_on", ""))
        note = PlainTextField(label=_("Note"), length_most=NOTE_LENGTH_MOST).clean(request.POST.get("note", ""))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return back_to_list(request, request.POST)
    ids = chosen_ids(request)
    if len(ids) > CUSTOMERS_MOST:
        return refuse_many(request, len(ids), CUSTOMERS_MOST)
    customers = list(Customer.objects.visible_to(request.user).filter(pk__in=ids).order_by("pk"))
    if not customers:
        messages.error(request, _("No customer is chosen. Tick the rows first."))
        return back_to_list(request, request.POST)
    act = form_keys.fresh()
    with transaction.atomic():
        planned = [
            plan_follow_up(actor=request.user, customer=one, due_on=due_on, note=note, origin=f"list:{act}:{one.pk}") for one in customers
        ]
    text = ngettext(
        "Follow-up for %(day)s added for %(count)s customer.", "Follow-up for %(day)s added for %(count)s customers.", len(planned)
    )
    facts = {"day": display.due(planned[0].due_on), "count": display.number(len(planned))}
    say_with_undo(request, text % facts, reverse("customers:follow_up_many_undo"), act=act, query=request.POST.get("query"))
    return back_to_list(request, request.POST)


@require_POST
@allow("followup.edit")
def follow_up_many_undo(request: HttpRequest) -> HttpResponse:
    """Those of one act that nobody has done or put off since."""
    count = take_back_many(actor=request.user, origin=f"list:{request.GET.get('act', '')[:40]}:")
    if count:
        text = ngettext("%(count)s follow-up taken back.", "%(count)s follow-ups taken back.", count)
        messages.info(request, text % {"count": display.number(count)})
    else:
        messages.error(request, _("Not undone: the follow-ups are done or gone."))
    return back_to_list(request, request.GET)
