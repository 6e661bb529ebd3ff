"""Words by which customers are found again: put on many, taken off, filtered by, shown where asked for."""

import re

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers.models import CustomerTag, Tag
from customers.tags import tag_customers
from innendienst.base.models import AuditEvent
from tests.customers.test_customer_pages import names
from tests.factories import make_listed
from tests.reading import text
from tests.workplace.test_customer_list import book

pytestmark = pytest.mark.django_db
LIST, TAG = "/customers/", "/customers/tags/"


def borne() -> set[tuple[str, str]]:
    return set(CustomerTag.objects.for_system("test").values_list("customer__name", "tag__name"))


def undo_of(page) -> str:
    return re.search(r'action="(/customers/tags/undo/[^"]+)"', page.content.decode())[1].replace("&amp;", "&")


def test_chosen_customers_get_a_tag_are_found_by_it_in_any_spelling_and_lose_it_again(annas):
    north, south, _west = (make_listed(name) for name in ("Nord", "Süd", "West"))
    tag_customers(actor=annas.get("/").wsgi_request.user, customer_ids=[south.pk], name="Messe 2026")
    said = {"chosen": [north.pk, south.pk], "tag": "  messe   2026 ", "query": "sort=-name"}
    answer = annas.post(TAG, said, follow=True)
    assert answer.redirect_chain == [("/customers/?sort=-name", 302)]
    assert "Schlagwort „messe 2026“ bei 1 Kunden gesetzt." in text(answer)
    assert borne() == {("Nord", "Messe 2026"), ("Süd", "Messe 2026")}
    assert names(annas.get(LIST, {"tag": "MESSE 2026"})) == ["Nord", "Süd"]
    assert "Schlagwort MESSE 2026" in text(annas.get(LIST, {"tag": "MESSE 2026"}))
    assert names(annas.get(LIST, {"tag": "Messe"})) == []
    assert "Messe 2026" in text(annas.get(north.get_absolute_url()))
    assert re.findall(r'value="([^"]+)"', annas.get("/customers/tags/names/").text) == ["Messe 2026"]
    assert "Tags sind" not in text(annas.post(undo_of(answer), follow=True))
    assert borne() == {("Süd", "Messe 2026")}
    answer = annas.post(TAG, {"chosen": [north.pk, south.pk], "tag": "Messe 2026", "off": "1"}, follow=True)
    assert "Schlagwort „Messe 2026“ bei 1 Kunden entfernt." in text(answer)
    assert borne() == set()
    assert annas.get("/customers/tags/names/").text.strip() == ""
    annas.post(undo_of(answer))
    assert borne() == {("Süd", "Messe 2026")}


def test_all_of_a_filter_bear_it_at_once_and_the_audit_log_names_no_word(carlas, carla):
    wanted = [make_listed(name, postcode="90402").pk for name in "AB"]
    make_listed("C", postcode="10115")
    carlas.post(TAG, {"all": "1", "query": "place=90402", "tag": "Messe"})
    tag = Tag.objects.get()
    event = AuditEvent.objects.get(act="customer.tag")
    assert (event.by, event.facts) == (carla, {"tag": tag.pk, "is_on": True, "customers": wanted})


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"tag": "  "}, "Schlagwort: Schreiben Sie das Wort"),
        ({"tag": "x" * 41}, "Schlagwort: 41 Zeichen, möglich sind höchstens 40."),
        ({"tag": "Messe", "chosen": ""}, "Kein Kunde ist ausgewählt"),
        ({"tag": "Neu", "off": "1"}, "Keiner von ihnen trägt das Schlagwort „Neu“."),
    ],
)
def test_what_cannot_be_done_is_said(annas, said, why):
    assert why in text(annas.post(TAG, {"chosen": make_listed("Nord").pk, **said}, follow=True))
    assert borne() == set()


def test_the_column_is_there_on_request_for_one_more_query_however_many_rows(annas, anna):
    customers = [make_listed(f"Kunde {number}") for number in range(3)]
    tag_customers(actor=anna, customer_ids=[customers[0].pk], name="Messe")
    tag_customers(actor=anna, customer_ids=[customers[0].pk], name="Altkunde")
    annas.get(LIST)
    counts = []
    for query in ("", "?columns=tags"):
        with CaptureQueriesContext(connection) as asked:
            page = text(annas.get(LIST + query))
        assert ("Altkunde, Messe" in page) is bool(query)
        counts.append(len(asked))
    assert counts[1] == counts[0] + 1
    tag_customers(actor=anna, customer_ids=[one.pk for one in customers], name="Messe")
    with CaptureQueriesContext(connection) as asked:
        annas.get(LIST + "?columns=tags")
    assert len(asked) == counts[1]
    head, first, *_rest = book(annas, "columns=tags")
    assert (head[5:], first[5:]) == (("Schlagworte",), ("Altkunde, Messe",))


def test_who_changes_no_customers_sets_no_tag(client, anna, carla):
    customer = make_listed("Nord")
    marketing = type(anna).objects.create_user("mara", "mara@innendienst.example", "geheim-geheim", role="marketing")
    with pytest.raises(PermissionDenied):
        tag_customers(actor=marketing, customer_ids=[customer.pk], name="Messe")
    client.force_login(marketing)
    assert "Schlagwort setzen" not in text(client.get(LIST))
