"""Whom a typed text may mean: one by number or phone first, then by name, one's own before others'."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Case, Q, When
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from customers.models import Contact, Customer
from customers.querysets import CustomerQuerySet
from innendienst.lib import display, phones
from innendienst.lib.folding import business_key, typed_keys, typed_words
from innendienst.workplace.search.matches import Match, matches

COUNTED_MOST = 1_000
"""A text that fits more is too short; its hits are taken from the first ones, so that no keystroke sorts thousands."""


@dataclass(frozen=True)
class Hit:
    """A customer, and what of him fits the text besides his name."""

    customer: Customer
    matches: list[Match]


@dataclass(frozen=True)
class Hits:
    """The best ones. `found_count` goes one beyond COUNTED_MOST; `meant` is the customer whose number or phone was typed."""

    found: list[Hit]
    found_count: int
    meant: Customer | None

    @property
    def has_more(self) -> bool:
        return self.found_count > len(self.found)

    @property
    def count_text(self) -> str:
        return f"{display.number(COUNTED_MOST)}+" if self.found_count > COUNTED_MOST else display.number(self.found_count)

    @property
    def only_one(self) -> Customer | None:
        """The one customer that can be meant."""
        return self.meant or (self.found[0].customer if self.found_count == 1 else None)


def find(user: User, text: str, *, most: int) -> Hits:
    """The customers this person may see that fit the text."""
    visible = Customer.objects.visible_to(user).filter(merged_into=None)
    exact = list(_named_by_number(user, visible, text)[:most])
    former = {} if exact else _former_numbers(text)
    if former:
        exact = list(visible.filter(pk__in=list(former)).select_related("owner")[:most])
    fitting = visible.matching(text).exclude(pk__in=[customer.pk for customer in exact])
    count = fitting.order_by()[: COUNTED_MOST + 1].count()
    others = list(_ranked(user, visible, fitting, text, count)[: most - len(exact)]) if count else []
    return Hits(_with_matches(user, text, [*exact, *others], former), min(len(exact) + count, COUNTED_MOST + 1), _meant(text, exact))


def _named_by_number(user: User, visible: CustomerQuerySet, text: str) -> CustomerQuerySet:
    """Those whose number or phone is the text, or a person's there; a number as it was typed before one with more zeros."""
    key, e164 = business_key(text), phones.parse(text).e164
    named = Q(number_key__in=typed_keys(text))
    if e164:
        people = Contact.objects.visible_to(user).filter(Q(phone_e164=e164) | Q(mobile_e164=e164))
        named |= Q(phone_e164=e164) | Q(pk__in=people.values("customer"))
    is_typed_so = Case(When(number_key=key, then=0), default=1)
    return visible.filter(named).select_related("owner").order_by(is_typed_so, "sort_key", "pk")


def _former_numbers(text: str) -> dict[int, str]:
    """Customers into whom the one of that number went, with his number; whoever types no digit means none."""
    if not any(char.isdecimal() for char in text):
        return {}
    gone = Customer.objects.for_system("a number that is no more").filter(number_key__in=typed_keys(text)).exclude(merged_into=None)
    return dict(gone.values_list("merged_into", "number"))


def _meant(text: str, exact: list[Customer]) -> Customer | None:
    """The customer of the number as typed, or the only one that comes near."""
    is_clear = len(exact) == 1 or (exact and exact[0].number_key == business_key(text))
    return exact[0] if is_clear else None


def _ranked(user: User, visible: CustomerQuerySet, fitting: CustomerQuerySet, text: str, count: int) -> CustomerQuerySet:
    """Who is called so before who employs somebody called so, and one's own before others'; of thousands the first and one's own."""
    among = Q(pk__in=fitting.order_by().values("pk")[:COUNTED_MOST])
    if count > COUNTED_MOST:
        among |= Q(pk__in=fitting.filter(owner=user).order_by().values("pk")[:COUNTED_MOST])
    return visible.filter(among).called_so_first(typed_words(text), user).select_related("owner")


def _with_matches(user: User, text: str, customers: list[Customer], former: Mapping[int, str]) -> list[Hit]:
    people: dict[int, list[Contact]] = defaultdict(list)
    for contact in Contact.objects.visible_to(user).filter(customer__in=[customer.pk for customer in customers]).order_by("pk"):
        people[contact.customer_id].append(contact)
    return [
        Hit(
            customer, [Match(_("Formerly"), former[customer.pk])] if customer.pk in former else matches(text, customer, people[customer.pk])
        )
        for customer in customers
    ]
