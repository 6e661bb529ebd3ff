"""The five questions as pages: each row with its evidence, what speaks against asking, and the criteria to be rated in place."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from accounts.permissions import allow, allowed
from customers.models import Customer, CustomerFacts
from innendienst.lib import display
from innendienst.lib.paging import read_page
from innendienst.workplace.chips import Chip
from innendienst.workplace.duties import moment_text
from innendienst.workplace.reads import visible_customer
from innendienst.workplace.references import doing
from innendienst.workplace.references.forms import RatingForm
from innendienst.workplace.references.listing import state_chip
from nps.models import Response
from referrals import asking
from referrals.models import ReferenceCustomer, ReferenceMoment
from referrals.questions import LABELS, Question, customers_for
from referrals.standing import Standing, load_standings
from referrals.suitability import recommendation, suitability

PER_PAGE = 25
_WHY = "rows found by visible_to"
SHORT = {
    Question.REGULAR: gettext_lazy("Regular customers"),
    Question.COMPLETED: gettext_lazy("Just completed"),
    Question.MADE_GOOD: gettext_lazy("Made good"),
    Question.RECOMMEND: gettext_lazy("Could recommend"),
    Question.NAME: gettext_lazy("Could name others"),
}


@dataclass(frozen=True)
class AskedRow:
    """One customer of a list; `points` is "nicht bewertet" while a criterion is missing."""

    customer: Customer
    evidence: str
    points: str
    chip: Chip | None
    gates: str
    form: RatingForm


@require_safe
@allow("customer.see")
def question_list(request: HttpRequest, question: str) -> HttpResponse:
    if question not in set(Question):
        raise Http404
    user, today = request.user, timezone.localdate()
    found = customers_for(question, user, today)
    page = read_page(found, request.GET.get("page"), PER_PAGE, lambda ids: _rows(user, question, ids, today))
    context = {
        "page": page,
        "question": question,
        "label": LABELS[Question(question)],
        "questions": [(key.value, SHORT[key]) for key in Question],
        "may_ask": allowed(user, "reference.ask"),
    }
    return render(request, "references/question_list.html", context)


@require_POST
@allow("reference.ask")
def rate_in_list(request: HttpRequest, pk: int) -> HttpResponse:
    """Rate a customer where he stands; he is a candidate from then on."""
    customer = visible_customer(request.user, pk)
    reference = asking.make_candidate(actor=request.user, customer=customer)
    form = RatingForm(request.POST, reference=reference)
    if form.is_valid():
        asking.rate(actor=request.user, reference=reference, said=form.said)
        messages.success(request, _("%(customer)s rated.") % {"customer": customer})
    else:
        messages.error(request, " ".join(form.messages))
    question = request.POST.get("question", "")
    back = reverse("references:question", args=[question if question in set(Question) else Question.REGULAR])
    page = request.POST.get("page", "")
    return redirect(f"{back}?page={page}" if page.isdecimal() else back)


def _rows(user: User, question: str, ids: Sequence[int], today: dt.date) -> list[AskedRow]:
    customers = {row.pk: row for row in Customer.objects.for_system(_WHY).filter(pk__in=ids).select_related("facts")} if ids else {}
    shown = [customers[pk] for pk in ids if pk in customers]
    standings = load_standings(shown, today)
    references = {row.customer_id: row for row in ReferenceCustomer.objects.for_system(_WHY).filter(customer__in=ids)}
    told = _told_answers(user, ids)
    evidence = _evidence(question, shown, standings, told, today)
    score = recommendation if question == Question.NAME else suitability
    return [
        AskedRow(
            customer=customer,
            evidence=evidence[customer.pk],
            points=_points(score(standings[customer.pk].traits).value),
            chip=state_chip(references[customer.pk]) if customer.pk in references else None,
            gates=", ".join(doing.gate_text(gate, tells_answers=customer.pk in told) for gate in standings[customer.pk].gates),
            form=_form(customer, references.get(customer.pk)),
        )
        for customer in shown
    ]


def _form(customer: Customer, reference: ReferenceCustomer | None) -> RatingForm:
    kept = reference or ReferenceCustomer(customer=customer)
    ratings = {name: getattr(kept, name) for name in asking.RATINGS}
    initial = {name: "" if value is None else str(value) for name, value in ratings.items()}
    initial |= {name: getattr(kept, name) for name in asking.FLAGS}
    return RatingForm(reference=kept, initial=initial, auto_id=f"id_{customer.pk}_%s")


def _points(value: int | None) -> str:
    return _("not rated") if value is None else _("%(points)s of 100") % {"points": value}


def _told_answers(user: User, ids: Sequence[int]) -> dict[int, tuple[int, dt.date]]:
    """Customer id → his last answer and its day, where this person may know it."""
    answers = Response.objects.named_to(user).counted().filter(customer__in=ids).order_by("answered_on", "pk")
    return {customer_id: (rating, day) for customer_id, rating, day in answers.values_list("customer", "rating", "answered_on")}


def _evidence(question: str, shown: list[Customer], standings: dict[int, Standing], told: dict, today: dt.date) -> dict[int, str]:
    if question in {Question.COMPLETED, Question.MADE_GOOD}:
        return _moment_evidence(question, shown)
    sentence = {Question.REGULAR: _regular, Question.RECOMMEND: _content, Question.NAME: _connected}[Question(question)]
    return {customer.pk: sentence(customer, standings[customer.pk], told.get(customer.pk), today) for customer in shown}


def _moment_evidence(question: str, shown: list[Customer]) -> dict[int, str]:
    kind = ReferenceMoment.Kind.DELIVERY if question == Question.COMPLETED else ReferenceMoment.Kind.COMPLAINT
    moments = ReferenceMoment.objects.for_system(_WHY).filter(customer__in=shown, kind=kind).order_by("occasion_on")
    found: dict[int, str] = defaultdict(str)
    for moment in moments:
        found[moment.customer_id] = moment_text(moment)
    return found


def _regular(customer: Customer, _standing: Standing, _answer, today: dt.date) -> str:
    facts: CustomerFacts = customer.facts
    since = customer.customer_since or facts.first_order_on
    said = {
        "year": since.year if since else "–",
        "count": display.number(facts.orders_12m_count),
        "revenue": display.euros(facts.revenue_12m),
        "ago": display.ago(facts.last_order_on, today) if facts.last_order_on else "–",
    }
    return _("Customer since %(year)s, %(count)s orders in 12 months, %(revenue)s; last order %(ago)s.") % said


def _content(_customer: Customer, standing: Standing, answer, _today: dt.date) -> str:
    if answer and answer[0] >= 9:
        return _("Rating %(rating)s of 10 on %(day)s.") % {"rating": answer[0], "day": display.date(answer[1])}
    return _("Rated by colleagues: well disposed %(rating)s of 3.") % {"rating": standing.traits.well_disposed}


def _connected(_customer: Customer, standing: Standing, _answer, _today: dt.date) -> str:
    traits = standing.traits
    if traits.named_count:
        facts = {"named": traits.named_count, "won": traits.won_count}
        return _("Contacts named so far: %(named)s, became customers: %(won)s.") % facts
    return _("Rated by colleagues: well connected %(rating)s of 3.") % {"rating": traits.well_connected}
