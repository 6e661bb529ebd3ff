"""A follow-up without a call: done, put off, or not meant to be."""

import datetime as dt

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.permissions import allow
from customers import follow_ups
from customers.models import FollowUp
from innendienst.lib import display
from innendienst.workplace.day.leaving import after_act, come_back
from innendienst.workplace.fields import ComingDayField
from innendienst.workplace.notes import say_with_undo


@require_POST
@allow("followup.edit")
def follow_up_finish(request: HttpRequest, pk: int) -> HttpResponse:
    follow_up = _found(request, pk)
    follow_ups.finish(actor=request.user, follow_up=follow_up)
    text = _("%(customer)s: follow-up done.") % {"customer": follow_up.customer}
    say_with_undo(request, text, reverse("follow_up_reopen", args=[pk]), back=request.POST.get("back"))
    return after_act(request, follow_up.customer, leaves=True)


@require_POST
@allow("followup.edit")
def follow_up_take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Undo making one."""
    follow_up = _found(request, pk)
    if not follow_ups.take_back(actor=request.user, follow_up=follow_up):
        raise Http404
    return come_back(request, follow_up.customer)


@require_POST
@allow("followup.edit")
def follow_up_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    follow_up = _found(request, pk)
    follow_ups.reopen(actor=request.user, follow_up=follow_up)
    return come_back(request, follow_up.customer)


@require_POST
@allow("followup.edit")
def follow_up_snooze(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a follow-up off."""
    follow_up = _found(request, pk)
    try:
        asked_on = ComingDayField(required=True).clean(request.POST.get("due_on", ""))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return after_act(request, follow_up.customer)
    due_on = follow_ups.snooze(actor=request.user, follow_up=follow_up, due_on=asked_on)
    text = _("%(customer)s: follow-up put off to %(day)s.") % {"customer": follow_up.customer, "day": display.due(due_on)}
    was_on = follow_up.due_on.isoformat()
    say_with_undo(request, text, reverse("follow_up_put_back", args=[pk]), due_on=was_on, back=request.POST.get("back"))
    return after_act(request, follow_up.customer, leaves=due_on > timezone.localdate())


@require_POST
@allow("followup.edit")
def follow_up_put_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Undo putting off: the follow-up is due on its old day again."""
    follow_up, due_on = _found(request, pk), _day(request.GET.get("due_on", ""))
    if not follow_ups.put_back(actor=request.user, follow_up=follow_up, due_on=due_on):
        facts = {"customer": follow_up.customer, "day": display.due(due_on)}
        messages.error(request, _("%(customer)s: not put back, another follow-up of the same kind is due on %(day)s by now.") % facts)
    return come_back(request, follow_up.customer)


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise Http404 from None


def _found(request: HttpRequest, pk: int) -> FollowUp:
    """One that is this person's to do; anybody else's does not exist."""
    mine = FollowUp.objects.visible_to(request.user).for_person(request.user, timezone.localdate())
    return get_object_or_404(mine.select_related("customer"), pk=pk)
