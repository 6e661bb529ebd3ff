"""The gate loads what is known, and its answer travels safely through a form."""

import datetime as dt

import pytest
from django.utils import timezone, translation

from customers.complaints import raise_complaint
from customers.gate import (
    Answer,
    GateAnswer,
    LegalReason,
    Purpose,
    ReasonMissing,
    gate_text,
    may_contact,
    may_contact_everybody,
    may_contact_many,
    sign,
    state_reason,
    unsign,
)
from customers.models import Activity, Consent, ContactBlock, Customer, CustomerFacts, PurchaseRhythm
from tests.factories import make_contact, make_customer, make_group, make_product

TODAY = dt.date(2026, 11, 23)

pytestmark = pytest.mark.django_db


def make_buyer(**fields):
    customer = make_customer(**fields)
    CustomerFacts.objects.create(customer=customer, last_order_on=dt.date(2026, 10, 1))
    return customer


def called(customer, by, outcome="reached", day=TODAY, **values):
    at = timezone.make_aware(dt.datetime.combine(day, dt.time(10)))
    return Activity.objects.create(customer=customer, outcome=outcome, at=at, by=by, **values)


def test_a_person_who_objected_is_not_called_while_a_colleague_may_be():
    customer = make_buyer()
    objector, colleague = make_contact(customer, "Weiß"), make_contact(customer, "Voß")
    ContactBlock.objects.create(customer=customer, contact=objector, channel="phone", kind="objection", set_on=TODAY)
    assert may_contact(objector, "phone", Purpose.SALES, TODAY).rule == "objection"
    assert may_contact(colleague, "phone", Purpose.SALES, TODAY).is_allowed
    assert may_contact(customer, "phone", Purpose.SALES, TODAY).is_allowed


def test_a_lifted_block_no_longer_stands():
    customer = make_buyer()
    block = ContactBlock.objects.create(customer=customer, set_on=TODAY)
    assert not may_contact(customer, "letter", Purpose.SALES, TODAY).is_allowed
    block.lifted_at = timezone.now()
    block.save()
    assert may_contact(customer, "letter", Purpose.SALES, TODAY).is_allowed


def test_a_revoked_consent_no_longer_carries():
    contact = make_contact(make_customer())
    consent = Consent.objects.create(
        contact=contact, customer=contact.customer, channel="email", text_version="1", proof="Formular", granted_at=timezone.now()
    )
    assert may_contact(contact, "email", Purpose.SALES, TODAY).is_allowed
    consent.revoked_at = timezone.now()
    consent.save()
    assert may_contact(contact, "email", Purpose.SALES, TODAY).answer == Answer.DENIED


def test_a_selling_call_pauses_selling_for_ten_working_days(anna):
    customer = make_buyer()
    called(customer, anna, day=dt.date(2026, 11, 20))
    assert may_contact(customer, "phone", Purpose.SALES, TODAY).facts == {"next_on": "2026-12-04"}
    assert may_contact(customer, "phone", Purpose.SALES, dt.date(2026, 12, 4)).is_allowed


def test_three_times_in_90_days_rest_until_the_oldest_is_out_of_them(anna):
    customer = make_buyer()
    for day in (dt.date(2026, 9, 1), dt.date(2026, 9, 21), dt.date(2026, 10, 12)):
        called(customer, anna, day=day)
    for day in (TODAY, dt.date(2026, 11, 29)):
        assert may_contact(customer, "phone", Purpose.SALES, day).facts == {"next_on": "2026-11-30"}
    assert may_contact(customer, "phone", Purpose.SALES, dt.date(2026, 11, 30)).is_allowed


@pytest.mark.parametrize("outcome", ["not_reached", "callback", "complaint"])
def test_an_attempt_a_promised_call_back_and_a_complaint_press_nobody(anna, outcome):
    customer = make_buyer()
    called(customer, anna, outcome)
    assert may_contact(customer, "phone", Purpose.SALES, TODAY).is_allowed


@pytest.mark.parametrize("contact", [{"outcome": "reached"}, {"outcome": "", "kind": "letter"}])
def test_what_serves_a_complaint_presses_nobody_and_what_kept_no_answer_does(anna, contact):
    customer = make_buyer()
    activity = called(customer, anna, **contact, gate_answer=GateAnswer(Answer.ALLOWED, "service", "service").on_record())
    assert may_contact(customer, "phone", Purpose.SALES, TODAY).is_allowed
    Activity.objects.for_system("test").filter(pk=activity.pk).update(gate_answer={})
    assert may_contact(customer, "phone", Purpose.SALES, TODAY).rule == "pressure"


def test_an_undone_call_presses_nobody(anna):
    customer = make_buyer()
    activity = called(customer, anna)
    Activity.objects.for_system("test").filter(pk=activity.pk).update(voided_at=timezone.now())
    assert may_contact(customer, "phone", Purpose.SALES, TODAY).is_allowed


def test_what_the_customer_states_to_have_bought_counts_as_long_as_we_know_no_order():
    customer = make_customer(stated_last_order_on=dt.date(2026, 3, 1))
    assert may_contact(customer, "phone", Purpose.SALES, TODAY).facts == {"last_order_on": "2026-03-01"}


def test_many_are_asked_in_as_many_queries_as_one(anna, django_assert_num_queries):
    customers = [make_buyer() for _ in range(7)]
    raise_complaint(actor=anna, customer=customers[3], title="Lieferung")
    customers = list(Customer.objects.for_system("test").order_by("pk").values_list("pk", flat=True))
    may_contact_many(customers[:1], "phone", Purpose.SALES, TODAY)
    for some in (customers[:1], customers):
        with django_assert_num_queries(4):
            answers = may_contact_many(some, "phone", Purpose.SALES, TODAY)
    assert [answers[pk].rule for pk in customers] == ["existing_customer"] * 3 + ["open_complaint"] + ["existing_customer"] * 3


def bought(customer, product):
    PurchaseRhythm.objects.create(
        customer=customer, product=product, first_on=TODAY, last_on=TODAY, order_days=1, recent_on=[], usual_quantity=1, last_quantity=1,
        usual_revenue=1,
    )  # fmt: skip


def test_a_call_about_goods_he_never_bought_needs_a_stated_reason(django_assert_num_queries):
    masks, helmets, gloves = make_group(), make_group(), make_group()
    buyer, other = make_buyer(), make_buyer()
    bought(buyer, make_product(group=masks))
    topics = (None, masks, helmets, [helmets.pk, masks.pk], [helmets.pk, gloves.pk])
    rules = [may_contact(buyer, "phone", Purpose.SALES, TODAY, topic).rule for topic in topics]
    assert rules == ["existing_customer", "existing_customer", "other_goods", "existing_customer", "other_goods"]
    assert may_contact(make_customer(), "phone", Purpose.SALES, TODAY, masks).rule == "no_basis"
    about = {buyer.pk: [masks.pk], other.pk: [helmets.pk]}
    may_contact_everybody([buyer], [], Purpose.SALES, TODAY, about)
    with django_assert_num_queries(5):
        answers = may_contact_everybody([buyer, other], [], Purpose.SALES, TODAY, about)
    assert [answers[one.pk, None]["phone"].rule for one in (buyer, other)] == ["existing_customer", "other_goods"]
    assert answers[other.pk, None]["letter"].is_allowed
    with translation.override("de"):
        assert gate_text(answers[other.pk, None]["phone"]) == "Rechtsgrundlage klären: hat Waren dieser Art noch nicht gekauft."


def test_a_signed_answer_holds_for_its_customer_only():
    customer, other = make_buyer(), make_buyer()
    answer = may_contact(customer, "phone", Purpose.SALES, TODAY)
    assert unsign(sign(answer, customer), customer) == answer
    assert unsign(sign(answer, customer), other) is None
    assert unsign(sign(answer, customer) + "x", customer) is None


def test_a_concrete_reason_needs_an_explanation():
    unclear = GateAnswer(Answer.UNCLEAR, "no_basis", choices=(LegalReason.INQUIRY, LegalReason.CONCRETE_REASON))
    with pytest.raises(ReasonMissing):
        state_reason(unclear, LegalReason.CONCRETE_REASON, "zu kurz")
    with pytest.raises(ReasonMissing):
        state_reason(unclear, LegalReason.CONSENT)
    stated = state_reason(unclear, LegalReason.CONCRETE_REASON, "Anlage steht still, Ersatzteil ist da")
    assert (stated.answer, stated.basis, stated.facts) == (
        Answer.ALLOWED,
        "concrete_reason",
        {"explanation": "Anlage steht still, Ersatzteil ist da"},
    )


def test_a_denied_call_cannot_be_reasoned_into_an_allowed_one():
    with pytest.raises(ReasonMissing):
        state_reason(GateAnswer(Answer.DENIED, "block"), LegalReason.INQUIRY)


def test_the_answer_reads_as_a_german_sentence():
    with translation.override("de"):
        assert gate_text(GateAnswer(Answer.ALLOWED, "existing_customer", "existing_customer", {"last_order_on": "2026-10-01"})) == (
            "Erlaubt: Bestandskunde, letzter Auftrag 01.10.2026."
        )
        assert (
            gate_text(GateAnswer(Answer.DENIED, "objection", facts={"since": "2026-11-03"}))
            == "Nicht erlaubt: Werbung am 03.11.2026 widersprochen."
        )
        assert gate_text(GateAnswer(Answer.UNCLEAR, "no_basis")) == "Rechtsgrundlage klären: kein Auftrag und keine Erklärung vorhanden."
