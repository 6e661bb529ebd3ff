"""The product list: its headings, and what follows from its cells."""

from customers.imports.cells import Words
from customers.imports.columns import (
    Column,
    Derived,
    ListColumns,
    Maker,
    column,
    day,
    flag,
    money,
    number_text,
    one_of,
    quantity,
    text,
    whole,
)  # fmt: skip
from customers.imports.product_list.words import is_never_offered
from customers.models import Product
from innendienst.lib.folding import business_key

_KINDS = Words.of({
    "device": "Gerät Geräte Maschine Maschinen Anlage Hardware Device Machine Investitionsgut",
    "accessory": "Zubehör Accessory Accessories Ersatzteil Ersatzteile Anbauteil Option",
    "consumable": "Verbrauch Verbrauchsmaterial Verbrauchsartikel Consumable Consumables Handelsware Ware Artikel Material",
    "service": "Dienstleistung Dienstleistungen Service Services Wartung Vertrag Wartungsvertrag Lohn",
})  # fmt: skip
STEPS = range(1, 6)
"""Five steps of quantity and price are enough for every list seen."""


def product_columns(group: Maker) -> ListColumns:
    return ListColumns(
        columns=(
            column(
                "sku",
                number_text(40),
                "Artikelnummer | SKU | Artikelnr | Artikel-Nr | ArtNr | Art-Nr | Item number | Article number | "
                "Product number | Materialnummer | Product code | Stock code",
                vague="Artikel | Nummer | Nr | Material | Code",
                required=True,
            ),
            column(
                "name",
                text(200),
                "Bezeichnung | Name | Artikelbezeichnung | Artikelname | Product name",
                vague="Bezeichnung 1 | Description | Beschreibung | Kurztext | Text",
                required=True,
            ),
            column(
                "group_id",
                group,
                "Warengruppe | Product group | Artikelgruppe | Produktgruppe | Item group",
                vague="Gruppe | Category | Kategorie",
            ),
            column("kind", one_of(_KINDS, Product.Kind.CONSUMABLE), "Art | Kind | Artikelart | Produktart", vague="Typ | Type"),
            column(
                "price",
                money(),
                "Preis | Price | Verkaufspreis",
                vague="VK | VK-Preis | Listenpreis | Nettopreis | List price | Unit price",
            ),
            column("cost", money(), "Einkaufspreis | Cost | Purchase price | Cost price", vague="EK | EK-Preis | Selbstkosten"),
            column("successor_key", number_text(40), "Nachfolger | Successor | Nachfolgeartikel | Ersatzartikel"),
            column("discontinued_on", day(), "Auslauf am | Discontinued on | Auslaufdatum | Auslauf"),
            column("last_order_on", day(), "Letzte Bestellung bis | Last order until | Bestellbar bis"),
            column("stock", quantity(), "Bestand | Stock | Lagerbestand | Quantity on hand"),
            column("unit", text(20), "Einheit | Unit | ME | Mengeneinheit | Verkaufseinheit"),
            column(
                "warranty_months", whole(most=1200), "Garantie (Monate) | Warranty (months) | Garantie | Garantiemonate | Warranty months"
            ),
            column("term_months", whole(most=1200), "Laufzeit (Monate) | Term (months) | Laufzeit | Vertragslaufzeit | Term months"),
            column("needs_demo", flag(), "Vorführung nötig | Needs demonstration | Vorführung"),
            column("not_offered", flag(), "Nicht anbieten | Never offer"),
            *(one for step in STEPS for one in _step(step)),
        ),
        derived=(
            Derived("sku_key", ("sku",), business_key),
            Derived("successor_key", ("successor_key",), business_key),
            Derived("not_offered", ("name", "not_offered"), lambda name, said: is_never_offered(name) if said is None else said),
        ),
    )


def _step(step: int) -> tuple[Column, Column]:
    """The quantity from which a price holds, and the price; the first step may stand without its number."""
    is_first = step == 1
    return (
        column(
            f"step_quantity_{step}", quantity(), f"Staffelmenge {step} | Step quantity {step} | Mengenstaffel {step} | Ab Menge {step}",
            vague="Staffelmenge | Mengenstaffel | Ab Menge" if is_first else "",
        ),
        column(
            f"step_price_{step}", money(), f"Staffelpreis {step} | Step price {step} | Preis ab Menge {step}",
            vague="Staffelpreis | Preis ab Menge" if is_first else "",
        ),
    )  # fmt: skip
