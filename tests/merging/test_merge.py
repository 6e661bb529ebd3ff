"""Merging two customers: all that leads to the one leads to the other, the stricter word wins, and it can be taken back whole."""

import datetime as dt
from decimal import Decimal

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from campaigns.models import Campaign, CampaignMember, Opportunity
from customers.blocks import block_contact
from customers.editing import EditConflict, save_contact, save_customer
from customers.models import (
    Activity,
    Consent,
    Contact,
    ContactBlock,
    Customer,
    CustomerFacts,
    Handover,
    ImportAnswer,
    Merge,
    MergeMove,
    Need,
    Order,
    OrderLine,
    SearchToken,
)
from innendienst import recompute
from innendienst.base import jobs
from innendienst.base.models import AuditEvent, Job
from innendienst.merging.acts import UNDO_WITHIN, MergeRefused, UndoRefused, bring_strays, forget_moves, forget_people, merge, undo_merge
from innendienst.merging.basics import CHOSEN, differing, merged, proposed
from innendienst.merging.clashes import Refusal
from innendienst.merging.declared import OF_CUSTOMERS, OF_PEOPLE, Fate
from innendienst.merging.people import homeless_numbers, same_people
from nps import praise
from nps.models import Response
from referrals import erasing
from referrals.models import Recommender, ReferenceCustomer
from tests import factories
from tests.customers.imports.lists import Importer, counts
from tests.merging.scenes import Ground, make_twins, snapshot
from tests.referrals.scenes import make_referral
from tests.test_architecture import OUR_MODELS
from tests.workplace.scenes import make_reason

WHY = "a test looks"


@pytest.mark.rules
@pytest.mark.parametrize(("target", "declared"), [(Customer, OF_CUSTOMERS), (Contact, OF_PEOPLE)])
def test_every_column_that_leads_to_a_customer_or_person_says_what_becomes_of_it(target, declared):
    leading = {(model, field.name) for model in OUR_MODELS for field in model._meta.local_fields if field.related_model is target}
    assert leading == set(declared)


@pytest.mark.rules
def test_every_column_of_the_customer_who_stays_says_what_becomes_of_it():
    his_own = {"id", "number", "number_key", "merged_into_id", "version"}
    kept_by_surveys = {"praised_on"}
    decided = merged(Customer(name="A"), Customer(name="B"), CHOSEN)
    assert {*decided, *his_own, *kept_by_surveys} == {field.attname for field in Customer._meta.concrete_fields}


def rows_of(customer: Customer) -> dict[str, int]:
    """How many rows lead to the customer, by declared column that follows."""
    return {
        f"{model.__name__}.{column}": count
        for (model, column), fate in OF_CUSTOMERS.items()
        if fate in {Fate.FOLLOWS, Fate.FOLLOWS_OR_GOES} and (count := model._base_manager.filter(**{column: customer.pk}).count())
    }


@pytest.fixture
def twins(db) -> tuple[Customer, Customer]:
    return make_twins()


@pytest.fixture
def ground(carla) -> Ground:
    return Ground(carla)


def stored(row):
    return type(row)._base_manager.get(pk=row.pk)


@pytest.mark.django_db
def test_all_that_leads_to_one_leads_to_the_other_and_undo_brings_every_row_back(carla, twins, ground):
    kept, gone = twins
    ground.fill(kept, last_name="Groß")
    person = ground.fill(gone)
    ground.release(ground.make_reference(gone, person))
    Recommender.objects.create(customer=gone, contact=person)
    factories.make_customer("Noch älter", merged_into=gone)
    all_columns = {f"{model.__name__}.{column}" for (model, column), fate in OF_CUSTOMERS.items() if "FOLLOWS" in fate.name}
    assert set(rows_of(gone)) == all_columns
    before = snapshot()
    done = merge(actor=carla, kept=kept, gone=gone, taken={"name"})
    # Once only: a member of the campaign, and what was told of a product group.
    assert rows_of(gone) == {"CampaignMember.customer": 1, "Need.customer": 1}
    assert stored(gone).merged_into_id == kept.pk
    assert (stored(kept).name, stored(kept).sort_key, stored(kept).number) == ("Baeckerei Mueller", "baeckerei mueller", "K-1")
    assert Order.objects.for_system(WHY).filter(customer=kept).count() == 2
    assert OrderLine.objects.for_system(WHY).filter(customer=kept).count() == 4
    undo_merge(actor=carla, done=done)
    after = snapshot()
    assert {name: rows for name, rows in after.items() if rows != before[name]} == {}
    assert min(stored(kept).version, stored(gone).version) > 2  # whoever opened a form before or in between is told


@pytest.mark.django_db
def test_a_person_of_both_is_one_afterwards_and_two_again_after_undo(carla, twins, ground):
    kept, gone = twins
    theirs, person = ground.fill(kept), ground.fill(gone)
    Contact.objects.for_system(WHY).filter(pk=person.pk).update(email="k.weiss@mueller.example", role="Einkauf", mobile="0171 39200-42")
    Recommender.objects.create(customer=gone, contact=person)
    before = snapshot()
    done = merge(actor=carla, kept=kept, gone=gone, taken=())
    kathe = Contact.objects.for_system(WHY).get(customer=kept)
    assert (kathe.pk, kathe.role, kathe.email) == (theirs.pk, "Einkauf", "k.weiss@mueller.example")
    assert Activity.objects.for_system(WHY).filter(contact=kathe).count() == 2
    assert Consent.objects.for_system(WHY).filter(contact=kathe, customer=kept).count() == 2
    assert Recommender.objects.for_system(WHY).get(contact=kathe).customer == kept
    undo_merge(actor=carla, done=done)
    assert snapshot() == before


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("theirs", "his", "kept_numbers", "homeless"),
    [
        (("", ""), ("030 23125-1", ""), ("+4930231251", ""), []),
        (("030 23125-1", ""), ("030 / 23125-1", ""), ("+4930231251", ""), []),
        (("030 23125-1", ""), ("030 23125-2", ""), ("+4930231251", "+4930231252"), []),
        (("", "0152 28817386"), ("", "0152 28817387"), ("+4915228817387", "+4915228817386"), []),
        (("030 23125-1", "0152 28817386"), ("030 23125-2", ""), ("+4930231251", "+4915228817386"), ["030 23125-2"]),
    ],
)
def test_a_second_number_of_a_person_takes_the_free_place_and_a_third_one_is_named_beforehand(
    carla, twins, theirs, his, kept_numbers, homeless
):
    kept, gone = twins
    for customer, (phone, mobile) in ((kept, theirs), (gone, his)):
        person = factories.make_contact(customer, "Weiß", phone=phone)
        person.mobile = mobile
        save_contact(actor=carla, contact=person)
    [(person, twin)] = same_people(gone.pk, kept.pk).items()
    assert homeless_numbers(person, twin) == homeless
    merge(actor=carla, kept=kept, gone=gone, taken=())
    kathe = Contact.objects.for_system(WHY).get(customer=kept)
    assert (kathe.phone_e164, kathe.mobile_e164) == kept_numbers


@pytest.mark.django_db
def test_two_of_one_name_who_both_recommend_us_stay_two_people(carla, twins, ground):
    kept, gone = twins
    for customer in twins:
        Recommender.objects.create(customer=customer, contact=factories.make_contact(customer))
    done = merge(actor=carla, kept=kept, gone=gone, taken=())
    assert Contact.objects.for_system(WHY).filter(customer=kept).count() == 2
    undo_merge(actor=carla, done=done)
    assert [contact.match_key for contact in Contact.objects.for_system(WHY).filter(customer=gone)] == ["weiss"]


@pytest.mark.django_db
def test_the_stricter_word_wins(carla, anna, twins):
    kept, gone = twins
    theirs, person = factories.make_contact(kept), factories.make_contact(gone)
    block_contact(actor=anna, customer=gone)
    block_contact(actor=anna, customer=kept, contact=theirs, channel="phone")
    noon = timezone.now()
    given = {"channel": "email", "text_version": "1", "proof": "Mail"}
    Consent.objects.create(contact=theirs, customer=kept, granted_at=noon - dt.timedelta(days=9), **given)
    Consent.objects.create(contact=person, customer=gone, granted_at=noon - dt.timedelta(days=99), revoked_at=noon, **given)
    later = Consent.objects.create(contact=theirs, customer=kept, granted_at=noon + dt.timedelta(days=1), **{**given, "channel": "phone"})
    Customer.objects.for_system(WHY).filter(pk=gone.pk).update(wants_visit=True, delivery_block=True, dunning_level=2, is_inactive=True)
    merge(actor=carla, kept=kept, gone=stored(gone), taken=())
    blocks = ContactBlock.objects.for_system(WHY).filter(lifted_at=None, customer=kept)
    assert {(block.contact_id, block.channel) for block in blocks} == {(None, ""), (theirs.pk, "phone")}
    assert Consent.objects.for_system(WHY).filter(contact=theirs, channel="email", revoked_at=None).count() == 0
    assert stored(later).revoked_at is None
    one = stored(kept)
    assert (one.wants_visit, one.delivery_block, one.dunning_level, one.is_inactive) == (True, True, 2, False)
    assert block_contact(actor=anna, customer=one).customer == one  # said again, it is that block


@pytest.mark.django_db
def test_what_both_are_open_about_ends_once_and_the_need_told_last_stands(carla, twins, ground):
    kept, gone = twins
    ground.fill(kept, told_days_ago=9)
    ground.fill(gone, told_days_ago=2)
    ImportAnswer.objects.create(topic="similar", key="k-9", said=str(gone.pk))
    Campaign.objects.filter(pk=ground.campaign.pk).update(criteria={"picked": [gone.pk, ground.other.pk]})
    merge(actor=carla, kept=kept, gone=gone, taken=())
    opened = Opportunity.objects.for_system(WHY).filter(kind="reorder").order_by("pk")
    assert [(one.customer, one.state) for one in opened] == [(kept, "planned"), (kept, "expired")]
    assert opened.last().transitions.get().reason == "merged"
    assert Need.objects.for_system(WHY).get(customer=kept).supplier == "Firma von K-2"
    assert ImportAnswer.objects.get().said == str(kept.pk)
    assert Campaign.objects.get().criteria == {"picked": [ground.other.pk, kept.pk]}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("theirs", "other", "stands"),
    [("planned", "offered", "other"), ("offered", "planned", "theirs"), ("planned", "planned", "theirs")],
)
def test_of_two_open_about_the_same_the_one_farther_along_stands(carla, twins, theirs, other, stands):
    kept, gone = twins
    rows = {
        "theirs": make_reason(kept, state=theirs, subject_key="group:1"),
        "other": make_reason(gone, state=other, subject_key="group:1"),
    }
    done = merge(actor=carla, kept=kept, gone=gone, taken=())
    ended = ({*rows} - {stands}).pop()
    assert (stored(rows[stands]).customer, stored(rows[stands]).state) == (kept, {"theirs": theirs, "other": other}[stands])
    assert (stored(rows[ended]).customer, stored(rows[ended]).state) == (kept, "expired")
    undo_merge(actor=carla, done=done)
    assert {(stored(row).customer, stored(row).state) for row in rows.values()} == {(kept, theirs), (gone, other)}


@pytest.mark.django_db
def test_a_suggestion_of_a_campaign_gives_way_to_the_talk_about_it(carla, twins, ground):
    kept, gone = twins
    about = {"kind": "campaign", "subject_key": f"campaign:{ground.campaign.pk}", "campaign": ground.campaign}
    valued = {"rank_value": 1, "expected_revenue": 1, "p_win": "0.2", "suggested_on": timezone.localdate()}
    waiting = Opportunity.objects.create(customer=kept, state="suggested", **about, **valued)
    talked = Opportunity.objects.create(customer=gone, state="contacted", **about, **valued)
    merge(actor=carla, kept=kept, gone=gone, taken=())
    assert (stored(waiting).state, stored(talked).state, stored(talked).customer) == ("expired", "contacted", kept)


@pytest.mark.django_db
@pytest.mark.parametrize(("part", "state", "becomes"), [
    ("control", "suggested", "expired"), ("excluded", "planned", "expired"), ("control", "contacted", "contacted"), ("target", "planned", "planned"),
])  # fmt: skip
def test_a_campaign_that_leaves_the_surviving_customer_alone_has_no_reason_to_call_him(carla, twins, ground, part, state, becomes):
    kept, gone = twins
    for customer, one in ((kept, part), (gone, "target")):
        CampaignMember.objects.create(campaign=ground.campaign, customer=customer, part=one, abc_class="A")
    valued = {"rank_value": 1, "expected_revenue": 1, "p_win": "0.2", "suggested_on": timezone.localdate()}
    reason = Opportunity.objects.create(customer=gone, kind="campaign", state=state, campaign=ground.campaign, **valued)
    done = merge(actor=carla, kept=kept, gone=gone, taken=())
    assert (stored(reason).state, stored(reason).customer) == (becomes, kept)
    undo_merge(actor=carla, done=done)
    assert (stored(reason).state, stored(reason).customer) == (state, gone)


@pytest.mark.django_db
def test_praise_goes_to_the_one_who_stays_at_once_and_back(carla, twins, ground):
    kept, gone = twins
    said_on = timezone.localdate() - dt.timedelta(days=3)
    type(ground.wave).objects.filter(pk=ground.wave.pk).update(shows_names=True)
    Response.objects.create(wave=ground.wave, customer=gone, rating=10, channel="phone", answered_on=said_on)
    praise.keep([gone.pk])
    done = merge(actor=carla, kept=kept, gone=gone, taken=())
    assert (stored(kept).praised_on, stored(gone).praised_on) == (said_on, None)
    undo_merge(actor=carla, done=done)
    assert (stored(kept).praised_on, stored(gone).praised_on) == (None, said_on)


@pytest.mark.django_db
def test_people_are_found_with_as_many_queries_for_many_as_for_one(twins, django_assert_num_queries):
    kept, gone = twins
    for name in ("Weiß", "Groß", "Klein"):
        for customer in twins:
            factories.make_contact(customer, name)
    with django_assert_num_queries(3):
        assert len(same_people(gone.pk, kept.pk)) == 3


@pytest.mark.django_db
def test_two_who_are_both_with_field_sales_or_both_shown_as_reference_are_settled_first(carla, twins, ground):
    kept, gone = twins
    opened = [
        Handover.objects.create(customer=one, by=carla, to=carla, requested_at=timezone.now(), answer_by=dt.date(2026, 12, 1))
        for one in twins
    ]
    ground.make_reference(kept, state="qualified")
    ground.make_reference(gone)
    with pytest.raises(MergeRefused) as refused:
        merge(actor=carla, kept=kept, gone=gone, taken=())
    assert list(refused.value.reasons) == [Refusal.HANDOVERS, Refusal.OTHER_WAY]
    Handover.objects.for_system(WHY).filter(pk=opened[0].pk).update(state="done")
    done = merge(actor=carla, kept=gone, gone=kept, taken=())
    assert ReferenceCustomer.objects.for_system(WHY).get().customer == gone
    undo_merge(actor=carla, done=done)
    assert ReferenceCustomer.objects.for_system(WHY).get(customer=kept).transitions.count() == 1
    ReferenceCustomer.objects.for_system(WHY).filter(customer=kept).update(state="released")
    with pytest.raises(MergeRefused) as refused:
        merge(actor=carla, kept=stored(kept), gone=stored(gone), taken=())
    assert list(refused.value.reasons) == [Refusal.REFERENCES]


@pytest.mark.django_db
def test_who_may_not_and_who_saw_something_else_merges_nothing(anna, carla, twins):
    kept, gone = twins
    with pytest.raises(PermissionDenied):
        merge(actor=anna, kept=kept, gone=gone, taken=())
    with pytest.raises(MergeRefused):
        merge(actor=carla, kept=kept, gone=kept, taken=())
    edited = stored(gone)
    edited.town = "Fürth"
    save_customer(actor=anna, customer=edited)
    with pytest.raises(EditConflict):
        merge(actor=carla, kept=kept, gone=gone, taken=())
    assert not Merge.objects.for_system(WHY).exists()
    done = merge(actor=carla, kept=kept, gone=stored(gone), taken=())
    with pytest.raises(PermissionDenied):
        undo_merge(actor=anna, done=done)
    with pytest.raises(MergeRefused):
        merge(actor=carla, kept=stored(kept), gone=stored(gone), taken=())


@pytest.mark.django_db
def test_a_chain_of_merges_is_taken_back_from_its_end(carla, twins):
    kept, gone = twins
    last = factories.make_listed("Müller Holding", number="K-3")
    factories.make_contact(gone)
    first = merge(actor=carla, kept=kept, gone=gone, taken=())
    second = merge(actor=carla, kept=last, gone=stored(kept), taken=())
    assert stored(gone).merged_into_id == last.pk
    with pytest.raises(UndoRefused):
        undo_merge(actor=carla, done=first)
    undo_merge(actor=carla, done=second)
    assert stored(gone).merged_into_id == kept.pk
    undo_merge(actor=carla, done=first)
    assert Contact.objects.for_system(WHY).get().customer == gone
    with pytest.raises(UndoRefused):
        undo_merge(actor=carla, done=first)


@pytest.mark.django_db
def test_what_was_changed_since_stays_and_after_a_month_nothing_is_left_to_take_back(carla, anna, twins):
    kept, gone = twins
    done = merge(actor=carla, kept=kept, gone=gone, taken={"name"})
    corrected = stored(kept)
    corrected.name = "Müller seit heute"
    save_customer(actor=anna, customer=corrected)
    said = Activity.objects.create(customer=kept, by=anna, at=timezone.now(), outcome="reached")
    undo_merge(actor=carla, done=done)
    assert (stored(kept).name, stored(said).customer, stored(gone).merged_into_id) == ("Müller seit heute", kept, None)
    again = merge(actor=carla, kept=stored(kept), gone=stored(gone), taken=())
    with time_machine.travel(timezone.now() + UNDO_WITHIN):
        with pytest.raises(UndoRefused):
            undo_merge(actor=carla, done=again)
        assert forget_moves(timezone.now()) > 0
    assert not MergeMove.objects.exists()


@pytest.mark.django_db
def test_nothing_is_left_of_a_merge_that_was_taken_back(carla, twins):
    kept, gone = twins
    done = merge(actor=carla, kept=kept, gone=gone, taken={"name"})
    assert forget_moves(timezone.now()) == 0
    undo_merge(actor=carla, done=done)
    assert forget_moves(timezone.now()) > 0
    assert not MergeMove.objects.exists()


@pytest.mark.django_db
def test_a_person_who_became_another_goes_once_the_merge_stands_for_good(carla, anna, twins):
    kept, gone = twins
    theirs, person = factories.make_contact(kept), factories.make_contact(gone)
    parted = factories.make_customer("Wieder zwei")
    still_there = factories.make_contact(parted)
    undo_merge(actor=carla, done=merge(actor=carla, kept=kept, gone=parted, taken=()))
    merge(actor=carla, kept=stored(kept), gone=gone, taken=())
    assert forget_people(timezone.now()) == 0
    with time_machine.travel(timezone.now() + UNDO_WITHIN):
        late = Activity.objects.create(customer=kept, contact=person, by=anna, at=timezone.now(), outcome="reached")
        assert forget_people(timezone.now()) == 0
        late.delete()
        assert forget_people(timezone.now()) == 1
    assert set(Contact.objects.for_system(WHY)) == {theirs, still_there}


@pytest.mark.django_db
def test_who_is_erased_does_not_come_back_with_an_undo(carla, anna):
    kept, gone = (make_referral(anna, company=f"Weber {place}", last_name="Weber") for place in ("Nord", "Süd"))
    stranger = factories.make_contact(gone.customer, "Groß", source="Messe")
    done = merge(actor=carla, kept=stored(kept.customer), gone=stored(gone.customer), taken=())
    assert stored(gone).contact_id == kept.contact_id
    for referral in (kept, gone):
        erasing.erase(actor=None, referral=stored(referral))
    undo_merge(actor=carla, done=done)
    assert [(one.last_name, one.first_name, one.source) for one in (stored(kept.contact), stored(gone.contact))] == [("–", "", "")] * 2
    assert (stored(stranger).last_name, stored(stranger).customer) == ("Groß", gone.customer)


@pytest.mark.django_db
def test_a_lead_that_went_into_another_is_erased_with_it(carla, anna):
    kept, gone = (make_referral(anna, company=f"Weber {place}", last_name="Weber") for place in ("Nord", "Süd"))
    merge(actor=carla, kept=stored(kept.customer), gone=stored(gone.customer), taken=())
    for referral in (kept, gone):
        erasing.erase(actor=None, referral=stored(referral))
    assert [stored(one.customer).name for one in (kept, gone)] == [one.customer.number for one in (kept, gone)]


@pytest.mark.django_db
def test_a_call_saved_in_the_moment_of_the_merge_follows_in_the_night(carla, anna, twins, ground):
    kept, gone = twins
    ground.fill(kept)
    ground.fill(gone)
    done = merge(actor=carla, kept=kept, gone=gone, taken=())
    assert bring_strays() == 0
    late = Activity.objects.create(customer=gone, by=anna, at=timezone.now(), outcome="reached")
    assert bring_strays() == 1
    assert stored(late).customer == kept
    undo_merge(actor=carla, done=done)
    assert stored(late).customer == gone


def refresh() -> None:
    assert jobs.run(Job.objects.create(kind=recompute.REFRESH, queue="bulk").pk)


@pytest.mark.django_db
def test_figures_search_and_imports_go_to_the_one_who_stays(carla, twins, tmp_path):
    kept, gone = twins
    product = factories.make_product(sku="A")
    for customer in twins:
        factories.make_order(customer, timezone.localdate() - dt.timedelta(days=40), (product, 1, "100"))
    done = merge(actor=carla, kept=kept, gone=gone, taken=())
    refresh()
    revenue = CustomerFacts.objects.for_system(WHY).in_bulk
    assert (revenue()[kept.pk].revenue_12m, revenue()[gone.pk].revenue_12m) == (Decimal(200), Decimal(0))
    assert SearchToken.objects.filter(customer=kept, token="k2").exists()
    orders = Importer(tmp_path, "orders")
    head = ("Auftragsnummer", "Position", "Kundennummer", "Artikelnummer", "Datum", "Menge", "Umsatz")
    assert counts(orders(head, ("AB-77", 1, "K-2", "A", f"{timezone.localdate():%d.%m.%Y}", 1, 50))) == (1, 0, 0, 0)
    assert Order.objects.for_system(WHY).get(number="AB-77").customer == kept
    known = ("Kundennummer", "Firma", "Werbesperre", "Nachname"), ("K-1", kept.name, "", "Neu"), ("K-2", gone.name, "ja", "Neu")
    Importer(tmp_path, "customers")(*known)
    assert ContactBlock.objects.for_system(WHY).get().customer == kept
    assert Contact.objects.for_system(WHY).get().customer == kept
    undo_merge(actor=carla, done=done)
    refresh()
    assert (revenue()[kept.pk].revenue_12m, revenue()[gone.pk].revenue_12m) == (Decimal(150), Decimal(100))
    assert not SearchToken.objects.filter(customer=kept, token="k2").exists()
    assert list(AuditEvent.objects.filter(act__contains="merge").values_list("act", flat=True)) == ["customer.merge", "customer.undo_merge"]


@pytest.mark.django_db
def test_a_silent_field_is_proposed_from_the_one_who_goes():
    kept = factories.make_customer(phone="", email="a@b.example", lifecycle="lead", customer_since=dt.date(2020, 1, 1))
    gone = factories.make_customer(kept.name, email="", street="Weg 1", customer_since=dt.date(2010, 1, 1))
    assert differing(kept, gone) == ["street", "phone", "lifecycle", "customer_since"]
    assert proposed(kept, gone) == {"street", "phone", "lifecycle", "customer_since"}
