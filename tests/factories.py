"""Rows for tests: plain functions, every default visible, no surprises. All people and firms are invented."""

import datetime as dt
from decimal import Decimal
from itertools import count

from accounts.models import Absence, Role, Team, User
from customers import search_tokens
from customers.models import Contact, Customer, CustomerFacts, Order, OrderLine, Product, ProductGroup, ProductRelation
from customers.models.companies import AbcClass
from innendienst.lib import phones
from innendienst.lib.folding import business_key, sort_key

_numbers = count(1)


def make_team(name: str = "", **fields) -> Team:
    return Team.objects.create(name=name or f"Team {next(_numbers)}", **fields)


def make_user(username: str = "", role: Role = Role.REP, **fields) -> User:
    """A user who can sign in with the password "geheim-geheim"; reps get a team of their own unless one is given."""
    username = username or f"user{next(_numbers)}"
    if "team" not in fields and role in {Role.REP, Role.FIELD_SALES}:
        fields["team"] = make_team()
    return User.objects.create_user(username, f"{username}@innendienst.example", "geheim-geheim", role=role, **fields)


def make_absence(user: User, deputy: User, from_on: dt.date, until_on: dt.date) -> Absence:
    return Absence.objects.create(user=user, deputy=deputy, from_on=from_on, until_on=until_on)


def make_customer(name: str = "", **fields) -> Customer:
    index = next(_numbers)
    name = name or f"Kunde {index} GmbH"
    number = fields.pop("number", f"K{index:05d}")
    phone = phones.parse(fields.pop("phone", f"030 23125-9{index:04d}"))
    return Customer.objects.create(
        number=number, number_key=business_key(number), name=name, sort_key=sort_key(name),
        phone=phone.raw, phone_e164=phone.e164, phone_extension_digits=phone.extension_digits, **fields,
    )  # fmt: skip


def make_contact(customer: Customer, last_name: str = "Weiß", **fields) -> Contact:
    phone = phones.parse(fields.pop("phone", ""))
    return Contact.objects.create(
        customer=customer, last_name=last_name, match_key=fields.pop("match_key", sort_key(last_name)),
        phone=phone.raw, phone_e164=phone.e164, phone_extension_digits=phone.extension_digits, **fields,
    )  # fmt: skip


def make_product(name: str = "", **fields) -> Product:
    index = next(_numbers)
    sku = fields.pop("sku", f"A-{index}")
    return Product.objects.create(sku=sku, sku_key=business_key(sku), name=name or f"Artikel {index}", **fields)


def make_group(name: str = "", **fields) -> ProductGroup:
    return ProductGroup.objects.create(name=name or f"Gruppe {next(_numbers)}", **fields)


def make_relation(
    from_product: Product, to_product: Product, kind: str = ProductRelation.Kind.ACCESSORY, argument: str = ""
) -> ProductRelation:
    return ProductRelation.objects.create(from_product=from_product, to_product=to_product, kind=kind, argument=argument)


def make_order(customer: Customer, ordered_on: dt.date, *lines: tuple[Product, int | str, int | str], **line_fields) -> Order:
    """An order with lines (product, quantity, net revenue); the margin is 40 % of the revenue unless given."""
    index = next(_numbers)
    order = Order.objects.create(number=f"AB{index}", number_key=f"ab{index}", customer=customer, ordered_on=ordered_on)
    for position, (product, quantity, revenue) in enumerate(lines, start=1):
        fields = {"contribution_margin": (Decimal(revenue) * Decimal("0.4")).quantize(Decimal("0.01")), **line_fields}
        OrderLine.objects.create(
            order=order, position=position, customer=customer, product=product, ordered_on=ordered_on,
            quantity=Decimal(quantity), unit=product.unit, revenue_net=Decimal(revenue), **fields,
        )  # fmt: skip
    return order


def make_rhythm_orders(
    customer: Customer, product: Product, last_on: dt.date, gaps: list[int], quantity: int = 12, revenue: int = 120
) -> None:
    """Orders of one product whose days lie `gaps` apart, the last one on `last_on`."""
    day = last_on
    make_order(customer, day, (product, quantity, revenue))
    for gap in reversed(gaps):
        day -= dt.timedelta(days=gap)
        make_order(customer, day, (product, quantity, revenue))


A, B, C = AbcClass.A, AbcClass.B, AbcClass.C


def make_listed(name: str = "", *, facts: dict | None = None, **fields) -> Customer:
    """A customer as the pages know him: with his kept figures and the words by which he is found."""
    customer = make_customer(name, **fields)
    CustomerFacts.objects.create(customer=customer, **(facts or {}))
    search_tokens.write_first([customer.pk])
    return customer
