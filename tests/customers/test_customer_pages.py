"""The customers' pages: list, owners in bulk, the page of one customer."""

import datetime as dt
import re
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from campaigns.models import CallListRow, DayListRow, Kind, OpportunityItem
from customers.models import Complaint, Consent, ContactBlock, Customer, CustomerFacts, DataState, FollowUp, PurchaseMonth, Touched
from customers.models.activities import Activity
from innendienst.base.models import AuditEvent
from innendienst.lib import paging
from innendienst.workplace.customers import listing
from tests import factories
from tests.factories import make_contact, make_listed, make_product, make_user
from tests.reading import text
from tests.workplace.scenes import make_reason

pytestmark = pytest.mark.django_db

MONDAY = dt.date(2026, 11, 23)
LIST = "/customers/"


@pytest.fixture(autouse=True)
def _monday():
    with time_machine.travel(dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC), tick=False):
        yield


def names(response) -> list[str]:
    """The customers' names in the order of the list."""
    return re.findall(r'<td class="customer-name"><a href="[^"]+">([^<]+)</a>', response.content.decode())


# --- the list ---


def test_a_row_says_who_where_how_much_and_why(annas, anna):
    facts = {"revenue_12m": "18420.00", "margin_12m": "5110.00", "abc_class": "A", "last_order_on": MONDAY - dt.timedelta(days=38)}
    fields = {"owner": anna, "number": "000101", "postcode": "01067", "town": "Dresden", "phone": "030 23125-100"}
    customer = make_listed("Bäckerei Müller & Söhne", facts=facts, **fields)
    CallListRow.objects.create(customer=customer, owner=anna, rank_value=50, kinds=[["reorder", 3, 84]], callable_from=MONDAY)
    row = re.search(r"<tbody>(.*)</tbody>", annas.get(LIST).content.decode(), re.DOTALL)[1]
    shown = " ".join(re.sub(r"<[^>]+>", " ", row).replace("\xa0", " ").split())
    assert shown == (
        "Bäckerei Müller &amp; Söhne 000101 · 01067 Dresden Anna Lang A 18.420 € 5.110 € vor 38 Tagen – Nachkauf · 3 Artikel 030 23125-100"
    )
    assert f'href="/customers/{customer.pk}/"' in row
    assert 'href="tel:+493023125100"' in row


def test_where_no_place_is_known_the_number_stands_alone(annas):
    make_listed("Ohne Ort", number="000102")
    assert '<span class="soft small">000102</span>' in annas.get(LIST).content.decode()


def test_the_same_number_of_queries_for_three_rows_and_for_many(annas, anna, django_assert_num_queries):
    for _index in range(3):
        make_listed(owner=anna)
    annas.get(LIST)
    with CaptureQueriesContext(connection) as few:
        annas.get(LIST)
    for index in range(70):
        customer = make_listed(owner=anna)
        CallListRow.objects.create(customer=customer, owner=anna, rank_value=index, kinds=[["reorder", 1, 84]], callable_from=MONDAY)
    with django_assert_num_queries(len(few)):
        annas.get(LIST)


def test_an_id_above_a_thousand_is_not_grouped(annas):
    customer = factories.make_customer(pk=123456)
    CustomerFacts.objects.create(customer=customer)
    page = annas.get(LIST).content.decode()
    assert 'href="/customers/123456/"' in page
    assert "123.456" not in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Alpha", "Beta", "Öko-Markt"]),
        ("q=beta", ["Beta"]),
        ("q=oeko markt", ["Öko-Markt"]),
        ("owner=mine", ["Alpha"]),
        ("owner=unassigned", ["Öko-Markt"]),
        ("abc=B", ["Beta"]),
        ("place=01067", ["Alpha"]),
        ("place=0106", ["Alpha"]),
        ("place=muenchen", ["Beta"]),
        ("place=80331 München", ["Beta"]),
        ("place=80331 Dresden", []),
        ("industry=hotel", ["Beta"]),
        ("inactive=true", ["Alpha", "Beta", "Ruhend", "Öko-Markt"]),
        ("owner=unassigned&q=alpha", []),
        ("abc=Z&owner=nonsense&inactive=maybe&page=x&sort=y", ["Alpha", "Beta", "Öko-Markt"]),
    ],
)
def test_the_address_narrows_the_list(annas, anna, bernd, query, found):
    make_listed("Alpha", owner=anna, postcode="01067", town="Dresden")
    make_listed("Beta", owner=bernd, postcode="80331", town="München", industry="Hotel", facts={"abc_class": "B"})
    make_listed("Öko-Markt")
    make_listed("Ruhend", is_inactive=True, owner=bernd)
    assert sorted(names(annas.get(f"{LIST}?{query}"))) == sorted(found)


def test_a_reason_narrows_to_those_that_may_be_called_for_it(annas, anna):
    due, blocked = make_listed("Fällig", owner=anna), make_listed("Gesperrt", owner=anna)
    make_listed("Nichts", owner=anna)
    make_reason(due)
    make_reason(blocked)
    CallListRow.objects.create(customer=due, owner=anna, rank_value=50, kinds=[["reorder", 1, 84]], callable_from=MONDAY)
    assert names(annas.get(f"{LIST}?reason=reorder")) == ["Fällig"]
    assert names(annas.get(f"{LIST}?reason=cross_sell")) == []


def test_only_kinds_of_reason_that_are_computed_are_offered(annas):
    offered = re.search(r'<select id="filter-reason".*?</select>', annas.get(LIST).content.decode(), re.DOTALL)[0]
    assert re.findall(r'value="(\w+)"', offered) == [kind for kind in Kind.values if kind != Kind.CAMPAIGN]


def test_each_filter_can_be_taken_away_by_itself(annas, anna):
    asked = {"q": "nord", "owner": anna.pk, "reason": "reorder", "abc": "A", "inactive": "true", "sort": "-revenue", "page": "2"}
    marks = re.findall(r'class="chip" href="([^"]*)".*?</span>([^<]+?) <svg', annas.get(LIST, asked).content.decode())
    assert sorted(said for _address, said in marks) == ["ABC-Klasse A", "Anna Lang", "Nachkauf", "auch inaktive", "nord"]
    without_anna = next(address for address, said in marks if said == "Anna Lang")
    assert without_anna == "?q=nord&amp;reason=reorder&amp;abc=A&amp;inactive=true&amp;sort=-revenue"
    assert "Filter entfernen" not in annas.get(LIST).content.decode()


def test_a_merged_customer_is_not_listed(annas):
    kept = make_listed("Behalten")
    make_listed("Aufgegangen", merged_into=kept)
    assert names(annas.get(f"{LIST}?inactive=true")) == ["Behalten"]


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("", ["Ähre", "Birke", "Citrus"]),
        ("-name", ["Citrus", "Birke", "Ähre"]),
        ("-revenue", ["Citrus", "Ähre", "Birke"]),
        ("revenue", ["Birke", "Ähre", "Citrus"]),
        ("-last_order", ["Ähre", "Citrus", "Birke"]),
        ("last_order", ["Birke", "Citrus", "Ähre"]),
        ("last_contact", ["Birke", "Citrus", "Ähre"]),
    ],
)
def test_the_list_is_sorted_and_never_counts_as_longest_ago(annas, sort, order):
    day = dt.date(2026, 11, 1)
    make_listed("Birke", facts={"revenue_12m": 0})
    make_listed("Ähre", facts={"revenue_12m": 100, "last_order_on": day, "last_contact_on": day})
    earlier = day - dt.timedelta(days=300)
    make_listed("Citrus", facts={"revenue_12m": "100.01", "last_order_on": earlier, "last_contact_on": earlier})
    assert names(annas.get(f"{LIST}?sort={sort}")) == order


def test_pages_follow_each_other_without_gap_or_repetition(annas):
    for index in range(52):
        make_listed(f"Kunde {index:02d}")
    first, second = annas.get(LIST), annas.get(f"{LIST}?page=2")
    assert names(first) + names(second) == [f"Kunde {index:02d}" for index in range(52)]
    assert "1–50 von 52" in text(first)
    assert "51–52 von 52" in text(second)
    assert names(annas.get(f"{LIST}?page=99")) == names(second)


def test_a_long_list_is_counted_no_further_than_needed(annas, monkeypatch):
    monkeypatch.setattr("innendienst.lib.paging.COUNTED_MOST", 51)
    for _index in range(53):
        make_listed()
    assert "1–50 von 51+" in text(annas.get(LIST))


@pytest.fixture
def counts_to_51(monkeypatch):
    for module in (paging, listing):
        monkeypatch.setattr(module, "COUNTED_MOST", 51)


@pytest.mark.parametrize("narrowed", [{}, {"owner": "unassigned"}])
@pytest.mark.parametrize("typed", ["Nord", "Nord Kunde"])
@pytest.mark.parametrize(("hidden_count", "told"), [(0, "51+"), (3, "51")])
def test_what_a_text_finds_is_in_order_and_counted_no_further_than_needed(annas, counts_to_51, typed, hidden_count, told, narrowed):
    for index in reversed(range(54)):
        make_listed(f"Kunde {index:02d} Nord", is_inactive=index < hidden_count)
    page = annas.get(LIST, {"q": typed, **narrowed})
    assert names(page) == [f"Kunde {index:02d} Nord" for index in range(hidden_count, hidden_count + 50)]
    assert re.search(r"1–50 von (\S+)", text(page)).group(1) == told
    turned = annas.get(LIST, {"q": typed, "sort": "-name", **narrowed})
    assert names(turned) == [f"Kunde {index:02d} Nord" for index in reversed(range(4, 54))]
    rest = annas.get(LIST, {"q": typed, "page": 2, **narrowed})
    assert names(rest) == [f"Kunde {index:02d} Nord" for index in range(hidden_count + 50, 54)]


def test_margins_are_for_those_who_may_see_them(client, anna, team_north):
    make_listed(facts={"revenue_12m": 100, "margin_12m": 77}, owner=anna)
    client.force_login(make_user("felix", "field_sales", team=team_north))
    page = text(client.get(LIST))
    assert "100 €" in page
    assert "77 €" not in page
    assert "Deckungsbeitrag" not in page


def test_figures_of_the_erp_are_marked_as_such(annas):
    make_listed(facts={"revenue_12m": 500, "is_stated": True})
    assert "500 €*" in text(annas.get(LIST))
    assert "* laut ERP" in text(annas.get(LIST))


@pytest.mark.parametrize(
    ("state", "mark"),
    [({"is_inactive": True}, "Inaktiv"), ({"delivery_block": True}, "Liefersperre"), ({}, None)],
)
def test_marks_say_what_to_know_before_dialling(annas, state, mark):
    make_listed("Nord", **state)
    marks = re.findall(r'<span class="chip[^"]*">([^<]+)</span>', annas.get(f"{LIST}?inactive=true").content.decode())
    assert marks == ([mark] if mark else [])


def test_a_company_that_must_not_be_called_is_marked_and_a_block_of_mail_alone_is_not(annas, anna):
    called, mailed = make_listed("A"), make_listed("B")
    ContactBlock.objects.create(customer=called, set_on=MONDAY, set_by=anna)
    ContactBlock.objects.create(customer=mailed, channel="email", set_on=MONDAY, set_by=anna)
    assert re.findall(r'chip--bad">([^<]+)<', annas.get(LIST).content.decode()) == ["Werbesperre"]


def test_htmx_gets_the_table_alone_and_a_browser_the_page(annas):
    make_listed("Nord")
    part = annas.get(LIST, headers={"HX-Request": "true", "HX-Target": "results"})
    assert names(part) == ["Nord"]
    assert "<html" not in part.content.decode()
    assert "<html" in annas.get(LIST).content.decode()
    assert {"HX-Request", "HX-Target"} <= set(part["Vary"].split(", "))


def test_an_empty_filter_says_so_and_offers_the_way_back(annas):
    make_listed("Nord")
    page = text(annas.get(f"{LIST}?q=nirgends"))
    assert "Kein Kunde passt zu diesem Filter. Inaktive Kunden sind ausgeblendet." in page
    assert "Auch inaktive zeigen" in page


def test_who_looks_after_nobody_yet_reads_who_assigns_customers_and_finds_those_without_an_owner(annas):
    make_listed("Nord")
    page = annas.get(f"{LIST}?owner=mine")
    assert "Ihnen ist noch kein Kunde zugeordnet." in text(page)
    assert 'href="?owner=unassigned"' in page.text
    assert "Kein Kunde passt zu diesem Filter." in text(annas.get(f"{LIST}?owner=mine&abc=A"))


def test_an_empty_installation_says_where_customers_come_from(annas):
    assert "Noch keine Kunden." in text(annas.get(LIST))


def test_an_empty_installation_leads_its_administration_to_the_import(client, dieter):
    client.force_login(dieter)
    assert 'href="/imports/new/customers/">Liste einlesen</a>' in client.get(LIST).text


def test_a_name_that_looks_like_markup_or_a_place_is_shown_as_typed(annas):
    make_listed("<b>{number}</b> & {{ x }}")
    assert "&lt;b&gt;{number}&lt;/b&gt; &amp; {{ x }}" in annas.get(LIST).content.decode()


@pytest.mark.parametrize(
    "query", ["q=%00", "place=%00", "owner=%00", "page=99999999999999999999", "page=-1", "owner=" + "9" * 40, "q=" + "a" * 9000]
)
def test_nonsense_in_the_address_is_no_error(annas, query):
    make_listed("Nord")
    assert names(annas.get(f"{LIST}?{query}")) in ([], ["Nord"])


# --- acts on many ---


def test_a_manager_assigns_the_chosen_customers_and_goes_back_to_the_same_list(carlas, carla, anna):
    one, two, other = make_listed("A"), make_listed("B"), make_listed("C")
    data = {"chosen": [one.pk, two.pk], "owner": anna.pk, "query": "owner=unassigned&sort=-revenue"}
    answer = carlas.post(reverse("customers:assign"), data)
    assert answer["Location"] == "/customers/?owner=unassigned&sort=-revenue"
    owners = dict(Customer.objects.for_system("test").values_list("name", "owner"))
    assert owners == {"A": anna.pk, "B": anna.pk, "C": None}
    assert set(Touched.objects.values_list("customer", flat=True)) == {one.pk, two.pk}
    event = AuditEvent.objects.get(act="customer.assign")
    assert (event.by, event.facts) == (carla, {"owner": anna.pk, "customers": [one.pk, two.pk], "before": [None, None]})
    assert Customer.objects.for_system("test").get(pk=one.pk).version == 2
    assert other.version == Customer.objects.for_system("test").get(pk=other.pk).version
    assert "2 Kunden Anna Lang zugeordnet." in text(carlas.get(LIST))


def test_all_customers_of_a_filter_are_assigned_at_once(carlas, anna, bernd):
    for index in range(60):
        make_listed(f"Nord {index}", town="Kiel")
    make_listed("Süd", town="Ulm", owner=bernd)
    carlas.post(reverse("customers:assign"), {"all": "1", "owner": anna.pk, "query": "place=Kiel"})
    assert Customer.objects.for_system("test").filter(owner=anna).count() == 60


def test_customers_go_back_to_the_pool(carlas, anna):
    customer = make_listed(owner=anna)
    carlas.post(reverse("customers:assign"), {"chosen": customer.pk, "owner": "unassigned"})
    assert Customer.objects.for_system("test").get().owner is None


def undo_of(page) -> str:
    return re.search(r'action="(/customers/owners/undo/[^"]+)"', page.content.decode())[1].replace("&amp;", "&")


def owners_now() -> dict[str, int | None]:
    return dict(Customer.objects.for_system("test").values_list("name", "owner"))


def test_an_assignment_is_taken_back_by_one_click(carlas, anna, bernd):
    chosen = [make_listed("A", owner=bernd).pk, make_listed("B").pk, make_listed("C", owner=anna).pk]
    page = carlas.post(reverse("customers:assign"), {"chosen": chosen, "owner": anna.pk, "query": "sort=-revenue"}, follow=True)
    answer = carlas.post(undo_of(page))
    assert answer["Location"] == "/customers/?sort=-revenue"
    assert "2 Kunden sind wieder bei den bisherigen Betreuern." in text(carlas.get(LIST))
    assert owners_now() == {"A": bernd.pk, "B": None, "C": anna.pk}


def test_who_changed_hands_again_stays_when_an_earlier_assignment_is_taken_back(carlas, anna, bernd):
    one = make_listed("A")
    page = carlas.post(reverse("customers:assign"), {"chosen": one.pk, "owner": anna.pk}, follow=True)
    carlas.post(reverse("customers:assign"), {"chosen": one.pk, "owner": bernd.pk})
    assert "Nicht rückgängig gemacht" in text(carlas.post(undo_of(page), follow=True))
    assert owners_now() == {"A": bernd.pk}


def test_an_assignment_is_taken_back_by_nobody_else_and_not_late(carlas, client, anna):
    page = carlas.post(reverse("customers:assign"), {"chosen": make_listed("A").pk, "owner": anna.pk}, follow=True)
    undo_url = undo_of(page)
    client.force_login(make_user("other", "manager"))
    client.post(undo_url)
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=11)):
        carlas.post(undo_url)
    assert owners_now() == {"A": anna.pk}


def test_assigning_what_is_so_already_changes_nothing(carlas, anna):
    customer = make_listed(owner=anna)
    carlas.post(reverse("customers:assign"), {"chosen": customer.pk, "owner": anna.pk})
    assert Customer.objects.for_system("test").get().version == 1
    assert not AuditEvent.objects.filter(act="customer.assign").exists()


@pytest.mark.parametrize(
    ("owner", "chosen", "complaint"),
    [
        ("", True, "Wählen Sie, wer diese Kunden betreuen soll."),
        ("999999", True, "Wählen Sie, wer diese Kunden betreuen soll."),
        ("marketing", True, "Wählen Sie, wer diese Kunden betreuen soll."),
        ("gone", True, "Wählen Sie, wer diese Kunden betreuen soll."),
        ("anna", False, "Kein Kunde ist ausgewählt."),
    ],
)
def test_an_owner_who_cannot_be_one_or_nothing_chosen_is_said(carlas, anna, owner, chosen, complaint):
    people = {"anna": anna.pk, "marketing": make_user("mara", "marketing").pk, "gone": make_user("gustav", is_active=False).pk}
    customer = make_listed()
    data = {"owner": people.get(owner, owner), **({"chosen": customer.pk} if chosen else {})}
    answer = carlas.post(reverse("customers:assign"), data, follow=True)
    assert complaint in text(answer)
    assert Customer.objects.for_system("test").get().owner is None


def test_a_rep_does_not_assign(annas, anna):
    customer = make_listed()
    assert annas.post(reverse("customers:assign"), {"chosen": customer.pk, "owner": anna.pk}).status_code == 403
    assert Customer.objects.for_system("test").get().owner is None


def test_customers_are_put_onto_todays_list_by_row_or_many(annas, anna):
    one, two, three = make_listed("A"), make_listed("B"), make_listed("C")
    annas.post(reverse("customers:pick"), {"chosen": [one.pk, two.pk]})
    annas.post(reverse("customers:pick"), {"chosen": [one.pk], "one": three.pk})
    rows = DayListRow.objects.for_system("test").filter(user=anna, day=MONDAY)
    assert set(rows.values_list("customer__name", flat=True)) == {"A", "B", "C"}


# --- one customer ---


@pytest.fixture
def nord(anna) -> Customer:
    customer = make_listed("Bäckerei Nord GmbH", owner=anna, facts={"revenue_12m": 1200, "last_order_on": MONDAY - dt.timedelta(days=40)})
    make_contact(customer, "Weiß", first_name="Kim", phone="030 23125-103", email="kim@nord.example")
    DataState.objects.create(last_order_on=dt.date(2026, 11, 20), loaded_at=dt.datetime(2026, 11, 21, tzinfo=dt.UTC))
    return customer


def test_the_page_shows_people_with_what_is_allowed_and_why(annas, anna, nord):
    kim = nord.contacts.get()
    Consent.objects.create(
        contact=kim, customer=nord, channel="email", text_version="1", proof="Mail", granted_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    )
    ContactBlock.objects.create(customer=nord, contact=kim, channel="letter", kind="objection", set_on=dt.date(2026, 3, 9), set_by=anna)
    page = text(annas.get(nord.get_absolute_url()))
    assert "Kim Weiß Ändern 030 23125-103 kim@nord.example Telefon erlaubt E-Mail erlaubt Brief nicht erlaubt" in page
    assert "Brief Nicht erlaubt: hat am 09.03.2026" in page or "09.03.2026" in page
    assert "Telefon erlaubt E-Mail nicht erlaubt Brief erlaubt" in page  # the company itself


def test_what_is_allowed_never_contradicts_the_cards_own_word(annas, anna, nord):
    """A reorder that is due may be called for although somebody called about a sale last week; a complaint is answered, not sold to."""
    for days in (3, 5, 7, 9):
        Activity.objects.create(customer=nord, outcome="reached", at=timezone.now() - dt.timedelta(days=days), by=anna)
    assert "Rechtsgrundlage klären: vor Kurzem angesprochen" in text(annas.get(nord.get_absolute_url()))
    make_reason(nord)
    page = annas.get(nord.get_absolute_url())
    assert "Telefon klären" not in text(page)
    assert "für Verkaufsgespräche" in text(page)
    nord.complaints.create(title="Falsch geliefert", raised_on=MONDAY, raised_by=anna)
    CustomerFacts.objects.for_system("test").filter(customer=nord).update(open_complaints_count=1)
    page = text(annas.get(nord.get_absolute_url()))
    assert "Solange eine Beschwerde offen ist, ruht der Verkauf." in page
    assert "Rechtsgrundlage klären" not in page


def test_the_sums_of_a_reason_are_those_of_its_arithmetic(annas, nord):
    reason = make_reason(nord)
    item = OpportunityItem.objects.get(opportunity=reason)
    reason.facts = {"articles_count": 3}
    reason.expected_revenue, reason.expected_margin = item.expected_revenue + 100, item.expected_margin + 40
    reason.save()
    source = annas.get(reverse("reason_source", args=[reason.pk]))
    total = source.context["source"].total
    assert f"DB {total.margin} ×" in source.context["source"].arithmetic
    assert f"Zusammen, mit 2 weiteren Artikeln {total.revenue} {total.margin}".replace("\xa0", " ") in text(source)


def test_purchases_come_from_the_kept_months_with_their_rhythm(annas, nord):
    product = make_product("Reiniger R10", unit="Kanister")
    for month, revenue in ((dt.date(2026, 10, 1), "300.00"), (dt.date(2025, 10, 1), "200.00"), (dt.date(2023, 1, 1), "999.00")):
        PurchaseMonth.objects.create(customer=nord, product=product, month=month, quantity=12, revenue_net=revenue, lines_count=1)
    nord.purchase_rhythms.create(
        product=product, first_on=dt.date(2023, 1, 2), last_on=dt.date(2026, 10, 9), order_days=9, recent_on=[], median_gap_days=30,
        usual_quantity=12, last_quantity=12, usual_revenue=100,
    )  # fmt: skip
    page = text(annas.get(nord.get_absolute_url()))
    assert "Umsatz je Kalendermonat, seit Dez 2025 farbig. Die letzten 12 Monate auf den Tag: 1.200 €, die 12 davor: 0 €." in page
    assert "Umsatz 12 Monate 1.200 €" in page
    assert "Artikel Umsatz seit Dez 2025 Rhythmus" in page
    assert "Reiniger R10" in page
    assert "300 € etwa alle 30 Tage, meist 12 Kanister vor 45 Tagen fällig" in page


def test_freight_is_no_purchase_worth_a_row(annas, nord):
    freight = make_product("Frachtpauschale", not_offered=True)
    PurchaseMonth.objects.create(customer=nord, product=freight, month=dt.date(2026, 10, 1), quantity=1, revenue_net=9, lines_count=1)
    assert "Frachtpauschale" not in text(annas.get(nord.get_absolute_url()))


def test_orders_show_their_value_and_open_their_lines(annas, nord):
    reiniger = make_product("Reiniger R10", unit="Kanister")
    order = factories.make_order(nord, dt.date(2026, 11, 2), (reiniger, "2.5", "100.50"), (make_product("Pad"), 1, "20"))
    assert f"{order.number} 02.11.2026 2 Positionen 120,50 €" in text(annas.get(nord.get_absolute_url()))
    url = reverse("customers:order", args=[nord.pk, order.pk])
    assert "Reiniger R10" in text(annas.get(url))
    part = annas.get(url, headers={"HX-Request": "true"})
    assert "<html" not in part.content.decode()
    assert "2,5 Kanister 100,50 € 40,20 €" in text(part)


def test_a_cancelled_line_does_not_count_in_an_orders_value(annas, nord):
    order = factories.make_order(nord, dt.date(2026, 11, 2), (make_product(), 1, "100"))
    factories.make_order(nord, dt.date(2026, 11, 3), (make_product(), 1, "70"), status="cancelled")
    page = text(annas.get(reverse("customers:orders", args=[nord.pk])))
    assert f"{order.number} 02.11.2026 1 Position 100,00 €" in page
    assert "70,00 €" not in page


def test_another_customers_order_is_not_found(annas, nord):
    other = make_listed("Süd")
    order = factories.make_order(other, dt.date(2026, 11, 2), (make_product(), 1, "100"))
    assert annas.get(reverse("customers:order", args=[nord.pk, order.pk])).status_code == 404


def _call(customer, user, day: int, **fields):
    at = dt.datetime(2026, 11, day, 8, 30, tzinfo=dt.UTC)
    return Activity.objects.create(**{"customer": customer, "by": user, "at": at, "outcome": "reached", **fields})


def test_the_history_tells_what_happened_youngest_first(annas, anna, bernd, nord):
    _call(nord, bernd, 10, note="Will Muster.", contact=nord.contacts.get(), satisfied="partly")
    _call(nord, anna, 12, outcome="not_reached")
    _call(nord, anna, 13, voided_at=dt.datetime(2026, 11, 13, 9, tzinfo=dt.UTC), note="undone")
    Complaint.objects.create(customer=nord, title="Palette beschädigt", raised_on=dt.date(2026, 11, 11), raised_by=anna)
    page = text(annas.get(nord.get_absolute_url()))
    history = page[page.rindex("Verlauf") :]
    assert "12.11.2026, 09:30 Nicht erreicht" in history
    assert (
        history.index("12.11.2026")
        < history.index("Beschwerde: Palette beschädigt")
        < history.index("10.11.2026, 09:30 Erreicht, zufrieden: teils")
    )
    assert "Kim Weiß (Bernd Vogel) Will Muster." in history
    assert "undone" not in page


def test_a_note_in_another_script_runs_its_own_way(annas, anna, nord):
    _call(nord, anna, 12, note="שלום")
    assert '<div class="entry-text" dir="auto">שלום</div>' in annas.get(nord.get_absolute_url()).text


def test_a_manager_sees_neither_who_called_nor_at_what_time(carlas, carla, bernd, nord):
    _call(nord, bernd, 10, note="Will Muster.")
    _call(nord, carla, 9, note="Chefsache.")
    for url in (nord.get_absolute_url(), reverse("customers:history", args=[nord.pk])):
        page = text(carlas.get(url))
        history = page[page.rindex("Verlauf") :]
        assert "10.11.2026 Erreicht" in history
        assert "Bernd Vogel" not in page
        assert "09.11.2026, 09:30 Erreicht (Carla Sommer)" in history


def test_more_than_ten_contacts_are_found_behind_a_link(annas, anna, nord):
    for day in range(1, 24):
        _call(nord, anna, day % 22 + 1, note=f"Anruf Nr. {day};")
    page = annas.get(nord.get_absolute_url())
    assert len(re.findall(r"Anruf Nr\. \d+;", text(page))) == 10
    assert page.content.index(b'id="timeline"') < page.content.index(b'id="buying"')  # the last contacts first, then what he buys
    assert reverse("customers:history", args=[nord.pk]) in page.content.decode()
    assert len(re.findall(r"Anruf Nr\. \d+;", text(annas.get(reverse("customers:history", args=[nord.pk]))))) == 23


def test_a_follow_up_is_added_for_a_working_day_and_said(annas, anna, nord):
    url = reverse("customers:follow_up_add", args=[nord.pk])
    answer = annas.post(url, {"due_on": "2026-11-28", "note": "Preis nennen"}, follow=True)
    follow_up = FollowUp.objects.for_system("test").get()
    assert (follow_up.customer, follow_up.assignee, follow_up.due_on, follow_up.note) == (nord, anna, dt.date(2026, 11, 30), "Preis nennen")
    assert "Wiedervorlage Mo 30.11.2026 angelegt (Sa 28.11.2026 ist kein Arbeitstag)." in text(answer)
    assert "30.11.2026: Preis nennen" in text(answer)


@pytest.mark.parametrize(
    ("due_on", "complaint"),
    [("", "Datum: Wählen Sie einen Tag."), ("31.02.2027", "Datum: „31.02.2027“"), ("gestern", "„gestern“"), ("2026-11-01", "01.11.2026")],
)
def test_a_date_that_cannot_be_is_said_and_the_note_is_kept(annas, nord, due_on, complaint):
    answer = annas.post(reverse("customers:follow_up_add", args=[nord.pk]), {"due_on": due_on, "note": "Preis nennen"})
    assert answer.status_code == 422
    assert complaint in text(answer)
    assert 'value="Preis nennen"' in answer.content.decode()
    assert not FollowUp.objects.for_system("test").exists()


def _add_one_of_everything(customer: Customer, user, index: int) -> None:
    day, product = dt.date(2026, 11, index + 1), make_product()
    person = make_contact(customer, f"Person {index}", email=f"p{index}@nord.example")
    _call(customer, user, index + 1, contact=person)
    PurchaseMonth.objects.create(customer=customer, product=product, month=dt.date(2026, 10, 1), quantity=1, revenue_net=9, lines_count=1)
    factories.make_order(customer, day, (product, 1, "10"))
    FollowUp.objects.create(customer=customer, assignee=user, contact=person, due_on=MONDAY + dt.timedelta(days=index))
    ContactBlock.objects.create(customer=customer, contact=person, channel="email", set_on=day, set_by=user)
    Complaint.objects.create(customer=customer, title="Palette", raised_on=day, raised_by=user, state="closed")


def test_a_page_full_of_everything_needs_as_many_queries_as_one_with_little(annas, anna, nord, django_assert_num_queries):
    make_reason(nord)
    _add_one_of_everything(nord, anna, 0)
    annas.get(nord.get_absolute_url())
    with CaptureQueriesContext(connection) as little:
        annas.get(nord.get_absolute_url())
    little_count = len(little)
    for index in range(1, 6):
        _add_one_of_everything(nord, anna, index)
    with django_assert_num_queries(little_count):
        annas.get(nord.get_absolute_url())
    assert little_count <= 40


def test_a_foreign_or_unknown_id_is_a_page_that_does_not_exist(annas, nord):
    for path in (
        "/customers/999999/",
        "/customers/999999/history/",
        "/customers/999999/orders/",
        f"/customers/{10**18}/",
        f"/customers/{10**20}/",
    ):
        assert annas.get(path).status_code == 404


def test_a_customer_without_anything_has_a_page_that_says_so(annas):
    customer = factories.make_customer("Neu", phone="")
    page = text(annas.get(customer.get_absolute_url()))
    for sentence in (
        "In den letzten 24 Monaten kein Einkauf.",
        "noch niemand gesprochen",
        "Noch kein Auftrag.",
    ):
        assert sentence in page


def test_basic_data_are_changed_by_an_admin_alone(client, annas, nord, dieter):
    link = reverse("admin:customers_customer_change", args=[nord.pk])
    assert link not in annas.get(nord.get_absolute_url()).content.decode()
    client.force_login(dieter)
    assert link in client.get(nord.get_absolute_url()).content.decode()


def test_revenue_without_margin_rights_shows_no_margin_anywhere(client, nord, team_north):
    factories.make_order(nord, dt.date(2026, 11, 2), (make_product(), 1, "100"))
    nord.facts.margin_12m = Decimal(777)
    nord.facts.save()
    client.force_login(make_user("felix", "field_sales", team=team_north))
    order = nord.orders.get()
    for url in (nord.get_absolute_url(), reverse("customers:order", args=[nord.pk, order.pk])):
        page = text(client.get(url))
        assert "777" not in page
        assert "40,00" not in page
