"""customers/imports/product_list: articles from a list."""

import datetime as dt
from decimal import Decimal

import pytest

from customers.imports.product_list.words import is_never_offered
from customers.imports.undoing.undo import undo
from customers.models import ImportRun, PriceStep, Product, ProductGroup, ProductRelation, PurchaseRhythm, Touched
from tests import factories
from tests.customers.imports.lists import counts, texts


def _product(sku: str) -> Product:
    return Product.objects.get(sku=sku)


def test_every_column_finds_its_place(product_list):
    result = product_list.from_text("""
        Artikelnummer | Bezeichnung | Warengruppe | Art   | Preis    | Einkaufspreis | Nachfolger | Auslauf am | Letzte Bestellung bis | Bestand | Einheit | Garantie (Monate) | Laufzeit (Monate) | Vorführung nötig
        R10           | Reiniger    | Maschinen   | Gerät | 1.234,56 | 800           | r20        | 31.12.2030 | 30.11.2030            | 12,5    | Stück   | 24                | 36                | ja
        R20           | Reiniger 2  | Maschinen   | Gerät | 1.500,00 |               |            |            |                       |         | Stück   |                   |                   |
    """)
    assert (result.verdict, counts(result)) == ("accept", (2, 0, 0, 0))
    found = _product("R10")
    assert (found.sku_key, found.name, found.group.name, found.kind, found.unit) == ("r10", "Reiniger", "Maschinen", "device", "Stück")
    assert (found.price, found.cost, found.stock) == (Decimal("1234.56"), Decimal(800), Decimal("12.5"))
    assert (found.discontinued_on, found.last_order_on) == (dt.date(2030, 12, 31), dt.date(2030, 11, 30))
    assert (found.warranty_months, found.term_months, found.needs_demo, found.not_offered) == (24, 36, True, False)
    assert _product("R20").cost is None
    assert [(relation.from_product.sku, relation.to_product.sku, relation.kind) for relation in ProductRelation.objects.all()] == [
        ("R10", "R20", "successor")
    ]


def test_the_same_list_again_changes_nothing(product_list):
    rows = (
        ["Artikelnummer", "Bezeichnung", "Warengruppe", "Art", "Preis", "Nachfolger"],
        ["A", "Eins", "G", "Zubehör", "1,5", "B"],
        ["B", "Zwei", "g ", "", "", ""],
    )
    assert counts(product_list(*rows)) == (2, 0, 0, 0)
    before = _everything()
    assert counts(product_list(*rows)) == (0, 0, 2, 0)
    assert _everything() == before
    assert ProductGroup.objects.count() == 1


def _everything() -> list:
    return [list(model.objects.order_by("pk").values()) for model in (Product, ProductGroup, ProductRelation)]


def test_a_preview_makes_no_group(product_list):
    product_list(["Artikelnummer", "Bezeichnung", "Warengruppe"], ["A", "Eins", "Neu"], is_preview=True)
    assert not ProductGroup.objects.exists()


def test_changed_articles_mark_those_who_buy_them_and_nobody_else(product_list):
    product_list(["Artikelnummer", "Bezeichnung", "Preis"], ["A", "Eins", "1"], ["B", "Zwei", "2"])
    buyers = [factories.make_customer(), factories.make_customer()]
    for customer, sku in zip(buyers, "AB", strict=True):
        PurchaseRhythm.objects.create(
            customer=customer, product=_product(sku), first_on="2026-01-01", last_on="2026-01-01", order_days=1, recent_on=[],
            usual_quantity=1, last_quantity=1, usual_revenue=1,
        )  # fmt: skip
    assert counts(product_list(["Artikelnummer", "Bezeichnung", "Preis"], ["A", "Eins", "1"], ["B", "Zwei", "3"])) == (0, 1, 1, 0)
    assert [mark.customer for mark in Touched.objects.all()] == [buyers[1]]


def test_another_successor_replaces_the_one_of_an_earlier_list_but_not_one_with_an_argument(product_list):
    head = ["Artikelnummer", "Bezeichnung", "Nachfolger"]
    product_list(head, ["A", "Eins", "B"], ["B", "Zwei", ""], ["C", "Drei", ""])
    factories.make_relation(_product("B"), _product("C"), "successor", "leiser")
    assert counts(product_list(head, ["A", "Eins", "C"], ["B", "Zwei", "A"], ["C", "Drei", ""])) == (0, 2, 1, 0)
    found = {(relation.from_product.sku, relation.to_product.sku) for relation in ProductRelation.objects.all()}
    assert found == {("A", "C"), ("B", "C"), ("B", "A")}


def test_a_successor_nobody_knows_is_left_out_with_a_warning(product_list):
    result = product_list(["Artikelnummer", "Bezeichnung", "Nachfolger"], ["A", "Eins", "X9"], ["B", "Zwei", "b"])
    assert (result.verdict, counts(result)) == ("warn", (2, 0, 0, 0))
    assert texts(result, "warning") == [
        "Zeile 2, Spalte „Nachfolger“: Einen Artikel mit der Nummer „x9“ gibt es nicht; der Nachfolger wurde weggelassen.",
        "Zeile 3, Spalte „Nachfolger“: „b“ nennt sich selbst als Nachfolger; das wurde weggelassen.",
    ]
    assert not ProductRelation.objects.exists()


def test_freight_is_never_offered_until_a_person_says_otherwise(product_list):
    rows = (["Artikelnummer", "Bezeichnung"], ["F", "Frachtkosten"], ["R", "Reiniger"])
    result = product_list(*rows)
    assert texts(result, "note") == [
        "1 neuer Artikel sieht nach Fracht, Verpackung, Gebühr oder Rabatt aus und wird nie angeboten: Frachtkosten."
    ]
    assert (_product("F").not_offered, _product("R").not_offered) == (True, False)
    Product.objects.filter(sku="F").update(not_offered=False)
    assert counts(product_list(*rows)) == (0, 0, 2, 0)
    assert _product("F").not_offered is False


def test_the_list_itself_may_say_what_is_never_offered(product_list):
    product_list(["Artikelnummer", "Bezeichnung", "Nicht anbieten"], ["F", "Fracht", ""], ["R", "Reiniger", "ja"])
    assert (_product("F").not_offered, _product("R").not_offered) == (False, True)


@pytest.mark.rules
@pytest.mark.parametrize(
    "name",
    [
        "Frachtkosten",
        "Versand",
        "Porto & Verpackung",
        "Mindermengenzuschlag",
        "Pfand Kanister",
        "Flaschenpfand",
        "POSTAGE",
        "DOTCOM POSTAGE",
        "Bank Charges",
        "AMAZON FEE",
        "Discount",
        "CRUK Commission",
        "Mengenrabatt",
        "Verpackungspauschale",
        "Versandkostenpauschale",
        "Energiekostenanteil",
        "Entsorgungsgebühr",
        "Lieferpauschale Inland",
    ],
)
def test_words_of_what_is_never_offered(name):
    assert is_never_offered(name)


@pytest.mark.rules
@pytest.mark.parametrize(
    "name",
    [
        "Reiniger R10",
        "Versandkarton 30 × 40",
        "Verpackungsfolie",
        "Transportwagen",
        "Wartungspauschale",
        "Portofino Stuhl",
        "Roboterarm",
        "Gebührenmarkenspender",
        "Coffee Machine",
    ],
)
def test_words_of_what_is(name):
    assert not is_never_offered(name)


STEPPED = ["Artikelnummer", "Bezeichnung", "Staffelmenge 1", "Staffelpreis 1", "Staffelmenge 2", "Staffelpreis 2"]


def _steps() -> list[tuple]:
    return list(PriceStep.objects.order_by("product__sku", "from_quantity").values_list("product__sku", "from_quantity", "price"))


def test_steps_of_price_are_taken_over_and_replaced_and_come_back(product_list):
    rows = (
        STEPPED,
        ["A", "Eins", "10", "5,00", "100", "4,50"],
        ["B", "Zwei", "10", "", "0", "3,00"],
        ["C", "Drei", "5", "9,00", "5", "8,00"],
    )
    assert counts(product_list(*rows)) == (3, 0, 0, 0)
    first = [("A", 10, 5), ("A", 100, Decimal("4.5")), ("C", 5, 8)]
    assert _steps() == first
    assert counts(product_list(*rows)) == (0, 0, 3, 0)
    changed = product_list(
        STEPPED, ["A", "Eins", "10", "4,80", "", ""], ["B", "Zwei", "20", "1,00", "", ""], ["C", "Drei", "5", "8,00", "", ""]
    )
    assert counts(changed) == (0, 2, 1, 0)
    assert _steps() == [("A", 10, Decimal("4.8")), ("B", 20, 1), ("C", 5, 8)]
    assert undo(ImportRun.objects.get(pk=changed.run_id)).kept == []
    assert _steps() == first


def test_a_list_without_steps_leaves_them(product_list):
    product_list(STEPPED, ["A", "Eins", "10", "5,00", "", ""])
    assert counts(product_list(["Artikelnummer", "Bezeichnung"], ["A", "Eins"])) == (0, 0, 1, 0)
    assert _steps() == [("A", 10, 5)]
