"""The search box of every page: name, number, town, person, phone, e-mail, in any spelling."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from accounts.models import User
from accounts.permissions import allow
from customers.models import Contact, Customer
from customers.querysets import CustomerQuerySet
from innendienst.lib import phones
from innendienst.lib.folding import business_key, search_words
from innendienst.workplace.search.similar import find_similar

HITS_MOST = 20
HITS_WHILE_TYPING = 8
TYPED_LEAST = 2
LENGTH_MOST = 200
PERSONS_MOST = 2
PHONE_DIGITS_LEAST = 4


@dataclass(frozen=True)
class Hit:
    """A customer, and the people there whom the text may mean."""

    customer: Customer
    persons: list[str]


@dataclass(frozen=True)
class Hits:
    """What was found: exact numbers first, then by name. `is_exact` when the first one is named by his number or phone."""

    found: list[Hit]
    has_more: bool
    is_exact: bool

    @property
    def only_one(self) -> Customer | None:
        """The one customer that can be meant."""
        is_clear = len(self.found) == 1 and not self.has_more
        return self.found[0].customer if self.found and (is_clear or self.is_exact) else None


@require_safe
@vary_on_headers("HX-Request")
@allow("customer.see")
def search(request: HttpRequest) -> HttpResponse:
    """A page of hits; below the box while somebody types. Enter with one possible customer opens his page."""
    text = request.GET.get("q", "").replace("\0", "")[:LENGTH_MOST].strip()
    is_typing = bool(request.htmx)
    if len(text) < TYPED_LEAST:
        return render(request, "search/hits.html" if is_typing else "search/search.html", {"text": text})
    hits = find(request.user, text, most=HITS_WHILE_TYPING if is_typing else HITS_MOST)
    if not is_typing and hits.only_one:
        return redirect(hits.only_one)
    similar = [] if hits.found or is_typing else find_similar(request.user, text)
    template = "search/hits.html" if is_typing else "search/search.html"
    return render(request, template, {"text": text, "hits": hits, "similar": similar})


def find(user: User, text: str, *, most: int) -> Hits:
    """The customers this person may see that fit the text."""
    visible = Customer.objects.visible_to(user).filter(merged_into=None)
    exact = list(_named_by_number(user, visible, text)[:most])
    others = visible.matching(text).exclude(pk__in=[customer.pk for customer in exact])
    by_name_first = others.called_so_first(search_words(text)).select_related("owner")
    customers = [*exact, *by_name_first[: most + 1 - len(exact)]]
    hits = [Hit(customer, _persons_meant(text, people)) for customer, people in _with_people(user, customers[:most])]
    return Hits(hits, len(customers) > most, is_exact=len(exact) == 1)


def _named_by_number(user: User, visible: CustomerQuerySet, text: str) -> CustomerQuerySet:
    """Those whose number or phone is exactly the text, or a person's there."""
    e164 = phones.parse(text).e164
    named = Q(number_key=business_key(text))
    if e164:
        people = Contact.objects.visible_to(user).filter(Q(phone_e164=e164) | Q(mobile_e164=e164))
        named |= Q(phone_e164=e164) | Q(pk__in=people.values("customer"))
    return visible.filter(named).select_related("owner").order_by("sort_key", "pk")


def _with_people(user: User, customers: list[Customer]) -> Iterable[tuple[Customer, list[Contact]]]:
    people: dict[int, list[Contact]] = defaultdict(list)
    for contact in Contact.objects.visible_to(user).filter(customer__in=[customer.pk for customer in customers]).order_by("pk"):
        people[contact.customer_id].append(contact)
    return ((customer, people[customer.pk]) for customer in customers)


def _persons_meant(text: str, people: list[Contact]) -> list[str]:
    """The people whose name, phone number or mail address begins like a word of the text."""
    meant = (contact.addressed_name for contact in people if _is_meant(text, contact))
    return list(islice(meant, PERSONS_MOST))


def _is_meant(text: str, contact: Contact) -> bool:
    if "@" in text:
        return contact.email.lower().startswith(text.lower())
    digits = phones.search_digits(text)
    if len(digits) >= PHONE_DIGITS_LEAST and digits in f"{contact.phone_e164} {contact.mobile_e164}":
        return True
    known = search_words(contact.full_name)
    return any(name.startswith(word) for word in search_words(text) for name in known)
