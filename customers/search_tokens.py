"""The folded words by which a customer is found; CustomerQuerySet.matching compares a search with them.

A word that was typed only in part finds its customer too, so each word counts from its beginning. Whoever changes a name,
number, phone or person writes the words anew in the same transaction.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice

from django.db import transaction

from customers.models import Contact, Customer, SearchToken
from innendienst.lib.bulk import copy_rows
from innendienst.lib.folding import search_words, without_accents

WORD_LENGTH_MOST = 60
_BATCH = 1_000
_WHY = "search words hold every customer's names"
_NAMED = ("pk", "name", "town", "number", "email", "phone", "phone_e164")
_NO_DIGIT = re.compile(r"\D")
_NO_WORD = re.compile("[^a-z0-9]")


def words_of(customer: Customer, contacts: Iterable[Contact], former: Iterable[Customer] = ()) -> set[str]:
    """Name, town, number, e-mail, phone digits, and the same of these contacts; each word at most 60 characters.

    By their names, numbers and phones those are found, too, who went into him (`former`).
    """
    words = {*_words(customer.name), *_words(customer.town), *_words(customer.email), *_spellings(customer.number)}
    words.add(_digits(customer.phone_e164, customer.phone))
    for contact in contacts:
        words.update(_words(contact.first_name), _words(contact.last_name), _words(contact.email))
        words.add(_digits(contact.phone_e164, contact.phone))
        words.add(_digits(contact.mobile_e164, contact.mobile))
    for gone in former:
        words.update(_words(gone.name), _spellings(gone.number))
        words.add(_digits(gone.phone_e164, gone.phone))
    return {word[:WORD_LENGTH_MOST] for word in words if word}


@transaction.atomic
def refresh(customer_ids: Iterable[int]) -> int:
    """Bring the stored words of these customers in line with their data; how many were written or removed."""
    return sum(map(_refresh, _batches(customer_ids)))


def write_first(customer_ids: Iterable[int]) -> int:
    """Store the words of customers who were made in this transaction and have none yet; how many.

    A first list has hundreds of thousands of them, and looking for words that nobody wrote takes as long as all the rest.
    """
    return sum(map(_write_first, _batches(customer_ids)))


def _batches(customer_ids: Iterable[int]) -> Iterator[list[int]]:
    ids = iter(sorted(set(customer_ids)))
    while batch := list(islice(ids, _BATCH)):
        yield batch


def _write_first(customer_ids: list[int]) -> int:
    customers = Customer.objects.for_system(_WHY).filter(pk__in=customer_ids).order_by()
    return _write(set(_pairs(customers.values_list(*_NAMED, named=True))))


def _refresh(customer_ids: list[int]) -> int:
    # The lock keeps two who change the same customer from writing the same word twice.
    customers = Customer.objects.for_system(_WHY).filter(pk__in=customer_ids).order_by("pk").select_for_update(no_key=True)
    wanted = set(_pairs(customers.values_list(*_NAMED, named=True)))
    stored = {(token, customer): pk for pk, token, customer in _stored(customer_ids)}
    stale = [pk for pair, pk in stored.items() if pair not in wanted]
    SearchToken.objects.filter(pk__in=stale).delete()
    return len(stale) + _write(wanted - stored.keys())


def _write(pairs: set[tuple[str, int]]) -> int:
    return copy_rows(SearchToken._meta.db_table, ["token", "customer_id"], sorted(pairs))


def _pairs(customers: Iterable[Customer]) -> Iterator[tuple[str, int]]:
    """Rows of plain columns do for both: tens of thousands come in with a list."""
    found = {customer.pk: customer for customer in customers}
    people: dict[int, list[Contact]] = {pk: [] for pk in found}
    contacts = Contact.objects.for_system(_WHY).filter(customer__in=list(found)).order_by()
    named = ("customer_id", "first_name", "last_name", "email", "phone", "phone_e164", "mobile", "mobile_e164")
    for contact in contacts.values_list(*named, named=True):
        people[contact.customer_id].append(contact)
    former: dict[int, list[Customer]] = {}
    gone = Customer.objects.for_system(_WHY).filter(merged_into__in=list(found)).order_by()
    for one in gone.values_list("merged_into_id", "name", "number", "phone", "phone_e164", named=True):
        former.setdefault(one.merged_into_id, []).append(one)
    for pk, customer in found.items():
        yield from ((word, pk) for word in words_of(customer, people[pk], former.get(pk, ())))


def _stored(customer_ids: list[int]) -> Iterable[tuple[int, str, int]]:
    return SearchToken.objects.filter(customer__in=customer_ids).values_list("pk", "token", "customer_id")


@lru_cache(maxsize=10_000)
def _words(text: str) -> tuple[str, ...]:
    return tuple(search_words(text))


def _spellings(number: str) -> set[str]:
    """ "K-1004" is found as typed, without its signs, and by each of its parts."""
    whole = "".join(without_accents(number).split())
    return {whole, _NO_WORD.sub("", whole), *search_words(number)}


def _digits(e164: str, raw: str) -> str:
    """The number as lib.phones.search_digits looks for it; an unreadable one by the digits it has."""
    return e164.lstrip("+") or _NO_DIGIT.sub("", raw)
