"""What a call brings for a reason, and the way back."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from campaigns.answers import AnswerRefused, answer_opportunity, undo_answers
from campaigns.models import Opportunity, OpportunityAnswer, OpportunityItem
from campaigns.quotes import Offer
from campaigns.steps import answer_for_outcome
from customers.gate import Answer as Gate, GateAnswer, Purpose, may_contact
from customers.models import Activity, Touched
from innendienst.lib.transitions import StateConflict
from tests.factories import make_customer, make_group, make_product

pytestmark = pytest.mark.django_db

ALLOWED = GateAnswer(Gate.ALLOWED, "existing_customer", "existing_customer")


def make_suggestion(customer=None, group=None, kind="reorder", **fields):
    opportunity = Opportunity.objects.create(
        customer=customer or make_customer(), kind=kind, rank_value=50, expected_revenue=200, p_win=Decimal("0.2"), suggested_on=timezone.localdate(), **fields
    )  # fmt: skip
    OpportunityItem.objects.create(opportunity=opportunity, product=make_product(group=group), position=1, expected_revenue=200)
    return opportunity


def make_call(opportunity, by, outcome="reached"):
    return Activity.objects.create(customer=opportunity.customer, outcome=outcome, at=timezone.now(), by=by)


@pytest.mark.parametrize(
    ("outcome", "answer"),
    [
        ("not_reached", "not_reached"),
        ("callback", "later"),
        ("reached", "contacted"),
        ("interested", "interested"),
        ("order", "won"),
        ("no_need", "lost"),
        ("complaint", "not_discussed"),
    ],
)
def test_the_outcome_answers_the_top_reason(outcome, answer):
    assert answer_for_outcome(outcome) == answer


@pytest.mark.parametrize(
    ("answer", "extra", "state"),
    [
        ("not_reached", {}, "planned"),
        ("contacted", {}, "contacted"),
        ("later", {}, "planned"),
        ("interested", {}, "interested"),
        ("won", {"amount": Decimal("240.50")}, "won"),
        ("lost", {"reason": "price"}, "lost"),
        ("dismissed", {"reason": "not_suitable"}, "dismissed"),
    ],
)
def test_an_answer_moves_a_suggestion_and_undoing_moves_it_back(anna, answer, extra, state):
    opportunity = make_suggestion(group=make_group())
    activity = make_call(opportunity, anna)
    answer_opportunity(actor=anna, opportunity=opportunity, answer=answer, activity=activity, **extra)
    opportunity.refresh_from_db()
    assert (opportunity.state, opportunity.owner) == (state, anna)
    undo_answers(actor=anna, activity=activity)
    opportunity.refresh_from_db()
    assert (opportunity.state, opportunity.owner, opportunity.rests_until, opportunity.tries_count, opportunity.won_amount, opportunity.lost_reason) == (
        "suggested", None, None, 0, None, "",
    )  # fmt: skip
    assert [(step.from_state, step.to_state) for step in opportunity.transitions.order_by("pk")] == [
        ("suggested", state),
        (state, "suggested"),
    ]
    assert not OpportunityAnswer.objects.exists()


@pytest.mark.parametrize(
    ("answer", "extra"),
    [
        ("dismissed", {"reason": "not_suitable"}),
        ("planned", {}),
        ("offered", {"offer": Offer(Decimal(900), dt.date(2026, 11, 24))}),
    ],
)
def test_an_answer_beside_a_call_marks_the_customer_and_one_with_a_call_leaves_that_to_the_call(anna, answer, extra):
    beside, with_call = make_suggestion(group=make_group()), make_suggestion(group=make_group())
    Touched.objects.all().delete()
    answer_opportunity(actor=anna, opportunity=beside, answer=answer, **extra)
    answer_opportunity(actor=anna, opportunity=with_call, answer=answer, activity=make_call(with_call, anna), **extra)
    assert list(Touched.objects.values_list("customer", flat=True)) == [beside.customer_id]


@pytest.mark.parametrize("state", ["interested", "offered", "returned"])
def test_what_does_not_fit_after_talks_is_lost(anna, state):
    opportunity = make_suggestion(state=state)
    answer_opportunity(actor=anna, opportunity=opportunity, answer="dismissed", reason="not_suitable")
    opportunity.refresh_from_db()
    assert (opportunity.state, opportunity.lost_reason) == ("lost", "not_suitable")


def test_nothing_said_leaves_no_trace(anna):
    opportunity = make_suggestion()
    assert answer_opportunity(actor=anna, opportunity=opportunity, answer="not_discussed") is None
    assert (opportunity.state, opportunity.transitions.count()) == ("suggested", 0)


@pytest.mark.parametrize(("answer", "extra"), [("won", {}), ("won", {"amount": Decimal(0)}), ("lost", {}), ("dismissed", {})])
def test_won_needs_an_amount_and_lost_a_reason(anna, answer, extra):
    opportunity = make_suggestion()
    with pytest.raises(AnswerRefused):
        answer_opportunity(actor=anna, opportunity=opportunity, answer=answer, **extra)
    opportunity.refresh_from_db()
    assert opportunity.state == "suggested"


def test_after_four_tries_a_reason_is_lost_as_unreachable(anna):
    opportunity = make_suggestion()
    for _ in range(4):
        answer_opportunity(actor=anna, opportunity=opportunity, answer="not_reached", activity=make_call(opportunity, anna))
        opportunity.refresh_from_db()
    assert (opportunity.state, opportunity.lost_reason, opportunity.tries_count) == ("lost", "unreachable", 4)


def test_what_did_not_fit_rests_ninety_days(anna):
    opportunity = make_suggestion()
    answer_opportunity(actor=anna, opportunity=opportunity, answer="dismissed", reason="not_suitable")
    today = timezone.localdate()
    ninety = today + dt.timedelta(days=90)
    resting = Opportunity.objects.visible_to(anna).resting
    assert resting(ninety - dt.timedelta(days=1)).exists()
    assert not resting(ninety).exists()


def test_an_answered_reason_belongs_to_the_group_of_its_best_article(anna):
    group = make_group()
    opportunity = make_suggestion(group=group)
    answer_opportunity(actor=anna, opportunity=opportunity, answer="interested")
    assert opportunity.subject_key == f"group:{group.pk}"


def test_a_second_talk_about_the_same_group_is_refused(anna):
    """Two open opportunities of one kind and product group must never be; closing the second does no harm."""
    group, customer = make_group(), make_customer()
    answer_opportunity(actor=anna, opportunity=make_suggestion(customer, group), answer="interested")
    second = make_suggestion(customer, group)
    with pytest.raises(StateConflict):
        answer_opportunity(actor=anna, opportunity=second, answer="interested")
    answer_opportunity(actor=anna, opportunity=second, answer="dismissed", reason="not_suitable")
    second.refresh_from_db()
    assert second.state == "dismissed"


def test_answers_of_one_call_are_undone_from_the_last_to_the_first(anna):
    """The second answer could be given only because the first had closed the talk about the same group."""
    group, customer = make_group(), make_customer()
    first = make_suggestion(customer, group)
    answer_opportunity(actor=anna, opportunity=first, answer="contacted")
    activity = make_call(first, anna)
    answer_opportunity(actor=anna, opportunity=first, answer="lost", reason="price", activity=activity)
    second = make_suggestion(customer, group)
    answer_opportunity(actor=anna, opportunity=second, answer="interested", activity=activity)
    undo_answers(actor=anna, activity=activity)
    states = Opportunity.objects.visible_to(anna).order_by("pk").values_list("state", flat=True)
    assert list(states) == ["contacted", "suggested"]


# --- an answer is about one product group ---


@pytest.fixture
def mixed():
    """A reorder of four articles: two cleaners on top and at the end, towels and something without a group between."""
    cleaners, towels = make_group("Reiniger", assumed_cm_ratio="0.50"), make_group("Tücher", assumed_cm_ratio="0.25")
    opportunity = make_suggestion(group=cleaners, facts={"articles_count": 6}, owner=None)
    for position, (group, revenue, margin) in enumerate([(towels, 100, None), (None, 80, 20), (cleaners, 60, 30)], start=2):
        OpportunityItem.objects.create(
            opportunity=opportunity, product=make_product(group=group), position=position, expected_revenue=revenue, expected_margin=margin
        )
    return opportunity


def stored(opportunity) -> dict:
    """Everything of an opportunity that undoing restores; the version alone goes on."""
    opportunity = Opportunity.objects.for_system("test").get(pk=opportunity.pk)
    columns = {field.attname: getattr(opportunity, field.attname) for field in Opportunity._meta.concrete_fields}
    items = opportunity.items.values("product", "position", "facts", "expected_revenue", "expected_margin")
    return {**columns, "version": 0, "items": list(items)}


def suggestion_of(opportunity):
    return Opportunity.objects.for_system("test").suggested().filter(customer=opportunity.customer_id, kind=opportunity.kind).first()


@pytest.mark.parametrize(
    ("answer", "extra"),
    [("contacted", {}), ("later", {}), ("interested", {}), ("won", {"amount": 10}), ("lost", {"reason": "price"})],
)
def test_what_the_customer_answered_is_about_the_group_on_top_and_the_rest_stays_a_suggestion(anna, mixed, answer, extra):
    articles = list(mixed.items.all())
    answer_opportunity(actor=anna, opportunity=mixed, answer=answer, **extra)
    mixed.refresh_from_db()
    rest = suggestion_of(mixed)
    assert list(mixed.items.values_list("product", flat=True)) == [articles[0].product_id, articles[3].product_id]
    assert list(rest.items.values_list("product", "position")) == [(articles[1].product_id, 1), (articles[2].product_id, 2)]
    assert (mixed.facts["articles_count"], rest.facts["articles_count"]) == (2, 4)
    assert (mixed.expected_revenue, mixed.expected_margin, mixed.rank_value) == (260, None, Decimal("26.00"))  # (200 × ½ + 30) × 0.2
    assert (rest.expected_revenue, rest.expected_margin, rest.rank_value) == (180, None, Decimal("9.00"))  # (100 × ¼ + 20) × 0.2
    assert (rest.suggested_on, rest.owner, rest.p_win) == (mixed.suggested_on, None, mixed.p_win)


@pytest.mark.parametrize(
    ("answer", "extra"),
    [("not_reached", {}), ("dismissed", {"reason": "not_suitable"}), ("lost", {"reason": "no_contact"})],
)
def test_what_the_customer_did_not_answer_concerns_all_that_the_rep_saw(anna, mixed, answer, extra):
    answer_opportunity(actor=anna, opportunity=mixed, answer=answer, **extra)
    assert (mixed.items.count(), suggestion_of(mixed)) == (4, None)


def test_a_reason_planned_as_a_whole_is_parted_by_the_answer_that_follows(anna, mixed):
    answer_opportunity(actor=anna, opportunity=mixed, answer="not_reached")
    answer_opportunity(actor=anna, opportunity=mixed, answer="interested")
    assert (mixed.state, mixed.items.count(), suggestion_of(mixed).items.count()) == ("interested", 2, 2)


def test_where_a_suggestion_stands_already_the_rest_is_left_to_the_next_refresh(anna, mixed):
    answer_opportunity(actor=anna, opportunity=mixed, answer="not_reached")
    newer = make_suggestion(mixed.customer, make_group())
    answer_opportunity(actor=anna, opportunity=mixed, answer="interested")
    assert (mixed.items.count(), suggestion_of(mixed), newer.items.count()) == (2, newer, 1)


@pytest.mark.parametrize("first", [None, "not_reached"])
def test_undoing_joins_what_was_parted(anna, mixed, first):
    if first:
        answer_opportunity(actor=anna, opportunity=mixed, answer=first)
    before, activity = stored(mixed), make_call(mixed, anna)
    answer_opportunity(actor=anna, opportunity=mixed, answer="interested", activity=activity)
    assert stored(mixed) != before
    undo_answers(actor=anna, activity=activity)
    assert stored(mixed) == before
    assert Opportunity.objects.for_system("test").count() == 1


def test_what_was_parted_is_not_joined_once_somebody_answered_for_the_rest(anna, bernd, mixed):
    activity = make_call(mixed, anna)
    answer_opportunity(actor=anna, opportunity=mixed, answer="interested", activity=activity)
    answer_opportunity(actor=bernd, opportunity=suggestion_of(mixed), answer="interested")
    with pytest.raises(StateConflict):
        undo_answers(actor=anna, activity=activity)


def test_an_answer_that_leaves_the_state_raises_the_version_and_so_does_its_undo(anna, bernd):
    opportunity = make_suggestion()
    answer_opportunity(actor=anna, opportunity=opportunity, answer="interested")
    seen_before = Opportunity.objects.visible_to(bernd).get(pk=opportunity.pk)
    activity = make_call(opportunity, anna)
    answer_opportunity(actor=anna, opportunity=opportunity, answer="interested", activity=activity)
    assert opportunity.version == seen_before.version + 1
    with pytest.raises(StateConflict):
        answer_opportunity(actor=bernd, opportunity=seen_before, answer="interested")
    undo_answers(actor=anna, activity=activity)
    opportunity.refresh_from_db()
    assert (opportunity.state, opportunity.version) == ("interested", seen_before.version + 2)


def test_no_contact_wanted_blocks_the_customer(anna):
    opportunity = make_suggestion()
    answer_opportunity(actor=anna, opportunity=opportunity, answer="lost", reason="no_contact")
    assert may_contact(opportunity.customer, "letter", Purpose.SALES, timezone.localdate()).rule == "block"


def test_two_people_cannot_answer_the_same_reason(anna, bernd):
    opportunity = make_suggestion()
    same = Opportunity.objects.visible_to(bernd).get(pk=opportunity.pk)
    answer_opportunity(actor=anna, opportunity=opportunity, answer="interested")
    with pytest.raises(StateConflict):
        answer_opportunity(actor=bernd, opportunity=same, answer="lost", reason="price")


def test_undoing_makes_room_for_the_suggestion_that_comes_back(anna):
    opportunity = make_suggestion()
    activity = make_call(opportunity, anna)
    answer_opportunity(actor=anna, opportunity=opportunity, answer="lost", reason="price", activity=activity)
    newer = make_suggestion(opportunity.customer)
    undo_answers(actor=anna, activity=activity)
    assert list(Opportunity.objects.visible_to(anna).suggested()) == [opportunity]
    assert not Opportunity.objects.for_system("test").filter(pk=newer.pk).exists()
