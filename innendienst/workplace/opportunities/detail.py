"""The page of one opportunity: why, what it may bring, its quotes, its history, and what can be done now."""

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import allow, allowed
from campaigns import acts
from campaigns.acts import Act
from campaigns.evidence import expected_value
from campaigns.handovers import HANDED_OVER_FROM
from campaigns.models import LostReason, Opportunity, OpportunityTransition, ReopenReason
from campaigns.orders import closing
from customers.models import Handover
from customers.undo import UNDONE
from innendienst.base import files
from innendienst.lib import display
from innendienst.merging.clashes import MERGED
from innendienst.workplace.call.answers import DISMISSED_REASONS, LOST_REASONS
from innendienst.workplace.call.sources import load_source
from innendienst.workplace.chips import reason_chip
from innendienst.workplace.handovers.texts import ball_sentence
from innendienst.workplace.notes import say_with_undo
from innendienst.workplace.opportunities import doing
from innendienst.workplace.opportunities.forms import ActForm
from innendienst.workplace.opportunities.order_text import order_text
from innendienst.workplace.opportunities.orders import load_matches

State = Opportunity.State
ORDER_NUMBER_LENGTH_MOST = Opportunity._meta.get_field("order_number").max_length


@require_safe
@allow("customer.see")
def opportunity_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, _found(request, pk))


@require_POST
@allow("opportunity.answer")
def opportunity_act(request: HttpRequest, pk: int) -> HttpResponse:
    """Carry out one act; what is missing comes back with the page and everything that was typed."""
    opportunity, form = _found(request, pk), ActForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, opportunity, form, status=422)
    try:
        answer = doing.do(request.user, opportunity, form)
    except doing.REFUSALS as error:
        messages.error(request, doing.refusal_text(_found(request, pk), error))
        return redirect("opportunities:detail", pk)
    facts = {"customer": opportunity.customer, "reason": opportunity.get_kind_display(), "state": opportunity.get_state_display()}
    text = _("%(customer)s, %(reason)s: %(state)s.") % facts
    if answer is not None and form.cleaned_data["act"] in doing.UNDOABLE:
        say_with_undo(request, text, reverse("opportunities:undo"), token=doing.undo_token(request.user, [answer.pk]), detail=pk)
    else:
        messages.success(request, text)
    return redirect("opportunities:detail", pk)


@require_POST
@allow("opportunity.answer")
def opportunity_order(request: HttpRequest, pk: int) -> HttpResponse:
    """The number of the order that came of a won one, so that nobody asks for it any more."""
    opportunity, number = _found(request, pk), request.POST.get("order_number", "").strip()
    if not number or len(number) > ORDER_NUMBER_LENGTH_MOST:
        messages.error(request, _("Order number: type it as the ERP has it, at most 40 characters."))
        return redirect("opportunities:detail", pk)
    try:
        acts.name_order(actor=request.user, opportunity=opportunity, order_number=number)
    except doing.REFUSALS as error:
        messages.error(request, doing.refusal_text(_found(request, pk), error))
    else:
        messages.success(request, _("Order %(number)s noted.") % {"number": number})
    return redirect("opportunities:detail", pk)


@require_safe
@allow("customer.see")
def quote_file(request: HttpRequest, pk: int, version: int) -> FileResponse:
    """The letter of one version, as it was sent."""
    quote = get_object_or_404(_found(request, pk).quotes.select_related("file").exclude(file=None), version=version)
    if not files.path_of(quote.file.stored_as).exists():
        raise Http404
    return files.attachment(quote.file)


def _page(request: HttpRequest, opportunity: Opportunity, form: ActForm | None = None, status: int = 200) -> HttpResponse:
    shows_margin = allowed(request.user, "margin.see")
    items = list(opportunity.items.select_related("product"))
    possible = acts.possible_acts(opportunity.state) if allowed(request.user, "opportunity.answer") else []
    if Act.REOPEN in possible and not acts.may_reopen(request.user, opportunity):
        possible = []
    typed = form.data if form else {}
    context = {
        "opportunity": opportunity,
        "chip": reason_chip(opportunity),
        "source": load_source(request.user, opportunity, shows_margin=shows_margin),
        "value": expected_value(opportunity, show_margin=shows_margin),
        "needs_demo": any(item.product.needs_demo for item in items),
        "quotes": list(opportunity.quotes.select_related("file")),
        "history": _history(opportunity, shows_authors=allowed(request.user, "author.see")),
        "order_text": order_text(opportunity, items) if opportunity.state == State.WON and not opportunity.order_number else "",
        "matches": load_matches(request.user, opportunity),
        "may_answer": allowed(request.user, "opportunity.answer"),
        "acts": possible,
        "ball": ball_sentence(opportunity.handover) if opportunity.handover else "",
        "may_hand_over": allowed(request.user, "handover.ask") and opportunity.state in HANDED_OVER_FROM,
        "chosen_act": typed.get("act", ""),
        "typed": typed,
        "complaints": form.messages if form else [],
        "plan_on": typed.get("due_on") or display.date(acts.default_day()),
        "lost_reasons": LOST_REASONS,
        "dismissed_reasons": DISMISSED_REASONS,
        "reopen_reasons": ReopenReason,
    }
    return render(request, "opportunities/opportunity_detail.html", context, status=status)


def _history(opportunity: Opportunity, *, shows_authors: bool) -> list[dict]:
    """Its steps, youngest first; who took them only for those who may know."""
    steps = opportunity.transitions.select_related("by").order_by("-pk")
    return [_step(step, shows_authors=shows_authors) for step in steps]


def _step(step: OpportunityTransition, *, shows_authors: bool) -> dict:
    words = {**dict(LostReason.choices), **dict(ReopenReason.choices), UNDONE: _("undone"), "not_taken_up": _("nobody took it up")}
    words |= {
        "grounds_gone": _("the reason is gone"),
        MERGED: _("the customer was merged with another one"),
        "campaign_over": _("the campaign is over"),
        Handover.State.DECLINED: _("field sales declined"),
        Handover.State.LAPSED: _("field sales did not answer"),
        closing.ORDERED: _("order imported"),
        closing.BOUGHT_UNASKED: _("bought without a call"),
        closing.ORDER_GONE: _("the order is gone"),
    }
    by = step.by.full_name if step.by else _("by itself")
    return {
        "day": display.date(timezone.localdate(step.at)),
        "from_state": State(step.from_state).label,
        "to_state": State(step.to_state).label,
        "reason": words.get(step.reason, step.reason),
        "by": by if shows_authors or not step.by else "",
    }


def _found(request: HttpRequest, pk: int) -> Opportunity:
    return get_object_or_404(Opportunity.objects.visible_to(request.user).select_related("customer", "owner", "handover__to"), pk=pk)
