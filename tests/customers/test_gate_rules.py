"""The gate's decision, case by case (domain guide, section 5)."""

import datetime as dt

import pytest

from customers.gate_rules import Answer, Block, GateFacts, LegalReason, Policy, Purpose, decide

TODAY = dt.date(2026, 11, 23)
POLICY = Policy(permission_months=36, pressure_days=10, pressure_most=3)
BUYER = GateFacts(last_order_on=dt.date(2026, 10, 1))
STRANGER = GateFacts()
BLOCK = Block("", is_objection=False, set_on=dt.date(2026, 1, 5))
OBJECTION = Block("phone", is_objection=True, set_on=dt.date(2026, 11, 3))


def facts(**values) -> GateFacts:
    return GateFacts(**{"last_order_on": dt.date(2026, 10, 1), **values})


@pytest.mark.parametrize(
    ("name", "known", "channel", "purpose", "answer", "rule"),
    [
        ("a buyer may be called", BUYER, "phone", Purpose.SALES, Answer.ALLOWED, "existing_customer"),
        ("an order 37 months old is too old", GateFacts(last_order_on=dt.date(2023, 10, 20)), "phone", Purpose.SALES, Answer.UNCLEAR, "no_basis"),
        ("an order 35 months old is not", GateFacts(last_order_on=dt.date(2023, 12, 30)), "phone", Purpose.SALES, Answer.ALLOWED, "existing_customer"),
        ("an order 36 months old to the day is not", GateFacts(last_order_on=dt.date(2023, 11, 23)), "phone", Purpose.SALES, Answer.ALLOWED, "existing_customer"),
        ("one day more is", GateFacts(last_order_on=dt.date(2023, 11, 22)), "phone", Purpose.SALES, Answer.UNCLEAR, "no_basis"),
        ("a declared list makes callable", GateFacts(declared_on=TODAY), "phone", Purpose.SALES, Answer.ALLOWED, "existing_customer"),
        ("nobody knows him: unclear", STRANGER, "phone", Purpose.SALES, Answer.UNCLEAR, "no_basis"),
        ("a topic never bought: unclear", facts(has_bought_topic=False), "phone", Purpose.SALES, Answer.UNCLEAR, "no_basis"),
        ("a referral is no buyer", BUYER, "phone", Purpose.REFERRAL, Answer.UNCLEAR, "no_basis"),
        ("mail needs consent", BUYER, "email", Purpose.SALES, Answer.DENIED, "no_basis"),
        ("mail with consent", facts(consented_channels=frozenset({"email"})), "email", Purpose.SALES, Answer.ALLOWED, "consent"),
        ("consent for mail says nothing about calls", GateFacts(consented_channels=frozenset({"email"})), "phone", Purpose.SALES, Answer.UNCLEAR, "no_basis"),
        ("consent by phone carries a stranger", GateFacts(consented_channels=frozenset({"phone"})), "phone", Purpose.REFERRAL, Answer.ALLOWED, "consent"),
        ("a letter needs no basis", STRANGER, "letter", Purpose.SALES, Answer.ALLOWED, "letter"),
        ("a survey by phone is advertising too", STRANGER, "phone", Purpose.SURVEY, Answer.UNCLEAR, "no_basis"),
        ("a block stops the call", facts(blocks=(BLOCK,)), "phone", Purpose.SALES, Answer.DENIED, "block"),
        ("a block stops the letter", facts(blocks=(BLOCK,)), "letter", Purpose.SALES, Answer.DENIED, "block"),
        ("a block stops service calls", facts(blocks=(BLOCK,)), "phone", Purpose.SERVICE, Answer.DENIED, "block"),
        ("a block beats consent", facts(blocks=(BLOCK,), consented_channels=frozenset({"phone"})), "phone", Purpose.SALES, Answer.DENIED, "block"),
        ("an objection stops the call", facts(blocks=(OBJECTION,)), "phone", Purpose.SALES, Answer.DENIED, "objection"),
        ("an objection to calls leaves the letter", facts(blocks=(OBJECTION,)), "letter", Purpose.SALES, Answer.ALLOWED, "letter"),
        ("service is no advertising", facts(blocks=(OBJECTION,)), "phone", Purpose.SERVICE, Answer.ALLOWED, "service"),
        ("selling rests during a complaint", facts(has_open_complaint=True), "phone", Purpose.SALES, Answer.UNCLEAR, "open_complaint"),
        ("the complaint itself is called about", facts(has_open_complaint=True), "phone", Purpose.SERVICE, Answer.ALLOWED, "service"),
        ("called the other day", facts(next_contact_on=dt.date(2026, 11, 30)), "phone", Purpose.SALES, Answer.UNCLEAR, "pressure"),
        ("the pause is over today", facts(next_contact_on=TODAY), "phone", Purpose.SALES, Answer.ALLOWED, "existing_customer"),
        ("three times in 90 days is enough", facts(selling_contacts_count=3), "phone", Purpose.SALES, Answer.UNCLEAR, "pressure"),
        ("twice is not", facts(selling_contacts_count=2), "phone", Purpose.SALES, Answer.ALLOWED, "existing_customer"),
        ("service knows no pressure", facts(selling_contacts_count=9), "phone", Purpose.SERVICE, Answer.ALLOWED, "service"),
    ],
)  # fmt: skip
def test_the_gate_decides(name, known, channel, purpose, answer, rule):
    decided = decide(known, channel, purpose, TODAY, POLICY)
    assert (decided.answer, decided.rule) == (answer, rule)


def test_a_due_reorder_is_exempt_from_pressure_but_not_from_a_block():
    pressed = facts(next_contact_on=dt.date(2026, 11, 30), selling_contacts_count=5)
    assert decide(pressed, "phone", Purpose.SALES, TODAY, POLICY, is_exempt=True).is_allowed
    assert not decide(facts(blocks=(OBJECTION,)), "phone", Purpose.SALES, TODAY, POLICY, is_exempt=True).is_allowed


def test_an_unclear_answer_offers_the_reasons_a_person_may_state():
    assert decide(STRANGER, "phone", Purpose.SALES, TODAY, POLICY).choices == (
        LegalReason.INQUIRY,
        LegalReason.CALLBACK,
        LegalReason.CONCRETE_REASON,
    )


def test_an_answer_carries_the_day_its_sentence_needs():
    assert decide(BUYER, "phone", Purpose.SALES, TODAY, POLICY).facts == {"last_order_on": "2026-10-01"}
    assert decide(facts(blocks=(OBJECTION,)), "phone", Purpose.SALES, TODAY, POLICY).facts == {"since": "2026-11-03"}
