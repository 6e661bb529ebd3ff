"""One's own call put right, with its history; moved to the customer it was with."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from campaigns.models import DayListRow
from customers import search_tokens
from customers.blocks import block_contact
from customers.calls import void_call
from customers.models import Activity, CustomerFacts, FollowUp
from customers.undo import UndoRefused
from referrals import naming
from tests.factories import make_contact, make_customer
from tests.nps.scenes import make_invitation, make_wave
from tests.referrals.scenes import make_referral
from tests.workplace.scenes import call_data, make_callable, make_follow_up

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


def test_a_call_with_a_rating_or_a_first_contact_hanging_on_it_keeps_its_customer(annas, anna):
    make_customer(number="K-4714")
    asked, referral = make_customer("Gefragt", owner=anna, stated_last_order_on="2026-10-01"), make_referral(anna)
    invitation = make_invitation(
        make_wave("Herbst", state="open"), asked, make_contact(asked), channel="phone", state="eligible", sent_on=None
    )
    rated = {"contact": invitation.contact_id, "nps_rating": "2", "nps_reason": "Zu spät"}
    naming.check(actor=anna, referral=referral, knows="asked_for_call")
    for customer, said in ((asked, rated), (referral.customer, {"contact": referral.contact_id})):
        annas.post(reverse("call_save"), call_data(customer, outcome="reached", direction="incoming", next="none", **said))
        call = Activity.objects.for_system("test").standing().get(customer=customer)
        page = correct(annas, call, customer="K-4714")
        assert "An diesem Gespräch hängt mehr" in page.text
        assert page.status_code == 422


def test_what_a_call_made_again_of_a_customers_own_matter_does_not_move_with_it(annas, anna):
    customer, other = make_customer("Nord", owner=anna, stated_last_order_on="2026-10-01"), make_customer("Süd", number="K-4715")
    case = make_follow_up(customer, anna, timezone.localdate(), kind="nps_case", origin="nps:7")
    annas.post(reverse("call_save"), call_data(customer, outcome="not_reached", direction="incoming", next="tomorrow"))
    assert FollowUp.objects.for_system("test").open().get().origin == "nps:7"
    correct(annas, standing(), customer="K-4715")
    assert standing().customer == other
    assert FollowUp.objects.for_system("test").get() == case
    assert FollowUp.objects.for_system("test").open().get().customer == customer


def test_a_moved_call_leaves_the_lists_of_the_one_and_closes_those_of_the_other(annas, anna, bernd, call):
    other = make_customer("Süd", number="K-4716")
    drawn = {"user": bernd, "day": timezone.localdate(call.at), "source": "own"}
    DayListRow.objects.create(customer=other, position=1, **drawn)
    closed = {"state": "not_today", "closed_at": call.at, "state_before": "open"}
    DayListRow.objects.create(customer=call.customer, position=2, **closed, **drawn)
    correct(annas, call, customer="K-4716")
    states = dict(DayListRow.objects.for_system("test").filter(user=bernd).values_list("customer__name", "state"))
    assert states == {"Bäckerei Nord": "open", "Süd": "not_today"}


def test_only_its_author_and_only_once(annas, bernd, anna, call):
    bernds = Client()
    bernds.force_login(bernd)
    assert correct(bernds, call).status_code == 404
    correct(annas, call, note="besser")
    assert correct(annas, call, note="noch besser").status_code == 404
    with pytest.raises(UndoRefused):
        void_call(actor=anna, activity=call)
