"""The contact gate: the only way to a call, a mail, a letter or an invitation.

`may_contact` asks about one target, `may_contact_many` about many. What is known of them comes from gate_facts.py in a fixed
number of queries, and the one pure function in gate_rules.py decides. The answer given when a card opens travels signed in the
form and is stored with the activity, so that a call that was made can be saved even when the facts changed meanwhile.
"""

import datetime as dt
from collections.abc import Container, Iterable, Mapping
from dataclasses import asdict

from django.core import signing
from django.utils.translation import gettext as _

from customers.gate_facts import Topic, facts_of_everybody, facts_of_many, facts_of_people
from customers.gate_rules import EXPLANATION_LENGTH_LEAST, Answer, GateAnswer, LegalReason, Policy, Purpose, decide
from customers.models import Contact, Customer
from customers.models.permissions import Channel
from customers.models.products import ProductGroup
from customers.preferences import CustomersPreferences
from innendienst.base import preferences
from innendienst.lib import display

__all__ = [
    "Answer",
    "GateAnswer",
    "LegalReason",
    "PeopleAnswers",
    "Purpose",
    "gate_text",
    "may_contact",
    "may_contact_everybody",
    "may_contact_many",
    "may_contact_people",
    "sign",
    "state_reason",
    "unsign",
]

_SALT = "customers.gate"
_DAY_SECONDS = 24 * 3600

PeopleAnswers = dict[int | None, dict[str, GateAnswer]]


class ReasonMissing(ValueError):
    """A legal reason must be stated before this call can be logged, or the stated one needs an explanation."""


def may_contact(
    target: Customer | Contact,
    channel: str,
    purpose: Purpose,
    on: dt.date,
    topic: ProductGroup | Topic | None = None,
    *,
    is_exempt: bool = False,
) -> GateAnswer:
    """The gate's answer for a person or a company's switchboard. `topic` demands that the group, or one of them, was bought before."""
    groups = {topic.pk} if isinstance(topic, ProductGroup) else topic or ()
    customer = target.customer if isinstance(target, Contact) else target
    contacts = [target] if isinstance(target, Contact) else []
    facts = facts_of_people(customer, contacts, on, groups)[contacts[0].pk if contacts else None]
    return decide(facts, channel, purpose, on, _policy(), is_exempt=is_exempt)


def may_contact_many(
    customer_ids: Iterable[int], channel: str, purpose: Purpose, on: dt.date, *, exempt: Container[int] = ()
) -> dict[int, GateAnswer]:
    """Customer id → answer for the switchboard of each; four to six queries however many there are.

    Contact pressure spares the customers whose ids are `exempt`.
    """
    policy, known = _policy(), facts_of_many(list(customer_ids), on)
    return {pk: decide(facts, channel, purpose, on, policy, is_exempt=pk in exempt) for pk, facts in known.items()}


def may_contact_people(
    customer: Customer, contacts: Iterable[Contact], purpose: Purpose, on: dt.date, topic: Topic = (), *, is_exempt: bool = False
) -> PeopleAnswers:
    """Contact id → channel → answer for the people of one customer, None for the company itself; a fixed number of queries."""
    policy = _policy()
    return {
        pk: {channel: decide(facts, channel, purpose, on, policy, is_exempt=is_exempt) for channel in Channel.values}
        for pk, facts in facts_of_people(customer, contacts, on, topic).items()
    }


def may_contact_everybody(
    customers: Iterable[Customer],
    contacts: Iterable[Contact],
    purpose: Purpose,
    on: dt.date,
    topics: Mapping[int, Topic] | None = None,
    *,
    exempt: Container[int] = (),
) -> dict[tuple[int, int | None], dict[str, GateAnswer]]:
    """(customer id, contact id) → channel → answer for these people of many customers, None for each company itself.

    `topics` say by customer id what the contact is about, where that is known. Contact pressure spares the customers whose ids are
    `exempt`. Six queries however many there are, one more for topics.
    """
    policy = _policy()
    return {
        target: {channel: decide(facts, channel, purpose, on, policy, is_exempt=target[0] in exempt) for channel in Channel.values}
        for target, facts in facts_of_everybody(list(customers), contacts, on, topics or {}).items()
    }


def sign(answer: GateAnswer, customer: Customer, contact_id: int | None = None) -> str:
    """The answer for a person, or for the company's switchboard, as text that a form carries and nobody can change."""
    return signing.dumps({**asdict(answer), "target": [customer.pk, contact_id]}, salt=_SALT)


def unsign(text: str, customer: Customer, contact_id: int | None = None) -> GateAnswer | None:
    """The answer that was signed for this very person or switchboard within the last day, else None."""
    try:
        values = signing.loads(text, salt=_SALT, max_age=_DAY_SECONDS)
    except signing.BadSignature:
        return None
    if values.pop("target", None) != [customer.pk, contact_id]:
        return None
    return GateAnswer(**{**values, "answer": Answer(values["answer"]), "choices": tuple(values["choices"])})


def state_reason(answer: GateAnswer, reason: str, explanation: str = "") -> GateAnswer:
    """The answer with a legal reason stated by a person. Raises ReasonMissing where it does not suffice."""
    if reason not in answer.choices or (reason == LegalReason.CONCRETE_REASON and len(explanation.strip()) < EXPLANATION_LENGTH_LEAST):
        raise ReasonMissing(reason)
    stated = {**answer.facts, "explanation": explanation.strip()} if explanation.strip() else answer.facts
    return GateAnswer(Answer.ALLOWED, answer.rule, basis=reason, facts=stated)


def gate_text(answer: GateAnswer) -> str:
    """The answer as a sentence for the screen."""
    day = {key: display.date(dt.date.fromisoformat(value)) for key, value in answer.facts.items() if key != "explanation"}
    match answer.answer, answer.rule:
        case Answer.DENIED, "objection":
            return _("Not allowed: objected to advertising on %(since)s.") % day
        case Answer.DENIED, "block":
            return _("Not allowed: do not contact, since %(since)s.") % day
        case Answer.DENIED, "open_complaint":
            return _("Not allowed: a complaint is open.")
        case Answer.DENIED, "letter_only":
            return _("Not allowed: knows nothing of the recommendation, a letter is possible.")
        case Answer.DENIED, _rule:
            return _("Not allowed: no consent for this channel.")
        case Answer.UNCLEAR, "open_complaint":
            return _("Clarify the legal basis: a complaint is open, selling rests.")
        case Answer.UNCLEAR, "pressure":
            return _("Clarify the legal basis: contacted recently, selling again from %(next_on)s.") % day
        case Answer.UNCLEAR, "legal_check":
            return _("Clarify the legal basis: named by a recommender, the legal check is open.")
        case Answer.UNCLEAR, "other_goods":
            return _("Clarify the legal basis: never bought goods of this kind.")
        case Answer.UNCLEAR, _rule:
            return _("Clarify the legal basis: no order and no declaration on record.")
    if "last_order_on" in day:
        return _("Allowed: existing customer, last order on %(last_order_on)s.") % day
    if "declared_on" in day:
        return _("Allowed: existing customer, declared on %(declared_on)s.") % day
    if "mail_notice_on" in day:
        return _("Allowed: address from a sale with notice on %(mail_notice_on)s, similar goods.") % day
    return _("Allowed: %(basis)s.") % {"basis": basis_label(answer.basis)}


def basis_label(basis: str) -> str:
    """The name of a basis or legal reason on the screen."""
    return {
        "service": _("service"),
        "letter": _("letter, no objection"),
        LegalReason.EXISTING_CUSTOMER: _("Existing customer"),
        LegalReason.INQUIRY: _("Inquiry"),
        LegalReason.CALLBACK: _("Call-back requested"),
        LegalReason.CONSENT: _("Consent"),
        LegalReason.CONCRETE_REASON: _("Concrete reason"),
    }.get(basis, basis)


def _policy() -> Policy:
    stored = preferences.get(CustomersPreferences)
    return Policy(stored.permission_months, stored.pressure_days, stored.pressure_most)
