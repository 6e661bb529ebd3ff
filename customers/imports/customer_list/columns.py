"""The customer list: its headings, and what follows from its cells."""

from customers.imports import cells
from customers.imports.cells import CellError, Words
from customers.imports.columns import Derived, ListColumns, column, email, flag, money, number_text, one_of, past_day, phone, text, whole
from customers.imports.countries import HOME, country
from customers.imports.known_customers import HEADINGS, VAGUE
from customers.imports.owners import OwnerNames
from customers.models.companies import AbcClass
from innendienst.lib.folding import business_key, sort_key

_ABC = Words.of({letter: letter for letter in AbcClass.values})


def customer_columns(owners: OwnerNames) -> ListColumns:
    return ListColumns(
        columns=(
            column(
                "number",
                number_text(40),
                HEADINGS,
                vague=f"{VAGUE} | Nummer | Nr | Reference | External ID | Record ID | Externe ID | ID",
                required=True,
            ),
            column(
                "name",
                text(200),
                "Firma | Company | Firmenname | Kundenname | Company name | Customer name | Account name | "
                "Unternehmen | Unternehmensname | Firma 1 | Organisation | Name (Adressatentyp Unternehmen) | NAME1",
                vague="Name | Name 1 | Anzeigename | Display name | Kunde | Customer | Bezeichnung",
                required=True,
                may_be_blank=True,
            ),
            column(
                "street",
                text(120),
                "Straße | Street | Straße und Hausnummer | Straße Nr | Street address | Billing street | Billing address street | STRAS",
                vague="Anschrift | Adresse | Address",
            ),
            column(
                "postcode",
                text(40),
                "PLZ | Postcode | Postleitzahl | ZIP | ZIP code | Postal code | Billing postal code | "
                "Billing zip/postal code | Billing address postal code | PSTLZ",
            ),
            column("town", text(100), "Ort | Town | Stadt | City | Billing city | Billing address city | ORT01", vague="Wohnort"),
            column(
                "country",
                lambda look: country,
                "Land | Country | Länderkennzeichen | Ländercode | Country code | LKZ | Country/Region | "
                "Billing country | Billing address country | LAND1",
            ),
            column(
                "phone",
                phone(),
                "Telefon | Phone | Telefonnummer | Tel | Phone number | Telephone | Office phone | Phone office | TELF1",
                vague="Telefon 1 | Fon | Rufnummer | Zentrale",
            ),
            column("email", email(), "E-Mail | Email address | E-Mail-Adresse | Mailadresse | SMTP_ADDR", vague="Mail | E-Mail 1"),
            column("industry", text(80), "Branche | Industry | BRSCH", vague="Wirtschaftszweig | Sector"),
            column("stated_abc_class", one_of(_ABC, ""), "ABC-Klasse | ABC class | ABC | ABC-Kennzeichen", vague="Klasse | Kundenklasse"),
            column(
                "customer_since",
                past_day(),
                "Kunde seit | Customer since",
                vague="Angelegt am | Anlagedatum | Erstanlage | Erfasst am | ERDAT",
            ),
            column(
                "owner_id",
                owners.maker,
                "Betreuer | Owner | Zuständig | Betreuer / Zuständig | Kundenbetreuer | Betreuerin | Kundenbetreuerin "
                "| Betreuer/in | Account owner | Account manager | Zuständiger Mitarbeiter | Company owner | Assigned user | "
                "Assigned user name | Assigned to | Salesperson | Vertriebsmitarbeiter",
                vague="Innendienst | Sachbearbeiter | Verkäufer | Vertreter | Responsible",
            ),
            column("first_name", text(80), "Vorname | First name | Ansprechpartner Vorname | Vorname (Adressatentyp natürl. Person)"),
            column(
                "last_name",
                text(80),
                "Nachname | Last name | Ansprechpartner Nachname | Familienname | Surname | Name (Adressatentyp natürl. Person)",
            ),
            column(
                "stated_revenue",
                money(),
                "Umsatz | Revenue | Umsatz 12 Monate | Umsatz aktuell | Jahresumsatz",
                vague="Umsatz laufendes Jahr | Umsatz lfd. Jahr | Umsatz akt. Jahr | Sales",
            ),
            column("stated_margin", money(), "Deckungsbeitrag | Contribution margin | DB", vague="Rohertrag | Margin"),
            column(
                "stated_revenue_before",
                money(),
                "Umsatz Vorjahr | Revenue previous year | Vorjahresumsatz | Umsatz VJ | Sales previous year",
            ),
            column(
                "stated_last_order_on",
                past_day(),
                "Letzter Kauf | Last purchase | Letzter Auftrag | Letzte Bestellung | Last order",
                vague="Letzter Umsatz am | Letzte Rechnung | Letzter Beleg",
            ),
            column("is_blocked", flag(), "Werbesperre | Do not contact | Werbeverbot | Keine Werbung | Kontaktsperre"),
            column(
                "delivery_block", flag(), "Liefersperre | Delivery stopped | Auftragssperre | Delivery block", vague="Gesperrt | Sperre"
            ),
            column("dunning_level", whole(most=99, blank=0), "Mahnstufe | Dunning level"),
            column("is_inactive", flag(), "Inaktiv | Inactive"),
            column(
                "group_number",
                number_text(40),
                "Konzern | Group number | Hauptnummer | Konzern / Hauptnummer | Konzernnummer",
                vague="Parent account | Verband",
            ),
            column("is_collective", flag(), "Sammelkunde | Collective account", vague="Diverse | CpD"),
        ),
        derived=(
            Derived("number_key", ("number",), business_key),
            Derived("name", ("name", "last_name", "first_name"), lambda name, last, first: _name(name, last, first)),
            Derived("sort_key", ("name",), sort_key),
            Derived("postcode", ("postcode", "country"), lambda typed, code: cells.postcode(typed, code or HOME)),
            Derived("phone_e164", ("phone", "country"), lambda raw, code: cells.dialled(raw, code or HOME).e164),
            Derived("phone_extension_digits", ("phone", "country"), lambda raw, code: cells.dialled(raw, code or HOME).extension_digits),
            Derived("contact_key", ("last_name", "first_name"), lambda last, first: sort_key(f"{first or ''} {last}") if last else ""),
        ),
    )


def _name(company: str, last_name: str | None, first_name: str | None) -> str:
    """A customer without a company's name is a person: he is called by his own."""
    name = company or " ".join(filter(None, [first_name, last_name]))
    if not name:
        raise CellError("missing")
    return name
