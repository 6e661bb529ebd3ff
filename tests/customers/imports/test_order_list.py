"""customers/imports/order_list: order lines as ERPs write them."""

import datetime as dt
from decimal import Decimal

import pytest

from customers.imports.files.basics import Flaw
from customers.imports.order_list.documents import Document, Documents
from customers.models import Customer, DataState, Order, OrderLine, Product, Touched
from tests import factories
from tests.customers.imports.lists import counts, texts

WHY = "test"
HEAD = ["Auftragsnummer", "Position", "Kundennummer", "Artikelnummer", "Datum", "Menge", "Umsatz"]
PLAIN = [heading for heading in HEAD if heading != "Position"]


@pytest.fixture
def nord(db) -> Customer:
    return factories.make_customer("Nord", number="K-1")


@pytest.fixture
def west(db) -> Customer:
    return factories.make_customer("West", number="K-2")


@pytest.fixture
def goods(db) -> list[Product]:
    return [factories.make_product(f"Artikel {sku}", sku=sku) for sku in ("A", "B")]


def _lines() -> list[tuple]:
    found = OrderLine.objects.for_system(WHY).select_related("order", "product", "customer").order_by("order__number", "position")
    return [
        (
            line.order.number,
            line.position,
            line.customer.number,
            line.product.sku,
            line.ordered_on.isoformat(),
            line.quantity,
            line.revenue_net,
        )
        for line in found
    ]


def _everything() -> list:
    return [list(model.objects.for_system(WHY).order_by("pk").values()) for model in (Order, OrderLine)] + [
        list(Product.objects.order_by("pk").values())
    ]


def _touched() -> list[str]:
    return sorted(Touched.objects.values_list("customer__number", flat=True))


def test_every_column_finds_its_place(order_list, nord, goods):
    result = order_list.from_text("""
        Auftragsnummer | Position | Kundennummer | Artikelnummer | Datum      | Menge | Umsatz   | Deckungsbeitrag | Status    | Einheit | Bezeichnung
        AB-1           | 10       | k-1          | a             | 01.02.2026 | 12,5  | 1.234,56 | 400,5           | geliefert | Karton  | Reiniger
        AB-1           | 20       | K-1          | B             | 01.02.2026 | 1     | 5        |                 | offen     | Stück   | Tuch
    """)
    assert (result.verdict, counts(result)) == ("accept", (2, 0, 0, 0))
    first, second = OrderLine.objects.for_system(WHY).order_by("position")
    assert (first.order.number, first.order.number_key, first.order.customer, first.order.ordered_on) == (
        "AB-1",
        "ab-1",
        nord,
        dt.date(2026, 2, 1),
    )
    assert (first.position, first.customer, first.product, first.quantity, first.unit) == (10, nord, goods[0], Decimal("12.5"), "Karton")
    assert (first.revenue_net, first.contribution_margin, first.status) == (Decimal("1234.56"), Decimal("400.5"), "delivered")
    assert (second.contribution_margin, second.status) == (None, "open")
    assert _touched() == ["K-1"]


def test_the_data_state_is_the_youngest_line_that_counts(order_list, nord, goods):
    order_list(
        [*HEAD, "Status"],
        ["1", "1", "K-1", "A", "01.02.2026", "1", "5", "geliefert"],
        ["2", "1", "K-1", "A", "01.03.2026", "1", "5", "storniert"],
    )
    state = DataState.objects.get()
    assert state.last_order_on == dt.date(2026, 2, 1)
    assert state.loaded_at is not None


def test_the_same_list_again_changes_nothing_and_marks_nobody(order_list, nord, goods):
    rows = (
        HEAD,
        ["1", "1", "K-1", "A", "01.02.2026", "2", "10,10"],
        ["1", "2", "K-1", "B", "01.02.2026", "-1", "-5"],
        ["2", "1", "K-1", "A", "03.02.2026", "0,5", "3"],
    )
    assert counts(order_list(*rows)) == (3, 0, 0, 0)
    before = _everything()
    Touched.objects.all().delete()
    assert counts(order_list(*rows)) == (0, 0, 3, 0)
    assert _everything() == before
    assert _touched() == []


def test_overlapping_lists_update_by_order_and_position(order_list, nord, west, goods):
    order_list(
        HEAD,
        ["1", "1", "K-1", "A", "01.02.2026", "2", "10"],
        ["1", "2", "K-1", "B", "01.02.2026", "1", "5"],
        ["2", "1", "K-2", "A", "01.02.2026", "1", "5"],
    )
    Touched.objects.all().delete()
    result = order_list(
        HEAD,
        ["1", "2", "K-1", "B", "01.02.2026", "3", "15"],
        ["2", "1", "K-2", "A", "01.02.2026", "1", "5"],
        ["1", "3", "K-1", "A", "05.02.2026", "1", "5"],
    )
    assert counts(result) == (1, 1, 1, 0)
    assert _lines() == [
        ("1", 1, "K-1", "A", "2026-02-01", 2, 10), ("1", 2, "K-1", "B", "2026-02-01", 3, 15), ("1", 3, "K-1", "A", "2026-02-05", 1, 5),
        ("2", 1, "K-2", "A", "2026-02-01", 1, 5),
    ]  # fmt: skip
    assert _touched() == ["K-1"]


def test_columns_that_the_list_lacks_leave_what_is_stored(order_list, nord, goods):
    order_list([*HEAD, "Status", "Deckungsbeitrag"], ["1", "1", "K-1", "A", "01.02.2026", "2", "10", "offen", "4"])
    order_list(HEAD, ["1", "1", "K-1", "A", "01.02.2026", "2", "12"])
    line = OrderLine.objects.for_system(WHY).get()
    assert (line.revenue_net, line.status, line.contribution_margin) == (12, "open", 4)


def test_an_order_that_changed_hands_marks_both_customers(order_list, nord, west, goods):
    order_list(HEAD, ["1", "1", "K-1", "A", "01.02.2026", "2", "10"], ["1", "2", "K-1", "B", "01.02.2026", "1", "5"])
    Touched.objects.all().delete()
    assert counts(order_list(HEAD, ["1", "1", "K-2", "A", "01.02.2026", "2", "10"])) == (0, 1, 0, 0)
    assert [line[2] for line in _lines()] == ["K-2", "K-2"]
    assert Order.objects.for_system(WHY).get().customer == west
    assert _touched() == ["K-1", "K-2"]


def test_an_order_bears_the_day_of_its_first_line(order_list, nord, goods):
    order_list(HEAD, ["1", "1", "K-1", "A", "03.02.2026", "2", "10"])
    order_list(HEAD, ["1", "2", "K-1", "B", "01.02.2026", "1", "5"])
    assert Order.objects.for_system(WHY).get().ordered_on == dt.date(2026, 2, 1)


# --- without a position ----------------------------------------------------------------------------------------------


def test_without_positions_lines_are_counted_in_the_order_of_the_file_and_equal_ones_are_two(order_list, nord, goods):
    result = order_list(
        PLAIN,
        ["1", "K-1", "A", "01.02.2026", "1", "5"],
        ["2", "K-1", "B", "01.02.2026", "1", "6"],
        ["1", "K-1", "A", "01.02.2026", "1", "5"],
    )
    assert counts(result) == (3, 0, 0, 0)
    assert [line[:2] for line in _lines()] == [("1", 1), ("1", 2), ("2", 1)]


def test_without_positions_the_order_in_the_file_is_the_whole_order(order_list, nord, west, goods):
    order_list(
        PLAIN,
        ["1", "K-1", "A", "01.02.2026", "1", "5"],
        ["1", "K-1", "B", "01.02.2026", "1", "6"],
        ["2", "K-2", "B", "01.02.2026", "1", "6"],
    )
    Touched.objects.all().delete()
    result = order_list(PLAIN, ["1", "K-1", "A", "01.02.2026", "1", "5"])
    assert (counts(result), texts(result, "note")) == (
        (0, 0, 1, 0),
        ["1 gespeicherte Position steht nicht mehr in ihrem Auftrag und entfällt."],
    )
    assert [line[:2] for line in _lines()] == [("1", 1), ("2", 1)]
    assert _touched() == ["K-1"]


def test_without_positions_an_order_with_a_bad_line_is_left_as_a_whole(order_list, nord, goods):
    order_list(PLAIN, ["1", "K-1", "A", "01.02.2026", "1", "5"], ["1", "K-1", "B", "01.02.2026", "1", "6"])
    before = _everything()
    result = order_list(
        PLAIN,
        ["1", "K-1", "A", "01.02.2026", "viel", "5"],
        ["1", "K-1", "B", "01.02.2026", "1", "7"],
        ["2", "K-1", "A", "01.02.2026", "1", "5"],
        is_lenient=True,
    )
    assert counts(result) == (1, 0, 0, 2)
    assert texts(result)[1] == (
        "Zeile 3, Spalte „Auftragsnummer“: Der Auftrag „1“ hat einen Fehler in Zeile 2. Ohne Positionen lässt er sich nur ganz übernehmen. "
        "Die Zeile wurde nicht übernommen."
    )
    assert [rows[: len(old)] for rows, old in zip(_everything(), before, strict=True)] == before


# --- what ERPs put between the lines ---------------------------------------------------------------------------------


def test_lines_without_an_article_are_left_out_and_counted(order_list, nord, goods):
    result = order_list(
        HEAD, ["1", "1", "K-1", "A", "01.02.2026", "1", "5"], ["1", "2", "K-1", "", "", "", ""], ["Summe", "", "", "", "", "", "5"]
    )
    assert (result.verdict, counts(result)) == ("accept", (1, 0, 0, 0))
    assert texts(result, "note") == ["2 Zeilen ohne Artikel wurden weggelassen."]


def test_unknown_articles_are_made_from_the_line_and_freight_is_not_offered(order_list, nord):
    head = [*HEAD, "Bezeichnung", "Einheit"]
    result = order_list(
        head,
        ["1", "1", "K-1", "N1", "01.02.2026", "1", "5", "Neuer Reiniger", "Karton"],
        ["1", "2", "K-1", "F1", "01.02.2026", "1", "5", "Fracht", ""],
        ["2", "1", "K-1", "n1", "01.02.2026", "1", "5", "Anders", ""],
    )
    assert list(Product.objects.order_by("sku").values_list("sku", "sku_key", "name", "unit", "not_offered")) == [
        ("F1", "f1", "Fracht", "", True), ("N1", "n1", "Neuer Reiniger", "Karton", False),
    ]  # fmt: skip
    assert texts(result, "note") == [
        "2 Artikel waren nicht bekannt und werden aus ihren Zeilen angelegt: Neuer Reiniger, Fracht.",
        "1 neuer Artikel sieht nach Fracht, Verpackung, Gebühr oder Rabatt aus und wird nie angeboten: Fracht.",
    ]


def test_an_unknown_article_without_a_name_bears_its_number(order_list, nord):
    order_list(HEAD, ["1", "1", "K-1", "N1", "01.02.2026", "1", "5"])
    assert Product.objects.get().name == "N1"


def test_an_unknown_customer_is_a_bad_row(order_list, nord, goods):
    result = order_list(
        HEAD, ["1", "1", "K-9", "A", "01.02.2026", "1", "5"], ["2", "1", "K-1", "A", "01.02.2026", "1", "5"], is_lenient=True
    )
    assert (counts(result), [(message.row, message.code) for message in result.messages]) == ((1, 0, 0, 1), [(2, "unknown_customer")])


def test_an_order_of_two_customers_is_taken_from_neither(order_list, nord, west, goods):
    result = order_list(
        HEAD,
        ["1", "1", "K-1", "A", "01.02.2026", "1", "5"],
        ["1", "2", "K-2", "A", "01.02.2026", "1", "5"],
        ["2", "1", "K-1", "A", "01.02.2026", "1", "5"],
        is_lenient=True,
    )
    assert counts(result) == (1, 0, 0, 2)
    assert [(message.row, message.column, message.code, message.params["other"]) for message in result.messages] == [
        (2, "Kundennummer", "two_customers", 3),
        (3, "Kundennummer", "two_customers", 2),
    ]


def test_one_position_twice_is_named(order_list, nord, goods):
    same = ["1", "1", "K-1", "A", "01.02.2026", "1", "5"]
    result = order_list(
        HEAD, same, same, ["2", "1", "K-1", "A", "01.02.2026", "1", "5"], ["2", "1", "K-1", "A", "01.02.2026", "9", "5"], is_lenient=True
    )
    assert counts(result) == (1, 0, 0, 3)
    assert [(message.row, message.code) for message in result.messages] == [(3, "repeated"), (4, "contradiction"), (5, "contradiction")]


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("Datum", "01.02.2061", "date_in_future"),
        ("Datum", "", "missing"),
        ("Menge", "", "missing"),
        ("Umsatz", "viel", "not_a_number"),
        ("Position", "", "missing"),
        ("Position", "1,5", "not_whole"),
        ("Auftragsnummer", "", "missing"),
        ("Kundennummer", "", "missing"),
    ],
)
def test_cells_that_a_line_cannot_do_without(order_list, nord, goods, column, value, code):
    row = ["1", "1", "K-1", "A", "01.02.2026", "1", "5"]
    row[HEAD.index(column)] = value
    result = order_list(HEAD, row)
    assert [(message.column, message.code) for message in result.messages if message.row] == [(column, code)]
    assert not Order.objects.for_system(WHY).exists()


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("offen", "open"),
        ("Fakturiert", "delivered"),
        ("storniert", "cancelled"),
        ("Gutschrift", "credit"),
        ("", "delivered"),
        ("In Arbeit", "open"),
        ("CANCELLED", "cancelled"),
    ],
)
def test_words_of_a_state(order_list, nord, goods, word, status):
    order_list([*HEAD, "Status"], ["1", "1", "K-1", "A", "01.02.2026", "1", "5", word])
    assert OrderLine.objects.for_system(WHY).get().status == status


def test_an_unknown_state_is_an_error_that_names_known_ones(order_list, nord, goods):
    result = order_list([*HEAD, "Status"], ["1", "1", "K-1", "A", "01.02.2026", "1", "5", "quer"])
    assert (
        texts(result)[1]
        == "Zeile 2, Spalte „Status“: „quer“ ist hier nicht bekannt (erwartet zum Beispiel: offen, geliefert, storniert, Gutschrift). Die Zeile wurde nicht übernommen."
    )


def test_offers_are_no_orders_credits_are_credits_and_several_kinds_are_a_question(order_list, nord, goods):
    head = [*HEAD, "Belegart"]
    result = order_list(
        head, ["1", "1", "K-1", "A", "01.02.2026", "1", "5", "Auftrag"], ["2", "1", "K-1", "A", "01.02.2026", "1", "5", "Angebot"],
        ["3", "1", "K-1", "A", "01.02.2026", "-1", "-5", "Gutschrift"], ["4", "1", "K-1", "A", "01.02.2026", "1", "5", "Rechnung"],
    )  # fmt: skip
    assert (result.verdict, counts(result)) == ("warn", (3, 0, 0, 0))
    assert {line.order.number: line.status for line in OrderLine.objects.for_system(WHY).select_related("order")} == {
        "1": "delivered",
        "3": "credit",
        "4": "delivered",
    }
    assert texts(result, "warning") == [
        "Die Liste enthält mehrere Belegarten, die alle zählen: Auftrag, Rechnung. Sind es Schritte desselben Kaufs, lesen Sie nur eine Art ein."
    ]
    assert texts(result, "note") == ["1 Zeile wurde weggelassen, weil ihre Belegart nicht zählt."]


@pytest.mark.rules
def test_an_error_cell_among_the_kinds_of_documents_is_counted_with_none():
    documents = Documents()
    documents.find("Auftrag"), documents.find("Rechnung")
    documents.count(["Auftrag", Flaw.ERROR_VALUE, " auftrag ", "", "Rechnung"])
    assert [(one.text, one.rows) for one in documents.questions()] == [("Auftrag", 2), ("Rechnung", 1)]


def test_documents_that_are_no_orders():
    documents = Documents()
    assert [documents.find(raw) for raw in ("Angebot", "Kostenvoranschlag", "Stornorechnung", "Auftrag", "")] == [
        Document.NO_ORDER,
        Document.NO_ORDER,
        "cancelled",
        "",
        "",
    ]
    assert list(documents.counted) == ["Auftrag"]


def test_a_preview_writes_nothing_at_all(order_list, nord):
    result = order_list(HEAD, ["1", "1", "K-1", "N1", "01.02.2026", "1", "5"], is_preview=True)
    assert (result.verdict, counts(result)) == ("accept", (1, 0, 0, 0))
    assert _everything() == [[], [], []]
    assert not DataState.objects.exists()
    assert _touched() == []
