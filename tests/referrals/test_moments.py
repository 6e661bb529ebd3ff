"""Right moments: found set-wise, suggested a few at a time, gone when they have passed; and the five questions."""

import datetime as dt

import pytest
import time_machine

from accounts.models import Absence
from customers.calls import record_call, void_call
from customers.complaints import close_complaint, move_complaint, raise_complaint
from customers.models import Customer, FollowUp
from customers.owners import assign_owner
from innendienst.base import preferences
from nps.answers import Given, take_answer
from nps.models import Response
from referrals import asking, moments, scoring, suggesting
from referrals.five_questions import Question
from referrals.models import ReferenceMoment
from referrals.preferences import ReferralsPreferences
from referrals.questions import customers_for
from referrals.tops import first_for
from tests import factories
from tests.nps.scenes import answer, make_invitation, make_wave
from tests.referrals.scenes import make_buyer, make_recommender, make_reference

TODAY = dt.date(2027, 3, 1)
"""A Monday."""
DAY = dt.timedelta(days=1)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(dt.datetime.combine(TODAY, dt.time(6), dt.UTC), tick=False):
        yield


def kinds(customer) -> list[str]:
    return list(ReferenceMoment.objects.for_system("test").filter(customer=customer).order_by("kind").values_list("kind", flat=True))


def suggested() -> list:
    return [due.customer for due in FollowUp.objects.for_system("test").open().filter(kind="reference_moment").order_by("customer")]


@pytest.mark.parametrize(
    ("days_ago", "value", "status", "is_moment"),
    [(14, 5000, "delivered", True), (60, 5000, "delivered", True), (13, 5000, "delivered", False), (61, 5000, "delivered", False),
     (30, 4999, "delivered", False), (30, 5000, "open", False)],
)  # fmt: skip
def test_a_large_delivery_is_a_moment_from_14_to_60_days_after(anna, days_ago, value, status, is_moment):
    customer = make_buyer(anna)
    factories.make_order(customer, TODAY - days_ago * DAY, (factories.make_product(), 1, value), status=status)
    assert moments.find(TODAY) == int(is_moment)
    assert moments.find(TODAY) == 0
    assert kinds(customer) == ["delivery"] * is_moment


def test_so_is_one_among_the_largest_tenth_of_his_own(anna):
    small, even = make_buyer(anna), make_buyer(anna)
    product = factories.make_product()
    for number in range(9):
        for customer in (small, even):
            factories.make_order(customer, TODAY - (100 + number) * DAY, (product, 1, 100 + number))
    factories.make_order(small, TODAY - 20 * DAY, (product, 1, 300))
    factories.make_order(even, TODAY - 20 * DAY, (product, 1, 50))
    moments.find(TODAY)
    assert (kinds(small), kinds(even)) == (["delivery"], [])


def test_a_complaint_made_good_and_an_answer_of_a_promoter_are_moments_after_a_rest(anna):
    customer = make_buyer(anna)
    complaint = raise_complaint(actor=anna, customer=customer, title="Palette")
    for state in ("resolved", "confirmed"):
        move_complaint(actor=anna, complaint=complaint, to_state=state)
    wave, silent = make_wave("Offen"), make_wave("Ohne Namen")
    type(silent).objects.filter(pk=silent.pk).update(shows_names=False)
    for number, (survey, rating) in enumerate([(wave, 9), (wave, 8), (silent, 10)]):
        Response.objects.create(wave=survey, customer=customer, rating=rating, channel="phone", answered_on=TODAY - number * DAY)
    assert moments.find(TODAY) == 0
    moments.find(TODAY + 3 * DAY)
    assert kinds(customer) == ["promoter"]
    moments.find(TODAY + 14 * DAY)
    assert kinds(customer) == ["complaint", "promoter"]


def test_only_a_customer_who_is_wholly_content_with_the_solution_is_a_moment(anna):
    partly = make_buyer(anna)
    complaint = raise_complaint(actor=anna, customer=partly, title="Palette")
    move_complaint(actor=anna, complaint=complaint, to_state="resolved")
    record_call(actor=anna, customer=partly, outcome="reached", gate_answer=None, direction="incoming", satisfied="partly")
    moments.find(TODAY + 20 * DAY)
    assert kinds(partly) == []


def test_a_complaint_that_was_opened_again_was_not_made_good(anna, carla):
    customer = make_buyer(anna)
    complaint = raise_complaint(actor=anna, customer=customer, title="Palette")
    for state in ("resolved", "confirmed", "reopened"):
        move_complaint(actor=anna, complaint=complaint, to_state=state)
    close_complaint(actor=carla, complaint=complaint, reason="Nicht zufrieden")
    moments.find(TODAY + 14 * DAY)
    assert kinds(customer) == []


def test_who_says_in_a_call_that_he_is_content_is_a_moment_and_not_in_the_same_breath_as_his_complaint(anna):
    content, settled, undone = make_buyer(anna), make_buyer(anna), make_buyer(anna)
    complaint = raise_complaint(actor=anna, customer=settled, title="Palette")
    move_complaint(actor=anna, complaint=complaint, to_state="resolved")
    for customer in (content, settled, undone):
        call = record_call(actor=anna, customer=customer, outcome="reached", gate_answer=None, direction="incoming", satisfied="yes")
    void_call(actor=anna, activity=call)
    moments.find(TODAY + DAY)
    assert [kinds(customer) for customer in (content, settled, undone)] == [["impression"], [], []]
    moments.find(TODAY + 14 * DAY)
    assert kinds(settled) == ["complaint"]


def test_a_delivery_that_was_complained_about_is_no_moment(anna):
    customer = make_buyer(anna)
    factories.make_order(customer, TODAY - 20 * DAY, (factories.make_product(), 1, 9000))
    moments.find(TODAY)
    complaint = raise_complaint(actor=anna, customer=customer, title="Motor")
    for state in ("resolved", "confirmed"):
        move_complaint(actor=anna, complaint=complaint, to_state=state)
    assert suggesting.suggest(TODAY) == 0
    assert list(customers_for(Question.COMPLETED, anna, TODAY)) == []


def test_a_promoter_is_suggested_three_working_days_after_his_answer_and_not_once_he_thinks_otherwise(anna):
    """Monday's answer is good for Thursday; the next one is taken back before, the third after it was suggested."""
    wave = make_wave("Läuft", state="open", day=TODAY)
    asked = [make_invitation(wave, make_buyer(anna, name)) for name in ("Bleibt", "Ändert", "Spät")]
    for invitation in asked:
        take_answer(invitation, Given(10))
    assert ReferenceMoment.objects.for_system("test").filter(opens_on=TODAY + 3 * DAY).count() == 3
    take_answer(asked[1], Given(6))
    assert [suggesting.suggest(TODAY + number * DAY) for number in range(4)] == [0, 0, 0, 2]
    take_answer(asked[2], Given(8))
    assert suggested() == [asked[0].customer]
    Response.objects.for_system("test").filter(customer=asked[0].customer).update(rating=5)  # by whatever way
    moments.find(TODAY + 4 * DAY)
    assert suggested() == []


def test_the_night_keeps_the_points_of_all_references_up_to_date(anna, django_assert_num_queries):
    rated = {"open_minded": 3, "well_disposed": 2, "well_connected": 3}
    praised, steady, unrated = make_reference(anna, **rated), make_reference(anna, **rated), make_reference(anna)
    assert (scoring.refresh_points(TODAY), scoring.refresh_points(TODAY)) == (2, 0)
    Response.objects.create(wave=make_wave("Neu"), customer=praised.customer, rating=9, channel="phone", answered_on=TODAY)
    assert scoring.refresh_points(TODAY) == 1
    with django_assert_num_queries(7):  # two ranges are looked for, the standings of one take five
        scoring.refresh_points(TODAY)
    for reference in (praised, steady, unrated):
        reference.refresh_from_db()
    assert [one.suitability for one in (praised, steady, unrated)] == [75, 68, None]


def test_a_person_gets_a_few_suggestions_the_best_ones_and_each_customer_once(anna, dieter):
    preferences.put(ReferralsPreferences, by=dieter, moments_most=2)
    product = factories.make_product()
    large, middle, small, blocked, asked, content = (
        make_buyer(anna, name) for name in ("Groß", "Mittel", "Klein", "Beschwerde", "Gefragt", "Zufrieden")
    )
    for customer, value in ((large, 9000), (middle, 7000), (small, 6000), (blocked, 20_000), (asked, 20_000)):
        factories.make_order(customer, TODAY - 20 * DAY, (product, 1, value))
    raise_complaint(actor=anna, customer=blocked, title="Motor")
    make_reference(anna, "thinking", customer=asked)
    moments.mark_impression(actor=anna, customer=content, today=TODAY)
    moments.find(TODAY)
    assert (suggesting.suggest(TODAY), suggesting.suggest(TODAY)) == (2, 0)
    assert suggested() == [large, content]
    asking.ask(actor=anna, reference=make_reference(anna, "qualified", customer=large))
    assert suggested() == [content]
    assert suggesting.suggest(TODAY + DAY) == 1
    assert suggested() == [middle, content]


def test_what_has_passed_leaves_the_list(anna):
    moments.mark_impression(actor=anna, customer=make_buyer(anna), today=TODAY)
    suggesting.suggest(TODAY)
    assert len(suggested()) == 1
    suggesting.suggest(TODAY + 61 * DAY)
    assert suggested() == []


def test_the_five_questions_name_those_they_ask_for(anna, bernd):
    regular = make_buyer(anna, "Stamm")
    make_buyer(anna, "Selten", facts={"orders_12m_count": 2})
    complaining = make_buyer(anna, "Ärger", facts={"open_complaints_count": 1})
    delivered, good = make_buyer(anna, "Projekt", facts={"orders_12m_count": 1}), make_buyer(anna, "Gut", facts={"orders_12m_count": 1})
    factories.make_order(delivered, TODAY - 20 * DAY, (factories.make_product(), 1, 8000))
    complaint = raise_complaint(actor=anna, customer=good, title="Palette")
    for state in ("resolved", "confirmed"):
        move_complaint(actor=anna, complaint=complaint, to_state=state)
    moments.find(TODAY + 14 * DAY)
    promoter = make_buyer(anna, "Fan", facts={"orders_12m_count": 1})
    answer(make_wave("Offen"), promoter, 10, answered_on=TODAY - DAY)
    recommender = make_recommender(anna)

    def named(question: str, user=anna) -> list[str]:
        return sorted(customer.name for customer in customers_for(question, user, TODAY + 14 * DAY))

    assert named(Question.REGULAR) == sorted([regular.name, recommender.customer.name])
    assert named(Question.COMPLETED) == [delivered.name]
    assert named(Question.MADE_GOOD) == [good.name]
    assert (named(Question.RECOMMEND), named(Question.RECOMMEND, bernd)) == ([promoter.name], [])
    assert named(Question.NAME) == [recommender.customer.name]
    assert complaining.name not in named(Question.REGULAR)


def test_a_list_begins_with_the_latest_word_then_with_the_best_rated_and_its_top_is_found_apart(anna, bernd, carla):
    """The prepared queries and the list itself agree on who comes when, for whoever may know answers and whoever may not."""
    early, late, both, rated, unsure, foreign = (
        make_buyer(owner, name, facts={"revenue_12m": revenue})
        for owner, name, revenue in (
            (anna, "Früh", 1), (anna, "Spät", 2), (anna, "Zweimal", 3), (anna, "Bewertet", 4), (anna, "Halb", 5), (bernd, "Fremd", 6),
        )
    )  # fmt: skip
    wave, silent = make_wave("Offen"), make_wave("Verdeckt", shows_names=False)
    for survey, customer, rating, days in (
        (wave, early, 9, 40), (wave, late, 10, 5), (wave, both, 9, 50), (wave, both, 10, 20), (wave, foreign, 10, 5),
        (silent, rated, 10, 1), (wave, unsure, 8, 1), (wave, unsure, 9, 400),
    ):  # fmt: skip
        answer(survey, customer, rating, answered_on=TODAY - days * DAY)
    for customer, points in ((both, 90), (rated, 70), (unsure, None), (foreign, 80)):
        potential = points and 100 - points
        make_reference(anna, customer=customer, well_disposed=3, well_connected=2, suitability=points, referral_potential=potential)
    recommender = make_recommender(anna).customer
    wanted = {
        (Question.RECOMMEND, carla): [foreign, late, both, early, rated, unsure],
        (Question.RECOMMEND, anna): [late, both, early, foreign, rated, unsure],
        (Question.RECOMMEND, bernd): [foreign, both, rated, unsure],
        (Question.NAME, anna): [recommender, rated, foreign, both, unsure],
        (Question.REGULAR, anna): [recommender, foreign, unsure, rated, both, late, early],
    }
    for (question, user), expected in wanted.items():
        assert list(customers_for(question, user, TODAY)) == expected, (question, user)
        assert first_for(question, user, TODAY) == [one.pk for one in expected], (question, user)


def test_who_gets_a_new_owner_is_at_once_in_the_new_ones_list(anna, bernd, carla):
    """Who could recommend us is told to whoever looks after him: as owner, in the field, or in somebody's place."""
    fans = [make_buyer(anna, name) for name in ("Geht", "Bleibt", "Gesperrt")]
    for fan in fans:
        answer(make_wave(fan.name), fan, 10, answered_on=TODAY - DAY)
    assign_owner(actor=carla, customer_ids=[fans[0].pk], owner=bernd)
    visitor = factories.make_user("frank", role="field_sales")
    Customer.objects.for_system("test").filter(pk=fans[1].pk).update(field_owner=visitor)
    Customer.objects.for_system("test").filter(pk=fans[2].pk).update(delivery_block=True)
    for user, expected in ((bernd, fans[:1]), (anna, fans[1:2]), (visitor, fans[1:2]), (carla, [fans[1], fans[0]])):
        assert list(customers_for(Question.RECOMMEND, user, TODAY)) == expected, user
        assert first_for(Question.RECOMMEND, user, TODAY) == [fan.pk for fan in expected], user
    Absence.objects.create(user=anna, deputy=bernd, from_on=TODAY, until_on=TODAY)
    assert first_for(Question.RECOMMEND, bernd, TODAY) == [fans[1].pk, fans[0].pk]
