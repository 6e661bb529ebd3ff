"""Asking for a reference: who may, when nobody may, time to think, and the way back."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from customers.blocks import block_contact
from customers.complaints import raise_complaint
from customers.gate import ReasonMissing
from customers.models import Customer, FollowUp
from customers.undo import UndoRefused
from innendienst.lib.transitions import StateConflict, TransitionRefused
from nps.models import Response
from referrals import asking, scoring
from referrals.asking import AskingRefused
from referrals.models import ReferenceCustomer
from referrals.moving import undo_reference_step
from tests import factories
from tests.nps.scenes import make_wave
from tests.referrals.scenes import make_buyer, make_reference

TODAY = timezone.localdate
IN_TWO_WEEKS = dt.timedelta(days=14)

pytestmark = pytest.mark.django_db


def stored(reference) -> ReferenceCustomer:
    return ReferenceCustomer.objects.for_system("test").get(pk=reference.pk)


def answer(customer: Customer, rating: int, days_ago: int = 30) -> None:
    wave = make_wave(f"Welle {customer.pk} {days_ago}")
    Response.objects.create(wave=wave, customer=customer, rating=rating, channel="phone", answered_on=TODAY() - dt.timedelta(days=days_ago))


def test_the_way_to_a_yes_keeps_who_asked_and_until_when_he_thinks(anna):
    reference = asking.make_candidate(actor=anna, customer=make_buyer(anna))
    asking.qualify(actor=anna, reference=reference)
    given = asking.ask(actor=anna, reference=reference, thinking_until=TODAY() + IN_TWO_WEEKS)
    assert (reference.state, reference.asked_by_id, reference.thinking_until) == ("thinking", anna.pk, TODAY() + IN_TWO_WEEKS)
    assert given.basis == "existing_customer"
    asking.agree(actor=anna, reference=reference)
    steps = [(step.from_state, step.to_state, step.by) for step in stored(reference).transitions.order_by("pk")]
    assert steps == [
        ("", "candidate", anna),
        ("candidate", "qualified", anna),
        ("qualified", "asked", anna),
        ("asked", "thinking", anna),
        ("thinking", "agreed", anna),
    ]
    assert reference.transitions.get(to_state="asked").gate_answer["basis"] == "existing_customer"


def test_a_customer_is_taken_up_once(anna, bernd):
    customer = make_buyer(anna)
    assert asking.make_candidate(actor=anna, customer=customer) == asking.make_candidate(actor=bernd, customer=customer)


def test_ratings_give_the_points_of_the_list(anna):
    reference = make_reference(anna)
    asking.rate(actor=anna, reference=reference, said={"open_minded": 3, "well_disposed": 3})
    assert stored(reference).suitability is None
    asking.rate(actor=anna, reference=reference, said={"well_connected": 3, "is_well_known": True})
    assert (stored(reference).suitability, stored(reference).referral_potential) == (90, 82)
    with pytest.raises(ValueError, match="rating"):
        asking.rate(actor=anna, reference=reference, said={"open_minded": 4})


def test_who_is_not_to_be_asked_has_no_points(anna):
    reference = make_reference(anna, open_minded=3, well_disposed=3, well_connected=3)
    scoring.refresh_points(TODAY())
    assert stored(reference).suitability == 75
    answer(reference.customer, 4)
    scoring.refresh_points(TODAY())
    assert (stored(reference).suitability, stored(reference).referral_potential) == (None, None)


# --- never ---


def test_never_ask_before_the_time_to_think_is_over(anna, bernd):
    reference = make_reference(anna, "thinking")
    for person in (anna, bernd):
        with pytest.raises(AskingRefused) as refused:
            asking.ask(actor=person, reference=reference)
        assert refused.value.code == "thinking"
    assert stored(reference).transitions.count() == 0


def test_never_ask_while_a_complaint_is_open(anna):
    reference = make_reference(anna, "qualified")
    raise_complaint(actor=anna, customer=reference.customer, title="Palette beschädigt")
    with pytest.raises(AskingRefused) as refused:
        asking.ask(actor=anna, reference=reference)
    assert refused.value.code == "complaint"


@pytest.mark.parametrize(("rating", "days_ago", "is_refused"), [(6, 300, True), (6, 370, False), (7, 10, False)])
def test_never_ask_a_detractor_within_a_year(anna, rating, days_ago, is_refused):
    reference = make_reference(anna, "qualified")
    answer(reference.customer, rating, days_ago)
    if not is_refused:
        asking.ask(actor=anna, reference=reference)
        return
    with pytest.raises(AskingRefused) as refused:
        asking.ask(actor=anna, reference=reference)
    assert refused.value.code == "detractor"


def test_never_ask_within_a_year_after_a_no(anna):
    reference = make_reference(anna, "asked")
    asking.decline(actor=anna, reference=reference)
    with pytest.raises(AskingRefused) as refused:
        asking.qualify(actor=anna, reference=reference)
    assert refused.value.code == "declined"
    ReferenceCustomer.objects.for_system("test").update(declined_on=TODAY() - dt.timedelta(days=367))
    later = stored(reference)
    asking.qualify(actor=anna, reference=later)
    asking.ask(actor=anna, reference=later)
    assert later.state == "asked"


def test_never_ask_twice_by_inside_and_field_sales(anna, bernd):
    reference = make_reference(anna, "asked")
    with pytest.raises(AskingRefused) as refused:
        asking.ask(actor=bernd, reference=reference)
    assert refused.value.code == "asked_by"
    assert refused.value.reference.asked_by == anna
    with pytest.raises(AskingRefused):
        asking.give_time(actor=bernd, reference=reference, until=TODAY() + IN_TWO_WEEKS)


def test_never_ask_whom_a_block_protects(anna):
    reference = make_reference(anna, "qualified")
    block_contact(actor=anna, customer=reference.customer, contact=reference.contact)
    with pytest.raises(AskingRefused) as refused:
        asking.ask(actor=anna, reference=reference)
    assert refused.value.code == "contact"


def test_who_buys_no_more_is_asked_with_a_legal_reason_only(anna):
    reference = make_reference(anna, "qualified", customer=make_buyer(anna, facts={"last_order_on": None}))
    with pytest.raises(ReasonMissing):
        asking.ask(actor=anna, reference=reference)
    asking.ask(actor=anna, reference=reference, legal_reason="callback")
    assert reference.transitions.get(to_state="asked").gate_answer["basis"] == "callback"


# --- other hands, and back ---


def test_who_suits_again_after_an_end_is_anybodys_to_ask(anna, bernd):
    reference = make_reference(anna, "expired", asked_by=anna, asked_on=TODAY() - dt.timedelta(days=700))
    asking.qualify(actor=bernd, reference=reference)
    asking.ask(actor=bernd, reference=reference)
    assert (stored(reference).asked_by, stored(reference).asked_on) == (bernd, TODAY())


def test_field_sales_asks_where_inside_sales_finds_no_wire_and_gives_it_back(anna, team_north):
    dirk = factories.make_user("dirk", "field_sales", team=team_north)
    reference = make_reference(anna, "asked")
    asking.hand_asking_on(actor=anna, reference=reference, asker=dirk, note="Finde keinen Draht")
    due = FollowUp.objects.for_system("test").get(kind="asking")
    assert (due.assignee, due.note, stored(reference).asked_by) == (dirk, "Finde keinen Draht", dirk)
    with pytest.raises(AskingRefused):
        asking.hand_asking_on(actor=anna, reference=reference, asker=anna)
    asking.hand_asking_on(actor=dirk, reference=reference, asker=anna, note="Besuch am Montag: überlegt es sich")
    assert stored(reference).asked_by == anna
    assert reference.transitions.order_by("-pk")[0].reason == "Besuch am Montag: überlegt es sich"


def test_a_paused_one_goes_on_where_it_was_and_nowhere_else(anna):
    reference = make_reference(anna, "agreed")
    asking.pause(actor=anna, reference=reference, reason="Umzug")
    with pytest.raises(TransitionRefused):
        asking.qualify(actor=anna, reference=reference)
    asking.resume(actor=anna, reference=reference)
    assert stored(reference).state == "agreed"


def test_two_who_move_it_at_once_do_so_once(anna):
    reference = make_reference(anna, "candidate")
    other = stored(reference)
    asking.qualify(actor=anna, reference=reference)
    with pytest.raises(StateConflict):
        asking.qualify(actor=anna, reference=other)


def test_the_last_step_is_taken_back_while_it_is_fresh(anna, bernd):
    reference = make_reference(anna, "asked")
    asking.decline(actor=anna, reference=reference)
    step = reference.transitions.get(to_state="declined")
    with pytest.raises(UndoRefused):
        undo_reference_step(actor=bernd, step=step)
    undo_reference_step(actor=anna, step=step)
    back = stored(reference)
    assert (back.state, back.asked_by, back.declined_on) == ("asked", anna, None)
    with pytest.raises(UndoRefused):
        undo_reference_step(actor=anna, step=step)


def test_a_withdrawal_is_everybodys_to_write_down_and_ends_all_at_once(anna, team_north):
    nora = factories.make_user("nora", "marketing")
    reference = make_reference(anna, "agreed")
    scope = reference.scopes.create(kind="logo", places=["web"], agreed_on=TODAY())
    asking.withdraw(actor=nora, reference=reference, reason="per Mail")
    scope.refresh_from_db()
    assert stored(reference).state == "withdrawn"
    assert scope.withdrawn_at is not None
    with pytest.raises(TransitionRefused):
        asking.qualify(actor=anna, reference=reference)


def test_marketing_asks_nobody(anna):
    nora = factories.make_user("nora", "marketing")
    with pytest.raises(PermissionDenied):
        asking.ask(actor=nora, reference=make_reference(anna, "qualified"))
