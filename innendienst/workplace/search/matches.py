"""What of a customer fits the typed text, so that a hit says why it is one."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from customers.models import Contact, Customer
from innendienst.lib import phones
from innendienst.lib.folding import search_words, typed_keys, typed_words

SHOWN_MOST = 3
PHONE_DIGITS_LEAST = 4


@dataclass(frozen=True)
class Match:
    """A detail that fits, with its name: "Ansprechpartner: Herr Müller"."""

    label: str | Promise
    text: str


def matches(text: str, customer: Customer, people: Iterable[Contact]) -> list[Match]:
    """The first details that fit, besides the company's name; mail addresses only where nothing else explains the hit."""
    people = list(people)
    words = _telling(typed_words(text))
    if "@" in text:
        return _first(_by_mail(customer, people, lambda email: email.lower().startswith(text.lower())))
    found = _first(_matches(text, words, customer, people))
    if found or _begins(search_words(customer.name), words):
        return found
    return _first(_by_mail(customer, people, lambda email: _begins(search_words(email), words)))


def _telling(words: list[str]) -> list[str]:
    """Without single letters, as the K of "K-1004", where there is more to go by."""
    return [word for word in words if len(word) > 1] or words


def _first(found: Iterator[Match]) -> list[Match]:
    return list(islice(found, SHOWN_MOST))


def _matches(text: str, words: list[str], customer: Customer, people: Iterable[Contact]) -> Iterator[Match]:
    digits = phones.search_digits(text)
    if customer.number_key in typed_keys(text) or _begins(search_words(customer.number), words):
        yield Match(_("Number"), customer.number)
    if _begins(search_words(customer.town), words):
        yield Match(_("Town"), customer.town)
    if _dials(digits, customer.phone_e164, customer.phone):
        yield Match(_("Phone"), customer.phone_display)
    for contact in people:
        yield from _of_person(words, digits, contact)


def _of_person(words: list[str], digits: str, contact: Contact) -> Iterator[Match]:
    name = contact.addressed_name
    if _begins(search_words(contact.full_name), words):
        yield Match(_("Contact"), name)
    if _dials(digits, contact.phone_e164, contact.phone):
        yield Match(_("Phone"), f"{name}, {contact.phone_display}")
    if _dials(digits, contact.mobile_e164, contact.mobile):
        yield Match(_("Phone"), f"{name}, {contact.mobile_display}")


def _by_mail(customer: Customer, people: Iterable[Contact], fits: Callable[[str], bool]) -> Iterator[Match]:
    if fits(customer.email):
        yield Match(_("E-mail"), customer.email)
    for contact in people:
        if fits(contact.email):
            yield Match(_("E-mail"), f"{contact.addressed_name}, {contact.email}")


def _begins(known: list[str], typed: list[str]) -> bool:
    """Whether any typed word is the beginning of a known one."""
    return any(name.startswith(word) for word in typed for name in known)


def _dials(digits: str, e164: str, raw: str) -> bool:
    known = e164.lstrip("+") or "".join(filter(str.isdecimal, raw))
    return len(digits) >= PHONE_DIGITS_LEAST and known.startswith(digits)
