"""The list of order lines: its headings, and what follows from its cells."""

from customers.imports.columns import (
    INT_MOST,
    Derived,
    LeftOut,
    ListColumns,
    column,
    filled,
    money,
    number_text,
    one_of,
    past_day,
    quantity,
    text,
    whole,
)  # fmt: skip
from customers.imports.known_customers import HEADINGS, VAGUE, customer_id
from customers.imports.order_list.articles import Articles
from customers.imports.order_list.documents import STATES, Document, Documents, state
from innendienst.lib.folding import business_key


def order_columns(articles: Articles, documents: Documents) -> ListColumns:
    return ListColumns(
        columns=(
            column(
                "number",
                number_text(40),
                "Auftragsnummer | Order number | Auftragsnr | Auftrags-Nr | Order no | Order ID",
                vague="Auftrag | Order | Verkaufsbeleg | VBELN | Belegnummer | "
                "Beleg-Nr | Beleg | Rechnungsnummer | Rechnungs-Nr | Invoice number | Bestellnummer",
                required=True,
            ),
            column("position", filled(whole(most=INT_MOST)), "Position | Line | Pos | Positionsnummer | Pos-Nr | Line number | Zeile"),
            column("customer_id", customer_id, HEADINGS, vague=f"{VAGUE} | Auftraggeber | Kunde | Customer", required=True),
            column(
                "sku",
                articles.maker,
                "Artikelnummer | SKU | Artikelnr | Artikel-Nr | ArtNr | Art-Nr | Item number | Article number | "
                "Product number | Materialnummer | Product code | Stock code",
                vague="Artikel | Material | Product | Item",
                required=True,
                may_be_blank=True,
            ),
            column(
                "ordered_on",
                past_day(),
                "Datum | Date | Auftragsdatum | Order date",
                vague="Belegdatum | Bestelldatum | Rechnungsdatum | Invoice date",
                required=True,
            ),
            column(
                "quantity",
                quantity(),
                "Menge | Quantity | Qty",
                vague="Auftragsmenge | Anzahl | Stück | Stückzahl | Liefermenge",
                required=True,
            ),
            column(
                "revenue_net",
                money(),
                "Umsatz | Revenue | Umsatz netto | Nettoumsatz | Net revenue",
                vague="Nettowert | Nettobetrag | Net amount | Positionswert | Gesamtpreis netto | "
                "Betrag | Netto | Amount | Wert | Gesamtpreis",
                required=True,
            ),
            column("contribution_margin", money(), "Deckungsbeitrag | Contribution margin | DB | Rohertrag", vague="Marge | Margin"),
            column("status", one_of(STATES, ""), "Status | Order status | Auftragsstatus | Positionsstatus", vague="State | Zustand"),
            column("unit", text(20), "Einheit | Unit | ME | Mengeneinheit"),
            column(
                "name",
                text(200),
                "Bezeichnung | Product name | Artikelbezeichnung | Artikelname",
                vague="Description | Kurztext | Text | Name",
            ),
            column(
                "document",
                documents.maker,
                "Belegart | Document type | Vorgangsart | Auftragsart | Belegtyp | Verkaufsbelegart",
                vague="Art | Typ | Type",
                watch=documents.count,
            ),
        ),
        derived=(
            Derived("number_key", ("number",), business_key),
            Derived("product_id", ("sku", "name", "unit"), lambda sku, name, unit: articles.find(sku, name, unit) if sku else None),
            Derived("status", ("status", "document"), state),
            Derived("status", ("document", "status"), lambda of_document, of_line: state(of_line, of_document)),
        ),
        left_out=(LeftOut("sku", "", "lines_ignored"), LeftOut("document", Document.NO_ORDER, "documents_ignored")),
        passing=("sku", "name", "document"),
        whole_by="number_key",
    )
