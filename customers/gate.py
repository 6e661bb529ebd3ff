"""The contact gate: the only way to a call, a mail, a letter or an invitation.

`may_contact` loads what is known about one target, `may_contact_many` about many in a fixed number of queries; both ask the
one pure function in gate_rules.py. The answer given when a card opens travels signed in the form and is stored with the
activity, so that a call that was made can be saved even when the facts changed meanwhile.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace

from django.core import signing
from django.db.models import Count, DateField, Max
from django.utils.translation import gettext as _

from customers.gate_rules import EXPLANATION_LENGTH_LEAST, Answer, Block, GateAnswer, GateFacts, LegalReason, Policy, Purpose, decide
from customers.models import Activity, Complaint, Consent, Contact, ContactBlock, Customer, CustomerFacts, PurchaseRhythm
from customers.models.activities import Outcome
from customers.models.permissions import Channel
from customers.models.products import ProductGroup
from customers.preferences import CustomersPreferences
from innendienst.base import preferences
from innendienst.base.preferences import CompanyPreferences
from innendienst.lib import display
from innendienst.lib.dates import add_working_days
from innendienst.lib.prepared import IdsParam, Param, Prepared

__all__ = [
    "Answer",
    "GateAnswer",
    "LegalReason",
    "PeopleAnswers",
    "Purpose",
    "gate_text",
    "may_contact",
    "may_contact_many",
    "may_contact_people",
    "sign",
    "state_reason",
    "unsign",
]

_SALT = "customers.gate"
_DAY_SECONDS = 24 * 3600
_PRESSURE_WINDOW = dt.timedelta(days=90)
_SELLING_OUTCOMES = (Outcome.REACHED, Outcome.INTERESTED, Outcome.ORDER, Outcome.NO_NEED)
_WHY = "the gate weighs all facts, whoever asks"
_STANDING_BLOCKS = Prepared(
    lambda: ContactBlock.objects.for_system(_WHY).filter(customer__in=IdsParam("customers"), lifted_at=None).order_by("set_on")
)
_SELLING_CALLS = Prepared(
    lambda: (
        Activity.objects.for_system(_WHY)
        .standing()
        .filter(customer__in=IdsParam("customers"), direction=Activity.Direction.OUTGOING, outcome__in=_SELLING_OUTCOMES)
        .filter(at__date__gt=Param("after", DateField()))
        .values("customer")
        .annotate(count=Count("pk"), last=Max("at__date"))
    )
)
_STANDING_CONSENTS = Prepared(
    lambda: Consent.objects.for_system(_WHY).filter(customer=Param("customer"), revoked_at=None).values_list("contact", "channel")
)


PeopleAnswers = dict[int | None, dict[str, GateAnswer]]


class ReasonMissing(ValueError):
    """A legal reason must be stated before this call can be logged, or the stated one needs an explanation."""


def may_contact(
    target: Customer | Contact, channel: str, purpose: Purpose, on: dt.date, topic: ProductGroup | None = None, *, is_exempt: bool = False
) -> GateAnswer:
    """The gate's answer for a person or a company's switchboard. `topic` demands that the group was bought before."""
    customer = target.customer if isinstance(target, Contact) else target
    contacts = [target] if isinstance(target, Contact) else []
    people = _people_facts(customer, contacts, on, topic)
    return decide(people[contacts[0].pk if contacts else None], channel, purpose, on, _policy(), is_exempt=is_exempt)


def may_contact_many(customers: Iterable[Customer], channel: str, purpose: Purpose, on: dt.date) -> dict[int, GateAnswer]:
    """Customer id → answer for the switchboard of each; five queries however many there are."""
    asked, policy = list(customers), _policy()
    facts = _load(asked, on, _standing_blocks([customer.pk for customer in asked]))
    return {pk: decide(known, channel, purpose, on, policy) for pk, known in facts.items()}


def may_contact_people(
    customer: Customer, contacts: Iterable[Contact], purpose: Purpose, on: dt.date, *, is_exempt: bool = False
) -> PeopleAnswers:
    """Contact id → channel → answer for the people of one customer, None for the company itself; a fixed number of queries."""
    policy = _policy()
    return {
        pk: {channel: decide(facts, channel, purpose, on, policy, is_exempt=is_exempt) for channel in Channel.values}
        for pk, facts in _people_facts(customer, contacts, on).items()
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
        case Answer.DENIED, _rule:
            return _("Not allowed: no consent for this channel.")
        case Answer.UNCLEAR, "open_complaint":
            return _("Clarify the legal basis: a complaint is open, selling rests.")
        case Answer.UNCLEAR, "pressure":
            return _("Clarify the legal basis: contacted recently, selling again from %(next_on)s.") % day
        case Answer.UNCLEAR, _rule:
            return _("Clarify the legal basis: no order and no declaration on record.")
    if "last_order_on" in day:
        return _("Allowed: existing customer, last order on %(last_order_on)s.") % day
    if "declared_on" in day:
        return _("Allowed: existing customer, declared on %(declared_on)s.") % day
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


def _people_facts(
    customer: Customer, contacts: Iterable[Contact], on: dt.date, topic: ProductGroup | None = None
) -> dict[int | None, GateFacts]:
    """Contact id → what is known about the person; None for the company itself, whose blocks hold for everybody."""
    standing = _standing_blocks([customer.pk])
    company = _load([customer], on, standing, topic)[customer.pk]
    asked = list(contacts)
    consents = _personal_consents(customer.pk) if asked else {}
    people = {
        contact.pk: replace(
            company,
            blocks=(*company.blocks, *standing[customer.pk, contact.pk]),
            consented_channels=frozenset(consents[contact.pk]),
        )
        for contact in asked
    }
    return {None: company, **people}


def _load(
    customers: list[Customer], on: dt.date, standing: Mapping[tuple[int, int | None], list[Block]], topic: ProductGroup | None = None
) -> dict[int, GateFacts]:
    """Customer id → what is known about the company."""
    ids = [customer.pk for customer in customers]
    kept = _kept_facts(customers)
    contacted = _selling_contacts(ids, on)
    complaining = _complaining(customers, kept)
    declared = _declared(customers)
    bought_topic = set(_buyers(ids, topic)) if topic else set(ids)
    state = preferences.get(CompanyPreferences).state
    pause = preferences.get(CustomersPreferences).pressure_days
    return {
        customer.pk: GateFacts(
            blocks=tuple(standing[customer.pk, None]),
            last_order_on=_last_order_on(customer, kept.get(customer.pk)),
            declared_on=declared.get(customer.pk),
            has_bought_topic=customer.pk in bought_topic,
            has_open_complaint=customer.pk in complaining,
            selling_contacts_count=contacted[customer.pk][0] if customer.pk in contacted else 0,
            next_contact_on=add_working_days(contacted[customer.pk][1], pause, state) if customer.pk in contacted else None,
        )
        for customer in customers
    }


def _declared(customers: list[Customer]) -> dict[int, dt.date]:
    """Customer id → the day on which an import declared him to be one."""
    ids = [customer.pk for customer in customers if customer.declared_in_id]
    if not ids:
        return {}
    return dict(Customer.objects.for_system(_WHY).filter(pk__in=ids).values_list("pk", "declared_in__started_at__date"))


def _kept_facts(customers: list[Customer]) -> dict[int, CustomerFacts]:
    """Facts that came with the customers are good enough; the others are read together."""
    held = {customer.pk: customer.facts for customer in customers if Customer.facts.is_cached(customer) and hasattr(customer, "facts")}
    missing = [customer.pk for customer in customers if not Customer.facts.is_cached(customer)]
    read = CustomerFacts.objects.for_system(_WHY).filter(pk__in=missing) if missing else ()
    return {**held, **{facts.pk: facts for facts in read}}


def _complaining(customers: list[Customer], kept: dict[int, CustomerFacts]) -> set[int]:
    """Customers with an open complaint: by the kept count, counted for those who have no facts yet."""
    new = [customer.pk for customer in customers if customer.pk not in kept]
    counted = {pk for pk, facts in kept.items() if facts.open_complaints_count}
    if not new:
        return counted
    unresolved = Complaint.objects.for_system(_WHY).unresolved().filter(customer__in=new)
    return counted | set(unresolved.values_list("customer", flat=True))


def _last_order_on(customer: Customer, facts: CustomerFacts | None) -> dt.date | None:
    return (facts and facts.last_order_on) or customer.stated_last_order_on


def _standing_blocks(ids: list[int]) -> dict[tuple[int, int | None], list[Block]]:
    """Customer and contact id (None: the whole company) → standing blocks, the oldest first."""
    found: dict[tuple[int, int | None], list[Block]] = defaultdict(list)
    for block in _STANDING_BLOCKS(customers=ids):
        kept = Block(block.channel, block.kind == ContactBlock.Kind.OBJECTION, block.set_on)
        found[block.customer_id, block.contact_id].append(kept)
    return found


def _personal_consents(customer_id: int) -> dict[int, list[str]]:
    """Contact id → channels the person agreed to."""
    found: dict[int, list[str]] = defaultdict(list)
    for contact_id, channel in _STANDING_CONSENTS(customer=customer_id):
        found[contact_id].append(channel)
    return found


def _selling_contacts(ids: list[int], on: dt.date) -> dict[int, tuple[int, dt.date]]:
    """Customer id → how many selling contacts we started in 90 days, and the day of the last."""
    calls = _SELLING_CALLS(customers=ids, after=on - _PRESSURE_WINDOW)
    return {row["customer"]: (row["count"], row["last"]) for row in calls}


def _buyers(ids: list[int], topic: ProductGroup) -> Iterable[int]:
    bought = PurchaseRhythm.objects.for_system(_WHY).filter(customer__in=ids, product__group=topic)
    return bought.values_list("customer", flat=True).distinct()
