"""The list of opportunities and the page of one."""

import datetime as dt
import io
import re
from decimal import Decimal

import openpyxl
import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from campaigns.answers import answer_opportunity
from campaigns.models import Opportunity, OpportunityItem
from customers.models import Activity, FollowUp
from customers.preferences import CustomersPreferences, Visibility
from innendienst.base import preferences
from innendienst.workplace.opportunities.order_text import order_text
from tests.browser import assert_accessible, assert_no_sideways_scroll
from tests.factories import make_contact, make_customer, make_order, make_product
from tests.reading import text
from tests.workplace.scenes import make_reason

URL = "/opportunities/"


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)):
        yield


def detail(opportunity) -> str:
    return reverse("opportunities:detail", args=[opportunity.pk])


def act(client, opportunity, name: str, **more):
    opportunity.refresh_from_db()
    return client.post(f"{detail(opportunity)}act/", {"act": name, "version": opportunity.version, **more}, follow=True)


def undo_of(page) -> str:
    return re.search(r'action="(/opportunities/undo/[^"]+)"', page.text)[1].replace("&amp;", "&")


def shown(client, query: str = "") -> list[str]:
    return [row.customer for row in client.get(f"{URL}{query}").context["page"].rows]


@pytest.mark.django_db
def test_the_list_shows_what_is_open_best_first_and_each_filter_narrows_it(annas, anna, bernd):
    north, south = make_customer("Nord", owner=anna), make_customer("Süd", owner=bernd)
    make_reason(north, owner=anna)
    big = make_reason(south, "cross_sell", owner=bernd)
    Opportunity.objects.for_system("test").filter(pk=big.pk).update(rank_value=900)
    lost = make_reason(make_customer("West"), owner=anna, state="lost", lost_reason="price")
    assert shown(annas) == ["Süd", "Nord"]
    assert shown(annas, "?kind=reorder") == ["Nord"]
    assert shown(annas, "?owner=mine") == ["Nord"]
    assert shown(annas, f"?team={bernd.team_id}") == ["Süd"]
    assert shown(annas, "?value=200") == ["Süd"]
    assert shown(annas, "?state=lost") == [lost.customer.name]
    assert shown(annas, "?sort=customer&state=all") == ["Nord", "Süd", "West"]
    assert shown(annas, "?due=today") == []
    assert "Kauft Reiniger R10 etwa alle 30 Tage" in text(annas.get(URL))


@pytest.mark.django_db
def test_another_teams_opportunities_do_not_exist_under_team_visibility(annas, dieter, bernd):
    other = make_reason(make_customer("Fremd", owner=bernd))
    preferences.put(CustomersPreferences, by=dieter, visibility=Visibility.TEAM)
    assert shown(annas) == []
    assert annas.get(detail(other)).status_code == 404
    annas.post(f"{URL}many/", {"do": "dismiss", "reason": "not_suitable", "chosen": other.pk})
    other.refresh_from_db()
    assert other.state == "suggested"


@pytest.mark.django_db
def test_three_thousand_rows_cost_as_many_queries_as_three(annas, anna):
    product = make_product("Reiniger R10")

    def fill(count: int) -> None:
        customers = [make_customer(owner=anna) for _index in range(count)]
        made = Opportunity.objects.bulk_create(
            Opportunity(
                customer=customer, kind="reorder", facts={"articles_count": 1}, rank_value=index, expected_revenue=240, expected_margin=96,
                p_win=Decimal("0.35"), suggested_on=dt.date(2026, 11, 20), owner=anna,
            )
            for index, customer in enumerate(customers)
        )  # fmt: skip
        facts = {"last_on": "2026-10-14", "gap_days": "30", "quantity": "12"}
        OpportunityItem.objects.bulk_create(
            OpportunityItem(opportunity=each, product=product, position=1, facts=facts, expected_revenue=240) for each in made
        )

    fill(3)
    annas.get(URL)
    with CaptureQueriesContext(connection) as few:
        annas.get(URL)
    fill(2997)
    with CaptureQueriesContext(connection) as many:
        page = annas.get(f"{URL}?page=2")
    assert len(many) == len(few)
    assert (len(page.context["page"].rows), page.context["page"].count) == (50, "1.000+")
    assert not [query for query in many.captured_queries if "orderline" in query["sql"].lower()]


@pytest.mark.django_db
def test_many_are_planned_at_once_and_the_undo_takes_it_back(annas, anna):
    reasons = [make_reason(make_customer(owner=anna)) for _index in range(2)]
    closed = make_reason(make_customer("Erledigt"), owner=anna, state="won", won_amount=10, won_on=dt.date(2026, 11, 20))
    chosen = [each.pk for each in (*reasons, closed)]
    page = annas.post(f"{URL}many/", {"do": "plan", "due_on": "+3", "chosen": chosen, "query": "owner=mine"}, follow=True)
    assert page.redirect_chain[-1][0] == f"{URL}?owner=mine"
    assert "2 Verkaufschancen eingeplant für Do 26.11.2026." in text(page)
    assert "Erledigt, Nachkauf: „Einplanen“ geht im Stand „Gewonnen“ nicht. Jetzt möglich: Wieder aufnehmen." in text(page)
    assert FollowUp.objects.visible_to(anna).open().filter(assignee=anna, due_on=dt.date(2026, 11, 26)).count() == 2
    assert "2 Verkaufschancen sind wie zuvor." in text(annas.post(undo_of(page), follow=True))
    assert set(Opportunity.objects.visible_to(anna).exclude(pk=closed.pk).values_list("state", flat=True)) == {"suggested"}
    assert not FollowUp.objects.visible_to(anna).exists()


@pytest.mark.django_db
def test_the_management_gives_opportunities_to_a_person_and_a_rep_does_not(client, anna, bernd, carla):
    reason = make_reason(make_customer(owner=anna))
    said = {"do": "assign", "owner": bernd.pk, "chosen": reason.pk}
    client.force_login(anna)
    assert client.post(f"{URL}many/", said).status_code == 403
    client.force_login(carla)
    assert "1 Verkaufschance an Bernd Vogel gegeben." in text(client.post(f"{URL}many/", said, follow=True))
    reason.refresh_from_db()
    assert (reason.state, reason.owner) == ("planned", bernd)


@pytest.mark.django_db
def test_the_workbook_holds_what_the_list_shows_and_text_stays_text(annas, client, anna):
    make_reason(make_customer("=1+1 GmbH", number="K-7", owner=anna), owner=anna, product=make_product("Müller's 3/4\" <R10> & Co"))
    make_reason(make_customer("Andere"), "cross_sell")
    content = annas.get(f"{URL}export/?owner=mine").content
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    head, *rows = sheet.iter_rows(values_only=True)
    assert head[:5] == ("Kundennummer", "Kunde", "Anlass", "Stand", "Begründung")
    assert [row[:4] for row in rows] == [("K-7", "=1+1 GmbH", "Nachkauf", "Vorschlag")]
    assert rows[0][4].startswith("Kauft Müller's 3/4\" <R10> & Co etwa alle 30 Tage")
    assert sheet["B2"].data_type == "s"


@pytest.mark.django_db
def test_an_opportunity_is_offered_won_and_reopened_on_its_page(annas, anna, tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    reason = make_reason(make_customer("Nord", owner=anna), product=make_product("Reiniger R10", unit="Kanister", needs_demo=True))
    assert "Vorführung nötig" in text(annas.get(detail(reason)))
    letter = SimpleUploadedFile("Angebot.pdf", b"%PDF-1.7")
    page = act(annas, reason, "offer", number="AN-7", amount="480,00", valid_until="18.12.2026", file=letter)
    assert "Nord, Nachkauf: Angebot." in text(page)
    answer = annas.get(f"{detail(reason)}quotes/1/")
    assert (answer["Content-Type"], answer["Content-Disposition"]) == ("application/pdf", 'attachment; filename="Angebot.pdf"')
    assert b"".join(answer.streaming_content) == b"%PDF-1.7"
    page = act(annas, reason, "win", amount="450")
    assert "12 Kanister" in page.context["order_text"]
    assert "450,00" in page.context["order_text"]
    page = act(annas, reason, "reopen", reopen_reason="asked_again", due_on="+1")
    reason.refresh_from_db()
    assert (reason.state, reason.won_amount) == ("planned", None)
    assert "Angebot → Gewonnen" in text(page)
    assert "Gewonnen → Eingeplant (Kunde hat wieder gefragt)" in text(page)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "said", "complaint"),
    [
        ("win", {}, "Nettobetrag: Die Angabe fehlt."),
        ("win", {"amount": "0"}, "mehr als 0"),
        ("offer", {"amount": "12"}, "Angebotsnummer: Die Angabe fehlt."),
        ("plan", {"due_on": "31.02.2027"}, "31.02.2027"),
        ("offer", {"number": "1", "amount": "12", "file": SimpleUploadedFile("a.pdf", b"<html>")}, "nur PDF, PNG und JPEG"),
        ("offer", {"number": "1", "amount": "12", "file": SimpleUploadedFile("a.pdf", b"")}, "Sie ist leer"),
    ],
)
def test_what_is_missing_is_named_and_nothing_is_written(annas, name, said, complaint):
    reason = make_reason(make_customer())
    page = act(annas, reason, name, **said)
    reason.refresh_from_db()
    assert (page.status_code, reason.state) == (422, "suggested")
    assert complaint in text(page)


@pytest.mark.django_db
def test_whoever_is_late_hears_that_somebody_answered(annas, anna):
    reason = make_reason(make_customer())
    page = annas.post(f"{detail(reason)}act/", {"act": "contact", "version": reason.version + 1}, follow=True)
    assert "hat schon jemand beantwortet" in text(page)


@pytest.mark.django_db
def test_won_without_an_order_is_listed_after_ten_working_days(annas, anna):
    for name, day in (("Alt", dt.date(2026, 11, 6)), ("Jung", dt.date(2026, 11, 16))):
        make_reason(make_customer(name), owner=anna, state="won", won_amount=10, won_on=day)
    make_reason(make_customer("Da"), owner=anna, state="won", won_amount=10, won_on=dt.date(2026, 11, 2), order_number="AB1")
    assert shown(annas, "?state=without_order") == ["Alt"]
    assert "Gewonnen ohne Auftrag 1" in text(annas.get(URL))


@pytest.mark.django_db
def test_whoever_notes_the_order_takes_it_off_that_list(annas, anna):
    won = make_reason(make_customer("Alt"), owner=anna, state="won", won_amount=10, won_on=dt.date(2026, 11, 2))
    annas.post(f"{detail(won)}order/", {"order_number": "AB-77"})
    won.refresh_from_db()
    assert (won.order_number, won.won_amount) == ("AB-77", 10)
    assert shown(annas, "?state=without_order") == []
    open_one = make_reason(make_customer("Offen"), owner=anna)
    assert "geht im Stand „Vorschlag“ nicht" in text(annas.post(f"{detail(open_one)}order/", {"order_number": "AB-78"}, follow=True))


@pytest.mark.django_db
def test_whoever_sold_is_asked_about_a_doubtful_order_and_may_think_again(annas, anna):
    customer, product = make_customer("Nord", owner=anna), make_product("Reiniger R20")
    reason = make_reason(customer, owner=anna, state="interested")
    order = make_order(customer, dt.date(2026, 11, 23), (product, 12, 250))
    match = reason.order_matches.create(
        order_key=order.number_key, order_number=order.number, ordered_on=order.ordered_on, amount=250, product_ids=[product.pk],
        state="asked",
    )  # fmt: skip
    asked = "War das Ihr Auftrag? 1"
    assert all(asked in text(page) for page in (annas.get("/"), annas.get(URL)))
    assert shown(annas, "?state=asked&owner=mine") == ["Nord"]
    page = text(annas.get(detail(reason)))
    assert f"Auftrag {order.number}" in page
    assert "23.11.2026, 250,00 € : Reiniger R20" in page.replace("\xa0", " ")
    answer = f"{detail(reason)}orders/{match.pk}/"
    page = annas.post(answer, {"said": "yes"}, follow=True)
    assert f"Nord: gewonnen durch Auftrag {order.number}." in text(page)
    assert "Interesse → Gewonnen (Auftrag eingelesen)" in text(page)
    assert "hat schon jemand beantwortet" in text(annas.post(answer, {"said": "no"}, follow=True))
    annas.post(f"{answer}undo/")
    assert asked in text(annas.get(URL))
    annas.post(answer, {"said": "no"})
    assert shown(annas, "?state=asked") == []


@pytest.mark.django_db
def test_the_text_for_the_erp_says_who_ordered_what_and_what_was_noted(anna):
    customer = make_customer("Nord", owner=anna, number="000101")
    reason = make_reason(customer, product=make_product("Reiniger R10", sku="R-10", unit="Kanister"))
    call = Activity.objects.create(
        customer=customer, by=anna, at=timezone.now(), outcome="order", note="Bitte vor acht anliefern",
        contact=make_contact(customer, "Müller", salutation="mr"),
    )  # fmt: skip
    answer_opportunity(actor=anna, opportunity=reason, answer="won", activity=call, amount=Decimal(240))
    assert order_text(reason, list(reason.items.all())).replace("\xa0", " ").splitlines() == [
        "Kunde: 000101 Nord", "Bestellt von: Herr Müller", "R-10  Reiniger R10  12 Kanister", "Nettobetrag: 240,00 €",
        "Vereinbart am: 23.11.2026", "Notiz: Bitte vor acht anliefern",
    ]  # fmt: skip


@pytest.mark.django_db
def test_an_empty_list_says_where_opportunities_come_from(annas):
    assert "Noch keine Verkaufschancen. Sie entstehen aus den Aufträgen" in text(annas.get(URL))
    assert "passt zu diesen Filtern" in text(annas.get(f"{URL}?kind=reorder"))


def test_both_pages_are_accessible_and_fit_a_phone(live_page, anna):
    reason = make_reason(make_customer("Bäckerei Nord GmbH & Co. KG", owner=anna), owner=anna)
    for width in (1440, 390):
        page = live_page(anna, width=width)
        for address in (URL, detail(reason)):
            page.goto(address)
            assert_accessible(page, in_dark_too=True)
            assert_no_sideways_scroll(page)


def test_an_opportunity_is_planned_by_keyboard_alone_and_the_bar_says_how_many_are_chosen(live_page, anna):
    reason = make_reason(make_customer("Nord", owner=anna), owner=anna)
    page = live_page(anna)
    page.goto(URL)
    page.locator("[data-choose-all]").press("Space")
    assert page.locator("[data-chosen-count]").inner_text() == "1 gewählt"
    page.get_by_role("link", name="Nord").press("Enter")
    page.locator("summary", has_text="Einplanen").press("Enter")
    page.get_by_label("Datum").first.fill("+2")
    page.get_by_label("Datum").first.press("Enter")
    page.locator("#messages", has_text="Eingeplant").wait_for()
    reason.refresh_from_db()
    assert reason.state == "planned"
