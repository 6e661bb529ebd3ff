"""A letter as a sheet after DIN 5008, in finished texts; templates/letters/partials/sheet.html lays it out."""

import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _, override, pgettext

from accounts.models import User
from campaigns.special.letters import Letter
from campaigns.special.models import Campaign
from customers.models import Activity, Contact, Customer
from customers.person_mails import greeting
from innendienst.base import preferences
from innendienst.base.preferences import CompanyPreferences
from innendienst.lib import display


class Sheet(NamedTuple):
    """`info` are the lines beside the address, `foot` says how to object; `closing` is "" below a text that takes its leave itself."""

    language: str
    company: str
    sender_line: str
    address: list[str]
    info: list[tuple[str, str]]
    subject: str
    salutation: str
    text: str
    closing: str
    signature: str
    foot: str


def sheet_of(letter: Activity) -> Sheet:
    """A letter to one customer, in German, or in English to whom English is written."""
    subject, _blank, text = letter.note.partition("\n\n")
    sells = letter.gate_answer.get("basis") != "service"
    language = letter.contact.language if letter.contact else "de"
    with override(language):
        return Sheet(
            language, **_sender(), address=_address(letter.customer, letter.contact), info=_info(letter.by, timezone.localdate(letter.at)),
            subject=subject, salutation=greeting(letter.contact), text=text, closing=_("Yours sincerely"), signature=letter.by.full_name,
            foot=_objection() if sells else "",
        )  # fmt: skip


def sheets_of(campaign: Campaign, letters: Iterable[Letter], on: dt.date) -> list[Sheet]:
    """The letters of a campaign as they leave on a day: German, as their text is, signed by whoever is responsible for it."""
    with override("de"):
        sender, info, foot = _sender(), _info(campaign.owner, on), _objection()
        return [
            Sheet(
                "de", **sender, address=_address_of(one), info=info, subject=one.subject, salutation=one.salutation, text=one.text,
                closing=one.closing, signature=campaign.owner.full_name, foot=foot,
            )
            for one in letters
        ]  # fmt: skip


def has_postal_address() -> bool:
    """Whether the letters say who sent them."""
    return bool(preferences.get(CompanyPreferences).postal_address.strip())


def _sender() -> dict[str, str]:
    company = preferences.get(CompanyPreferences)
    lines = (line.strip() for line in company.postal_address.splitlines())
    return {"company": company.name, "sender_line": " · ".join(filter(None, [company.name, *lines]))}


def _info(by: User, on: dt.date) -> list[tuple[str, str]]:
    found = [(_("Name"), by.full_name), (_("Extension"), by.phone_extension), (_("E-mail"), by.email), (_("Date"), display.date(on))]
    return [(label, value) for label, value in found if value]


def _objection() -> str:
    return _("You may object to advertising at any time; a short message is enough.")


def _address(customer: Customer, contact: Contact | None) -> list[str]:
    """Company, person, street, place; the country where it is another one."""
    titles = {"ms": pgettext("address", "Ms"), "mr": pgettext("address", "Mr")}
    person = " ".join(filter(None, [titles.get(contact.salutation, ""), contact.full_name])) if contact else ""
    return _lines(customer.name, person, customer.street, customer.postcode, customer.town, customer.country)


def _address_of(letter: Letter) -> list[str]:
    return _lines(letter.company, letter.contact, letter.street, letter.postcode, letter.town, letter.country)


def _lines(company: str, person: str, street: str, postcode: str, town: str, country: str) -> list[str]:
    abroad = "" if country == "DE" else country
    return [line for line in (company, person, street, f"{postcode} {town}".strip(), abroad) if line]
