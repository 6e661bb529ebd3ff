"""Headings as other programs export them: each relevant column finds its place without a question."""

import pytest

from customers.imports.headings import find_header
from customers.imports.lists import LISTS
from customers.imports.reading import open_sheets
from tests.customers.imports.lists import write_csv

pytestmark = pytest.mark.rules

ADDRESS = {"number", "name", "street", "postcode", "town", "country", "phone"}

EXPORTS = {
    "DATEV debtors": (
        "customers",
        "Konto;Name (Adressatentyp Unternehmen);Unternehmensgegenstand;Name (Adressatentyp natürl. Person);Vorname (Adressatentyp natürl. "
        "Person);Kurzbezeichnung;Anrede;Straße;Postfach;Postleitzahl;Ort;Land;Telefon;Bemerkung (Telefon);E-Mail;Bemerkung (E-Mail);Internet",
        ADDRESS | {"email", "first_name", "last_name"},
    ),
    "HubSpot companies": (
        "customers",
        "Record ID;Company name;Company owner;Create Date;Phone Number;Last Activity Date;Street Address;City;Postal Code;Country/Region;"
        "Industry;Annual Revenue;Website URL",
        ADDRESS | {"owner_id", "industry"},
    ),
    "HubSpot contacts": (
        "contacts",
        "Record ID;First Name;Last Name;Email;Phone Number;Mobile Phone Number;Job Title;Contact owner;Associated Company;Associated Company IDs",
        {"customer_id", "first_name", "last_name", "email", "phone", "mobile", "role"},
    ),
    "Salesforce accounts": (
        "customers",
        "Account ID;Account Name;Account Owner;Billing Street;Billing City;Billing State/Province;Billing Zip/Postal Code;Billing Country;Phone;"
        "Fax;Industry;Annual Revenue;Parent Account;Created Date",
        ADDRESS | {"owner_id", "industry", "group_number"},
    ),
    "Salesforce contacts": (
        "contacts",
        "Account ID;Account Name;Salutation;First Name;Last Name;Title;Department;Phone;Mobile;Email;Lead Source",
        {"customer_id", "salutation", "first_name", "last_name", "title", "role", "phone", "mobile", "email", "source"},
    ),
    "Odoo, English": (
        "customers",
        "External ID;Name;Company Type;Street;Street2;City;State;ZIP;Country;Phone;Mobile;Email;Salesperson;Tags",
        ADDRESS | {"email", "owner_id"},
    ),
    "Odoo, German": (
        "customers",
        "Externe ID;Anzeigename;Straße;Straße 2;Stadt;PLZ;Land;Telefon;Mobil;E-Mail;Vertriebsmitarbeiter;Branche",
        ADDRESS | {"email", "owner_id", "industry"},
    ),
    "EspoCRM": (
        "customers",
        "ID;Name;Website;Email;Phone;Type;Industry;Billing Address Street;Billing Address City;Billing Address State;Billing Address Postal Code;"
        "Billing Address Country;Assigned User;Created At",
        ADDRESS | {"email", "industry", "owner_id"},
    ),
    "SuiteCRM": (
        "customers",
        "name;date_entered;assigned_user_name;industry;billing_address_street;billing_address_city;billing_address_postalcode;"
        "billing_address_country;phone_office;email1;id",
        ADDRESS | {"email", "industry", "owner_id"},
    ),
    "Lexware": (
        "customers",
        "Kundennr.;Firma;Anrede;Vorname;Nachname;Straße;PLZ;Ort;Land;Telefon;Telefax;E-Mail;Kundengruppe;Liefersperre;Mahnstufe",
        ADDRESS | {"email", "first_name", "last_name", "delivery_block", "dunning_level"},
    ),
    "SAP, technical names": (
        "customers",
        "MANDT;KUNNR;NAME1;STRAS;PSTLZ;ORT01;LAND1;TELF1;SMTP_ADDR;BRSCH;ERDAT;KDGRP",
        ADDRESS | {"email", "industry", "customer_since"},
    ),
    "SAP, as shown": ("customers", "Debitor;Name 1;Straße;Postleitzahl;Ort;Land;Telefon 1;Angelegt am", ADDRESS | {"customer_since"}),
    "SAP orders": (
        "orders",
        "Verkaufsbeleg;Position;Auftraggeber;Material;Kurztext;Belegdatum;Auftragsmenge;ME;Nettowert;Verkaufsbelegart",
        {"number", "position", "customer_id", "sku", "name", "ordered_on", "quantity", "unit", "revenue_net", "document"},
    ),
    "Lexware articles": (
        "products",
        "Artikelnummer;Bezeichnung;Warengruppe;Einheit;VK-Preis;EK-Preis;Lagerbestand;Mengenstaffel 1;Staffelpreis 1",
        {"sku", "name", "group_id", "unit", "price", "cost", "stock", "step_quantity_1", "step_price_1"},
    ),
}


@pytest.mark.parametrize("program", EXPORTS)
def test_every_relevant_column_is_known(tmp_path, program):
    kind, line, expected = EXPORTS[program]
    headings = line.split(";")
    with open_sheets(write_csv(tmp_path / "a.csv", headings, ["1"] * len(headings))) as [sheet]:
        assert set(find_header(sheet, LISTS[kind]().columns).places) == expected


def test_what_a_company_itself_earns_is_not_what_we_earn_from_it(tmp_path):
    headings = EXPORTS["HubSpot companies"][1].split(";")
    with open_sheets(write_csv(tmp_path / "a.csv", headings, ["1"] * len(headings))) as [sheet]:
        assert "stated_revenue" not in find_header(sheet, LISTS["customers"]().columns).places
