"""The file of suggestions as of a day: what stands in it, what is left out, and that nothing later is looked at."""

import csv
import datetime as dt
from collections import defaultdict
from itertools import pairwise
from pathlib import Path
from statistics import median

import pytest
from django.core.management import CommandError, call_command

from customers.models import Customer, Order, OrderLine, Product
from innendienst.lib.folding import business_key
from tests import factories
from tests.campaigns.learned import corpus

pytestmark = pytest.mark.django_db

AS_OF = dt.date(1970, 1, 1) + dt.timedelta(days=corpus.TODAY)


def store(rows) -> None:
    """One order per customer and day with its lines."""
    by_order = defaultdict(list)
    for row in rows:
        by_order[row.customer, row.day].append(row)
    customers = {number: factories.make_customer(number=str(number)) for number in sorted({row.customer for row in rows})}
    products = {pk: factories.make_product(corpus.NAMES[pk], sku=f"A{pk}") for pk in corpus.NAMES}
    orders, lines = [], []
    for (customer, day), several in sorted(by_order.items()):
        number, ordered_on = f"{customer}-{day}", AS_OF + dt.timedelta(days=day - corpus.TODAY)
        order = Order(number=number, number_key=business_key(number), customer=customers[customer], ordered_on=ordered_on)
        orders.append(order)
        for position, row in enumerate(several, start=1):
            line = {"quantity": row.quantity, "revenue_net": row.revenue, "position": position, "ordered_on": ordered_on}
            lines.append(OrderLine(order=order, customer=customers[customer], product=products[row.product], **line))
    Order.objects.for_system("test").bulk_create(orders)
    OrderLine.objects.for_system("test").bulk_create(lines)


@pytest.fixture
def rows(db) -> list:
    found = corpus.rows()
    store(found)
    return found


def export(folder: Path, **options) -> str:
    file = folder / "suggestions.csv"
    call_command("export_suggestions", as_of=options.pop("as_of", AS_OF), top=options.pop("top", 4), out=file, verbosity=0, **options)
    return file.read_text(encoding="utf-8")


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(text.splitlines()))


def test_each_customer_has_his_rows(rows, tmp_path):
    found = table(export(tmp_path, split="s1"))
    assert list(found[0]) == ["split", "customer", "product", "score", "kind", "evidence"]
    assert {row["split"] for row in found} == {"s1"}
    by_customer = defaultdict(list)
    for row in found:
        by_customer[row["customer"]].append(row)
    assert set(by_customer) == {str(row.customer) for row in rows}
    for several in by_customer.values():
        assert [row["product"] for row in several[:2]] == ["*", "*value"]
        assert 0 < float(several[0]["score"]) < 1 < float(several[1]["score"])
        assert len(several) == 2 + 4
    assert {row["kind"] for row in found} == {"", "reorder", "cross_sell"}


def test_without_a_name_the_split_is_the_day(rows, tmp_path):
    assert {row["split"] for row in table(export(tmp_path))} == {AS_OF.isoformat()}


def test_twice_the_same_bytes_whatever_is_ordered_on_the_day_or_later(rows, tmp_path):
    before = export(tmp_path)
    assert export(tmp_path) == before
    product, newcomer = Product.objects.get(sku=f"A{corpus.RARE}"), factories.make_customer()
    for day in (AS_OF, AS_OF + dt.timedelta(days=9)):
        for customer in (*Customer.objects.for_system("test").all()[:5], newcomer):
            factories.make_order(customer, day, (product, 5, 50))
    assert export(tmp_path) == before


def test_what_is_left_out(rows, tmp_path):
    """Articles never to be offered or past their last day, collective accounts, merged customers, cancelled lines."""
    Product.objects.filter(sku=f"A{corpus.CLEANER}").update(not_offered=True)
    Product.objects.filter(sku=f"A{corpus.PADS}").update(last_order_on=AS_OF - dt.timedelta(days=1))
    everyone = Customer.objects.for_system("test")
    everyone.filter(number="1001").update(is_collective=True)
    everyone.filter(number="1002").update(merged_into=everyone.get(number="1003"))
    factories.make_order(
        factories.make_customer(number="2001"), AS_OF - dt.timedelta(days=9), (Product.objects.first(), 1, 9), status="cancelled"
    )
    found = table(export(tmp_path))
    assert {row["product"] for row in found} & {f"A{corpus.CLEANER}", f"A{corpus.PADS}"} == set()
    assert {row["customer"] for row in found} & {"1001", "1002", "2001"} == set()
    assert {row["customer"] for row in found} >= {"1003", "1004"}


def test_a_return_on_the_same_day_and_a_gift_are_no_purchases(rows, tmp_path):
    rare = Product.objects.get(sku=f"A{corpus.RARE}")
    customer = Customer.objects.for_system("test").get(number="1001")
    factories.make_order(customer, AS_OF - dt.timedelta(days=3), (rare, 2, 20), (rare, -2, -20))
    factories.make_order(customer, AS_OF - dt.timedelta(days=2), (rare, 2, 0))
    assert rare.sku not in {row["product"] for row in table(export(tmp_path))}


def test_every_sentence_is_true_against_the_lines(rows, tmp_path):
    days, buyers, customer_days = defaultdict(list), defaultdict(set), defaultdict(set)
    for row in sorted(rows):
        customer, name = str(row.customer), corpus.NAMES[row.product]
        days[customer, name].append(row.day)
        buyers[name].add(customer)
        customer_days[customer].add(row.day)
    checked = 0
    for row in table(export(tmp_path)):
        if row["product"].startswith("*"):
            continue
        name = corpus.NAMES[int(row["product"][1:])]
        expected = _sentences(row["customer"], name, days, buyers, customer_days)
        assert row["evidence"] in expected
        checked += 1
    assert checked > 400


def _sentences(customer, name, days, buyers, customer_days) -> set[str]:
    """All true sentences of our kinds about a customer and an article."""
    if own := days.get((customer, name)):
        ago = _ago(corpus.TODAY - own[-1])
        gaps = [later - earlier for earlier, later in pairwise(own)][-8:]
        if len(own) >= 3:
            gap = int(median(gaps) + 0.5)
            often = f"etwa alle {gap} Tage" if gap <= 120 else f"etwa alle {round(gap * 12 / 365.2425)} Monate"
            return {f"Kauft {name} {often}, zuletzt {ago}."}
        if len(customer_days[customer]) == 1:
            return {f"Kaufte {name} am bisher einzigen Bestelltag, {ago}."}
        return {f"Kaufte {name} an {len(own)} von {len(customer_days[customer])} Bestelltagen, zuletzt {ago}."}
    return {
        f"{len(buyers[because] & buyers[name])} von {len(buyers[because])} Kunden mit {because} kaufen auch {name}."
        for because in buyers
        if customer in buyers[because]
    } | {f"{count} Kunden kauften {name} in den letzten 30 Tagen." for count in [_month(name, days)]}


def _month(name: str, days) -> int:
    return sum(article == name and any(corpus.TODAY - day <= 30 for day in own) for (_customer, article), own in days.items())


def _ago(count: int) -> str:
    from innendienst.lib import display

    return display.ago(AS_OF - dt.timedelta(days=count), AS_OF)


def test_without_any_order_the_file_has_a_heading_only(tmp_path):
    assert export(tmp_path) == "split,customer,product,score,kind,evidence\n"


@pytest.mark.parametrize(("option", "value"), [("--as-of", "31.12.2026"), ("--top", "0"), ("--top", "viele")])
def test_a_wrong_option_is_told(option, value, tmp_path):
    options = {"--as-of": "2026-12-31", "--top": "4", "--out": str(tmp_path / "x.csv"), option: value}
    with pytest.raises(CommandError, match=value):
        call_command("export_suggestions", *(part for pair in options.items() for part in pair))
