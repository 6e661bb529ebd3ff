"""Asking field sales to go on with a customer: a page of its own, and the part of it that opens in the call form."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers

from accounts.permissions import allow
from campaigns.evidence import sentences
from campaigns.goods import Goods
from campaigns.handovers import HANDED_OVER_FROM, hand_over
from campaigns.models import Opportunity
from customers.handovers import HandoverRefused, request_handover
from customers.models import Customer
from customers.models.handovers import Criterion
from innendienst.lib import display
from innendienst.lib.transitions import StateConflict, TransitionRefused
from innendienst.lib.typed import parse_ids
from innendienst.workplace.chips import chips_markup, reason_chip
from innendienst.workplace.handovers.forms import HandoverForm, field_reps, preset_rep
from innendienst.workplace.handovers.proposals import agreed_rules, preset_of, rule_text, ticked_beforehand
from innendienst.workplace.notes import say_with_undo
from innendienst.workplace.reads import visible_customer

CALL_PART = "call-handover"


@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request", "HX-Target")
@allow("handover.ask")
def handover_ask(request: HttpRequest, pk: int) -> HttpResponse:
    customer = visible_customer(request.user, pk)
    if request.htmx.target == CALL_PART:
        return render(request, "handovers/partials/checklist.html", checklist(customer))
    form = HandoverForm(request.POST if request.method == "POST" else None)
    reasons = _reasons(request, customer)
    chosen = parse_ids(request.POST.getlist("reason") or request.GET.getlist("reason"))
    if form.is_bound and form.is_valid():
        handover = _ask(request, customer, form, [one for one in reasons if one.pk in chosen])
        if handover:
            return redirect(customer)
    evidence = sentences(reasons, timezone.localdate(), Goods(reasons))
    context = {
        "customer": customer,
        "form": form,
        "reasons": [(one, chips_markup((reason_chip(one),)), evidence[one.pk], one.pk in chosen) for one in reasons],
        **checklist(customer, form),
    }
    return render(request, "handovers/handover_ask.html", context, status=422 if form.errors else 200)


def checklist(customer: Customer, form=None) -> dict:
    """What partials/checklist.html shows: ticks and persons, as they were sent or as they are proposed."""
    reps, today = field_reps(), timezone.localdate()
    rules = agreed_rules(customer, today)
    is_sent = form is not None and form.is_bound
    ticked = form.data.getlist("handover-criteria") if is_sent else ticked_beforehand(customer, today, rules)
    to = form.data.get("handover-to", "") if is_sent else str(preset_rep(customer, reps) or "")
    return {
        "criteria": [(code, label, code in ticked, rule_text(rules[code]) if code in rules else "") for code, label in Criterion.choices],
        "reps": [(rep, str(rep.pk) == to) for rep in reps],
    }


def _reasons(request: HttpRequest, customer: Customer) -> list[Opportunity]:
    found = Opportunity.objects.visible_to(request.user).filter(customer=customer, state__in=HANDED_OVER_FROM)
    return list(found.best_first())


def _ask(request: HttpRequest, customer: Customer, form: HandoverForm, reasons: list[Opportunity]):
    given = form.cleaned_data
    within_days, line = preset_of(customer, given["criteria"], timezone.localdate())
    note = "\n".join(filter(None, [given["note"], line]))
    try:
        with transaction.atomic():
            handover = request_handover(
                actor=request.user, customer=customer, to=given["to"], criteria=given["criteria"], note=note, within_days=within_days
            )
            hand_over(actor=request.user, opportunities=reasons, handover=handover)
    except HandoverRefused as refused:
        messages.error(request, refusal_text(str(refused), customer))
        return None
    except (StateConflict, TransitionRefused):
        messages.error(
            request, _("%(customer)s: somebody answered one of these reasons meanwhile. Look at them again.") % {"customer": customer}
        )
        return None
    facts = {"customer": customer, "name": handover.to.full_name, "day": display.due(handover.answer_by)}
    text = _("%(customer)s: %(name)s is asked to take over, answer by %(day)s.") % facts
    say_with_undo(request, text, reverse("handovers:act", args=[handover.pk, "withdraw"]), back="customer")
    return handover


def refusal_text(code: str, customer: Customer) -> str:
    """Why field sales was not asked, and what to do."""
    texts = {
        "open": _("%(customer)s: field sales has this customer already. The card says who."),
        "criteria": _("Field sales: tick at least one reason for a visit."),
    }
    return texts.get(code, _("Field sales: this person no longer works there. Choose somebody else.")) % {"customer": customer}
