"""What field sales does with a hand-over, and what whoever asked may take back."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.permissions import allow
from campaigns import handovers as business
from campaigns.models import Opportunity
from customers import handovers
from customers.models import Handover
from customers.undo import UndoRefused
from innendienst.lib import display
from innendienst.lib.transitions import StateConflict, TransitionRefused
from innendienst.workplace.handovers.forms import AcceptForm, DeclineForm, FinishForm, HandBackForm, VisitForm
from innendienst.workplace.handovers.views import detail_page, found

FORMS: dict[str, type[forms.Form]] = {
    "accept": AcceptForm,
    "visit": VisitForm,
    "decline": DeclineForm,
    "hand-back": HandBackForm,
    "finish": FinishForm,
    "withdraw": forms.Form,
}


class _StillOpen(Exception):
    """Something that was handed over has no answer yet."""


@require_POST
@allow("handover.see")
def handover_act(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """Carry out one act; what is missing comes back with the page and everything that was typed."""
    handover = found(request.user, pk)
    if act not in FORMS:
        raise Http404
    form = FORMS[act](request.POST)
    if not form.is_valid():
        return detail_page(request, handover, act=act, form=form)
    try:
        text = _do(request.user, handover, act, form.cleaned_data)
    except _StillOpen:
        form.add_error(None, _("Settled only once every opportunity here is won or lost. Say so of each, or hand back."))
        return detail_page(request, handover, act=act, form=form)
    except (StateConflict, TransitionRefused, UndoRefused, handovers.HandoverRefused):
        messages.error(request, _("%(customer)s: somebody went on with this hand-over already.") % {"customer": handover.customer})
    else:
        messages.success(request, text)
    return redirect(handover.customer) if act == "withdraw" else redirect("handovers:detail", pk)


def _do(actor, handover: Handover, act: str, given: dict) -> str:
    """The sentence that says what happened."""
    facts = {"customer": handover.customer, "name": handover.by.full_name}
    of = {"actor": actor, "handover": handover}
    match act:
        case "accept":
            handovers.accept(**of, visit_on=given["visit_on"])
            return _("%(customer)s: taken over.") % facts
        case "visit":
            handovers.set_visit(**of, visit_on=given["visit_on"])
            return _("%(customer)s: visit on %(day)s noted.") % {**facts, "day": display.due(given["visit_on"])}
        case "decline":
            handovers.decline(**of, reason=given["result"])
            return _("%(customer)s: declined, %(name)s goes on.") % facts
        case "hand-back":
            due = handovers.hand_back(**of, result=given["result"], next_step=given["next_step"], due_on=given["due_on"])
            facts |= {"name": due.assignee.full_name, "day": display.due(due.due_on)}
            return _("%(customer)s: handed back, %(name)s goes on on %(day)s.") % facts
        case "finish":
            _finish(of, given)
            return _("%(customer)s: settled.") % facts
    _withdraw(of)
    return _("%(customer)s: taken back, field sales is not asked any more.") % facts


def _finish(of: dict, given: dict) -> None:
    """Only once nothing that was handed over is still open: it would be forgotten. Raises _StillOpen."""
    handover = of["handover"]
    if not handovers.may_answer(of["actor"], handover):
        raise PermissionDenied
    with_field_sales = Opportunity.objects.for_system("is it settled?").filter(handover=handover, state=Opportunity.State.WITH_FIELD_SALES)
    if with_field_sales.exists():
        raise _StillOpen
    handovers.finish(**of, result=given["result"])


@transaction.atomic
def _withdraw(of: dict) -> None:
    handovers.withdraw(**of)
    business.take_back(**of)
