"""Companies that are no customers yet: put on record when somebody names them, before they have a number of the ERP."""

from uuid import uuid4

from django.db import transaction

from accounts.models import User
from accounts.permissions import demand
from customers import search_tokens
from customers.editing import match_key
from customers.models import Contact, Customer, CustomerFacts
from customers.same_reach.newcomers import block_newcomers
from customers.touched import touch
from innendienst.base import audit
from innendienst.lib import phones
from innendienst.lib.folding import business_key, sort_key

_PREFIX = "I-"


@transaction.atomic
def add_lead(
    *,
    actor: User,
    name: str,
    postcode: str = "",
    town: str = "",
    phone: str = "",
    industry: str = "",
    owner: User | None = None,
    field_owner: User | None = None,
    lifecycle: str = Customer.Lifecycle.LEAD,
) -> Customer:
    """A new company with a number of ours ("I-1234") until the ERP gives it one."""
    demand(actor, "lead.add")
    dialled = phones.parse(phone)
    lead = Customer.objects.create(
        number=_PREFIX, number_key=uuid4().hex, name=name, sort_key=sort_key(name), postcode=postcode, town=town, industry=industry,
        phone=dialled.raw, phone_e164=dialled.e164, phone_extension_digits=dialled.extension_digits, lifecycle=lifecycle, owner=owner,
        field_owner=field_owner,
    )  # fmt: skip
    lead.number = f"{_PREFIX}{lead.pk}"
    lead.number_key = business_key(lead.number)
    lead.save(update_fields=["number", "number_key"])
    CustomerFacts.objects.for_system("a list joins customers with their facts").get_or_create(customer=lead)
    block_newcomers([lead.pk])
    search_tokens.refresh([lead.pk])
    touch([lead.pk])
    audit.record("customer.create", by=actor, customer=lead.pk)
    return lead


@transaction.atomic
def add_person(
    *,
    actor: User,
    customer: Customer,
    last_name: str,
    first_name: str = "",
    salutation: str = "",
    title: str = "",
    role: str = "",
    source: str = "",
) -> Contact:
    """A person at a company, the one known already where the name is the same. Numbers and addresses are added with a basis only."""
    demand(actor, "lead.add")
    key = match_key("", first_name, last_name)
    known = (
        Contact.objects.for_system("one per name within a customer found by visible_to").filter(customer=customer, match_key=key).first()
    )
    if known:
        return known
    person = Contact.objects.create(
        customer=customer,
        salutation=salutation,
        title=title,
        first_name=first_name,
        last_name=last_name,
        role=role,
        source=source,
        match_key=key,
    )
    search_tokens.refresh([customer.pk])
    audit.record("contact.create", by=actor, contact=person.pk, customer=customer.pk)
    return person
