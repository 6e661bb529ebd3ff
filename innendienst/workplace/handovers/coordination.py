"""Agreement between inside and field sales ("Abstimmung ID/AD"): which customers of field sales inside sales is about to call."""

from typing import NamedTuple

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from accounts.permissions import allow, allowed
from campaigns.handovers import HANDED_OVER_FROM, hand_over
from campaigns.models import CallListRow, Opportunity
from customers import handovers
from customers.models import Customer, Handover
from customers.models.companies import FieldWord
from innendienst.lib import display
from innendienst.lib.paging import read_page
from innendienst.lib.transitions import StateConflict, TransitionRefused
from innendienst.lib.typed import parse_id
from innendienst.workplace.chips import Chip, chips_markup, kind_chip
from innendienst.workplace.fields import ComingDayField
from innendienst.workplace.handovers.asking import refusal_text
from innendienst.workplace.handovers.forms import field_reps
from innendienst.workplace.handovers.texts import word_sentence
from innendienst.workplace.reads import visible_customer

PER_PAGE = 50
WISHES_MOST = 50
TAKE = "take"


class Candidate(NamedTuple):
    """A customer whom inside sales would call, with what field sales has said about it."""

    pk: int
    url: str
    say_url: str
    name: str
    number: str
    owner: str
    field_owner: str
    reasons: SafeString
    value: str
    last_contact: str
    word: SafeString


@require_safe
@allow("handover.see")
def coordination_list(request: HttpRequest) -> HttpResponse:
    """The customers of one person of field sales who stand on phone lists, best first, and those who want a visit."""
    reps = field_reps()
    chosen = _chosen_rep(request, reps)
    rows = CallListRow.objects.visible_to(request.user).filter(customer__field_owner=chosen).order_by("-rank_value", "customer_id")
    page = read_page(rows, request.GET.get("page"), PER_PAGE, _candidates) if chosen else None
    wishes = Customer.objects.visible_to(request.user).filter(wants_visit=True, field_owner=chosen, merged_into=None)
    under_way = Handover.objects.for_system("customers already visible").open().filter(customer=OuterRef("pk"))
    context = {
        "reps": [(rep, rep == chosen) for rep in reps],
        "chosen": chosen,
        "page": page,
        "wishes": list(wishes.exclude(Exists(under_way)).select_related("owner").order_by("sort_key", "pk")[:WISHES_MOST])
        if chosen
        else [],
        "may_say": allowed(request.user, "handover.answer"),
        "may_take": handovers.is_field_sales(request.user),
        "shows_value": allowed(request.user, "margin.see"),
    }
    return render(request, "handovers/coordination.html", context)


@require_POST
@allow("handover.answer")
def coordination_say(request: HttpRequest, pk: int) -> HttpResponse:
    """May be called, please wait until a day, or I take it."""
    customer = visible_customer(request.user, pk)
    word = request.POST.get("word", "")
    if word == TAKE:
        _take(request, customer)
    elif word == FieldWord.WAIT:
        _ask_to_wait(request, customer)
    elif word == FieldWord.MAY_CALL:
        handovers.say_word(actor=request.user, customer=customer, word=word)
        messages.success(request, _("%(customer)s may be called.") % {"customer": customer})
    else:
        messages.error(request, _("Choose what inside sales is to do with this customer."))
    rep = parse_id(request.POST.get("rep", ""))
    return redirect(f"{reverse('handovers:coordination')}?rep={rep}" if rep else "handovers:coordination")


@require_POST
@allow("handover.ask")
def wish_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark, or unmark, that a customer wants to be visited."""
    customer = visible_customer(request.user, pk)
    wants_visit = request.POST.get("wants_visit") == "1"
    handovers.wish_visit(actor=request.user, customer=customer, wants_visit=wants_visit)
    if wants_visit:
        messages.success(request, _("%(customer)s wants a visit and stands on no phone list any more.") % {"customer": customer})
    else:
        messages.success(request, _("%(customer)s may stand on phone lists again.") % {"customer": customer})
    return redirect(customer)


def _ask_to_wait(request: HttpRequest, customer: Customer) -> None:
    field = ComingDayField(required=True)
    try:
        until = field.clean(request.POST.get("wait_until", ""))
    except ValidationError as error:
        messages.error(request, f"{customer}: {' '.join(error.messages)}")
        return
    handovers.say_word(actor=request.user, customer=customer, word=FieldWord.WAIT, wait_until=until)
    messages.success(request, _("%(customer)s: inside sales waits until %(day)s.") % {"customer": customer, "day": display.due(until)})


def _take(request: HttpRequest, customer: Customer) -> None:
    """Field sales takes a customer by itself, with every reason that stands open."""
    user = request.user
    found = Opportunity.objects.visible_to(user).filter(customer=customer, state__in=HANDED_OVER_FROM)
    try:
        with transaction.atomic():
            handover = handovers.take(actor=user, customer=customer)
            hand_over(actor=user, opportunities=list(found), handover=handover)
            handovers.accept(actor=user, handover=handover)
    except handovers.HandoverRefused as refused:
        messages.error(request, refusal_text(str(refused), customer))
    except (StateConflict, TransitionRefused):
        messages.error(
            request, _("%(customer)s: somebody answered one of these reasons meanwhile. Look at them again.") % {"customer": customer}
        )
    else:
        messages.success(
            request, _("%(customer)s: you have taken over. The day of the visit is still to be entered.") % {"customer": customer}
        )


def _chosen_rep(request: HttpRequest, reps: list[User]) -> User | None:
    """The one named in the address; of field sales oneself; else the first."""
    wanted = parse_id(request.GET.get("rep", "")) or request.user.pk
    return next((rep for rep in reps if rep.pk == wanted), reps[0] if reps else None)


def _candidates(ids) -> list[Candidate]:
    rows = CallListRow.objects.for_system("rows found by visible_to").filter(pk__in=ids)
    known = {row.pk: row for row in rows.select_related("customer__owner", "customer__field_owner", "customer__facts")}
    return [_candidate(known[pk]) for pk in ids if pk in known]


def _candidate(row: CallListRow) -> Candidate:
    customer, today = row.customer, timezone.localdate()
    facts = getattr(customer, "facts", None)
    word = word_sentence(customer)
    tone = "due" if customer.field_word == FieldWord.WAIT else "good"
    return Candidate(
        pk=customer.pk,
        url=customer.get_absolute_url(),
        say_url=reverse("handovers:say", args=[customer.pk]),
        name=customer.name,
        number=customer.number,
        owner=customer.owner.full_name if customer.owner else display.UNKNOWN,
        field_owner=customer.field_owner.full_name if customer.field_owner else display.UNKNOWN,
        reasons=chips_markup(tuple(kind_chip(kind, count) for kind, count, _value in row.kinds)),
        value=display.euros(row.rank_value),
        last_contact=display.ago(facts.last_contact_on, today) if facts and facts.last_contact_on else display.UNKNOWN,
        word=chips_markup((Chip(word, tone),)) if word else SafeString(),
    )
