"""The list of follow-ups, as it was kept in Excel before: its headings, and what follows from its cells."""

import datetime as dt
from functools import partial
from hashlib import sha256

from accounts.models import User
from customers.follow_ups import NOTE_LENGTH_MOST
from customers.imports.columns import Derived, ListColumns, column, day, text
from customers.imports.follow_up_list.owners import Owners
from customers.imports.known_customers import HEADINGS, VAGUE, customers_seen_by
from customers.imports.owners import OwnerNames
from innendienst.base import preferences
from innendienst.base.preferences import CompanyPreferences
from innendienst.lib.dates import next_working_day

ORIGIN = "list:"


def follow_up_columns(owners: Owners, names: OwnerNames, person: User | None = None) -> ListColumns:
    return ListColumns(
        columns=(
            column("customer_id", customers_seen_by(person), HEADINGS, vague=f"{VAGUE} | Kunde | Customer", required=True),
            column("listed_on", day(), "Datum | Date", vague="Gespräch am | Kontakt am | Letzter Kontakt | Erfasst am", required=True),
            column("note", text(NOTE_LENGTH_MOST), "Notiz | Note", vague="Bemerkung | Kommentar | Text | Betreff | Anliegen | Thema"),
            column(
                "next_on", day(), "Wiedervorlage am | Follow up on | Wiedervorlage", vague="Fällig am | WV | WV am | Due | Due on | Termin"
            ),
            column(
                "owner",
                names.maker,
                "Betreuer | Owner | Zuständig | Betreuer / Zuständig | Assigned to",
                vague="Innendienst | Bearbeiter | Sachbearbeiter",
            ),
        ),
        derived=(
            Derived("due_on", ("listed_on", "next_on"), _due_on),
            Derived("origin", ("customer_id", "listed_on", "note"), partial(_origin, person)),
            Derived("assignee_id", ("customer_id", "owner"), partial(_assignee, owners, person)),
        ),
        passing=("listed_on", "next_on", "owner"),
    )


def _due_on(listed_on: str, next_on: str | None) -> str:
    """The day it is to come back, on a working day; without one the day that the row bears."""
    return str(next_working_day(dt.date.fromisoformat(next_on or listed_on), preferences.get(CompanyPreferences).state))


def _origin(person: User | None, customer: int, listed_on: str | None, note: str | None) -> str:
    """By what the row is found again when the list comes a second time, even after its follow-up was moved or done."""
    whose = f"|{person.pk}" if person else ""
    return ORIGIN + sha256(f"{customer}|{listed_on}|{note or ''}{whose}".encode()).hexdigest()[:40]


def _assignee(owners: Owners, person: User | None, customer: int, named: int | None) -> int | None:
    return person.pk if person else named or owners.of(customer)
