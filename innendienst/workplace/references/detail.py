"""The page of one reference: whether he suits, what he allows, how it was used, and what can be done now."""

import datetime as dt

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import allow, allowed
from customers.gate import Purpose, basis_label, may_contact
from customers.gate_rules import Answer
from customers.models import Contact
from customers.models.permissions import Channel
from customers.undo import UNDONE, UndoRefused
from innendienst.lib import display
from innendienst.workplace import reads
from innendienst.workplace.notes import say_with_undo
from innendienst.workplace.people import whom_to_ask
from innendienst.workplace.reads import visible_customer
from innendienst.workplace.references import doing
from innendienst.workplace.references.done import done_text
from innendienst.workplace.references.forms import Act, ActForm, RatingForm, ScopeForm
from innendienst.workplace.references.listing import state_chip
from innendienst.workplace.references.parts import ScopeView, part_labels, use_views
from nps.models import Response
from referrals import asking, moments, moving, saying
from referrals.models import Outcome, Place, ReferenceCustomer, ReferenceTransition, Thanks, UseKind
from referrals.releasing import NEGOTIABLE
from referrals.standing import load_standing
from referrals.suitability import recommendation, suitability

State = ReferenceCustomer.State
_EARLY = frozenset({State.CANDIDATE, State.QUALIFIED, State.ASKED, State.THINKING, State.DECLINED})
"""States in which nothing is agreed on: the page is about asking."""


@require_safe
@allow("customer.see")
def reference_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return page(request, found(request, pk))


@require_safe
@allow("customer.see")
def reference_of(request: HttpRequest, pk: int) -> HttpResponse:
    """Where a customer's reference is: its page, or what speaks for and against taking him up."""
    customer = visible_customer(request.user, pk)
    known = ReferenceCustomer.objects.visible_to(request.user).filter(customer=customer).first()
    if known is not None:
        return redirect("references:detail", known.pk)
    standing = load_standing(customer, timezone.localdate())
    tells = tells_answers(request, customer.pk)
    context = {
        "customer": customer,
        "gates": [doing.gate_text(gate, tells_answers=tells) for gate in standing.gates],
        "is_regular": standing.traits.is_regular,
        "may_ask": allowed(request.user, "reference.ask"),
    }
    return render(request, "references/reference_new.html", context)


@require_POST
@allow("reference.ask")
def reference_take_up(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a customer up as a candidate."""
    reference = asking.make_candidate(actor=request.user, customer=visible_customer(request.user, pk))
    return redirect("references:detail", reference.pk)


@require_POST
@allow("reference.ask")
def reference_mark(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that the customer seems content, so that his owner asks at the right moment."""
    customer = visible_customer(request.user, pk)
    moments.mark_impression(actor=request.user, customer=customer, today=timezone.localdate())
    text = _("Noted: %(customer)s seems content. The owner finds it on his list on the next working day.")
    messages.success(request, text % {"customer": customer})
    return redirect("references:of", pk)


@require_POST
@allow("reference.ask")
def reference_rate(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down how colleagues see him."""
    reference = found(request, pk)
    form = RatingForm(request.POST, reference=reference)
    if not form.is_valid():
        return page(request, reference, complaints=form.messages, status=422)
    asking.rate(actor=request.user, reference=reference, said=form.said)
    value = reference.suitability
    messages.success(request, _("Rated: %(points)s of 100.") % {"points": value} if value is not None else _("Rated; no points yet."))
    return redirect("references:detail", pk)


@require_POST
@allow("customer.see")
def reference_act(request: HttpRequest, pk: int) -> HttpResponse:
    """Carry out one act; what is missing comes back with the page and everything that was typed."""
    reference, form = found(request, pk), ActForm(request.POST)
    if not form.is_valid():
        return page(request, reference, complaints=form.messages, typed=form.data, status=422)
    try:
        doing.do(request.user, reference, form)
    except doing.REFUSALS as error:
        tells = tells_answers(request, reference.customer_id)
        messages.error(request, doing.refusal_text(found(request, pk), error, tells_answers=tells))
        return redirect("references:detail", pk)
    text = done_text(Act(form.cleaned_data["act"]), found(request, pk))
    step = reference.transitions.order_by("-pk").first()
    if step and step.by_id == request.user.pk and step.to_state in moving.UNDOABLE and step.before:
        say_with_undo(request, text, reverse("references:undo", args=[step.pk]))
    else:
        messages.success(request, text)
    return redirect("references:detail", pk)


@require_POST
@allow("customer.see")
def reference_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one's own last step back while it is fresh."""
    seen = ReferenceCustomer.objects.visible_to(request.user).values("pk")
    step = get_object_or_404(ReferenceTransition.objects.select_related("reference__customer"), pk=pk, reference__in=seen)
    try:
        moving.undo_reference_step(actor=request.user, step=step)
    except UndoRefused:
        messages.error(request, _("Not undone: it is more than two minutes ago, or somebody went on with it."))
    else:
        messages.info(request, _("%(customer)s is as before.") % {"customer": step.reference.customer})
    return redirect("references:detail", step.reference_id)


def page(
    request: HttpRequest,
    reference: ReferenceCustomer,
    *,
    complaints: list[str] | None = None,
    typed: dict | None = None,
    typed_scope: int | None = None,
    scope_form: ScopeForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The whole page; `complaints` say what stood in the way of what was just posted, for the use of `typed_scope`."""
    user, today, customer = request.user, timezone.localdate(), reference.customer
    standing, tells = load_standing(customer, today), tells_answers(request, customer.pk)
    may_release, shows_authors = allowed(user, "reference.release"), allowed(user, "author.see")
    acts = doing.possible_acts(user, reference)
    person = _whom_to_ask(reference, today) if acts else None
    context = {
        "reference": reference,
        "customer": customer,
        "chip": state_chip(reference),
        "is_early": reference.state in _EARLY,
        "score": suitability(standing.traits),
        "parts": part_labels(suitability(standing.traits)),
        "recommendation": recommendation(standing.traits).value,
        "gates": [doing.gate_text(gate, tells_answers=tells) for gate in standing.gates],
        "last_rating": standing.traits.last_rating if tells else None,
        "rating_form": RatingForm(reference=reference, initial=_rated(reference)),
        "scopes": ScopeView.of(reference, today, shows_texts=may_release),
        "scope_form": scope_form or ScopeForm(),
        "uses": use_views(user, reference, today),
        "may_ask": allowed(user, "reference.ask"),
        "may_release": may_release,
        "may_use": allowed(user, "reference.use"),
        "may_negotiate": allowed(user, "reference.ask") and reference.state in NEGOTIABLE,
        "acts": acts,
        "contacts": list(customer.contacts.order_by("pk")) if Act.ASK in acts else [],
        "person": person,
        "askers": doing.askers() if Act.HAND_ON in acts else [],
        "legal_choices": _legal_choices(reference) if Act.ASK in acts else [],
        "until": display.date(asking.default_thinking_until(today)),
        "sayings": saying.reference_sayings(person) if acts else [],
        "history": _history(reference, shows_authors=shows_authors),
        "complaints": complaints or [],
        "typed": typed or {},
        "typed_scope": typed_scope,
        "kinds": UseKind.choices,
        "places": Place.choices,
        "outcomes": Outcome.choices,
        "ways": Thanks.How.choices,
        "today": display.date(today),
    }
    return render(request, "references/reference_detail.html", context, status=status)


def _whom_to_ask(reference: ReferenceCustomer, today: dt.date) -> Contact | None:
    """The person the reference is about, else the one a call would be for."""
    customer = reference.customer
    return reference.contact or whom_to_ask(reads.people([customer.pk]), [], reads.latest_activities(customer), today)


def found(request: HttpRequest, pk: int) -> ReferenceCustomer:
    rows = ReferenceCustomer.objects.visible_to(request.user).select_related("customer__owner", "customer__facts", "contact", "asked_by")
    return get_object_or_404(rows, pk=pk)


def tells_answers(request: HttpRequest, customer_id: int) -> bool:
    """Whether this person may know what the customer answered in surveys: his owner and the management, where the survey said so."""
    return Response.objects.named_to(request.user).counted().filter(customer=customer_id).exists()


def _rated(reference: ReferenceCustomer) -> dict:
    ratings = {name: getattr(reference, name) for name in asking.RATINGS}
    flags = {name: getattr(reference, name) for name in asking.FLAGS}
    return {**{name: "" if value is None else str(value) for name, value in ratings.items()}, **flags}


def _legal_choices(reference: ReferenceCustomer) -> list[tuple[str, str]]:
    """The legal reasons of which one has to be stated, none where the gate allows the question anyway."""
    target = reference.contact or reference.customer
    answer = may_contact(target, Channel.PHONE, Purpose.REFERENCE, timezone.localdate(), is_exempt=True)
    return [(choice, basis_label(choice)) for choice in answer.choices] if answer.answer == Answer.UNCLEAR else []


def _history(reference: ReferenceCustomer, *, shows_authors: bool) -> list[dict]:
    words = {UNDONE: _("undone"), "release_ended": _("the release has ended"), "stopped": _("deliveries are stopped")}
    return [
        {
            "day": display.date(timezone.localdate(step.at)),
            "state": State(step.to_state).label,
            "is_step": step.from_state != step.to_state,
            "reason": words.get(step.reason, step.reason),
            "by": (step.by.full_name if step.by else _("by itself")) if shows_authors or not step.by else "",
        }
        for step in reference.transitions.select_related("by").order_by("-pk")
    ]
