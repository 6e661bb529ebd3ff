"""Rows of the five questions in finished texts: evidence, what speaks against asking, points with their parts, values to be rated."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from django.db.models import CharField
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.models import User
from customers.models import Customer, CustomerFacts
from innendienst.lib import display
from innendienst.lib.prepared import IdsParam, Param, Prepared
from innendienst.workplace.chips import chips_markup
from innendienst.workplace.duties import moment_text
from innendienst.workplace.references import doing
from innendienst.workplace.references.listing import state_chip
from innendienst.workplace.references.parts import part_names
from nps.models import Response
from nps.querysets import ids_looked_after_by
from referrals import asking
from referrals.models import ReferenceCustomer, ReferenceMoment
from referrals.questions import Question
from referrals.standing import Standing, load_standings
from referrals.suitability import PROMOTER_LEAST, Gate, Score, recommendation, suitability

_WHY = "rows found by visible_to"
_FACTS = ("revenue_12m", "orders_12m_count", "first_order_on", "last_order_on", "open_complaints_count")
_SHOWN = Prepared(
    lambda: (
        Customer.objects.for_system(_WHY)
        .filter(pk__in=IdsParam("ids"))
        .select_related("facts")
        .only("name", "customer_since", "owner", "field_owner", "delivery_block", "is_inactive", *(f"facts__{name}" for name in _FACTS))
        .order_by()
    )
)
_MOMENTS = Prepared(
    lambda: (
        ReferenceMoment.objects.for_system(_WHY)
        .filter(customer__in=IdsParam("ids"), kind=Param("kind", CharField()))
        .order_by("occasion_on")
    )
)
_UNRATED = ReferenceCustomer()
_CHECKED, _NOTHING = SafeString("checked"), SafeString("")


class AskedRow(NamedTuple):
    """One customer of a list, in finished texts; `points` is "nicht bewertet" while a criterion is missing.

    The others are what stands in the form that rates him: what it is sent with, points as typed, the mark of each box that is ticked.
    """

    url: str
    rate_url: str
    name: str
    evidence: str
    points: str
    state: str
    sent_with: SafeString
    open_minded: str
    well_disposed: str
    well_connected: str
    is_industry_leader: SafeString
    is_technology_leader: SafeString
    is_well_known: SafeString
    is_strong_brand: SafeString


def asked_rows(user: User, question: str, ids: Sequence[int], today: dt.date, sent_with: SafeString) -> list[AskedRow]:
    """The rows of these customers, who were found by visible_to; a fixed number of queries. `sent_with` are the hidden fields."""
    customers = {row.pk: row for row in _SHOWN(ids=ids)} if ids else {}
    shown = [customers[pk] for pk in ids if pk in customers]
    standings = load_standings(shown, today, with_facts=True)
    told = _told_answers(user, ids) if question == Question.RECOMMEND else {}
    critical = [one for one in shown if Gate.DETRACTOR in standings[one.pk].gates and standings[one.pk].has_named_answer]
    telling = ids_looked_after_by(user, critical) if critical else set()
    evidence = _evidence(question, shown, standings, told, today)
    score = recommendation if question == Question.NAME else suitability
    words = _Words(sent_with)
    return [
        words.row(customer, standings[customer.pk], evidence[customer.pk], score(standings[customer.pk].traits), customer.pk in telling)
        for customer in shown
    ]


class _Words:
    """What rows have in common, translated once."""

    def __init__(self, sent_with: SafeString) -> None:
        self._sent_with = sent_with
        self._not_rated, self._not_now, self._of_100 = _("not rated"), _("Not to be asked at present"), _("%(points)s of 100")
        self._parts = part_names()

    def row(self, customer: Customer, standing: Standing, evidence: str, score: Score, tells_answers: bool) -> AskedRow:
        reference = standing.reference
        kept = reference or _UNRATED
        return AskedRow(
            url=f"/references/customers/{customer.pk}/",
            rate_url=f"/references/customers/{customer.pk}/rate/",
            name=customer.name,
            evidence=evidence,
            points=self._points(standing, score, tells_answers),
            sent_with=self._sent_with,
            state=chips_markup((state_chip(reference),)) if reference else display.UNKNOWN,
            **{name: "" if getattr(kept, name) is None else str(getattr(kept, name)) for name in asking.RATINGS},
            **{name: _CHECKED if getattr(kept, name) else _NOTHING for name in asking.FLAGS},
        )

    def _points(self, standing: Standing, score: Score, tells_answers: bool) -> str:
        if standing.gates:
            why = ", ".join(doing.gate_text(gate, tells_answers=tells_answers) for gate in standing.gates)
            return format_html('<span class="warn">{}: {}</span>', self._not_now, why)
        if score.value is None:
            return self._not_rated
        parts = " · ".join(f"{self._parts[part.key]} {display.number(part.points or 0)}/{part.most}" for part in score.parts)
        return format_html('{}<br><span class="soft small">{}</span>', self._of_100 % {"points": score.value}, parts)


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
    moments = _MOMENTS(ids=[customer.pk for customer in shown], kind=kind)
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
    if answer and answer[0] >= PROMOTER_LEAST:
        return _("Rating %(rating)s of 10 on %(day)s.") % {"rating": answer[0], "day": display.date(answer[1])}
    return _("Rated by colleagues: well disposed %(rating)s of 3.") % {"rating": standing.traits.well_disposed}


def _connected(_customer: Customer, standing: Standing, _answer, _today: dt.date) -> str:
    traits = standing.traits
    if traits.named_count:
        facts = {"named": traits.named_count, "won": traits.won_count}
        return _("Contacts named so far: %(named)s, became customers: %(won)s.") % facts
    return _("Rated by colleagues: well connected %(rating)s of 3.") % {"rating": traits.well_connected}
