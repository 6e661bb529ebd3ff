"""Working on a complaint from the customer's card: taking it on, saying what was offered or how it was settled."""

from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.permissions import allow
from customers.complaints import ClosingRefused, close_complaint, move_complaint, undo_step
from customers.models import Complaint, ComplaintTransition, FollowUp
from customers.undo import UndoRefused
from innendienst.lib import display
from innendienst.lib.transitions import StateConflict, TransitionRefused
from innendienst.workplace.day.leaving import after_act, come_back
from innendienst.workplace.notes import say_with_undo

_State = Complaint.State
SENTENCE_LENGTH_MOST = 200
_NEEDS_WORDS = (_State.SOLUTION_OFFERED, _State.RESOLVED, _State.CLOSED)
OFFERED = (_State.IN_PROGRESS, *_NEEDS_WORDS)
"""Steps that a card offers. That the customer is content, only he can say; closing without that is for the management."""


@require_POST
@allow("call.log")
def complaint_move(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a complaint one step further, with a sentence where the step is more than taking it on."""
    complaint = get_object_or_404(Complaint.objects.visible_to(request.user).select_related("customer"), pk=pk)
    to_state, sentence = request.POST.get("step", ""), request.POST.get("sentence", "").strip()
    facts = {"customer": complaint.customer, "title": complaint.title}
    if to_state not in OFFERED or (to_state in _NEEDS_WORDS and not sentence):
        messages.error(request, _("Complaint “%(title)s”: write in one sentence what was agreed or done.") % facts)
        return after_act(request, complaint.customer)
    act = close_complaint if to_state == _State.CLOSED else partial(move_complaint, to_state=to_state)
    try:
        step = act(actor=request.user, complaint=complaint, reason=sentence[:SENTENCE_LENGTH_MOST])
    except ClosingRefused:
        messages.error(
            request,
            _("Complaint “%(title)s”: ask the customer first whether he is content. Only the management closes it otherwise.") % facts,
        )
        return after_act(request, complaint.customer)
    except (StateConflict, TransitionRefused):
        messages.error(request, _("Complaint “%(title)s”: somebody went on with it already.") % facts)
        return after_act(request, complaint.customer)
    text = _("%(customer)s: complaint “%(title)s” – %(state)s.") % {**facts, "state": complaint.get_state_display()}
    for question in FollowUp.objects.visible_to(request.user).filter(solution=step):
        text += " " + _("Follow-up %(day)s.") % {"day": display.due(question.due_on)}
    say_with_undo(request, text, reverse("complaint_undo", args=[step.pk]), back=request.POST.get("back"))
    return after_act(request, complaint.customer)


@require_POST
@allow("call.log")
def complaint_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one's own last step with a complaint back while it is fresh."""
    seen = Complaint.objects.visible_to(request.user).values("pk")
    steps = ComplaintTransition.objects.filter(complaint__in=seen).select_related("complaint__customer")
    step = get_object_or_404(steps, pk=pk)
    try:
        undo_step(actor=request.user, step=step)
    except (UndoRefused, StateConflict):
        facts = {"title": step.complaint.title}
        messages.error(request, _("Complaint “%(title)s”: only whoever took the last step can take it back, within two minutes.") % facts)
    return come_back(request, step.complaint.customer)
