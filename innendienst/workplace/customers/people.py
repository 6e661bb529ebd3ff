"""Who is there at a customer, how to reach them, and what is allowed on which channel: rows of finished texts."""

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from customers.gate import GateAnswer, gate_text
from customers.gate_rules import Answer
from customers.models import Contact, Customer
from customers.models.permissions import Channel
from innendienst.templatetags.rows import fill
from innendienst.workplace.basics.objecting import COMPANY
from innendienst.workplace.call.card import Card
from innendienst.workplace.chips import Chip, chips_markup

_TONES = {Answer.ALLOWED: "good", Answer.UNCLEAR: "due", Answer.DENIED: "bad"}
_RIGHT = "<dt>{channel}</dt><dd>{sentence}</dd>"


class Right(NamedTuple):
    """One channel of a person: whether it is allowed, in a word and in a sentence."""

    channel: str
    chip: Chip
    sentence: str


class PersonRow(NamedTuple):
    """Somebody at the customer, or the company itself; `edit` is empty for whoever may not change him, `who` names him in an address."""

    name: str
    about: str
    edit: SafeString
    reach: SafeString
    chips: SafeString
    rights: SafeString
    who: str


def person_rows(card: Card, *, may_edit: bool) -> list[PersonRow]:
    """The card's people, then the company."""
    words = {
        Answer.ALLOWED: _("%(channel)s allowed"),
        Answer.UNCLEAR: _("%(channel)s: clarify"),
        Answer.DENIED: _("%(channel)s not allowed"),
    }
    people = [_person(contact, _rights(card.answers[contact.pk], words), may_edit=may_edit) for contact in card.contacts]
    return [*people, _company(card.customer, _rights(card.answers[None], words))]


def _person(contact: Contact, rights: list[Right], *, may_edit: bool) -> PersonRow:
    reach = format_html(
        "{} {} {}",
        _number(contact.phone, contact.phone_e164, contact.phone_display),
        _number(contact.mobile, contact.mobile_e164, contact.mobile_display),
        _mail(contact.email),
    )
    edit = _edit_link(contact) if may_edit else SafeString()
    return PersonRow(contact.full_name, contact.role, edit, reach, _chips(rights), fill(_RIGHT, rights), str(contact.pk))


def _company(customer: Customer, rights: list[Right]) -> PersonRow:
    place = f"{customer.postcode} {customer.town}".strip()
    address = ", ".join(filter(None, [customer.street, place]))
    reach = format_html("{} {}", _number(customer.phone, customer.phone_e164, customer.phone_display), _mail(customer.email))
    return PersonRow(_("Company"), address, SafeString(), reach, _chips(rights), fill(_RIGHT, rights), COMPANY)


def _rights(answers: dict[str, GateAnswer], words: dict[Answer, str]) -> list[Right]:
    labels = {channel: Channel(channel).label for channel in answers}
    return [
        Right(labels[channel], Chip(words[answer.answer] % {"channel": labels[channel]}, _TONES[answer.answer]), gate_text(answer))
        for channel, answer in answers.items()
    ]


def _chips(rights: Iterable[Right]) -> SafeString:
    return chips_markup(tuple(right.chip for right in rights))


def _number(stated: str, e164: str, shown: str) -> SafeString:
    """A number that can be dialled, or as it was stated where it is none; nothing without one."""
    if not stated:
        return SafeString()
    return format_html('<a href="tel:{}">{}</a>', e164, shown) if e164 else format_html("<span>{}</span>", stated)


def _mail(address: str) -> SafeString:
    return format_html('<a href="mailto:{0}">{0}</a>', address) if address else SafeString()


def _edit_link(contact: Contact) -> SafeString:
    label = _("Change")
    return format_html('<a class="small" href="{}" aria-label="{}: {}">{}</a>', _edit_url(contact.pk), label, contact.full_name, label)


@lru_cache(maxsize=5_000)
def _edit_url(contact_id: int) -> str:
    return reverse("customers:contact_edit", args=[contact_id])
