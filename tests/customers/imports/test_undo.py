"""Taking an import back: everything as it was, but for what people did since, and that is named."""

import datetime as dt
from collections.abc import Iterable

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from campaigns.models import Opportunity
from customers.imports import job as import_job
from customers.imports.undoing.undo import NotUndoable, foresee, undo
from customers.models import (
    Activity,
    Consent,
    Contact,
    ContactBlock,
    Customer,
    CustomerFacts,
    ImportBefore,
    ImportRow,
    ImportRun,
    Order,
    OrderLine,
    Product,
    ProductGroup,
    ProductRelation,
    SearchToken,
    Touched,
)
from innendienst.base import jobs
from innendienst.base.models import AuditEvent, Job
from innendienst.lib import display
from tests import factories
from tests.workplace.scenes import make_reason

WHY = "test"
HEAD = ["Kundennummer", "Firma", "PLZ", "Telefon", "Umsatz", "Kunde seit", "Inaktiv"]
_GUARDED = (Contact, ContactBlock, Consent, Customer, Order, OrderLine)
_COUNTING = {SearchToken: ("id",)}


def _rows(*models) -> dict:
    """All rows of these tables, without what only counts changes."""
    found = {}
    for model in models:
        rows = model.objects.for_system(WHY) if model in _GUARDED else model.objects
        names = [
            one.attname for one in model._meta.concrete_fields if one.attname not in _COUNTING.get(model, ("version", "import_run_id"))
        ]
        found[model] = sorted(rows.values_list(*names), key=str)
    return found


def _run(result) -> ImportRun:
    return ImportRun.objects.get(pk=result.run_id)


def _customers(numbers: Iterable[int], name: str = "Alt", **changes) -> list[list]:
    row = {"PLZ": "01067", "Telefon": "0351 1", "Umsatz": "1.234,50", "Kunde seit": "01.03.2020", "Inaktiv": "nein", **changes}
    return [[str(number), f"{name} {number}", *row.values()] for number in numbers]


def test_thousands_over_thousands_come_back_but_for_those_edited_since(customer_list):
    customer_list(HEAD, *_customers(range(300)))
    before = _rows(Customer, SearchToken)
    result = customer_list(HEAD, *_customers(range(500), name="Neu", PLZ="20095", Umsatz="99,90", Inaktiv="ja"))
    assert (result.created, result.updated) == (200, 300)
    edited = list(Customer.objects.for_system(WHY).filter(number_key__in=[str(index) for index in range(40)]).order_by("pk"))
    Customer.objects.for_system(WHY).filter(pk__in=[one.pk for one in edited]).update(town="Dresden", version=3, phone="0351 99")
    Customer.objects.for_system(WHY).filter(pk=edited[0].pk).update(name="Von Hand")
    foreseen = foresee(_run(result))
    done = undo(_run(result))
    assert done == foreseen
    assert (done.removed_count, done.restored_count, done.kept_count) == (200, 300, 1)
    assert done.kept == [("0 Von Hand", "Firma")]
    hand = {one.pk for one in edited}
    assert [row for row in _rows(Customer)[Customer] if row[0] not in hand] == [row for row in before[Customer] if row[0] not in hand]
    by_hand = Customer.objects.for_system(WHY).filter(pk__in=hand)
    assert set(by_hand.values_list("town", "phone", "postcode")) == {("Dresden", "0351 99", "01067")}
    names = {one.number: one.name for one in by_hand}
    assert names == {"0": "Von Hand", **{str(index): f"Alt {index}" for index in range(1, 40)}}
    assert [row for row in _rows(SearchToken)[SearchToken] if row[1] not in hand] == [
        row for row in before[SearchToken] if row[1] not in hand
    ]


def test_rows_are_as_before_and_nothing_is_left_over(customer_list, django_assert_max_num_queries):
    customer_list(HEAD, *_customers(range(3)))
    before = _rows(Customer, Contact, ContactBlock, SearchToken)
    facts = CustomerFacts.objects.for_system(WHY).count()
    head = [*HEAD, "Nachname", "Werbesperre"]
    result = customer_list(head, *([*row, f"Person{row[0]}", "ja"] for row in _customers(range(6), name="Neu")))
    assert (ContactBlock.objects.for_system(WHY).count(), Contact.objects.for_system(WHY).count()) == (6, 6)
    with django_assert_max_num_queries(200):
        undo(_run(result))
    assert _rows(Customer, Contact, ContactBlock, SearchToken) == before
    assert CustomerFacts.objects.for_system(WHY).count() == facts
    assert (ImportBefore.objects.filter(run=result.run_id).count(), ImportRow.objects.filter(run=result.run_id).count()) == (0, 0)
    assert Touched.objects.count() == 3


def test_what_hangs_on_a_new_customer_keeps_him_with_all_that_came_with_him(customer_list, anna):
    result = customer_list([*HEAD, "Nachname", "Werbesperre"], *([*row, "Weiß", "ja"] for row in _customers([1, 2, 3])))
    called, edited, _alone = Customer.objects.for_system(WHY).order_by("number_key")
    Activity.objects.create(customer=called, by=anna, at=timezone.now(), outcome="reached")
    Customer.objects.for_system(WHY).filter(pk=edited.pk).update(town="Dresden", version=2)
    foreseen = foresee(_run(result))
    assert foreseen.kept == [("1 Alt 1", "1 Anruf"), ("2 Alt 2", "seither bearbeitet")]
    assert undo(_run(result)) == foreseen
    assert list(Customer.objects.for_system(WHY).order_by("number_key")) == [called, edited]
    assert (Contact.objects.for_system(WHY).count(), ContactBlock.objects.for_system(WHY).count()) == (2, 2)


def test_a_later_import_that_changed_a_new_customer_keeps_him_and_is_named(customer_list):
    first = customer_list(HEAD, *_customers([1, 2]))
    later = customer_list(HEAD, *_customers([1], name="Neu"))
    day = display.date(timezone.localdate(_run(later).started_at))
    done = undo(_run(first))
    assert done.kept == [("1 Neu 1", f"Liste customers.csv vom {day}")]
    assert [one.name for one in Customer.objects.for_system(WHY)] == ["Neu 1"]


@pytest.mark.parametrize(("edits", "left"), [({}, []), ({"town": "Dresden", "version": 2}, ["Alt 1"])])
def test_once_the_later_list_is_taken_back_its_rows_go_with_the_first_unless_somebody_edited_them(customer_list, edits, left):
    first = customer_list(HEAD, *_customers([1, 2]))
    if edits:
        Customer.objects.for_system(WHY).filter(number="1").update(**edits)
    later = customer_list(HEAD, *_customers([1, 2], name="Neu"))
    undo(_run(later))
    assert undo(_run(first)).kept == [(f"1 {name}", "seither bearbeitet") for name in left]
    assert [one.name for one in Customer.objects.for_system(WHY)] == left


def test_orders_keep_a_customer_and_suggestions_do_not(customer_list, order_list):
    result = customer_list(HEAD, *_customers([1, 2]))
    one, two = Customer.objects.for_system(WHY).order_by("number_key")
    make_reason(two)
    for day in (1, 2):
        factories.make_order(one, dt.date(2024, 3, day), (factories.make_product(), 1, "10"))
    assert undo(_run(result)).kept == [("1 Alt 1", "2 Aufträge")]
    assert list(Customer.objects.for_system(WHY)) == [one]
    assert not Opportunity.objects.for_system(WHY).exists()


def test_contacts_with_consents_and_objections(contact_list):
    factories.make_customer(number="1")
    head = ["Kundennummer", "Nachname", "Vorname", "E-Mail", "Funktion", "Rechtsgrundlage Telefon", "Rechtsgrundlage E-Mail"]
    contact_list(head, ["1", "Weiß", "Eva", "eva@w.example", "Einkauf", "", ""])
    before = _rows(Contact, Consent, ContactBlock)
    result = contact_list(
        head, ["1", "Weiß", "Eva", "eva@w.example", "Leitung", "Einwilligung vom 01.03.2024", ""],
        ["1", "Groß", "Uwe", "uwe@w.example", "", "", "Widerspruch"], ["1", "Lang", "Ina", "ina@w.example", "", "Einwilligung", ""],
    )  # fmt: skip
    Consent.objects.for_system(WHY).filter(contact__last_name="Lang").update(revoked_at=timezone.now())
    done = undo(_run(result))
    assert {name for name, _why in done.kept} == {"Ina Lang", "Ina Lang Telefon"}
    Consent.objects.for_system(WHY).all().delete()
    Contact.objects.for_system(WHY).filter(last_name="Lang").delete()
    assert _rows(Contact, Consent, ContactBlock) == before


def test_an_objection_of_a_list_goes_with_its_copies_under_other_customer_numbers(contact_list):
    factories.make_customer(number="1")
    factories.make_contact(factories.make_customer(number="2"), "Groß", email="uwe@w.example", match_key="uwe@w.example")
    head = ["Kundennummer", "Nachname", "E-Mail", "Rechtsgrundlage E-Mail"]
    result = contact_list(head, ["1", "Groß", "uwe@w.example", "Widerspruch"])
    blocks = ContactBlock.objects.for_system(WHY)
    assert list(blocks.order_by("pk").values_list("customer__number", "channel")) == [("1", "email"), ("2", "email")]
    assert not undo(_run(result)).kept
    assert not blocks.exists()


def test_products_with_groups_and_successors(product_list):
    head = ["Artikelnummer", "Bezeichnung", "Warengruppe", "Preis", "Nachfolger"]
    product_list(head, ["1", "Alt", "Pflege", "1,00", "2"], ["2", "Neu", "Pflege", "2,00", ""], ["3", "Dritter", "", "", ""])
    before = _rows(Product, ProductGroup, ProductRelation)
    result = product_list(head, ["1", "Alt", "Geräte", "1,50", "3"], ["4", "Vierter", "Geräte", "9,00", "1"])
    assert [one.to_product.sku for one in ProductRelation.objects.order_by("from_product__sku")] == ["3", "1"]
    done = undo(_run(result))
    assert done.kept == []
    assert _rows(Product, ProductGroup, ProductRelation) == before


def test_a_new_article_that_was_bought_stays(product_list, order_list):
    result = product_list(["Artikelnummer", "Bezeichnung"], ["1", "Tuch"], ["2", "Seife"])
    factories.make_order(factories.make_customer(), dt.date(2024, 3, 1), (Product.objects.get(sku="1"), 1, "10"))
    assert undo(_run(result)).kept == [("1 Tuch", "1 Auftragsposition")]
    assert [one.sku for one in Product.objects.all()] == ["1"]


ORDERS = ["Auftragsnummer", "Kundennummer", "Artikelnummer", "Datum", "Menge", "Umsatz"]


def test_orders_with_changed_moved_and_deleted_lines(order_list):
    for number in ("1", "2"):
        factories.make_customer(number=number)
    order_list(
        ORDERS, ["A", "1", "X", "01.03.2024", "1", "10,00"], ["A", "1", "Y", "01.03.2024", "2", "20,00"],
        ["A", "1", "Z", "01.03.2024", "3", "30,00"], ["B", "1", "X", "02.03.2024", "1", "10,00"],
    )  # fmt: skip
    before = _rows(Order, OrderLine, Product)
    Touched.objects.all().delete()
    result = order_list(
        ORDERS, ["A", "1", "X", "05.03.2024", "1", "11,00"], ["A", "1", "Y", "05.03.2024", "2", "20,00"],
        ["B", "2", "X", "02.03.2024", "1", "10,00"], ["C", "2", "N", "02.03.2024", "1", "10,00"], ["C", "2", "N", "02.03.2024", "1", "10,00"],
    )  # fmt: skip
    assert (Order.objects.for_system(WHY).count(), OrderLine.objects.for_system(WHY).count(), Product.objects.count()) == (3, 5, 4)
    foreseen = foresee(_run(result))
    done = undo(_run(result))
    assert (done.removed_count, done.kept_count) == (foreseen.removed_count, 0) == (3, 0)  # two lines and their article
    assert _rows(Order, OrderLine, Product) == before
    assert Touched.objects.count() == 2


def test_a_moved_order_that_lost_a_line_comes_back_to_its_customer(order_list):
    for number in ("1", "2"):
        factories.make_customer(number=number)
    order_list(ORDERS, ["A", "1", "X", "01.03.2024", "1", "10,00"], ["A", "1", "Y", "01.03.2024", "2", "20,00"])
    before = _rows(Order, OrderLine)
    result = order_list(ORDERS, ["A", "2", "X", "01.03.2024", "1", "10,00"])
    undo(_run(result))
    assert _rows(Order, OrderLine) == before


def test_order_lines_that_a_later_list_changed_stay_and_are_named(order_list):
    factories.make_customer(number="1")
    head = [*ORDERS, "Position"]
    first = order_list(head, ["A", "1", "X", "01.03.2024", "1", "10,00", "1"], ["A", "1", "Y", "01.03.2024", "1", "10,00", "2"])
    order_list(head, ["A", "1", "X", "01.03.2024", "5", "50,00", "1"])
    assert foresee(_run(first)).kept[0] == ("A 1", "von einem späteren Einlesen geändert")
    done = undo(_run(first))
    assert done.kept[0] == ("A 1", "von einem späteren Einlesen geändert")
    assert [(line.position, line.quantity) for line in OrderLine.objects.for_system(WHY)] == [(1, 5)]
    assert [one.sku for one in Product.objects.all()] == ["X"]


def test_an_import_is_taken_back_once_and_within_30_days(customer_list):
    result = customer_list(HEAD, *_customers([1]))
    ImportRun.objects.update(finished_at=timezone.now() - dt.timedelta(days=31))
    with pytest.raises(NotUndoable):
        undo(_run(result))
    ImportRun.objects.update(finished_at=timezone.now())
    undo(_run(result))
    with pytest.raises(NotUndoable):
        undo(_run(result))
    assert AuditEvent.objects.filter(act="import.undo").count() == 1


def test_after_taking_back_the_same_file_is_a_new_import(customer_list):
    result = customer_list(HEAD, *_customers([1]))
    undo(_run(result))
    assert customer_list(HEAD, *_customers([1])).created == 1


# --- page and command ------------------------------------------------------------------------------------------------


def test_the_page_says_first_what_will_happen(client, dieter, anna, customer_list):
    result = customer_list(HEAD, *_customers([1, 2]))
    customer = Customer.objects.for_system(WHY).get(number="1")
    Activity.objects.create(customer=customer, by=anna, at=timezone.now(), outcome="reached")
    client.force_login(dieter)
    url = reverse("imports:run", args=[result.run_id])
    assert reverse("imports:undo", args=[result.run_id]) in client.get(url).content.decode()
    page = client.get(f"{url}undo/").content.decode()
    assert "1 Alt 1" in page
    assert "1 Anruf" in page
    assert Customer.objects.for_system(WHY).count() == 2
    assert client.post(f"{url}undo/").url == url
    assert "Das Einlesen wird zurückgenommen." in client.get(url).content.decode()
    jobs.run(Job.objects.get(kind=import_job.TAKE_BACK).pk)
    done = client.get(url).content.decode()
    assert "entfernte Zeilen 1, alte Werte wiederhergestellt in 0." in done
    assert "1 Zeile bleibt, wie sie ist" in done
    assert list(Customer.objects.for_system(WHY)) == [customer]
    assert "lässt sich nicht (mehr) zurücknehmen" in client.post(f"{url}undo/", follow=True).content.decode()


def test_where_everything_stays_the_page_offers_no_button(client, dieter, anna, customer_list):
    result = customer_list(HEAD, *_customers([1]))
    Activity.objects.create(customer=Customer.objects.for_system(WHY).get(), by=anna, at=timezone.now(), outcome="reached")
    client.force_login(dieter)
    page = client.get(reverse("imports:undo", args=[result.run_id])).text
    assert "Zurückzunehmen ist nichts" in page
    assert "button--bad" not in page


def test_the_command_takes_back_and_tells(customer_list, capsys):
    result = customer_list(HEAD, *_customers([1, 2]))
    call_command("undo_import", str(result.run_id))
    assert capsys.readouterr().out.strip() == "2 Zeilen entfernt, alte Werte wiederhergestellt in 0, 0 Zeilen bleiben."
    with pytest.raises(CommandError, match="nicht"):
        call_command("undo_import", str(result.run_id))
    with pytest.raises(CommandError, match="4711"):
        call_command("undo_import", "4711")
