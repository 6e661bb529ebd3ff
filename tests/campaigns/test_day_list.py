"""The day's list: who stands on it, in which order, and for whom alone."""

import datetime as dt
import threading
from collections import Counter

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction

from accounts.models import Role
from campaigns import day_list
from campaigns.models import CallListRow, DayListRow
from customers.follow_ups import finish, plan_follow_up
from customers.models import Activity, FollowUp
from customers.preferences import CustomersPreferences, Visibility
from innendienst.base import preferences
from innendienst.lib.dates import instant
from tests.factories import make_absence, make_customer, make_user

TODAY = dt.date(2026, 11, 24)

pytestmark = pytest.mark.django_db


def make_callable(owner=None, rank=10, callable_from=TODAY, **fields):
    customer = make_customer(owner=owner, **fields)
    CallListRow.objects.create(customer=customer, owner=owner, rank_value=rank, kinds=[["reorder", 1, rank]], callable_from=callable_from)
    return customer


def listed(user, **filters):
    rows = DayListRow.objects.visible_to(user).of(user, TODAY).filter(**filters).select_related("customer")
    return [row.customer for row in rows]


def state_of(user, customer):
    return DayListRow.objects.for_system("test").get(user=user, customer=customer, day=TODAY).state


def called(user, customer, at=dt.time(10)) -> Activity:
    """A call as it is saved, with what it does to the lists."""
    call = Activity.objects.create(customer=customer, by=user, at=instant(TODAY, at), outcome="reached")
    day_list.close(call)
    return call


def undo(call) -> None:
    call.voided_at = call.at
    call.save()
    day_list.take_back(call)


def test_agreed_times_come_first_then_the_oldest_follow_up_then_the_best_reasons(anna):
    small, big = make_callable(anna, 10), make_callable(anna, 90)
    later, early, overdue = make_customer(), make_customer(), make_customer()
    plan_follow_up(actor=anna, customer=later, due_on=TODAY, due_time=dt.time(15))
    plan_follow_up(actor=anna, customer=overdue, due_on=dt.date(2026, 11, 9))
    plan_follow_up(actor=anna, customer=early, due_on=TODAY, due_time=dt.time(9))
    day_list.draw(anna, TODAY)
    assert listed(anna) == [early, later, overdue, big, small]


def test_the_list_is_as_long_as_the_person_likes_but_holds_every_follow_up(anna):
    anna.daily_list_length = 2
    for rank in (1, 2, 3):
        make_callable(anna, rank)
    day_list.draw(anna, TODAY)
    assert len(listed(anna)) == 2
    other = make_user(daily_list_length=1)
    for _ in range(3):
        plan_follow_up(actor=other, customer=make_customer(), due_on=TODAY)
    day_list.draw(other, TODAY)
    assert len(listed(other)) == 3


def test_drawn_twice_the_list_stays_as_it_was(anna):
    first = make_callable(anna, 10)
    day_list.draw(anna, TODAY)
    make_callable(anna, 99)
    day_list.draw(anna, TODAY)
    assert listed(anna) == [first]


def test_a_colleagues_customer_is_his_alone_until_he_is_absent(anna, bernd):
    customer = make_callable(bernd)
    day_list.draw(anna, TODAY)
    assert listed(anna) == []
    make_absence(bernd, anna, TODAY, TODAY)
    day_list.draw(anna, TODAY)
    assert listed(anna) == [customer]


def test_an_unassigned_customer_is_drawn_by_one_person_a_day(anna, bernd):
    pool = {make_callable(rank=rank) for rank in (10, 20, 30)}
    anna.daily_list_length = 2
    day_list.draw(anna, TODAY)
    day_list.draw(bernd, TODAY)
    assert len(listed(anna)) == 2
    assert set(listed(anna)) | set(listed(bernd)) == pool
    assert not set(listed(anna)) & set(listed(bernd))


def test_own_and_pool_customers_stand_in_the_order_of_their_rank(anna):
    third, first, second = make_callable(anna, 10), make_callable(anna, 90), make_callable(None, 50)
    day_list.draw(anna, TODAY)
    assert listed(anna) == [first, second, third]


def test_whoever_may_not_be_called_yet_is_left_out(anna):
    make_callable(anna, callable_from=TODAY + dt.timedelta(days=1))
    day_list.draw(anna, TODAY)
    assert listed(anna) == []


def test_what_falls_due_during_the_day_comes_on_top_as_new(anna):
    first = make_callable(anna)
    day_list.draw(anna, TODAY)
    urgent = make_customer()
    plan_follow_up(actor=anna, customer=urgent, due_on=TODAY, due_time=dt.time(16))
    day_list.catch_up(anna, TODAY)
    day_list.catch_up(anna, TODAY)
    assert listed(anna) == [urgent, first]
    assert listed(anna, is_new=True) == [urgent]


def test_a_call_back_agreed_for_later_today_opens_the_row_again(anna):
    customer = make_callable(anna)
    day_list.draw(anna, TODAY)
    called(anna, customer)
    assert listed(anna, state="done") == [customer]
    plan_follow_up(actor=anna, customer=customer, due_on=TODAY, due_time=dt.time(16))
    day_list.catch_up(anna, TODAY)
    assert listed(anna, state="open") == [customer]


def test_not_today_leaves_the_list_and_adding_brings_it_back_on_top(anna):
    customer, chosen = make_callable(anna), make_customer()
    day_list.draw(anna, TODAY)
    day_list.not_today(anna, TODAY, customer)
    assert listed(anna, state="open") == []
    day_list.add(anna, TODAY, chosen)
    day_list.add(anna, TODAY, customer)
    assert listed(anna, state="open") == [chosen, customer]


def test_reading_costs_as_many_queries_for_three_customers_as_for_thirty(anna, bernd, django_assert_num_queries):
    for _ in range(3):
        make_callable(anna)
    for _ in range(30):
        make_callable(bernd)
    anna.daily_list_length, bernd.daily_list_length = 3, 30
    preferences.get(CustomersPreferences)
    with django_assert_num_queries(20, exact=False) as few:
        day_list.draw(anna, TODAY)
    with django_assert_num_queries(20, exact=False) as many:
        day_list.draw(bernd, TODAY)
    assert len(many) == len(few)


def test_adding_before_the_first_look_draws_the_list_all_the_same(anna):
    best, chosen = make_callable(anna), make_customer()
    day_list.add(anna, TODAY, chosen)
    assert listed(anna) == [chosen, best]


def test_adding_needs_the_right_to_work_a_list():
    outsider = make_user(role=Role.FIELD_SALES)
    with pytest.raises(PermissionDenied):
        day_list.add(outsider, TODAY, make_customer())


def test_whom_somebody_has_planned_is_not_proposed_to_others(anna, bernd):
    for due_on in (TODAY, TODAY + dt.timedelta(days=7)):
        plan_follow_up(actor=bernd, customer=make_callable(anna, 90), due_on=due_on)
    free = make_callable(anna, 10)
    day_list.draw(anna, TODAY)
    assert listed(anna) == [free]


def test_a_finished_follow_up_makes_room_for_proposals_again(anna, bernd):
    customer = make_callable(anna)
    finish(actor=bernd, follow_up=plan_follow_up(actor=bernd, customer=customer, due_on=TODAY))
    day_list.draw(anna, TODAY)
    assert listed(anna) == [customer]


def test_whom_a_colleague_has_just_called_leaves_the_list_but_a_promise_stays(anna, bernd):
    proposed, promised = make_callable(anna), make_callable(anna)
    plan_follow_up(actor=anna, customer=promised, due_on=TODAY)
    day_list.draw(anna, TODAY)
    called(bernd, proposed)
    called(bernd, promised)
    assert listed(anna, state="open") == [promised]
    assert listed(anna, state="done") == []


def test_one_number_under_two_customer_numbers_is_one_row(anna, bernd):
    best, twin = (make_callable(anna, rank, phone="030 23125-7") for rank in (90, 80))
    other, nameless, silent = make_callable(anna, 70), make_callable(anna, 60, phone=""), make_callable(anna, 50, phone="")
    pool, colleagues = make_callable(None, 40, phone="030 23125-7"), make_callable(bernd, 95, phone="030 23125-7")
    day_list.draw(anna, TODAY)
    assert listed(anna) == [best, other, nameless, silent]
    assert twin not in listed(anna)
    day_list.draw(bernd, TODAY)
    assert listed(bernd) == []
    day_list.not_today(anna, TODAY, best)
    day_list.draw(bernd, TODAY)
    assert listed(bernd) == [colleagues]
    day_list.reopen(anna, TODAY, best)
    call = called(anna, best)
    assert (state_of(anna, best), state_of(bernd, colleagues), state_of(anna, other)) == ("done", "not_today", "open")
    undo(call)
    assert (state_of(anna, best), state_of(bernd, colleagues)) == ("open", "open")
    assert pool not in listed(bernd)


def test_an_undone_call_gives_nobody_back_whom_another_call_to_his_number_took_off(anna, bernd):
    first, second = (make_callable(anna, rank, phone="030 23125-7") for rank in (90, 80))
    third = make_callable(bernd, 70, phone="030 23125-7")
    day_list.draw(bernd, TODAY)
    called(anna, first, dt.time(9))
    undo(called(anna, second, dt.time(10)))
    assert state_of(bernd, third) == "not_today"


def test_a_call_to_a_customer_without_a_number_takes_no_other_without_one_off_a_list(anna, bernd):
    called_one, own, colleagues = (make_callable(owner, phone="") for owner in (anna, anna, bernd))
    for person in (anna, bernd):
        day_list.draw(person, TODAY)
    called(anna, called_one)
    assert (state_of(anna, called_one), state_of(anna, own), state_of(bernd, colleagues)) == ("done", "open", "open")


def test_the_list_is_filled_though_the_best_share_a_number(anna):
    anna.daily_list_length = 3
    anna.save()
    best, *_twins = (make_callable(anna, rank, phone="030 23125-7") for rank in (90, 89, 88))
    others = [make_callable(anna, rank) for rank in (70, 60, 50)]
    day_list.draw(anna, TODAY)
    assert listed(anna) == [best, *others[:2]]


def test_an_undone_call_leaves_every_list_as_it_was(anna, bernd):
    worked, colleagues, put_off = make_callable(anna), make_callable(anna), make_callable(anna)
    fresh = make_callable(anna, callable_from=TODAY + dt.timedelta(days=1))
    day_list.draw(anna, TODAY)
    plan_follow_up(actor=anna, customer=fresh, due_on=TODAY)
    day_list.catch_up(anna, TODAY)
    day_list.not_today(anna, TODAY, put_off)
    before = list(DayListRow.objects.for_system("test").order_by("pk").values())
    calls = [called(anna, worked), called(bernd, colleagues), called(anna, put_off), called(anna, fresh)]
    assert [state_of(anna, customer) for customer in (worked, colleagues, put_off, fresh)] == ["done", "not_today", "done", "done"]
    for call in calls:
        undo(call)
    assert list(DayListRow.objects.for_system("test").order_by("pk").values()) == before


@pytest.mark.parametrize("is_first_undone", [True, False])
def test_of_two_calls_the_one_that_stands_keeps_the_row_closed(anna, bernd, is_first_undone):
    own, colleagues = make_callable(anna), make_callable(anna)
    day_list.draw(anna, TODAY)
    for first, second, customer, closed in ((anna, anna, own, "done"), (bernd, make_user(), colleagues, "not_today")):
        calls = [called(first, customer), called(second, customer, dt.time(10, 1))]
        undo(calls.pop(0 if is_first_undone else 1))
        assert state_of(anna, customer) == closed
        undo(calls.pop())
        assert state_of(anna, customer) == "open"


def test_what_somebody_says_of_his_row_after_a_call_outlives_its_undo(anna):
    added, put_off = make_callable(anna), make_callable(anna)
    day_list.draw(anna, TODAY)
    day_list.not_today(anna, TODAY, added)
    calls = [called(anna, added), called(anna, put_off)]
    day_list.add(anna, TODAY, added)
    day_list.not_today(anna, TODAY, put_off)
    for call in calls:
        undo(call)
    assert (state_of(anna, added), state_of(anna, put_off)) == ("open", "not_today")


def test_undoing_another_act_reopens_nobody_who_was_spoken_to(anna):
    put_off, spoken_to = make_callable(anna), make_callable(anna)
    day_list.draw(anna, TODAY)
    for customer in (put_off, spoken_to):
        day_list.not_today(anna, TODAY, customer)
    called(anna, spoken_to)
    for customer in (put_off, spoken_to):
        day_list.reopen(anna, TODAY, customer)
    assert (state_of(anna, put_off), state_of(anna, spoken_to)) == ("open", "done")


@pytest.mark.parametrize("state", ["open", "done"])
def test_an_unassigned_customer_whom_somebody_took_by_hand_is_left_to_him(anna, bernd, state):
    taken, free = make_callable(rank=90), make_callable(rank=10)
    bernd.daily_list_length = 0
    day_list.add(bernd, TODAY, taken)
    if state == "done":
        called(bernd, taken)
    assert state_of(bernd, taken) == state
    day_list.draw(anna, TODAY)
    assert listed(anna) == [free]


def test_an_unassigned_customer_who_was_put_back_by_hand_is_free_again(anna, bernd):
    customer = make_callable()
    bernd.daily_list_length = 0
    day_list.add(bernd, TODAY, customer)
    day_list.not_today(bernd, TODAY, customer)
    day_list.draw(anna, TODAY)
    assert listed(anna) == [customer]


def test_whoever_is_absent_leaves_the_pool_to_the_others(anna, bernd):
    own, pool = make_callable(anna), make_callable()
    make_absence(anna, bernd, TODAY, TODAY)
    for person in (anna, bernd):
        day_list.draw(person, TODAY)
    assert (listed(anna), set(listed(bernd))) == ([own], {own, pool})


def test_own_absentees_and_pool_customers_stand_in_one_order(anna, bernd):
    make_absence(bernd, anna, TODAY, TODAY)
    ranked = [make_callable(owner, rank) for rank, owner in ((90, anna), (80, bernd), (70, None), (60, bernd), (50, anna), (40, None))]
    anna.daily_list_length = 5
    day_list.draw(anna, TODAY)
    assert listed(anna) == ranked[:5]


def test_the_teams_pool_of_follow_ups_is_everybodys_in_the_team(anna, bernd):
    customer = make_customer()
    FollowUp.objects.create(customer=customer, team=anna.team, due_on=TODAY)
    for person in (anna, bernd):
        day_list.draw(person, TODAY)
    assert (listed(anna), listed(bernd)) == ([customer], [])


@pytest.mark.parametrize("visibility", [Visibility.TEAM, Visibility.OWN])
def test_only_visible_customers_are_drawn(anna, bernd, dieter, visibility):
    own, unassigned, teams = make_callable(anna, 10), make_callable(None, 90), make_callable(bernd, 50)
    make_callable(bernd, 70)
    FollowUp.objects.create(customer=teams, team=anna.team, due_on=TODAY)
    FollowUp.objects.create(customer=make_customer(owner=bernd), team=bernd.team, due_on=TODAY)
    preferences.put(CustomersPreferences, by=dieter, visibility=visibility)
    day_list.draw(anna, TODAY)
    assert listed(anna) == [teams, unassigned, own]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="the plan is PostgreSQL's")
@pytest.mark.parametrize("is_pool", [True, False])
def test_the_best_are_read_in_the_order_of_the_index_and_no_more_than_asked_for(anna, is_pool):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_sort = off")
    plan = day_list._best_of(None if is_pool else anna.pk, "other", anna, TODAY)[:15].explain()
    assert plan.splitlines()[1].strip().startswith("->  Incremental Sort")
    assert "Presorted Key" in plan


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one writer in at a time")
def test_people_and_processes_drawing_at_once_share_the_pool_without_a_quarrel():
    people = [make_user(daily_list_length=10) for _ in range(4)]
    pool = {make_callable(rank=rank).pk for rank in range(30)}
    starting = threading.Barrier(8)

    def draw(person) -> None:
        starting.wait()
        day_list.draw(person, TODAY)
        connection.close()

    threads = [threading.Thread(target=draw, args=(person,)) for person in people * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    drawn = list(DayListRow.objects.for_system("test").values_list("user", "customer"))
    assert sorted(customer for _user, customer in drawn) == sorted(pool)
    assert max(Counter(user for user, _customer in drawn).values()) == 10


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one writer in at a time")
def test_two_calls_to_one_number_at_once_keep_what_the_list_was_before_either():
    owner, first_caller, second_caller = (make_user() for _ in range(3))
    first, second, third = (make_callable(person, phone="030 23125-7") for person in (first_caller, second_caller, owner))
    day_list.draw(owner, TODAY)
    calls = []

    def call_meanwhile() -> None:
        calls.append(called(second_caller, second, dt.time(10)))
        connection.close()

    meanwhile = threading.Thread(target=call_meanwhile)
    with transaction.atomic():
        calls.append(called(first_caller, first, dt.time(9)))
        meanwhile.start()
        meanwhile.join(0.3)
        assert meanwhile.is_alive()
    meanwhile.join(10)
    assert state_of(owner, third) == "not_today"
    for call in reversed(calls):
        undo(call)
    assert state_of(owner, third) == "open"
