"""Basic data changed by hand. What follows from a change is written with it: keys, phone numbers, search words, marks.

The administration and the pages of the workplace use these services; imports do the same for many rows at once (customers/imports).
"""

from collections.abc import Iterable

from django.db import models, transaction

from accounts.models import User
from accounts.permissions import demand
from customers import search_tokens
from customers.locks import hold
from customers.models import Consent, Contact, Customer, CustomerFacts, Product, ProductGroup, ProductRelation, PurchaseRhythm
from customers.same_reach.newcomers import block_newcomers
from customers.same_reach.switchboards import neighbours
from customers.touched import touch
from innendienst.base import audit
from innendienst.lib import phones
from innendienst.lib.folding import business_key, sort_key


class EditConflict(RuntimeError):
    """Somebody else changed the row since it was read; nothing was written."""


@transaction.atomic
def save_customer(*, actor: User, customer: Customer) -> None:
    """Write a new or changed customer. `customer.version` is the one that was seen; raises EditConflict when it moved on."""
    demand(actor, "customer.edit")
    customer.number_key = business_key(customer.number)
    customer.sort_key = sort_key(customer.name)
    customer.phone_e164, customer.phone_extension_digits = _read_phone(customer.phone)
    left = neighbours([customer.pk]) if customer.pk else set()
    act = _store(customer)
    block_newcomers([customer.pk])
    CustomerFacts.objects.for_system("a list joins customers with their facts").get_or_create(customer=customer)
    search_tokens.refresh([customer.pk])
    touch([customer.pk, *left])
    audit.record(f"customer.{act}", by=actor, customer=customer.pk)


@transaction.atomic
def save_contact(*, actor: User, contact: Contact) -> None:
    """Write a new or changed person of a customer. Raises EditConflict."""
    demand(actor, "customer.edit")
    contact.match_key = match_key(contact.email, contact.first_name, contact.last_name)
    contact.phone_e164, contact.phone_extension_digits = _read_phone(contact.phone)
    contact.mobile_e164, _digits = _read_phone(contact.mobile)
    act = _store(contact)
    block_newcomers([contact.customer_id])
    search_tokens.refresh([contact.customer_id])
    audit.record(f"contact.{act}", by=actor, contact=contact.pk, customer=contact.customer_id)


@transaction.atomic
def save_product(*, actor: User, product: Product) -> None:
    """Write a new or changed product and mark whoever buys it, or what leads to it. Raises EditConflict."""
    demand(actor, "admin.use")
    product.sku_key = business_key(product.sku)
    act = _store(product)
    leading_here = product.suggested_by.values_list("from_product", flat=True)
    _touch_buyers([product.pk, *leading_here])
    audit.record(f"product.{act}", by=actor, product=product.pk)


@transaction.atomic
def save_group(*, actor: User, group: ProductGroup) -> None:
    """Write a product group; what its goods are assumed to leave ranks the reasons of whoever buys them."""
    demand(actor, "admin.use")
    group.save()
    _touch_buyers(group.products.values_list("pk", flat=True))
    audit.record("product_group.save", by=actor, group=group.pk)


@transaction.atomic
def save_relation(*, actor: User, relation: ProductRelation) -> None:
    """Write a rule of cross-selling, succession or service, and mark those it speaks about."""
    demand(actor, "rules.edit")
    before = ProductRelation.objects.filter(pk=relation.pk).values_list("from_product", flat=True)
    leading = {relation.from_product_id, *before}
    relation.save()
    _touch_buyers(leading)
    audit.record("product_relation.save", by=actor, relation=relation.pk)


@transaction.atomic
def delete_relation(*, actor: User, relation: ProductRelation) -> None:
    demand(actor, "rules.edit")
    _touch_buyers([relation.from_product_id])
    audit.record("product_relation.delete", by=actor, relation=relation.pk)
    relation.delete()


@transaction.atomic
def save_consent(*, actor: User, consent: Consent) -> None:
    """Record what a person agreed to, or that it was revoked; the customer's places on the call lists follow."""
    demand(actor, "admin.use")
    consent.customer = consent.contact.customer
    hold(consent.customer_id)
    if consent.recorded_by_id is None:
        consent.recorded_by = actor
    consent.save()
    touch([consent.customer_id])
    audit.record("consent.save", by=actor, consent=consent.pk)


def match_key(email: str, first_name: str, last_name: str) -> str:
    """How the next import recognises a person within a customer: by e-mail, else by the folded name."""
    return email.strip().lower() or sort_key(f"{first_name} {last_name}")


def _read_phone(raw: str) -> tuple[str, int]:
    phone = phones.parse(raw)
    return phone.e164, phone.extension_digits


def _store(row: models.Model) -> str:
    """Insert the row, or write it over the version it was read in; answers which of the two it was."""
    if row._state.adding:
        row.save()
        return "create"
    seen, row.version = row.version, row.version + 1
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if not field.primary_key}
    if type(row)._base_manager.filter(pk=row.pk, version=seen).update(**values) == 0:
        raise EditConflict(f"{type(row).__name__} {row.pk}")
    return "edit"


def _touch_buyers(product_ids: Iterable[int]) -> None:
    bought = PurchaseRhythm.objects.for_system("whose reasons a product changes").filter(product__in=product_ids)
    touch(bought.values_list("customer", flat=True).distinct())
