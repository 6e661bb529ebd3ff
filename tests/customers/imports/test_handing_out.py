"""customers/imports/handing_out.py: new customers of a list without owners, shared out."""

import pytest
from django.urls import reverse

from customers.imports.handing_out import SpanError, Unowned, Way, shares, spans
from customers.imports.run import run_import
from customers.models import Customer, ImportRun
from tests.customers.imports.lists import write_csv

WHY = "test"


@pytest.mark.rules
@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("01-19, 30", [("01", "19"), ("30", "30")]),
        ("A–K; M", [("a", "k"), ("m", "m")]),
        ("0", [("0", "0")]),
    ],
)
def test_spans_as_somebody_types_them(typed, expected):
    assert spans(typed) == expected


@pytest.mark.rules
@pytest.mark.parametrize("typed", ["", "01-", "19-01", "1-20", "a,,b"])
def test_what_is_no_span(typed):
    with pytest.raises(SpanError):
        spans(typed)


@pytest.mark.rules
def test_who_gets_whom():
    some = [
        Unowned(1, "abel", "01067", "A"), Unowned(2, "berg", "20095", "A"), Unowned(3, "kolb", "30159", "B"),
        Unowned(4, "lang", "99084", ""), Unowned(5, "muller", "", "A"),
    ]  # fmt: skip
    assert shares(some, Way.POSTCODE, {7: spans("0-1"), 8: spans("20-30, 0")}) == {7: [1], 8: [2, 3]}
    assert shares(some, Way.LETTER, {7: spans("A-K"), 8: spans("L-Z")}) == {7: [1, 2, 3], 8: [4, 5]}
    assert shares(some, Way.CLASS, {7: [], 8: []}) == {7: [1, 5, 4], 8: [2, 3]}


HEAD = ["Kundennummer", "Firma", "PLZ"]


@pytest.fixture
def run(db, tmp_path) -> ImportRun:
    rows = (["1", "Abel", "01067"], ["2", "Berg", "20095"], ["3", "Çelik", "99084"])
    return ImportRun.objects.get(pk=run_import("customers", write_csv(tmp_path / "a.csv", HEAD, *rows)).run_id)


def _owners() -> dict[str, str]:
    rows = Customer.objects.for_system(WHY).order_by("number").values_list("number", "owner__username")
    return {number: name or "" for number, name in rows}


def test_a_list_without_owners_offers_to_share_its_new_customers_out(client, dieter, anna, bernd, run):
    client.force_login(dieter)
    page = client.get(reverse("imports:run", args=[run.pk])).content.decode()
    assert "3 neue Kunden haben keinen Betreuer" in page
    url = reverse("customers:hand_out", args=[run.pk])
    assert url in page
    form = client.get(url).content.decode()
    assert "Anna Lang" in form
    answer = client.post(url, {"way": "postcode", f"spans-{anna.pk}": "01-19", f"spans-{bernd.pk}": "2"}, follow=True)
    assert "2 Kunden zugeordnet, 1 im Teamkorb." in answer.content.decode()
    assert _owners() == {"1": "anna", "2": "bernd", "3": ""}
    undo = next(iter(answer.context["messages"])).extra_tags.removeprefix("undo:")
    client.post(undo)
    assert _owners() == {"1": "", "2": "", "3": ""}


@pytest.mark.parametrize(
    ("data", "sentence"),
    [({"way": "class"}, "Noch bekommt niemand etwas."), ({"way": "letter", "spans": "K-A"}, "sagt nicht, von wo bis wo")],
)
def test_a_form_that_does_not_say_enough_changes_nothing(client, dieter, anna, run, data, sentence):
    client.force_login(dieter)
    typed = {f"{name}-{anna.pk}" if name == "spans" else name: value for name, value in data.items()}
    answer = client.post(reverse("customers:hand_out", args=[run.pk]), typed)
    assert (answer.status_code, sentence in answer.content.decode(), _owners()["1"]) == (422, True, "")


def test_a_list_that_names_owners_offers_nothing(client, dieter, customer_list):
    run = customer_list([*HEAD, "Betreuer"], ["1", "Abel", "01067", ""]).run_id
    client.force_login(dieter)
    assert "keinen Betreuer" not in client.get(reverse("imports:run", args=[run])).content.decode()
