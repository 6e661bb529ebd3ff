"""What the gate weighs, read from the tables: of one customer or of many with the same number of queries."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from itertools import chain
from typing import NamedTuple

from django.db.models import DateField, Q

from customers.gate_rules import PRESSURE_WINDOW, Block, GateFacts
from customers.models import Activity, Complaint, Consent, Contact, ContactBlock, Customer, CustomerFacts, PurchaseRhythm
from customers.models.activities import Outcome
from customers.models.permissions import Channel
from customers.preferences import CustomersPreferences
from customers.same_reach.switchboards import bearers_of
from innendienst.base import preferences
from innendienst.base.preferences import CompanyPreferences
from innendienst.lib.dates import add_working_days
from innendienst.lib.prepared import IdsParam, Param, Prepared

_SELLING_OUTCOMES = (Outcome.REACHED, Outcome.INTERESTED, Outcome.ORDER, Outcome.NO_NEED)
_WRITTEN = (Activity.Kind.LETTER, Activity.Kind.MAILSHOT, Activity.Kind.MAIL)
_SERVES = Q(gate_answer__rule="service", gate_answer__rule__isnull=False)
_SELLS = (Q(outcome__in=_SELLING_OUTCOMES) | Q(kind__in=_WRITTEN)) & ~_SERVES
_WHY = "the gate weighs all facts, whoever asks"
_Blocks = defaultdict[tuple[int, int | None], list[Block]]
"""Customer and contact id (None: the whole company) → standing blocks, the oldest first."""
Topic = Collection[int]
"""Ids of the product groups a contact is about, one of which must have been bought; none where nobody says what it is about."""
_Topics = Mapping[int, Topic]
"""Customer id → topic."""
_Shared = dict[str, list[int]]
"""Number → the customers whom the same switchboard reaches, where they are several: one number is one row, whoever it is booked under."""
_STANDING_BLOCKS = Prepared(
    lambda: ContactBlock.objects.for_system(_WHY).filter(customer__in=IdsParam("customers"), lifted_at=None).order_by("set_on")
)
_SELLING_CALLS = Prepared(
    lambda: (
        Activity.objects.for_system(_WHY)
        .standing()
        .filter(_SELLS, customer__in=IdsParam("customers"), direction=Activity.Direction.OUTGOING)
        .filter(at__date__gt=Param("after", DateField()))
        .order_by()
        .values_list("customer", "at__date")
    )
)
_STANDING_CONSENTS = Prepared(
    lambda: Consent.objects.for_system(_WHY).filter(customer=Param("customer"), revoked_at=None).values_list("contact", "channel")
)


_COMPANIES = Prepared(
    lambda: (
        Customer.objects.for_system(_WHY)
        .filter(pk__in=IdsParam("customers"))
        .values_list("pk", "phone_e164", "stated_last_order_on", "declared_in", "facts__last_order_on", "facts__open_complaints_count")
    )
)


class _Company(NamedTuple):
    """What the gate reads of a customer himself; `complaints_count` is None while nothing has been counted for him.

    `number` is that of his switchboard, "" where he has none or is known to share it with nobody.
    """

    pk: int
    number: str
    stated_last_order_on: dt.date | None
    declared_in_id: int | None
    last_order_on: dt.date | None
    complaints_count: int | None


def facts_of_people(customer: Customer, contacts: Iterable[Contact], on: dt.date, topic: Topic = ()) -> dict[int | None, GateFacts]:
    """Contact id → what is known of the person on that day; None for the company itself, whose blocks hold for everybody."""
    companies = _companies([customer])
    shared = _shared(companies)
    standing = _standing_blocks(_with_sharers([customer.pk], shared)) if customer.has_blocks or shared else defaultdict(list)
    company = _of_companies(companies, on, standing, shared, {customer.pk: topic})[customer.pk]
    asked = list(contacts)
    consents = _personal_consents(customer.pk) if asked and customer.has_consents else defaultdict(list)
    people = {
        contact.pk: replace(
            company,
            blocks=(*company.blocks, *standing[customer.pk, contact.pk]),
            consented_channels=frozenset(consents[contact.pk]),
            mail_notice_on=contact.mail_notice_on,
        )
        for contact in asked
    }
    return {None: company, **people}


def facts_of_everybody(
    customers: list[Customer], contacts: Iterable[Contact], on: dt.date, topics: _Topics
) -> dict[tuple[int, int | None], GateFacts]:
    """(customer id, contact id) → what is known of these people on that day; None for each company itself."""
    ids, companies = [customer.pk for customer in customers], _companies(customers)
    shared = _shared(companies)
    standing = _standing_blocks(_with_sharers(ids, shared))
    known = _of_companies(companies, on, standing, shared, topics)
    consents = _consents_of_many(ids)
    found: dict[tuple[int, int | None], GateFacts] = {(pk, None): company for pk, company in known.items()}
    for contact in contacts:
        company = known[contact.customer_id]
        blocks = (*company.blocks, *standing[contact.customer_id, contact.pk])
        found[contact.customer_id, contact.pk] = replace(company, blocks=blocks, consented_channels=frozenset(consents[contact.pk]))
    return found


def facts_of_many(customer_ids: list[int], on: dt.date) -> dict[int, GateFacts]:
    """Customer id → what is known of his switchboard on that day."""
    companies = [_Company._make(row) for row in _COMPANIES(customers=customer_ids)]
    shared = _shared(companies)
    return _of_companies(companies, on, _standing_blocks(_with_sharers(customer_ids, shared)), shared, {})


def _of_companies(companies: list[_Company], on: dt.date, standing: _Blocks, shared: _Shared, topics: _Topics) -> dict[int, GateFacts]:
    contacted = _selling_contacts(companies, shared, on)
    forbidden = _forbidden_numbers(standing, shared)
    complaining = _complaining(companies)
    declared = _declared(companies)
    asked = {pk: topic for pk, topic in topics.items() if topic}
    bought = _bought_groups(asked)
    state = preferences.get(CompanyPreferences).state
    pause = preferences.get(CustomersPreferences).pressure_days
    return {
        company.pk: GateFacts(
            blocks=_company_blocks(company, standing, forbidden),
            last_order_on=company.last_order_on or company.stated_last_order_on,
            declared_on=declared.get(company.pk),
            has_bought_topic=company.pk not in asked or not bought[company.pk].isdisjoint(asked[company.pk]),
            has_topic=company.pk in asked,
            has_open_complaint=company.pk in complaining,
            selling_contacts_on=contacted.get(company.pk, ()),
            next_contact_on=add_working_days(contacted[company.pk][-1], pause, state) if company.pk in contacted else None,
        )
        for company in companies
    }


def _companies(customers: list[Customer]) -> list[_Company]:
    """Facts that came with the customers are good enough; the others are read together."""
    held = {customer.pk: customer.facts for customer in customers if Customer.facts.is_cached(customer) and hasattr(customer, "facts")}
    missing = [customer.pk for customer in customers if not Customer.facts.is_cached(customer)]
    read = CustomerFacts.objects.for_system(_WHY).filter(pk__in=missing) if missing else ()
    kept = {**held, **{facts.pk: facts for facts in read}}
    return [_company(customer, kept.get(customer.pk)) for customer in customers]


def _company(customer: Customer, facts: CustomerFacts | None) -> _Company:
    number = customer.phone_e164 if customer.shares_number else ""
    stated = customer.stated_last_order_on, customer.declared_in_id
    return _Company(customer.pk, number, *stated, facts and facts.last_order_on, facts and facts.open_complaints_count)


def _shared(companies: list[_Company]) -> _Shared:
    return bearers_of({company.pk: company.number for company in companies})


def _declared(companies: list[_Company]) -> dict[int, dt.date]:
    """Customer id → the day on which an import declared him to be one."""
    ids = [company.pk for company in companies if company.declared_in_id]
    if not ids:
        return {}
    return dict(Customer.objects.for_system(_WHY).filter(pk__in=ids).values_list("pk", "declared_in__started_at__date"))


def _complaining(companies: list[_Company]) -> set[int]:
    """Customers with an open complaint: by the kept count, counted for those who have none yet."""
    counted = {company.pk for company in companies if company.complaints_count}
    new = [company.pk for company in companies if company.complaints_count is None]
    if not new:
        return counted
    unresolved = Complaint.objects.for_system(_WHY).unresolved().filter(customer__in=new)
    return counted | set(unresolved.values_list("customer", flat=True))


def _standing_blocks(ids: list[int]) -> _Blocks:
    found: _Blocks = defaultdict(list)
    for block in _STANDING_BLOCKS(customers=ids):
        kept = Block(block.channel, block.kind == ContactBlock.Kind.OBJECTION, block.set_on)
        found[block.customer_id, block.contact_id].append(kept)
    return found


def _forbidden_numbers(standing: _Blocks, shared: _Shared) -> dict[str, list[tuple[int, Block]]]:
    """Number → who forbids it to be called, and how."""
    found: dict[str, list[tuple[int, Block]]] = {}
    for number, pks in shared.items():
        blocks = [(pk, block) for pk in pks for block in standing.get((pk, None), ()) if block.channel in {"", Channel.PHONE}]
        if blocks:
            found[number] = [(pk, replace(block, channel=Channel.PHONE)) for pk, block in blocks]
    return found


def _company_blocks(company: _Company, standing: _Blocks, forbidden: dict[str, list[tuple[int, Block]]]) -> tuple[Block, ...]:
    """What the company forbids, and what forbids its number to be called under another customer number."""
    own = standing.get((company.pk, None), [])
    elsewhere = [block for pk, block in forbidden.get(company.number, ()) if pk != company.pk]
    return tuple(sorted([*own, *elsewhere], key=lambda block: block.set_on)) if elsewhere else tuple(own)


def _with_sharers(ids: list[int], shared: _Shared) -> list[int]:
    return list({*ids, *chain.from_iterable(shared.values())}) if shared else ids


def _personal_consents(customer_id: int) -> dict[int, list[str]]:
    """Contact id → channels the person agreed to."""
    found: dict[int, list[str]] = defaultdict(list)
    for contact_id, channel in _STANDING_CONSENTS(customer=customer_id):
        found[contact_id].append(channel)
    return found


def _consents_of_many(customer_ids: list[int]) -> dict[int, list[str]]:
    """Contact id → channels, for the people of many customers."""
    found: dict[int, list[str]] = defaultdict(list)
    standing = Consent.objects.for_system(_WHY).filter(customer__in=customer_ids, revoked_at=None)
    for contact_id, channel in standing.values_list("contact", "channel"):
        found[contact_id].append(channel)
    return found


def _selling_contacts(companies: list[_Company], shared: _Shared, on: dt.date) -> dict[int, tuple[dt.date, ...]]:
    """Customer id → the days of the selling contacts with his number that we started in 90 days, the oldest first."""
    had: dict[int, list[dt.date]] = defaultdict(list)
    for pk, day in _SELLING_CALLS(customers=_with_sharers([company.pk for company in companies], shared), after=on - PRESSURE_WINDOW):
        had[pk].append(day)
    by_number = {number: list(chain.from_iterable(had[pk] for pk in pks if pk in had)) for number, pks in shared.items()} if had else {}
    found = {company.pk: by_number.get(company.number) or had.get(company.pk) for company in companies}
    return {pk: tuple(sorted(days)) for pk, days in found.items() if days}


def _bought_groups(asked: _Topics) -> dict[int, set[int]]:
    """Customer id → those product groups of all the topics of which he bought something."""
    found: dict[int, set[int]] = defaultdict(set)
    if asked:
        groups = set(chain.from_iterable(asked.values()))
        bought = PurchaseRhythm.objects.for_system(_WHY).filter(customer__in=list(asked), product__group__in=groups)
        for pk, group in bought.order_by().values_list("customer", "product__group").distinct():
            found[pk].add(group)
    return found
