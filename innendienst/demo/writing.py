"""Histories into the tables, some hundred customers at a time."""

import datetime as dt
from collections.abc import Sequence

from django.utils import timezone

from customers.models import Contact, Customer, DataState
from customers.search_tokens import words_of
from innendienst.demo import sql
from innendienst.demo.ground import Ground
from innendienst.demo.history import History
from innendienst.demo.numbers import NO_PHONE
from innendienst.demo.people import Person
from innendienst.demo.talk_writing import write_talks
from innendienst.lib.bulk import copy_rows
from innendienst.lib.folding import business_key, sort_key

_ORDER_COLUMNS = ("id", "number", "number_key", "customer_id", "ordered_on")
_LINE_COLUMNS = (
    "order_id", "position", "customer_id", "product_id", "ordered_on", "quantity", "unit", "revenue_net", "contribution_margin", "status",
)  # fmt: skip


def write_histories(histories: Sequence[History], ground: Ground) -> dict[str, int]:
    """Write these customers with all that belongs to them; how many rows of each kind that were."""
    customers = Customer.objects.bulk_create(_customer(history, ground) for history in histories)
    contacts = [
        _contact(person, customer) for history, customer in zip(histories, customers, strict=True) for person in history.company.people
    ]
    Contact.objects.bulk_create(contacts)
    _write_search_words(customers, contacts)
    orders_count, lines_count = _write_orders(histories, customers, ground)
    calls_count = write_talks(histories, customers, contacts, ground)
    return {"customers": len(customers), "contacts": len(contacts), "orders": orders_count, "lines": lines_count, "calls": calls_count}


def write_data_state(last_order_on: dt.date) -> None:
    DataState.objects.update_or_create(pk=1, defaults={"last_order_on": last_order_on, "loaded_at": timezone.now()})


def _customer(history: History, ground: Ground) -> Customer:
    company = history.company
    return Customer(
        number=company.number, number_key=business_key(company.number), name=company.name, sort_key=sort_key(company.name),
        street=company.street, postcode=company.postcode, town=company.town, email=company.email, industry=company.industry.name,
        phone=company.phone.raw, phone_e164=company.phone.e164, phone_extension_digits=company.phone.extension_digits,
        group_number=company.head_office, lifecycle=history.lifecycle, customer_since=company.since_on,
        owner_id=ground.users.get(company.owner), field_owner_id=ground.users.get(company.field_owner),
        delivery_block=history.is_delivery_stopped, dunning_level=history.dunning_level, is_inactive=history.is_inactive,
    )  # fmt: skip


def _contact(person: Person, customer: Customer) -> Contact:
    phone, mobile = person.phone or NO_PHONE, person.mobile or NO_PHONE
    return Contact(
        customer=customer, salutation=person.salutation, title=person.title, first_name=person.first_name, last_name=person.last_name,
        role=person.position, email=person.email, source="Warenwirtschaft",
        match_key=person.email or sort_key(f"{person.first_name} {person.last_name}"),
        phone=phone.raw, phone_e164=phone.e164, phone_extension_digits=phone.extension_digits,
        mobile=mobile.raw, mobile_e164=mobile.e164,
    )  # fmt: skip


def _write_search_words(customers: Sequence[Customer], contacts: Sequence[Contact]) -> None:
    people: dict[int, list[Contact]] = {customer.pk: [] for customer in customers}
    for contact in contacts:
        people[contact.customer_id].append(contact)
    words = ((word, customer.pk) for customer in customers for word in sorted(words_of(customer, people[customer.pk])))
    copy_rows("customers_searchtoken", ("token", "customer_id"), words)


def _write_orders(histories: Sequence[History], customers: Sequence[Customer], ground: Ground) -> tuple[int, int]:
    """Orders and lines are most of the rows: they go in as plain rows, dates and amounts as text that both databases read."""
    ids = iter(sql.reserve_ids("customers_order", sum(len(history.orders) for history in histories)))
    orders, lines = [], []
    for history, customer in zip(histories, customers, strict=True):
        for order in history.orders:
            order_id, on = next(ids), history.timeline.texts[order.day]
            orders.append((order_id, order.number, business_key(order.number), customer.pk, on))
            for position, line in enumerate(order.lines, start=1):
                article = line.article
                lines.append((
                    order_id, position, customer.pk, ground.products[article], on, line.quantity, article.unit,
                    _amount(line.revenue), None if line.margin is None else _amount(line.margin), line.status,
                ))  # fmt: skip
    return copy_rows("customers_order", _ORDER_COLUMNS, orders), copy_rows("customers_orderline", _LINE_COLUMNS, lines)


def _amount(cents: int) -> str:
    return f"{cents / 100:.2f}"
