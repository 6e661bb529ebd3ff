"""Rules between products: kept by the sales management, with a look at whom they would reach."""

import datetime as dt
from decimal import Decimal

import pytest
import time_machine
from playwright.sync_api import expect

from campaigns.reach import reach
from customers.models import ContactBlock, ProductDemand, ProductRelation, PurchaseRhythm
from innendienst import recompute
from innendienst.base import jobs
from innendienst.base.models import Job
from tests.browser import assert_accessible, assert_no_sideways_scroll
from tests.factories import make_customer, make_order, make_product, make_relation, make_user
from tests.reading import text

URL = "/opportunities/rules/"
TODAY = dt.date(2026, 11, 23)


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)):
        yield


def make_bought(customer, product, days_ago: int = 30, since: int = 100) -> None:
    PurchaseRhythm.objects.create(
        customer=customer, product=product, first_on=TODAY - dt.timedelta(days=since), last_on=TODAY - dt.timedelta(days=days_ago),
        order_days=1, recent_on=[], usual_quantity=1, last_quantity=1, usual_revenue=100,
    )  # fmt: skip


@pytest.fixture
def pair(db):
    machine, pad = make_product("Scheuersaugmaschine M1", sku="M-1"), make_product("Pad P9", sku="P-9")
    ProductDemand.objects.create(product=pad, buyers_count=9, usual_quantity=1, usual_revenue=200, usual_margin=Decimal("80.00"))
    return machine, pad


def test_whoever_has_one_and_not_the_other_is_reached(pair, anna):
    machine, pad = pair
    for _index in range(3):
        make_bought(make_customer(), machine)
    make_bought(make_customer(), machine, days_ago=800)
    has_both, blocked, inactive = make_customer(), make_customer(), make_customer(is_inactive=True)
    make_bought(has_both, pad)
    ContactBlock.objects.create(customer=blocked, set_on=TODAY, set_by=anna)
    for customer in (has_both, blocked, inactive):
        make_bought(customer, machine)
    found = reach(from_product=machine, to_product=pad, kind="accessory", today=TODAY)
    assert (found.customers_count, found.revenue, found.margin) == (3, Decimal("120.00"), Decimal("48.00"))  # one in five wins
    assert reach(from_product=machine, to_product=pad, kind="successor", today=TODAY).customers_count == 0
    make_bought(make_customer(), machine, since=900)
    assert reach(from_product=machine, to_product=pad, kind="successor", today=TODAY).customers_count == 1


def test_the_preview_reads_no_order_lines(pair, django_assert_num_queries):
    machine, pad = pair
    reach(from_product=machine, to_product=pad, kind="accessory", today=TODAY)
    with django_assert_num_queries(3):  # those reached, the chances, the usual order
        reach(from_product=machine, to_product=pad, kind="accessory", today=TODAY)


def test_a_rule_is_added_changed_and_deleted(carlas, pair):
    machine, pad = pair
    said = {"from_product": "m-1", "to_product": "Pad", "kind": "accessory", "argument": "poliert in einem Gang"}
    page = carlas.post(f"{URL}add/", said, follow=True)
    assert "Regel Scheuersaugmaschine M1 → Pad P9 gespeichert." in text(page)
    rule = ProductRelation.objects.get()
    assert (rule.from_product, rule.to_product, rule.kind, rule.argument) == (machine, pad, "accessory", "poliert in einem Gang")
    carlas.post(f"{URL}{rule.pk}/", {**said, "argument": "hält länger"})
    rule.refresh_from_db()
    assert rule.argument == "hält länger"
    assert "Diese Regel gibt es schon" in text(carlas.post(f"{URL}add/", said))
    carlas.post(f"{URL}{rule.pk}/delete/")
    assert not ProductRelation.objects.exists()


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        ({"from_product": ""}, "Wer hat: Wählen Sie einen Artikel."),
        ({"from_product": "Bohrer"}, "es gibt keinen Artikel „Bohrer“"),
        ({"from_product": "Pad"}, "mehrere Artikel heißen „Pad“: Pad P8 (P-8), Pad P9 (P-9)"),
        ({"to_product": "M-1"}, "einen anderen Artikel als „Scheuersaugmaschine M1“"),
        ({"argument": "x" * 161}, "höchstens 160."),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_written(carlas, pair, changed, complaint):
    make_product("Pad P8", sku="P-8")
    page = carlas.post(f"{URL}add/", {"from_product": "M-1", "to_product": "P-9", "kind": "accessory", "argument": "", **changed})
    assert page.status_code == 422
    assert complaint in text(page)
    assert not ProductRelation.objects.exists()


def test_without_scripts_a_button_shows_whom_it_would_reach(carlas, pair):
    make_bought(make_customer(), pair[0])
    page = carlas.post(f"{URL}add/", {"from_product": "M-1", "to_product": "P-9", "kind": "accessory", "preview": "1"})
    assert "würde 1 Kunden erreichen, ≈ 16 € erwarteter DB" in text(page)
    assert not ProductRelation.objects.exists()


def test_no_rules_yet_says_what_they_are_for(carlas):
    assert "Noch keine Regeln." in text(carlas.get(URL))


def test_a_sales_lead_adds_a_pair_and_a_rep_sees_the_reason_after_the_next_recompute(live_page, transactional_db, anna, team_north):
    lead = make_user("clara", "manager", team=team_north, first_name="Clara", last_name="Winter")
    machine = make_product("Scheuersaugmaschine M1", sku="M-1")
    make_product("Pad P9", sku="P-9", price=50, cost=30)
    nord = make_customer("Bäckerei Nord", owner=anna)
    make_order(nord, TODAY - dt.timedelta(days=20), (machine, 1, "900"))
    _recompute()
    page = live_page(lead)
    page.goto("/opportunities/")
    page.get_by_role("link", name="Produktregeln").press("Enter")
    page.get_by_role("link", name="Regel anlegen").press("Enter")
    page.get_by_label("Wer hat").press_sequentially("M-1")
    page.keyboard.press("Tab")
    page.keyboard.type("P-9")
    expect(page.locator("#rule-preview")).to_contain_text("würde 1 Kunden erreichen, ≈ 4 € erwarteter DB")
    page.get_by_label("Argument").fill("poliert in einem Gang")
    page.get_by_label("Argument").press("Enter")
    expect(page.locator("#messages")).to_contain_text("Regel Scheuersaugmaschine M1 → Pad P9 gespeichert.")
    assert Job.objects.filter(kind=recompute.REFRESH, state="queued").exists()
    _recompute()
    reps = live_page(anna)
    reps.goto(nord.get_absolute_url())
    expect(reps.locator("#main, main")).to_contain_text(
        "Hat Scheuersaugmaschine M1, kauft Pad P9 nicht bei uns; passt dazu: poliert in einem Gang."
    )


def test_the_pages_are_accessible_and_fit_a_phone(live_page, carla):
    rule = make_relation(make_product("Scheuersaugmaschine M1"), make_product("Pad P9"), argument="poliert")
    for width in (1440, 390):
        page = live_page(carla, width=width)
        for address in (URL, f"{URL}{rule.pk}/"):
            page.goto(address)
            assert_accessible(page, in_dark_too=True)
            assert_no_sideways_scroll(page)


def _recompute() -> None:
    job = jobs.request(recompute.FULL)
    assert jobs.run(job.pk)
    assert Job.objects.get(pk=job.pk).state == "done"
