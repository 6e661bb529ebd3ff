"""The gate's decision, case by case (domain guide, section 5)."""

import datetime as dt
from dataclasses import replace

import pytest

from customers.gate_rules import Answer, Block, GateFacts, LegalReason, Policy, Purpose, decide

TODAY = dt.date(2026, 11, 23)
LATELY = dt.date(2026, 10, 5)
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
        ("a declared list says nothing of a topic never bought", GateFacts(declared_on=TODAY, has_topic=True, has_bought_topic=False), "phone", Purpose.SALES, Answer.UNCLEAR, "other_goods"),
        ("a declared list and a topic he bought", GateFacts(declared_on=TODAY, has_topic=True), "phone", Purpose.SALES, Answer.ALLOWED, "existing_customer"),
        ("nobody knows him: unclear", STRANGER, "phone", Purpose.SALES, Answer.UNCLEAR, "no_basis"),
        ("a topic never bought: unclear", facts(has_bought_topic=False), "phone", Purpose.SALES, Answer.UNCLEAR, "other_goods"),
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
        ("three times in 90 days is enough", facts(selling_contacts_on=(LATELY,) * 3), "phone", Purpose.SALES, Answer.UNCLEAR, "pressure"),
        ("twice is not", facts(selling_contacts_on=(LATELY,) * 2), "phone", Purpose.SALES, Answer.ALLOWED, "existing_customer"),
        ("service knows no pressure", facts(selling_contacts_on=(LATELY,) * 9), "phone", Purpose.SERVICE, Answer.ALLOWED, "service"),
        # phone, by purpose
        ("a buyer may be asked for his opinion by phone", BUYER, "phone", Purpose.SURVEY, Answer.ALLOWED, "existing_customer"),
        ("a buyer may be asked for a reference by phone", BUYER, "phone", Purpose.REFERENCE, Answer.ALLOWED, "existing_customer"),
        ("a stranger is not asked for a reference by phone", STRANGER, "phone", Purpose.REFERENCE, Answer.UNCLEAR, "no_basis"),
        ("a declared customer may be asked for his opinion", GateFacts(declared_on=TODAY), "phone", Purpose.SURVEY, Answer.ALLOWED, "existing_customer"),
        ("a stranger may be called about his own matter", STRANGER, "phone", Purpose.SERVICE, Answer.ALLOWED, "service"),
        ("a declaration outlives an old order", GateFacts(last_order_on=dt.date(2020, 1, 2), declared_on=TODAY), "phone", Purpose.SALES, Answer.ALLOWED, "existing_customer"),
        ("consent by phone carries where the order is too old", GateFacts(last_order_on=dt.date(2020, 1, 2), consented_channels=frozenset({"phone"})), "phone", Purpose.SALES, Answer.ALLOWED, "consent"),
        ("consent by phone carries a topic never bought", facts(has_bought_topic=False, has_topic=True, consented_channels=frozenset({"phone"})), "phone", Purpose.SALES, Answer.ALLOWED, "consent"),
        ("a named referral is not called on his name alone", STRANGER, "phone", Purpose.REFERRAL, Answer.UNCLEAR, "no_basis"),
        # mail (U-3)
        ("a stranger gets no mail", STRANGER, "email", Purpose.SALES, Answer.DENIED, "no_basis"),
        ("a declared customer gets no mail either", GateFacts(declared_on=TODAY), "email", Purpose.SALES, Answer.DENIED, "no_basis"),
        ("masks bought with notice, mail about masks", facts(mail_notice_on=TODAY, has_topic=True), "email", Purpose.SALES, Answer.ALLOWED, "similar_goods"),
        ("masks bought with notice, mail about helmets", facts(mail_notice_on=TODAY, has_topic=True, has_bought_topic=False), "email", Purpose.SALES, Answer.DENIED, "no_basis"),
        ("notice, but nobody says what the mail is about", facts(mail_notice_on=TODAY), "email", Purpose.SALES, Answer.DENIED, "no_basis"),
        ("notice without any delivered order", GateFacts(mail_notice_on=TODAY, has_topic=True), "email", Purpose.SALES, Answer.DENIED, "no_basis"),
        ("an imported address without notice", facts(has_topic=True), "email", Purpose.SALES, Answer.DENIED, "no_basis"),
        ("notice for goods carries no survey by mail", facts(mail_notice_on=TODAY, has_topic=True), "email", Purpose.SURVEY, Answer.DENIED, "no_basis"),
        ("notice for goods carries no reference request by mail", facts(mail_notice_on=TODAY, has_topic=True), "email", Purpose.REFERENCE, Answer.DENIED, "no_basis"),
        ("a survey by mail is advertising: consent", facts(consented_channels=frozenset({"email"})), "email", Purpose.SURVEY, Answer.ALLOWED, "consent"),
        ("a survey by mail without it", BUYER, "email", Purpose.SURVEY, Answer.DENIED, "no_basis"),
        ("a referral gets mail with consent only", STRANGER, "email", Purpose.REFERRAL, Answer.DENIED, "no_basis"),
        ("a referral who consented gets mail", GateFacts(consented_channels=frozenset({"email"})), "email", Purpose.REFERRAL, Answer.ALLOWED, "consent"),
        ("a reference is asked for by mail with consent", facts(consented_channels=frozenset({"email"})), "email", Purpose.REFERENCE, Answer.ALLOWED, "consent"),
        ("service by mail is no advertising", STRANGER, "email", Purpose.SERVICE, Answer.ALLOWED, "service"),
        ("consent by phone is none by mail", facts(consented_channels=frozenset({"phone"})), "email", Purpose.SALES, Answer.DENIED, "no_basis"),
        # letters
        ("a stranger may get a letter with a survey", STRANGER, "letter", Purpose.SURVEY, Answer.ALLOWED, "letter"),
        ("a referral may get a letter", STRANGER, "letter", Purpose.REFERRAL, Answer.ALLOWED, "letter"),
        ("a reference may be asked for by letter", BUYER, "letter", Purpose.REFERENCE, Answer.ALLOWED, "letter"),
        ("a letter too waits for the pause", facts(next_contact_on=dt.date(2026, 11, 30)), "letter", Purpose.SALES, Answer.UNCLEAR, "pressure"),
        # blocks and objections win (D-2)
        ("a block of mail leaves the call", facts(blocks=(Block("email", is_objection=False, set_on=TODAY),)), "phone", Purpose.SALES, Answer.ALLOWED, "existing_customer"),
        ("a block of mail stops consented mail", facts(blocks=(Block("email", is_objection=False, set_on=TODAY),), consented_channels=frozenset({"email"})), "email", Purpose.SALES, Answer.DENIED, "block"),
        ("an objection to all advertising stops the letter", facts(blocks=(Block("", is_objection=True, set_on=TODAY),)), "letter", Purpose.SALES, Answer.DENIED, "objection"),
        ("an objection beats a later consent", facts(blocks=(OBJECTION,), consented_channels=frozenset({"phone"})), "phone", Purpose.SALES, Answer.DENIED, "objection"),
        ("an objection beats a new purchase", GateFacts(last_order_on=TODAY, blocks=(OBJECTION,)), "phone", Purpose.SALES, Answer.DENIED, "objection"),
        ("an objection stops the survey", facts(blocks=(OBJECTION,)), "phone", Purpose.SURVEY, Answer.DENIED, "objection"),
        ("an objection stops the request for a reference", facts(blocks=(OBJECTION,)), "phone", Purpose.REFERENCE, Answer.DENIED, "objection"),
        ("an objection stops the first call to a referral", GateFacts(blocks=(OBJECTION,)), "phone", Purpose.REFERRAL, Answer.DENIED, "objection"),
        ("an objection to all advertising leaves mail about his order", facts(blocks=(Block("", is_objection=True, set_on=TODAY),)), "email", Purpose.SERVICE, Answer.ALLOWED, "service"),
        ("a block of all channels stops mail about his order", facts(blocks=(BLOCK,)), "email", Purpose.SERVICE, Answer.DENIED, "block"),
        ("block and objection: the older one is named", facts(blocks=(BLOCK, OBJECTION)), "phone", Purpose.SALES, Answer.DENIED, "block"),
        # an open complaint (2.5)
        ("no survey while a complaint is open", facts(has_open_complaint=True), "phone", Purpose.SURVEY, Answer.DENIED, "open_complaint"),
        ("no request for a reference while a complaint is open", facts(has_open_complaint=True), "letter", Purpose.REFERENCE, Answer.DENIED, "open_complaint"),
        ("no survey by consented mail while a complaint is open", facts(has_open_complaint=True, consented_channels=frozenset({"email"})), "email", Purpose.SURVEY, Answer.DENIED, "open_complaint"),
        ("no selling letter without a reason while a complaint is open", facts(has_open_complaint=True), "letter", Purpose.SALES, Answer.UNCLEAR, "open_complaint"),
        ("an open complaint makes no mail sayable that nobody agreed to", facts(has_open_complaint=True), "email", Purpose.SALES, Answer.DENIED, "no_basis"),
        ("selling by agreed mail rests during a complaint", facts(has_open_complaint=True, consented_channels=frozenset({"email"})), "email", Purpose.SALES, Answer.UNCLEAR, "open_complaint"),
        ("a stranger's complaint is named before his missing purchase", GateFacts(has_open_complaint=True), "phone", Purpose.SALES, Answer.UNCLEAR, "open_complaint"),
        ("an objection is named before the complaint", facts(has_open_complaint=True, blocks=(OBJECTION,)), "phone", Purpose.SALES, Answer.DENIED, "objection"),
        # contact pressure over everything (U-7)
        ("consent does not lift the pause", facts(next_contact_on=dt.date(2026, 11, 30), consented_channels=frozenset({"phone"})), "phone", Purpose.SALES, Answer.UNCLEAR, "pressure"),
        ("a survey sells nothing and waits for no pause", facts(next_contact_on=dt.date(2026, 11, 30)), "phone", Purpose.SURVEY, Answer.ALLOWED, "existing_customer"),
        ("four times in 90 days is more than enough", facts(selling_contacts_on=(LATELY,) * 4), "phone", Purpose.SALES, Answer.UNCLEAR, "pressure"),
        ("without a basis pressure is not even asked", GateFacts(selling_contacts_on=(LATELY,) * 9), "phone", Purpose.SALES, Answer.UNCLEAR, "no_basis"),
    ],
)  # fmt: skip
@pytest.mark.rules
def test_the_gate_decides(name, known, channel, purpose, answer, rule):
    decided = decide(known, channel, purpose, TODAY, POLICY)
    assert (decided.answer, decided.rule) == (answer, rule)


@pytest.mark.parametrize(
    ("days", "next_contact_on", "next_on"),
    [
        ([(9, 1), (9, 21), (10, 12)], None, "2026-11-30"),
        ([(9, 1), (9, 21), (10, 12), (11, 2)], None, "2026-12-20"),
        ([(9, 1), (9, 21), (11, 20)], dt.date(2026, 12, 4), "2026-12-04"),
        ([(10, 12), (11, 2), (11, 20)], dt.date(2026, 12, 4), "2027-01-10"),
    ],
    ids=["the oldest leaves", "so many leave that one more may be", "the pause ends later", "the window ends later"],
)
def test_selling_rests_until_pause_and_window_both_allow_it(days, next_contact_on, next_on):
    had = tuple(dt.date(2026, *day) for day in days)
    known = facts(selling_contacts_on=had, next_contact_on=next_contact_on)
    assert decide(known, "phone", Purpose.SALES, TODAY, POLICY).facts == {"next_on": next_on}


def test_where_no_selling_contact_is_allowed_at_all_one_is_unclear_every_day():
    none = replace(POLICY, pressure_most=0)
    assert decide(BUYER, "phone", Purpose.SALES, TODAY, none).rule == "pressure"
    assert decide(facts(selling_contacts_on=(LATELY,)), "phone", Purpose.SALES, TODAY, none).rule == "pressure"


def test_a_due_reorder_is_exempt_from_pressure_but_not_from_a_block():
    pressed = facts(next_contact_on=dt.date(2026, 11, 30), selling_contacts_on=(LATELY,) * 5)
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


def test_a_declared_customer_is_called_on_his_declaration_where_his_order_is_too_old():
    both = GateFacts(last_order_on=dt.date(2020, 1, 2), declared_on=dt.date(2026, 11, 2))
    assert decide(both, "phone", Purpose.SALES, TODAY, POLICY).facts == {"declared_on": "2026-11-02"}
