"""Handing over in the call, the pages of field sales, and the agreement between inside and field sales."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from customers import handovers
from customers.models import Activity, Customer, FollowUp, Handover
from tests.factories import make_user
from tests.workplace.scenes import call_data, make_callable, reason_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def dirk(team_north):
    return make_user("dirk", Role.FIELD_SALES, first_name="Dirk", last_name="Lehmann", team=team_north)


@pytest.fixture
def customer(anna, dirk):
    return make_callable(anna, "Bäckerei Nord", field_owner=dirk)


@pytest.fixture
def dirks(dirk):
    client = Client()
    client.force_login(dirk)
    return client


def handover_of(customer) -> Handover:
    return Handover.objects.for_system("test").get(customer=customer)


def call_with_handover(client, customer, dirk, **said):
    data = call_data(customer, outcome="interested", note="Möchte die Maschine sehen", **said)
    return client.post(reverse("call_save"), {**data, "handover-criteria": ["on_site", "complex"], "handover-to": dirk.pk})


def test_one_save_logs_the_call_and_asks_field_sales(annas, anna, dirk, customer):
    page = annas.get(call_with_handover(annas, customer, dirk).url).content.decode()
    handover, call = handover_of(customer), Activity.objects.for_system("test").get()
    assert (handover.by, handover.to, handover.criteria, handover.note) == (anna, dirk, ["complex", "on_site"], call.note)
    assert reason_of(customer).state == "handover_requested"
    assert "Dirk Lehmann vom Außendienst" in page


def test_undoing_the_call_takes_the_hand_over_back(annas, dirk, customer):
    call_with_handover(annas, customer, dirk)
    annas.post(reverse("call_undo", args=[Activity.objects.for_system("test").get().pk]))
    assert (handover_of(customer).state, reason_of(customer).state) == ("declined", "suggested")
    assert not FollowUp.objects.for_system("test").open().filter(customer=customer).exists()


def test_once_field_sales_has_accepted_the_call_stands(annas, dirk, customer):
    call_with_handover(annas, customer, dirk)
    handovers.accept(actor=dirk, handover=handover_of(customer))
    annas.post(reverse("call_undo", args=[Activity.objects.for_system("test").get().pk]))
    assert Activity.objects.for_system("test").get().voided_at is None
    assert handover_of(customer).state == "accepted"


def test_a_tick_without_a_person_comes_back_with_the_text(annas, customer):
    data = call_data(customer, outcome="reached", note="Hören Sie")
    answer = annas.post(reverse("call_save"), {**data, "handover-criteria": ["complex"]})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "wählen Sie, wer übernimmt" in page
    assert "Hören Sie" in page
    assert 'value="complex" checked' in page


def test_the_checklist_opens_in_the_call_form_and_as_a_page(annas, customer):
    url = reverse("handovers:ask", args=[customer.pk])
    part = annas.get(url, headers={"HX-Request": "true", "HX-Target": "call-handover"}).content.decode()
    assert part.count('name="handover-criteria"') == 7
    assert "selected>Dirk Lehmann" in part
    assert "<html" not in part
    assert "<html" in annas.get(url).content.decode()


def test_a_product_to_be_shown_proposes_a_presentation_and_a_new_customer_an_introduction(annas, customer):
    article = reason_of(customer).items.get().product
    article.needs_demo = True
    article.save()
    assert "Vorschlag: Vorführung nötig" in annas.get(customer.get_absolute_url()).content.decode()
    Customer.objects.for_system("test").filter(pk=customer.pk).update(customer_since=timezone.localdate())
    page = annas.get(reverse("handovers:ask", args=[customer.pk]), HTTP_HX_REQUEST="true", HTTP_HX_TARGET="call-handover")
    assert [code for code, _label, is_ticked, _rule in page.context["criteria"] if is_ticked] == ["on_site", "new_customer", "key_customer"]


def test_a_reason_goes_along_from_the_page_and_undo_brings_it_back(annas, anna, dirk, customer):
    reason = reason_of(customer)
    url = reverse("handovers:ask", args=[customer.pk])
    answer = annas.post(url, {"handover-criteria": "complex", "handover-to": dirk.pk, "handover-note": "Bitte", "reason": reason.pk})
    assert answer.url == customer.get_absolute_url()
    assert reason_of(customer).state == "handover_requested"
    assert "ist seit" in annas.get(answer.url).content.decode()
    annas.post(reverse("handovers:act", args=[handover_of(customer).pk, "withdraw"]))
    assert reason_of(customer).state == "suggested"


def test_field_sales_starts_with_its_hand_overs_accepts_and_hands_back(annas, anna, dirks, dirk, customer):
    call_with_handover(annas, customer, dirk)
    assert dirks.get("/").url == reverse("handovers:list")
    assert "Bäckerei Nord" in dirks.get(reverse("handovers:list")).content.decode()
    handover = handover_of(customer)
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    dirks.post(reverse("handovers:act", args=[handover.pk, "accept"]), {"visit_on": tomorrow.isoformat()})
    assert "Besuch am" in annas.get(customer.get_absolute_url()).content.decode()
    refused = dirks.post(reverse("handovers:act", args=[handover.pk, "hand-back"]), {"next_step": "Angebot"})
    assert refused.status_code == 422
    assert 'value="Angebot"' in refused.content.decode()
    dirks.post(reverse("handovers:act", args=[handover.pk, "hand-back"]), {"result": "Will zwei Stück", "next_step": "Angebot"})
    back = FollowUp.objects.for_system("test").open().get(customer=customer)
    assert (back.assignee, back.kind) == (anna, "hand_back")
    page = annas.get(customer.get_absolute_url()).content.decode()
    assert "Will zwei Stück. Nächster Schritt: Angebot." in page


def test_only_whoever_is_asked_answers(annas, dirk, customer):
    call_with_handover(annas, customer, dirk)
    assert annas.post(reverse("handovers:act", args=[handover_of(customer).pk, "accept"])).status_code == 403
    assert handover_of(customer).state == "requested"


def test_it_is_settled_only_when_nothing_is_left_open(annas, dirks, dirk, customer):
    call_with_handover(annas, customer, dirk)
    handover = handover_of(customer)
    handovers.accept(actor=dirk, handover=handover)
    refused = dirks.post(reverse("handovers:act", args=[handover.pk, "finish"]), {"result": "Fertig"})
    assert refused.status_code == 422
    page = refused.content.decode()
    assert "Erledigt erst, wenn jede Chance hier gewonnen oder verloren ist." in page
    assert "Fertig</textarea>" in page
    assert handover_of(customer).state == "accepted"


def test_field_sales_says_who_may_be_called_and_takes_what_it_wants(anna, dirks, dirk, customer):
    assert "Bäckerei Nord" in dirks.get(reverse("handovers:coordination")).content.decode()
    say = reverse("handovers:say", args=[customer.pk])
    dirks.post(say, {"word": "wait", "wait_until": "+7"})
    stored = Customer.objects.for_system("test").get(pk=customer.pk)
    assert (stored.field_word, stored.wait_until) == ("wait", timezone.localdate() + dt.timedelta(days=7))
    dirks.post(say, {"word": "may_call"})
    dirks.post(say, {"word": "take"})
    assert (handover_of(customer).state, reason_of(customer).state) == ("accepted", "with_field_sales")


def test_the_pages_ask_as_often_with_many_rows_as_with_one(anna, dirks, dirk, customer):
    def count(url):
        with CaptureQueriesContext(connection) as queries:
            assert dirks.get(url).status_code == 200
        return len(queries)

    urls = [reverse("handovers:list"), reverse("handovers:coordination")]
    other = make_callable(anna, field_owner=dirk)
    handovers.request_handover(actor=anna, customer=other, to=dirk, criteria=["complex"])
    counts = [count(url) for url in urls]
    for _index in range(3):
        handovers.request_handover(actor=anna, customer=make_callable(anna, field_owner=dirk), to=dirk, criteria=["complex"])
        make_callable(anna, field_owner=dirk)
    assert [count(url) for url in urls] == counts
