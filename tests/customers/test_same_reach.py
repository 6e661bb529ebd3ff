"""A number is one number and a person one person, under however many customer numbers (domain guide U-3, U-5, U-7, D-2)."""

import datetime as dt

import pytest
from django.utils import timezone

from customers import editing, facts
from customers.blocks import block_contact, lift_block, record_objection
from customers.calls import record_call, void_call
from customers.gate import Answer, Purpose, may_contact, may_contact_everybody, may_contact_many
from customers.models import Activity, BlockedReach, Consent, Contact, ContactBlock, Customer, CustomerFacts, Touched
from customers.touched import touch
from referrals import contacting, erasing
from referrals.models import ReferralContact
from tests.customers.imports.lists import Importer
from tests.factories import make_contact, make_customer, make_order, make_product
from tests.referrals.scenes import make_referral

TODAY = timezone.localdate
ONE_NUMBER = "030 23125-7"

pytestmark = pytest.mark.django_db


@pytest.fixture
def contact_list(settings, tmp_path) -> Importer:
    settings.VAR_DIR = tmp_path / "var"
    return Importer(tmp_path, "contacts")


@pytest.fixture
def customer_list(settings, tmp_path) -> Importer:
    settings.VAR_DIR = tmp_path / "var"
    return Importer(tmp_path, "customers")


def make_buyer(name: str = "", **fields) -> Customer:
    customer = make_customer(name, **fields)
    CustomerFacts.objects.create(customer=customer, last_order_on=TODAY() - dt.timedelta(days=30))
    return customer


def by_phone(target, purpose=Purpose.SALES):
    return may_contact(target, "phone", purpose, TODAY())


def blocks_of(person) -> list[tuple[str, str]]:
    standing = ContactBlock.objects.for_system("test").filter(contact=person, lifted_at=None)
    return list(standing.values_list("channel", "kind"))


def called(customer, by, days_ago=0) -> Activity:
    return Activity.objects.create(customer=customer, outcome="reached", at=timezone.now() - dt.timedelta(days=days_ago), by=by)


# --- what gives a basis ---


@pytest.mark.parametrize(
    ("status", "quantity", "answer"), [("delivered", 2, Answer.ALLOWED), ("cancelled", 2, Answer.UNCLEAR), ("credit", -2, Answer.UNCLEAR)]
)
def test_a_cancelled_order_or_a_mere_credit_gives_no_basis(status, quantity, answer):
    customer, product = make_customer(), make_product()
    make_order(customer, TODAY() - dt.timedelta(days=30), (product, quantity, 50 * quantity), status=status)
    facts.refresh([customer.pk], TODAY() + dt.timedelta(days=1))
    customer = Customer.objects.for_system("test").get(pk=customer.pk)
    assert by_phone(customer).answer == answer


# --- one number, two customer numbers ---


def test_who_forbids_his_number_is_not_called_under_another_customer_number_but_may_be_written_to(anna):
    one, other, third = make_buyer(phone=ONE_NUMBER), make_buyer(phone=ONE_NUMBER), make_buyer()
    block = block_contact(actor=anna, customer=one, kind=ContactBlock.Kind.OBJECTION)
    person = make_contact(other)
    assert [by_phone(target).rule for target in (one, other, person)] == ["objection"] * 3
    assert [may_contact(target, "letter", Purpose.SALES, TODAY()).is_allowed for target in (one, other)] == [False, True]
    many = may_contact_many([one.pk, other.pk, third.pk], "phone", Purpose.SALES, TODAY())
    assert [many[pk].is_allowed for pk in (one.pk, other.pk, third.pk)] == [False, False, True]
    everybody = may_contact_everybody([other], [person], Purpose.SALES, TODAY())
    assert {pk: answers["phone"].rule for (_customer, pk), answers in everybody.items()} == {None: "objection", person.pk: "objection"}
    block.lifted_at = timezone.now()
    block.save()
    assert by_phone(other).is_allowed


def test_a_block_of_mail_says_nothing_of_the_number(anna):
    one, other = make_buyer(phone=ONE_NUMBER), make_buyer(phone=ONE_NUMBER)
    block_contact(actor=anna, customer=one, channel="email")
    assert by_phone(other).is_allowed


def test_selling_rests_for_the_number_whichever_customer_number_was_called(anna):
    one, other, third = make_buyer(phone=ONE_NUMBER), make_buyer(phone=ONE_NUMBER), make_buyer()
    called(one, anna)
    assert [by_phone(customer).rule for customer in (one, other, third)] == ["pressure", "pressure", "existing_customer"]
    assert by_phone(other, Purpose.SERVICE).is_allowed


def test_three_times_in_ninety_days_counts_all_calls_of_the_number(anna):
    one, other = make_buyer(phone=ONE_NUMBER), make_buyer(phone=ONE_NUMBER)
    for customer, days_ago in ((one, 80), (other, 60), (one, 40)):
        assert by_phone(other).is_allowed
        called(customer, anna, days_ago)
    assert by_phone(other).rule == "pressure"


def test_customers_without_a_number_have_none_in_common(anna):
    one, other = make_buyer(phone=""), make_buyer(phone="")
    block_contact(actor=anna, customer=one)
    called(one, anna)
    assert by_phone(other).is_allowed


# --- one person, two customer numbers ---


def test_a_persons_objection_holds_for_his_mobile_and_his_mail_under_another_number_and_for_no_colleague():
    one, other = make_buyer(), make_buyer()
    person = make_contact(one, "Weiß", mobile_e164="+491713920011", email="Kim@nord.example")
    consented = {"email": "kim@nord.example", "match_key": "kim@nord.example"}
    same_mail, same_number = make_contact(other, "Weiss", **consented), make_contact(other, "Voß", phone="0171 3920011")
    colleague = make_contact(one, "Groß", phone="0171 3920012")
    for contact in (same_mail, same_number):
        Consent.objects.create(contact=contact, customer=other, channel="email", text_version="1", proof="F", granted_at=timezone.now())
    record_objection(customer=one, contact=person)
    assert [by_phone(target).is_allowed for target in (person, same_number, same_mail, colleague, other)] == [
        False,
        False,
        True,
        True,
        True,
    ]
    assert [may_contact(target, "email", Purpose.SALES, TODAY()).rule for target in (same_mail, same_number)] == ["objection", "consent"]


def test_the_switchboard_is_nobodys_own_number():
    one, other = make_buyer(phone=ONE_NUMBER), make_buyer()
    person, elsewhere = make_contact(one, phone=ONE_NUMBER), make_contact(other, phone=ONE_NUMBER)
    record_objection(customer=one, contact=person)
    assert blocks_of(elsewhere) == []


def test_what_a_call_carried_over_is_lifted_when_the_call_is_undone(anna):
    one, other = make_buyer(), make_buyer()
    person, elsewhere = make_contact(one, phone="0171 3920011"), make_contact(other, phone="0171 3920011")
    call = record_call(actor=anna, customer=one, contact=person, outcome="reached", gate_answer=by_phone(person))
    block = block_contact(actor=anna, customer=one, contact=person, activity=call)
    assert blocks_of(elsewhere) == [("phone", "block")]
    void_call(actor=anna, activity=call)
    assert (blocks_of(person), blocks_of(elsewhere), ContactBlock.objects.for_system("test").filter(pk=block.pk).count()) == ([], [], 1)


def test_what_was_said_once_is_lifted_everywhere_and_does_not_come_back(anna, dieter):
    one, other = make_buyer(), make_buyer()
    person, elsewhere = make_contact(one, phone="0171 3920011"), make_contact(other, phone="0171 3920011")
    said = record_objection(customer=one, contact=person, reason="keine Anrufe, bin krank")
    [copy] = ContactBlock.objects.for_system("test").filter(contact=elsewhere)
    assert (copy.carried_from, copy.reason, copy.activity) == (said, "", None)
    assert lift_block(actor=dieter, block=copy)
    assert not lift_block(actor=dieter, block=said)
    editing.save_contact(actor=anna, contact=person)
    editing.save_contact(actor=anna, contact=elsewhere)
    assert (blocks_of(person), blocks_of(elsewhere)) == ([], [])


def test_a_block_holds_elsewhere_beside_an_objection_that_lets_service_through(anna):
    one, other = make_buyer(), make_buyer()
    person, elsewhere = make_contact(one, phone="0171 3920011"), make_contact(other, phone="0171 3920011")
    record_objection(customer=other, contact=elsewhere)
    block_contact(actor=anna, customer=one, contact=person)
    assert not by_phone(elsewhere, Purpose.SERVICE).is_allowed


def test_whoever_shares_the_number_is_marked_with_the_customer(anna):
    one, other, third = make_buyer(phone=ONE_NUMBER), make_buyer(phone=ONE_NUMBER), make_buyer()
    touch([one.pk])
    assert set(Touched.objects.values_list("customer", flat=True)) == {one.pk, other.pk}
    assert third.pk


def test_a_number_that_hundreds_share_is_asked_about_as_quickly_as_any(django_assert_num_queries):
    ids = [make_buyer(phone=ONE_NUMBER).pk for _index in range(30)]
    may_contact_many(ids[:1], "phone", Purpose.SALES, TODAY())
    for some in (ids[:1], ids):
        with django_assert_num_queries(4):
            assert all(answer.is_allowed for answer in may_contact_many(some, "phone", Purpose.SALES, TODAY()).values())


def test_who_is_entered_later_with_a_forbidden_number_is_blocked_from_the_start(anna, contact_list):
    record_objection(customer=make_buyer(), contact=make_contact(make_buyer(), phone="0171 3920011"))
    other = make_buyer(number="K-7")
    entered = Contact(customer=other, last_name="Voß", mobile="0171 3920011")
    editing.save_contact(actor=anna, contact=entered)
    assert blocks_of(entered) == [("phone", "objection")]
    contact_list(["Kundennummer", "Nachname", "Mobil"], ["K-7", "Weiß", "0171 3920011"], ["K-7", "Groß", "0171 3920012"])
    listed = {person.last_name: blocks_of(person) for person in other.contacts.all()}
    assert listed == {"Voß": [("phone", "objection")], "Weiß": [("phone", "objection")], "Groß": []}


# --- the block survives erasure (D-2) ---

LIST = (
    ["Kundennummer", "Vorname", "Nachname", "Telefon", "E-Mail", "Rechtsgrundlage Telefon", "Rechtsgrundlage E-Mail"],
    ["K-7", "Peter", "Neumann", "030 23125-555", "p@neu.example", "Einwilligung vom 03.11.2024", "Einwilligung vom 03.11.2024"],
    ["K-7", "Ina", "Groß", "030 23125-556", "i@neu.example", "Einwilligung vom 03.11.2024", ""],
)


def make_erased(anna, *, is_cleared: bool) -> Customer:
    """Peter Neumann was named, objected, and was erased; his company is K-7."""
    company = make_customer("Neu GmbH", number="K-7")
    referral = make_referral(anna, customer=company)
    if is_cleared:  # the number went to the person, and a mail address came along
        Contact.objects.for_system("test").filter(pk=referral.contact_id).update(phone_e164="+493023125555", email="p@neu.example")
        ReferralContact.objects.for_system("test").filter(pk=referral.pk).update(phone="")
        referral.refresh_from_db()
    contacting.refuse(actor=anna, referral=referral, objects=True)
    referral.refresh_from_db()
    erasing.erase(actor=None, referral=referral)
    return company


@pytest.mark.parametrize("is_cleared", [True, False])
def test_the_next_list_does_not_bring_back_the_permission_of_an_erased_person(anna, contact_list, is_cleared):
    """Cleared or not: what he objected with is known by its hash alone, and no text of his is left in the block list."""
    company = make_erased(anna, is_cleared=is_cleared)
    assert not any("23125555" in one or "neu.example" in one for one in BlockedReach.objects.values_list("reach", flat=True))
    for _again in range(2):
        contact_list(*LIST)
        people = {person.last_name: person for person in company.contacts.all()}
        peter, ina = people["Neumann"], people["Groß"]
        assert [by_phone(peter).rule, by_phone(ina).rule] == ["objection", "consent"]
        assert may_contact(peter, "email", Purpose.SALES, TODAY()).rule == "objection"
        assert blocks_of(peter) == [("", "objection")]


def test_an_erased_person_who_comes_back_under_two_customer_numbers_is_blocked_under_both(anna, contact_list):
    company, other = make_erased(anna, is_cleared=True), make_customer(number="K-8")
    head, peter, _ina = LIST
    contact_list(head, peter, ["K-8", *peter[1:]])
    assert [blocks_of(customer.contacts.get(last_name="Neumann")) for customer in (company, other)] == [[("", "objection")]] * 2


@pytest.mark.parametrize("is_named_first", [True, False])
def test_the_number_by_which_somebody_was_named_stays_out_of_reach_whoever_heard_his_refusal(anna, contact_list, is_named_first):
    """He objects by the link of a survey, before or after he is named; erased or not, no list brings his number back."""
    company, other = make_customer(number="K-7"), make_buyer(number="K-8")
    referral = make_referral(anna, customer=company) if is_named_first else None
    person = (
        referral.contact
        if referral
        else make_contact(company, "Neumann", first_name="Peter", match_key=editing.match_key("", "Peter", "Neumann"))
    )
    record_objection(customer=company, contact=person)
    referral = referral or make_referral(anna, customer=company)
    assert referral.contact == person
    contact_list(["Kundennummer", "Nachname", "Telefon"], ["K-8", "Voß", "030 23125-555"])
    assert blocks_of(other.contacts.get()) == [("", "objection")]
    erasing.erase(actor=None, referral=referral)
    third = make_buyer(number="K-9")
    contact_list(["Kundennummer", "Nachname", "Telefon"], ["K-9", "Voß", "030 23125-555"])
    assert blocks_of(third.contacts.get()) == [("", "objection")]


def test_a_number_that_is_the_companys_own_is_not_blocked_for_what_one_of_its_people_said(anna, customer_list):
    company = make_buyer("Neu GmbH", number="K-7", phone="030 23125-555")
    record_objection(customer=company, contact=make_referral(anna, customer=company).contact)
    customer_list(["Kundennummer", "Firma", "Telefon", "Ort"], ["K-7", "Neu GmbH", "030 23125-555", "Köln"])
    assert by_phone(Customer.objects.for_system("test").get(pk=company.pk)).is_allowed


def make_erased_company(anna, *, twin_phone: str) -> tuple[Customer, Customer]:
    """A lead that was named, with number and address of its own, which wants no contact; and a customer with some number."""
    twin = make_buyer("Zwilling", number="K-1", phone=twin_phone)
    referral = make_referral(anna)
    company = referral.customer
    company.phone, company.email = ONE_NUMBER, "info@neu.example"
    editing.save_customer(actor=anna, customer=company)
    block_contact(actor=anna, customer=company, reason="ausdrücklich")
    referral.refresh_from_db()
    erasing.erase(actor=None, referral=referral)
    company.refresh_from_db()
    assert company.phone_e164 == company.email == ""
    return company, twin


def test_an_erased_company_stays_blocked_under_whatever_number_it_comes_back(anna, dieter, customer_list):
    make_erased_company(anna, twin_phone="")
    customer_list(
        ["Kundennummer", "Firma", "Telefon", "E-Mail", "Letzter Kauf"],
        ["K-7", "Neu GmbH", ONE_NUMBER, "", "01.11.2026"], ["K-8", "Neu 2 GmbH", "", "INFO@neu.example", "01.11.2026"],
        ["K-9", "Andere GmbH", "030 23125-9", "x@neu.example", "01.11.2026"],
    )  # fmt: skip
    back = {one.number: one for one in Customer.objects.for_system("test").filter(number__in=["K-7", "K-8", "K-9"])}
    blocks = ContactBlock.objects.for_system("test").filter(customer__in=back.values(), lifted_at=None)
    assert set(blocks.values_list("customer__number", "contact", "channel", "reason")) == {
        ("K-7", None, "phone", ""),
        ("K-8", None, "email", ""),
    }
    assert not by_phone(back["K-7"]).is_allowed
    entered = Customer(number="K-10", name="Von Hand", phone=ONE_NUMBER)
    editing.save_customer(actor=dieter, customer=entered)
    assert not by_phone(entered).is_allowed


def test_whoever_shares_the_number_of_an_erased_company_stays_blocked_with_it_and_is_freed_with_it(anna, dieter):
    _company, twin = make_erased_company(anna, twin_phone=ONE_NUMBER)
    assert not by_phone(twin).is_allowed
    assert may_contact(twin, "letter", Purpose.SALES, TODAY()).is_allowed
    [copy] = ContactBlock.objects.for_system("test").filter(customer=twin)
    assert lift_block(actor=dieter, block=copy)
    assert by_phone(twin).is_allowed
    assert not BlockedReach.objects.exists()


def test_a_lifted_block_of_an_erased_person_comes_back_with_no_list(anna, dieter, contact_list):
    company = make_erased(anna, is_cleared=True)
    assert BlockedReach.objects.exists()
    for block in ContactBlock.objects.for_system("test"):
        lift_block(actor=dieter, block=block)
    contact_list(*LIST)
    assert blocks_of(company.contacts.get(last_name="Neumann")) == []
    assert not BlockedReach.objects.exists()
