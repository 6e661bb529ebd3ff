"""What a customer needs and from whom he gets it: told in a call, worth something, and a reason to call before a contract ends."""

import datetime as dt
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from campaigns.evidence import sentence
from campaigns.models import Opportunity
from campaigns.reasons.refresh import refresh
from customers import facts, purchases, scores
from customers.models import Activity, Customer, CustomerFacts, Need
from customers.needs import NeedConflict, Told, keep_needs, potentials
from tests.factories import make_group, make_order, make_product
from tests.workplace.scenes import call_data, make_callable

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 11, 23)


@pytest.fixture(autouse=True)
def _monday():
    with time_machine.travel(dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def paper(db):
    return make_group("Papier")


@pytest.fixture
def nord(anna) -> Customer:
    return make_callable(anna, "Nord")


def needs() -> list[tuple]:
    return list(Need.objects.for_system("test").known().values_list("group__name", "supplier", "yearly_need", "contract_until"))


def line(group, *, version: int = 0, **said) -> dict:
    return {
        "need": [str(group.pk)],
        f"need-{group.pk}-version": version,
        **{f"need-{group.pk}-{name}": value for name, value in said.items()},
    }


def test_a_need_is_told_in_the_same_save_and_goes_with_its_undo(annas, nord, paper):
    keep = line(paper, supplier="Papyrus AG", yearly="12.000", until="2027-01-10")
    assert annas.post("/calls/", call_data(nord, outcome="reached", back="customer", **keep)).status_code == 302
    assert needs() == [("Papier", "Papyrus AG", Decimal(12000), dt.date(2027, 1, 10))]
    page = annas.get(nord.get_absolute_url()).text
    assert "Papyrus AG" in page
    assert "12.000\xa0€" in page
    change = line(paper, version=1, supplier="Anders GmbH")
    annas.post("/calls/", call_data(nord, outcome="reached", back="customer", **change))
    assert needs() == [("Papier", "Anders GmbH", None, None)]
    annas.post(reverse("call_undo", args=[Activity.objects.for_system("test").latest("pk").pk]))
    assert needs() == [("Papier", "Papyrus AG", Decimal(12000), dt.date(2027, 1, 10))]


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"yearly": "viel"}, "Jahresbedarf: „viel“ ist kein Betrag über 0 (erwartet: 12.000)."),
        ({"yearly": "1000000000"}, "Jahresbedarf: „1000000000“ ist zu groß (möglich ist weniger als 1 Milliarde €)."),
        ({"until": "31.02.2027"}, "Vertrag bis: „31.02.2027“ gibt es nicht."),
    ],
)
def test_what_cannot_be_read_comes_back_with_every_word(annas, nord, paper, said, why):
    answer = annas.post("/calls/", call_data(nord, outcome="reached", note="Getippt", back="customer", **line(paper, **said)))
    assert answer.status_code == 422
    assert why in answer.text
    assert "Getippt" in answer.text
    assert next(iter(said.values())) in answer.text


def test_on_its_page_a_further_group_is_added_and_the_faster_one_is_named(annas, anna, nord, paper):
    url = reverse("customers:needs", args=[nord.pk])
    annas.post(url, {"need": ["new"], "need-new-group": paper.pk, "need-new-supplier": "Papyrus AG"})
    assert needs() == [("Papier", "Papyrus AG", None, None)]
    keep_needs(actor=anna, customer=nord, told=[Told(paper, "Schneller KG", version=1)])
    answer = annas.post(url, line(paper, version=1, supplier="Langsam OHG"))
    assert answer.status_code == 422
    assert "Papier: Jemand anderes hat den Bedarf inzwischen geändert, dort steht „Schneller KG“." in answer.text
    assert annas.post(url, {"need": ["new"], "need-new-supplier": "Ohne Gruppe"}).status_code == 422
    other = make_group("Reiniger")
    empty = annas.post(url, {"need": ["new"], "need-new-group": other.pk})
    assert "Bedarf: Ergänzen Sie zu Reiniger, woher er bezieht, wie viel im Jahr oder bis wann." in empty.text


def test_an_english_reader_reads_the_end_of_a_contract_as_he_writes_days(client, anna, nord, paper):
    keep_needs(actor=anna, customer=nord, told=[Told(paper, "Papyrus AG", contract_until=dt.date(2027, 1, 10))])
    anna.language = "en"
    anna.save(update_fields=["language"])
    client.force_login(anna)
    assert "10\xa0Jan\xa02027" in client.get(nord.get_absolute_url()).text


def test_a_stale_line_is_refused_and_an_equal_one_is_none(anna, nord, paper):
    keep_needs(actor=anna, customer=nord, told=[Told(paper, "A")])
    assert keep_needs(actor=anna, customer=nord, told=[Told(paper, "A")]) == 0
    with pytest.raises(NeedConflict):
        keep_needs(actor=anna, customer=nord, told=[Told(paper, "B")])


def test_what_he_buys_elsewhere_feeds_his_value(anna, nord, paper):
    ours = make_product("Papier A4", group=paper)
    make_order(nord, TODAY - dt.timedelta(days=20), (ours, 10, 2000))
    before = TODAY + dt.timedelta(days=1)
    purchases.refresh([nord.pk], before)
    assert potentials([nord.pk], before) == {}
    keep_needs(actor=anna, customer=nord, told=[Told(paper, "Papyrus AG", Decimal(12000))])
    assert potentials([nord.pk], before) == {nord.pk: Decimal(10000)}
    facts.refresh([nord.pk], before)
    scores.refresh_scales(before)
    scores.refresh([nord.pk], TODAY, before)
    assert CustomerFacts.objects.for_system("test").get().value_parts["potential"] == 0.5  # the only one known is in the middle


@pytest.mark.parametrize(("days", "is_due"), [(0, True), (60, True), (61, False), (-1, False)])
def test_a_contract_with_somebody_else_is_a_reason_sixty_days_before_it_ends(anna, nord, paper, days, is_due):
    article = make_product("Papier A4", group=paper, price=Decimal(4), cost=Decimal(3))
    ends_on = TODAY + dt.timedelta(days=days)
    Opportunity.objects.for_system("test").delete()
    keep_needs(actor=anna, customer=nord, told=[Told(paper, "Papyrus AG", Decimal(12000), ends_on)])
    refresh([nord.pk], TODAY, TODAY + dt.timedelta(days=1))
    found = list(Opportunity.objects.for_system("test").filter(kind="cross_sell"))
    assert len(found) == is_due
    for reason in found:
        assert sentence(reason, TODAY) == f"Vertrag mit Papyrus AG für Papier endet am {ends_on:%d.%m.%Y}."
        assert (reason.expected_revenue, reason.expected_margin, reason.deadline_on) == (12000, 3000, ends_on)
        assert [item.product for item in reason.items.all()] == [article]
    again = refresh([nord.pk], TODAY, TODAY + dt.timedelta(days=1))
    assert sum(again.values()) == 0
