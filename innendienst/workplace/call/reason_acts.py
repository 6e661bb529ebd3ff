"""A reason by itself: where it comes from, and "does not fit" without a call."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from accounts.permissions import allow, allowed
from campaigns.answers import answer_opportunity, undo_answer
from campaigns.models import Opportunity, OpportunityAnswer
from campaigns.steps import Answer
from customers.undo import fresh_since
from innendienst.lib import display
from innendienst.lib.transitions import StateConflict, TransitionRefused
from innendienst.workplace.call.answers import DISMISSED_REASONS
from innendienst.workplace.call.sources import load_source
from innendienst.workplace.day.leaving import after_act, come_back
from innendienst.workplace.notes import say_with_undo

_DISMISSED_TO = (Opportunity.State.DISMISSED, Opportunity.State.LOST)
"""Where "does not fit" leads: once talks have begun, what does not fit is lost."""


@require_safe
@vary_on_headers("HX-Request")
@allow("customer.see")
def reason_source(request: HttpRequest, pk: int) -> HttpResponse:
    """The articles, the arithmetic and the order lines behind a reason."""
    visible = Opportunity.objects.visible_to(request.user).select_related("customer")
    source = load_source(request.user, get_object_or_404(visible, pk=pk), shows_margin=allowed(request.user, "margin.see"))
    template = "workplace/partials/reason_source.html" if request.htmx else "workplace/reason_source.html"
    return render(request, template, {"source": source})


@require_POST
@allow("opportunity.answer")
def reason_dismiss(request: HttpRequest, pk: int) -> HttpResponse:
    """A reason that does not fit rests; without another one the customer leaves today's list."""
    opportunity = get_object_or_404(Opportunity.objects.visible_to(request.user).select_related("customer"), pk=pk)
    facts = {"customer": opportunity.customer, "reason": opportunity.get_kind_display()}
    reason = request.POST.get("reason", "")
    if reason not in DISMISSED_REASONS:
        messages.error(request, _("%(reason)s: choose why it does not fit.") % facts)
        return after_act(request, opportunity.customer)
    try:
        answer = answer_opportunity(actor=request.user, opportunity=opportunity, answer=Answer.DISMISSED, reason=reason)
    except (StateConflict, TransitionRefused):
        messages.error(request, _("%(reason)s: somebody answered this reason already.") % facts)
        return after_act(request, opportunity.customer)
    text = _("%(customer)s: %(reason)s rests until %(day)s.") % {**facts, "day": display.date(opportunity.rests_until)}
    say_with_undo(request, text, reverse("reason_undo", args=[answer.pk]), back=request.POST.get("back"))
    return after_act(request, opportunity.customer, leaves=True)


@require_POST
@allow("opportunity.answer")
def reason_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one's own "does not fit" back while it is fresh."""
    visible = Opportunity.objects.visible_to(request.user).values("pk")
    given = OpportunityAnswer.objects.filter(opportunity__in=visible, activity=None, answer=Answer.DISMISSED)
    answer = get_object_or_404(given.select_related("opportunity__customer"), pk=pk)
    given_by_me = answer.opportunity.transitions.filter(by=request.user, activity=None, to_state__in=_DISMISSED_TO)
    fresh = given_by_me.filter(at__gte=fresh_since())
    facts = {"reason": answer.opportunity.get_kind_display()}
    if not fresh.exists():
        messages.error(request, _("%(reason)s: only whoever said so can take it back, within two minutes.") % facts)
        return come_back(request, answer.opportunity.customer)
    try:
        undo_answer(actor=request.user, answer=answer)
    except StateConflict:
        messages.error(request, _("%(reason)s: somebody answered this reason already.") % facts)
    return come_back(request, answer.opportunity.customer)
