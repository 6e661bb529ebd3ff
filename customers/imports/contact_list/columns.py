"""The contact list: its headings, and what follows from its cells."""

from customers.imports import cells
from customers.imports.cells import Words
from customers.imports.columns import Derived, ListColumns, column, email, one_of, phone, text
from customers.imports.contact_list import legal
from customers.imports.known_customers import HEADINGS, VAGUE, customer_id
from innendienst.lib.folding import sort_key

_SALUTATIONS = Words.of({"ms": "Frau Fr Ms Mrs Miss Madame", "mr": "Herr Hr Herrn Mr Monsieur", "": "keine Divers Firma Mx"})

COLUMNS = ListColumns(
    columns=(
        column(
            "customer_id",
            customer_id,
            HEADINGS,
            vague=f"{VAGUE} | Associated company ID | Associated company IDs | Primary associated company ID | Kunde | Customer",
            required=True,
        ),
        column("salutation", one_of(_SALUTATIONS, ""), "Anrede | Salutation", vague="Geschlecht | Gender"),
        column("title", text(40), "Titel | Title | Akademischer Titel"),
        column("first_name", text(80), "Vorname | First name | Given name | NAMEV"),
        column("last_name", text(80), "Nachname | Last name | Familienname | Surname", vague="Name | Ansprechpartner", required=True),
        column("role", text(80), "Funktion | Position | Role | Job title", vague="Abteilung | Department"),
        column(
            "phone",
            phone(),
            "Telefon | Phone | Telefonnummer | Durchwahl | Telefon Durchwahl | Tel | Phone number | Office phone",
            vague="Telefon 1 | Fon | Rufnummer",
        ),
        column("mobile", phone(), "Mobil | Mobile | Mobiltelefon | Handy | Mobilnummer | Mobile phone | Cell phone | Mobile phone number"),
        column("email", email(), "E-Mail | E-Mail-Adresse | Email address | Mailadresse", vague="Mail | E-Mail 1"),
        column("source", text(120), "Herkunft | Source | Herkunft der Daten | Lead source", vague="Quelle"),
        column("phone_legal", text(300), "Rechtsgrundlage Telefon | Legal basis phone | Einwilligung Telefon"),
        column("email_legal", text(300), "Rechtsgrundlage E-Mail | Legal basis e-mail | Einwilligung E-Mail"),
    ),
    derived=(
        Derived("name_key", ("last_name", "first_name"), lambda last, first: sort_key(f"{first or ''} {last}")),
        Derived("match_key", ("last_name", "first_name", "email"), lambda last, first, mail: _match_key(last, first, mail)),
        Derived("phone_e164", ("phone",), lambda raw: cells.dialled(raw).e164),
        Derived("phone_extension_digits", ("phone",), lambda raw: cells.dialled(raw).extension_digits),
        Derived("mobile_e164", ("mobile",), lambda raw: cells.dialled(raw).e164),
        Derived("phone_basis", ("phone_legal",), legal.basis),
        Derived("phone_granted_on", ("phone_legal",), legal.granted_on),
        Derived("email_basis", ("email_legal",), legal.basis),
        Derived("email_granted_on", ("email_legal",), legal.granted_on),
    ),
)


def _match_key(last_name: str, first_name: str | None, mail: str | None) -> str:
    """As customers/editing.py makes it."""
    return (mail or "").lower() or sort_key(f"{first_name or ''} {last_name}")
