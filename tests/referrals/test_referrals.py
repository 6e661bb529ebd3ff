"""Referral contacts: from the name to a new customer, and what must never happen on the way."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from customers.models import Activity, Contact, ContactBlock, Customer, FollowUp, Message
from customers.touched import touch
from innendienst.base import jobs
from innendienst.lib.transitions import TransitionRefused
from referrals import contacting, erasing, naming, reminders, using
from referrals.models import ReferralContact
from referrals.naming import ReferralRefused
from referrals.using import Gift
from tests import factories
from tests.referrals.scenes import make_recommender, make_referral

TODAY = timezone.localdate
DAY = dt.timedelta(days=1)

pytestmark = pytest.mark.django_db


def stored(referral) -> ReferralContact:
    return ReferralContact.objects.for_system("test").select_related("contact", "customer").get(pk=referral.pk)


def make_cleared(anna, **named) -> ReferralContact:
    referral = make_referral(anna, **named)
    naming.check(actor=anna, referral=referral, knows="asked_for_call")
    return stored(referral)


def open_kinds(referral) -> list[str]:
    return sorted(FollowUp.objects.for_system("test").open().filter(origin=f"referral:{referral.pk}").values_list("kind", flat=True))


def test_the_whole_way_from_a_name_to_a_thanked_recommender(anna):
    referral = make_referral(anna)
    lead = referral.customer
    assert (lead.lifecycle, lead.number, lead.owner) == ("lead", f"I-{lead.pk}", anna)
    assert open_kinds(referral) == ["referral_contact"]
    naming.check(actor=anna, referral=referral, knows="asked_for_call")
    referral = stored(referral)
    activity = contacting.call_first(actor=anna, referral=referral, outcome="interested", note="Termin am Montag")
    assert (activity.customer, activity.gate_answer["basis"], referral.state) == (lead, "inquiry", "first_contact")
    contacting.informed(actor=anna, referral=referral)
    contacting.inform_recommender(actor=anna, referral=referral)
    contacting.talk(actor=anna, referral=referral, may_report_outcome=True)
    contacting.win(actor=anna, referral=referral, won_on=TODAY())
    using.thank_recommender(actor=anna, referral=referral, gift=Gift("letter"))
    won = stored(referral)
    assert (won.state, won.customer.lifecycle, won.customer.customer_since) == ("customer_won", "new", TODAY())
    assert (won.recommender.referrals.get(), won.customer.referrals.get()) == (won, won)
    assert None not in (won.art14_informed_at, won.recommender_informed_at, won.recommender_thanked_at)
    assert open_kinds(won) == []
    steps = list(won.transitions.order_by("pk").values_list("to_state", flat=True))
    assert steps == ["named", "legal_check", "cleared", "first_contact", "in_talks", "customer_won"]


@pytest.mark.parametrize(
    ("knows", "note", "state", "phone"),
    [
        ("asked_for_call", "", "cleared", "030 23125-555"),
        ("knows", "hat Interesse an einem Angebot", "cleared", "030 23125-555"),
        ("knows_not", "", "letter_only", ""),
        ("unclear", "", "legal_check", ""),
    ],
)
def test_each_choice_of_the_legal_check_has_its_consequence(anna, knows, note, state, phone):
    referral = make_referral(anna)
    naming.check(actor=anna, referral=referral, knows=knows, note=note)
    assert (stored(referral).state, stored(referral).contact.phone) == (state, phone)


def test_who_merely_knows_is_called_with_a_written_reason_only(anna):
    with pytest.raises(ReferralRefused) as refused:
        naming.check(actor=anna, referral=make_referral(anna), knows="knows", note="passt schon")
    assert refused.value.code == "explanation"


def test_what_is_unclear_is_for_the_management(anna, carla):
    referral = make_referral(anna)
    naming.check(actor=anna, referral=referral, knows="unclear")
    with pytest.raises(PermissionDenied):
        naming.check(actor=anna, referral=referral, knows="asked_for_call")
    naming.check(actor=carla, referral=referral, knows="knows_not")
    assert stored(referral).state == "letter_only"


def test_whoever_comes_to_us_has_asked_for_the_talk(anna):
    referral = make_referral(anna, is_inbound=True)
    assert (referral.source, referral.state, stored(referral).contact.phone) == ("inbound", "cleared", "030 23125-555")


def test_the_same_name_twice_is_one_contact(anna):
    recommender = make_recommender(anna)
    company = factories.make_listed("Bekannt AG")
    assert make_referral(anna, recommender, customer=company) == make_referral(anna, recommender, customer=company)
    with pytest.raises(ReferralRefused):
        make_referral(anna, recommender, customer=recommender.customer)


def test_a_letter_goes_out_with_the_notice(anna):
    referral = make_referral(anna)
    naming.check(actor=anna, referral=referral, knows="knows_not")
    answer = contacting.write_first(actor=anna, referral=stored(referral))
    assert (answer.basis, stored(referral).state, stored(referral).art14_informed_at is not None) == ("letter", "first_contact", True)


def test_nobody_reached_leaves_it_where_it_was(anna):
    referral = make_cleared(anna)
    contacting.call_first(actor=anna, referral=referral, outcome="not_reached")
    assert (stored(referral).state, stored(referral).first_contact_on) == ("cleared", None)


def test_the_first_order_of_a_company_wins_its_contact_and_nothing_else_does(anna):
    """Its orders say so in the refresh; one who was never spoken with, or who bought before, is not won."""
    recommender = make_recommender(anna)
    talked, untouched = (make_referral(anna, recommender, last_name=name, company=f"{name} GmbH") for name in ("Redet", "Wartet"))
    old = factories.make_listed("Alt AG")
    known = make_referral(anna, recommender, customer=old)
    product = factories.make_product()
    factories.make_order(old, TODAY() - 40 * DAY, (product, 1, 100))
    for referral in (talked, known):
        naming.check(actor=anna, referral=referral, knows="asked_for_call")
        contacting.call_first(actor=anna, referral=referral, outcome="reached")
    for referral in (talked, untouched, known):
        factories.make_order(referral.customer, TODAY(), (product, 1, 500))
        touch([referral.customer_id])
    jobs.run(jobs.request("refresh").pk)
    assert [stored(each).state for each in (talked, untouched, known)] == ["customer_won", "named", "first_contact"]
    won = stored(talked)
    assert (won.won_on, won.customer.lifecycle, won.transitions.latest("pk").reason) == (TODAY(), "new", "ordered")
    erasing.erase(actor=None, referral=stored(untouched))
    assert stored(untouched).contact.last_name == "Wartet"  # his company buys: he is a customer's person by now


def test_who_is_a_customer_by_now_needs_the_notice_no_more(anna):
    referral = make_cleared(anna)
    contacting.call_first(actor=anna, referral=referral, outcome="reached")
    ReferralContact.objects.for_system("test").update(named_on=TODAY() - 25 * DAY)
    reminders.remind(TODAY())
    assert open_kinds(referral) == ["art14", "inform"]
    contacting.win(actor=anna, referral=stored(referral), won_on=TODAY())
    assert open_kinds(referral) == ["inform"]


# --- never ---


def test_never_see_a_number_before_there_is_a_basis(anna):
    referral = make_referral(anna)
    assert (referral.contact.phone, referral.contact.phone_e164, referral.phone) == ("", "", "030 23125-555")
    assert list(Customer.objects.visible_to(anna).matching("030 23125555")) == []
    naming.check(actor=anna, referral=referral, knows="asked_for_call")
    assert list(Customer.objects.visible_to(anna).matching("030 23125555")) == [referral.customer]


@pytest.mark.parametrize("knows", ["knows_not", "unclear"])
def test_never_call_without_a_basis(anna, knows):
    referral = make_referral(anna)
    naming.check(actor=anna, referral=referral, knows=knows)
    with pytest.raises(TransitionRefused):
        contacting.call_first(actor=anna, referral=stored(referral), outcome="reached")
    assert Activity.objects.for_system("test").count() == 0


def test_never_send_mail_to_a_referral_contact(anna):
    """No address is asked for, and the gate knows no basis for a mail but a consent."""
    referral = make_cleared(anna)
    contacting.call_first(actor=anna, referral=referral, outcome="reached")
    assert "email" not in {field.name for field in ReferralContact._meta.get_fields()}
    assert contacting.may_contact(referral.contact, "email", contacting.Purpose.REFERRAL, TODAY()).answer == "denied"
    assert Message.objects.count() == 0


@pytest.mark.parametrize("objects", [False, True])
def test_never_a_second_call_after_a_no(anna, objects):
    nora = factories.make_user("nora", "marketing")
    referral = make_cleared(anna)
    contacting.refuse(actor=nora, referral=referral, objects=objects)
    assert stored(referral).state == ("blocked" if objects else "not_interested")
    with pytest.raises(TransitionRefused):
        contacting.call_first(actor=anna, referral=referral, outcome="reached")
    assert contacting.may_call(stored(referral), TODAY()).answer == "denied"
    assert contacting.may_contact(referral.contact, "letter", contacting.Purpose.REFERRAL, TODAY()).is_allowed is not objects


def test_never_contact_whom_nobody_informed_within_a_month(anna):
    referral = make_cleared(anna)
    ReferralContact.objects.for_system("test").update(named_on=TODAY() - 30 * DAY)
    with pytest.raises(ReferralRefused) as refused:
        contacting.call_first(actor=anna, referral=stored(referral), outcome="reached")
    assert refused.value.code == "notice"


def test_never_keep_a_contact_without_result_longer_than_six_months(anna):
    recommender = make_recommender(anna)
    old, talking, young = (make_referral(anna, recommender, last_name=name, company=f"{name} GmbH") for name in ("Alt", "Redet", "Jung"))
    naming.check(actor=anna, referral=old, knows="asked_for_call", note="hat selbst angerufen")
    contacting.refuse(actor=anna, referral=old, objects=True)
    for referral in (old, talking):
        ReferralContact.objects.for_system("test").filter(pk=referral.pk).update(named_on=TODAY() - 190 * DAY)
    ReferralContact.objects.for_system("test").filter(pk=talking.pk).update(state="in_talks")
    assert (erasing.erase_due(TODAY()), erasing.erase_due(TODAY())) == (1, 0)
    gone = stored(old)
    assert (gone.state, gone.topic, gone.phone, gone.legal_note) == ("erased", "", "", "")
    assert (gone.contact.last_name, gone.contact.phone, gone.contact.first_name, gone.customer.name) == ("–", "", "", gone.customer.number)
    assert ContactBlock.objects.for_system("test").filter(contact=gone.contact, lifted_at=None).count() == 1
    assert list(Customer.objects.visible_to(anna).matching("Alt")) == []
    assert [stored(each).contact.last_name for each in (talking, young)] == ["Redet", "Jung"]


def test_erasing_leaves_people_of_customers_alone(anna):
    company = factories.make_listed("Bekannt AG")
    known = factories.make_contact(company, "Weber", first_name="Ina", match_key="ina weber")
    referral = make_referral(anna, customer=company, first_name="Ina", last_name="Weber")
    assert referral.contact == known
    erasing.erase(actor=None, referral=referral)
    assert Contact.objects.for_system("test").get(pk=known.pk).last_name == "Weber"
    assert Customer.objects.for_system("test").get(pk=company.pk).name == "Bekannt AG"


def test_gifts_are_told_apart_from_kind_words(anna):
    referral = make_cleared(anna)
    thanks = using.thank_recommender(actor=anna, referral=referral, gift=Gift("gift", Decimal("20")))
    assert (thanks.contact, using.given_this_year(thanks.contact, TODAY())) == (referral.recommender.contact, 20)
