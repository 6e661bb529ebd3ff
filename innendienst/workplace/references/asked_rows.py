"""Rows of the five questions in finished texts: evidence, what speaks against asking, points with their parts, values to be rated."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from django.db.models import CharField
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext as _

from accounts.models import User
from customers.models import Customer, CustomerFacts
from innendienst.lib import display
from innendienst.lib.prepared import IdsParam, Param, Prepared
from innendienst.workplace.duties import moment_text
from innendienst.workplace.references import doing
from innendienst.workplace.references.listing import state_markup
from innendienst.workplace.references.parts import part_names
from nps.querysets import ids_looked_after_by
from referrals import asking
from referrals.five_questions import Question
from referrals.models import ReferenceCustomer, ReferenceMoment
from referrals.standing import Standing, load_standings
from referrals.suitability import CONNECTED_LEAST, Gate, Traits, recommendation, suitability

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
    answering = [one for one in shown if _has_answer_to_tell(question, standings[one.pk])]
    telling = ids_looked_after_by(user, answering) if answering else set()
    praise = {pk: standings[pk].praise for pk in telling}
    evidence = _evidence(question, shown, standings, praise, today)
    words = _Words(sent_with, as_recommender=question == Question.NAME)
    return [words.row(customer, standings[customer.pk], evidence[customer.pk], customer.pk in telling) for customer in shown]


def _has_answer_to_tell(question: str, standing: Standing) -> bool:
    """Whether his row would say what he answered, to whom may know it."""
    is_critical = Gate.DETRACTOR in standing.gates and standing.has_named_answer
    return is_critical or (question == Question.RECOMMEND and standing.praise is not None)


class _Words:
    """What rows have in common, found once."""

    def __init__(self, sent_with: SafeString, *, as_recommender: bool) -> None:
        self._sent_with, self._as_recommender = sent_with, as_recommender
        self._language, self._not_now = get_language() or "", _("Not to be asked at present")

    def row(self, customer: Customer, standing: Standing, evidence: str, tells_answers: bool) -> AskedRow:
        reference = standing.reference
        kept = reference or _UNRATED
        return AskedRow(
            url=f"/references/customers/{customer.pk}/",
            rate_url=f"/references/customers/{customer.pk}/rate/",
            name=customer.name,
            evidence=evidence,
            points=self._points(standing, tells_answers),
            sent_with=self._sent_with,
            state=state_markup(reference.state, reference.thinking_until, self._language) if reference else display.UNKNOWN,
            **{name: "" if getattr(kept, name) is None else str(getattr(kept, name)) for name in asking.RATINGS},
            **{name: _CHECKED if getattr(kept, name) else _NOTHING for name in asking.FLAGS},
        )

    def _points(self, standing: Standing, tells_answers: bool) -> str:
        if standing.gates:
            why = ", ".join(doing.gate_text(gate, tells_answers=tells_answers) for gate in standing.gates)
            return format_html('<span class="warn">{}: {}</span>', self._not_now, why)
        return _points_text(standing.traits, self._as_recommender, self._language)


@lru_cache(maxsize=5_000)
def _points_text(traits: Traits, as_recommender: bool, language: str) -> str:
    """Points with their parts; many customers have the same traits."""
    score = recommendation(traits) if as_recommender else suitability(traits)
    if score.value is None:
        return _("not rated")
    names = part_names()
    parts = " · ".join(f"{names[part.key]} {display.number(part.points or 0, language=language)}/{part.most}" for part in score.parts)
    return format_html('{}<br><span class="soft small">{}</span>', _("%(points)s of 100") % {"points": score.value}, parts)


def _evidence(question: str, shown: list[Customer], standings: dict[int, Standing], praise: dict, today: dt.date) -> dict[int, str]:
    """Customer id → why he stands in this list."""
    match question:
        case Question.COMPLETED | Question.MADE_GOOD:
            return _moment_evidence(question, shown)
        case Question.REGULAR:
            sentence = _("Customer since %(year)s, %(count)s orders in 12 months, %(revenue)s; last order %(ago)s.")
            language = get_language() or ""
            return {customer.pk: sentence % _buying(customer, today, language) for customer in shown}
        case Question.RECOMMEND:
            return {customer.pk: _content(standings[customer.pk], praise.get(customer.pk)) for customer in shown}
    return {customer.pk: _connected(standings[customer.pk]) for customer in shown}


def _moment_evidence(question: str, shown: list[Customer]) -> dict[int, str]:
    kind = ReferenceMoment.Kind.DELIVERY if question == Question.COMPLETED else ReferenceMoment.Kind.COMPLAINT
    moments = _MOMENTS(ids=[customer.pk for customer in shown], kind=kind)
    found: dict[int, str] = defaultdict(str)
    for moment in {moment.customer_id: moment for moment in moments}.values():
        found[moment.customer_id] = moment_text(moment)
    return found


def _buying(customer: Customer, today: dt.date, language: str) -> dict[str, object]:
    facts: CustomerFacts = customer.facts
    since = customer.customer_since or facts.first_order_on
    return {
        "year": since.year if since else display.UNKNOWN,
        "count": display.number(facts.orders_12m_count, language=language),
        "revenue": display.euros(facts.revenue_12m, language=language),
        "ago": display.ago(facts.last_order_on, today, language) if facts.last_order_on else display.UNKNOWN,
    }


def _content(standing: Standing, praise: tuple[int, dt.date] | None) -> str:
    if praise:
        return _("Rating %(rating)s of 10 on %(day)s.") % {"rating": praise[0], "day": display.date(praise[1])}
    return _("Rated by colleagues: well disposed %(rating)s of 3.") % {"rating": standing.traits.well_disposed}


def _connected(standing: Standing) -> str:
    traits = standing.traits
    if traits.named_count:
        facts = {"named": traits.named_count, "won": traits.won_count}
        return _("Contacts named so far: %(named)s, became customers: %(won)s.") % facts
    if traits.well_connected is None or traits.well_connected < CONNECTED_LEAST:
        return _("Recommends us; has named nobody so far.")
    return _("Rated by colleagues: well connected %(rating)s of 3.") % {"rating": traits.well_connected}
