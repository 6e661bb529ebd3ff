"""One's own call put right, with its history; moved to the customer it was with."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from campaigns import day_list
from campaigns.models import DayListRow
from customers import search_tokens
from customers.blocks import block_contact
from customers.calls import void_call
from customers.models import Activity, CustomerFacts, FollowUp
from customers.needs import Told, keep_needs
from customers.undo import UndoRefused
from referrals import naming
from tests.factories import make_contact, make_customer, make_group
from tests.nps.scenes import make_invitation, make_wave
from tests.referrals.scenes import make_referral
from tests.workplace.scenes import call_data, make_callable, make_follow_up

TODAY = timezone.localdate

pytestmark = pytest.mark.django_db


@pytest.fixture
def call(annas, anna):
    """Reached nobody at a customer without reasons; a next try is planned."""
    customer = make_customer("Bäckerei Nord", owner=anna, stated_last_order_on="2026-10-01")
    data = call_data(customer, outcome="not_reached", note="Niemand da", next="tomorrow", direction="incoming")
    annas.post(reverse("call_save"), data)
    return Activity.objects.for_system("test").get()


def correct(client, call, **said):
    return client.post(reverse("call_correct", args=[call.pk]), {"outcome": call.outcome, "note": call.note, **said})


def standing() -> Activity:
    return Activity.objects.for_system("test").standing().get()


def test_the_corrected_call_stands_and_the_history_knows_what_was_there(annas, anna, call):
    contact = make_contact(call.customer, "Voß", salutation="mr")
    correct(annas, call, outcome="reached", note="Ruft selbst an", contact=contact.pk)
    now = standing()
    assert (now.corrects, now.outcome, now.note, now.contact, now.at, now.by) == (call, "reached", "Ruft selbst an", contact, call.at, anna)
    page = annas.get(call.customer.get_absolute_url()).content.decode()
    assert "(Berichtigt; vorher: Nicht erreicht: Niemand da)" in page
    assert CustomerFacts.objects.for_system("test").get(customer=call.customer).last_contact_on is not None
    assert FollowUp.objects.for_system("test").open().get().made_by == now


def test_moved_it_is_the_other_customers_with_its_follow_up(annas, anna, call):
    other = make_customer("Molkerei Süd", number="K-4711")
    assert correct(annas, call, customer="k-4711").url == other.get_absolute_url()
    assert (standing().customer, FollowUp.objects.for_system("test").open().get().customer) == (other, other)
    page = annas.get(other.get_absolute_url()).text
    assert "Das Gespräch steht jetzt bei Molkerei Süd, nicht mehr bei Bäckerei Nord." in page
    assert "vorher eingetragen bei Bäckerei Nord" in page


def test_moved_it_leaves_the_wrong_customer_on_the_days_lists_and_takes_the_right_one_off(annas, anna, bernd):
    wrong = make_callable(bernd, "Nord", kinds=())
    right = make_callable(bernd, "Süd", kinds=(), number="K-4711")
    day_list.draw(bernd, TODAY())
    annas.post(reverse("call_save"), call_data(wrong, outcome="reached", direction="incoming"))
    rows = DayListRow.objects.for_system("test").filter(user=bernd)
    assert dict(rows.values_list("customer", "state")) == {wrong.pk: "not_today", right.pk: "open"}
    correct(annas, standing(), customer="K-4711")
    assert dict(rows.values_list("customer", "state")) == {wrong.pk: "open", right.pk: "not_today"}


def test_nobody_or_several_fit_the_name_and_who_is_called_so_comes_first(annas, call):
    employer, so_called = make_customer("Autohaus Eins"), make_customer("Zwilling Zwei")
    make_contact(employer, "Zwilling")
    search_tokens.refresh([employer.pk, so_called.pk])
    assert "passen mehrere: Zwilling Zwei (" in correct(annas, call, customer="Zwilling").text
    for text, why in (("Nirgendwo", "niemand"), ("", "")):
        answer = correct(annas, call, customer=text)
        assert answer.status_code == (422 if why else 302)


def test_a_call_of_ours_is_not_moved_to_whom_nobody_may_call(annas, anna):
    customer, other = make_callable(anna, kinds=()), make_customer(number="K-4712")
    annas.post(reverse("call_save"), call_data(customer, outcome="reached", note="x"))
    call = standing()
    block_contact(actor=anna, customer=other)
    answer = correct(annas, call, customer="K-4712")
    assert answer.status_code == 422
    assert standing() == call


def test_a_call_that_answered_a_reason_keeps_its_customer_and_outcome(annas, anna):
    customer = make_callable(anna)
    annas.post(reverse("call_save"), call_data(customer, outcome="interested", note="x"))
    make_customer(number="K-4713")
    call = standing()
    assert correct(annas, call, customer="K-4713").status_code == 422
    assert correct(annas, call, outcome="no_need").status_code == 422
    correct(annas, call, note="Angebot bis Freitag")
    assert standing().note == "Angebot bis Freitag"


def test_a_corrected_call_keeps_its_customer_for_what_was_saved_with_it(annas, anna):
    annas.post(reverse("call_save"), call_data(make_callable(anna), outcome="interested", note="x"))
    make_customer(number="K-4713")
    correct(annas, standing(), note="y")
    assert correct(annas, standing(), customer="K-4713").status_code == 422


def test_a_call_with_a_survey_answer_keeps_its_customer(annas, anna):
    customer = make_callable(anna, kinds=())
    asked = make_invitation(make_wave(state="open"), customer, customer.contacts.get(), channel="phone", state="eligible", sent_on=None)
    said = call_data(customer, outcome="reached", contact=asked.contact_id, direction="incoming", next="none", nps_rating="9")
    annas.post(reverse("call_save"), said)
    make_customer(number="K-4713")
    assert "eine Umfrageantwort" in correct(annas, standing(), customer="K-4713").text


def test_a_call_in_which_a_need_was_told_keeps_its_customer(annas, anna):
    call = Activity.objects.create(customer=make_customer(owner=anna), outcome="reached", by=anna, at=timezone.now())
    keep_needs(actor=anna, customer=call.customer, told=[Told(make_group("Reiniger"), supplier="Kiehl")], activity=call)
    make_customer(number="K-4713")
    assert correct(annas, call, customer="K-4713").status_code == 422


def test_the_first_contact_of_a_referral_keeps_its_customer(annas, anna):
    referral = make_referral(anna)
    naming.check(actor=anna, referral=referral, knows="asked_for_call")
    annas.post(reverse("call_save"), call_data(referral.customer, outcome="reached", contact=referral.contact_id))
    make_customer(number="K-4713")
    assert correct(annas, standing(), customer="K-4713").status_code == 422


def test_what_a_moved_call_in_vain_put_off_is_due_again_and_stays(annas, anna, call):
    customer, other = make_customer(owner=anna), make_customer(number="K-4713")
    case = make_follow_up(customer, anna, TODAY(), kind="nps_case", origin="nps_case:1")
    settled = make_follow_up(customer, anna, TODAY(), kind="own", note="Angebot")
    annas.post(reverse("call_save"), call_data(customer, outcome="not_reached", next="tomorrow", direction="incoming"))
    correct(annas, Activity.objects.for_system("test").latest("pk"), customer="K-4713")
    open_ones = FollowUp.objects.for_system("test").open()
    assert set(open_ones.filter(customer=customer)) == {case, settled}
    assert [one.origin for one in open_ones.filter(customer=other)] == [""]


def test_only_its_author_and_only_once(annas, bernd, anna, call):
    bernds = Client()
    bernds.force_login(bernd)
    assert correct(bernds, call).status_code == 404
    correct(annas, call, note="besser")
    assert correct(annas, call, note="noch besser").status_code == 404
    with pytest.raises(UndoRefused):
        void_call(actor=anna, activity=call)
