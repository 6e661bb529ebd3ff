"""Calling whom a recommender named: the words, the basis, what the first call leaves behind."""

from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from customers.gate import gate_text
from customers.models import Activity, Contact, FollowUp
from innendienst.workplace.call.saving import CallEntry, save_call, undo_call
from referrals import contacting, naming
from referrals.duties import REFERRAL
from referrals.models import ReferralContact
from tests.browser import assert_accessible, assert_no_sideways_scroll
from tests.reading import text as text_of
from tests.referrals.scenes import make_buyer, make_recommender, make_referral
from tests.workplace.acting import act, detail
from tests.workplace.scenes import call_data

TODAY = timezone.localdate
NUMBER = "030 23125555"

pytestmark = pytest.mark.django_db


def due_of(referral):
    return FollowUp.objects.for_system("test").open().filter(origin=f"{REFERRAL}{referral.pk}")


@pytest.mark.parametrize(("may_name", "is_named"), [(True, True), (False, False), (None, False)])
def test_the_opening_names_the_recommender_only_if_he_allows_it(annas, anna, may_name, is_named):
    referral = make_referral(anna, make_recommender(anna, may_name_me=may_name))
    naming.check(actor=anna, referral=referral, knows="asked_for_call")
    opening = annas.get(detail(referral)).context["opening"]
    assert ("Frau Müller von der Firma Firma Plus GmbH hat mir gesagt" in opening) is is_named
    assert "Reinigungsmaschinen" in opening


def test_whoever_may_only_be_written_to_gets_no_words_for_the_phone(annas, anna):
    referral = make_referral(anna, make_recommender(anna, may_name_me=True))
    naming.check(actor=anna, referral=referral, knows="knows_not")
    context = annas.get(detail(referral)).context
    assert ("write" in context["acts"], context["opening"]) == (True, "")


def test_the_first_call_leaves_two_duties_and_their_days(annas, anna):
    referral = make_referral(anna)
    act(annas, referral, "check", knows="asked_for_call")
    page = text_of(act(annas, referral, "call", outcome="interested", note="Termin Montag"))
    assert "Kontakt nach Art. 14 informieren" in page
    assert "Empfehler informieren" in page
    assert Activity.objects.for_system("test").get().note == "Termin Montag"
    assert "Hinweis zum Datenschutz (Art. 14 DSGVO)" in page
    assert "Frau Müller, Firma Plus GmbH" in page
    act(annas, referral, "inform")
    act(annas, referral, "tell")
    assert annas.get(detail(referral)).context["duties"] == []


def test_the_notice_read_out_in_the_first_call_is_owed_no_more(annas, anna):
    referral = make_referral(anna)
    act(annas, referral, "check", knows="asked_for_call")
    act(annas, referral, "call", outcome="reached", with_notice="1")
    assert [duty.act for duty in annas.get(detail(referral)).context["duties"]] == ["tell"]


def test_the_ordinary_call_form_knows_whom_a_recommender_named(annas, anna):
    """The card opens with him and with the basis of the legal check; saving the call is the first contact, undoing it takes that back."""
    referral = make_referral(anna)
    card = text_of(annas.get(referral.customer.get_absolute_url()))
    assert "Rechtsgrundlage klären" in card
    act(annas, referral, "check", knows="asked_for_call")
    shown = annas.get(referral.customer.get_absolute_url())
    assert "Frau Müller von der Firma Firma Plus GmbH hat mir gesagt" in text_of(shown)
    assert shown.context["card"].referral == referral
    said = {"contact": referral.contact_id}
    for outcome, state in (("not_reached", "cleared"), ("reached", "first_contact")):
        annas.post(reverse("call_save"), call_data(referral.customer, outcome=outcome, next="tomorrow", **said))
        referral.refresh_from_db()
        assert referral.state == state
        assert {one.kind for one in due_of(referral)} == {"cleared": {"referral_contact"}, "first_contact": {"art14", "inform"}}[state]
    assert Activity.objects.for_system("test").latest("pk").gate_answer["basis"] == "inquiry"
    undo_call(actor=anna, activity=Activity.objects.for_system("test").latest("pk"))
    referral.refresh_from_db()
    assert (referral.state, referral.first_contact_on) == ("cleared", None)
    assert not due_of(referral).filter(kind__in=["art14", "inform"]).exists()


def test_whose_legal_check_is_saved_while_the_call_waits_for_its_lock_is_contacted_too(anna, monkeypatch):
    referral, hold_all = make_referral(anna), contacting.hold_all

    def wait_and_hold(customer_ids):
        naming.check(actor=anna, referral=referral, knows="asked_for_call")
        hold_all(customer_ids)

    monkeypatch.setattr(contacting, "hold_all", wait_and_hold)
    save_call(anna, referral.customer, uuid4(), CallEntry("reached", None, direction="incoming", contact=referral.contact))
    referral.refresh_from_db()
    assert referral.state == "first_contact"


def test_only_recommenders_who_were_held_before_the_call_hear_of_it(anna, monkeypatch):
    """Named and cleared by a further one while the call waits, he is still to be contacted for him."""
    known, hold_all, late = make_referral(anna), contacting.hold_all, []
    naming.check(actor=anna, referral=known, knows="asked_for_call")

    def wait_and_hold(customer_ids):
        recommender = naming.make_recommender(actor=anna, contact=make_buyer(anna).contacts.first(), may_name_me=True)
        fields = {"contact": known.contact, "customer": known.customer, "owner": anna, "named_on": TODAY(), "state": "cleared"}
        late.append(ReferralContact.objects.create(recommender=recommender, **fields))
        hold_all(customer_ids)

    monkeypatch.setattr(contacting, "hold_all", wait_and_hold)
    save_call(anna, known.customer, uuid4(), CallEntry("reached", None, direction="incoming", contact=known.contact))
    states = dict(ReferralContact.objects.for_system("test").values_list("pk", "state"))
    assert states == {known.pk: "first_contact", late[0].pk: "cleared"}


def test_undoing_the_call_lays_the_contact_on_his_colleagues_list_again(anna, bernd):
    referral = make_referral(bernd)
    naming.check(actor=bernd, referral=referral, knows="asked_for_call")
    before = due_of(referral).get()
    save_call(anna, referral.customer, uuid4(), CallEntry("reached", None, direction="incoming", contact=referral.contact))
    assert {one.kind for one in due_of(referral)} == {"art14", "inform"}
    undo_call(actor=anna, activity=Activity.objects.for_system("test").get())
    again = due_of(referral).get()
    assert (again, again.assignee, again.due_on) == (before, bernd, before.due_on)


@pytest.mark.parametrize("is_buyer", [False, True])
@pytest.mark.parametrize(
    ("knows", "answer"),
    [
        ("", "Rechtsgrundlage klären: von einem Empfehler genannt, Rechtsprüfung offen."),
        ("unclear", "Rechtsgrundlage klären: von einem Empfehler genannt, Rechtsprüfung offen."),
        ("knows_not", "Nicht erlaubt: weiß nichts von der Empfehlung, ein Brief ist möglich."),
        ("asked_for_call", "Erlaubt: Anfrage des Kunden."),
        ("knows", "Erlaubt: Konkreter Anlass."),
    ],
)
def test_may_he_be_called_has_one_answer_wherever_it_is_asked(annas, anna, knows, answer, is_buyer):
    """On his own page, on the customer's, and in the call form when he is chosen there; also where his company buys from us."""
    company = make_buyer(anna, "Möbelwerk") if is_buyer else None
    referral = make_referral(anna, **({"customer": company} if company else {}))
    if knows:
        naming.check(actor=anna, referral=referral, knows=knows, note="Erwartet unseren Anruf seit der Messe")
    customer_page = annas.get(referral.customer.get_absolute_url())
    chosen = annas.get(reverse("call_gate", args=[referral.customer_id]), {"contact": referral.contact_id})
    assert annas.get(detail(referral)).context["gate"] == answer
    assert gate_text(customer_page.context["card"].gate_of(referral.contact_id)) == answer
    assert answer in text_of(customer_page)
    assert answer in text_of(chosen)


def test_who_was_on_record_before_he_was_named_is_called_as_before(annas, anna):
    company = make_buyer(anna, "Möbelwerk")
    referral = make_referral(anna, customer=company)
    Contact.objects.for_system("test").filter(pk=referral.contact_id).update(source="Warenwirtschaft")
    gate = annas.get(company.get_absolute_url()).context["card"].gate_of(referral.contact_id)
    assert annas.get(detail(referral)).context["gate"] == gate_text(gate)
    assert gate.basis == "existing_customer"


@pytest.mark.parametrize("options", [{}, {"is_dark": True, "width": 390}], ids=["light", "dark-phone"])
def test_a_rep_calls_a_referral_contact(live_page, anna, options):
    """Story 6: the number hidden, the basis clarified, the opening filled in, the call saved, two duties left, then thanks."""
    make_referral(anna)
    page = live_page(anna, **options)
    page.goto("/referrals/")
    assert_accessible(page)
    page.get_by_role("link", name="Peter Neumann").click()
    expect(page.get_by_text("Rechtsgrundlage klären")).to_be_visible()
    assert_accessible(page)
    page.get_by_text("hat um Anruf gebeten").first.click()
    page.get_by_role("button", name="Rechtsprüfung speichern").click()
    expect(page.get_by_role("link", name="030 23125-555")).to_be_visible()
    expect(page.get_by_text("Frau Müller von der Firma Firma Plus GmbH hat mir gesagt")).to_be_visible()
    page.locator("#call-note").fill("Will ein Angebot")
    page.get_by_role("button", name="Erstanruf eintragen").click()
    page.get_by_role("button", name="Hinweis gegeben").click()
    page.get_by_role("button", name="Empfehler informiert").click()
    page.locator("summary", has_text="Neukunde").click()
    page.get_by_role("button", name="Neukunde").click()
    page.get_by_role("button", name="Dank eintragen").click()
    assert_accessible(page)
    assert_no_sideways_scroll(page)
    won = ReferralContact.objects.for_system("test").get()
    assert (won.state, won.customer.lifecycle, won.recommender_thanked_at is not None) == ("customer_won", "new", True)
    page.goto("/referrals/recommenders/")
    assert_accessible(page)
    assert_no_sideways_scroll(page)
