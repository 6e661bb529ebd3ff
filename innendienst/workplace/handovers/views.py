"""Hand-overs: what waits for me, what I handed over, what came back – and the page of one with its history and acts."""

import datetime as dt
from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.permissions import allow, allowed
from campaigns.evidence import expected_value, sentences
from campaigns.goods import Goods
from campaigns.models import LostReason, Opportunity
from customers.handovers import may_answer
from customers.models import Handover
from customers.querysets import HandoverQuerySet
from customers.undo import UNDONE
from innendienst.lib import display
from innendienst.workplace.chips import Chip, chips_markup, reason_chip
from innendienst.workplace.handovers.texts import ball_sentence

State = Handover.State
ROWS_MOST = 100
SHOWN_DAYS = 30
"""How long what came back, or was settled, stays on the page."""
_TONES = {
    State.REQUESTED: "due",
    State.ACCEPTED: "sell",
    State.DECLINED: "bad",
    State.LAPSED: "bad",
    State.RETURNED: "due",
    State.DONE: "good",
}


class HandoverRow(NamedTuple):
    """One hand-over in finished texts."""

    url: str
    customer: str
    state: SafeString
    about: str
    by: str
    to: str
    asked: str
    due: str


class Section(NamedTuple):
    title: str
    empty: str
    rows: list[HandoverRow]


@require_safe
@allow("handover.see")
def handover_list(request: HttpRequest) -> HttpResponse:
    user, today = request.user, timezone.localdate()
    seen = Handover.objects.visible_to(user)
    context = {
        "sections": list(_sections(user, seen, today)),
        "may_say": allowed(user, "handover.answer"),
        "on_list_count": _waiting_for_inside_sales(user) if allowed(user, "handover.answer") else 0,
    }
    return render(request, "handovers/handover_list.html", context)


def _waiting_for_inside_sales(user: User) -> int:
    """How many of the user's customers in the field inside sales has a reason to call."""
    return Opportunity.objects.visible_to(user).suggested().filter(customer__field_owner=user).values("customer").distinct().count()


def _sections(user: User, seen: HandoverQuerySet, today: dt.date):
    recent = timezone.now() - dt.timedelta(days=SHOWN_DAYS)
    if allowed(user, "handover.answer"):
        asked = seen.open() if allowed(user, "opportunity.assign") else seen.asked_of(user, today)
        yield Section(
            _("Waiting for an answer"),
            _("No hand-over waits for an answer."),
            _rows(asked.filter(state=State.REQUESTED).order_by("answer_by", "pk")),
        )
        yield Section(
            _("With field sales"),
            _("No customer is with field sales."),
            _rows(asked.filter(state=State.ACCEPTED).order_by("visit_on", "pk")),
        )
    else:
        stood_in_for = seen.open().asked_of(user, today)
        if rows := _rows(stood_in_for):
            yield Section(_("Waiting for me as a deputy"), "", rows)
        yield Section(
            _("Handed over by me"),
            _("You have handed no customer over. “Involve field sales” stands in the call form and on the customer's page."),
            _rows(seen.open().filter(by=user).order_by("answer_by", "pk")),
        )
    closed = seen.exclude(state__in=Handover.OPEN).filter(requested_at__gte=recent)
    mine = closed if allowed(user, "opportunity.assign") else closed.filter(by=user) | closed.filter(to=user)
    if rows := _rows(mine):
        yield Section(_("Back or settled in the last %(days)s days") % {"days": SHOWN_DAYS}, "", rows)


def _rows(found: HandoverQuerySet) -> list[HandoverRow]:
    return [_row(handover) for handover in found.select_related("customer", "by", "to")[:ROWS_MOST]]


def _row(handover: Handover) -> HandoverRow:
    due_on = handover.answer_by if handover.state == State.REQUESTED else handover.visit_on
    return HandoverRow(
        url=f"{handover.pk}/",
        customer=handover.customer.name,
        state=state_chip(handover),
        about=handover.result or handover.note or ", ".join(handover.criteria_labels),
        by=handover.by.full_name,
        to=handover.to.full_name,
        asked=display.date(timezone.localdate(handover.requested_at)),
        due=display.date(due_on) if due_on else display.UNKNOWN,
    )


def state_chip(handover: Handover) -> SafeString:
    return chips_markup((Chip(handover.get_state_display(), _TONES[handover.state]),))


@require_safe
@allow("handover.see")
def handover_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return detail_page(request, found(request.user, pk))


def detail_page(request: HttpRequest, handover: Handover, *, act: str = "", form=None) -> HttpResponse:
    """The page; `form` is an act's that came back with complaints."""
    user, today = request.user, timezone.localdate()
    opportunities = list(Opportunity.objects.visible_to(user).filter(handover=handover).order_by("pk"))
    evidence = sentences(opportunities, today, Goods(opportunities))
    shows_margin = allowed(user, "margin.see")
    context = {
        "handover": handover,
        "customer": handover.customer,
        "state": state_chip(handover),
        "sentence": ball_sentence(handover),
        "opportunities": [
            (one, chips_markup((reason_chip(one),)), evidence[one.pk], expected_value(one, show_margin=shows_margin))
            for one in opportunities
        ],
        "history": [_step(step) for step in handover.transitions.select_related("by").order_by("-pk")],
        "may_answer": may_answer(user, handover),
        "is_mine": handover.by_id == user.pk,
        "act": act,
        "typed": form.data if form else {},
        "complaints": list(dict.fromkeys(text for texts in form.errors.values() for text in texts)) if form else [],
        "lost_reasons": LostReason,
        "today": today,
    }
    return render(request, "handovers/handover_detail.html", context, status=422 if form else 200)


def _step(step) -> dict:
    return {
        "day": display.date(timezone.localdate(step.at)),
        "state": State(step.to_state).label,
        "reason": _("taken back") if step.reason == UNDONE else step.reason,
        "by": step.by.full_name if step.by else _("by itself"),
    }


def found(user: User, pk: int) -> Handover:
    """One the user may see. Raises Http404."""
    return get_object_or_404(Handover.objects.visible_to(user).select_related("customer", "contact", "by__team", "to__team"), pk=pk)
